"""Changes and snapshots come out of a real git as they are."""

import os
from collections.abc import Iterator
from pathlib import Path

import pytest
from conftest import Repository

from dodcheck.change import Change
from dodcheck.errors import UsageError
from dodcheck.sources.patches import Patches
from dodcheck.sources.plumbing import EMPTY_TREE, Git
from dodcheck.sources.snapshots import GitSnapshot, change_between
from dodcheck.sources.trees import index_tree, working_tree


@pytest.fixture
def git(repository: Repository, tmp_path: Path) -> Iterator[Git]:
    opened = Git.open(repository.path, tmp_path / "objects")
    yield opened
    opened.close()


def between(git: Git, base: str, head: str) -> Change:
    trees = [
        git.run("rev-parse", f"{ref}^{{tree}}").decode().strip() if len(ref) != 40 else ref for ref in (base, head)
    ]
    return change_between(git, GitSnapshot(git, trees[0], "base"), GitSnapshot(git, trees[1], "head"))


def test_names_that_git_quotes_are_read_as_they_are(repository: Repository, git: Git) -> None:
    repository.commit({"a.py": "1\n"})
    names = ['quo"te.py', "new\nline.py", "tab\there.py", "späth.py", "-dash.py", " lead.py"]
    repository.commit(dict.fromkeys(names, "x\n"))
    change = between(git, "HEAD^", "HEAD")
    assert sorted(file.path for file in change.files) == sorted(names)
    assert change.head.read("new\nline.py") == "x\n"
    assert all(change.added_lines(file) == {1} for file in change.files)


def test_undecodable_names_survive(repository: Repository, git: Git) -> None:
    repository.commit({"a.py": "1\n"})
    (repository.path / os.fsdecode(b"caf\xe9.py")).write_text("x\n")
    repository.git("add", "--all")
    repository.git("commit", "--quiet", "--message", "latin")
    change = between(git, "HEAD^", "HEAD")
    assert change.head.read(change.files[0].path) == "x\n"


def test_renames_deletions_binaries_and_submodules(repository: Repository, git: Git, tmp_path: Path) -> None:
    library = Repository(tmp_path / "library")
    library.commit({"lib.py": "1\n"})
    text = "".join(f"line {n}\n" for n in range(20))
    repository.commit({"old.py": text, "gone.py": "x\n", "data.bin": b"\0\1"})
    repository.git("-c", "protocol.file.allow=always", "submodule", "--quiet", "add", str(library.path), "vendored")
    repository.commit({"old.py": None, "new.py": text + "more\n", "gone.py": None, "data.bin": b"\0\2"})
    change = between(git, "HEAD^", "HEAD")
    by_path = {file.path: file for file in change.files}
    assert by_path["new.py"].status == "renamed"
    assert by_path["new.py"].old_path == "old.py"
    assert change.added_lines(by_path["new.py"]) == {21}
    assert by_path["gone.py"].status == "deleted"
    assert by_path["data.bin"].added is None
    assert change.head.read_bytes("vendored") is None
    assert "vendored" not in change.head.paths()


def test_working_tree_holds_uncommitted_and_untracked_but_not_ignored(
    repository: Repository, git: Git, tmp_path: Path
) -> None:
    repository.commit({"a.py": "1\n", "b.py": "1\n", ".gitignore": "*.log\n"})
    repository.write({"a.py": "2\n", "b.py": None, "new.py": "3\n", "run.log": "noise\n"})
    before = repository.state()
    change = between(git, "HEAD", working_tree(git, tmp_path).id)
    assert {file.path: file.status for file in change.files} == {
        "a.py": "modified",
        "b.py": "deleted",
        "new.py": "added",
    }
    assert repository.state() == before


def test_staged_content_is_the_index_and_not_the_file(repository: Repository, git: Git, tmp_path: Path) -> None:
    repository.commit({"a.py": "1\n"})
    repository.write({"a.py": "staged\n"})
    repository.git("add", "a.py")
    repository.write({"a.py": "on disk\n", "untracked.py": "x\n"})
    before = repository.state()
    change = between(git, "HEAD", index_tree(git, tmp_path).id)
    assert [file.path for file in change.files] == ["a.py"]
    assert change.head.read("a.py") == "staged\n"
    assert repository.state() == before


def test_a_root_commit_adds_everything(repository: Repository, git: Git) -> None:
    repository.commit({"a.py": "1\n2\n"})
    change = between(git, EMPTY_TREE, "HEAD")
    assert [(file.path, file.status, file.added) for file in change.files] == [("a.py", "added", 2)]


