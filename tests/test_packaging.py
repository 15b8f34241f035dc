"""What is shipped is what is here: wheel and sdist run the main job without the sources."""

import os
import subprocess
import sys
import tarfile
import tomllib
import venv
from pathlib import Path

import pytest
from conftest import Repository, environment

TOP = Path(__file__).parent.parent
AT = {"SOURCE_DATE_EPOCH": "1700000000"}


def test_every_package_is_listed() -> None:
    listed = set(tomllib.loads((TOP / "pyproject.toml").read_text())["tool"]["setuptools"]["packages"])
    roots = {
        "dodcheck": TOP / "src" / "dodcheck",
        "dodcheck.rules": TOP / "rules",
        "dodcheck.templates": TOP / "templates",
    }
    found = set()
    for name, root in roots.items():
        for init in root.rglob("__init__.py"):
            parts = init.parent.relative_to(root).parts
            found.add(".".join([name, *parts]))
    assert listed == found


@pytest.fixture(scope="module")
def distributions(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """Build the sdist, and the wheel from it."""
    target = tmp_path_factory.mktemp("dist")
    command = [sys.executable, "-m", "build", "--outdir", str(target), str(TOP)]
    subprocess.run(command, check=True, capture_output=True, env=os.environ | AT)
    return {"wheel": next(target.glob("*.whl")), "sdist": next(target.glob("*.tar.gz"))}


def test_built_again_elsewhere_later_and_under_another_umask_it_is_the_same_byte_for_byte(
    distributions: dict[str, Path], tmp_path: Path
) -> None:
    with tarfile.open(distributions["sdist"]) as archive:
        archive.extractall(tmp_path, filter="data")
    source = next(tmp_path.iterdir())
    (source / "setup.cfg").unlink()  # a checkout has none: it is written into an sdist
    for path in source.rglob("*"):
        os.utime(path, (1, 1))
    again = tmp_path / "again"
    command = [sys.executable, "-m", "build", "--no-isolation", "--outdir", str(again), str(source)]
    subprocess.run(command, check=True, capture_output=True, env=os.environ | AT, umask=0o077)
    for built in distributions.values():
        assert (again / built.name).read_bytes() == built.read_bytes()


@pytest.mark.parametrize("kind", ["wheel", "sdist"])
def test_installed_from_either_it_does_the_main_job(
    distributions: dict[str, Path], kind: str, repository: Repository, tmp_path: Path
) -> None:
    home = tmp_path / "environment"
    venv.create(home, with_pip=True)
    pip = [str(home / "bin" / "python"), "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, str(distributions[kind])], check=True, capture_output=True, env=environment())
    distributions_there = list((home / "lib").glob("python*/site-packages/*"))
    assert not {"rules", "templates"} & {path.name for path in distributions_there}
    repository.commit({"app.py": "def f() -> int:\n    return 1\n", "README.md": "# app\n"})
    repository.write({"app.py": "import os\n\n\ndef f() -> int:\n    return 2\n"})
    ran = subprocess.run(
        [str(home / "bin" / "dodcheck"), "report", "--fast", "-o", "report.html"],
        cwd=repository.path,
        env=environment() | {"VIRTUAL_ENV": str(home)},
        capture_output=True,
        text=True,
        check=False,
    )
    assert ran.returncode == 0, ran.stderr
    assert "## Files created/modified" in ran.stdout
    assert "F401" in ran.stdout
    assert "F401" in (repository.path / "report.html").read_text(encoding="utf-8")
