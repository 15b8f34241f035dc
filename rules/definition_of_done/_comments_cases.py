"""Cases of the rule comments: what calls for a comment, and what counts as one."""

from collections.abc import Mapping
from textwrap import indent

from dodcheck.rule import Case, Status

_FAIL, _PASS, _REVIEW, _NA = Status.FAIL, Status.PASS, Status.NEEDS_REVIEW, Status.NOT_APPLICABLE
_P = "src/app/core.py"
_HEAD = "import re\nimport threading\nimport torch\nimport time\nimport json\n"
_ONE = {"max_unexplained": 1}
_BITS = "i = (i & -i) >> 3"
_SHAPES = "x = x.view(b, t, h, d).permute(0, 2, 1, 3)"
_REGEX = r"m = re.match(r'(?<!\w)(\d+)-\1(?!\w)', s)"
_DEEP = indent("for a in x:\n  if a:\n    while b:\n      if c:\n        if d:\n          go(a)\n", "  ")


def _function(body: str, docstring: str = "") -> str:
    first = f'  """{docstring}"""\n' if docstring else ""
    return f"{_HEAD}def f(x, i, s):\n{first}{indent(body, '  ')}\n"


def _one(name: str, expect: Status, body: str, docstring: str = "") -> Case:
    """A new function, where one place without a reason is one too many."""
    return Case(name, expect, {}, {_P: _function(body, docstring)}, options=_ONE)


def _new(name: str, expect: Status, code: str, path: str = _P) -> Case:
    return Case(name, expect, {}, {path: code}, options=_ONE)


def _altered(name: str, expect: Status, before: str | Mapping[str, str], after: str | Mapping[str, str]) -> Case:
    old, new = ({_P: tree} if isinstance(tree, str) else tree for tree in (before, after))
    return Case(name, expect, old, new, options=_ONE)