def test_unmerged_paths_are_refused_by_name(repository: Repository, git: Git, tmp_path: Path) -> None:
    repository.commit({"a.py": "1\n"})
    repository.git("switch", "--quiet", "--create", "other")
    repository.commit({"a.py": "2\n"})
    repository.git("switch", "--quiet", "main")
    repository.commit({"a.py": "3\n"})
    with pytest.raises(Exception, match="non-zero exit status"):
        repository.git("merge", "other")
    with pytest.raises(UsageError, match=r"a\.py: unmerged in the index"):
        index_tree(git, tmp_path)


def test_outside_of_a_repository_one_line_says_so(tmp_path: Path) -> None:
    with pytest.raises(UsageError, match="not a git repository"):
        Git.open(tmp_path, tmp_path / "objects")


def test_an_edit_of_the_same_size_in_the_same_second_is_seen(repository: Repository, git: Git, tmp_path: Path) -> None:
    repository.commit({"a.py": "1\n"})
    repository.write({"a.py": "2\n"})
    change = between(git, "HEAD", working_tree(git, tmp_path).id)
    assert [file.path for file in change.files] == ["a.py"]


def test_a_link_is_no_file_even_before_the_list_is_read(repository: Repository, git: Git) -> None:
    repository.write({"a.py": "x = 1\n", "short": "one line without an end"})
    (repository.path / "link.py").symlink_to("a.py")
    repository.commit({})
    change = between(git, EMPTY_TREE, "HEAD")
    assert change.head.read("link.py") is None
    assert change.head.read("short") == "one line without an end"


def test_added_lines_of_all_files_are_those_of_each(repository: Repository, git: Git) -> None:
    old = "".join(f"line {n}\n" for n in range(40))
    repository.commit({"a.py": old, "b.py": old, "c.py": old + "b\n", "d.bin": b"\0\1", "e.py": "x\n", "f.py": "run\n"})
    new = old.replace("line 3\n", "diff --git a/a.py b/a.py\n@@ -1 +7 @@\n--- a\n+++ b\n") + "end"
    repository.write({"a.py": new, "b.py": None, "moved/b.py": old.replace("line 9\n", "line nine\nand ten\n")})
    repository.write({"c.py": None, "d.bin": b"\0\2", "e.py": None, "new.py": "1\n2\n", "späth\n.py": "x\n"})
    (repository.path / "e.py").symlink_to("a.py")
    (repository.path / "f.py").chmod(0o755)
    repository.commit({"späth\n.py": "x\n"})
    change = between(git, "HEAD^", "HEAD")
    together = {file.path: change.added_lines(file) for file in change.files}
    before, after = git.run("rev-parse", "HEAD^^{tree}", "HEAD^{tree}").decode().split()
    alone = Patches(git, (before, after), change.files * 2)  # its parts are not one a file, so each is asked for
    assert together == {file.path: alone.added(file) for file in change.files}
    assert together["a.py"] == {4, 5, 6, 7, 44}
    assert together["moved/b.py"] == {10, 11}
    assert {"c.py", "d.bin", "e.py", "f.py", "new.py", "späth\n.py"} < together.keys()


def test_folders_are_read_as_they_are_asked_for(repository: Repository, git: Git) -> None:
    files = {"a.py": "1\n", "in/b.py": "2\n", "in/deep/c.py": "3\n", "new\nline/d.py": "4\n"}
    repository.commit(files)
    (repository.path / "link").symlink_to("a.py")
    repository.commit({})
    tree = git.run("rev-parse", "HEAD^{tree}").decode().strip()
    side = GitSnapshot(git, tree, "head")
    assert {path: side.read(path) for path in files} == files
    assert [side.within(folder) for folder in ("", "in", "none", "a.py")] == [["a.py", "link"], ["in/b.py"], [], []]
    assert [side.has_folder(folder) for folder in ("in", "in/deep", "a.py", "none")] == [True, True, False, False]
    missing = ("/a.py", "in", "in/", "in//b.py", "./a.py", "none/a.py", "a.py/b", "", "link/x")
    assert [side.read(path) for path in missing] == [None] * len(missing)
    assert [side.blob(path) for path in missing] == [None] * len(missing)
    assert side.read("link") is None
    assert side.blob("link") is not None
    assert side.paths() == sorted([*files, "link"])
    assert git.commit("HEAD") == (repository.git("rev-parse", "HEAD"), tree)
    assert git.commit("HEAD:a.py") is None
    assert git.commit("nothing") is None
