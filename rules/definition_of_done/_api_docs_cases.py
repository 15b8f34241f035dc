"""Cases of the rule `api-docs`."""

import json
from collections.abc import Mapping

from dodcheck.rule import Case, Status
from dodcheck.run import Ran

_APP = "from fastapi import APIRouter, FastAPI\nfrom models import Item\napp = FastAPI()\n"
_GET = "@app.get('/items/{item_id}', response_model=Item)\ndef item(item_id: int):\n    '''Return an item.'''\n"
_LIST = "@app.get('/items', response_model=list[Item])\ndef items():\n    '''Return all items.'''\n"
_SILENT = "@app.post('/orders')\ndef order(): ...\n"
_MODEL = "from pydantic import BaseModel\nclass Item(BaseModel):\n    id: int\n    name: str\n"
_ROUTER = (
    "from fastapi import APIRouter\nfrom models import Item\nrouter = APIRouter()\n"
    "@router.get('/items/{item_id}', response_model=Item)\ndef item(item_id: int):\n    '''Return an item.'''\n"
)
_MAIN = "from fastapi import FastAPI\nimport shop\napp = FastAPI()\napp.include_router(shop.router, prefix='/v1')\n"
_PAGE = "# API\n\n`GET /items/{id}` returns an item.\n"
_DOCS = {"docs/api.md": _PAGE}
_BASE = {"main.py": _APP + _GET, "models.py": _MODEL, "pyproject.toml": "[project]\ndependencies = ['fastapi']\n"}
_ROUTED = {"main.py": _MAIN, "shop.py": _ROUTER, "models.py": _MODEL}
_VIEWS = "def order(request, pk): ...\ndef orders(request): ...\n"
_URLS = "from django.urls import path\nfrom . import views\nurlpatterns = [\n    path('api/orders/', views.orders),\n"
_ORDER = "    path('api/orders/<int:pk>/', views.order),\n"
_DJANGO = {
    "shop/urls.py": f"{_URLS}{_ORDER}]\n",
    "shop/views.py": _VIEWS,
    "docs/api.md": "# Orders\n\n- `GET /api/orders/` lists orders.\n- `GET /api/orders/{id}/` shows one.\n",
}
_FLASK = {
    "web.py": "from flask import Flask\nfrom users import bp\napp = Flask(__name__)\napp.register_blueprint(bp)\n",
    "users.py": "from flask import Blueprint\nbp = Blueprint('u', __name__, url_prefix='/users')\n"
    "@bp.route('/<int:uid>')\ndef user(uid): ...\n",
    "README.md": "# Users\n\n`GET /users/{id}`\n",
}
_README = "# Users\n\n`GET /users/{id}`\n\n`POST /users/`\n"
_SHORT = _MODEL.replace("    name: str\n", "")
_SIZE = f"{_MODEL}    size: int = 0\n"
_CREATE = "@bp.route('/', methods=['POST'])\ndef create(): ...\n"


def _spec(*paths: str, fields: tuple[str, ...] = ("id", "name")) -> str:
    schema = {"type": "object", "properties": {name: {"type": "string"} for name in fields}}
    answer = {"200": {"content": {"application/json": {"schema": schema}}}}
    listed = {path: {"get": {"description": "It.", "responses": answer}} for path in paths}
    return json.dumps({"openapi": "3.1.0", "paths": listed}, indent=1)


def _on(base: Mapping[str, str], **files: str) -> dict[str, str]:
    """Put texts in place of files; `_` in a name stands for the dot, `__` for the slash."""
    return {**base, **{name.replace("__", "/").replace("_", "."): text for name, text in files.items()}}


def _case(name: str, expect: Status, before: Mapping[str, str], after: Mapping[str, str], **options: object) -> Case:
    return Case(name, expect, before, after, options=options)


_FAIL, _PASS, _ASK, _NONE = Status.FAIL, Status.PASS, Status.NEEDS_REVIEW, Status.NOT_APPLICABLE

