"""Cases of the rule no-auto-mocks: what it must say of each way to make a mock."""

from collections.abc import Mapping

from dodcheck.rule import Case, Status

_FAIL, _PASS, _REVIEW = Status.FAIL, Status.PASS, Status.NEEDS_REVIEW
_T = "tests/test_a.py"
_MOCK = "from unittest import mock\nfrom unittest.mock import create_autospec, patch\n"
_CONFTEST = "import pytest\nfrom unittest.mock import create_autospec\nfrom app import Foo\n@pytest.fixture\n"
_OLD = _MOCK + "def test_a():\n    foo = create_autospec(Foo)\n    assert foo\n    assert foo.bar\n"
_SUPPORT = {"tests/support.py": "from functools import partial\n" + _MOCK + "auto = partial(patch, autospec=True)\n"}


def _new(name: str, expect: Status, code: str, before: Mapping[str, str] | None = None) -> Case:
    old = before or {}
    return Case(name, expect, old, {**old, _T: code})


def _uses(name: str, expect: Status, code: str, level: str = "autospec") -> Case:
    return Case(name, expect, {}, {_T: f"{_MOCK}{code}\n"}, options={"level": level})


def _dart(name: str, expect: Status, code: str, before: str = "") -> Case:
    path = "test/a_test.dart"
    return Case(name, expect, {path: before} if before else {}, {path: code})


def _altered(name: str, expect: Status, before: str, after: str) -> Case:
    return Case(name, expect, {_T: before}, {_T: after})


