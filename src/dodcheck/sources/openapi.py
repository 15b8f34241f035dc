"""OpenAPI documents as the project's own application generates them, in a child process."""

import os

from dodcheck.change import Side
from dodcheck.errors import ToolError
from dodcheck.run import Ran
from dodcheck.sources.environment import Interpreter
from dodcheck.sources.process import Child, run_child
from dodcheck.sources.workspace import Workspace

_SCRIPT = """
import importlib, json, os, sys
channel = os.dup(1)
os.dup2(2, 1)  # what the application prints is no part of the answer
name, _, attribute = sys.argv[1].partition(":")
found = importlib.import_module(name)
for part in (attribute or "app").split("."):
    found = getattr(found, part)
app = found if hasattr(found, "openapi") else found()
with open(channel, "w", encoding="utf-8") as answer:
    json.dump(app.openapi(), answer, default=str)
os._exit(0)  # threads of the application do not hold the answer up
"""


class OpenApi:
    """The `SchemaGenerator` of a change. It runs code under check, in a tree of its own.

    Args:
        space: The change, and where to write.
        python: The project's interpreter.
        runs: Where each run is noted.
    """

    def __init__(self, space: Workspace, python: Interpreter, runs: list[Ran]) -> None:
        self._space = space
        self._python = python
        self._runs = runs

    def schema(self, side: Side, app: str) -> Ran:
        """See `SchemaGenerator.schema`."""
        folder = self._space.trees.whole(side, "openapi")
        inherited = [one for one in os.environ.get("PYTHONPATH", "").split(os.pathsep) if one]
        ran = run_child(
            Child(
                name="openapi",
                command=[self._python.path, "-c", _SCRIPT, app],
                shown=["python", "-c", "…", app],
                cwd=folder,
                side=side,
                limit=self._space.limit,
                version=self._python.version,
                note=f"the application's own OpenAPI document, under {self._python.found}",
                box=self._space.box(folder, programs=(self._python.path,)),
                environ={"PYTHONPATH": os.pathsep.join([str(folder), str(folder / "src"), *inherited])},
            )
        )
        self._runs.append(ran)
        if ran.timed_out:
            raise ToolError(f"{app} took too long ({self._space.limit:.0f} s)", "raise `timeout` in [tool.dodcheck]")
        return ran
