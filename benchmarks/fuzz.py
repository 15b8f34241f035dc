"""Fuzz the reader of definitions, or what is read from Python, with atheris (`pip install atheris`; coverage-guided).

python benchmarks/fuzz.py definition|python [--seconds 600] [--keep FOLDER]

Seeds are the tests' definitions and README for the first, the rules' own cases and modules of the standard library
for the second; lines and words of one seed are mixed into others.  A text must be read, or be refused with an error of
ours, in 5 s of processor time; for Python every fast rule judges the change from one text to another, and none may
crash.  What does otherwise is told once for each place that it comes from, kept beside the corpus, and ends with
exit status 1.  Hangs, crashes of the interpreter and 4 GiB of memory end libFuzzer itself.
"""

import argparse
import contextlib
import importlib
import json
import os
import random
import sys
import tempfile
import traceback
from collections.abc import Callable, Iterable, Iterator, Sequence
from pathlib import Path
from time import monotonic, process_time
from typing import Any, NoReturn

atheris: Any = importlib.import_module("atheris")  # no dependency of ours, so that mypy does not know it
with atheris.instrument_imports(include=["dodcheck"], enable_loader_override=False):
    from dodcheck.binding import bind
    from dodcheck.engine import is_fast
    from dodcheck.errors import DodcheckError
    from dodcheck.reading import read
    from dodcheck.registry import load
    from dodcheck.rule import Case
    from dodcheck.testing import facts_of
    from dodcheck.verdict import Status

    RULES = load()
    FAST = [one for one in RULES.values() if is_fast(one.check)]

ROOT = Path(__file__).parent.parent
PATIENCE = 5.0  # seconds of processor time, instrumented; the largest seed takes less than a tenth
LARGEST = 12_000  # bytes of an input
SPLIT = "\n# ---- head ----\n"  # between the texts of both sides
WORDS = {
    "definition": (
        "- [ ] |- [x] |* |+ |1. |# |## Definition of Done|## Output Report|<!-- dodcheck: |-->|```|> || --- |"
        "    |\t|\ufeff|\u00a0|☐ |**|__|~~|---\nname: |\r|\x00|: |[a](#b)|<b>|&nbsp;|\\|\x0c"
    ),
    "python": (
        "async |await |lambda: |yield |def f(|class A(|@|*args|**|:=|->|: int|match |case _:|try:|except*|with |import "
        "|from . import |global |nonlocal |f'{x!r:>{y}}'|\\|\x0c|\r|\t|# noqa|# type: ignore|...|if |else|for "
        "|\ufeff|pass|None|[|]|(|)|{|}|0x|1e999|'''|del |assert |return |raise |type X = int"
    ),
}


class Findings:
    """What was wrong, once for each place that it comes from.

    Args:
        folder: Where the inputs are kept.
    """

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.executions = 0
        self.known: dict[str, str] = {}

    def note(self, key: str, told: str, data: bytes) -> None:
        """Keep one unless its like is known."""
        if key not in self.known:
            self.known[key] = told
            name = f"finding-{len(self.known)}"
            (self.folder / name).write_bytes(data)
            print(f"{name}: {told}", file=sys.stderr, flush=True)


def definition(text: str) -> None:
    """Read a text as a definition and bind its items."""
    with contextlib.suppress(DodcheckError):
        found = read(text, "DOD.md")
        lines = text.replace("\r\n", "\n").replace("\r", "\n").count("\n") + 1
        assert len({one.id for one in found.items}) == len(found.items), "ids are not unique"  # noqa: S101 - the oracle
        assert all(1 <= one.line <= lines for one in found.items), "a line is outside"  # noqa: S101 - the oracle
        bind(found.items, RULES)


def python(text: str) -> None:
    """Judge the change from one text to another by every fast rule."""
    before, _, after = text.rpartition(SPLIT)
    case = Case("fuzz", Status.PASS, {"src/app.py": before} if before else {}, {"src/app.py": after})
    facts = facts_of(case)
    for one in FAST:
        with contextlib.suppress(DodcheckError):
            one.check(**facts.arguments(one.check, given=one.options()))


