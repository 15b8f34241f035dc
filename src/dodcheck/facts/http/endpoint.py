"""One endpoint of an HTTP interface, and one fields list of what it takes or gives."""

import re

import msgspec

WEBSOCKET = "WEBSOCKET"
ANY = "ANY"  # a view that takes whatever method comes

_PARAMETER = re.compile(r"\{[^{}]*\}|<[^<>]*>")
_SLASHES = re.compile(r"/{2,}")


class Endpoint(msgspec.Struct, frozen=True):
    """One method of one path.

    Args:
        method: In capitals; `ANY` where the view decides, `WEBSOCKET` for a socket.
        path: The template with the parameters as they are written; `<expression>` for what only a run would tell.
        handler: Qualified name of the function or class in its file.
        file: The file of the handler.
        line: 1-based line of the registration, or of the handler when that stands elsewhere.
        status: The status code of success, where it is declared.
        deprecated: It is marked so.
        in_schema: The generated documentation shows it.
        described: The handler has a summary, a description or a docstring.
        typed: It declares what it answers with.
    """

    method: str
    path: str
    handler: str
    file: str
    line: int
    status: int | None = None
    deprecated: bool = False
    in_schema: bool = True
    described: bool = False
    typed: bool = False

    @property
    def key(self) -> tuple[str, str]:
        """What a client addresses: method and path, whatever the parameters are called."""
        return self.method, anonymous(self.path)

    @property
    def label(self) -> str:
        """`GET /users/{id}`, as people write it."""
        return f"{self.method} {self.path or '/'}"


class Unresolved(msgspec.Struct, frozen=True):
    """A registration whose path only a run would tell.

    Args:
        file: Where it stands.
        line: 1-based line.
        symbol: The function around it.
        text: The call, and the tables of the module that it may read from, to compare two sides.
    """

    file: str
    line: int
    symbol: str
    text: str


class Field(msgspec.Struct, frozen=True):
    """One field of a request or of a response.

    Args:
        name: Dotted name on the wire; `[]` stands for the items of a list.
        type: The annotation as it is written.
        required: A request without it is refused.
    """

    name: str
    type: str = ""
    required: bool = False


class Payload(msgspec.Struct, frozen=True):
    """What an endpoint takes and gives, as far as its models stand in the project.

    Args:
        request: Parameters and fields of the body.
        response: Fields of the answer; none when it is not declared.
        models: Names of the models that the answer is made of.
    """

    request: tuple[Field, ...] = ()
    response: tuple[Field, ...] = ()
    models: tuple[str, ...] = ()


class EndpointTable(msgspec.Struct, frozen=True):
    """All that is to be known of the endpoints of one tree.

    Args:
        endpoints: Each with what it takes and gives.
        unresolved: Registrations whose path only a run would tell.
        self_documenting: See `Endpoints.self_documenting`.
    """

    endpoints: tuple[tuple[Endpoint, Payload], ...]
    unresolved: tuple[Unresolved, ...]
    self_documenting: bool


def anonymous(path: str) -> str:
    """Return a path with every parameter as `{}`, without a slash at its end."""
    bare = _PARAMETER.sub("{}", path)
    return _SLASHES.sub("/", f"/{bare}").rstrip("/") or "/"


def joined(prefix: str, path: str) -> str:
    """Put a prefix before a path."""
    return _SLASHES.sub("/", f"{prefix}{path}")
