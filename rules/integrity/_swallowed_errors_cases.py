"""Cases of the rule swallowed-errors: what it must say of each way to drop an error."""

from collections.abc import Mapping
from textwrap import indent

from dodcheck.rule import Case, Status

_FAIL, _PASS, _REVIEW, _NA = Status.FAIL, Status.PASS, Status.NEEDS_REVIEW, Status.NOT_APPLICABLE
_P = "src/app/jobs.py"
_QUIET = " Exception:\n  pass"
_TRY = "try:\n  send(x)\nexcept Exception:\n  pass\n"


def _in(code: str, head: str = "def f(x):") -> str:
    return f"{head}\n{indent(code, '  ')}"


def _except(name: str, expect: Status, handler: str, guarded: str = "send(x)", after: str = "") -> Case:
    """A new function with `try: guarded; except{handler}`, and what follows."""
    return Case(name, expect, {}, {_P: _in(f"try:\n{indent(guarded, '  ')}\nexcept{handler}\n{after}")})


def _new(name: str, expect: Status, code: str, path: str = _P) -> Case:
    return Case(name, expect, {}, {path: code})


def _altered(name: str, expect: Status, before: str | Mapping[str, str], after: str | Mapping[str, str]) -> Case:
    old, new = ({_P: tree} if isinstance(tree, str) else tree for tree in (before, after))
    return Case(name, expect, old, new)


