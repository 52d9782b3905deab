"""Actions drawn in numpy: as often as the policy says, from its weights as they are, lane by lane."""

from __future__ import annotations

import subprocess
import sys

import numpy as np
import pytest
import torch
from leaning_policies import SHAPES, leaning, plain

from lec10_tui.learning.optimizers import build
from lec10_tui.learning.policy import PolicyArchitecture
from lec10_tui.learning.random import array_generator
from lec10_tui.learning.sampling import BLOCK, Sampler, noise

DISCRETE, CONTINUOUS = PolicyArchitecture(4, 3, False, (16,), "tanh"), PolicyArchitecture(3, 2, True, (8,), "relu")


def seen(architecture: PolicyArchitecture, lanes: int) -> np.ndarray:
    return array_generator(0, 0, "seen").standard_normal((lanes, architecture.observations)).astype(np.float32)


def test_every_action_comes_as_often_as_its_probability() -> None:
    policy, draws = leaning(DISCRETE), 40_000
    observations = seen(DISCRETE, 3)
    chances = plain(policy).distribution(observations).probs.detach().numpy()
    uniform = noise(0, 0, "act", draws, None)
    for row, expected in enumerate(chances):
        actions = Sampler(policy).choose(np.repeat(observations[row : row + 1], draws, 0), uniform.at(row))
        assert actions.dtype == np.int64 and actions.shape == (draws,)
        counts = np.bincount(actions, minlength=3)
        squared = ((counts - draws * expected) ** 2 / (draws * expected)).sum()
        assert squared < 16.3  # chi² with two degrees of freedom: beyond it 3 times in 10,000


def test_actions_are_the_inverse_of_the_cumulative_probabilities() -> None:
    policy, observation = leaning(DISCRETE), seen(DISCRETE, 1)
    edges = plain(policy).distribution(observation).probs.detach().numpy()[0].cumsum()
    around = np.array([0.0, edges[0] - 1e-5, edges[0] + 1e-5, edges[1] - 1e-5, edges[1] + 1e-5, np.nextafter(1, 0)])
    actions = Sampler(policy).choose(np.repeat(observation, 6, 0), around)
    assert actions.tolist() == [0, 0, 1, 1, 2, 2]


def test_a_sure_policy_takes_no_other_action() -> None:
    policy = leaning(PolicyArchitecture(1, 3, False, (), "tanh"))
    with torch.no_grad():
        policy.network[-1].bias.copy_(torch.tensor([-1000.0, 1000.0, -1000.0]))
    edges = np.array([0.0, 0.5, np.nextafter(1, 0)])
    assert Sampler(policy).choose(np.zeros((3, 1), np.float32), edges).tolist() == [1, 1, 1]


def test_continuous_actions_have_the_mean_and_scale_of_the_policy() -> None:
    policy, draws = leaning(CONTINUOUS), 40_000
    observation = seen(CONTINUOUS, 1)
    normal = noise(0, 0, "act", draws, 2).at(0)
    actions = Sampler(policy).choose(np.repeat(observation, draws, 0), normal)
    assert actions.dtype == np.float64 and actions.shape == (draws, 2)
    truth = plain(policy).distribution(observation)
    mean, scale = truth.mean.detach().numpy()[0], truth.stddev.detach().numpy()[0]
    np.testing.assert_allclose(actions, mean + scale * normal, rtol=0, atol=1e-5)
    assert (np.abs(actions.mean(0) - mean) < 4 * scale / draws**0.5).all()
    assert (np.abs(actions.std(0) - scale) < 4 * scale / (2 * draws) ** 0.5).all()
    assert np.abs(np.corrcoef(actions.T)[0, 1]) < 4 / draws**0.5


