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


@rule(
    answers=[r"\btodos?\b.*\b(owner|name)"],
    options=TodoOptions,
    cases=[
        Case("a TODO without an owner fails", Status.FAIL, {}, {"app.py": "# TODO: mend\n"}),
        Case("a TODO with an owner passes", Status.PASS, {}, {"app.py": "# TODO(ada): mend\n"}),
        Case("an old TODO is left alone", Status.PASS, {"app.py": "# TODO\n"}, {"app.py": "# TODO\nx = 1\n"}),
        Case("another word", Status.FAIL, {}, {"app.py": "# FIXME\n"}, options={"word": "FIXME"}),
        Case("no Python file changed", Status.NOT_APPLICABLE, {}, {"notes.md": "TODO\n"}),
    ],
)
def check(change: Change, options: TodoOptions) -> Verdict:
    """Look at the lines that the change adds, and at no other."""
    files = change.at_head(".py")
    if not files:
        return Verdict.not_applicable("no Python file changed")
    bare = re.compile(rf"#.*\b{re.escape(options.word)}\b(?!\()")
    found = [
        Finding(f"{options.word} without an owner", file.path, line, fix=f"write `{options.word}(name): …`")
        for file in files
        for line, text in enumerate((change.head.read(file.path) or "").splitlines(), 1)
        if line in change.added_lines(file) and bare.search(text)
    ]
    return Verdict.of_findings(found, Evidence(f"{len(files)} files read"))
