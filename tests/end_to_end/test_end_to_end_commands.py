"""The commands without a screen, as whole processes: run, evaluate, draw; interrupted, or with nobody who reads."""

from __future__ import annotations

import json
import signal
import subprocess
from collections.abc import Mapping
from pathlib import Path

import pytest
from PIL import Image
from real_terminal import LEC10, PATIENCE, ROOT, Command

READINGS = {
    "step", "epoch", "objective", "elbo", "reconstruction", "kl", "held_out_elbo", "held_out_reconstruction",
    "held_out_kl", "active_dimensions", "examples_per_second",
}  # fmt: skip
SHIPPED = ROOT / "checkpoints"


def test_run_prints_readings_as_json_and_keeps_the_run(lec10: Command, own_home: Path) -> None:
    done = lec10("run", "vae", "--hidden", "32", "--steps", "60", "--json")
    assert done.code == 0 and done.err == ""
    *progress, last = done.events
    assert progress and all(event["event"] == "progress" and set(event) >= READINGS for event in progress)
    assert last["event"] == "finished" and set(last) >= READINGS and last["step"] == 60
    assert last["kl"] >= 0 and last["elbo"] == pytest.approx(last["reconstruction"] - last["kl"])
    folder = Path(last["run"])
    assert folder.parent == own_home / "runs"
    rows = [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]
    assert rows[-1]["held_out_elbo"] == last["held_out_elbo"]
    (listed,) = lec10("runs", "--json").events
    assert listed["name"] == folder.name and listed["step"] == 60


@pytest.mark.slow
def test_ctrl_c_saves_says_where_and_the_run_goes_on_from_there(
    lec10: Command, environment: Mapping[str, str], own_home: Path, tmp_path: Path
) -> None:
    words = [*LEC10, "run", "vae", "--hidden", "32", "--epochs", "9999", "--json"]
    with subprocess.Popen(
        words, env=environment, cwd=tmp_path, text=True, stdout=subprocess.PIPE, stderr=subprocess.PIPE
    ) as running:
        assert running.stdout is not None
        for line in running.stdout:
            if json.loads(line)["step"] > 0:
                running.send_signal(signal.SIGINT)
                break
        out, err = running.communicate(timeout=PATIENCE)
    assert running.returncode == 130
    (folder,) = (own_home / "runs").iterdir()
    assert str(folder) in err and err.count("\n") == 1 and "Traceback" not in err
    step = json.loads((folder / "config.json").read_text())["step"]
    assert f"step {step} " in err and step > 0
    last = json.loads(out.splitlines()[-1])
    assert last["event"] == "stopped" and 0 < last["step"] <= step and last["run"] == str(folder)
    evaluated = lec10("evaluate", folder.name, "--importance-samples", "2", "--json")
    assert evaluated.code == 0 and evaluated.events[0]["elbo"] < 0


@pytest.mark.slow
def test_a_closed_pipe_ends_quietly(environment: Mapping[str, str], own_home: Path, tmp_path: Path) -> None:
    run = f"{' '.join(LEC10)} run vae --hidden 32 --epochs 9999 --json"
    script = f"{run} | head -n 1; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(
        ["bash", "-c", script], env=environment, cwd=tmp_path, capture_output=True, text=True, timeout=PATIENCE
    )
    first, code = done.stdout.splitlines()
    assert json.loads(first)["event"] == "progress"
    assert code == "0" and done.stderr == ""


@pytest.mark.parametrize("name", ["vae-k2-bernoulli", *(
    pytest.param(name, marks=pytest.mark.slow) for name in ("vae-k2-gaussian", "vae-k20-bernoulli")
)])  # fmt: skip
def test_a_shipped_model_is_as_good_as_its_last_reading_says(name: str, lec10: Command) -> None:
    rows = [json.loads(line) for line in (SHIPPED / name / "metrics.jsonl").read_text().splitlines()]
    done = lec10("evaluate", name, "--importance-samples", "16", "--json")
    assert done.code == 0, done.err
    (found,) = done.events
    assert found["elbo"] == pytest.approx(found["reconstruction"] - found["kl"])
    # One draw of the codes, and 100 of the 500 images, stand behind the reading.
    tolerance = 0.03 * abs(rows[-1]["held_out_reconstruction"] - rows[-1]["held_out_kl"]) + 3
    assert found["elbo"] == pytest.approx(rows[-1]["held_out_elbo"], abs=tolerance)
    assert found["log_likelihood"] >= found["elbo"]


@pytest.mark.parametrize("what", ["latent-grid", *(
    pytest.param(what, marks=pytest.mark.slow) for what in ("reconstructions", "samples")
)])  # fmt: skip
def test_draw_writes_a_picture(what: str, lec10: Command, tmp_path: Path) -> None:
    path = tmp_path / f"{what}.png"
    done = lec10("draw", "vae-k20-bernoulli", "--what", what, "-o", path, "--across", "8", "--down", "3")
    assert done.code == 0 and done.out.strip() == str(path) and done.err == ""
    with Image.open(path) as image:
        image.load()
        assert image.format == "PNG" and image.width >= 8 * 28 and image.height >= 3 * 28
        low, high = image.convert("L").getextrema()
        assert low < 32 and high > 200
