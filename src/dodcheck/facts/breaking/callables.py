"""What callers of one function notice when its signature changes, told by griffe and weighed."""

import re
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, NamedTuple

from dodcheck.facts.breaking.unions import union_members

if TYPE_CHECKING:
    import griffe

_ADAPTS = re.compile(r"deprecat|compat|legacy|renam|positional|variant|wrap(?!s)", re.IGNORECASE)
_EMPTY = {"tuple()": "()", "list()": "[]", "dict()": "{}", "str()": "''"}
_ANYTHING = {"Any", "object"}


class Difference(NamedTuple):
    """One thing that callers notice.

    Args:
        code: Its kind.
        subject: The parameter; empty when it is the callable itself.
        text: What happened, to be put behind the callable's name.
        certain: Calls that worked fail; otherwise it depends on the call.
        remedy: What callers do.
    """

    code: str
    subject: str
    text: str
    certain: bool
    remedy: str = ""


def call_differences(
    old: "griffe.Function", new: "griffe.Function", *, bound: bool, what: str = "parameter"
) -> Iterator[Difference]:
    """Compare two versions of a function.

    Args:
        old: At base.
        new: At head.
        bound: The first parameter is `self` or `cls`.
        what: What its parameters are called.
    """
    before, after = _matched(_caller_side(old, bound=bound), _caller_side(new, bound=bound))
    overloaded = bool(old.overloads or new.overloads)
    adapted = any(_ADAPTS.search(str(one.value)) for one in new.decorators)
    for one in _Comparison(before, after, what).differences():
        yield one._replace(certain=one.certain and not (overloaded or adapted))
    if not overloaded:
        yield from _narrowed(before, after)
        yield from _returned(old, new)
    if ("async" in old.labels) != ("async" in new.labels):
        became, remedy = ("is async now", "await the call") if "async" in new.labels else ("is no longer async", "")
        yield Difference("async-changed", "", became, certain=not adapted, remedy=remedy or "drop the `await`")


class _Comparison:
    """griffe's breakages of one function, told as callers see them: one cause is said once."""

    def __init__(self, before: Sequence["griffe.Parameter"], after: Sequence["griffe.Parameter"], what: str) -> None:
        import griffe  # noqa: PLC0415 - see GriffeModules

        self._before = before
        self._after = after
        self._what = what
        kinds = {one.kind for one in after}
        self._swallows = griffe.ParameterKind.var_keyword in kinds or griffe.ParameterKind.var_positional in kinds
        self._found: dict[griffe.BreakageKind, list[str]] = {}
        for one in griffe.find_breaking_changes(_container(before), _container(after)):
            about = one.new_value if one.kind is griffe.BreakageKind.PARAMETER_ADDED_REQUIRED else one.old_value
            self._found.setdefault(one.kind, []).append(about.name)
        self._kinds = griffe.BreakageKind

    def differences(self) -> Iterator[Difference]:
        removed = self._names("PARAMETER_REMOVED")
        required = self._names("PARAMETER_ADDED_REQUIRED")
        renamed = dict(self._renamed(removed))
        for name in removed:
            if name in renamed:
                text = f"calls {self._what} `{name}` `{renamed[name]}` now"
                yield Difference(
                    "parameter-renamed", name, text, not self._swallows, f"pass `{renamed[name]}` in place of `{name}`"
                )
            else:
                yield self._removed(name)
        for name in (one for one in required if one not in renamed.values()):
            text = f"needs the new {self._what} `{name}`"
            yield Difference("required-added", name, text, certain=True, remedy=f"pass `{name}`")
        for name in self._names("PARAMETER_CHANGED_REQUIRED"):
            text = f"no longer has a default for {self._what} `{name}`"
            yield Difference("default-removed", name, text, certain=True, remedy=f"pass `{name}`")
        for name in self._names("PARAMETER_CHANGED_KIND"):
            yield self._kind(name)
        for name in self._names("PARAMETER_CHANGED_DEFAULT"):
            was, now = self._get(self._before, name).default, self._get(self._after, name).default
            if _plain(was) != _plain(now) and name not in self._heirs:
                text = f"has another default for {self._what} `{name}`: `{was}` became `{now}`"
                yield Difference("default-changed", name, text, certain=False, remedy=f"pass `{name}={was}`")
        yield from self._moved(removed)

    def _names(self, kind: str) -> list[str]:
        return self._found.get(getattr(self._kinds, kind), [])

    def _removed(self, name: str) -> Difference:
        if _word(self._get(self._before, name)).startswith("variadic"):
            text = f"no longer takes any number of {'keyword ' * name.startswith('**')}arguments"
            return Difference("parameter-removed", name, text, certain=False)
        if self._swallows:
            text = f"no longer has {self._what} `{name}`, but may still take it as one of its open arguments"
            return Difference("parameter-swallowed", name, text, certain=False)
        return Difference("parameter-removed", name, f"no longer has {self._what} `{name}`", certain=True)

    def _kind(self, name: str) -> Difference:
        now = _word(self._get(self._after, name))
        remedy = f"pass `{name}` {'by position' if now == 'positional-only' else 'by name'}"
        text = f"takes {self._what} `{name}` as {now} now"
        return Difference("kind-changed", name, text, certain=not now.startswith("variadic"), remedy=remedy)

    def _renamed(self, removed: Sequence[str]) -> Iterator[tuple[str, str]]:
        known = {one.name for one in self._before}
        for index, old in enumerate(self._before):
            if old.name in removed and index < len(self._after):
                new = self._after[index]
                if new.name not in known and new.kind is old.kind and bool(new.default) == bool(old.default):
                    yield old.name, new.name

    @property
    def _heirs(self) -> dict[str, str]:
        """Parameters whose place and default a new one has: callers are served by position and by name."""
        known = {one.name for one in self._before}
        now = {one.name: one for one in self._after}
        pairs = zip(self._before, self._after, strict=False)
        return {
            old.name: new.name
            for old, new in pairs
            if new.name not in known and old.name in now and _plain(new.default) == _plain(old.default)
            if _plain(now[old.name].default) != _plain(old.default)
        }

    def _moved(self, removed: Sequence[str]) -> Iterator[Difference]:
        """Tell parameters that changed places among themselves from those that only moved up or down."""
        moved = self._names("PARAMETER_MOVED")
        if not moved:
            return
        known, heirs = {one.name for one in self._before}, self._heirs
        kept = {one.name for one in self._after} & known - heirs.keys()
        before = [one.name for one in self._before if one.name in kept]
        after = [one.name for one in self._after if one.name in kept]
        if before != after:
            swapped = [name for name, other in zip(before, after, strict=True) if name != other]
            listed = ", ".join(f"`{name}`" for name in swapped if name in moved)
            text = f"takes {listed or f'its {self._what}s'} in another order"
            yield Difference("order-changed", moved[0], text, certain=True, remedy="pass them by name")
            return
        first = next((one for one in self._after if one.name in moved and one.name not in heirs), None)
        if first is None:
            return
        put = [
            one.name for one in self._after[: list(self._after).index(first)] if one.name not in known and one.default
        ]
        if put and not removed:
            text = f"has the new {self._what} `{put[0]}` in front of `{first.name}`"
            yield Difference("order-shifted", first.name, text, certain=False, remedy=f"pass `{first.name}` by name")

    @staticmethod
    def _get(parameters: Sequence["griffe.Parameter"], name: str) -> "griffe.Parameter":
        return next(one for one in parameters if one.name == name)


