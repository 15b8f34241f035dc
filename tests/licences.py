"""The licences of what is installed with dodcheck, from the installed metadata; run as a script it writes the page.

Source: core metadata 2.4 (PEP 639), `License-Expression`; older distributions have the free text `License`, or a
classifier.
"""

import re
from importlib.metadata import Distribution, distribution
from pathlib import Path

from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

PAGE = Path(__file__).parent.parent / "docs" / "licences.md"
ALLOWED = frozenset({"Apache-2.0", "BSD-2-Clause", "BSD-3-Clause", "ISC", "MIT", "MPL-2.0", "PSF-2.0"})
_CLASSIFIED = {
    "BSD License": "BSD-3-Clause",  # read in the licence files of those that have no more than the classifier
    "MIT License": "MIT",
    "Mozilla Public License 2.0 (MPL 2.0)": "MPL-2.0",
}
_HEAD = """# Licences of the dependencies

What `pip install dodcheck` installs, by the packages' own metadata. `make licences` writes this page, and a test
holds each licence against those that are allowed here: {allowed}.

| package | licence | needed by |
| --- | --- | --- |
"""


def installed() -> dict[str, set[str]]:
    """Return the runtime dependencies of dodcheck, each with the packages that need it."""
    needed_by: dict[str, set[str]] = {}
    waiting = ["dodcheck"]
    while waiting:
        parent = waiting.pop()
        for name in _needs(distribution(parent)):
            if name not in needed_by:
                waiting.append(name)
            needed_by.setdefault(name, set()).add(parent)
    return needed_by


def licence(found: Distribution) -> str:
    """Return a distribution's licence as an SPDX expression, or as it says where that is none.

    Raises:
        LookupError: its metadata names none.
    """
    said = [one for key in ("License-Expression", "License") for one in found.metadata.get_all(key) or ()]
    classifiers = found.metadata.get_all("Classifier") or ()
    classified = [one.rpartition(" :: ")[2] for one in classifiers if one.startswith("License ::")]
    named: list[str] = [_CLASSIFIED.get(one, one) for one in (*said, *classified)]
    if not named:
        raise LookupError(f"{found.name} names no licence")
    return named[0]


def allowed(expression: str) -> bool:
    """Tell whether a licence, or one of those that may be chosen, is on the list."""
    return any(ALLOWED.issuperset(re.split(r" AND ", one.strip("() "))) for one in expression.split(" OR "))


def page() -> str:
    """Return the page."""
    rows = [
        f"| {name} | {licence(distribution(name))} | {', '.join(sorted(parents))} |"
        for name, parents in sorted(installed().items())
    ]
    return _HEAD.format(allowed=", ".join(sorted(ALLOWED))) + "\n".join(rows) + "\n"


def _needs(found: Distribution) -> list[str]:
    """Return what a distribution needs without its extras."""
    wanted = [Requirement(line) for line in found.requires or ()]
    return [canonicalize_name(one.name) for one in wanted if one.marker is None or one.marker.evaluate({"extra": ""})]


if __name__ == "__main__":
    PAGE.write_text(page(), encoding="utf-8")