_FORMS = [
    _uses("create_autospec", _FAIL, "foo = create_autospec(Foo, instance=True)"),
    _uses("patch with autospec, as a decorator", _FAIL, "@patch('app.f', autospec=True)\ndef test_f(f): ..."),
    _uses("patch with autospec, as a context manager", _FAIL, "def t():\n    with patch('app.f', autospec=True): ..."),
    _uses("patch.object by way of the module", _FAIL, "mock.patch.object(A, 'f', autospec=True)"),
    _uses("patch.multiple", _FAIL, "patch.multiple('app', f=mock.DEFAULT, autospec=True)"),
    _uses("patch.dict", _FAIL, "patch.dict('app.d', autospec=True)"),
    _uses("autospec by position", _FAIL, "patch.object(A, 'f', mock.DEFAULT, None, False, None, True)"),
    _uses("spec=True takes the spec from the object", _FAIL, "patch('app.f', spec=True)"),
    _uses("spec_set=True as well", _FAIL, "patch('app.f', spec_set=True)"),
    _uses("a class given as the autospec", _FAIL, "from app import Foo\npatch('app.f', autospec=Foo)"),
    _uses("unpacked from a dictionary on the spot", _FAIL, "patch('app.f', **{'autospec': True})"),
    _uses("unpacked from a named dictionary", _FAIL, "OPTS = dict(autospec=True)\npatch('app.f', **OPTS)"),
    _uses("a constant of the module", _FAIL, "STRICT = True\npatch('app.f', autospec=STRICT)"),
    _uses("bound by functools.partial", _FAIL, "import functools\nauto = functools.partial(patch, autospec=True)"),
    _uses("an alias by assignment", _FAIL, "p = mock.patch.object\np(A, 'f', autospec=True)"),
    _uses(
        "an alias kept on self",
        _FAIL,
        "class T:\n    def a(self): self.p = patch\n    def b(self): self.p('x', spec=True)",
    ),
    _uses("handed on instead of called", _FAIL, "fakes = list(map(create_autospec, [A, B]))"),
    _new("imported under another name", _FAIL, "from unittest import mock as m\nm.patch.object(A, 'f', autospec=True)"),
    _new("the mock backport", _FAIL, "import mock\nmock.create_autospec(A)"),
    _new("everything imported with a star", _FAIL, "from unittest.mock import *\ncreate_autospec(A)"),
    _new("imported in a function", _FAIL, "def t():\n    import unittest.mock as u\n    u.create_autospec(A)"),
    _new("the mocker fixture", _FAIL, "def test_f(mocker):\n    mocker.patch('app.f', autospec=True)"),
    _new("the session_mocker fixture", _FAIL, "def fake(session_mocker): return session_mocker.create_autospec(A)"),
    _new("the class_mocker fixture", _FAIL, "def fake(class_mocker): class_mocker.patch('app.f', autospec=True)"),
    _new(
        "the package_mocker fixture", _FAIL, "def fake(package_mocker): package_mocker.patch.object(A, 'f', spec=True)"
    ),
    _new(
        "the module_mocker fixture",
        _FAIL,
        "def fake(module_mocker): module_mocker.patch.multiple('app', autospec=True)",
    ),
    _new(
        "mocker by its type",
        _FAIL,
        "from pytest_mock import MockerFixture\ndef h(m: MockerFixture): m.create_autospec(A)",
    ),
    _new(
        "a fixture that returns mocker",
        _FAIL,
        "def test_f(m):\n    m.patch('f', autospec=True)",
        {"conftest.py": "import pytest\n@pytest.fixture\ndef m(mocker): return mocker"},
    ),
    _new(
        "a project module that hands create_autospec on",
        _FAIL,
        "from tests.support import create_autospec as c\nc(A)",
        _SUPPORT,
    ),
    _new(
        "an alias of base, used anew", _FAIL, "from .support import auto\n@auto('app.f')\ndef test_f(f): ...", _SUPPORT
    ),
    Case(
        "a conftest fixture that returns create_autospec(Foo)",
        _FAIL,
        {},
        {"conftest.py": _CONFTEST + "def foo(): return create_autospec(Foo)"},
    ),
    _new(
        "a fixture that gives create_autospec itself",
        _FAIL,
        "def test_a(make):\n    make(Foo)",
        {"conftest.py": _CONFTEST + "def make(): return create_autospec"},
    ),
    _altered(
        "autospec added to an old patch", _FAIL, _MOCK + "patch('app.f')", _MOCK + "patch('app.f', autospec=True)"
    ),
    _altered(
        "a second one beside the first",
        _FAIL,
        _OLD,
        _OLD.replace("    assert foo\n", "    bar = create_autospec(Foo)\n"),
    ),
]
_OPEN = [
    _uses(
        "autospec that is known at run time only", _REVIEW, "def p(x, strict):\n    return patch(x, autospec=strict)"
    ),
    _new(
        "autospec given to a function of unknown origin",
        _REVIEW,
        "class T(Base):\n    def t(self): self.patch('f', autospec=True)",
    ),
    _new("autospec put in a dictionary", _REVIEW, "def p(kwargs):\n    kwargs['autospec'] = True"),
    _uses("a MagicMock, asked about", _REVIEW, "foo = mock.MagicMock()", level="auto"),
    _uses("patch without new, asked about", _REVIEW, "@patch('app.f')\ndef test_f(f): ...", level="auto"),
    _uses("mocker.stub, asked about", _REVIEW, "def test_f(mocker):\n    mocker.stub()", level="auto"),
    _uses("an AsyncMock, asked about", _REVIEW, "foo = mock.AsyncMock()", level="auto"),
    _uses("a NonCallableMock, asked about", _REVIEW, "foo = mock.NonCallableMock()", level="auto"),
    _uses("a PropertyMock, asked about", _REVIEW, "foo = mock.PropertyMock()", level="auto"),
    _uses("flexmock, asked about", _REVIEW, "from flexmock import flexmock\nfoo = flexmock(Foo)", level="auto"),
    _uses("mockito, asked about", _REVIEW, "import mockito\nfoo = mockito.mock(Foo)", level="auto"),
    _uses("mocker.spy, asked about", _REVIEW, "def test_f(mocker):\n    mocker.spy(A, 'f')", level="auto"),
    _uses("patch with new_callable is never asked about", _PASS, "patch('app.X', new_callable=FakeX)", level="auto"),
    _uses(
        "an HTTP transport of httpx is no mock of an object",
        _PASS,
        "import httpx\nclient = httpx.Client(transport=httpx.MockTransport(answer))",
        level="auto",
    ),
    _uses(
        "responses and moto answer at the wire",
        _PASS,
        "import responses\nfrom moto import mock_aws\n@mock_aws\n@responses.activate\ndef test_f(): ...",
        level="auto",
    ),
    _uses("patch with a hand-written fake is never asked about", _PASS, "patch('app.X', new=FakeX)", level="auto"),
]
_HONEST = [
    _new(
        "a hand-written fake",
        _PASS,
        "class FakeX:\n    def f(self): return 1\ndef test_f(monkeypatch):\n    monkeypatch.setattr(app, 'X', FakeX())",
    ),
    _uses("a MagicMock and a plain patch", _PASS, "foo = mock.MagicMock(spec=Foo)\npatch('app.f')"),
    _uses("autospec=False", _PASS, "patch('app.f', autospec=False)\npatch('app.f', autospec=None)"),
    _uses("keyword arguments that cannot be read", _PASS, "def p(x, **kwargs): return patch(x, **kwargs)"),
    _new(
        "an own function named create_autospec", _PASS, "def create_autospec(x): return x\nfoo = create_autospec(Foo)"
    ),
    _new("an own factory's method", _PASS, "class F:\n    def create_autospec(self, x): ...\nF().create_autospec(1)"),
    _uses("a name bound over and over to something of itself", _PASS, "s = patch\n" + "s = s.a()\n" * 15 + "s('x')"),
    _new("text in a docstring", _PASS, "'''Never mock with create_autospec(Foo) or patch(x, autospec=True).'''\nx = 1"),
    _new(
        "HTTP PATCH of requests_mock",
        _PASS,
        "import requests_mock\ndef t(mocker: requests_mock.Mocker): mocker.patch('http://x')",
    ),
    _altered("an old mock beside new code", _PASS, _OLD, _OLD + "def test_b(): ...\n"),
    _altered("an old mock whose return value changed", _PASS, _OLD, _OLD.replace("(Foo)", "(app.Foo, return_value=2)")),
    _altered("an old mock of a class that was renamed", _PASS, _OLD, _OLD.replace("(Foo)", "(NewFoo)")),
    _altered(
        "unittest's patch replaced by pytest-mock's",
        _PASS,
        _MOCK + "def test_f():\n    patch('f', autospec=True)",
        "def test_f(mocker):\n    mocker.patch('f', autospec=True)",
    ),
    _altered("a mock removed", _PASS, _OLD, _OLD.replace("create_autospec(Foo)", "FakeFoo()")),
    Case("old mocks in a file that moved", _PASS, {_T: _OLD}, {"tests/unit/test_b.py": _OLD}),
    Case(
        "a test moved to another file",
        _PASS,
        {_T: _OLD, "tests/test_b.py": "x = 1"},
        {_T: "", "tests/test_b.py": "x = 1\n" + _OLD},
    ),
    _new(
        "an old fixture with an autospec, used anew, warns",
        _PASS,
        "def test_a(foo): ...",
        {"conftest.py": _CONFTEST + "def foo(): return create_autospec(Foo)"},
    ),
    _altered("base cannot be parsed, the line is old", _PASS, "print 1\n" + _OLD, "print(1)\n" + _OLD),
    Case("only a file without code changed", Status.NOT_APPLICABLE, {}, {"README.md": "create_autospec(Foo)"}),
    Case("the only Python file is deleted", Status.NOT_APPLICABLE, {_T: _OLD}, {}),
    _new("a changed file with mocks that cannot be parsed", Status.ERROR, "def (mock"),
    _new("a broken fixture without a word of mocks", _PASS, "def ("),
]
_DART = [
    _dart("Dart: @GenerateMocks", _FAIL, "@GenerateMocks([Foo])\nvoid main() {}"),
    _dart("Dart: @GenerateNiceMocks", _FAIL, "@m.GenerateNiceMocks([MockSpec<Foo>()])\nvoid main() {}"),
    _dart("Dart: an import of generated mocks", _FAIL, "import 'a_test.mocks.dart';"),
    _dart(
        "Dart: a class added to the annotation",
        _FAIL,
        "@GenerateMocks([A, B])\nmain() {}",
        "@GenerateMocks([A])\nmain() {}",
    ),
    _dart(
        "Dart: classes listed in another order",
        _PASS,
        "@GenerateMocks([B, A])\nmain() {}",
        "@GenerateMocks([A, B])\nmain() {}",
    ),
    _dart(
        "Dart: only in comments and strings",
        _PASS,
        "// @GenerateMocks([A])\n/* import 'a.mocks.dart'; */\nvar s = '''@GenerateMocks([A])''';",
    ),
    _dart("Dart: a hand-written mock", _PASS, "class MockFoo extends Mock implements Foo {}"),
    Case("Dart: a generated file is added", _FAIL, {}, {"test/a_test.mocks.dart": "class MockFoo {}"}),
    Case(
        "Dart: a generated file is generated again",
        _PASS,
        {"test/a.mocks.dart": "class A {}"},
        {"test/a.mocks.dart": "class B {}"},
    ),
]

CASES = [*_FORMS, *_OPEN, *_HONEST, *_DART]
