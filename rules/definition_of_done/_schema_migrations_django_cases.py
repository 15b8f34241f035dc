"""Cases of the rule `schema-migrations`: Django."""

from ._schema_migrations_trees import asks, fails, passes, silent

_HEAD = "from django.db import models\n\n\n"
_BOOK = f"{_HEAD}class Book(models.Model):\n    title = models.CharField(max_length=50)\n"
_FIRST = (
    "from django.db import migrations, models\n\n\nclass Migration(migrations.Migration):\n"
    "    initial = True\n    dependencies = []\n    operations = [\n        migrations.CreateModel(\n"
    "            name='Book',\n            fields=[('id', models.AutoField(primary_key=True)),"
    " ('title', models.CharField(max_length=50))],\n        ),\n    ]\n"
)
_SHELF = {"alembic.ini": "", "migrations/versions/aaaa_first.py": "", "app/models.py": "", "shop/models.py": _BOOK,
          "shop/migrations/0001_initial.py": _FIRST, "shop/migrations/__init__.py": ""}  # fmt: skip
_PAGES = "    pages = models.IntegerField(null=True)\n"
_ADD = "migrations.AddField(model_name='book', name='pages', field=models.IntegerField(null=True))"
_ABSTRACT = (
    f"{_HEAD}class Dated(models.Model):\n    at = models.DateTimeField(null=True)\n\n"
    "    class Meta:\n        abstract = True\n"
)
_FROM = f"from shop.dated import Dated\n{_BOOK.replace('models.Model', 'Dated')}"
_FORM = "from django import forms\n\n\nclass Form(forms.Form):\n    a = forms.CharField(max_length=3)\n"
_FILL = "\n\ndef fill(apps, schema_editor):\n    apps.get_model('shop', 'Book').objects.update(pages=1)\n"


def _migration(
    *operations: str, after: str = "0001_initial", doc: str = "Count the pages of every book.", more: str = ""
) -> str:
    listed = "".join(f"        {one},\n" for one in operations)
    return (
        f'"""{doc}"""\nfrom django.db import migrations, models\n{more}\n\nclass Migration(migrations.Migration):\n'
        f"    dependencies = [('shop', '{after}')]\n    operations = [\n{listed}    ]\n"
    )


def _meta(*lines: str) -> str:
    return "\n    class Meta:\n" + "".join(f"        {line}\n" for line in lines)


_SECOND = "shop/migrations/0002_pages.py"
_ISBN = "    isbn = models.CharField(max_length=13, db_index=True)\n"
_INDEX = "indexes = [models.Index(fields=['title', 'isbn'])]"
_DROP = "migrations.DeleteModel(name='Book')"
_MAKE = (
    "migrations.CreateModel(name='Book', fields=[('id', models.AutoField(primary_key=True)),"
    " ('title', models.CharField(max_length=50)), ('isbn', models.CharField(max_length=13, db_index=True))],"
    " options={'indexes': [models.Index(fields=['title', 'isbn'])]})"
)
_PAGED = _SHELF | {"shop/models.py": _BOOK + _PAGES, _SECOND: _migration(_ADD)}
_RUN = "migrations.RunPython(fill, migrations.RunPython.noop)"

