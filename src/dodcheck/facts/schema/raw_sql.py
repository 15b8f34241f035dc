"""SQL in migrations, read as far as names and the sort of statement go."""

import re
from collections.abc import Iterator

from dodcheck.facts.schema.operations import Kind, Operation

_NAME = r"[\"`\[]?(?:\w+[\"`\]]?\.[\"`\[]?)?(\w+)[\"`\]]?"
_IF = r"(?:IF\s+(?:NOT\s+)?EXISTS\s+)?(?:ONLY\s+)?"
_COLUMN = r"(?:COLUMN\s+)?(?:IF\s+(?:NOT\s+)?EXISTS\s+)?"
_ALTER = re.compile(rf"\bALTER\s+TABLE\s+{_IF}{_NAME}(.*?)(?=;|\bALTER\s+TABLE\b|\Z)", re.IGNORECASE | re.DOTALL)
_PARTS: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    (
        "drop column",
        re.compile(rf"\bDROP\s+(?!CONSTRAINT|NOT|DEFAULT|INDEX|PRIMARY|FOREIGN){_COLUMN}{_NAME}", re.IGNORECASE),
    ),
    (
        "add column",
        re.compile(rf"\bADD\s+(?!CONSTRAINT|PRIMARY|FOREIGN|UNIQUE|CHECK|INDEX){_COLUMN}{_NAME}", re.IGNORECASE),
    ),
    ("rename column", re.compile(rf"\bRENAME\s+(?!TO\b|CONSTRAINT){_COLUMN}{_NAME}\s+TO\b", re.IGNORECASE)),
    ("alter column", re.compile(rf"\b(?:ALTER|MODIFY|CHANGE)\s+{_COLUMN}{_NAME}", re.IGNORECASE)),
)
_WHOLE: tuple[tuple[Kind, re.Pattern[str]], ...] = (
    ("drop table", re.compile(rf"\bDROP\s+TABLE\s+{_IF}{_NAME}", re.IGNORECASE)),
    ("create table", re.compile(rf"\bCREATE\s+(?:\w+\s+)?TABLE\s+{_IF}{_NAME}", re.IGNORECASE)),
    ("rename table", re.compile(rf"\bALTER\s+TABLE\s+{_IF}{_NAME}\s+RENAME\s+TO\b", re.IGNORECASE)),
)
_ENUM = re.compile(rf"\bALTER\s+TYPE\s+{_NAME}\s+(?:ADD\s+VALUE|RENAME)", re.IGNORECASE)
_NOT_NULL = re.compile(r"\bSET\s+NOT\s+NULL\b", re.IGNORECASE)
_FILLS = re.compile(r"\b(UPDATE|INSERT\s+INTO|COPY|MERGE)\b", re.IGNORECASE)


def statements(text: str, line: int) -> Iterator[Operation]:
    """Yield what SQL does; a statement of no known sort is yielded as it is.

    Args:
        text: One or more statements.
        line: 1-based line of the call.
    """
    found = False
    for kind, pattern in _WHOLE:
        for match in pattern.finditer(text):
            found = True
            yield Operation(kind, (match[1],), text=text, line=line)
    for match in _ENUM.finditer(text):
        found = True
        yield Operation("enum", name=match[1], text=text, line=line)
    for table in _ALTER.finditer(text):
        for kind, pattern in _PARTS:
            for match in pattern.finditer(table[2]):
                found = True
                strict = kind == "alter column" and bool(_NOT_NULL.search(table[2]))
                yield Operation(kind, (table[1],), (match[1],), strict=strict, text=text, line=line)
    if not found:
        yield Operation("sql", text=text, line=line)


def fills(text: str) -> bool:
    """Tell whether SQL writes rows."""
    return bool(_FILLS.search(text))