ADDED = [
    _case("a documented handler was added", _PASS, _BASE, _on(_BASE, main_py=_APP + _GET + _LIST)),
    _case("a handler without words was added, and nothing is documented by hand", _ASK, _BASE,
          _on(_BASE, main_py=_APP + _GET + _SILENT)),
    _case("a handler without words was added where a page documents the others", _FAIL, _BASE | _DOCS,
          _on(_BASE | _DOCS, main_py=_APP + _GET + _SILENT)),
    _case("the page names the new endpoint", _PASS, _BASE | _DOCS,
          _on(_BASE | _DOCS, main_py=_APP + _GET + _SILENT, docs__api_md=_PAGE + "\n`POST /orders`\n")),
    _case("documented handlers do not count", _FAIL, _BASE | _DOCS,
          _on(_BASE | _DOCS, main_py=_APP + _GET + _LIST), autodocs=False),
    _case("Flask generates no documentation, and the README names the others", _FAIL, _FLASK,
          _on(_FLASK, users_py=_FLASK["users.py"] + _CREATE)),
    _case("the README names the new route of Flask", _PASS, _FLASK,
          _on(_FLASK, users_py=_FLASK["users.py"] + _CREATE, README_md=_README)),
    _case("a changelog names the new endpoint", _PASS, _BASE,
          _on(_BASE, main_py=_APP + _GET + _SILENT, CHANGELOG_md="- `POST /orders`\n")),
    _case("a generated client has the new endpoint", _PASS, _BASE,
          {**_BASE, "main.py": _APP + _GET + _SILENT, "web/client.ts": 'export interface paths {\n  "/orders": {\n'}),
    _case("an endpoint of a test application", _NONE, _BASE, {**_BASE, "tests/app.py": _APP + _SILENT}),
    _case("routes registered in a loop over something unknown", _ASK, _BASE,
          _on(_BASE, main_py=f"{_APP}{_GET}for path in paths():\n    app.add_api_route(path, item)\n")),
    _case("an endpoint that is left out of the generated documentation", _NONE, _BASE,
          _on(_BASE, main_py=_APP + _GET + _SILENT.replace("'/orders'", "'/orders', include_in_schema=False"))),
    _case("a websocket", _NONE, _BASE,
          _on(_BASE, main_py=f"{_APP}{_GET}@app.websocket('/live')\nasync def live(socket): ...\n")),
    _case("an endpoint under an internal prefix", _NONE, _BASE,
          _on(_BASE, main_py=_APP + _GET + _SILENT.replace("/orders", "/callbacks/orders")),
          internal_prefixes=["/callbacks"]),
]  # fmt: skip

REMOVED = [
    _case("a route was removed without a word", _FAIL, _on(_BASE, main_py=_APP + _GET + _LIST), _BASE),
    _case("a route was removed, and the changelog says so", _PASS, _on(_BASE, main_py=_APP + _GET + _LIST),
          _on(_BASE, CHANGELOG_md="- removed `GET /items`\n")),
    _case("a deprecated route was removed", _PASS,
          _on(_BASE, main_py=_APP + _GET + _LIST.replace("'/items'", "'/items', deprecated=True")), _BASE),
    _case("Django's path is gone, and the page keeps it", _FAIL, _DJANGO, _on(_DJANGO, shop__urls_py=f"{_URLS}]\n")),
    _case("Django's path is gone, and so is its line", _PASS, _DJANGO,
          _on(_DJANGO, shop__urls_py=f"{_URLS}]\n", docs__api_md="# Orders\n\n- `GET /api/orders/` lists orders.\n")),
    _case("the prefix of a router moved, and every path with it", _FAIL, _ROUTED,
          _on(_ROUTED, main_py=_MAIN.replace("/v1", "/v2"))),
    _case("the prefix moved, and the changelog names the new path", _PASS, _ROUTED,
          _on(_ROUTED, main_py=_MAIN.replace("/v1", "/v2"), CHANGELOG_md="- items are at `/v2/items/{id}`\n")),
    _case("a handler moved to another router under the same path", _NONE, _BASE,
          {**_BASE, "main.py": _MAIN.replace(", prefix='/v1'", ""), "shop.py": _ROUTER}),
    _case("a path parameter was renamed", _NONE, _BASE, _on(_BASE, main_py=(_APP + _GET).replace("item_id", "number"))),
    _case("only the body of a handler changed", _NONE, _BASE, _on(_BASE, main_py=f"{_APP}{_GET}    return 1\n")),
]  # fmt: skip

ALTERED = [
    _case("a field of the response model was removed", _FAIL, _BASE,
          _on(_BASE, models_py=_SHORT)),
    _case("a field was removed, and the changelog names it", _PASS, _BASE,
          _on(_BASE, models_py=_SHORT, CHANGELOG_md="- items have no `name` any more\n")),
    _case("a field of the response model was added", _PASS, _BASE, _on(_BASE, models_py=_SIZE)),
    _case("a required query parameter was added", _FAIL, _BASE,
          _on(_BASE, main_py=_APP + _GET.replace("item_id: int)", "item_id: int, page: int)"))),
    _case("an optional query parameter was added", _PASS, _BASE,
          _on(_BASE, main_py=_APP + _GET.replace("item_id: int)", "item_id: int, page: int = 0)"))),
    _case("the method changed", _FAIL, _BASE, _on(_BASE, main_py=_APP + _GET.replace("app.get", "app.post"))),
]  # fmt: skip

_SPEC = _BASE | {"openapi.json": _spec("/items/{item_id}")}
_YAML = _BASE | {"docs/openapi.yaml": "openapi: 3.1.0\npaths:\n  /items/{id}:\n    get: {responses: {}}\n"}