def seeds(target: str) -> Iterator[str]:
    """Yield the texts to begin with."""
    if target == "definition":
        files = [*(ROOT / "tests" / "definitions").glob("*.md"), ROOT / "README.md"]
        files += [*ROOT.glob("templates/*.md"), *ROOT.glob("examples/**/*.md")]
        yield from (file.read_text(encoding="utf-8") for file in files)
        return
    for one in FAST:
        for case in one.cases:
            changed = [path for path in case.after if path.endswith(".py")]
            yield from (SPLIT.join([case.before.get(path, ""), case.after[path]]) for path in changed)
    for file in sorted(Path(json.__file__).parent.parent.glob("[a-z]*.py"))[::4]:
        text = file.read_text(encoding="utf-8", errors="replace")
        yield SPLIT.join([text[:3_000].rpartition("\n")[0], text[:6_000].rpartition("\n")[0]])


def mixed(data: bytes, most: int, seed: int, lines: Sequence[str], words: Sequence[str]) -> bytes:
    """Return another text: a line or a word put in, taken out, doubled or moved."""
    chosen = random.Random(seed)  # noqa: S311 - no secret
    text = data.decode("utf-8", "replace").split("\n")
    for _ in range(chosen.choice((1, 1, 2, 4))):
        at = chosen.randrange(len(text))
        line = text[at]
        place = chosen.randint(0, len(line))
        match chosen.randrange(6):
            case 0:
                text.insert(at, chosen.choice(lines))
            case 1:
                text[at] = line[:place] + chosen.choice(words) + line[place:]
            case 2:
                text[at : at + chosen.randint(1, 3)] = [""]
            case 3:
                text.insert(chosen.randrange(len(text)), line)
            case 4:
                indent = chosen.choice(("", "    ", "        ", "\t"))
                text[at] = indent + chosen.choice(lines).lstrip()
            case _:
                text[at] = line[:place] + line[chosen.randint(0, len(line)) :]
    return "\n".join(text).encode("utf-8", "surrogatepass")[:most]


def tried(check: Callable[[str], None], data: bytes, findings: Findings) -> None:
    """Try one input."""
    findings.executions += 1
    began = process_time()
    try:
        check(data.decode("utf-8", "replace"))
    except Exception as error:  # noqa: BLE001 - each is a finding
        frames = traceback.extract_tb(error.__traceback__)
        place = next(one for one in reversed(frames) if one.filename.startswith(str(ROOT)))
        key = f"{type(error).__name__} at {Path(place.filename).name}:{place.lineno}"
        findings.note(key, f"{key}: {str(error)[:200]}", data)
    took = process_time() - began
    if took > PATIENCE:
        findings.note("slow", f"slow: {took:.1f} s for {len(data)} bytes", data)


def fuzz(target: str, seconds: int, folder: Path) -> NoReturn:
    """Run until the time is over; libFuzzer ends the process."""
    corpus = folder / "corpus"
    corpus.mkdir(parents=True, exist_ok=True)
    texts = list(seeds(target))
    for number, text in enumerate(texts):
        (corpus / f"seed-{number}").write_bytes(text.encode("utf-8", "replace")[:LARGEST])
    lines, words = _parts(texts), WORDS[target].split("|")
    findings = Findings(folder)
    check = {"definition": definition, "python": python}[target]
    until = monotonic() + seconds

    def one(data: bytes) -> None:
        tried(check, data, findings)
        if monotonic() > until:
            _end(target, findings)

    def mutator(data: bytes, most: int, seed: int) -> bytes:
        if seed % 4 == 0:
            return bytes(atheris.Mutate(data, most))
        return mixed(data, most, seed, lines, words)

    asked = [sys.argv[0], str(corpus), f"-max_len={LARGEST}", "-timeout=120", "-rss_limit_mb=4096"]
    asked += [f"-artifact_prefix={folder}/", "-print_final_stats=1"]
    atheris.Setup(asked, one, custom_mutator=mutator)
    atheris.Fuzz()
    raise SystemExit(2)


def _parts(texts: Iterable[str]) -> list[str]:
    return sorted({line for text in texts for line in text.split("\n") if line.strip()})


def _end(target: str, findings: Findings) -> NoReturn:
    print(f"{target}: {findings.executions:,} texts, {len(findings.known)} findings", flush=True)
    os._exit(1 if findings.known else 0)  # libFuzzer takes any other end for a crash


def main() -> None:
    """Read the command line and fuzz."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("target", choices=WORDS)
    parser.add_argument("--seconds", type=int, default=600)
    parser.add_argument("--keep", type=Path, help="the corpus and what was found; it is gone on with")
    asked = parser.parse_args()
    fuzz(asked.target, asked.seconds, asked.keep or Path(tempfile.mkdtemp(prefix="fuzz-")))


if __name__ == "__main__":
    main()
