"""A chain of rigid links in a fluid without inertia: how changes of its shape move it (resistive-force theory).

Points and vectors of the plane are complex numbers. Lengths are in bodies, drag in that of a body pulled along itself:
across, it is twice as much (Gray & Hancock, 1955), and this is why a chain can swim at all (Purcell, 1977).
"""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float64]
Complexes = NDArray[np.complex128]

ANISOTROPY = 2.0
"""The drag across a slender link, over the drag along it."""


def tangents(joints: Floats) -> Complexes:
    """The directions (…, links) of a chain's links, from its joint angles (…, links − 1), where the head's is 1."""
    angles = np.zeros((*joints.shape[:-1], joints.shape[-1] + 1))
    np.cumsum(joints, axis=-1, out=angles[..., 1:])
    return np.exp(1j * angles)


def about_centre(directions: Complexes) -> Complexes:
    """The middles (…, links) of links that trail behind the head along `directions`, seen from their mean.

    It is linear, so the links' turning, i ω t, becomes the velocities of their middles.
    """
    middles = (0.5 * directions - np.cumsum(directions, axis=-1)) / directions.shape[-1]
    centred: Complexes = middles - middles.mean(axis=-1, keepdims=True)
    return centred


def wrench(along: Complexes, middles: Complexes, velocities: Complexes, spins: Floats) -> Floats:
    """The fluid's force and its torque about the centre, (…, 3), on links that move so; all are (…, links)."""
    links = along.shape[-1]
    slip = along * (along.conj() * velocities).real
    forces = -(ANISOTROPY * velocities - (ANISOTROPY - 1.0) * slip) / links
    force = forces.sum(axis=-1)
    turning = (middles.conj() * forces).imag - ANISOTROPY / (12.0 * links**3) * spins
    return np.stack((force.real, force.imag, turning.sum(axis=-1)), axis=-1)


def body_velocity(joints: Floats, rates: Floats) -> tuple[Complexes, Floats]:
    """How a chain drifts while its joints turn at `rates` (…, links − 1): its centre's velocity and its head's spin.

    Both are (…,) and seen from the head link. Without inertia the fluid's force and torque are zero at all times: three
    linear equations.
    """
    along = tangents(joints)
    middles = about_centre(along)
    spins = np.zeros(along.shape)
    np.cumsum(rates, axis=-1, out=spins[..., 1:])
    motions = np.empty((4, *along.shape), dtype=np.complex128)
    motions[0], motions[1], motions[2], motions[3] = 1.0, 1j, 1j * middles, about_centre(1j * spins * along)
    turnings = np.zeros(motions.shape)
    turnings[2], turnings[3] = 1.0, spins
    resistance = np.moveaxis(wrench(along, middles, motions, turnings), 0, -1)
    drift = np.linalg.solve(resistance[..., :3], -resistance[..., 3:])[..., 0].astype(np.float64, copy=False)
    return drift[..., 0] + 1j * drift[..., 1], drift[..., 2]


def swim(centre: Complexes, heading: Floats, before: Floats, after: Floats, substeps: int) -> tuple[Complexes, Floats]:
    """Where joints that go from `before` to `after` (…, links − 1), evenly and in `substeps`, take a chain.

    `heading` (…,) is the head link's angle. The midpoint rule: second order, and a path gone backwards undoes itself
    to rounding. Time does not occur: only the path of shapes counts.
    """
    change = ((after - before) / substeps)[..., None, :]
    joints = before[..., None, :] + change * (np.arange(substeps)[:, None] + 0.5)
    velocity, spin = body_velocity(joints, np.broadcast_to(change, joints.shape))
    turned = np.cumsum(spin, axis=-1)
    facing = np.exp(1j * (heading[..., None] + turned - 0.5 * spin))
    return centre + (facing * velocity).sum(axis=-1), heading + turned[..., -1]
