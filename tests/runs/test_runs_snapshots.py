"""Snapshots come back to the bit, whatever is in them; what can't come back is refused before the disk is touched."""

from __future__ import annotations

import json
import math
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra import numpy as hnp

from lec10_tui.runs.checkpoints import DTYPES
from lec10_tui.runs.errors import RunError
from lec10_tui.runs.snapshots import read, write
from lec10_tui.vocabulary.reports import Snapshot

QUICK = settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])

names = st.text(st.characters(exclude_categories=["Cs"]), max_size=20).filter(lambda name: name != "__metadata__")
arrays = st.sampled_from(DTYPES).flatmap(
    lambda dtype: hnp.arrays(dtype, hnp.array_shapes(min_dims=0, max_dims=3, min_side=0, max_side=4))
)
scalars = st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=10)
plain = st.recursive(
    scalars,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=8).filter(lambda key: key != "$float"), inner)
    ),
    max_leaves=12,
)
rows = st.lists(st.dictionaries(st.text(max_size=8).filter(lambda key: key != "$float"), st.floats() | st.integers()))


def alike(one: object, other: object) -> bool:
    """Equal in value and type, with NaN equal to NaN and −0.0 unlike 0.0."""
    return repr(one) == repr(other)


@QUICK
@given(
    step=st.integers(0, 10**12),
    header=st.dictionaries(st.text(max_size=8).filter(lambda key: key != "$float"), plain, max_size=5),
    named=st.dictionaries(names, arrays, max_size=5),
    metrics=rows,
)
def test_a_snapshot_comes_back_to_the_bit(tmp_path_factory, step, header, named, metrics):
    folder = tmp_path_factory.mktemp("home") / "run"
    write(Snapshot("vae", step, header, named, tuple(metrics)), folder)
    back = read(folder)
    assert (back.lesson, back.step) == ("vae", step)
    assert alike(back.header, header) and alike(back.metrics, tuple(metrics))
    assert back.arrays.keys() == named.keys()
    for name, array in named.items():
        found = back.arrays[name]
        assert found.dtype == array.dtype and found.shape == array.shape
        assert found.tobytes() == array.tobytes()
        assert found.flags.writeable


def test_payloads_of_nan_and_other_layouts_survive(tmp_path):
    quiet = np.array([0x7FF8000000000001, 0xFFF0000000000000, 0x8000000000000000], np.uint64).view(np.float64)
    table = np.arange(12, dtype=np.float32).reshape(3, 4)
    given_arrays = {
        "quiet": quiet,
        "turned": table.T,
        "backwards": table[::-1, ::2],
        "zero": np.float32(3.5).reshape(()),
    }
    write(Snapshot("vae", 1, {}, given_arrays), tmp_path)
    back = read(tmp_path).arrays
    assert np.array_equal(back["quiet"].view(np.uint64), quiet.view(np.uint64))
    assert np.array_equal(back["turned"], table.T) and np.array_equal(back["backwards"], table[::-1, ::2])
    assert back["zero"].shape == () and back["zero"] == np.float32(3.5)


def test_tuples_and_numpy_scalars_come_back_as_plain_values(tmp_path):
    header = {"hidden": (512, 256), "count": np.int64(3), "rate": np.float32(0.5), "on": np.bool_(True)}
    write(Snapshot("vae", 0, header, {}), tmp_path)
    assert read(tmp_path).header == {"hidden": [512, 256], "count": 3, "rate": 0.5, "on": True}


def test_the_text_files_are_strict_json_for_people_and_programs(tmp_path):
    rows = ({"step": 1.0, "elbo": math.nan}, {"step": 2.0, "elbo": -math.inf, "held_out_elbo": -150.25})
    header = {"knobs": {"data": "mnist"}, "η": 0.05, "worst": math.inf, "path": "caf\udce9"}
    write(Snapshot("vae", 2, header, {}, rows), tmp_path, now=datetime(2026, 1, 31, 12, 0, tzinfo=UTC))

    def refuse(token: str) -> None:
        raise AssertionError(f"{token} is not JSON")

    lines = (tmp_path / "metrics.jsonl").read_text("utf-8").splitlines()
    assert [json.loads(line, parse_constant=refuse) for line in lines] == [
        {"step": 1.0, "elbo": None},
        {"step": 2.0, "elbo": None, "held_out_elbo": -150.25},
    ]
    text = (tmp_path / "config.json").read_text("utf-8")
    config = json.loads(text, parse_constant=refuse)
    assert "η" in text and config["worst"] is None and config["path"] == "caf\udce9"
    assert config["knobs"] == {"data": "mnist"} and config["lesson"] == "vae" and config["step"] == 2
    assert config["saved_at"] == "2026-01-31T12:00:00.000+00:00"
    assert config["readings"] == {"step": 2.0, "elbo": None, "held_out_elbo": -150.25}
    assert alike(read(tmp_path).header, header) and alike(read(tmp_path).metrics, rows)


def test_equal_snapshots_make_equal_checkpoints(tmp_path):
    for name in ("one", "two"):
        arrays = {"model/b": np.ones(3), "model/a": np.zeros((2, 2), np.float32), "curves/x": np.arange(4)}
        write(Snapshot("vae", 7, {"seed": 1, "knobs": {"beta": 1.0}}, arrays, ({"step": 7.0},)), tmp_path / name)
    checkpoints = [tmp_path / name / "checkpoints" / "step-000000007.safetensors" for name in ("one", "two")]
    assert checkpoints[0].read_bytes() == checkpoints[1].read_bytes()


@pytest.mark.parametrize(
    ("header", "arrays", "said"),
    [
        ({"changes": {120: 0.5}}, {}, "names are text"),
        ({"$float": "nan"}, {}, "names are text"),
        ({"where": Path("x")}, {}, "not a plain value"),
        ({}, {"objects": np.array([None])}, "checkpoint holds"),
        ({}, {"big-endian": np.zeros(2, ">f4")}, "checkpoint holds"),
        ({}, {"__metadata__": np.zeros(2)}, "__metadata__"),
        ({}, {"half a pair \ud800": np.zeros(2)}, "surrogate"),
    ],
)
def test_what_would_not_come_back_is_refused_before_the_disk_is_touched(tmp_path, header, arrays, said):
    with pytest.raises(RunError, match=said) as caught:
        write(Snapshot("vae", 1, header, arrays), tmp_path / "run")
    assert "\n" not in str(caught.value) and str(tmp_path) in str(caught.value)
    assert not (tmp_path / "run").exists()


def test_the_newest_two_checkpoints_are_kept(tmp_path):
    for step in (10, 20, 30, 40):
        write(Snapshot("vae", step, {}, {}), tmp_path)
    names = sorted(path.name for path in (tmp_path / "checkpoints").iterdir())
    assert names == ["step-000000030.safetensors", "step-000000040.safetensors"]


def test_a_removed_folder_is_made_again(tmp_path):
    folder = tmp_path / "home" / "runs" / "vae-1"
    write(Snapshot("vae", 1, {}, {}), folder)
    for path in sorted(folder.rglob("*"), reverse=True):
        path.rmdir() if path.is_dir() else path.unlink()
    folder.rmdir()
    write(Snapshot("vae", 2, {}, {}), folder)
    assert read(folder).step == 2


def test_a_folder_that_is_a_file_is_one_line(tmp_path):
    (tmp_path / "run").write_text("")
    with pytest.raises(RunError, match="run: can't be written") as caught:
        write(Snapshot("vae", 1, {}, {}), tmp_path / "run")
    assert "\n" not in str(caught.value)
