"""Facts on demand, and rules run on them.

A rule's parameters name the facts it needs, by type; so do the parameters of a fact's
classmethod `of`. Each fact is computed once a side, failures included.  A parameter of type
`Fact | None` is optional: it is None where a fast run leaves out what the fact reaches, and
where the fact's tool could not run.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Future
from functools import cache
from threading import Lock
from time import perf_counter
from types import NoneType, UnionType
from typing import Any, Self, TypeVar, Union, get_args, get_origin, get_type_hints

import msgspec

from dodcheck.change import Both, Change, ChangedFile, Side
from dodcheck.errors import DodcheckError, ToolError
from dodcheck.rule import Check, Concern, Options, Rule
from dodcheck.run import SLOW
from dodcheck.verdict import Verdict

T = TypeVar("T")
Provider = Callable[[Side], object]


class Outcomes(msgspec.Struct, frozen=True):
    """What one rule said, and how long it took (seconds)."""

    rule: Rule
    verdict: Verdict
    seconds: float


@cache
def needs(wanted: object) -> Mapping[str, Any]:
    """Return the parameter types of a check, or of a fact's `of`.

    Raises:
        TypeError: `wanted` is a class without a classmethod `of`.
    """
    call = wanted
    if isinstance(wanted, type):
        call = getattr(wanted, "of", None)
        if call is None:
            raise TypeError(f"{wanted.__name__} is no fact: it has no classmethod `of`")
    return {name: hint for name, hint in get_type_hints(call).items() if name != "return"}


def optional(kind: object) -> object | None:
    """Return the fact of an optional parameter, `Fact | None`; None for any other type."""
    if get_origin(kind) not in {Union, UnionType}:
        return None
    parts = get_args(kind)
    return next((one for one in parts if one is not NoneType), None) if NoneType in parts else None


@cache
def reaches(wanted: object, targets: tuple[type, ...]) -> bool:
    """Tell whether a check or fact needs one of `targets`, however deep; an optional fact is no need."""
    seen: set[object] = set()
    queue = list(needs(wanted).values())
    while queue:
        kind = queue.pop()
        kind = get_args(kind)[0] if get_origin(kind) is Both else kind
        if kind in targets:
            return True
        if kind not in seen and hasattr(kind, "of"):
            queue += needs(kind).values()
        seen.add(kind)
    return False


def is_fast(check: Check) -> bool:
    """A rule is fast when the facts that it cannot do without reach no type checker and no test run."""
    return not reaches(check, SLOW)


def slow_roots(check: Check) -> Iterator[type]:
    """Yield the facts of a check that start a slow tool themselves: those worth starting first."""
    seen: set[object] = set()
    queue = list(needs(check).values())
    while queue:
        kind = queue.pop()
        kind = optional(kind) or kind
        if get_origin(kind) is Both or kind in seen or not isinstance(kind, type) or not hasattr(kind, "of"):
            continue  # the base side of a pair is asked for only when head's answer calls for it
        seen.add(kind)
        wanted = list(needs(kind).values())
        if any(tool in wanted for tool in SLOW):
            yield kind
        queue += wanted


class Facts:
    """Facts of one change, memoised by type and side.

    Args:
        providers: How the roots are had: snapshot, change, tools, notes, history.
        fast: No slow tool is run: optional facts that reach one are None.
    """

    def __init__(self, providers: Mapping[type, Provider], *, fast: bool = False) -> None:
        self._providers = providers
        self.fast = fast
        self._known: dict[tuple[object, Side], Future[Any]] = {}
        self._lock = Lock()

    def get(self, wanted: type[T], side: Side = Side.HEAD) -> T:
        """Return a fact of one side; computed by the first who asks, shared by the rest.

        Raises:
            Exception: Whatever computing it raised, to everybody who asks.
        """
        with self._lock:
            future = self._known.get((wanted, side))
            mine = future is None
            if future is None:
                future = self._known[wanted, side] = Future()
        if mine:
            try:
                future.set_result(self._compute(wanted, side))
            except Exception as error:  # noqa: BLE001 - remembered, and raised to everybody who asks
                future.set_exception(error)
        value: T = future.result()
        return value

    def arguments(self, call: object, side: Side = Side.HEAD, given: object = None) -> dict[str, object]:
        """Resolve the parameters of a check or of a fact's `of`; `given` serves the parameter of its type."""
        return {
            name: given if given is not None and kind is type(given) else self._resolve(kind, side)
            for name, kind in needs(call).items()
        }

    def _resolve(self, kind: Any, side: Side) -> object:  # noqa: ANN401 - a type expression
        if get_origin(kind) is Both:
            (one,) = get_args(kind)
            return Both(lambda at: self.get(one, at))
        wanted = optional(kind)
        if wanted is not None:
            return self._optional(wanted, side)
        return side if kind is Side else self.get(kind, side)

    def _optional(self, wanted: Any, side: Side) -> object | None:  # noqa: ANN401 - a type expression
        """Return an optional fact: what a rule can do without is no reason for it to end in an error."""
        if self.fast and (wanted in SLOW or reaches(wanted, SLOW)):
            return None
        try:
            found: object = self.get(wanted, side)
        except ToolError:  # told by the rules that cannot do without it
            return None
        return found

    def _compute(self, wanted: Any, side: Side) -> object:  # noqa: ANN401 - a type expression
        provider = self._providers.get(wanted)
        if provider is not None:
            return provider(side)
        return wanted.of(**self.arguments(wanted, side))


