"""The native library that scores branching must survive the threads that rules run in."""

import subprocess
import sys

_SCORE_IN_TWO_THREADS = """
from threading import Thread
from dodcheck.change import TreeSnapshot
from dodcheck.facts.code.functions import Functions
from dodcheck.facts.code.modules import Modules
from dodcheck.facts.comments.sites import branching
from dodcheck.testing import NoSyntaxReader

LINES = ["def f(x):", *("  " * n + f"if x > {n}:" for n in range(1, 7)), "  " * 7 + "x()"]
snapshot = TreeSnapshot("head", {"a.py": "\\n".join(LINES)})
functions = Functions(Modules(snapshot, NoSyntaxReader())).at("a.py")
for _ in range(2):
    thread = Thread(target=lambda: print(branching(functions[0]).text))
    thread.start()
    thread.join()
"""


def test_a_second_thread_scores_what_the_first_did() -> None:
    ran = subprocess.run([sys.executable, "-c", _SCORE_IN_TWO_THREADS], capture_output=True, text=True, check=False)
    assert (ran.returncode, ran.stdout.split()) == (0, ["21", "21"])