_OLD = _in(_TRY)
_HANDLERS_THAT_DROP = {
    "except Exception: pass": _QUIET,
    "a bare except": ":\n  pass",
    "BaseException and an ellipsis": " BaseException:\n  ...",
    "a string is no reason": " Exception:\n  'ignored'",
    "a tuple that holds Exception": " (KeyError, Exception):\n  pass",
    "except* Exception": "* Exception:\n  pass",
    "the bound error only put aside": " Exception as e:\n  _ = e",
    "the bound error only deleted": " Exception as e:\n  del e",
    "the bound error only made a string of": " Exception as e:\n  str(e)",
    "a raise that never runs": " Exception:\n  if False:\n    raise",
    "a raise in a function that nobody calls": " Exception:\n  def g():\n    raise",
    "a plain return from a function that returns nothing": " Exception:\n  return",
    "a directive is no reason": " Exception:  # noqa: BLE001, S110\n  pass  # pragma: no cover",
    "a comment of two words is no reason": " Exception:\n  pass  # best effort",
    "a comment that only says the error is ignored": " Exception:\n  pass  # just ignore any errors here",
    "a comment that only promises work": " Exception:\n  pass  # TODO: handle this exception properly",
    "a comment about what follows": " Exception:\n  pass\n# now the other queue is emptied",
    "a narrow handler before it changes nothing": " KeyError:\n  raise\nexcept Exception:\n  pass",
    "cancellation raised, all else dropped": " asyncio.CancelledError:\n  raise\nexcept Exception:\n  pass",
}
_CODE_THAT_DROPS = {
    "a name that stands for a tuple with Exception": "ANY = (ValueError, Exception)\n"
    + _OLD.replace("Exception:", "ANY:"),
    "Exception by way of builtins": "import builtins\n" + _OLD.replace("Exception:", "builtins.Exception:"),
    "Exception under another name": "from builtins import Exception as E\n" + _OLD.replace("Exception:", "E:"),
    "an attribute that holds the classes": "class A:\n  ANY = (Exception,)\n"
    + indent(_OLD.replace("Exception:", "self.ANY:"), "  "),
    "continue in a loop": _in(_TRY.replace("pass", "continue"), "for x in xs():"),
    "a loop that retries for ever": _in(_TRY.replace("send", "return send"), "def f(x):\n while True:"),
    "with suppress(Exception)": "from contextlib import suppress\nwith suppress(Exception):\n  send()\n",
    "suppress among others, the module renamed": "import contextlib as c\n"
    "with lock, c.suppress(OSError, Exception):\n  send()\n",
    "suppress as a decorator": "from contextlib import suppress\n@suppress(Exception)\ndef f(x):\n  send(x)\n",
    "suppress on an exit stack": "import contextlib\nstack.enter_context(contextlib.suppress(Exception))\nsend()\n",
    "return in finally drops the error as well": "def f(x):\n  try:\n    send(x)\n  finally:\n    return 1\n",
    "at the level of the module": _TRY,
    "a whole job in a function called stop": _in(
        _TRY.replace("send(x)", "send(x)\n" + "  send(x)\n" * 5), "def stop(x):"
    ),
    "the real one beside the project's own": "from app.errors import Exception\n"
    + _OLD
    + _in(_TRY.replace("Exception", "BaseException"), "def g(x):"),
}
_HANDLERS_THAT_TELL = {
    "raised again": " Exception:\n  q.undo()\n  raise",
    "raised as another": " Exception as e:\n  raise AppError from e",
    "raised on a condition": " Exception:\n  if strict:\n    raise",
    "logged": " Exception:\n  logger.exception('no mail')",
    "logged at debug level by a logger made on the spot": " Exception:\n  logging.getLogger(__name__).debug('no mail')",
    "logged by a method of the object": " Exception:\n  self.log('mail lost')",
    "warned of": " Exception:\n  warnings.warn('no mail')",
    "printed with its traceback": " Exception:\n  traceback.print_exc()",
    "sent to an error tracker": " Exception:\n  sentry_sdk.capture_exception()",
    "counted": " Exception:\n  metrics.incr('mail')",
    "a plugin's error logged at the boundary": " Exception:\n  log.exception('plugin %s', x)\n  continue_without(x)",
    "a worker that stores the error": " BaseException as e:\n  self.outcome = e",
    "a future that takes the error": " BaseException:\n  future.set_exception(sys.exc_info()[1])",
    "the program ends": " Exception:\n  sys.exit(2)",
    "the error handed to a callback": " Exception as e:\n  on_done(None, e)",
    "a list of errors grows": " Exception:\n  self.errors.append(x)",
    "a status is set": " Exception:\n  state['mail'] = 'unavailable'",
    "an HTTP error is returned": " Exception:\n  return Response(status=502)",
    "a failure object is returned": " Exception:\n  return Failed(x)",
    "minus one is returned": " Exception:\n  return -1",
    "other work takes the place of what failed": " Exception:\n  x = post_by_hand(x)",
}
_HANDLERS_WITH_CAUSE = {
    "the cause beside pass": " Exception:\n  pass  # telemetry must never break the command",
    "the cause on the line of except": " Exception:  # the server may be gone by now\n  pass",
    "the cause in a line of its own": " Exception:\n  # older kernels lack this call\n  pass",
    "the cause below pass": " Exception:\n  pass\n  # older kernels lack this call",
    "the cause after a directive": " Exception:  # noqa: BLE001 - plugins raise whatever they like\n  pass",
    "the cause for a default": " Exception:\n  return None  # older servers send no date",
    "the cause in a language without spaces": " Exception:\n  pass  # 接続は既に閉じている",
    "the cause in another language": " Exception:\n  pass  # le serveur est parti",
}
_HONEST = {
    "narrow handlers": _in(_TRY.replace("Exception", "KeyError")),
    "narrow suppress": "from contextlib import suppress\nwith suppress(OSError):\n  send()\n",
    "an own suppress": "from app import suppress\nwith suppress(Exception):\n  send()\n",
    "an own class called Exception": "from app.errors import Exception\n" + _OLD,
    "no handler at all": _in("send(x)"),
    "only in a string": f"TEXT = '''{_TRY}'''\n",
    "a finally that returns nothing": "try:\n  send()\nfinally:\n  close()\n",
}
_TRUE = "send(x)\nreturn True"
_OPTIONAL = "try:\n  import numpy as np\n  HAS_NUMPY = True\nexcept Exception:\n  np = None\n"
_CLOSE = _TRY.replace("send(x)", "x.close()")
_IN_ORDER = {
    "an optional import": _OPTIONAL,
    "clean-up in finally": _in("try:\n  send(x)\nfinally:\n" + indent(_TRY, "  ")),
    "clean-up in __del__": _in(_TRY, "def __del__(self):"),
    "clean-up at the end of the program": "import atexit\n" + _OLD + "atexit.register(f)\n",
    "clean-up in a function that shuts down": _in(_TRY, "async def _shutdown_pool(self):"),
    "clean-up while another error is raised": _in("try:\n  go(x)\nexcept OSError:\n" + indent(_TRY, "  ") + "  raise"),
    "a task awaited that was just cancelled": _in(_TRY.replace("send(x)", "await x"), "async def f(x):\n  x.cancel()"),
    "a return in finally after every error was logged": "def f(x):\n  try:\n    send(x)\n  except Exception:\n"
    "    log.exception('x')\n  finally:\n    return 1\n",
    "several ways tried, an error after the last": "def f(xs):\n  for x in xs:\n    try:\n      return send(x)\n"
    "    except Exception:\n      continue\n  raise ValueError(xs)\n",
    "the fast way fails and the slow one follows": _in(
        "try:\n  return fast(x)\nexcept Exception:\n  pass\nreturn slow(x)"
    ),
    "the value that is left is asked for below": _in(
        "try:\n  v = send(x)\nexcept Exception:\n  v = None\nif v is None:\n  raise ValueError"
    ),
    "a flag that success sets otherwise": _in(
        "try:\n  send(x)\n  ok = True\nexcept Exception:\n  ok = False\nreturn ok"
    ),
    "closing only, out of place: a warning": _in(_CLOSE),
    "a question that anything unreadable answers with no": _in(
        "try:\n  a = parse(x)\nexcept Exception:\n  return False\nif a:\n  return True\nreturn False"
    ),
    "the cause above try": _in("# best effort: the cache may be gone\n" + _TRY),
    "the cause above suppress": "from contextlib import suppress\n# the peer may be gone already\n"
    "with suppress(Exception):\n  send()\n",
    "the cause in suppress": "from contextlib import suppress\n"
    "with suppress(Exception):  # the peer may be gone\n  send()\n",
}
_DEFAULTS = {
    "None instead of a value": (" Exception:\n  return None", "return send(x)"),
    "an empty dict instead of a value": (" Exception:\n  return {}", "return send(x)"),
    "a default is put in place": (" Exception:\n  x = 0", "x = send(x)"),
    "False where success may return it too": (" Exception:\n  return False", "return send(x)"),
    "a fresh object instead of the value": (" Exception:\n  return Settings()", "return send(x)"),
    "a pause, and on it goes": (" Exception:\n  time.sleep(1)", "send(x)"),
    "a loop that is left": (" Exception:\n  break", "send(x)"),
}
_SUPPRESSED = "from contextlib import suppress\ndef f(x):\n  with suppress(Exception):\n    send(x)\n"
_NAMED = "ANY = (KeyError, ValueError)\n" + _OLD.replace("Exception:", "ANY:")
_LOGGED = _OLD.replace("pass", "log.exception('x')")
_CHANGES = [
    _altered("an old handler beside new code", _NA, _OLD, _OLD + "def g(): ...\n"),
    _altered("only the guarded code changed", _NA, _OLD, _OLD.replace("send(x)", "prepare(x)\n    send(x, now=True)")),
    _altered("the bare except became except Exception", _NA, _OLD.replace(" Exception", ""), _OLD),
    _altered("try and pass became suppress", _NA, _OLD, _SUPPRESSED),
    _altered("a default became pass", _NA, _OLD.replace("pass", "x = None"), _OLD),
    _altered("a silent handler learned to log", _NA, _OLD, _LOGGED),
    _altered("the function was renamed", _NA, _OLD, _OLD.replace("def f", "def deliver")),
    _altered("the file moved", _NA, {"app/a.py": _OLD}, {"core/b.py": _OLD}),
    _altered(
        "the function moved to another file",
        _NA,
        {"a.py": "A = 1\n" + _OLD, "b.py": "B = 1\n"},
        {"a.py": "A = 1\n", "b.py": "B = 1\n" + _OLD},
    ),
    _altered("a test helper became source", _NA, {"tests/a.py": _OLD}, {"app/a.py": _OLD}),
    _altered("the comment went, the handler is old", _NA, _OLD.replace("pass", "pass  # the peer may be gone"), _OLD),
    _altered("base cannot be parsed, the lines are old", _NA, "print 1\n" + _OLD, "print(1)\n" + _OLD),
    _altered("a handler was removed", _NA, _OLD, _in("send(x)")),
    _altered("logging was taken out", _FAIL, _LOGGED, _OLD),
    _altered("a narrow handler became broad", _FAIL, _OLD.replace("Exception", "KeyError"), _OLD),
    _altered("a name for classes of errors got Exception", _FAIL, _NAMED, _NAMED.replace("KeyError", "Exception")),
    _altered("a second one in the same function", _FAIL, _OLD, _OLD + indent(_TRY.replace("send", "post"), "  ")),
    _altered("a copy of an old one", _FAIL, _OLD, _OLD + _OLD.replace("def f", "def g")),
    _altered(
        "one removed here, another put there",
        _FAIL,
        {"a.py": _OLD, "b.py": "B = 1\n"},
        {"a.py": "A = 1\n", "b.py": "B = 1\n" + _in(_TRY.replace("send(x)", "del users[x], bills[x], logs[x]"))},
    ),
    _altered(
        "an old one with cause got the work of a job",
        _NA,
        _in(_TRY, "def close(x):"),
        _in(_TRY.replace("send(x)", "send(x)\n" + "  send(x)\n" * 6), "def close(x):"),
    ),
]
_FILES = [
    _new("in a script of the project", _FAIL, _OLD, "scripts/deploy.py"),
    _new("in a migration", _FAIL, _OLD, "app/migrations/0002_x.py"),
    _new("in a test", _NA, _OLD, "tests/test_a.py"),
    _new("in an example", _NA, _OLD, "examples/demo.py"),
    _new("in a template of a project", _NA, _OLD, "app/templates/flow/main.py"),
    _new("in a virtual environment that was committed", _NA, _OLD, "my_venv/bin/rst2html.py"),
    _new("in a vendored package", _NA, _OLD, "app/_vendor/x.py"),
    _new("in a generated file", _NA, "# Generated by protoc. DO NOT EDIT.\n" + _OLD),
    _new("in a document", _NA, _OLD, "README.md"),
    _new("a broken file with a word of handlers", Status.ERROR, "def (:\n except Exception: pass"),
    _new("a broken file without a word of them", _NA, "def ("),
    _altered("the only handler is in a deleted file", _NA, {_P: _OLD}, {}),
]

CASES = [
    *(_except(name, _FAIL, handler) for name, handler in _HANDLERS_THAT_DROP.items()),
    *(_new(name, _FAIL, code) for name, code in _CODE_THAT_DROPS.items()),
    *(_except(name, _PASS, handler) for name, handler in _HANDLERS_THAT_TELL.items()),
    _except("False is returned, and True on success", _PASS, " Exception:\n  return False", _TRUE),
    *(_except(name, _PASS, handler) for name, handler in _HANDLERS_WITH_CAUSE.items()),
    *(_new(name, _PASS, code) for name, code in _IN_ORDER.items()),
    *(_except(name, _REVIEW, *code) for name, code in _DEFAULTS.items()),
    *(_new(name, _NA, code) for name, code in _HONEST.items()),
    *_CHANGES,
    *_FILES,
]
