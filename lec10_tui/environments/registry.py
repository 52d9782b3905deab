"""Finding an environment of gymnasium's by its id, or the one line that says what is in the way."""

from __future__ import annotations

import re
from collections.abc import Iterable
from difflib import get_close_matches
from importlib import import_module
from importlib.util import find_spec
from typing import Any

import gymnasium
from gymnasium.envs.registration import EnvSpec, load_env_creator

from lec10_tui.environments.description import NoEnvironment
from lec10_tui.environments.quiet import hush, quiet

_ID = re.compile(r"(?:(?P<namespace>[\w:.-]+)/)?(?P<name>[\w:.-]+?)(?:-v(?P<version>\d+))?")
_EXTRAS = {
    "box2d": ("box2d", "Box2D"),
    "mujoco": ("mujoco", "mujoco"),
    "phys2d": ("jax", "jax"),
    "tabular": ("jax", "jax"),
}
"""Of the folders of gymnasium.envs: the extra that each needs, and the module which that brings."""

_ATARI = "ale_py"


def find(id: str, ours: Iterable[str] = ()) -> tuple[str, EnvSpec]:
    """The canonical id and what gymnasium knows of it; raises NoEnvironment.

    `module:id` imports the module that registers the id first; an id without a version is the latest one's. `ours` are
    further ids that can be meant where this one isn't found.
    """
    module, name = _imported(id)
    found = _ID.fullmatch(name)
    if found is None:
        raise NoEnvironment(f"{id!r} is no environment's id: those read Name-v0, space/Name-v0 or module:Name-v0")
    namespace, bare, version = found["namespace"], found["name"], found["version"]
    if name not in gymnasium.registry:
        _load_atari(namespace)
    others = sorted(
        (spec for spec in gymnasium.registry.values() if (spec.namespace, spec.name) == (namespace, bare)),
        key=lambda spec: -1 if spec.version is None else spec.version,
    )
    if name in gymnasium.registry:
        spec = gymnasium.registry[name]
    elif others and version is None:
        spec = others[-1]
    elif others:
        raise NoEnvironment(f"{id}: there is no version {version} of it; {others[-1].id} is there")
    else:
        raise NoEnvironment(_unknown(id, name, namespace, ours))
    return (spec.id if module in ("", "gymnasium") else f"{module}:{spec.id}"), spec


def make(spec: EnvSpec, horizon: int, render_mode: str | None = None) -> gymnasium.Env[Any, Any]:
    """One environment, cut after `horizon` steps; raises NoEnvironment where its constructor does."""
    try:
        with quiet():
            if isinstance(spec.entry_point, str):
                load_env_creator(spec.entry_point)
                hush()
            # one that never draws need not know the word
            drawing = {} if render_mode is None else {"render_mode": render_mode}
            return gymnasium.make(spec, max_episode_steps=horizon, disable_env_checker=True, **drawing)
    except (Exception, SystemExit) as error:  # whatever a stranger's constructor raises
        raise NoEnvironment(_unmade(spec, error)) from error


def folder(spec: EnvSpec) -> str:
    """The folder of gymnasium's own environments that this one comes from; "" for a stranger."""
    entry = spec.entry_point if isinstance(spec.entry_point, str) else ""
    found = re.match(r"gymnasium\.envs\.(\w+)", entry)
    return found[1] if found else ""


def in_one_line(error: BaseException) -> str:
    """What was raised, its name and its words, on one line."""
    words = " ".join(str(error).split())
    return f"{type(error).__name__}: {words}" if words else type(error).__name__


def _imported(id: str) -> tuple[str, str]:
    module, colon, name = id.rpartition(":")
    if not colon:
        return "", id
    if not re.fullmatch(r"\w+(\.\w+)*", module):
        raise NoEnvironment(f"{id!r} is no environment's id: before the colon stands the module that registers it")
    try:
        with quiet():
            import_module(module)
    except (Exception, SystemExit) as error:  # whatever a stranger's module raises
        raise NoEnvironment(f"{id}: {module} can't be imported ({in_one_line(error)})") from error
    return module, name


def _load_atari(namespace: str | None) -> None:
    """Atari's package registers its games only once it is imported."""
    if namespace == "ALE" and find_spec(_ATARI) is not None:
        with quiet():
            import_module(_ATARI)


def _unknown(id: str, name: str, namespace: str | None, ours: Iterable[str]) -> str:
    if namespace == "ALE" and find_spec(_ATARI) is None:
        return f"{id} needs Atari, which is not installed: pip install 'gymnasium[atari]'"
    ours = tuple(ours)
    ids = {known.lower(): known for known in (*gymnasium.registry, *ours)}
    near = [ids[match] for match in get_close_matches(name.lower(), ids, n=3, cutoff=0.7)]
    if near:
        return f"{id!r}: no environment is called so; near it: {', '.join(near)}"
    return f"{id!r}: no environment is called so; one of {', '.join(ours)} or another that is installed is needed"


def _unmade(spec: EnvSpec, error: BaseException) -> str:
    if not isinstance(error, ImportError | gymnasium.error.DependencyNotInstalled):
        return f"{spec.id} can't be made ({in_one_line(error)})"
    if callable(spec.entry_point):  # gymnasium keeps old ids whose makers say only that they are gone
        versions = {other.version or 0: other.id for other in gymnasium.registry.values() if other.name == spec.name}
        if max(versions) > (spec.version or 0):
            return f"{spec.id} is no longer there; {versions[max(versions)]} is"
    extra, module = _EXTRAS.get(folder(spec), ("", ""))
    if extra and find_spec(module) is None:
        return f"{spec.id} needs {extra}, which is not installed: pip install 'gymnasium[{extra}]'"
    missing = error.name if isinstance(error, ModuleNotFoundError) else None
    return f"{spec.id} needs {missing}, which is not installed" if missing else f"{spec.id}: {in_one_line(error)}"
