"""The endpoints that a project's code registers, and how two sides of them differ."""

import pytest

from dodcheck.change import Change, Side, Snapshot, TreeSnapshot
from dodcheck.engine import Facts
from dodcheck.facts.code.modules import Modules
from dodcheck.facts.http.endpoint import Endpoint, anonymous
from dodcheck.facts.http.endpoint_changes import EndpointChanges
from dodcheck.facts.http.endpoints import Endpoints
from dodcheck.facts.http.source_scopes import SourceScopes
from dodcheck.facts.http.url_patterns import as_template
from dodcheck.readings import Readings
from dodcheck.run import SyntaxReader
from dodcheck.testing import NoSyntaxReader

APP = "from fastapi import APIRouter, FastAPI\napp = FastAPI()\n"
GET = "@app.get('/users/{user_id}')\ndef user(user_id: int): ...\n"
ROUTER = (
    "from fastapi import APIRouter\nrouter = APIRouter(prefix='/users')\n@router.get('/{i}')\ndef one(i: int): ...\n"
)
BLUEPRINT = (
    "from flask import Blueprint\nbp = Blueprint('b', __name__, url_prefix='/b')\n@bp.route('/x')\ndef x(): ...\n"
)
FLASK = "from flask import Flask\napp = Flask(__name__)\n"
VIEW = "from flask.views import MethodView\nclass V(MethodView):\n    def get(self): ...\n    def delete(self): ...\n"
SETS = (
    "from rest_framework.viewsets import ReadOnlyModelViewSet\nfrom rest_framework.decorators import action\n"
    "class Users(ReadOnlyModelViewSet):\n    @action(detail=True, methods=['post'])\n"
    "    def ban(self, request, pk): ...\n"
)
REST = (
    "from rest_framework.routers import DefaultRouter\nfrom .views import Users\n"
    "from django.urls import include, path\n"
    "router = DefaultRouter()\nrouter.register(r'users', Users)\n"
)
RE_PATH = "from django.urls import re_path\nurlpatterns = [re_path(r'^a/(?P<year>[0-9]{4})/b\\.json$', lambda r: r)]\n"


def endpoints(files: dict[str, str]) -> Endpoints:
    snapshot = TreeSnapshot("head", files)
    return Endpoints(snapshot, SourceScopes(Modules(snapshot, NoSyntaxReader())))


def labels(files: dict[str, str]) -> list[str]:
    return [one.label for one in endpoints(files).all]


