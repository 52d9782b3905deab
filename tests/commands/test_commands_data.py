"""`lec10 data`, as the command line gives it."""

from __future__ import annotations

import hashlib
import io
import json
import signal
from contextlib import nullcontext
from functools import partial
from pathlib import Path

import click
import numpy as np
import pytest
from click.testing import CliRunner

from lec10_tui.commands.data import FETCHED, command, fetch_shown
from lec10_tui.data.catalogue import NAMES, load
from lec10_tui.data.fetching import REMOTES, Progress, Remote, fetch
from lec10_tui.data.image_set import DataError
from lec10_tui.drawing.numbers import grouped
from lec10_tui.vocabulary.experiments import Places


@pytest.fixture
def places(tmp_path: Path) -> Places:
    assets = Path(__file__).parents[2] / "assets"
    return Places(assets=assets, checkpoints=tmp_path / "checkpoints", home=tmp_path / "home")


def run(arguments: list[str], home: Path) -> tuple[int, str, str]:
    result = CliRunner().invoke(command, arguments, env={"LEC10_HOME": str(home), "COLUMNS": "80"})
    return result.exit_code, result.stdout, result.stderr


def test_the_table_names_every_set_with_all_its_facts(tmp_path: Path) -> None:
    code, out, err = run([], tmp_path)
    assert (code, err) == (0, "")
    lines = [line.split() for line in out.splitlines()]
    assert [line[0] for line in lines if line[0] in NAMES] == list(NAMES)
    (mnist,) = (line for line in out.splitlines() if line.startswith("mnist "))
    for fact in (grouped(5000), "500", "28×28", "10", "CC BY-SA 3.0"):
        assert fact in mnist
    assert "mnist-5000.npz" in out and "not here; lec10 data get mnist fetches it" in out
    assert max(len(line) for line in out.splitlines() if not line.strip().startswith("/")) <= 80


def test_json_is_one_object_a_line(tmp_path: Path) -> None:
    code, out, _ = run(["--json"], tmp_path)
    listed = [json.loads(line) for line in out.splitlines()]
    assert code == 0 and [entry["name"] for entry in listed] == list(NAMES)
    mnist = listed[0]
    assert (mnist["images"], mnist["held_out"], mnist["height"], mnist["width"], mnist["classes"]) == (
        5000,
        500,
        28,
        28,
        10,
    )
    assert mnist["present"] and Path(mnist["where"]).is_file() and mnist["licence"] == "CC BY-SA 3.0"
    full = next(entry for entry in listed if entry["name"] == "mnist-full")
    assert not full["present"] and full["where"] is None


@pytest.mark.parametrize(
    "arguments", [["get"], ["get", "digits"], ["get", "mnist", "x"], ["--json", "get", "mnist"], ["x"]]
)
def test_misuse_exits_2(tmp_path: Path, arguments: list[str]) -> None:
    code, out, err = run(arguments, tmp_path)
    assert code == 2 and out == "" and "Error: " in err


def test_help(tmp_path: Path) -> None:
    assert "a folder of pictures" in " ".join(run(["--help"], tmp_path)[1].split())
    assert "sha256" in run(["get", "--help"], tmp_path)[1]
    assert set(FETCHED) == set(REMOTES)


def test_a_full_set_is_fetched_checked_and_then_loads(
    places: Places, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    packed = io.BytesIO()
    for_train, for_test = np.arange(60000) % 10, np.arange(10000) % 10
    pixels = np.repeat(np.arange(10, dtype=np.uint8) + 1, 784).reshape(10, 28, 28)
    arrays = {"x_train": pixels[for_train], "y_train": for_train, "x_test": pixels[for_test], "y_test": for_test}
    np.savez_compressed(packed, **arrays)
    data = packed.getvalue()
    remote = Remote("http://example.invalid/mnist.npz", len(data), hashlib.sha256(data).hexdigest())
    web = partial(fetch, open_url=lambda url: nullcontext(io.BytesIO(data)), remotes={"mnist": (remote,)})
    fetch_shown("mnist", places, web, tmp_path / "datasets")
    assert capsys.readouterr().out == f"mnist-full is here: {places.home / 'data/mnist/mnist.npz'}\n"
    found = load("mnist-full", places)
    assert found.train.shape == (60000, 28, 28) and found.held_out.shape == (10000, 28, 28)


def test_a_failure_is_one_line_and_signals_are_given_back(places: Places, tmp_path: Path) -> None:
    before = signal.getsignal(signal.SIGTERM)

    def fails(name: str, places: Places, progress: Progress) -> Path:
        progress(5, 10)
        assert signal.getsignal(signal.SIGTERM) is signal.default_int_handler
        raise DataError("the line broke")

    with pytest.raises(click.ClickException, match=r"^the line broke$"):
        fetch_shown("mnist", places, fails, tmp_path / "datasets")
    assert signal.getsignal(signal.SIGTERM) is before


def test_a_hangup_interrupts_and_leaves_nothing(places: Places, tmp_path: Path) -> None:
    class Body(io.BytesIO):
        def read(self, size: int | None = -1, /) -> bytes:
            signal.raise_signal(signal.SIGHUP)
            return b"x"

    web = partial(fetch, open_url=lambda url: nullcontext(Body()))
    with pytest.raises(KeyboardInterrupt):
        fetch_shown("mnist", places, web, tmp_path / "datasets")
    assert list((places.home / "data").iterdir()) == []


def test_what_a_package_of_the_system_holds_is_not_fetched(
    places: Places, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    def never(name: str, places: Places, progress: Progress) -> Path:
        raise AssertionError("fetched")

    folder = tmp_path / "datasets" / "fashion-mnist"
    folder.mkdir(parents=True)
    fetch_shown("fashion-mnist", places, never, tmp_path / "datasets")
    assert capsys.readouterr().out == f"fashion-mnist-full is here already: {folder}\n"
