"""`dodcheck cache`."""

import shutil
from collections.abc import Iterator
from pathlib import Path

import click

from dodcheck.store import cache_home, cache_limit

_FAMILIES = {
    "definitions": "definitions as they were read, and the rules that answer them",
    "durations": "how long tools took",
    "mypy": "mypy's own caches, one a repository and side",
    "readings": "what was read off files, one by one, and off trees",
    "rules": "the index of rules",
    "suites": "outcomes of test runs",
    "types": "answers of mypy",
    "versions": "versions of tools",
}
_MIB = 2**20


@click.group()
def cache() -> None:
    """Tell what earlier runs left for later ones, or throw it away; it may be thrown away at any time."""


@cache.command()
def info() -> None:
    """Tell where the cache is, and what is in it."""
    home = cache_home()
    click.echo(
        f"{home}, at most {cache_limit() / _MIB:.0f} MiB a kind, four times that of mypy's own (DODCHECK_CACHE_SIZE)"
    )
    for name, words in _FAMILIES.items():
        sizes = list(_sizes(home / name))
        click.echo(f"{name:<12} {len(sizes):>6} files {sum(sizes) / _MIB:>9.1f} MiB  {words}")


@cache.command()
def clear() -> None:
    """Throw everything away; what is no part of dodcheck's cache stays."""
    home = cache_home()
    freed = sum(size for name in _FAMILIES for size in _sizes(home / name))
    for name in _FAMILIES:
        shutil.rmtree(home / name, ignore_errors=True)
    left = [name for name in _FAMILIES if (home / name).exists()]
    if left:
        raise click.ClickException(f"{home}: {', '.join(left)} cannot be removed; see the folder's permissions")
    click.echo(f"{home}: {freed / _MIB:.1f} MiB freed")


def _sizes(folder: Path) -> Iterator[int]:
    for file in folder.rglob("*"):
        try:
            if file.is_file():
                yield file.stat().st_size
        except OSError:  # another run removed it
            continue
