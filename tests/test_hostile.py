"""No repository crashes a fast check, hangs it, runs code in it, makes it write elsewhere, or learns a secret."""

import os
import subprocess
from collections.abc import Callable
from pathlib import Path
from time import process_time

import pytest
from conftest import Repository, environment

from dodcheck.cli.output import render
from dodcheck.cli.running import watched
from dodcheck.cli.session import Asked, session
from dodcheck.errors import DodcheckError
from dodcheck.planning import Selection
from dodcheck.registry import load
from dodcheck.report import Report

FORMATS = ("json", "html", "markdown")
SECRET = "s3cr3t-token-of-nobody"  # noqa: S105 - looked for in what is written
PATIENCE = 20.0  # processor seconds; each takes less than one
DEFINITION = f"# Done\n\n## Definition of Done\n\n- [ ] Everything <!-- dodcheck: {', '.join(load(()))} -->\n"
MARKUP = "<script>alert(1)</script><img src=x onerror=alert(2)>"
PLAIN = {"DOD.md": DEFINITION, "app.py": "def f(x: int) -> int:\n    return x\n"}
CHANGED = {"app.py": "def f(x: int) -> int:\n    return x + 1\n\n\ndef g(x):\n    pass\n"}


def odd_names(repository: Repository) -> None:
    """File names that git quotes, that no encoding reads, and that look like options."""
    repository.commit(PLAIN)
    names = ['quo"te.py', "new\nline.py", "tab\there.py", "späth.py", "-dash.py", "--output=x.py", " lead.py", "'.md"]
    names += [os.fsdecode(b"caf\xe9.py"), os.fsdecode(b"\xff\xfe/test_\x80.py"), "\x1b[31m.py", f"{MARKUP[:9]}.py"]
    names += [
        "-/requirements.txt",
        "a\nb/pyproject.toml",
        "back\\slash.py",
        ":(glob)x.py",
        "*.py",
        "con.py",
        "\u202e.py",
    ]
    repository.write(dict.fromkeys(names, CHANGED["app.py"]))


def links(repository: Repository) -> None:
    """Symbolic links that leave the tree, go round, or hold what is looked for."""
    outside = repository.path.parent / "outside"
    outside.mkdir()
    (outside / "secret.py").write_text(f"TOKEN = '{SECRET}'\n")
    repository.commit(PLAIN)
    for name, target in {
        "out.py": "../outside/secret.py",
        "absolute.md": str(outside / "secret.py"),
        "round.py": "around.py",
        "around.py": "round.py",
        "self": ".",
        "up": "..",
        "tests": "../outside",
        "README.md": "../outside/secret.py",
        "requirements.txt": "../outside/secret.py",
        "pyproject.toml": "/dev/zero",
        "tasks.json": "../outside/secret.py",
        ".claude": "../outside",
        "openapi.json": "nowhere",
    }.items():
        (repository.path / name).symlink_to(target)
    repository.write(CHANGED)


