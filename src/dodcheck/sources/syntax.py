"""The project's Python as a parser: one child for a whole run, started by the first file that needs it."""

import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from threading import Lock, Timer
from time import perf_counter
from typing import Any

from dodcheck.errors import ToolError
from dodcheck.run import Parsed, Ran
from dodcheck.sources.children import ended
from dodcheck.sources.process import Child, started

_SCRIPT = Path(__file__).parent.parent / "probe" / "dodcheck_syntax.py"
_LIMIT = 60.0  # seconds for one file; CPython's largest module takes 2
_NAME = "syntax"


class Syntax:
    """The `SyntaxReader` of a project.

    Args:
        root: The work tree's root.
        located: Finds the project's Python and says how it was found.
        runs: Where the child is noted once it has been of use.
    """

    def __init__(self, root: Path, located: Callable[[], tuple[str, str]], runs: list[Ran]) -> None:
        self._root = root
        self._located = located
        self._runs = runs
        self._lock = Lock()
        self._process: subprocess.Popen[bytes] | None = None
        self._refused: Parsed | None = None
        self._python = ""

    def read(self, text: str) -> Parsed:
        """See `SyntaxReader.read`."""
        with self._lock:
            if self._process is None and self._refused is None:
                self._start()
            if self._refused is not None or self._process is None:
                return self._refused or Parsed("")
            answer = self._answer(self._process, text)
        if answer is None:
            return Parsed(self._python, newer=True, problem=f"its parser crashed, or took over {_LIMIT:.0f} s")
        return Parsed(self._python, newer=True, **answer)

    def close(self) -> None:
        """End the child, if there is one."""
        process, self._process = self._process, None
        if process is None:
            return
        ended(process)
        for pipe in (process.stdin, process.stdout):
            if pipe is not None:
                pipe.close()
        process.wait()

    def _start(self) -> None:
        began = perf_counter()
        try:
            path, found = self._located()
            command = [path, "-I", "-S", str(_SCRIPT)]  # no site: nothing that the project installed runs
            shown = [Path(path).name, "-I", "-S", _SCRIPT.name]
            child = Child(_NAME, command, shown, self._root, "head", _LIMIT, brief=True)  # it ends with its input
            self._process = started(child, subprocess.PIPE)
        except ToolError as error:
            self._refused = Parsed("", problem=str(error))
            return
        version = self._line(self._process)
        self._python = f"{version or 'unknown'} ({found})"
        newer = isinstance(version, str) and tuple(map(int, version.split(".")[:2])) > sys.version_info[:2]
        if not newer:
            self.close()
            self._refused = Parsed(self._python)
            return
        running = f"Python {sys.version_info.major}.{sys.version_info.minor}, which runs dodcheck"
        note = f"the project's Python {self._python} reads files that {running}, cannot parse"
        ran = Ran(_NAME, tuple(shown), "head", seconds=perf_counter() - began, version=version, note=note)
        if not any(one.name == _NAME for one in self._runs):
            self._runs.append(ran)

    def _answer(self, process: subprocess.Popen[bytes], text: str) -> Any:  # noqa: ANN401 - what JSON holds
        import json  # noqa: PLC0415 - few runs need it

        if process.stdin is None:
            return None
        try:
            process.stdin.write(json.dumps(text).encode("ascii") + b"\n")
            process.stdin.flush()
        except OSError:
            self.close()
            return None
        return self._line(process)

    def _line(self, process: subprocess.Popen[bytes]) -> Any:  # noqa: ANN401 - what JSON holds
        """Read one line; None, with the child gone, when none comes in time."""
        import json  # noqa: PLC0415 - as above; it reads lone surrogates, which msgspec does not

        timer = Timer(_LIMIT, ended, (process,))
        timer.daemon = True
        timer.start()
        try:
            return json.loads(process.stdout.readline() if process.stdout else b"")
        except ValueError:
            self.close()
            return None
        finally:
            timer.cancel()
