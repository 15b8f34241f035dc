"""The OpenAPI documents that an application generates on both sides, compared."""

from dodcheck.change import Side
from dodcheck.errors import ToolError
from dodcheck.facts.http.endpoint_changes import EndpointChanges
from dodcheck.facts.http.openapi import OpenApiDocument
from dodcheck.run import SchemaGenerator


def generated_changes(generator: SchemaGenerator, app: str) -> EndpointChanges:
    """Compare what an application generates at base and at head.

    Args:
        generator: Imports the application in a child process.
        app: `package.module:app`, or a factory.

    Raises:
        ToolError: A side did not give a document.
    """
    base, head = (_document(generator, side, app) for side in (Side.BASE, Side.HEAD))
    return EndpointChanges.between(base, head)


def _document(generator: SchemaGenerator, side: Side, app: str) -> OpenApiDocument:
    ran = generator.schema(side, app)
    found = OpenApiDocument.parse(ran.stdout, app)
    package = app.partition(":")[0].partition(".")[0]
    if found is None and side is Side.BASE and f"No module named '{package}'" in ran.stderr:
        return OpenApiDocument({"paths": {}}, app)  # the change brings the application
    if found is None:
        said = (ran.stderr.strip() or f"exit {ran.exit}").splitlines()[-1]
        raise ToolError(f"{app} gave no OpenAPI document at {side}: {said}", "mend `app_import`, or leave it out")
    return found
