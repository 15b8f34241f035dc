"""How well each obligation of the task's criteria is shown: not at all, by code, by a test that needs the change.

Words alone prove nothing: over 181 changes that agents made for issues, identifiers find the right change for an
issue in 62 % of the cases, which locates evidence and ranks it (own measurement).  What counts is a test that fails
without the change.
"""

import re
from collections.abc import Iterator
from typing import Literal, NamedTuple, Self

import msgspec

from dodcheck.change import Both, Change
from dodcheck.facts.breaking.project_kind import Projects
from dodcheck.facts.code.functions import Functions
from dodcheck.facts.code.modules import Modules
from dodcheck.facts.handlers.reasons import Comments
from dodcheck.facts.runs.seen import Seen
from dodcheck.facts.stubs.stub_bodies import stub_of
from dodcheck.facts.suites.suites import SuiteTest
from dodcheck.facts.tasks.anchors import Anchor
from dodcheck.facts.tasks.chosen_task import ChosenTask
from dodcheck.facts.tasks.criterion_tests import CriterionTests, LinkedTest
from dodcheck.facts.tasks.named_code import NamedCode, Place
from dodcheck.facts.tasks.obligations import Obligation, obligations_of
from dodcheck.tasks import Criterion

Strength = Literal["failed", "strong", "medium", "weak"]
_NUMBER = re.compile(r"(?<![\w.#])\d+(?:\.\d+)?(?![\w.])")
_REFUSES = re.compile(r"raise NotImplementedError")


class Standing(msgspec.Struct, frozen=True):
    """One obligation, and the best that is known of it.

    Args:
        criterion: The criterion that it is a part of.
        obligation: The obligation.
        strength: What it is worth.
        words: What was seen.
        path: Where.
        line: 1-based line.
    """

    criterion: Criterion
    obligation: Obligation
    strength: Strength
    words: str
    path: str | None = None
    line: int | None = None


class Proof(NamedTuple):
    """A test that fails without the change, with everything that it is written with."""

    test: SuiteTest
    words: str


class Standings(msgspec.Struct, frozen=True):
    """The obligations of the change's task.

    Args:
        all: One an obligation, in the order of the criteria.
        ran: The tests ran at both sides; without that nothing is strong.
    """

    all: tuple[Standing, ...]
    ran: bool

    @classmethod
    def of(
        cls,
        change: Change,
        chosen: ChosenTask,
        named: Both[NamedCode],
        tests: CriterionTests,
        code: "HeadCode",
        seen: Seen | None,
    ) -> Self:
        """Weigh each obligation of the task's criteria at head."""
        if chosen.head is None or not chosen.head.criteria:
            return cls((), ran=seen is not None)
        scale = _Scale(change, named, tests, code, seen)
        return cls(tuple(one for each in chosen.head.criteria for one in scale.weigh(each)), ran=seen is not None)


class HeadCode(msgspec.Struct, frozen=True):
    """Functions of head by what they are called.

    Args:
        functions: The functions.
        modules: Their files.
        projects: What the projects that they belong to are.
    """

    functions: Functions
    modules: Modules
    projects: Projects

    @classmethod
    def of(cls, functions: Functions, modules: Modules, projects: Projects) -> Self:
        """Nothing is read yet."""
        return cls(functions, modules, projects)

    def is_of_application(self, place: Place) -> bool:
        """Tell whether a place belongs to what is deployed, and not made for others to import."""
        project = self.projects.at(place.path)
        return project.is_deployed and project.kind == "application"

    def is_stub(self, place: Place, name: str) -> bool:
        """Tell whether the function of that name at a place does nothing yet."""
        if not place.path.endswith(".py"):
            return False
        comments = Comments(self.modules.old_text(place.path))
        found = [one for one in self.functions.at(place.path) if one.node.name == name and one.line == place.line]
        return any(stub_of(one, comments) or (one.owner is None and _REFUSES.search(one.body_text)) for one in found)


