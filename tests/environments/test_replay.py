"""An episode once more by gymnasium alone: the lanes' own observations, each as it is asked for."""

from __future__ import annotations

import numpy as np
import pytest

from lec10_tui.environments import catalogue
from lec10_tui.environments.replay import replay


@pytest.mark.parametrize("id", ["CartPole-v1", "FrozenLake-v1", "Pendulum-v1"])
def test_it_sees_what_the_lanes_saw(id: str) -> None:
    lanes = catalogue.make(id, 1)
    size = None if lanes.description.discrete else (6, 1)
    actions = np.zeros(6, np.int64) if size is None else np.linspace(-3, 3, 6)[:, None]
    seen = replay(lanes.description, 5, actions)
    assert seen is not None
    np.testing.assert_array_equal(next(seen), lanes.reset([5])[0])
    for action in actions:
        np.testing.assert_allclose(next(seen), lanes.step(action[None]).observations[0], atol=1e-6)
    assert next(seen, None) is None


def test_what_gymnasium_does_not_have_is_not_replayed() -> None:
    assert replay(catalogue.describe("lec10/Swimmer-v0"), 0, np.zeros((3, 4))) is None
