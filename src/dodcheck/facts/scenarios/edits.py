"""What a change does to the scenarios of one file: added, changed, deleted, skipped, set up otherwise."""

import re
from collections import Counter
from collections.abc import Iterator, Mapping

from dodcheck.change import ChangedFile
from dodcheck.facts.scenarios.scenario import Affected, Scenario, ScenarioFile

_DECORATOR = re.compile(r"(^|\n)@[^\n]*$")
_DECLARED = re.compile(
    r"^(?:@[^\n]*\n)*(?:export\s+)?(?:default\s+)?(?:async\s+)?(?:const|let|var|function\*?|class|def)\s+(\w+)"
    r"|^(\w+)\s*(?::[^=\n]+)?="
)


def differences(file: ChangedFile, base: ScenarioFile | None, head: ScenarioFile | None) -> Iterator[Affected]:
    """Compare two versions of one file; how the text is laid out does not count."""
    before = _by_title(base)
    after = _by_title(head)
    sets_up = _changed_setup(base.around, head.around) if base and head else frozenset()
    for title, one in after.items():
        old = before.get(title)
        newly = one.skipped and not (old and old.skipped)
        if old is None:
            yield Affected(one, "it is new", file.path, newly_skipped=one.skipped)
        elif _plain(old.text) != _plain(one.text):
            yield Affected(one, "it changed", file.path, newly_skipped=newly)
        elif newly or any(_uses(one, name) for name in sets_up):
            yield Affected(one, "what its file sets up for it changed", file.path, newly_skipped=newly)
    for title, one in before.items():
        if title not in after:
            yield Affected(one, "it is gone", file.path, gone=True)


def _changed_setup(base: str, head: str) -> frozenset[str]:
    """Return the names of what stands around scenarios and changed; an empty one for what all of them get."""
    before, after = (Counter(map(_plain, chunks)) for chunks in (_chunks(base), _chunks(head)))
    names = {_plain(chunk): _name(chunk) for chunk in [*_chunks(base), *_chunks(head)]}
    return frozenset(names[one] for one in (before - after) + (after - before))


def _chunks(around: str) -> list[str]:
    """Split at what stands at the left edge; a decorator belongs to what follows, a bracket to what it closes."""
    chunks: list[str] = []
    for line in around.split("\n"):
        goes_on = (
            line[:1].isspace() or line.startswith((")", "]", "}")) or bool(chunks and _DECORATOR.search(chunks[-1]))
        )
        if chunks and goes_on:
            chunks[-1] += f"\n{line}"
        else:
            chunks.append(line)
    return chunks


def _name(chunk: str) -> str:
    match = None if "autouse" in chunk else _DECLARED.search(chunk)
    return (match[1] or match[2]) if match else ""


def _uses(scenario: Scenario, name: str) -> bool:
    return not name or re.search(rf"\b{re.escape(name)}\b", scenario.text) is not None


def _by_title(file: ScenarioFile | None) -> Mapping[str, Scenario]:
    return {f"{one.group} {one.title}": one for one in file.scenarios} if file else {}


def _plain(text: str) -> str:
    return re.sub(r"\s+", "", text).replace("'", '"').replace(",)", ")").replace(";", "")