DJANGO = [
    fails("a Django field and no migration", {"shop/models.py": _BOOK + _PAGES}, _SHELF),
    passes("a Django field and its migration", {"shop/models.py": _BOOK + _PAGES, _SECOND: _migration(_ADD)}, _SHELF),
    silent(
        "a proxy has no table", {"shop/models.py": f"{_BOOK}\n\nclass Novel(Book):\n{_meta('proxy = True')}"}, _SHELF
    ),
    silent(
        "an unmanaged model is not Django's business",
        {"shop/models.py": f"{_BOOK}\n\nclass View(models.Model):\n{_PAGES}{_meta('managed = False')}"},
        _SHELF,
    ),
    fails(
        "an abstract model of another module gained a field",
        {"shop/dated.py": _ABSTRACT},
        _SHELF
        | {
            "shop/dated.py": _ABSTRACT.replace("    at = models.DateTimeField(null=True)\n", ""),
            "shop/models.py": _FROM,
        },
    ),
    fails("an index in Meta", {"shop/models.py": _BOOK + _meta("indexes = [models.Index(fields=['title'])]")}, _SHELF),
    fails("unique_together in Meta", {"shop/models.py": _BOOK + _meta("unique_together = [('id', 'title')]")}, _SHELF),
    fails("another db_table", {"shop/models.py": _BOOK + _meta("db_table = 'books'")}, _SHELF),
    silent(
        "choices are written down by makemigrations and seen by no database",
        {"shop/models.py": _BOOK.replace("max_length=50", "max_length=50, choices=[('a', 'A')]")},
        _SHELF,
    ),
    silent("a verbose name in Meta", {"shop/models.py": _BOOK + _meta("verbose_name = 'book'")}, _SHELF),
    silent(
        "a form is no model",
        {"shop/forms.py": _FORM},
        _SHELF,
    ),
    fails(
        "two Django migrations after the same one",
        {"shop/models.py": _BOOK + _PAGES, _SECOND: _migration(_ADD)},
        _SHELF | {"shop/migrations/0002_other.py": _migration("migrations.RunPython(f, f)")},
    ),
    fails(
        "a Django field is removed without a word",
        {
            "shop/models.py": _BOOK,
            "shop/migrations/0003_less.py": _migration(
                "migrations.RemoveField('book', 'pages')", after="0002_pages", doc="tidy up"
            ),
        },
        _PAGED,
    ),
    passes(
        "NOT NULL after a data migration",
        {
            "shop/models.py": _BOOK + _PAGES.replace("null=True", ""),
            "shop/migrations/0003_fill.py": _migration(
                _RUN,
                "migrations.AlterField('book', 'pages', models.IntegerField())",
                after="0002_pages",
                more=_FILL,
            ),
        },
        _PAGED,
    ),
    passes(
        "only the choices of a field that was NOT NULL before are altered",
        {
            "shop/models.py": _BOOK.replace("max_length=50", "max_length=50, choices=[('a', 'A')]"),
            "shop/migrations/0002_choices.py": _migration(
                "migrations.AlterField('book', 'title', models.CharField(max_length=50, choices=[('a', 'A')]))",
                doc="Titles of the catalogue.",
            ),
        },
        _SHELF,
    ),
    passes(
        "the operations of a Django migration say what they do",
        {"shop/models.py": _BOOK + _PAGES, "shop/migrations/0002_auto_20260101_1200.py": _migration(_ADD, doc="")},
        _SHELF,
    ),
    asks(
        "the operations of a Django migration are made by code",
        {"shop/models.py": _BOOK + _PAGES, _SECOND: _migration().replace("[\n    ]", f"[{_ADD} for _ in range(1)]")},
        _SHELF,
    ),
    passes(
        "a Django migration of data is called after what it does",
        {"shop/migrations/0002_count_pages.py": _migration(_RUN, doc="", more=_FILL)},
        _SHELF,
    ),
    asks(
        "a Django migration of data that says nothing of itself",
        {"shop/migrations/0002_auto_20260101_1200.py": _migration(_RUN, doc="", more=_FILL)},
        _SHELF,
    ),
    passes(
        "a Django field is removed by a migration that is called after it",
        {
            "shop/models.py": _BOOK,
            "shop/migrations/0003_remove_book_pages.py": _migration(
                "migrations.RemoveField('book', 'pages')", after="0002_pages", doc=""
            ),
        },
        _PAGED,
    ),
    silent(
        "a length is a constant of the class now",
        {
            "shop/models.py": _BOOK.replace("max_length=50", "max_length=LONG").replace(
                "    title", "    LONG: int = 50\n    title"
            )
        },
        _SHELF,
    ),
    fails(
        "a length is a constant of another module now, and another one",
        {
            "shop/lengths.py": "LONG = 90\n",
            "shop/models.py": f"from shop.lengths import LONG\n{_BOOK}".replace("50", "LONG"),
        },
        _SHELF,
    ),
    passes(
        "a table is made anew with an index of a field and one of its options",
        {"shop/models.py": f"{_BOOK}{_ISBN}{_meta(_INDEX)}", "shop/migrations/0003_anew.py": _migration(_DROP, _MAKE)},
        _SHELF,
    ),
    passes(
        "the changelog says that a column goes",
        {
            "shop/models.py": _BOOK,
            "shop/migrations/0003_less.py": _migration(
                "migrations.RemoveField('book', 'pages')", after="0002_pages", doc=""
            ),
            "CHANGELOG.md": "# 2.0\n\n- The column `pages` of books is removed: export it before you migrate.\n",
        },
        _PAGED,
    ),
    passes(
        "a field leaves Django's picture alone, and the database keeps its column",
        {
            "shop/models.py": _BOOK,
            "shop/migrations/0003_less.py": _migration(
                "migrations.SeparateDatabaseAndState(state_operations=[migrations.RemoveField('book', 'pages')])",
                after="0002_pages",
                doc="",
            ),
        },
        _PAGED,
    ),
    silent(
        "another function cleans a field's values",
        {"shop/models.py": _BOOK.replace("max_length=50", "max_length=50, cleaner=clean_html")},
        _SHELF | {"shop/models.py": _BOOK.replace("max_length=50", "max_length=50, cleaner=clean_text")},
    ),
    asks(
        "only the code of a Django migration of base was edited",
        {"shop/migrations/0002_fill.py": _migration(_RUN, more=_FILL.replace("pages=1", "pages=2"))},
        _SHELF | {"shop/migrations/0002_fill.py": _migration(_RUN, more=_FILL)},
    ),
]
