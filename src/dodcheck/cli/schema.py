"""`dodcheck schema`."""

import click

from dodcheck.report import json_schema


@click.command()
def schema() -> None:
    """Print the JSON schema of the result."""
    click.echo(json_schema(), nl=False)