def odd_contents(repository: Repository) -> None:
    """Files that are huge, binary, nested, of other encodings, or of another kind than their name says."""
    deep = 3_000
    repository.commit(PLAIN | {"turns.py": "x = 1\n", "empty.py": "x = 1\n"})
    nested = {
        "parentheses.py": "x = " + "(" * deep + ")" * deep + "\n",
        "sum.py": "x = " + "1+" * 20_000 + "1\n",
        "minus.py": "x = " + "-" * deep + "1\n",
        "attribute.py": "x = a" + ".b" * 9_000 + "\n",
        "calls.py": "x = f" + "()" * 9_000 + "\n",
        "blocks.py": "".join(" " * at + "if x:\n" for at in range(99)) + " " * 99 + "pass\n",
        "elif.py": "if x:\n    pass\n" + "elif x:\n    pass\n" * 3_000,
        "lists.json": "[" * 99_999,
        "tasks.json": '{"tasks": ' + "[" * 99_999 + "]" * 99_999 + "}",
        "openapi.yaml": "a0: &a0 [x]\n" + "".join(f"a{n}: &a{n} [{f'*a{n - 1},' * 9}]\n" for n in range(1, 30)),
        "openapi.json": '{"openapi": "3.0.0", "paths": ' + '{"a":' * 50_000,
        "setup.cfg": "[options]\n" * 9 + "= =\n",
        "README.md": "> " * 5_000 + "\n" + "* " * 5_000 + "\n" + "[" * 50_000 + "\n" + "`" * 9_999,
        "digits.py": "x = " + "9" * 5_000 + "\n",
        "tests/test_deep.py": "def test_x():\n    assert " + "not " * deep + "1\n",
    }
    bytes_of = {
        "null.py": b"x = 1\0\ndef f():\n    pass\n",
        "only_null.py": b"\0" * 1_000,
        "latin.py": b"# -*- coding: latin-1 -*-\nx = '\xe9'\n",
        "unknown.py": b"# -*- coding: nonsense -*-\nx = 1\n",
        "utf16.py": "x = 1\n".encode("utf-16"),
        "mark.py": b"\xef\xbb\xbfx = 1\n",
        "half.py": b"x = '\xed\xa0\x80'\n",
        "turns.py": b"x = 1\rdef f(x):\x0c\n\r\n    pass\x85",
        "empty.py": b"",
        "book.ipynb": b'{"cells": [{"cell_type": "code", "source": 3}]}',
        "requirements.txt": b"\xff\xfe\0r\0e\0q\n-r requirements.txt\n-r ../../../etc/passwd\n",
        "alembic/versions/a.py": b"revision = [" + b"[" * 500 + b"\n",
        "huge.py": b"def f(x):\n    return x\n\n\n" * 20_000,
        "huge.bin": os.urandom(1_000) * 10_000,
        "one_line.py": b"x = '" + b"y" * 2_000_000 + b"'\n",
        "many.csv": b"1,2\n" * 200_000,
        "/".join(["deep"] * 120) + "/app.py": b"def f(x):\n    pass\n",
    }
    repository.write({name: text.encode() for name, text in nested.items()} | bytes_of)


def traps(repository: Repository) -> None:
    """Code that leaves a mark wherever it is run, and settings that name commands of their own."""
    mark = repository.path.parent / "mark"
    trap = f"import pathlib\npathlib.Path({str(mark)!r}).write_text(__file__)\n\n\ndef g(x):\n    pass\n"
    program = f"#!/bin/sh\ntouch '{mark}'\n"
    places: tuple[str, ...] = (
        "conftest",
        "sitecustomize",
        "usercustomize",
        "setup",
        "tests/conftest",
        "tests/test_trap",
        "manage",
    )
    places += ("noxfile", "msgspec", "json", "click", "alembic/env", "docs/conf", "app", "dodcheck", "ruff", "mypy")
    own = dict.fromkeys((".venv/bin/python", ".venv/bin/ruff", "venv/bin/python"), program)
    repository.commit(PLAIN | own | {"pytest.ini": "[pytest]\naddopts = -p trap\n"})
    repository.write({f"{place}.py": trap for place in places})
    repository.write({"trap.pth": "import app\n"})
    repository.write({".git/hooks/post-index-change": program, ".git/hooks/pre-commit": program, "git": program})
    repository.write({".gitattributes": "* filter=trap diff=trap text=auto merge=trap\n"})
    for file in (".git/hooks/post-index-change", ".git/hooks/pre-commit", "git", *own):
        (repository.path / file).chmod(0o755)
    for key in ("diff.external", "core.fsmonitor", "diff.trap.textconv", "diff.trap.command", "core.pager"):
        repository.git("config", key, f"touch '{mark}'; cat")