@pytest.mark.parametrize(
    ("files", "expected"),
    [
        ({"m.py": APP + GET}, ["GET /users/{user_id}"]),
        (
            {"m.py": f"{APP}P = '/p'\n@app.post(P + '/x')\n@app.put(f'{{P}}/y')\ndef f(): ..."},
            ["POST /p/x", "PUT /p/y"],
        ),
        (
            {"m.py": f"{APP}from api import users\napp.include_router(users.router, prefix='/v1')",
             "api/users.py": ROUTER},
            ["GET /v1/users/{i}"],
        ),
        (
            {
                "m.py": f"{APP}from api import api\nfrom conf import settings\n"
                "app.include_router(api, prefix=settings.V)",
                "conf.py": "class S:\n    V: str = '/v2'\nsettings = S()\n",
                "api/__init__.py": "from .users import router as users\nfrom fastapi import APIRouter\n"
                "api = APIRouter()\napi.include_router(users)\n",
                "api/users.py": ROUTER,
            },
            ["GET /v2/users/{i}"],
        ),
        ({"m.py": APP, "users.py": ROUTER}, []),
        (
            {"m.py": f"{APP}import users\nfor one in [users.router]:\n    app.include_router(one)\n",
             "users.py": ROUTER},
            ["GET /users/{i}"],
        ),
        ({"m.py": f"{APP}sub = FastAPI()\n@sub.get('/x')\ndef x(): ...\napp.mount('/sub', sub)\n"}, ["GET /sub/x"]),
        ({"m.py": f"{APP}def f(): ...\napp.add_api_route('/f', f, methods=['PUT'])\n"}, ["PUT /f"]),
        ({"m.py": f"{APP}@app.websocket('/ws')\nasync def ws(s): ...\n"}, ["WEBSOCKET /ws"]),
        ({"m.py": f"{APP}@app.webhooks.post('event')\ndef event(): ...\n"}, []),
        (
            {"m.py": "from fastapi import FastAPI\ndef make():\n    app = FastAPI()\n    more(app)\n    return app\n"
             "def more(app: FastAPI):\n    @app.get('/x')\n    def x(): ...\n"},
            ["GET /x"],
        ),
        (
            {"m.py": "from starlette.applications import Starlette\nfrom starlette.routing import Mount, Route\n"
             "async def a(r): ...\napp = Starlette(routes=[Route('/a', a), Mount('/b', routes=[Route('/c', a)])])\n"},
            ["GET /a", "GET /b/c"],
        ),
        ({"tests/test_app.py": APP + GET}, []),
        ({"m.py": f"{APP}import httpx\nhttpx.get('/users')\n{{}}.get('/x')\n"}, []),
        ({"m.py": f"{FLASK}from b import bp\napp.register_blueprint(bp)\n", "b.py": BLUEPRINT}, ["GET /b/x"]),
        (
            {"m.py": f"{FLASK}from b import bp\napp.register_blueprint(bp, url_prefix='/c')\n", "b.py": BLUEPRINT},
            ["GET /c/x"],
        ),
        (
            {"m.py": f"{FLASK}{VIEW}app.add_url_rule('/v/<int:i>', view_func=V.as_view('v'))\n"},
            ["DELETE /v/<int:i>", "GET /v/<int:i>"],
        ),
        (
            {"m.py": f"{FLASK}from flask_restful import Api, Resource\napi = Api(app, prefix='/api')\n"
             "class R(Resource):\n    def get(self): ...\napi.add_resource(R, '/r', '/s')\n"},
            ["GET /api/r", "GET /api/s"],
        ),
        (
            {
                "site/urls.py": "from django.urls import include, path\n"
                "urlpatterns = [path('blog/', include('blog.urls'))]\n",
                "blog/urls.py": "from django.urls import path\nfrom . import views\n"
                "urlpatterns = [path('<int:pk>/', views.post)]\nurlpatterns += [path('new/', views.New.as_view())]\n",
                "blog/views.py": "from django.views.decorators.http import require_POST\n"
                "from django.views import View\n"
                "@require_POST\ndef post(request, pk): ...\nclass New(View):\n    def get(self, request): ...\n",
            },
            ["POST /blog/<int:pk>/", "GET /blog/new/"],
        ),
        (
            {"a/urls.py": f"{REST}urlpatterns = [path('api/', include(router.urls))]\n", "a/views.py": SETS},
            ["GET /api/users/", "GET /api/users/{pk}/", "POST /api/users/{pk}/ban/"],
        ),
        ({"a/urls.py": RE_PATH}, ["ANY /a/{year}/b.json"]),
        (
            {
                "a/urls.py": f"{REST}urlpatterns = [path('api/', include([path('x/', f)] + router.urls))]\n",
                "a/views.py": "from rest_framework.viewsets import ReadOnlyModelViewSet\n"
                "class Users(ReadOnlyModelViewSet): ...\n",
            },
            ["GET /api/users/", "GET /api/users/{pk}/", "ANY /api/x/"],
        ),
        (
            {
                "s/urls.py": "from django.urls import include, path\nurlpatterns = [path('v1/', include('s.api'))]\n",
                "s/api/__init__.py": "from .a import urlpatterns as a\nurlpatterns = [*a]\n",
                "s/api/a.py": "from django.urls import path\nurlpatterns = [path('a/', lambda r: r)]\n",
            },
            ["ANY /v1/a/"],
        ),
        (
            {"m.py": "def walk(app, depth):\n    @app.get('/x')\n    def x(): ...\n    walk(app, depth + 1)\n"},
            ["GET /x"],
        ),
    ],
)  # fmt: skip
def test_endpoints_of_a_project(files: dict[str, str], expected: list[str]) -> None:
    assert labels(files) == expected


def test_a_prefix_that_only_a_run_would_tell_stands_as_its_expression() -> None:
    files = {"m.py": f"{APP}from users import router\napp.include_router(router, prefix=given())\n", "users.py": ROUTER}
    assert labels(files) == ["GET /<given()>/users/{i}"]


def test_a_path_that_only_a_run_would_tell_is_unresolved() -> None:
    found = endpoints({"m.py": f"{APP}for path in table():\n    app.add_api_route(path, f)\n"})
    assert not found.all
    assert [(one.file, one.line) for one in found.unresolved] == [("m.py", 4)]


