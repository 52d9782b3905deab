"""Run folders: named, found, listed in whatever state, renamed, deleted and pruned; nothing else is touched."""

from __future__ import annotations

import json
import math
import os
import time
from datetime import UTC, datetime
from pathlib import Path

import numpy as np
import pytest

from lec10_tui.runs import folders
from lec10_tui.runs.errors import RunError
from lec10_tui.runs.snapshots import write
from lec10_tui.vocabulary.experiments import Places
from lec10_tui.vocabulary.reports import Snapshot

NOON = datetime(2026, 1, 31, 12, 0, 0)
DAY = 86_400.0
KNOBS = {"data": "mnist", "latent_dim": 2, "observation": "bernoulli"}


@pytest.fixture
def home(tmp_path):
    return tmp_path / "own"


def save(folder: Path, step=100, saved_at=0.0, knobs=KNOBS, elbo: float | None = -150.5, **header) -> Path:
    row = {"step": float(step), "epoch": 2.5} | ({} if elbo is None else {"held_out_elbo": elbo})
    snapshot = Snapshot("vae", step, {"knobs": knobs, **header}, {"model/w": np.zeros(100, np.float32)}, (row,))
    write(snapshot, folder, now=datetime.fromtimestamp(saved_at, UTC))
    return folder


def names(home):
    return [run.name for run in folders.listing(home)]


class TestNewFolders:
    def test_they_are_named_by_lesson_and_time_and_not_made(self, home):
        folder = folders.new_folder(home, "vae", NOON)
        assert folder == home / "runs" / "vae-20260131-120000" and not home.exists()

    def test_they_are_unique(self, home):
        for expected in ("vae-20260131-120000", "vae-20260131-120000-2", "vae-20260131-120000-3"):
            folder = folders.new_folder(home, "vae", NOON)
            assert folder.name == expected
            folder.mkdir(parents=True)

    def test_a_claimed_one_is_nobody_elses(self, home):
        claimed = [folders.new_folder(home, "vae", NOON, claim=True) for _ in range(3)]
        assert len(set(claimed)) == 3 and all(folder.is_dir() for folder in claimed)
        assert folders.listing(home) == ()

    def test_a_dangling_link_is_not_free(self, home):
        (home / "runs").mkdir(parents=True)
        (home / "runs" / "vae-20260131-120000").symlink_to("nowhere")
        assert folders.new_folder(home, "vae", NOON).name == "vae-20260131-120000-2"

    def test_a_home_that_can_not_be_made_is_one_line(self, tmp_path):
        (tmp_path / "file").write_text("")
        with pytest.raises(RunError, match="can't be made"):
            folders.new_folder(tmp_path / "file", "vae", NOON, claim=True)


class TestFinding:
    @pytest.fixture
    def places(self, home, tmp_path):
        return Places(tmp_path / "assets", tmp_path / "shipped", home)

    def test_a_run_by_name_a_shipped_model_by_name_and_any_by_path(self, places, tmp_path, monkeypatch):
        own = save(places.home / "runs" / "mine")
        shipped = save(places.checkpoints / "vae-k2")
        other = save(tmp_path / "other")
        assert folders.find("mine", places) == own
        assert folders.find("vae-k2", places) == shipped
        assert folders.find(str(other), places) == other
        assert folders.find(other, places) == other
        monkeypatch.chdir(tmp_path)
        assert folders.find("other", places) == other
        assert folders.find("./other", places) == other

    def test_an_own_run_hides_a_shipped_model_of_its_name(self, places):
        save(places.checkpoints / "vae-k2")
        own = save(places.home / "runs" / "vae-k2")
        assert folders.find("vae-k2", places) == own

    @pytest.mark.parametrize("name", ["", "nothing", "../own", "a\0b", "x" * 5000, "no/such"])
    def test_what_is_not_there_is_one_line(self, places, name):
        with pytest.raises(RunError, match=r"no run has this name|not a run folder") as caught:
            folders.find(name, places)
        assert str(caught.value).isprintable()

    def test_a_folder_without_a_run_is_refused(self, places, tmp_path):
        with pytest.raises(RunError, match="not a run folder"):
            folders.find(str(tmp_path), places)


