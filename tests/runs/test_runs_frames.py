"""A recorded frame comes back part by part, and a file of another kind is one line."""

from __future__ import annotations

import io
import json
import math
import pickle
import random
import zipfile
from dataclasses import dataclass, fields

import numpy as np
import pytest
from numpy.typing import NDArray

from lec10_tui.lessons.reinforce.frame import About, Credit, Episode, Event
from lec10_tui.lessons.reinforce.frame import Curves as Returns
from lec10_tui.lessons.vae.frame import Curves, LatentGrid, Means, Walk
from lec10_tui.runs.errors import RunError
from lec10_tui.runs.frames import LARGEST, read_frame, write_frame
from lec10_tui.vocabulary.film import Disc, Film, Stroke, Tag
from lec10_tui.vocabulary.frames import Frame, Part, Verdict, Verdicts
from lec10_tui.vocabulary.series import Ladder


@dataclass(frozen=True, eq=False)
class Everything(Part):
    """A part with a field of every kind."""

    flags: NDArray[np.bool_]
    scalar: NDArray[np.float32]
    fortran: NDArray[np.float64]
    words: tuple[str, ...]
    pair: tuple[int, float]
    rows: tuple[tuple[int, ...], ...]
    on: bool
    number: float
    nothing: float | None
    something: float | None
    nested: Verdict


def everything() -> Everything:
    return Everything(
        flags=np.array([True, False]),
        scalar=np.array(1.5, np.float32),
        fortran=np.asfortranarray(np.arange(6.0).reshape(2, 3)),
        words=("η", "", "two\nlines"),
        pair=(3, math.inf),
        rows=((1, 2), ()),
        on=True,
        number=-math.inf,
        nothing=None,
        something=0.1,
        nested=Verdict("kl", 1.0, None, 1e-9, "no independent truth"),
    )


def curves() -> Curves:
    ladder = Ladder("elbo", bins=8)
    for step in range(100):
        ladder.add(step, -200.0 + step / 3)
    return Curves((ladder.series(), Ladder("empty").series()))


def walk() -> Walk:
    values = {}
    for field in fields(Walk):
        kind = str(field.type)
        values[field.name] = {"int": 3, "str": "7", "float": 0.25}.get(kind, np.linspace(0, 1, 4))
    return Walk(**{**values, "x": np.arange(6, dtype=np.uint8).reshape(2, 3), "x_hat": np.zeros((2, 3), np.uint8)})


PARTS = {
    "everything": everything(),
    "curves": curves(),
    "latent-grid": LatentGrid(np.zeros((2, 3, 4, 4), np.uint8), np.arange(3.0), np.arange(2.0), (1, 2), "others at 0"),
    "means": Means(np.zeros((2, 2)), ("0", "1"), (1, 2)),
    "walk": walk(),
    "verdicts": Verdicts(7, (Verdict("kl", 1.5, 1.5, 1e-9), Verdict("elbo", math.nan, None, 0.0, "why")), 2),
}
CLASSES = {name: type(part) for name, part in PARTS.items()}


def frame(parts=None) -> Frame:
    readings = {"step": 1200.0, "elbo": -151.32, "kl": math.nan}
    knobs = {"beta": 1.0, "hidden": [512, 256], "data": "mnist", "length": "120 epochs"}
    return Frame("vae", 1200, 34.2, readings, knobs, PARTS if parts is None else parts, {"means": object()})


def same(one, other):
    if isinstance(one, np.ndarray):
        assert one.dtype == other.dtype and one.shape == other.shape and one.tobytes() == other.tobytes()
    elif isinstance(one, tuple):
        assert isinstance(other, tuple) and len(one) == len(other)
        for left, right in zip(one, other, strict=True):
            same(left, right)
    elif hasattr(one, "__dataclass_fields__"):
        assert type(one) is type(other)
        for field in fields(one):
            same(getattr(one, field.name), getattr(other, field.name))
    else:
        assert repr(one) == repr(other)


def test_every_part_comes_back(tmp_path):
    path = tmp_path / "deep" / "frame.npz"
    write_frame(frame(), path)
    back = read_frame(path, CLASSES)
    assert (back.lesson, back.step, back.epoch) == ("vae", 1200, 34.2)
    assert repr(back.readings) == repr(frame().readings) and back.knobs == frame().knobs
    assert list(back.parts) == list(PARTS)
    for name, part in PARTS.items():
        same(part, back.parts[name])
    assert not back.parts["means"].points.flags.writeable


