"""The films of the eight environments: every shape where its state says, nothing outside what is shown."""

from __future__ import annotations

from functools import cache

import gymnasium
import numpy as np
import pytest

from lec10_tui.environments import catalogue
from lec10_tui.environments.films import film as film_of
from lec10_tui.environments.films import grid_worlds
from lec10_tui.environments.films.mountain_car import height
from lec10_tui.environments.films.shapes import Floats
from lec10_tui.environments.films.swimmer import joints_of
from lec10_tui.environments.rollout import Rollout
from lec10_tui.vocabulary.film import INKS, Film, Stroke

PUSHED = tuple(id for id in catalogue.NAMES if catalogue.describe(id).pushed)


@cache
def episode(id: str, seed: int = 0, horizon: int = 60) -> tuple[Floats, Floats, Floats]:
    """States, actions and pushes of a random episode that is pushed now and then where it can be."""
    lanes = catalogue.make(id, 1, horizon)
    generator, noise = np.random.default_rng(seed), np.random.default_rng(seed + 1)
    described = lanes.description
    pushes = [(time, 0, float(generator.choice([-1, 1]))) for time in (2, 9) if described.pushed]

    def choose(observations: np.ndarray, time: int) -> np.ndarray:
        if described.discrete:
            return noise.integers(described.actions, size=1)
        return 2 * noise.normal(size=(1, described.actions))

    rollout = Rollout(lanes, choose, [seed], pushes)
    assert rollout.advance(60)
    batch = rollout.batch()
    lanes.close()
    strengths = np.zeros(len(batch.rewards))
    for time, _, strength in pushes:
        if time < len(strengths):
            strengths[time] = strength
    actions = np.asarray(batch.actions, dtype=np.float64).reshape(len(batch.rewards), -1)
    return batch.states[:, 0], actions, strengths


def made(id: str, states: Floats, actions: Floats, pushes: Floats | None = None) -> Film:
    film = film_of(catalogue.describe(id), states, actions, np.zeros(len(actions)) if pushes is None else pushes)
    assert film is not None
    return film


def inked(film: Film, ink: str) -> Stroke:
    """The one stroke of an ink."""
    (stroke,) = (stroke for stroke in film.strokes if stroke.ink == ink)
    return stroke


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("id", catalogue.NAMES)
def test_every_shape_has_its_frames_and_is_inside_the_bounds(id: str, seed: int) -> None:
    states, actions, pushes = episode(id, seed)
    film = made(id, states, actions, pushes)
    assert film.frames == len(states) == len(film.captions)
    left, bottom, right, top = film.bounds
    assert left < right
    assert bottom < top
    seen = [(stroke.points, stroke.width / 2, stroke.ink, 3) for stroke in film.strokes]
    seen += [(disc.centre, disc.radius, disc.ink, 2) for disc in film.discs]
    seen += [(tag.at, 0.0, tag.ink, 2) for tag in film.tags]
    for points, room, ink, moving in seen:
        assert ink in INKS
        assert points.dtype == np.float64
        assert points.shape[-1] == 2
        assert points.ndim == moving - 1 or (points.ndim == moving and len(points) == film.frames)
        places = points[np.isfinite(points).all(axis=-1)]
        assert places[:, 0].min(initial=right) - room >= left
        assert places[:, 0].max(initial=left) + room <= right
        assert places[:, 1].min(initial=top) - room >= bottom
        assert places[:, 1].max(initial=bottom) + room <= top


@pytest.mark.parametrize("id", catalogue.NAMES)
def test_the_last_frame_has_no_action_and_an_episode_of_none_is_a_still(id: str) -> None:
    states, actions, _ = episode(id)
    for film in (made(id, states, actions), made(id, states[:1], actions[:0])):
        for stroke in film.strokes:
            if stroke.ink == "force":
                assert np.isnan(stroke.points[-1]).any(axis=1).all()
    assert film.frames == len(film.captions) == 1


