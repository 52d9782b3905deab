"""The house's own laws: style, types, and who may import whom."""

from __future__ import annotations

import subprocess
import sys
import tomllib
from importlib.metadata import requires
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

ROOT = Path(__file__).resolve().parent.parent
LINT_IMPORTS = "import sys; from importlinter.cli import lint_imports_command; sys.exit(lint_imports_command())"

TOOLS = {
    "style": ["-m", "ruff", "check", "."],
    "format": ["-m", "ruff", "format", "--check", "."],
    "types": ["-m", "mypy", "--strict", "lec10_tui"],
    "imports": ["-c", LINT_IMPORTS],
}


@pytest.mark.parametrize("tool", TOOLS)
def test_the_house_is_in_order(tool: str) -> None:
    done = subprocess.run([sys.executable, *TOOLS[tool]], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_the_constraints_pin_everything_that_is_installed_with_them() -> None:
    lines = (ROOT / "constraints.txt").read_text().splitlines()
    pinned = dict(line.split("==") for line in lines if line and not line.startswith("#"))
    assert pinned["torch"] == "2.13.0"
    wanted = [Requirement(text) for name in pinned for text in requires(name) or ()]
    wanted += [Requirement(text) for group in _declared() for text in group]
    for requirement in wanted:
        name = canonicalize_name(requirement.name)
        if requirement.marker is not None and not requirement.marker.evaluate({"extra": ""}):
            continue
        if name.startswith(("nvidia-", "cuda-", "triton")):  # torch pins these itself, where there are any
            continue
        assert name in pinned, f"{requirement} is installed, and in no version that was tested"
        assert requirement.specifier.contains(pinned[name]), f"{requirement} refuses {pinned[name]}"


def _declared() -> list[list[str]]:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]
    return [project["dependencies"], *project["optional-dependencies"].values()]
