"""Commit messages of a change, read with real git."""

from pathlib import Path

from conftest import Repository

from dodcheck.history import Message
from dodcheck.sources.history import history
from dodcheck.sources.plumbing import Git


def test_the_messages_of_a_change_and_those_before_it(repository: Repository, tmp_path: Path) -> None:
    first = repository.commit({"a.py": "x = 1\n"}, "feat: one\n\nTask: T1")
    base = repository.commit({"a.py": "x = 2\n"}, "chore: two")
    repository.commit(
        {"a.py": "x = 3\n"}, "fix!: three\n\nA body.\n\nBREAKING CHANGE: x is 3\n  and stays so\nTask: T2"
    )
    head = repository.commit({"a.py": "x = 4\n"}, "docs: vier – ü")
    git = Git.open(repository.path, tmp_path / "objects")
    told = history(git, base, head)
    assert [one.subject for one in told.messages] == ["docs: vier – ü", "fix!: three"]
    assert told.messages[1].trailers == {"breaking change": ("x is 3 and stays so",), "task": ("T2",)}
    assert [one.commit for one in told.before("Task: T1")] == [first]
    assert told.before("T2") == ()
    assert told.branch == "main"
    git.close()


def test_what_files_were_before_earlier_commits(repository: Repository, tmp_path: Path) -> None:
    repository.commit({"a.py": "x = 1\n", "b.py": "y = 1\n"}, "one")
    second = repository.commit({"a.py": "x = 2\n", "ü [1].py": "z = 1\n"}, "two")
    base = repository.commit({"ü [1].py": "z = 2\n"}, "three")
    git = Git.open(repository.path, tmp_path / "objects")
    told = history(git, base, base)
    blob = git.run("rev-parse", f"{second}^:a.py").decode().strip()
    assert told.replaced(["a.py", "b.py"])["a.py"][blob] == second
    assert list(told.replaced(["ü [1].py"])["ü [1].py"].values()) == [base, second]
    assert told.replaced([]) == {}
    git.close()


def test_what_is_not_committed_has_no_messages(repository: Repository, tmp_path: Path) -> None:
    base = repository.commit({"a.py": "x = 1\n"}, "one")
    git = Git.open(repository.path, tmp_path / "objects")
    assert history(git, base, None).messages == ()
    assert history(git, base, base).messages == ()
    assert [one.subject for one in history(git, None, base).messages] == ["one"]
    assert history(git, None, base).before("one") == ()
    git.close()


def test_a_message_without_trailers() -> None:
    message = Message("0", "fix: a thing\n\nIt was wrong: very.\nSecond line.\n\nMore words here.")
    assert message.trailers == {}
    assert message.body.startswith("It was wrong")
    assert Message("0", "fix: closes it\n\nFixes #12").trailers == {"fixes": ("12",)}
