"""The house as its documents describe it."""

import re
import subprocess
import sys

from facet.env import BASE_DIR


def test_imports_run_one_way() -> None:
    done = subprocess.run(
        [sys.executable, "-c", "import sys; from importlinter.cli import lint_imports_command; lint_imports_command()"],
        capture_output=True, text=True, cwd=BASE_DIR, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout


def test_platform_is_no_package() -> None:
    assert not (BASE_DIR / "platform" / "__init__.py").exists()
    assert list((BASE_DIR / "tests").rglob("__init__.py")) == []


def test_locked_requirements_are_hashed_and_name_no_host() -> None:
    for path in (BASE_DIR / "requirements").glob("*.txt"):
        text = path.read_text()
        pins = re.findall(r"^[a-z0-9][\w.-]*(?:\[[\w,-]+\])?==", text, re.MULTILINE)
        assert len(pins) > 30
        assert "://" not in text
        for block in re.split(r"\n(?=[a-z0-9])", text):
            assert "--hash=sha256:" in block


def test_serving_installs_neither_tensorflow_nor_test_tools() -> None:
    text = (BASE_DIR / "requirements" / "serve.txt").read_text()
    for name in ("tensorflow", "keras", "pytest", "matplotlib", "psycopg"):
        assert not re.search(rf"^{name}", text, re.MULTILINE)


def test_what_the_readme_says_to_type_exists() -> None:
    readme = (BASE_DIR / "README.md").read_text()
    makefile = (BASE_DIR / "Makefile").read_text()
    targets = set(re.findall(r"make ([a-z-]+)", readme))
    assert {"run", "test"} <= targets
    for target in targets:
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
    for linked in re.findall(r"\]\(([^)#:]+)\)", readme):
        assert (BASE_DIR / linked).exists(), linked
