"""What is installed with dodcheck may be used, and the documentation says under which licence."""

from importlib.metadata import distribution

import pytest
from licences import PAGE, allowed, installed, licence


def test_the_page_tells_the_licence_of_each_requirement() -> None:
    """What those need in their turn changes with their releases, and is held to the list of licences alone."""
    told = {line.rpartition("|")[0].rpartition("|")[0] for line in PAGE.read_text(encoding="utf-8").splitlines()}
    own = [
        f"| {name} | {licence(distribution(name))} " for name, parents in installed().items() if "dodcheck" in parents
    ]
    assert own
    assert told.issuperset(own), "`make licences` writes it"


def test_dependencies_of_dependencies_are_listed() -> None:
    assert installed()["markupsafe"] == {"jinja2"}


@pytest.mark.parametrize("name", sorted(installed()))
def test_every_licence_is_allowed(name: str) -> None:
    assert allowed(licence(distribution(name)))


@pytest.mark.parametrize(
    ("expression", "fine"),
    [
        ("MIT", True),
        ("GPL-3.0-only OR MIT", True),
        ("MIT AND GPL-3.0-only", False),
        ("(MIT AND ISC) OR GPL-3.0-only", True),
        ("GNU General Public License", False),
        ("", False),
    ],
)
def test_one_of_the_licences_to_choose_from_must_be_allowed(expression: str, *, fine: bool) -> None:
    assert allowed(expression) is fine