COMMITTED = [
    _case("the committed specification lacks the new endpoint", _FAIL, _SPEC, _on(_SPEC, main_py=_APP + _GET + _LIST)),
    _case("the committed specification was generated again", _PASS, _SPEC,
          _on(_SPEC, main_py=_APP + _GET + _LIST, openapi_json=_spec("/items/{item_id}", "/items"))),
    _case("a specification in YAML lacks the new endpoint", _FAIL, _YAML, _on(_YAML, main_py=_APP + _GET + _LIST)),
    _case("the committed specification still has the removed field", _FAIL, _SPEC,
          _on(_SPEC, models_py=_SHORT)),
    _case("the specification of another service is left alone", _PASS,
          _BASE | {"vendor/openapi.json": _spec("/pets", "/pets/{id}", "/shops")},
          _on(_BASE | {"vendor/openapi.json": _spec("/pets", "/pets/{id}", "/shops")}, main_py=_APP + _GET + _LIST)),
]  # fmt: skip

_GENERATED = {"base openapi": Ran("openapi", stdout=_spec("/a")), "head openapi": Ran("openapi", stdout=_spec("/b"))}

GENERATED = [
    Case("what the application generates is the truth", _FAIL, {"a.py": ""}, {"a.py": "X = 1\n"}, _GENERATED,
         {"app_import": "a:app"}),
    Case("an application that cannot be imported is an error", Status.ERROR, {"a.py": ""}, {"a.py": "X = 1\n"},
         {"base openapi": Ran("openapi", exit=1, stderr="ImportError: no module")}, {"app_import": "a:app"}),
    Case("a fast run reads the code alone", _NONE, {"a.py": ""}, {"a.py": "X = 1\n"}, _GENERATED,
         {"app_import": "a:app"}, fast=True),
]  # fmt: skip

_LATER = "match x:\n  case [*a, *b]: pass\nfrom fastapi import APIRouter\nrouter = APIRouter(prefix=)\n"

_REST = {
    "shop/urls.py": "from django.urls import path\nfrom . import views\nurlpatterns = [\n"
    "    path('api/orders/', views.Orders.as_view()),\n",
    "shop/views.py": "from drf_spectacular.utils import extend_schema\nfrom rest_framework.views import APIView\n"
    "class Orders(APIView):\n    def get(self, request):\n        return 1\n",
}
_BILLS = (
    "class Bills(APIView):\n    @bill_docs(summary='All bills', responses={200: Bill})\n"
    "    def get(self, request):\n        return Response(1)\n"
)
_BOTH = f"{_REST['shop/urls.py']}    path('api/bills/', views.Bills.as_view()),\n]\n"
_ORDERS = {**_REST, "shop/urls.py": f"{_REST['shop/urls.py']}]\n"}

SPECTACULAR = [
    _case("a decorator around extend_schema documents the new endpoint", _PASS, _ORDERS,
          _on(_ORDERS, shop__urls_py=_BOTH, shop__views_py=_REST["shop/views.py"] + _BILLS)),
    _case("the serializer of a view does", _PASS, _ORDERS,
          _on(_ORDERS, shop__urls_py=_BOTH, shop__views_py=_REST["shop/views.py"] + _BILLS.replace(
              ", responses={200: Bill}", "").replace("    @", "    serializer_class = Bill\n    @"))),
    _case("a decorator that says nothing does not", _ASK, _ORDERS,
          _on(_ORDERS, shop__urls_py=_BOTH, shop__views_py=_REST["shop/views.py"] + _BILLS.replace(
              "summary='All bills', ", ""))),
]  # fmt: skip

UNREAD = [
    _case("a neighbour that holds routes cannot be parsed", _ASK, _on(_BASE, other_py=_LATER),
          _on(_BASE, other_py=_LATER, main_py=_APP + _GET + _LIST)),
    _case("a neighbour that cannot be parsed may include a router that was touched", _ASK,
          _on(_ROUTED, main_py=_LATER), _on(_ROUTED, main_py=_LATER, shop_py=_ROUTER.replace("item_id", "number"))),
    _case("a removal fails whatever cannot be parsed", _FAIL, _on(_BASE, other_py=_LATER, main_py=_APP + _GET + _LIST),
          _on(_BASE, other_py=_LATER)),
    _case("no route is touched beside a file that cannot be parsed", _NONE, _on(_BASE, other_py=_LATER),
          _on(_BASE, other_py=_LATER, tool_py="X = 1\n")),
    _case("the change itself cannot be parsed", Status.ERROR, _BASE, _on(_BASE, main_py=_LATER)),
]  # fmt: skip

CASES = [*SPECTACULAR, *UNREAD, *ADDED, *REMOVED, *ALTERED, *COMMITTED, *GENERATED]