class _Scale:
    """What weighing rests on."""

    def __init__(
        self, change: Change, named: Both[NamedCode], tests: CriterionTests, code: HeadCode, seen: Seen | None
    ) -> None:
        self._change = change
        self._named = named
        self._tests = tests
        self._code = code
        self._seen = seen
        self._links = tests.linked()
        ids = dict.fromkeys(one.partition("[")[0] for one in sorted(seen.fail_to_pass)) if seen else {}
        found = [test for one in ids if (test := tests.test(one))]
        self._proofs = [Proof(test, tests.words(test)) for test in found if tests.asserts(test)]

    def weigh(self, criterion: Criterion) -> Iterator[Standing]:
        """Yield the standing of each obligation; a test linked to the criterion speaks for all of them."""
        linked = self._linked([one for one in self._links if one.number == criterion.number])
        inherited: tuple[Anchor, ...] = ()
        for one in obligations_of(criterion):
            broken = self._broken(one)
            strength, words, place = broken or linked or self._shown(one, inherited)
            unused = self._unused(one) if strength == "strong" else None
            strength, words, place = unused or (strength, words, place)
            inherited = tuple(anchor for anchor in one.wanted if anchor.is_hard) or inherited
            yield Standing(
                criterion, one, strength, words, place.path if place else None, place.line if place else None
            )

    def _unused(self, one: Obligation) -> tuple[Strength, str, Place] | None:
        """Return a new name that only tests use, in an application: nobody else will call it there."""
        for anchor in one.wanted:
            place = self._named.head.place(anchor) if anchor.kind == "symbol" and anchor.is_hard else None
            if place is None or self._named.base.place(anchor) or not self._code.is_of_application(place):
                continue
            if self._named.head.is_unused(anchor, place):
                return "medium", f"`{anchor.text}` is new, and nothing but tests refers to it", place
        return None

    def _linked(self, links: list[LinkedTest]) -> tuple[Strength, str, Place] | None:
        """What the tests say that name the criterion; one that fails or is skipped speaks against it."""
        if not links:
            return None
        first = links[0]
        place = Place(first.path, first.line)
        if self._seen is None:
            return "medium", f"{first.id} is linked to it, and did not run", place
        ends = {one.id: self._outcomes(one) for one in links if one.has_outcome}
        bad = next((f"{name} {kind}" for name, kinds in ends.items() for kind in kinds if kind != "passed"), None)
        if bad:
            return "failed", f"{bad}, and is linked to it", place
        proving = [name for name, kinds in ends.items() if kinds and self._proves(name)]
        if proving:
            return "strong", f"{proving[0]} is linked to it, passes, and fails without the change", place
        reaching = [name for name, kinds in ends.items() if kinds and self._tests.reaches_change(name)]
        if reaching:
            return "strong", f"{reaching[0]} is linked to it, passes, and asserts what changed code gives", place
        return "medium", f"{first.id} is linked to it, and does not need the change", place

    def _outcomes(self, link: LinkedTest) -> list[str]:
        outcomes = self._seen.head.suite.outcomes if self._seen else ()
        return [one.outcome for one in outcomes if one.id.partition("[")[0] == link.id]

    def _proves(self, node: str) -> bool:
        return any(one.partition("[")[0] == node for one in (self._seen.fail_to_pass if self._seen else ()))

    def _broken(self, one: Obligation) -> tuple[Strength, str, Place | None] | None:
        """What contradicts the obligation: a thing that should be gone, is missing, or does nothing."""
        for anchor in one.removes:
            place = self._named.head.place(anchor)
            if place:
                return "failed", f"`{anchor.text}` is still there", place
        for anchor in one.wanted:
            place = self._named.head.place(anchor) if anchor.is_hard else None
            if not anchor.is_hard or (place is None and not self._named.head.can_tell(anchor)):
                continue
            if place is None:
                return "failed", f"no code has `{anchor.text}`", None
            if anchor.kind == "symbol" and self._code.is_stub(place, anchor.name):
                return "failed", f"`{anchor.text}` is not implemented", place
        return None

    def _shown(self, one: Obligation, inherited: tuple[Anchor, ...]) -> tuple[Strength, str, Place | None]:
        gone = next((anchor for anchor in one.removes if self._named.base.place(anchor)), None)
        if gone:
            return "strong", f"`{gone.text}` was at base and is gone", None
        proof = self._proof(one, inherited)
        if proof:
            words = f"{proof.test.id} names it, passes, and fails without the change"
            settled = not (one.is_subjective or one.is_negative)
            return "strong" if settled else "medium", words, Place(proof.test.path, proof.test.line)
        changed = next((place for anchor in one.wanted if (place := self._changed(anchor))), None)
        if changed:
            return (
                "medium",
                f"the change touches {changed.path}, which names it, and no test of the change does",
                changed,
            )
        return "weak", "nothing in the change shows it", None

    def _proof(self, one: Obligation, inherited: tuple[Anchor, ...]) -> Proof | None:
        """Return a test that needs the change and names all that the obligation does, its numbers included."""
        own = [anchor.name.partition(" ")[2] if anchor.kind == "route" else anchor.name for anchor in one.wanted]
        numbers = _NUMBER.findall(re.sub(r"`[^`]*`", " ", one.text))
        if not own and not numbers:
            return None
        wanted = [*(own or [anchor.name for anchor in inherited]), *numbers]
        if one.is_quantity and not numbers:
            return None
        return next((proof for proof in self._proofs if all(_names(proof.words, word) for word in wanted)), None)

    def _changed(self, anchor: Anchor) -> Place | None:
        for file in self._change.at_head(roles=("source", "config", "migration")):
            lines = (self._change.head.read(file.path) or "").splitlines()
            for number in sorted(self._change.added_lines(file)):
                if number <= len(lines) and anchor.name in lines[number - 1]:
                    return Place(file.path, number)
        return None


def _names(words: str, word: str) -> bool:
    before = r"(?<![\w.])" if word[:1].isdigit() else r"(?<![\w-])"
    return re.search(rf"{before}{re.escape(word)}(?!\w)", words) is not None
