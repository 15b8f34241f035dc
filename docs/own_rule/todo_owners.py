"""A TODO names who does it: the change brings no `TODO` without an owner.

Nobody does what is nobody's.  `TODO(ada): …` can be asked for; a bare one stays for years.
"""

import re

from dodcheck.change import Change
from dodcheck.rule import Case, Evidence, Finding, Options, Status, Verdict, rule


class TodoOptions(Options, frozen=True):
    """Settings of the rule.

    Args:
        word: The word that marks what is still to be done.
    """

    word: str = "TODO"


_BARE = {"app.py": "# TODO: mend\n"}
_LONGER = {"app.py": "# TODO: mend\nx = 1\n"}
_OWNED = {"app.py": "# TODO(ada): mend\n"}


@rule(
    answers=[r"\btodos?\b.*\b(owner|name)"],
    options=TodoOptions,
    cases=[
        Case("a TODO without an owner fails", Status.FAIL, {}, _BARE),
        Case("a TODO with an owner passes", Status.PASS, {}, _OWNED),
        Case("an old one is left alone", Status.PASS, _BARE, _LONGER),
        Case("no Python file changed", Status.NOT_APPLICABLE, {}, {"notes.md": "TODO\n"}),
        Case("another word", Status.FAIL, {}, _BARE, options={"word": "mend"}),
    ],
)
def check(change: Change, options: TodoOptions) -> Verdict:
    """Look at the lines that the change adds, and at no other."""
    files = change.at_head(".py")
    if not files:
        return Verdict.not_applicable("no Python file changed")
    bare = re.compile(rf"#.*\b{re.escape(options.word)}\b(?!\()")
    fix = f"write `{options.word}(name): …`"
    found = []
    for file in files:
        lines = (change.head.read(file.path) or "").splitlines()
        for line in sorted(change.added_lines(file)):
            if bare.search(lines[line - 1]):
                message = f"{options.word} without an owner"
                found.append(Finding(message, file.path, line, fix=fix))
    return Verdict.of_findings(found, Evidence(f"{len(files)} files read"))