@pytest.mark.parametrize("id", PUSHED)
def test_a_push_is_seen_when_it_happens_and_points_where_it_pushes(id: str) -> None:
    states, actions, _ = episode(id)
    pushes = np.zeros(len(actions))
    pushes[3], pushes[5] = 1.0, -1.0
    stroke = inked(made(id, states, actions, pushes), "agent")
    assert np.isfinite(stroke.points).all(axis=(1, 2)).nonzero()[0].tolist() == [3, 5]


def test_the_cart_pole_stands_where_its_state_says() -> None:
    states = np.array([[0.5, 0, 0.2, 0], [-1.0, 0, -0.1, 0], [0.0, 0, 0.0, 0]])
    film = made("CartPole-v1", states, np.array([[1.0], [0.0]]))
    pole = inked(film, "limb").points
    np.testing.assert_allclose(pole[:, 0, 0], states[:, 0])
    reach = 2 * 0.5 * np.stack([np.sin(states[:, 2]), np.cos(states[:, 2])], axis=1)
    np.testing.assert_allclose(pole[:, 1] - pole[:, 0], reach, atol=1e-15)
    cart = inked(film, "body").points
    np.testing.assert_allclose((cart.max(axis=1) + cart.min(axis=1))[:, 0] / 2, states[:, 0])
    assert (pole[:, 0] > cart.min(axis=1)).all()
    assert (pole[:, 0] < cart.max(axis=1)).all()
    ends = sorted(float(stroke.points[0, 0]) for stroke in film.strokes if stroke.ink == "danger")
    assert ends == [-2.4, 2.4]
    assert film.captions[0] == "pole +0.20 rad   cart +0.50 m"
    assert film.captions[1] == "pole −0.10 rad   cart −1.00 m"
    assert film.captions[2] == "pole +0.00 rad   cart +0.00 m"


def test_the_cart_s_arrows_point_the_way_it_is_forced_and_pushed() -> None:
    film = made("CartPole-v1", np.zeros((5, 4)), np.array([[1.0], [0.0], [0.0], [1.0]]), np.array([0.0, 0, 1, 1]))
    force, push = inked(film, "force").points, inked(film, "agent").points
    tail, tip = force[:4, 0, 0], force[:4, 1, 0]
    assert np.sign(tip - tail).tolist() == [1, -1, -1, 1]
    assert (np.sign(tail) == np.sign(tip - tail)).all()
    assert (push[2:4, 3, 0] > push[2:4, 0, 0]).all()
    assert tail[2] < push[2, :, 0].min()  # the action's arrow stands clear of a push against it


def test_a_cart_that_was_thrown_off_the_track_is_still_seen() -> None:
    film = made("CartPole-v1", np.array([[2.3, 9, 0, 0], [9.9, 0, 0, 0]]), np.array([[1.0]]), np.array([3.0]))
    for stroke in film.strokes:
        places = stroke.points.reshape(-1, 2)
        assert np.nanmax(places[:, 0]) <= film.bounds[2] + 0.3


@pytest.mark.parametrize(("state", "tip"), [((0, 0), (0, -2)), ((np.pi / 2, 0), (2, 0)), ((0, np.pi / 2), (1, -1))])
def test_the_acrobot_hangs_as_its_angles_say(state: tuple[float, float], tip: tuple[float, float]) -> None:
    film = made("Acrobot-v1", np.array([[*state, 0.0, 0.0]]), np.zeros((0, 1)))
    np.testing.assert_allclose(inked(film, "limb").points[0, 1], tip, atol=1e-15)


def test_the_acrobot_is_done_when_its_tip_is_above_the_line() -> None:
    film = made("Acrobot-v1", states := np.random.default_rng(0).uniform(-np.pi, np.pi, (200, 4)), np.zeros((199, 1)))
    line, tips = inked(film, "goal").points[0, 1], inked(film, "limb").points[:, 1, 1]
    simulator = gymnasium.make("Acrobot-v1").unwrapped
    for state, tip in zip(states, tips, strict=True):
        simulator.state = state
        assert simulator._terminal() == (tip > line)