class Touched:
    """The changed files of both sides, asked what they hold.

    Args:
        change: The change.
    """

    def __init__(self, change: Change) -> None:
        self._change = change
        self._texts: dict[str, tuple[str, ...]] = {}

    @classmethod
    def of(cls, change: Change) -> Self:
        """Nothing is read yet."""
        return cls(change)

    def meets(self, concern: Concern) -> bool:
        """Tell whether the change touches what a rule is concerned with."""
        paths = re.compile(concern.paths)
        whole = re.compile(concern.whole) if concern.whole else None
        named = (concern.words,) if isinstance(concern.words, str) else concern.words
        words = [re.compile(one) for one in named if one]
        for file in self._change.files:
            places = [path for path in (file.base_path, file.head_path) if path]
            if whole is not None and any(map(whole.search, places)):
                return True
            if any(map(paths.search, places)):
                texts = self._altered(file) if concern.lines else self._sides(file)
                if any(all(word.search(text) for word in words) for text in texts):
                    return True
        return False

    def _sides(self, file: ChangedFile) -> tuple[str, ...]:
        """Return the texts of a file, one a side that has it."""
        if file.path not in self._texts:
            base, head = self._change.base, self._change.head
            sides = ((base, file.base_path), (head, file.head_path))
            self._texts[file.path] = tuple(side.read(path) or "" for side, path in sides if path)
        return self._texts[file.path]

    def _altered(self, file: ChangedFile) -> tuple[str, ...]:
        """Return the lines that one side of a file has more often than the other."""
        counts = [Counter(text.splitlines()) for text in self._sides(file)]
        if len(counts) == 1:
            return self._sides(file)
        return tuple("\n".join(one - other) for one, other in (counts, reversed(counts)))


def run(rule: Rule, facts: Facts, options: Options | None) -> Outcomes:
    """Run one rule; a crash becomes an error verdict that names it.

    Args:
        rule: The rule; it is imported only when the change touches what it is concerned with.
        facts: The facts of the change.
        options: Its settings; None for the defaults.
    """
    started = perf_counter()
    try:
        if rule.concern is not None and not facts.get(Touched).meets(rule.concern):
            return Outcomes(rule, Verdict.not_applicable(rule.concern.otherwise), perf_counter() - started)
        given = rule.options() if options is None else options
        verdict = rule.check(**facts.arguments(rule.check, given=given))
    except DodcheckError as error:
        verdict = Verdict.error(str(error))
    except Exception as error:  # noqa: BLE001 - whatever a rule raises is an error of that rule alone
        verdict = Verdict.error(f"rule {rule.id} crashed: {type(error).__name__}: {error}")
    return Outcomes(rule, verdict, perf_counter() - started)
