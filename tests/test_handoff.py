"""The author's word: notes that are drafted, found by the task's name, or said in commit messages."""

from conftest import Repository, item
from test_done import DEFINITION, DOUBLE, TREE

OPEN = DEFINITION + "- [ ] The team is happy\n"


def start(repository: Repository, message: str = "feat: double\n\nTask: T1") -> None:
    repository.commit(TREE | {"DOD.md": OPEN}, "base")
    repository.git("switch", "--quiet", "--create", "work")
    repository.commit(DOUBLE, message)


def test_a_draft_lists_what_is_known_and_what_is_open(repository: Repository) -> None:
    start(repository)
    ran = repository.run("notes", "T1", "--fast")
    assert ran.returncode == 0, ran.stderr
    assert ran.stdout.startswith("# Handoff: T1 double\n\n## Files created/modified\n")
    assert "- `shop.py` modified" in ran.stdout
    assert "\n## Acceptance criteria\n\n- \\#1 '`double` gives 4 for 2'" in ran.stdout
    assert ran.stdout.rstrip().endswith("- The team is happy:")


def test_a_draft_explains_nothing_until_its_author_does(repository: Repository) -> None:
    start(repository)
    assert repository.run("notes", "T1", "--fast", "-o", "handoff/T1.md").returncode == 0
    assert item(repository.check(), "team is happy").explanation is None
    draft = repository.path / "handoff" / "T1.md"
    draft.write_text(draft.read_text().replace("The team is happy:", "The team is happy: asked on Monday"))
    assert item(repository.check(), "team is happy").explanation == "asked on Monday"


def test_notes_are_never_overwritten(repository: Repository) -> None:
    start(repository)
    repository.write({"handoff/T1.md": "mine\n"})
    ran = repository.run("notes", "T1", "-o", "handoff/T1.md")
    assert (ran.returncode, ran.stdout) == (2, "")
    assert (repository.path / "handoff" / "T1.md").read_text() == "mine\n"


def test_a_commit_message_explains(repository: Repository) -> None:
    words = "feat: double\n\nExplanations:\n- The team is happy: by vote\n\nTask: T1"
    start(repository, words)
    assert item(repository.check(), "team is happy").explanation == "by vote"


def test_the_explanation_is_shown_as_the_authors_word(repository: Repository) -> None:
    start(repository)
    repository.write({"handoff/T1.md": "# Notes\n\n## Explanations\n\n- The team is happy: by vote\n"})
    report = repository.run("report").stdout
    assert "the author: by vote" in report
    assert "The team is happy: explained: by vote" in report