@pytest.mark.parametrize(("angle", "tip"), [(0.0, (0, 1)), (np.pi / 2, (-1, 0)), (np.pi, (0, -1))])
def test_the_pendulum_is_upright_at_nothing_and_leans_left_from_there(angle: float, tip: tuple[float, float]) -> None:
    film = made("Pendulum-v1", np.array([[angle, 0.0]]), np.zeros((0, 1)))
    np.testing.assert_allclose(inked(film, "limb").points[0, 1], tip, atol=1e-15)


@pytest.mark.parametrize("id", ["Pendulum-v1", "Acrobot-v1"])
def test_a_torque_s_arrow_goes_the_way_it_turns(id: str) -> None:
    """The simulator says which way a torque turns the rod's end; the arrow's own points say which way it goes."""
    simulator = gymnasium.make(id).unwrapped
    angles = []
    for action in (0, 2) if id == "Acrobot-v1" else (np.array([-2.0]), np.array([2.0])):
        simulator.reset(seed=0)
        simulator.state = np.zeros(4) if id == "Acrobot-v1" else np.array([np.pi, 0.0])
        simulator.step(action)
        angles.append(simulator.state[1] if id == "Acrobot-v1" else simulator.state[0] - np.pi)
    assert angles[0] < 0 < angles[1]
    actions = np.array([[0.0], [2.0]]) if id == "Acrobot-v1" else np.array([[-2.0], [2.0]])
    width = 4 if id == "Acrobot-v1" else 2
    for arc, turn in zip(inked(made(id, np.zeros((3, width)), actions), "force").points[:2], angles, strict=True):
        centre = (0.0, -1.0) if id == "Acrobot-v1" else (0.0, 0.0)
        first, second = arc[0] - centre, arc[1] - centre
        assert np.sign(first[0] * second[1] - first[1] * second[0]) == np.sign(turn)


def test_no_torque_has_no_arrow() -> None:
    assert np.isnan(inked(made("Acrobot-v1", np.zeros((2, 4)), np.array([[1.0]])), "force").points).all()
    assert np.isnan(inked(made("Pendulum-v1", np.zeros((2, 2)), np.array([[0.0]])), "force").points).all()


def test_the_car_stands_on_gymnasium_s_hill_and_its_arrow_points_along() -> None:
    simulator = gymnasium.make("MountainCar-v0").unwrapped
    places = np.linspace(-1.2, 0.6, 7)
    np.testing.assert_allclose(height(places), simulator._height(places))
    film = made("MountainCar-v0", np.full((4, 2), [-0.5, 0.0]), np.array([[0.0], [1.0], [2.0]]))
    force = inked(film, "force").points
    assert force[0, 1, 0] < force[0, 0, 0]
    assert np.isnan(force[1]).all()
    assert force[2, 1, 0] > force[2, 0, 0]
    weak = inked(made("MountainCarContinuous-v0", np.zeros((3, 2)), np.array([[0.2], [9.0]])), "force").points
    lengths = np.hypot(*(weak[:2, 1] - weak[:2, 0]).T)
    assert lengths[1] == pytest.approx(5 * lengths[0])  # what is clipped is drawn clipped


def test_the_grids_are_gymnasium_s_own() -> None:
    lake = gymnasium.make("FrozenLake-v1").unwrapped
    assert ["".join(tile.decode() for tile in row) for row in lake.desc] == list(grid_worlds.LAKE)
    cliff = gymnasium.make("CliffWalking-v1").unwrapped
    mine = np.array([[tile == "C" for tile in row] for row in grid_worlds.CLIFF])
    assert np.array_equal(mine, cliff._cliff)
    assert grid_worlds.CLIFF[3][0] == "S"
    assert cliff.start_state_index == 36


