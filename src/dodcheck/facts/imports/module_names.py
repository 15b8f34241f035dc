"""Which distribution a module may come from, and which a misspelt name may mean."""

import re

from packaging.utils import canonicalize_name

from dodcheck.facts.imports.known_distributions import KNOWN, NAMESPACES, PROVIDED

_VERSION = re.compile(r"_v\d+\w*$")  # google.cloud.logging_v2 comes with google-cloud-logging
_PART = re.compile(r"[a-z0-9]+")
_HOSTS = {"types", "pytest", "sphinx", "mkdocs", "flake8", "pylint", "mypy", "poetry"}  # stubs and plugins for others
_TELLING = 5  # letters from which on it is no coincidence that one name holds the other
_SHORT, _LONG = 5, 8  # letters from which on one edit, or two, are a slip rather than another word


def providers(module: str) -> list[str]:
    """Return the distributions that a module may come from, the likeliest first."""
    parts = [_VERSION.sub("", part) for part in module.split(".")]
    shared = parts[0] in NAMESPACES
    found: list[str] = []
    for size in range(len(parts), 0, -1):
        dotted = ".".join(parts[:size])
        if dotted in PROVIDED:
            return [*found, *PROVIDED[dotted]]
        if size > 1 or not shared:
            found.append(canonicalize_name("-".join(parts[:size])))
    top = canonicalize_name(parts[0])
    around = () if shared else (f"python-{top}", f"{top}-python", f"py-{top}", f"py{top}", f"{top}-py")
    return [*found, *around]


def is_listed(module: str) -> bool:
    """Tell whether the table names the distributions of a module, or of a package around it."""
    parts = module.split(".")
    return any(".".join(parts[:size]) in PROVIDED for size in range(1, len(parts) + 1))


def looks_like(name: str, module: str) -> bool:
    """Tell whether a distribution's name holds a module's: as one of its parts, or as a long run of letters."""
    parts, wanted = _PART.findall(name), _PART.findall(module.lower())
    squashed = "".join(wanted)
    if name.endswith("-stubs") or (parts[0] in _HOSTS and not squashed.startswith(parts[0])):
        return False
    return squashed in parts or (len(squashed) >= _TELLING and squashed in "".join(parts))


def lookalike(name: str) -> str | None:
    """Return the well-known distribution that a canonical name is a misspelling of, or the module's that it repeats."""
    if name in KNOWN:
        return None
    for module, names in PROVIDED.items():
        if module.lower().replace("_", "-") == name and name not in names:
            return names[0]
    return next((known for known in sorted(KNOWN) if known[0] == name[0] and _is_slip(name, known)), None)


def _is_slip(name: str, known: str) -> bool:
    ours, theirs = name.split("-"), known.split("-")
    if len(ours) != len(theirs):
        return name.replace("-", "") == known.replace("-", "")
    differing = [(one, other) for one, other in zip(ours, theirs, strict=True) if one != other]
    if len(differing) != 1:
        return False
    ((one, other),) = differing
    siblings = one.rstrip("0123456789") == other.rstrip("0123456789") and one[-1].isdigit() and other[-1].isdigit()
    allowed = 0 if siblings or len(other) < _SHORT else 1 if len(other) < _LONG else 2
    return 0 < _edits(one, other) <= allowed


def _edits(one: str, other: str) -> int:
    """Count the letters to add, drop, replace or swap with their neighbour between two words."""
    before: list[int] = []
    last = list(range(len(other) + 1))
    for i, letter in enumerate(one, 1):
        row = [i]
        for j, its in enumerate(other, 1):
            row.append(min(last[j] + 1, row[j - 1] + 1, last[j - 1] + (letter != its)))
            if i > 1 and j > 1 and letter == other[j - 2] and one[i - 2] == its:
                row[j] = min(row[j], before[j - 2] + 1)
        before, last = last, row
    return last[-1]
