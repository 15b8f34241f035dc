"""setuptools' build backend, with an sdist that is the same byte for byte wherever and whenever it is built.

setuptools takes SOURCE_DATE_EPOCH for the wheel alone: an sdist of its own tells when, by whom and under which umask
it was packed. A wheel is the same where it is built from the sdist, as `python -m build` does.
Source: PEP 517 (in-tree backends), https://reproducible-builds.org/docs/archives/.
"""

import gzip
import io
import os
import tarfile
from pathlib import Path

from setuptools import build_meta
from setuptools.build_meta import (
    build_editable,
    get_requires_for_build_editable,
    get_requires_for_build_sdist,
    get_requires_for_build_wheel,
    prepare_metadata_for_build_editable,
    prepare_metadata_for_build_wheel,
)

__all__ = [
    "build_editable",
    "build_sdist",
    "build_wheel",
    "get_requires_for_build_editable",
    "get_requires_for_build_sdist",
    "get_requires_for_build_wheel",
    "prepare_metadata_for_build_editable",
    "prepare_metadata_for_build_wheel",
]


def build_wheel(
    wheel_directory: str,
    config_settings: dict[str, str | list[str] | None] | None = None,
    metadata_directory: str | None = None,
) -> str:
    """Build the wheel; the modes of its metadata do not follow the umask.

    Args:
        wheel_directory: where the wheel is laid.
        config_settings: what the frontend was given for setuptools.
        metadata_directory: where the frontend has prepared the metadata.

    Returns:
        The wheel's file name.
    """
    os.umask(0o022)  # a hook's process is its own (PEP 517)
    return build_meta.build_wheel(wheel_directory, config_settings, metadata_directory)


def build_sdist(sdist_directory: str, config_settings: dict[str, str | list[str] | None] | None = None) -> str:
    """Build the sdist, and where SOURCE_DATE_EPOCH is set pack it anew without what differs between machines.

    Args:
        sdist_directory: where the archive is laid.
        config_settings: what the frontend was given for setuptools.

    Returns:
        The archive's file name.

    Raises:
        ValueError: SOURCE_DATE_EPOCH is not a number of seconds.
    """
    name = build_meta.build_sdist(sdist_directory, config_settings)
    if "SOURCE_DATE_EPOCH" in os.environ:
        archive = Path(sdist_directory) / name
        archive.write_bytes(_settled(archive.read_bytes(), int(os.environ["SOURCE_DATE_EPOCH"])))
    return name


def _settled(archive: bytes, epoch: int) -> bytes:
    """Return a .tar.gz of the same files: sorted, of one time, of nobody, with plain modes."""
    packed = io.BytesIO()
    with (
        tarfile.open(fileobj=io.BytesIO(archive)) as before,
        gzip.GzipFile(filename="", mode="wb", fileobj=packed, mtime=epoch) as zipped,
        tarfile.open(fileobj=zipped, mode="w", format=tarfile.GNU_FORMAT) as after,
    ):
        for member in sorted(before.getmembers(), key=lambda one: one.name):
            mode = 0o755 if member.isdir() or member.mode & 0o100 else 0o644
            plain = member.replace(mtime=epoch, mode=mode, uid=0, gid=0, uname="", gname="", deep=False)
            plain.pax_headers = {}
            after.addfile(plain, before.extractfile(member))
    return packed.getvalue()
