"""Build the example repository: two commits of a small machine-learning project.

python examples/build.py TARGET
"""

import shutil
import subprocess
import sys
from pathlib import Path

HERE = Path(__file__).parent
DEFINITION = HERE.parent / "templates" / "definition.md"
AUTHOR = ["-c", "user.name=dodcheck", "-c", "user.email=dodcheck@example.org", "-c", "commit.gpgsign=false"]


def build(target: Path) -> None:
    """Write both commits; a repository that is there already is replaced.

    Args:
        target: The folder to make; it must be missing, empty, or an earlier example.

    Raises:
        SystemExit: The folder holds something else.
    """
    if target.exists() and any(target.iterdir()):
        if not (target / "churn" / "model.py").exists():
            raise SystemExit(f"{target}: not empty, and no earlier example; name another folder")
        shutil.rmtree(target)
    agent = target / ".claude" / "agents" / "dev-ml.md"
    agent.parent.mkdir(parents=True)
    shutil.copyfile(DEFINITION, agent)
    _git(target, "init", "--quiet", "--initial-branch=main")
    _commit(target, "base", "Predict which customers leave")
    _git(target, "switch", "--quiet", "--create", "serving")
    _commit(target, "head", "Add weight decay, and serve the newest model")
    shutil.copyfile(HERE / "churn" / "handoff.md", target.parent / "handoff.md")


def _commit(target: Path, side: str, message: str) -> None:
    shutil.copytree(
        HERE / "churn" / side, target, dirs_exist_ok=True, ignore=shutil.ignore_patterns("__pycache__", ".*_cache")
    )
    _git(target, "add", "--all")
    _git(target, *AUTHOR, "commit", "--quiet", "--no-verify", "--message", message)


def _git(target: Path, *args: str) -> None:
    subprocess.run(["git", "-C", str(target), *args], check=True)


if __name__ == "__main__":
    if len(sys.argv) != 2:  # noqa: PLR2004 - the program and its one argument
        raise SystemExit(__doc__)
    build(Path(sys.argv[1]))
