"""Trees that the cases of the rule `setup-docs` share, and the four outcomes as functions."""

from collections.abc import Mapping

from dodcheck.rule import Case, Status

FILL = "".join(f"Line {number} of the manual.\n\n" for number in range(9))
README = f"# app\n\n{FILL}"


def project(*names: str, rest: str = "") -> str:
    """Return a pyproject.toml with these dependencies."""
    listed = ", ".join(f'"{name}"' for name in names)
    return f'[project]\nname = "app"\nversion = "1"\nrequires-python = ">=3.11"\ndependencies = [{listed}]\n{rest}'


COMMON = {"pyproject.toml": project("click>=8"), "README.md": README, "app/a.py": "import os\n"}
MONOREPO = {
    "README.md": README,
    "packages/api/README.md": README,
    "packages/api/pyproject.toml": project("click"),
    "packages/api/api/a.py": "import os\n",
    "pyproject.toml": project("rich"),
}


def reads(code: str) -> dict[str, str]:
    """Return the module of the common tree with other code in it."""
    return {"app/a.py": f"import os\n{code}\n"}


def fails(name: str, new: Mapping[str, str], old: Mapping[str, str] | None = None, **options: object) -> Case:
    """Both sides are the common tree with files on top; an empty text takes a file out."""
    return _case(name, Status.FAIL, new, old or {}, options)


def passes(name: str, new: Mapping[str, str], old: Mapping[str, str] | None = None, **options: object) -> Case:
    """See `fails`."""
    return _case(name, Status.PASS, new, old or {}, options)


def asks(name: str, new: Mapping[str, str], old: Mapping[str, str] | None = None, **options: object) -> Case:
    """See `fails`; a person must look."""
    return _case(name, Status.NEEDS_REVIEW, new, old or {}, options)


def silent(name: str, new: Mapping[str, str], old: Mapping[str, str] | None = None, **options: object) -> Case:
    """See `fails`; the rule has nothing to say."""
    return _case(name, Status.NOT_APPLICABLE, new, old or {}, options)


def _case(
    name: str, expect: Status, new: Mapping[str, str], old: Mapping[str, str], options: Mapping[str, object]
) -> Case:
    before = {path: text for path, text in {**COMMON, **old}.items() if text}
    after = {path: text for path, text in {**before, **new}.items() if text}
    return Case(name, expect, before, after, options=options)