def secrets(repository: Repository) -> None:
    """A secret in the environment, and one in the address of a remote."""
    repository.commit(PLAIN)
    repository.git("remote", "add", "origin", f"https://ada:{SECRET}@example.org/x.git")
    repository.git("update-ref", "refs/remotes/origin/main", "HEAD")
    repository.git("config", "branch.main.remote", f"https://ada:{SECRET}@example.org/x.git")
    repository.git("config", "http.extraHeader", f"Authorization: {SECRET}")
    repository.write(CHANGED | {"settings.py": "import os\n\nTOKEN = os.environ['TOKEN']\n", ".gitignore": ".env\n"})
    repository.write({".env": f"TOKEN={SECRET}\n", "README.md": "Set `TOKEN`.\n"})


def markup(repository: Repository) -> None:
    """A definition, notes, messages and code that hold HTML and scripts."""
    document = DEFINITION + f"- [ ] {MARKUP} `</textarea>` [x](javascript:alert(3)) --> ]]> | \x1b[2J\n"
    repository.commit(PLAIN | {"DOD.md": document + "- [ ] </script><!-- Linting passes -->\n"})
    code = f"def g(x):\n    '''{MARKUP}'''\n    return eval(x)  # TODO {MARKUP} ]]> </script>\n"
    repository.commit({f"{MARKUP[:8]}.py": code}, f"{MARKUP}\n\nExplanations:\n\n- Linting passes: {MARKUP}\n")
    repository.write({"app.py": code})


def submodules_and_pointers(repository: Repository) -> None:
    """A submodule that is not there, one without an address, and a pointer of LFS without its file."""
    repository.commit(PLAIN | {".gitattributes": "*.bin filter=lfs diff=lfs merge=lfs -text\n"})
    for key in ("clean", "smudge", "process"):
        repository.git("config", f"filter.lfs.{key}", "")
    head = repository.git("rev-parse", "HEAD")
    repository.git("update-index", "--add", "--cacheinfo", f"160000,{head},vendored")
    repository.write({".gitmodules": '[submodule "x"]\n\tpath = vendored\n\turl = https://nowhere/x\n'})
    pointer = f"version https://git-lfs.github.com/spec/v1\noid sha256:{'0' * 64}\nsize 12345678901\n"
    repository.write(CHANGED | {"model.bin": pointer, "weights.py": pointer})
    repository.git("add", "--all")
    repository.git("commit", "--quiet", "--message", "point")


def unborn(repository: Repository) -> None:
    """A branch without a commit."""
    repository.write(PLAIN | CHANGED)


def nothing_at_all(repository: Repository) -> None:
    """Neither a commit nor a file."""
    del repository


def detached(repository: Repository) -> None:
    """A detached head, with branches and tags that look like options."""
    repository.commit(PLAIN)
    first = repository.git("rev-parse", "HEAD")
    for ref in ("refs/heads/-x", "refs/heads/--output=x", "refs/tags/-main", "refs/remotes/-/-", "refs/heads/HEAD"):
        (repository.path / ".git" / ref).parent.mkdir(parents=True, exist_ok=True)
        (repository.path / ".git" / ref).write_text(first + "\n")
    repository.commit(CHANGED)
    repository.git("checkout", "--quiet", "--detach")


def on_a_branch_like_an_option(repository: Repository) -> None:
    """The branch itself is called like an option."""
    detached(repository)
    (repository.path / ".git" / "HEAD").write_text("ref: refs/heads/--output=x\n")


def without_merge_base(repository: Repository) -> None:
    """Two histories that share nothing."""
    repository.commit(PLAIN)
    repository.git("checkout", "--quiet", "--orphan", "other")
    repository.commit(CHANGED)


def shallow(repository: Repository) -> None:
    """A clone without its past."""
    origin = Repository(repository.path.parent / "origin")
    origin.commit(PLAIN)
    origin.commit(CHANGED)
    repository.git("fetch", "--quiet", "--depth=1", f"file://{origin.path}", "main")
    repository.git("checkout", "--quiet", "--detach", "FETCH_HEAD")


