"""Cases of the rule `breaking-changes`: the Python interface."""

from ._breaking_changes_trees import APP, CORE, DATA, ENUM, GET, GONE, MUST, TREE, asks, fails, log, passes, silent

_STRUCT = "import msgspec\n\n\nclass Order(msgspec.Struct):\n    id: int\n    price: int\n"

PYTHON = [
    silent(
        "a private helper changed",
        {"shop/_http.py": GET},
        {"shop/_http.py": MUST + "\n\nX = 1\n", "shop/__init__.py": "def a():\n    pass\n"},
    ),
    silent("an application is imported by nobody", {"shop/core.py": GET}, {"shop/core.py": GONE}, tree=APP),
    fails(
        "an application that names its API modules",
        {"shop/api.py": GET},
        {"shop/api.py": GONE},
        tree=APP,
        options={"api_modules": ["shop.api"]},
    ),
    fails("a public function is gone", GET, "def other():\n    pass\n"),
    fails("a public function has another name", GET, GONE),
    passes(
        "a public function moved and its old place hands it on",
        GET,
        {"shop/__init__.py": "from .core import get\n", "shop/core.py": GET},
    ),
    passes(
        "a function moved between private modules",
        {"shop/__init__.py": "from ._a import get\n", "shop/_a.py": GET},
        {"shop/__init__.py": "from ._b import get\n", "shop/_b.py": GET, "shop/_a.py": "X = 1\n"},
    ),
    passes(
        "a class whose base a call makes",
        "class Form(make(Order, ['id', 'name']), Plain):\n    fields = ('id', 'name')\n",
        "class Form(make(Order, ['id', 'name']), Plain):\n    fields = ('id',)\n",
    ),
    passes("an old name is an alias of the new one", GET, f"{GONE}\n\nget = fetch\n"),
    passes(
        "an old name is a wrapper that warns",
        GET,
        f"import warnings\n\n\n{GONE}\n\ndef get(url, timeout=30):\n"
        "    warnings.warn('use fetch', DeprecationWarning)\n    return fetch(url, timeout)\n",
    ),
    passes(
        "a module __getattr__ still serves the old name",
        GET,
        f"{GONE}\n\ndef __getattr__(name):\n    if name == 'get':\n        return fetch\n"
        "    raise AttributeError(name)\n",
    ),
    asks(
        "a module __getattr__ may serve the old name",
        GET,
        f"{GONE}\n\ndef __getattr__(name):\n    return load(name)\n",
    ),
    silent("a private module is gone", {"shop/_old.py": GET, "shop/__init__.py": ENUM}, {"shop/__init__.py": ENUM}),
    passes(
        "a new keyword-only argument has a default", GET, "def get(url, timeout=30, *, retries=0):\n    return url\n"
    ),
    fails("a new required argument", GET, MUST),
    fails("a new required argument behind a re-export", CORE, {**CORE, "shop/core.py": MUST}),
    fails("a positional argument became keyword-only", GET, "def get(url, *, timeout=30):\n    return url\n"),
    fails("a parameter was renamed", GET, "def get(address, timeout=30):\n    return address\n"),
    passes(
        "a positional-only parameter was renamed",
        "def get(url, /):\n    return url\n",
        "def get(address, /):\n    return address\n",
    ),
    fails("two parameters changed places", "def get(a, b):\n    return a\n", "def get(b, a):\n    return a\n"),
    passes(
        "a parameter has an heir in its place and lives on at the end",
        "def get(url, timeout=30):\n    return url\n",
        "def get(url, seconds=30, timeout=None):\n    return url\n",
    ),
    asks("a default changed", GET, "def get(url, timeout=None):\n    return url\n"),
    passes(
        "a default changed and the changelog says so",
        GET,
        {
            "shop/__init__.py": "def get(url, timeout=None):\n    return url\n",
            **log("`timeout` of `get` is None by default; pass 30 to keep it"),
        },
    ),
    asks(
        "an annotation got narrower",
        "def get(url: str | bytes) -> str:\n    return url\n",
        "def get(url: str) -> str:\n    return url\n",
    ),
    asks("open keyword arguments may take what was a parameter", GET, "def get(url, **options):\n    return url\n"),
    fails("a function became async", GET, f"async {GET}"),
    fails(
        "a property became a method",
        "class A:\n    @property\n    def size(self):\n        return 1\n",
        "class A:\n    def size(self):\n        return 1\n",
    ),
    fails("a method is gone", "class A:\n    def size(self):\n        return 1\n", "class A:\n    X = 1\n"),
    passes(
        "a method moved to a base class",
        "class B:\n    pass\n\n\nclass A(B):\n    def size(self):\n        return 1\n",
        "class B:\n    def size(self):\n        return 1\n\n\nclass A(B):\n    pass\n",
    ),
    passes(
        "a method moved to a base class in another module",
        "class A:\n    def size(self):\n        return 1\n",
        {
            "shop/__init__.py": "from ._base import B\n\n\nclass A(B):\n    pass\n",
            "shop/_base.py": "class B:\n    def size(self):\n        return 1\n",
        },
    ),
    fails("an enum member is gone", ENUM, ENUM.replace("    BLUE = 2\n", "")),
    fails("an exception has another base", "class Lost(KeyError):\n    pass\n", "class Lost(ValueError):\n    pass\n"),
    passes(
        "an exception's new base is one of the old",
        "class Lost(ValueError):\n    pass\n",
        "class Lost(UnicodeError):\n    pass\n",
    ),
    fails(
        "fields of a dataclass changed places",
        DATA,
        DATA.replace("    id: int\n    price: int\n", "    price: int\n    id: int\n"),
    ),
    fails("a dataclass needs one more field", DATA, f"{DATA}    tax: int\n"),
    passes("a dataclass has one more field with a default", DATA, f"{DATA}    tax: int = 0\n"),
    passes("a dataclass became a struct of msgspec, which takes the same fields in the same order", DATA, _STRUCT),
    fails("a struct takes its fields by name alone now", _STRUCT, _STRUCT.replace("Struct)", "Struct, kw_only=True)")),
    asks(
        "a module without underscore that nobody is told of",
        {"shop/__init__.py": ENUM, "shop/tools.py": GET},
        {"shop/__init__.py": ENUM, "shop/tools.py": GONE},
    ),
    fails(
        "a module that the documentation names",
        {"shop/__init__.py": ENUM, "shop/tools.py": GET, "docs/api.rst": ".. autofunction:: shop.tools.get\n"},
        {"shop/__init__.py": ENUM, "shop/tools.py": GONE, "docs/api.rst": "API\n"},
    ),
    silent(
        "a name that only the main guard binds",
        {"shop/__init__.py": "", "shop/run.py": "if __name__ == '__main__':\n    console = 1\n"},
        {"shop/__init__.py": "", "shop/run.py": "if __name__ == '__main__':\n    terminal = 1\n"},
    ),
    fails(
        "a module whose members the documentation shows",
        {"shop/__init__.py": ENUM, "shop/tools.py": GET, "docs/a.rst": ".. automodule:: shop.tools\n    :members:\n"},
        {"shop/__init__.py": ENUM, "shop/tools.py": GONE},
    ),
    asks(
        "a changelog entry about the class says nothing of its method",
        "class A:\n    def size(self, unit=None):\n        return 1\n",
        {"shop/__init__.py": "class A:\n    def size(self, unit=1):\n        return 1\n", **log("`A` is faster now")},
    ),
    asks(
        "a changelog entry about the class may tell of its method",
        "class A:\n    def size(self):\n        return 1\n",
        {"shop/__init__.py": "class A:\n    X = 1\n", **log("`A` no longer knows sizes")},
    ),
    asks(
        "a method that a foreign base may bring",
        "from box import Box\n\n\nclass A(Box):\n    def size(self):\n        return 1\n",
        "from box import Box\n\n\nclass A(Box):\n    X = 1\n",
    ),
    passes(
        "a method that a built-in base brings",
        "class A(dict):\n    def get(self, key):\n        return 1\n",
        "class A(dict):\n    X = 1\n",
    ),
    fails(
        "a library in a folder of a repository that is none",
        {"libs/cart/pyproject.toml": TREE["pyproject.toml"], "libs/cart/src/cart/__init__.py": GET},
        {"libs/cart/pyproject.toml": TREE["pyproject.toml"], "libs/cart/src/cart/__init__.py": GONE},
        tree=APP,
    ),
    asks(
        "a decorator that may adapt the old calls",
        GET,
        "import tools\n\n\n@tools.deprecate_positional\ndef get(url, *, timeout=30):\n    return url\n",
    ),
    asks(
        "a helper of the package itself beside what it hands on",
        {"shop/__init__.py": f"from .cart import Cart\n\n\n{GET}", "shop/cart.py": "class Cart:\n    X = 1\n"},
        {"shop/__init__.py": f"from .cart import Cart\n\n\n{MUST}", "shop/cart.py": "class Cart:\n    X = 1\n"},
    ),
]
