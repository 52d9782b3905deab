"""Oracle 28: what swimming without inertia must obey, whatever the code: scallops, time warps, reversals, symmetry."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest

from lec10_tui.environments.swimmer_physics import (
    ANISOTROPY,
    Complexes,
    Floats,
    about_centre,
    body_velocity,
    swim,
    tangents,
    wrench,
)


def travel(shapes: Floats, substeps: int = 4, heading: float = 0.3) -> tuple[complex, float]:
    """Where a path of shapes (steps + 1, joints) takes a swimmer that starts at the origin: displacement and turn."""
    centre: Complexes = np.zeros(1, dtype=np.complex128)
    angle: Floats = np.full(1, heading)
    for before, after in pairwise(shapes):
        centre, angle = swim(centre, angle, before[None], after[None], substeps)
    return complex(centre[0]), float(angle[0] - heading)


def wave(steps: int, joints: int = 4, amplitude: float = 0.9) -> Floats:
    """One cycle of a wave that runs down the body."""
    phase = np.linspace(0, 2 * np.pi, steps + 1)[:, None]
    return amplitude * np.sin(phase - 1.1 * np.arange(joints))


@pytest.mark.parametrize("joints", [1, 4])
def test_a_stroke_that_goes_back_the_way_it_came_goes_nowhere(joints: int) -> None:
    there = np.linspace(-1, 1, 12)[:, None] + np.random.default_rng(0).uniform(-0.4, 0.4, (12, joints))
    out, _ = travel(there)
    back, turn = travel(np.concatenate([there, there[-2::-1]]))
    assert abs(out) > 1e-3
    assert abs(back) < 1e-12
    assert abs(turn) < 1e-12


def test_a_scallop_closing_fast_and_opening_slowly_goes_nowhere() -> None:
    closing, opening = np.linspace(0.2, 2.0, 6)[:, None], np.linspace(2.0, 0.2, 400)[:, None]
    half, _ = travel(closing, 200)
    whole, turn = travel(np.concatenate([closing, opening[1:]]), 200)
    assert abs(half) > 1e-2
    assert abs(whole) < 1e-7
    assert abs(turn) < 1e-7


def test_only_the_path_of_shapes_counts_and_not_how_fast_it_is_gone() -> None:
    def path(clock: Floats) -> Floats:
        return 0.9 * np.sin(2 * np.pi * clock[:, None] - 1.1 * np.arange(4))

    even = np.linspace(0, 1, 1601)
    apart = []
    for steps in (100, 1600):
        clock = np.linspace(0, 1, steps + 1)
        places = [travel(path(warped), 1) for warped in (clock, clock**2, clock - 0.1 * np.sin(2 * np.pi * clock))]
        apart.append(max(abs(place - places[0][0]) + abs(turn - places[0][1]) for place, turn in places))
    assert abs(travel(path(even), 1)[0]) > 0.05
    assert apart[1] < 2e-6
    assert apart[1] < apart[0] / 100  # of second order: 16 times finer is 256 times nearer


def test_a_path_gone_backwards_undoes_its_motion() -> None:
    shapes = np.random.default_rng(1).uniform(-1.2, 1.2, (20, 4))
    forth, turn = travel(shapes, heading=0.3)
    back, turn_back = travel(shapes[::-1], heading=0.3 + turn)
    assert abs(forth) > 1e-3
    assert abs(forth + back) < 1e-12
    assert abs(turn + turn_back) < 1e-12


def test_a_wave_down_the_body_swims_head_first_and_turned_round_tail_first() -> None:
    cycle = wave(200)
    centre, turn = travel(cycle, heading=0.0)
    assert centre.real > 0.05
    assert abs(turn) < 1e-3
    assert travel(cycle[::-1], heading=0.0)[0].real < -0.05


def test_seen_from_another_angle_it_swims_the_same() -> None:
    shapes = wave(40)
    (centre, turn), (rotated, turn_too) = travel(shapes, heading=0.0), travel(shapes, heading=2.1)
    assert abs(rotated - centre * np.exp(2.1j)) < 1e-12
    assert turn_too == pytest.approx(turn, abs=1e-12)


def test_mirrored_shapes_swim_mirrored() -> None:
    shapes = wave(40)
    (centre, turn), (mirrored, turn_too) = travel(shapes, heading=0.0), travel(-shapes, heading=0.0)
    assert abs(mirrored - centre.conjugate()) < 1e-12
    assert turn_too == pytest.approx(-turn, abs=1e-12)


def test_the_fluid_neither_pulls_nor_turns_a_free_swimmer() -> None:
    generator = np.random.default_rng(2)
    joints, rates = generator.uniform(-1.5, 1.5, (50, 4)), generator.normal(size=(50, 4))
    velocity, spin = body_velocity(joints, rates)
    along = tangents(joints)
    middles = about_centre(along)
    spins = spin[:, None] + np.concatenate([np.zeros((50, 1)), rates.cumsum(axis=1)], axis=1)
    bending = about_centre(1j * (spins - spin[:, None]) * along)
    velocities = velocity[:, None] + 1j * spin[:, None] * middles + bending
    held = wrench(along, middles, bending, spins - spin[:, None])
    assert np.abs(held).max() > 0.1
    assert np.abs(wrench(along, middles, velocities, spins)).max() < 1e-14


def test_a_straight_body_has_the_drag_of_a_rod() -> None:
    along = tangents(np.zeros(4))
    middles = about_centre(along)
    none = np.zeros(5)
    np.testing.assert_allclose(wrench(along, middles, np.ones(5) + 0j, none), [-1, 0, 0], atol=1e-15)
    np.testing.assert_allclose(wrench(along, middles, 1j * np.ones(5), none), [0, -ANISOTROPY, 0], atol=1e-15)
    turning = wrench(along, middles, 1j * middles, np.ones(5))
    np.testing.assert_allclose(turning, [0, 0, -ANISOTROPY / 12], atol=1e-15)


def test_links_are_joined_and_the_centre_is_their_mean() -> None:
    joints = np.random.default_rng(3).uniform(-1.5, 1.5, (7, 4))
    along = tangents(joints)
    middles = about_centre(along)
    np.testing.assert_allclose(middles.mean(axis=1), 0, atol=1e-15)
    np.testing.assert_allclose(middles[:, :-1] - along[:, :-1] / 10, middles[:, 1:] + along[:, 1:] / 10, atol=1e-15)
    np.testing.assert_allclose(np.angle(along[:, 1:] / along[:, :-1]), joints, atol=1e-14)