def stretch() -> Film:
    moving = Stroke(np.full((3, 2, 2), np.nan), "force", 0.1)
    return Film(
        3,
        (-1.0, 0.0, 1.0, 1.0),
        (moving, Stroke(np.zeros((2, 2)), "ground", filled=True)),
        (Disc(np.ones((3, 2)), 0.2, "joint"),),
        (Tag(np.zeros(2), ("a", "b", "c"), "goal"),),
        ("still", "", "over"),
    )


@pytest.mark.parametrize("film", [stretch(), None], ids=["film", "none"])
@pytest.mark.parametrize("applied", [12, None])
def test_an_episode_comes_back_with_its_film_and_what_its_actions_got(tmp_path, film, applied):
    def made(part, **values):
        given = {"tuple[str, ...]": ("x", "ẋ"), "str": "", "int": 2, "float": -math.inf, "bool": True}
        for field in fields(part):
            array = np.array([True, False]) if "bool_" in str(field.type) else np.zeros((2, 0))
            values.setdefault(field.name, given.get(str(field.type), array))
        return part(**values)

    parts = {
        "episode": made(Episode, events=(Event(1, "act", (0.0,)), Event(1, "push", (-2.0,))), film=film),
        "credit": made(Credit, applied=applied),
        "curves": Returns((), None if film is None else 475.0),
        "about": made(
            About, arrows=(("left", (0.0,)), ("right", (1.0, 0.5))), threshold=None, by_hand=(3, 9), changes=()
        ),
    }
    path = tmp_path / "frame.npz"
    run = Frame("reinforce", 12, None, {"update": 12.0, "solved": False}, {"horizon": None, "hidden": [64]}, parts)
    write_frame(run, path)
    back = read_frame(path, {name: type(part) for name, part in parts.items()})
    assert back.epoch is None and back.step == 12 and back.knobs == run.knobs
    assert back.readings == run.readings and back.readings["solved"] is False
    for name, part in parts.items():
        same(part, back.parts[name])


def test_numpy_opens_it_without_pickle(tmp_path):
    write_frame(frame(), tmp_path / "frame.npz")
    with np.load(tmp_path / "frame.npz", allow_pickle=False) as arrays:
        assert arrays["parts/means/points"].shape == (2, 2)
        assert json.loads(arrays["frame"].tobytes())["lesson"] == "vae"


def test_equal_frames_are_equal_files_with_equal_stamps_and_others_differ(tmp_path):
    one, two, other = (tmp_path / f"{name}.npz" for name in ("one", "two", "other"))
    write_frame(frame(), one)
    write_frame(frame(), two)
    write_frame(frame({**PARTS, "means": Means(np.ones((2, 2)), ("0", "1"), (1, 2))}), other)
    assert one.read_bytes() == two.read_bytes()
    stamps = [read_frame(path, CLASSES).stamps for path in (one, two, other)]
    assert stamps[0] == stamps[1] and stamps[0]["means"] != stamps[2]["means"]
    assert stamps[0].keys() == PARTS.keys()


def test_parts_nobody_knows_are_left_out(tmp_path):
    write_frame(frame(), tmp_path / "frame.npz")
    assert list(read_frame(tmp_path / "frame.npz", {"means": Means}).parts) == ["means"]


@dataclass(frozen=True, eq=False)
class Odd(Part):
    """A part with a field that can't be recorded."""

    value: object


@pytest.mark.parametrize("value", [np.array([None]), {1: 2}, [1], object()])
def test_fields_of_other_kinds_are_refused(tmp_path, value):
    with pytest.raises(TypeError, match="odd/value"):
        write_frame(frame({"odd": Odd(value)}), tmp_path / "frame.npz")
    assert not (tmp_path / "frame.npz").exists()


def entries(path):
    with zipfile.ZipFile(path) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


def pack(path, files):
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, data in files.items():
            archive.writestr(name, data)


def npy(array) -> bytes:
    data = io.BytesIO()
    np.save(data, array)
    return data.getvalue()


