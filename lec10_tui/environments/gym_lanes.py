"""Any environment of gymnasium's as lanes, by its synchronous vector."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from typing import Any

import gymnasium
import numpy as np
from gymnasium.envs.registration import EnvSpec
from gymnasium.vector import AutoresetMode, SyncVectorEnv
from numpy.typing import NDArray

from lec10_tui.environments import registry, traits
from lec10_tui.environments.description import Description, EnvironmentBroke, NoEnvironment
from lec10_tui.environments.lanes import Actions, Step, check_seeds
from lec10_tui.environments.pictures import picture
from lec10_tui.environments.spaces import Acting, Observing

LARGEST = 1e30
"""The largest observation or reward, of either sign: an episode of them adds up in float32."""


class Once(gymnasium.Wrapper[Any, Any, Any, Any]):
    """One episode for every seed: a vector's own resets, which come without one, and steps after the end do nothing."""

    def reset(self, *, seed: int | None = None, options: dict[str, Any] | None = None) -> tuple[Any, dict[str, Any]]:
        """Begin the episode of `seed`; without one, stay where the last has ended."""
        if seed is not None:
            self._last, _ = self.env.reset(seed=seed, options=options)
            self.over = False
        return self._last, {}

    def step(self, action: Any) -> tuple[Any, Any, bool, bool, dict[str, Any]]:
        """Take the action; after the end, reward 0 and the last observation."""
        if self.over:
            return self._last, 0.0, False, False, {}
        self._last, reward, terminated, truncated, _ = self.env.step(action)
        self.over = bool(terminated or truncated)
        return self._last, reward, terminated, truncated, {}


class GymLanes:
    """n copies of a registered environment, each reset by its own seed and masked once it is over."""

    def __init__(self, description: Description, spec: EnvSpec, lanes: int, render: bool = False) -> None:
        self.description = description
        self.lanes = lanes
        self._traits = traits.known(description.id)
        first = "rgb_array" if render and description.drawn == "rgb" else None
        modes = [first] + [None] * (lanes - 1)
        made = [registry.make(spec, description.horizon, mode) for mode in modes]
        self._observing = Observing(description.id, made[0].observation_space)
        self._acting = Acting(description.id, made[0].action_space)
        self._renders = first is not None
        self._lanes = [Once(self._observing.flattened(environment)) for environment in made]
        self._simulators: list[Any] = [environment.unwrapped for environment in made]
        try:
            self._vector = SyncVectorEnv(
                [_given(lane) for lane in self._lanes],
                copy=False,
                autoreset_mode=AutoresetMode.NEXT_STEP,
            )
        except Exception as error:  # copies whose spaces differ
            raise NoEnvironment(f"{description.id} can't stand side by side ({registry.in_one_line(error)})") from error
        self._now = np.zeros((lanes, description.observation_size), dtype=np.float32)

    def reset(self, seeds: Sequence[int]) -> NDArray[np.float32]:
        """Start an episode in every lane; (n, d). Raises EnvironmentBroke."""
        checked = check_seeds(seeds, self.lanes)
        with self._named("reset"):
            observations, _ = self._vector.reset(seed=list(checked))
            self._now = self._observing.vectors(observations)
        self._check("reset", "an observation", self._now)
        return self._now

    def step(self, actions: Actions) -> Step:
        """Take one action in every lane that is not over. Raises EnvironmentBroke."""
        with self._named("step"):
            observations, rewards, terminated, truncated, _ = self._vector.step(self._acting.taken(actions))
            self._now = self._observing.vectors(observations)
        self._check("step", "an observation", self._now)
        self._check("step", "a reward", rewards)
        return Step(self._now, rewards, terminated, truncated)

    def push(self, lane: int, strength: float) -> None:
        """Push the simulator of a lane that is not over, where its traits say how."""
        known = self._traits
        if known is None or known.observe is None or self._lanes[lane].over:
            return
        self._now = self._now.copy()
        self._now[lane] = known.observe(traits.push(known, self._simulators[lane], strength))

    def observations(self) -> NDArray[np.float32]:
        """What the policy would see now, (n, d)."""
        return self._now

    def states(self) -> NDArray[np.float64]:
        """The simulators' states (n, s); of a stranger, the first numbers of its observation."""
        if self._traits is None:
            return self._observing.states(self._now)
        return np.array([traits.read(self._traits.attribute, simulator) for simulator in self._simulators])

    def render(self) -> NDArray[np.uint8] | None:
        """Lane 0 as it draws itself. Raises EnvironmentBroke."""
        if not self._renders:
            return None
        with self._named("render"):
            return picture(self._lanes[0])

    def close(self) -> None:
        """Close every environment."""
        with self._named("close"):
            self._vector.close()

    def _check(self, call: str, what: str, values: NDArray[np.floating[Any]]) -> None:
        """Weights that learned from NaN, infinity or what float32 can't add up would be lost."""
        if not np.abs(values).max() <= LARGEST:  # nor is NaN
            raise EnvironmentBroke(f"{self.description.id} broke in {call}: {what} is no number within ±{LARGEST:g}")

    @contextmanager
    def _named(self, call: str) -> Iterator[None]:
        try:
            yield
        except (Exception, SystemExit) as error:  # whatever a stranger's simulator raises
            raise EnvironmentBroke(f"{self.description.id} broke in {call}: {registry.in_one_line(error)}") from error


def _given(environment: gymnasium.Env[Any, Any]) -> Callable[[], gymnasium.Env[Any, Any]]:
    return lambda: environment
