"""The shipped files are what their script makes from the packages they come from."""

from __future__ import annotations

import importlib.util
import sys
from pathlib import Path
from types import ModuleType

import numpy as np
import pytest

from lec10_tui.data.npz import Npz

ASSETS = Path(__file__).parents[2] / "assets"


def script() -> ModuleType:
    spec = importlib.util.spec_from_file_location("make_data", ASSETS / "make_data.py")
    assert spec is not None and spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    sys.modules["make_data"] = module  # dataclasses look their module up
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("shipped", script().SHIPPED, ids=lambda shipped: shipped.file)
def test_the_script_makes_the_same_arrays_again(shipped: object) -> None:
    if not shipped.source.is_file():
        pytest.skip(f"{shipped.package} is not installed")
    images, labels = shipped.make(shipped.source)
    found = Npz(ASSETS / shipped.file).read(["images", "labels"])
    assert found["images"].dtype == found["labels"].dtype == np.uint8
    assert np.array_equal(found["images"], images) and np.array_equal(found["labels"], labels)


def test_an_npz_is_the_same_bytes_every_time(tmp_path: Path) -> None:
    npz = script().npz
    images, labels = np.arange(320).astype(np.uint8).reshape(20, 4, 4), np.zeros(20, np.uint8)
    made = npz(images, labels)
    assert made == npz(images.copy(), labels.copy())
    (tmp_path / "made.npz").write_bytes(made)
    with np.load(tmp_path / "made.npz", allow_pickle=False) as found:
        assert np.array_equal(found["images"], images) and np.array_equal(found["labels"], labels)


def test_the_shipped_files_stay_small() -> None:
    assert sum(file.stat().st_size for file in ASSETS.glob("*.npz")) < 4_000_000