def said(**changes) -> bytes:
    """The JSON entry of a frame with one `means` part, changed."""
    means = {"points": "points", "marks": ["0"], "dimensions": [1, 2]} | changes.pop("means", {})
    whole = {
        "format": 1,
        "lesson": "vae",
        "step": 1,
        "epoch": 1.0,
        "readings": {},
        "knobs": {},
        "parts": {"means": means},
    }
    return npy(np.frombuffer(json.dumps({**whole, **changes}).encode(), np.uint8))


def check_refused(path) -> str:
    with pytest.raises(RunError, match=r"frame\.npz") as caught:
        read_frame(path, CLASSES)
    assert str(caught.value).isprintable()
    return str(caught.value)


def test_the_forgery_below_is_right_when_nothing_is_changed(tmp_path):
    pack(tmp_path / "frame.npz", {"frame.npy": said(), "points.npy": npy(np.zeros((1, 2)))})
    assert read_frame(tmp_path / "frame.npz", CLASSES).parts["means"].marks == ("0",)


@pytest.mark.parametrize(
    "changes",
    [
        {"format": 2}, {"lesson": 1}, {"step": "1"}, {"step": True}, {"step": 1.5}, {"epoch": "1"}, {"epoch": 10**400},
        {"readings": []}, {"readings": {"a": "b"}}, {"knobs": 1}, {"parts": []}, {"parts": {"means": 3}},
        {"means": {"points": "nothing"}}, {"means": {"points": 3}}, {"means": {"marks": "01"}},
        {"means": {"marks": [1]}}, {"means": {"dimensions": [1, 2, 3]}}, {"means": {"dimensions": [1, "2"]}},
        {"means": {"dimensions": None}},
    ],
    ids=str,
)  # fmt: skip
def test_forged_words_are_refused(tmp_path, changes):
    pack(tmp_path / "frame.npz", {"frame.npy": said(**changes), "points.npy": npy(np.zeros((1, 2)))})
    check_refused(tmp_path / "frame.npz")


def test_forged_arrays_are_refused(tmp_path):
    path = tmp_path / "frame.npz"
    giant = npy(np.zeros((1, 2))).replace(b"(1, 2)", b"(2**5)").replace(b"(2**5)", b"(9, 9)")
    objects = io.BytesIO()
    np.save(objects, np.array([{}], object), allow_pickle=True)
    for points in (giant, objects.getvalue(), b"", b"\x93NUMPY", pickle.dumps([1]), npy(np.zeros((1, 2)))[:-1]):
        pack(path, {"frame.npy": said(), "points.npy": points})
        check_refused(path)


def test_a_file_that_unpacks_to_a_giant_is_refused(tmp_path):
    path = tmp_path / "frame.npz"
    pack(path, {"frame.npy": said(), "points.npy": npy(np.zeros((1, 2))), "more.npy": bytes(LARGEST)})
    assert path.stat().st_size < LARGEST // 100
    assert "unpacks to more" in check_refused(path)


def test_other_files_are_refused(tmp_path):
    path = tmp_path / "frame.npz"
    for data in (b"", b"noise", pickle.dumps({"frame": 1}), npy(np.zeros(3))):
        path.write_bytes(data)
        check_refused(path)
    path.unlink()
    check_refused(path)


@pytest.mark.filterwarnings("ignore:Reading `.npy`")
def test_changed_entries_with_a_right_checksum_open_or_are_refused(tmp_path):
    path, dice = tmp_path / "frame.npz", random.Random(0)
    write_frame(frame(), path)
    whole, refused = entries(path), 0
    for _ in range(400):
        name = dice.choice(list(whole))
        data = bytearray(whole[name])
        data[dice.randrange(min(len(data), 128))] = dice.randrange(256)
        pack(path, {**whole, name: bytes(data)})
        try:
            read_frame(path, CLASSES)
        except RunError:
            refused += 1
    assert 200 < refused < 400


def test_flips_open_right_or_are_refused(tmp_path):
    path = tmp_path / "frame.npz"
    write_frame(frame({"means": PARTS["means"]}), path)
    whole = path.read_bytes()
    opened = 0
    for index in range(len(whole)):
        path.write_bytes(whole[:index] + bytes([whole[index] ^ 16]) + whole[index + 1 :])
        try:
            back = read_frame(path, CLASSES)
        except RunError:
            continue
        opened += 1
        if "means" in back.parts:
            same(PARTS["means"], back.parts["means"])
    assert opened < len(whole) // 4
