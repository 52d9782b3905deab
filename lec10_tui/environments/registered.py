"""What gymnasium says of an environment that is registered there, and what we know of it besides."""

from __future__ import annotations

from functools import cache

from gymnasium.envs.registration import EnvSpec

from lec10_tui.environments import registry, traits
from lec10_tui.environments.description import Description, horizon_in_force
from lec10_tui.environments.pictures import picture
from lec10_tui.environments.quiet import can_draw_mujoco, quiet
from lec10_tui.environments.spaces import Acting, Observing


def describe(id: str, spec: EnvSpec, horizon: int | None = None) -> Description:
    """The environment called `id`, its episodes cut after `horizon` steps; raises NoEnvironment."""
    in_force = horizon_in_force(horizon, spec.max_episode_steps)
    environment = registry.make(spec, in_force)
    try:
        observing, acting = Observing(id, environment.observation_space), Acting(id, environment.action_space)
        modes = environment.metadata.get("render_modes") or ()
    finally:
        environment.close()
    known = traits.known(id)
    return Description(
        id=id,
        native=False,
        observation_size=observing.size,
        observation_labels=(known.observation_labels if known else ()) or observing.labels,
        state_labels=known.state_labels if known else observing.state_labels,
        discrete=acting.discrete,
        actions=acting.actions,
        action_labels=known.action_labels if known else acting.labels,
        action_low=acting.low,
        action_high=acting.high,
        arrows=known.arrows if known else acting.arrows,
        pushed=known.pushed if known else "",
        time_limit=spec.max_episode_steps,
        horizon=in_force,
        threshold=None if spec.reward_threshold is None else float(spec.reward_threshold),
        drawn="film" if known else "rgb" if "rgb_array" in modes and draws(spec.id) else "none",
    )


@cache
def draws(id: str) -> bool:
    """Whether a registered environment can really draw itself here: what it draws with may be missing."""
    spec = registry.find(id)[1]
    if registry.folder(spec) == "mujoco" and not can_draw_mujoco():
        return False
    try:
        environment = registry.make(spec, 1, "rgb_array")
        with quiet():
            environment.reset(seed=0)
            picture(environment)
            environment.close()
    except (Exception, SystemExit):  # whatever it raises, it answers the question
        return False
    return True