class TestListing:
    def test_what_a_line_says(self, home):
        folder = save(home / "runs" / "one", step=1234, saved_at=1e9)
        (run,) = folders.listing(home)
        assert (run.name, run.path, run.lesson, run.summary) == ("one", folder, "vae", "mnist · K 2 · bernoulli")
        assert (run.step, run.epoch, run.saved_at, run.origin) == (1234, 2.5, 1e9, "saved")
        assert run.readings == {"step": 1234, "epoch": 2.5, "held_out_elbo": -150.5}
        assert run.size_bytes == sum(path.stat().st_size for path in folder.rglob("*") if path.is_file())
        assert run.note == ""

    def test_the_newest_first(self, home):
        for name, at in (("b", 2.0), ("a", 3.0), ("c", 1.0)):
            save(home / "runs" / name, saved_at=at)
        assert names(home) == ["a", "b", "c"]

    def test_nothing_there_yet(self, home):
        assert folders.listing(home) == ()

    def test_only_runs_are_listed(self, home, tmp_path):
        save(home / "runs" / "run")
        (home / "runs" / "notes").mkdir()
        (home / "runs" / "notes" / "readme.txt").write_text("mine")
        (home / "runs" / "file").write_text("")
        (home / "runs" / "link").symlink_to(save(tmp_path / "elsewhere"))
        assert names(home) == ["run"]

    def test_the_header_may_say_what_the_run_is(self, home):
        save(home / "runs" / "r", summary="CartPole-v1 · reward-to-go\x1b[2J")
        assert folders.listing(home)[0].summary == "CartPole-v1 · reward-to-go[2J"

    def test_a_path_as_data_set_is_shown_by_its_last_part(self, home):
        save(home / "runs" / "r", knobs={"data": "/some/where/faces.npz", "latent_dim": 20})
        assert folders.listing(home)[0].summary == "faces.npz · K 20"

    @pytest.mark.parametrize("elbo", [None, math.nan, -math.inf])
    def test_a_reading_that_is_not_known_is_left_out(self, home, elbo):
        save(home / "runs" / "r", elbo=elbo)
        assert folders.listing(home)[0].readings == {"step": 100, "epoch": 2.5}

    @pytest.mark.parametrize(
        ("knobs", "summary"),
        [
            (
                {"environment": "CartPole-v1", "estimator": "full-return", "baseline": "none"},
                "CartPole-v1 · full-return",
            ),
            ({"environment": "Acrobot-v1", "baseline": "value"}, "Acrobot-v1 · value"),
            ({"environment": 3}, ""),
            ({"model": "vae-k2-bernoulli", "image": 3}, "vae-k2-bernoulli · image 3"),
            ({"model": "mine", "image": "x"}, "mine"),
            ({"function": "sine", "dimension": 8, "model": "mine", "image": 3}, "sine · 8 dimensions"),
            ({"function": "quadratic", "dimension": 1}, "quadratic · 1 dimension"),
            ({"function": "reconstruction", "model": "mine", "image": 3}, "reconstruction · mine · image 3"),
            ({"data": "mnist", "latent_dim": 2, "image": 3}, "mnist · K 2"),
        ],
    )
    def test_what_an_agent_does_or_a_study_is_of_is_said_in_a_few_words(self, home, knobs, summary):
        save(home / "runs" / "r", knobs=knobs)
        assert folders.listing(home)[0].summary == summary

    @pytest.mark.parametrize(
        "text", [None, "", "{", "[1]", "[" * 100_000, '{"step": NaN}', "\udc80", '{"step": 1e999}']
    )
    def test_where_config_is_damaged_the_checkpoint_speaks(self, home, text):
        folder = save(home / "runs" / "r", step=50, saved_at=1e9)
        if text is None:
            (folder / "config.json").unlink()
        else:
            (folder / "config.json").write_bytes(text.encode("utf-8", "surrogateescape"))
        (run,) = folders.listing(home)
        assert (run.step, run.summary, run.note) == (50, "mnist · K 2 · bernoulli", "")
        assert run.readings["held_out_elbo"] == -150.5
        assert abs(run.saved_at - time.time()) < 600

    @pytest.mark.parametrize(
        ("key", "value"),
        [
            ("step", -1), ("step", "9"), ("step", 10**400), ("step", True), ("lesson", 7),
            ("knobs", [1]), ("readings", 3), ("saved_at", "yesterday"), ("saved_at", 12), ("summary", {"a": 1}),
            ("readings", {"held_out_elbo": "low", "epoch": None}), ("readings", {"held_out_elbo": 10**400}),
        ],
    )  # fmt: skip
    def test_any_value_in_config_still_makes_a_line(self, home, key, value):
        folder = save(home / "runs" / "r")
        config = json.loads((folder / "config.json").read_text())
        (folder / "config.json").write_text(json.dumps({**config, key: value}))
        (run,) = folders.listing(home)
        assert run.name == "r" and isinstance(run.step, int) and 0 <= run.step < 10**15
        assert all(isinstance(text, str) for text in (run.lesson, run.summary))
        assert isinstance(run.saved_at, float)
        assert all(isinstance(name, str) and isinstance(value, float) for name, value in run.readings.items())

    def test_nothing_readable_is_listed_with_a_note(self, home):
        folder = save(home / "runs" / "r")
        (folder / "config.json").write_text("{")
        for path in (folder / "checkpoints").iterdir():
            path.write_bytes(b"noise")
        (run,) = folders.listing(home)
        assert run.name == "r" and "is damaged" in run.note and "\n" not in run.note

    def test_a_config_that_links_out_of_the_folder_is_not_read(self, home, tmp_path):
        folder = save(home / "runs" / "r", step=5)
        other = save(tmp_path / "other", step=77, summary="secret")
        (folder / "config.json").unlink()
        (folder / "config.json").symlink_to(other / "config.json")
        (run,) = folders.listing(home)
        assert run.step == 5 and "secret" not in run.summary

    def test_shipped_models_by_name(self, tmp_path):
        for name, at in (("vae-k20", 3.0), ("vae-k2", 1.0)):
            save(tmp_path / "shipped" / name, saved_at=at)
        found = folders.shipped(tmp_path / "shipped")
        assert [(run.name, run.origin) for run in found] == [("vae-k2", "shipped"), ("vae-k20", "shipped")]