def _container(parameters: Sequence["griffe.Parameter"]) -> "griffe.Module":
    import griffe  # noqa: PLC0415 - see GriffeModules

    holder = griffe.Module("api")
    function = griffe.Function("it", parameters=griffe.Parameters(*parameters))
    function.public = True
    holder.set_member("it", function)
    return holder


def _caller_side(function: "griffe.Function", *, bound: bool) -> list["griffe.Parameter"]:
    """Return copies of what a caller fills in; how `*args` and `**kwargs` are called is nobody's business."""
    import griffe  # noqa: PLC0415 - see GriffeModules

    stars = {griffe.ParameterKind.var_positional: "*", griffe.ParameterKind.var_keyword: "**"}
    given = list(function.parameters)
    if bound and given and given[0].kind not in stars:
        given = given[1:]
    return [
        griffe.Parameter(stars.get(one.kind, one.name), annotation=one.annotation, kind=one.kind, default=one.default)
        for one in given
    ]


def _matched(
    before: list["griffe.Parameter"], after: list["griffe.Parameter"]
) -> tuple[list["griffe.Parameter"], list["griffe.Parameter"]]:
    """Give positional-only parameters of base the names that head has for their places."""
    for old, new in zip(before, after, strict=False):
        if _word(old) == "positional-only" and _word(new).startswith("positional"):
            old.name = new.name
    return before, after


def _narrowed(before: Sequence["griffe.Parameter"], after: Sequence["griffe.Parameter"]) -> Iterator[Difference]:
    now = {one.name: one for one in after}
    for old in before:
        new = now.get(old.name)
        if new is None or old.annotation is None or new.annotation is None:
            continue
        lost = union_members(old.annotation) - union_members(new.annotation)
        whole = union_members(new.annotation)
        if lost and whole < union_members(old.annotation) and not whole & _ANYTHING:
            text = f"no longer says that `{old.name}` may be {' or '.join(f'`{one}`' for one in sorted(lost))}"
            yield Difference("annotation-narrowed", old.name, text, certain=False)


def _returned(old: "griffe.Function", new: "griffe.Function") -> Iterator[Difference]:
    if old.returns is None or new.returns is None:
        return
    before, after = union_members(old.returns), union_members(new.returns)
    if "None" in after - before and before < after and before:
        yield Difference("return-widened", "", "may return None now", certain=False, remedy="handle None")


def _word(parameter: "griffe.Parameter") -> str:
    return parameter.kind.value if parameter.kind else ""


def _plain(default: object) -> str:
    text = str(default).replace('"', "'")
    return _EMPTY.get(text, text)