def sparse(repository: Repository) -> None:
    """Most of the tree is not on disk."""
    repository.commit(PLAIN | {"in/a.py": "x = 1\n", "out/b.py": "x = 1\n"})
    repository.git("sparse-checkout", "set", "in")
    repository.write({"in/a.py": CHANGED["app.py"]})


def linked(repository: Repository) -> None:
    """A linked worktree stands where the repository stood."""
    other = Repository(repository.path.parent / "other")
    other.commit(PLAIN)
    subprocess.run(["rm", "-rf", str(repository.path)], check=True)
    other.git("worktree", "add", "--quiet", "-b", "linked", str(repository.path))
    repository.write(CHANGED)


def damaged(repository: Repository) -> None:
    """Objects are missing or are no objects, and the index is none."""
    repository.commit(PLAIN)
    repository.commit(CHANGED)
    blob = repository.git("rev-parse", "HEAD:app.py")
    file = repository.path / ".git" / "objects" / blob[:2] / blob[2:]
    file.chmod(0o644)
    file.write_bytes(b"nothing")


HOSTILE: tuple[Callable[[Repository], None], ...] = (
    odd_names,
    links,
    odd_contents,
    traps,
    secrets,
    markup,
    submodules_and_pointers,
    unborn,
    nothing_at_all,
    detached,
    on_a_branch_like_an_option,
    without_merge_base,
    shallow,
    sparse,
    linked,
    damaged,
)


def told(repository: Repository) -> dict[str, str]:
    """Return what a fast check says in each format, or the one line why it does not."""
    try:
        with session(Asked(selection=Selection(fast=True)), repository.path) as job:
            report = watched(job, quiet=True, formats=FORMATS)
    except DodcheckError as error:
        return {"line": str(error)}
    _whole(report)
    return {name: render(report, name) for name in FORMATS}


def _whole(report: Report) -> None:
    crashes = [one.summary for item in report.items for one in item.rules if "rule crashed" in one.summary]
    assert not crashes, crashes


@pytest.mark.parametrize("hostile", HOSTILE, ids=lambda one: one.__name__)
def test_a_fast_check_survives(
    hostile: Callable[[Repository], None], repository: Repository, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    places = {name: tmp_path / name.lower() for name in ("DODCHECK_CACHE", "TMPDIR", "HOME")}
    for name, value in {**environment(), **{name: str(at) for name, at in places.items()}, "TOKEN": SECRET}.items():
        monkeypatch.setenv(name, value)
    hostile(repository)
    held = state(repository)  # git refreshes its index while it looks
    there, began = listing(tmp_path, *places.values()), process_time()
    said = told(repository)
    assert process_time() - began < PATIENCE
    assert listing(tmp_path, *places.values()) == there
    assert state(repository) == held
    for text in said.values():
        assert SECRET not in text
    assert MARKUP not in said.get("html", "") + said.get("markdown", "")
    assert "line" not in said or len(said["line"].splitlines()) == 1


def listing(folder: Path, *left_out: Path) -> dict[str, tuple[int, ...]]:
    """Return size, mode and time of every file; git sets the time of an object that is there when it writes it anew."""
    found: dict[str, tuple[int, ...]] = {}
    for parent, folders, files in os.walk(folder):
        folders[:] = [one for one in folders if Path(parent, one) not in left_out]
        for file in (Path(parent, name) for name in files):
            status = file.lstat()
            found[str(file)] = (status.st_size, status.st_mode, 0 if "objects" in file.parts else status.st_mtime_ns)
    return found


def state(repository: Repository) -> tuple[str, ...] | None:
    """Return what a run must not touch; None where git itself reads nothing of it."""
    try:
        return repository.state()[:-1]  # the index is listed, and git writes it when it is asked
    except (subprocess.CalledProcessError, NotADirectoryError):
        return None