@pytest.mark.parametrize("shape", SHAPES)
def test_an_update_in_place_is_seen(shape: PolicyArchitecture) -> None:
    policy = leaning(shape)
    sampler, optimizer = Sampler(policy), build("adam", policy.parameters(), 0.3)
    observations, lanes = seen(shape, 64), noise(0, 0, "act", 64, shape.actions if shape.continuous else None)
    before = sampler.choose(observations, lanes.at(0))
    policy.distribution(torch.from_numpy(observations)).log_prob(torch.from_numpy(before)).sum().backward()
    optimizer.step()
    after = sampler.choose(observations, lanes.at(0))
    assert (after != before).any()
    np.testing.assert_array_equal(after, Sampler(policy).choose(observations, lanes.at(0)))


@pytest.mark.parametrize("shape", [*SHAPES, PolicyArchitecture(17, 6, True, (64, 48), "tanh")])
def test_a_lane_does_not_depend_on_those_beside_it(shape: PolicyArchitecture) -> None:
    sampler, observations = Sampler(leaning(shape)), seen(shape, 21)
    given = noise(0, 0, "act", 21, shape.actions if shape.continuous else None).at(0)
    kept = observations.copy(), given.copy()
    together = sampler.choose(observations, given)
    for lane in range(21):
        alone = sampler.choose(observations[lane : lane + 1], given[lane : lane + 1])
        assert alone.tobytes() == together[lane : lane + 1].tobytes()
    np.testing.assert_array_equal(observations, kept[0])
    np.testing.assert_array_equal(given, kept[1])


def test_noise_is_the_same_in_whatever_order_it_is_asked_for() -> None:
    times = [0, 1, BLOCK - 1, BLOCK, 3 * BLOCK + 5, 2, 0]
    once = {time: noise(0, 7, "act", 4, 2).at(time).copy() for time in times}
    again = noise(0, 7, "act", 4, 2)
    for time in times:
        np.testing.assert_array_equal(again.at(time), once[time])
    assert len({row.tobytes() for row in once.values()}) == len(once)


def test_noise_is_keyed_and_spread_as_it_should_be() -> None:
    streams = [(0, 0, "act"), (1, 0, "act"), (0, 1, "act"), (0, 0, "branch")]
    assert len({noise(*stream, 4, None).at(0).tobytes() for stream in streams}) == len(streams)
    source = noise(0, 0, "act", 16, None)
    uniform = np.stack([source.at(time) for time in range(2000)])
    assert uniform.shape == (2000, 16) and uniform.min() >= 0 and uniform.max() < 1
    assert abs(uniform.mean() - 0.5) < 4 * (1 / 12 / uniform.size) ** 0.5
    source = noise(0, 0, "act", 16, 3)
    normal = np.stack([source.at(time) for time in range(500)])
    assert normal.shape == (500, 16, 3)
    assert abs(normal.mean()) < 4 / normal.size**0.5 and abs(normal.std() - 1) < 4 / (2 * normal.size) ** 0.5


def test_sampling_and_learning_do_not_wait_for_torch_dynamo() -> None:
    code = """
import sys
import numpy as np, torch
from lec10_tui.learning.baselines import Baselines
from lec10_tui.learning.policy import Policy, PolicyArchitecture
from lec10_tui.learning.reinforce import gradient_norms, surrogate
from lec10_tui.learning.sampling import Sampler, noise
for continuous in (False, True):
    shape = PolicyArchitecture(3, 2, continuous, (8,), "tanh")
    policy, baselines = Policy(shape), Baselines(shape)
    seen = np.ones((4, 5, 3), np.float32)
    actions = torch.from_numpy(Sampler(policy).choose(seen[0], noise(0, 0, "", 5, 2 if continuous else None).at(0)))
    surrogate(policy, torch.from_numpy(seen[0]), actions, torch.ones(5), 5, 0.1)[0].backward()
    gradient_norms(policy, torch.from_numpy(seen[0]), actions, torch.ones(5))
    baselines.learn(seen, np.ones((4, 5)), np.ones((4, 5), bool))
    baselines.values("value", "reward-to-go", 0.0, seen, np.ones((4, 5), bool))
sys.exit("torch._dynamo" in sys.modules)
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0
