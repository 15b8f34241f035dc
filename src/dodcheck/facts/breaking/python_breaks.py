"""Breaks of the Python interface: what others import from changed modules, old against new."""

from collections.abc import Callable, Iterator, Sequence
from functools import cached_property
from typing import TYPE_CHECKING, Self

from dodcheck.change import Both, Change, ChangedFile
from dodcheck.facts.breaking.announcements import announcement
from dodcheck.facts.breaking.breaks import Announcement, Break
from dodcheck.facts.breaking.classes import Member
from dodcheck.facts.breaking.comparisons import differences
from dodcheck.facts.breaking.griffe_objects import GriffeModules
from dodcheck.facts.breaking.outlines import outline
from dodcheck.facts.breaking.public_names import Address, PublicNames, module_name
from dodcheck.facts.breaking.registrations import Registrations
from dodcheck.facts.breaking.relatives import ClassRelatives
from dodcheck.facts.code.exports import is_api_file, is_generated
from dodcheck.facts.code.modules import Modules

if TYPE_CHECKING:
    import griffe

Named = tuple[str, tuple[Address, ...]]
Home = tuple[str, str]

_AROUND = 4  # lines above a definition that may hold its decorator
_TOLD_OF = 5  # names of a module that is gone by which a record may speak of it


class PythonBreaks:
    """Breaks of what modules of the change define and hand on.

    Args:
        change: The change.
        modules: Syntax trees.
        names: Public names.
        objects: griffe's objects.
        relatives: Ancestors of classes at head.
        registrations: Which functions decorators register.
    """

    def __init__(
        self,
        change: Change,
        modules: Both[Modules],
        names: Both[PublicNames],
        objects: Both[GriffeModules],
        relatives: ClassRelatives,
        registrations: Both[Registrations],
    ) -> None:
        self._change = change
        self._modules = modules
        self._names = names
        self._objects = objects
        self._relatives = relatives
        self._registrations = registrations

    @classmethod
    def of(
        cls,
        change: Change,
        modules: Both[Modules],
        names: Both[PublicNames],
        objects: Both[GriffeModules],
        relatives: ClassRelatives,
        registrations: Both[Registrations],
    ) -> Self:
        """Nothing is compared yet."""
        return cls(change, modules, names, objects, relatives, registrations)

    def compared(self, counts: Callable[[str], bool]) -> int:
        """Return how many public names stand in modules that others see differently now.

        Args:
            counts: Tells of a file at base whether its project is made for others to import.
        """
        paths = [file.base_path for file in self._files if file.base_path and counts(file.base_path)]
        return sum(1 for path in paths for _ in self._names.base.at(path))

    @cached_property
    def all(self) -> tuple[Break, ...]:
        """Every break, one a cause.

        Raises:
            ToolError: A module cannot be parsed.
        """
        found: dict[tuple[str, str], Break] = {}
        for one in (one for file in self._files for one in self._of_file(file)):
            found.setdefault((one.symbol, one.message), one)
        return tuple(found.values())

    @cached_property
    def _files(self) -> list[ChangedFile]:
        files = [f for f in self._change.files if f.base_path and is_api_file(f.base_path)]
        return [f for f in files if self._differs(f) and not is_generated(self._modules.base.text(f.base_path))]

    def _differs(self, file: ChangedFile) -> bool:
        if file.base_path != file.head_path:
            return True
        base, head = self._modules.base, self._modules.head
        return outline(base.tree(file.base_path)) != outline(head.tree(file.head_path))

    def _of_file(self, file: ChangedFile) -> Iterator[Break]:
        path = file.base_path or ""
        named = list(self._names.base.at(path))
        own = [address for _, addresses in named for address in addresses if address.path == path]
        if own and self._names.head.module_path(path) is None:
            yield self._module_gone(path, own)
            others = ((name, tuple(a for a in addresses if a.path != path)) for name, addresses in named)
            named = [(name, addresses) for name, addresses in others if addresses]
        for one in named:
            yield from self._of_name(path, one)

    def _module_gone(self, path: str, own: Sequence[Address]) -> Break:
        module = module_name(path)
        return Break(
            "python",
            "module-removed",
            module,
            f"module `{module}` is gone",
            path,
            1,
            declared=any(map(self._names.base.is_declared, own)),
            names=(module, module.rpartition(".")[2], *(one.name for one in own[:_TOLD_OF])),
            announced=self._announced(path, 1, len(self._lines(path))),
            module=module,
        )

    def _of_name(self, path: str, named: Named) -> Iterator[Break]:
        name, addresses = named
        home = self._names.base.home(Address(path, name)) or (path, name)
        old = self._objects.base.member(*home)
        missing = [one for one in addresses if self._names.head.home(one) is None]
        if gone := [one for one in missing if not self._names.head.is_served(one.path, one.name)]:
            yield from self._gone(gone, old, home)
        kept = min((one for one in addresses if one not in missing), key=lambda one: len(one.dotted), default=None)
        now = self._names.head.home(kept) if kept else None
        new = self._objects.head.member(*now) if now else None
        if kept and now and old is not None and new is not None and not old.is_alias and not new.is_alias:
            yield from self._compared(kept, addresses, (home, old), (now, new))  # type: ignore[arg-type] # no aliases

    def _gone(self, gone: Sequence[Address], old: "griffe.Object | griffe.Alias | None", home: Home) -> Iterator[Break]:
        listed = any(map(self._names.base.is_listed, gone))
        if old is None or (old.is_alias and not listed) or self._objects.base.is_internal(old):
            return
        declared = [one for one in gone if self._names.base.is_declared(one)]
        first = min(declared or gone, key=lambda one: len(one.dotted))
        word = "name" if old.is_alias else old.kind.value
        now = self._moved_to(first, home)
        unsure = all(self._names.head.is_served(one.path, one.name) is None for one in gone)
        words = f"{word} `{first.dotted}` is gone" + (f"; it lives on as `{now.dotted}`" if now else "")
        begin, end = self._objects.base.lines(old)
        yield Break(
            "python",
            f"{word}-removed",
            first.dotted,
            words + ("; a module `__getattr__` may still serve it" if unsure else ""),
            home[0],
            begin,
            certain=not unsure,
            declared=bool(declared),
            names=(first.dotted, first.name),
            remedy=f"import `{now.dotted}`" if now else "",
            announced=self._announced(home[0], begin - _AROUND, end),
            module=first.module,
        )

    def _moved_to(self, address: Address, home: Home) -> Address | None:
        """Find where a name that is gone went: under its name in another module of the change."""
        for file in self._change.files:
            if file.head_path and file.head_path != home[0] and is_api_file(file.head_path):
                at = Address(file.head_path, address.name)
                said = address.name in self._modules.head.text(at.path)
                if said and self._names.head.home(at) == (at.path, at.name):
                    return at
        return None

    def _compared(
        self,
        address: Address,
        addresses: Sequence[Address],
        was: "tuple[Home, griffe.Object]",
        now: "tuple[Home, griffe.Object]",
    ) -> Iterator[Break]:
        (home, old), (new_home, new) = was, now
        if self._registrations.base.holds(*home) and self._registrations.head.holds(*new_home):
            return
        found = list(differences(old, new, self._relatives.above(*new_home)))
        declared = bool(found) and any(map(self._names.base.is_declared, addresses))
        for one in found:
            stretch = self._stretch(old, one)
            place = home[0] if one.gone else new_home[0]
            yield self._break(address, one, place, self._announced(home[0], *stretch), declared=declared)

    def _stretch(self, old: "griffe.Object", one: Member) -> tuple[int, int, str]:
        """Return the lines of base where the end of something may be announced, and what they must name."""
        subject = one.difference.subject.lstrip("*")
        of_class = one.name == "__init__" and subject  # whose docstring is the place for it
        member = old if of_class else old.members.get(one.name, old)
        begin, end = self._objects.base.lines(member)
        whole = member is not old or old.is_function or bool(subject)
        return begin - _AROUND, end if whole else begin, subject

    @staticmethod
    def _break(address: Address, one: Member, path: str, announced: Announcement | None, *, declared: bool) -> Break:
        inside = [one.name] if one.name and one.name != "__init__" else []
        symbol, short = ".".join([address.dotted, *inside]), ".".join([address.name, *inside])
        subject = one.difference.subject.lstrip("*")
        return Break(
            "python",
            one.difference.code,
            symbol,
            f"`{symbol}` {one.difference.text}",
            path,
            one.line,
            certain=one.difference.certain,
            declared=declared,
            names=tuple(dict.fromkeys(filter(None, (subject, *inside, short, symbol)))),
            remedy=one.difference.remedy,
            announced=announced,
            module=address.module,
            owner=address.name if inside else "",
        )

    def _announced(self, path: str, first: int, last: int, name: str = "") -> Announcement | None:
        return announcement(self._lines(path), path, max(first, 1), last, name)

    def _lines(self, path: str) -> list[str]:
        return self._modules.base.text(path).splitlines()