@pytest.mark.parametrize("id", ["FrozenLake-v1", "CliffWalking-v1"])
def test_the_agent_stands_on_its_tile_and_its_arrow_points_where_the_action_goes(id: str) -> None:
    described = catalogue.describe(id)
    columns = 4 if id == "FrozenLake-v1" else 12
    tile = columns + 1
    film = made(id, np.full((5, 1), float(tile)), np.arange(4.0)[:, None])
    (agent,) = film.discs
    assert agent.centre[0].tolist() == [1.5, 2.5]
    ways = {"←": (-1, 0), "↓": (0, -1), "→": (1, 0), "↑": (0, 1)}
    arrow = inked(film, "force").points
    for label, outline in zip(described.action_labels, arrow, strict=False):
        tail, tip = (outline[0] + outline[-1]) / 2, outline[3]
        assert np.sign(np.round(tip - tail, 9)).tolist() == list(ways[label])
        assert np.floor(tip).tolist() == [1 + ways[label][0], 2 + ways[label][1]]
    covered = [tag for tag in film.tags if tag.at.ndim == 2 and np.isnan(tag.at).any()]
    assert [tag.texts for tag in covered] == [("H",) if id == "FrozenLake-v1" else ("·",)]


def test_an_arrow_against_the_edge_stays_on_the_tile() -> None:
    film = made("FrozenLake-v1", np.zeros((2, 1)), np.zeros((1, 1)))
    outline = inked(film, "force").points[0]
    assert np.floor(outline).astype(int).tolist() == [[0, 3]] * 7


def test_a_tile_says_what_it_is() -> None:
    film = made("FrozenLake-v1", np.array([[0.0], [4.0], [5.0], [15.0]]), np.zeros((3, 1)))
    assert film.captions[0] == "row 0   column 0   start"
    assert [caption.split("   ")[2] for caption in film.captions[1:]] == ["ice", "a hole", "the goal"]
    letters = "".join(tag.texts[0] for tag in film.tags)
    assert letters == "SFFFFHFHFFFHHFFG"


def test_the_swimmer_s_links_are_where_its_state_says() -> None:
    straight = np.array([[0.7, np.pi / 2, 0, 0, 0, 0, -0.2]])
    nodes = joints_of(straight)[0]
    np.testing.assert_allclose(nodes[:, 0], 0.7, atol=1e-15)
    np.testing.assert_allclose(nodes[:, 1], -0.2 + np.linspace(0.5, -0.5, 6), atol=1e-15)
    states, _, _ = episode("lec10/Swimmer-v0")
    nodes = joints_of(states)
    links = np.diff(nodes, axis=1)
    np.testing.assert_allclose(np.hypot(links[..., 0], links[..., 1]), 0.2)
    middles = (nodes[:, :-1] + nodes[:, 1:]) / 2
    np.testing.assert_allclose(middles.mean(axis=1), states[:, [0, 6]], atol=1e-14)
    turns = -links[..., 0] - 1j * links[..., 1]
    np.testing.assert_allclose(np.angle(turns).mean(axis=1), states[:, 1], atol=1e-14)
    np.testing.assert_allclose(np.angle(turns[:, 1:] / turns[:, :-1]), states[:, 2:6], atol=1e-14)


def test_the_swimmer_s_way_grows_frame_by_frame() -> None:
    states, actions, _ = episode("lec10/Swimmer-v0")
    film = made("lec10/Swimmer-v0", states, actions)
    way = inked(film, "faint").points
    assert np.array_equal(np.isfinite(way).all(axis=2), np.tri(film.frames, dtype=bool))
    np.testing.assert_array_equal(way[-1], states[:, [0, 6]])


def test_a_stranger_has_no_film() -> None:
    described = catalogue.describe("Taxi-v4")
    assert film_of(described, np.zeros((2, 1)), np.zeros((1, 1)), np.zeros(1)) is None
