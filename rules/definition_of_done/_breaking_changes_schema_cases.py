"""Cases of the rule `breaking-changes`: the database schema, dependencies and entry points."""

from ._breaking_changes_trees import PROJECT, TREE, asks, fails, log, passes, silent

_HEAD = "from django.db import models\n\n\n"
_PRICE = "    price = models.CharField(max_length=50)\n"
_TITLE = "    title = models.CharField(max_length=80)\n"
_BOOK = f"{_HEAD}class Book(models.Model):\n{_TITLE}{_PRICE}"
_LESS = _BOOK.replace(_PRICE, "")
_LIBRARY = {**TREE, "shop/models.py": _BOOK}
_APP = {"pyproject.toml": '[project]\nname = "shop"\ndependencies = []\n', "shop/models.py": _BOOK}
_REMOVE = (
    "from django.db import migrations, models\n\n\nclass Migration(migrations.Migration):\n"
    "    dependencies = [('shop', '0001_initial')]\n"
    "    operations = [migrations.RemoveField(model_name='book', name='price')]\n"
)
_CORE = (
    "from sqlalchemy import Column, Integer, String\nfrom shop.base import Base\n\n\nclass Book(Base):\n"
    "    __tablename__ = 'book'\n    id = Column(Integer, primary_key=True)\n    isbn_text = Column(String(50))\n"
)
_DEPENDS = PROJECT.format("1.4.0", 'dependencies = ["click>={}"]\n')
_PLUGIN = PROJECT.format("1.4.0", '[project.entry-points.pytest11]\nshop_checks = "shop.checks"\n')
_EXTRA = PROJECT.format("1.4.0", '[project.optional-dependencies]\nfast = ["uvloop"]\n')
_PLAIN = PROJECT.format("1.4.0", "")


def _model(text: str) -> dict[str, str]:
    return {"shop/models.py": text}


def _manifest(text: str) -> dict[str, str]:
    return {"pyproject.toml": text}


SCHEMA = [
    fails("a column of a library's model is gone", _model(_BOOK), _model(_LESS), tree=_LIBRARY),
    fails("a table of a library is gone", _model(_BOOK), _model(_HEAD), tree=_LIBRARY),
    fails(
        "a column takes less than before",
        _model(_CORE),
        _model(_CORE.replace("String(50)", "String(20)")),
        tree={**TREE, "shop/models.py": _CORE, "shop/base.py": "class Base:\n    pass\n"},
    ),
    passes(
        "a column takes more than before",
        _model(_BOOK),
        _model(_BOOK.replace("max_length=50", "max_length=90")),
        tree=_LIBRARY,
    ),
    passes(
        "the changelog says where a column went",
        _model(_BOOK),
        {**_model(_BOOK.replace("price", "cost")), **log("`Book.price` was renamed to `Book.cost`.")},
        tree=_LIBRARY,
    ),
    passes(
        "the migration of a released application takes its own column away",
        _model(_BOOK),
        {**_model(_LESS), "shop/migrations/0002_less.py": _REMOVE},
        tree=_APP,
        released=["shop/models.py"],
    ),
    asks(
        "a released application loses a column, and nothing speaks of it",
        _model(_BOOK),
        _model(_LESS),
        tree=_APP,
        released=["shop/models.py"],
    ),
    passes("an application that was never released", _model(_BOOK), _model(_LESS), tree=_APP),
]

SURROUNDINGS = [
    asks("a library needs a newer dependency", _manifest(_DEPENDS.format("7.1")), _manifest(_DEPENDS.format("8.0"))),
    passes(
        "a library needs a newer dependency, and the commit says so",
        _manifest(_DEPENDS.format("7.1")),
        _manifest(_DEPENDS.format("8.0")),
        messages=["build: require `click` 8, for its shell completion"],
    ),
    silent("a patch of a dependency", _manifest(_DEPENDS.format("7.1.1")), _manifest(_DEPENDS.format("7.1.2"))),
    silent("an older dependency will do", _manifest(_DEPENDS.format("8.0")), _manifest(_DEPENDS.format("7.1"))),
    silent(
        "an application needs a newer dependency",
        _manifest('[project]\nname = "shop"\ndependencies = ["click>=7.1"]\n'),
        _manifest('[project]\nname = "shop"\ndependencies = ["click>=8.1"]\n'),
    ),
    fails("a plugin is no longer found", _manifest(_PLUGIN), _manifest(_PLAIN)),
    fails(
        "an extra that the README names is gone",
        {**_manifest(_EXTRA), "README.md": "pip install shop[fast]\n"},
        {**_manifest(_PLAIN), "README.md": "pip install shop\n"},
    ),
    asks("an extra that nothing names is gone", _manifest(_EXTRA), _manifest(_PLAIN)),
]
