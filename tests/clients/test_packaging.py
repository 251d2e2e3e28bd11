"""The package stands on its own feet."""

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path
from shutil import copytree, ignore_patterns

import pytest

import facet_client
from tests.clients.conftest import SOURCE


@pytest.fixture(scope="module")
def wheel(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Built from a copy, without the network."""
    copy = tmp_path_factory.mktemp("build") / "python"
    copytree(SOURCE, copy, ignore=ignore_patterns("__pycache__", "build", "*.egg-info"))
    words = [sys.executable, "-m", "pip", "wheel", "--quiet", "--no-deps", "--no-index", "--no-build-isolation"]
    subprocess.run([*words, "--wheel-dir", str(copy.parent), str(copy)], check=True, timeout=120)
    (built,) = copy.parent.glob("*.whl")
    return built


def test_the_wheel_holds_the_package_its_types_and_the_command(wheel: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        names = set(archive.namelist())
        (info,) = {name.split("/")[0] for name in names if name.endswith(".dist-info/METADATA")}
        metadata = archive.read(f"{info}/METADATA").decode()
        entry_points = archive.read(f"{info}/entry_points.txt").decode()
    modules = {path.relative_to(SOURCE / "src").as_posix() for path in (SOURCE / "src").rglob("*.py")}
    assert modules | {"facet_client/py.typed"} == {name for name in names if not name.startswith(info)}
    assert re.findall(r"^Requires-Dist: (\w+)", metadata, re.MULTILINE) == ["httpx"]
    assert "Requires-Python: >=3.10" in metadata
    assert f"Version: {facet_client.__version__}\n" in metadata
    assert "facet = facet_client.command:main" in entry_points


def test_the_command_runs_from_the_wheel(wheel: Path) -> None:
    code = "import sys; sys.path.insert(0, sys.argv.pop(1)); from facet_client.command import main; sys.exit(main())"
    done = subprocess.run(
        [sys.executable, "-I", "-c", code, str(wheel), "--version"], capture_output=True, text=True, check=True
    )
    assert done.stdout == f"facet {facet_client.__version__}\n"


def test_only_httpx_and_the_standard_library_are_imported() -> None:
    allowed = {"facet_client", "httpx", *sys.stdlib_module_names}
    for path in (SOURCE / "src").rglob("*.py"):
        imported = re.findall(r"^\s*(?:from|import) (\w+)", path.read_text(encoding="utf-8"), re.MULTILINE)
        assert set(imported) <= allowed | {"the"}, path


def test_the_dependency_is_the_one_that_the_tests_run_with() -> None:
    import httpx
    from packaging.requirements import Requirement

    project = tomllib.loads((SOURCE / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    (needed,) = map(Requirement, project["dependencies"])
    assert (needed.name, needed.specifier.contains(httpx.__version__)) == ("httpx", True)