def test_what_an_endpoint_says_of_itself() -> None:
    code = (
        "@app.post('/x', status_code=201, deprecated=True, include_in_schema=False)\ndef x() -> int:\n    '''Do.'''\n"
    )
    expected = Endpoint("POST", "/x", "x", "m.py", 3, 201, True, False, True, True)  # noqa: FBT003 - in their order
    assert endpoints({"m.py": APP + code}).all == (expected,)


def test_payload_with_inherited_nested_and_aliased_fields() -> None:
    models = (
        "from pydantic import BaseModel, Field\nclass Base(BaseModel):\n    id: int\n"
        "class Tag(BaseModel):\n    label: str\n"
        "class User(Base):\n    name: str = Field(alias='fullName')\n    tags: list[Tag] = []\n    _secret: str = ''\n"
    )
    code = (
        "from models import User\n@app.post('/x', response_model=list[User])\n"
        "def x(user: User, page: int, q: str = ''): ...\n"
    )
    found = endpoints({"m.py": APP + code, "models.py": models})
    payload = found.payload(found.all[0])
    assert [one.name for one in payload.response] == ["id", "fullName", "tags", "tags.label"]
    assert [(one.name, one.required) for one in payload.request][-2:] == [("page", True), ("q", False)]


@pytest.mark.parametrize(
    ("path", "expected"),
    [("/a/{x}/", "/a/{}"), ("/a/<int:x>", "/a/{}"), ("", "/"), ("//a", "/a"), ("/{p:path}", "/{}")],
)
def test_anonymous_paths(path: str, expected: str) -> None:
    assert anonymous(path) == expected


@pytest.mark.parametrize(
    ("regex", "expected"),
    [
        ("^a/(?P<year>[0-9]{4})/$", "a/{year}/"),
        ("^logo(?:/(?P<name>.+))?/?$", "logo/{name}/"),
        (r"^feed\.(json|xml)$", "feed.{}"),
    ],
)
def test_templates_of_regular_expressions(regex: str, expected: str) -> None:
    assert as_template(regex, regex=True) == expected


def changes(before: dict[str, str], after: dict[str, str]) -> EndpointChanges:
    change = Change.of_trees(before, after)
    facts = Facts(
        {
            Change: lambda _: change,
            Snapshot: lambda side: change.base if side is Side.BASE else change.head,
            SyntaxReader: lambda _: NoSyntaxReader(),
            Readings: lambda _: Readings(),
        }
    )
    return facts.get(EndpointChanges)


def test_a_moved_prefix_moves_every_path() -> None:
    main = f"{APP}from users import router\napp.include_router(router, prefix='/v1')\n"
    found = changes({"m.py": main, "users.py": ROUTER}, {"m.py": main.replace("v1", "v2"), "users.py": ROUTER})
    assert [(one.base.label, one.head.label) for one in found.moved] == [("GET /v1/users/{i}", "GET /v2/users/{i}")]
    assert not found.added
    assert not found.removed


def test_a_renamed_parameter_and_a_moved_handler_are_no_change() -> None:
    before = {"m.py": APP + GET}
    renamed = {"m.py": APP + GET.replace("user_id", "uid")}
    moved = {"m.py": f"{APP}from users import router\napp.include_router(router)\n", "users.py": ROUTER}
    for after in (renamed, moved):
        found = changes(before, after)
        assert (found.added, found.removed, found.moved) == ((), (), ()), after


def test_a_changed_model_in_another_file_alters_the_endpoint() -> None:
    code = f"{APP}from models import User\n@app.get('/x')\ndef x() -> User: ...\n"
    model = "from pydantic import BaseModel\nclass User(BaseModel):\n    id: int\n    name: str\n"
    found = changes(
        {"m.py": code, "models.py": model}, {"m.py": code, "models.py": model.replace("    name: str\n", "")}
    )
    assert [d.text for one in found.altered for d in one.differences] == ["the response no longer has `name`"]
    assert found.altered[0].breaking


def test_a_change_inside_of_a_handler_reads_nothing_else() -> None:
    files = {"m.py": APP + GET, "broken.py": "from fastapi import ("}
    found = changes(files, files | {"m.py": (APP + GET).replace("...", "return 1")})
    assert found == EndpointChanges()