class TestRenaming:
    def test_it_moves_the_run(self, home):
        save(home / "runs" / "old")
        assert folders.rename("old", "new-1.2_x", home) == home / "runs" / "new-1.2_x"
        assert names(home) == ["new-1.2_x"]

    @pytest.mark.parametrize(
        "new", ["", ".", "..", ".hidden", "-x", "a/b", "../x", "a b", "a\n", "é", "x" * 101, "a\0"]
    )
    def test_other_names_are_refused(self, home, new):
        save(home / "runs" / "old")
        with pytest.raises(RunError, match="is no name for a run"):
            folders.rename("old", new, home)
        assert names(home) == ["old"]

    def test_another_run_is_never_replaced(self, home):
        save(home / "runs" / "old")
        (home / "runs" / "taken").mkdir()
        for new in ("taken", "old"):
            with pytest.raises(RunError, match="is there already"):
                folders.rename("old", new, home)

    def test_what_is_not_there_can_not_be_renamed(self, home):
        with pytest.raises(RunError, match="no run has this name"):
            folders.rename("old", "new", home)


class TestDeleting:
    def test_it_removes_the_run_alone(self, home):
        save(home / "runs" / "one")
        save(home / "runs" / "two words")
        folders.delete("two words", home)
        assert os.listdir(home / "runs") == ["one"]

    def test_a_claimed_folder_that_was_never_used_can_go(self, home):
        folder = folders.new_folder(home, "vae", NOON, claim=True)
        folders.delete(folder.name, home)
        assert not folder.exists()

    def test_what_is_no_run_is_left_alone(self, home, tmp_path):
        outside = save(tmp_path / "outside")
        (home / "runs" / "notes").mkdir(parents=True)
        (home / "runs" / "notes" / "thesis.txt").write_text("years of work")
        (home / "runs" / "file").write_text("")
        (home / "runs" / "link").symlink_to(outside)
        for name in ("notes", "file", "link", "nothing", "", ".", "..", "../runs", str(outside), "../../outside"):
            with pytest.raises(RunError):
                folders.delete(name, home)
        assert folders.is_run(outside) and (home / "runs" / "notes" / "thesis.txt").exists()
        assert (home / "runs" / "link").is_symlink()

    def test_links_inside_a_run_are_not_followed(self, home, tmp_path):
        outside = tmp_path / "precious"
        outside.mkdir()
        (outside / "file").write_text("keep me")
        folder = save(home / "runs" / "run")
        (folder / "there").symlink_to(outside)
        folders.delete("run", home)
        assert (outside / "file").read_text() == "keep me" and not folder.exists()

    def test_what_a_killed_deletion_left_goes_with_the_next(self, home):
        save(home / "runs" / "one")
        (home / "runs" / ".deleted-two-1").mkdir()
        (home / "runs" / ".deleted-two-1" / "half").write_text("")
        assert names(home) == ["one"]
        folders.delete("one", home)
        assert os.listdir(home / "runs") == []


class TestPruning:
    @pytest.fixture
    def five(self, home):
        """Runs of 0, 1, … 4 days."""
        for age in range(5):
            save(home / "runs" / f"age-{age}", saved_at=1e9 - age * DAY)
        return home

    @pytest.mark.parametrize(
        ("keep", "days", "gone"),
        [
            (2, None, {2, 3, 4}),
            (None, 2.5, {3, 4}),
            (4, 2.5, {4}),
            (1, 2.5, {3, 4}),
            (0, None, {0, 1, 2, 3, 4}),
            (9, None, set()),
            (None, 0.0, {1, 2, 3, 4}),
        ],
    )
    def test_what_goes(self, five, keep, days, gone):
        expected = [f"age-{age}" for age in range(5) if age in gone]
        for dry_run in (True, False):
            removed = folders.prune(five, keep, days, dry_run=dry_run, now=1e9)
            assert [run.name for run in removed] == expected
            assert names(five) == [f"age-{age}" for age in range(5) if dry_run or age not in gone]

    def test_nothing_to_prune_by_is_refused(self, five):
        with pytest.raises(RunError, match="nothing to prune by"):
            folders.prune(five)
        assert len(names(five)) == 5