_PLACES = {
    "much branching": _DEEP.replace("\n  ", "\n").strip(),
    "a regular expression that looks around": _REGEX,
    "a long regular expression": r"m = re.search('[a-z]+[0-9]{3}[^@]+@[a-z]+[.]com', s)",
    "bit arithmetic": _BITS,
    "bits by masks": "x = (x ^ (x >> 7)) & 0x3F",
    "comprehensions inside each other": "y = [[g(a) for a in row if a] for row in x]",
    "a number without a name": "y = x * 0.8473",
    "a threshold without a name": "if x > 47:\n  go(x)",
    "a fixed pause": "time.sleep(5)",
    "a tiny number for stability": "y = x / (x.norm() + 1e-8)",
    "a bound for stability": "y = torch.clamp(x, min=1e-6).log()",
    "the greatest value taken off before the exponential": "y = torch.exp(x - x.max())",
    "a chain of shape changes": _SHAPES,
    "an Einstein sum": "y = torch.einsum('bqd,bkd->bqk', x, x)",
    "SQL of three clauses": "db.run('SELECT a, b FROM c JOIN d USING (e) WHERE a > 1 ORDER BY b')",
    "a lock": "lock = threading.Lock()",
    "a global": "global cache\ncache = x",
    "code made at run time": "exec(s)",
    "a patch of foreign code": "json.dumps = x",
    "a default for every error": "try:\n  y = go(x)\nexcept Exception:\n  y = 0\nreturn y",
    "a branch that does nothing": "if x:\n  pass\nelse:\n  go(i)",
}
_PLAIN = {
    "arithmetic with small numbers": "y = (x + 1) * 2 / 100",
    "a number with a name": "LIMIT = 47\nif x > LIMIT:\n  go(x)",
    "a count": "if len(x) == 6:\n  go(x)",
    "a status code": "if r.status_code == 404:\n  go(x)",
    "units of time": "y = x * 60 * 60 * 24",
    "text repeated": "y = '=' * 70",
    "a simple comprehension": "y = [g(a) for a in x if a]",
    "flags": "y = re.I | re.M",
    "a mask of rows": "y = x[(x.a > 0) & (x.b > 0)]",
    "a short regular expression": "m = re.match('[a-z]+', s)",
    "a simple query": "db.run('SELECT a FROM b WHERE c = 1')",
    "one shape change": "y = x.view(-1)",
    "a view that is no array's": "y = app.view(x)",
    "sleeping for no time": "time.sleep(0)",
    "a narrow handler that passes": "try:\n  go(x)\nexcept KeyError:\n  pass",
    "an attribute of its own": "x.limit = s",
    "an annotation": "y: int | None = x",
}
_EXPLAINED = {
    "a comment above": "# keeps the lowest set bit and drops the flags\n" + _BITS,
    "a comment behind": _BITS + "  # keeps the lowest set bit, flags dropped",
    "a comment at the top of the paragraph": "# the lowest set bit is the slot's number\ny = i\nz = y\n" + _BITS,
    "a comment two lines above": "# the lowest set bit is the slot's number\n\n" + _BITS,
    "a comment inside": "y = (  # the lowest set bit is the slot\n  (i & -i) >> 3\n)",
    "a reference": "# RFC 1071\n" + _BITS,
    "a shape beside the code": _SHAPES + "  # (B, T, C)",
    "shapes with crosses": _SHAPES + "  # B x H x T",
    "a comment inside much branching": _DEEP.replace("\n  ", "\n").strip() + "  # stale nodes come last, see prune",
    "a regular expression in verbose mode": "m = re.match(r'''(?x)\n (\\d+)  # hours, in digits\n (?=:)\n''', s)",
    "SQL with its own comment": "db.run('''SELECT a FROM c -- the newest row of each\nWHERE a ORDER BY b''')",
    "a comment in another language": "# das unterste gesetzte Bit bleibt\n" + _BITS,
    "a language without spaces": "# 最下位ビットだけを残す\n" + _BITS,
}
_NO_REASON = {
    "two words": "# bit magic\n" + _BITS,
    "a promise alone": "# TODO: find out what this does here\n" + _BITS,
    "a comment far above": "# the lowest set bit is the slot\ny = i\n\n\n" + _BITS,
    "a comment below": _BITS + "\n# the lowest set bit is the slot",
    "a directive": _BITS + "  # fmt: skip",
}
_SEEMING = {
    "the code in words": "# increment i\n" + _BITS,
    "the names of the code in words": "# compute torch einsum of x and y\ny = torch.einsum('bqd,bkd->bqk', x, x)",
    "the name of the function": "# compute f of x\n" + _SHAPES,
    "code that was commented out": "# i = i >> 3\n" + _BITS,
    "a call that was commented out": "# go(i, 3)\n" + _BITS,
    "a condition that was commented out": "# if i > 3:\n" + _BITS,
}
_QUIET = "try:\n  go(x)\nexcept Exception:\n  pass"
_BARE = {
    "every error dropped": _QUIET,
    "every error dropped, a bare except": _QUIET.replace(" Exception", ""),
    "all type errors silenced": "y = x.z  # type: ignore",
    "all lint errors silenced": "y = go(s)  # noqa",
    "an order above is no reason": "# noqa\n" + _QUIET,
}
_CODED = {
    "a type error silenced": "y = x.z  # type: ignore[attr-defined]",
    "a lint error silenced": "go(s)  # noqa: S307",
    "a security finding silenced": "go(x, shell=True)  # nosec B602",
}
_REASONED = {
    "an error dropped with a reason": _QUIET.replace("pass", "pass  # telemetry must never break the command"),
    "a broad handler with a reason that logs": _QUIET.replace(
        "Exception:\n  pass", "Exception:  # plugin code may raise anything; logged\n  log.exception('plugin')"
    ),
    "a broad handler that logs": _QUIET.replace("pass", "log.exception('no mail')"),
    "a type error silenced with a reason": "y = x.z  # type: ignore[attr-defined]  # the stub lacks z",
    "a lint error silenced with a reason above": "# the input is our own file\ngo(s)  # noqa: S307",
}
_OLD = _function(_BITS)
_CHANGES = [
    _altered("unchanged code beside a change", _NA, _OLD, _OLD + "def g(): ...\n"),
    _altered("an old place in a changed function", _NA, _OLD, _OLD.replace("def f(x", "def f(y, x")),
    _altered("a new place in an old function", _REVIEW, _function("y = i"), _OLD),
    _altered("the function moved to another file", _NA, {"a.py": _OLD, "b.py": ""}, {"a.py": "", "b.py": _OLD}),
    _altered("the file moved", _NA, {"app/a.py": _OLD}, {"core/b.py": _OLD}),
    _altered("a copy of an old place", _REVIEW, _OLD, _OLD + _OLD.replace("def f", "def g")),
    _altered("only a comment went", _NA, _function("# keeps the lowest set bit\n" + _BITS), _OLD),
    _altered("the function is gone", _NA, _OLD, _HEAD),
    _altered(
        "branching that was too much before",
        _NA,
        f"{_HEAD}def f(x):\n{_DEEP}",
        f"{_HEAD}def f(x):\n{_DEEP.replace('go(a)', 'go(a, x)')}",
    ),
    _altered("an old suppression", _NA, _function("y = x.z  # noqa"), _function("y = x.z  # noqa") + "A = 1\n"),
    _altered("base cannot be parsed", _REVIEW, "print 1\n", _OLD),
]
_FILES = [
    _new("a constant at the top of a module", _REVIEW, "import re\nA = re.compile(r'(?<=a)b')\n"),
    _new("a place in the body of a class", _REVIEW, "class A:\n  b = (1 << 4) | (1 << 7)\n"),
    _new("a metaclass", _REVIEW, "class A(type):\n  pass\n"),
    _new("an abstract class", _NA, "import abc\nclass A(metaclass=abc.ABCMeta):\n  pass\n"),
    _new("in a test", _NA, _OLD, "tests/test_core.py"),
    _new("in an example", _NA, _OLD, "examples/demo.py"),
    _new("in a document", _NA, _OLD, "docs/core.md"),
    _new("in generated code", _NA, "# Generated by protoc. DO NOT EDIT.\n" + _OLD),
    _new("a broken file", Status.ERROR, "def ("),
    _new("a re-export in a package", _NA, "from .a import b  # noqa: F401\n", "src/app/__init__.py"),
]
_EINSUM_BLOCK = "\n".join(f"x{n} = torch.einsum('bqd,bkd->bqk', x{n - 1}, x0)" for n in range(1, 61))
_COUNTED = [
    Case("two places without a comment are noted", _PASS, {}, {_P: _function(f"{_BITS}\n{_SHAPES}")}),
    Case("three are for a person", _REVIEW, {}, {_P: _function(f"{_BITS}\n{_SHAPES}\n{_REGEX}")}),
    Case("sixty lines of Einstein sums", _REVIEW, {}, {_P: _function(_EINSUM_BLOCK)}),
    Case("a suppression with its code is one place", _PASS, {}, {_P: _function(_CODED["a lint error silenced"])}),
    Case(
        "every suppression fails where the team says so",
        _FAIL,
        {},
        {_P: _function(_CODED["a lint error silenced"])},
        options={"silenced": "all"},
    ),
    Case("a fail does not wait for a third", _FAIL, {}, {_P: _function(_QUIET)}),
]

CASES = [
    *(_one(f"{name}, no comment", _REVIEW, body) for name, body in _PLACES.items()),
    *(_one(name, _NA, body) for name, body in _PLAIN.items()),
    *(_one(f"explained by {name}", _PASS, body) for name, body in _EXPLAINED.items()),
    *(_one(f"not explained by {name}", _REVIEW, body) for name, body in _NO_REASON.items()),
    *(_one(f"a comment that only seems to explain: {name}", _FAIL, body) for name, body in _SEEMING.items()),
    *(_one(f"{name} without a reason", _FAIL, body) for name, body in _BARE.items()),
    *(_one(f"{name} by its code, without a reason", _REVIEW, body) for name, body in _CODED.items()),
    *(_one(name, _NA, body) for name, body in _REASONED.items()),
    _one("named constants and a docstring formula", _PASS, "RATE = 0.85\ny = x ** 2.2 * RATE", "Gamma is x ** 2.2."),
    _one("the docstring speaks of something else", _REVIEW, "y = x ** 2.2", "Send the mail to everybody."),
    *_CHANGES,
    *_FILES,
    *_COUNTED,
]
