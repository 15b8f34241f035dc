"""Django's regular expressions and converters as path templates."""

import re

_NAMED = re.compile(r"\(\?P<(\w+)>")
_ESCAPED = re.compile(r"\\([./\-_])")


def as_template(text: str, *, regex: bool) -> str:
    """Return a path template for a route of Django.

    Args:
        text: The route.
        regex: It is a regular expression, as `re_path` and the routers of the REST framework take them.
    """
    return _from_regex(text) if regex else text


def _from_regex(text: str) -> str:
    found: list[str] = []
    at = 0
    bare = text.removeprefix("^").removesuffix("$").removesuffix("\\Z").removeprefix("\\A")
    while at < len(bare):
        if bare[at] == "(":
            end = _closing(bare, at)
            group = bare[at : end + 1]
            named = _NAMED.match(group)
            found.append(f"{{{named[1]}}}" if named else _from_regex(group[3:-1]) if group.startswith("(?:") else "{}")
            at = end + 1
            while at < len(bare) and bare[at] in "?+*":
                at += 1
        else:
            found.append(bare[at])
            at += 1
    return _ESCAPED.sub(r"\1", "".join(found)).replace("/?", "/").replace("//", "/").removesuffix("$")


def _closing(text: str, start: int) -> int:
    depth = 0
    for at in range(start, len(text)):
        if text[at - 1 : at] == "\\":
            continue
        depth += {"(": 1, ")": -1}.get(text[at], 0)
        if depth == 0:
            return at
    return len(text) - 1
