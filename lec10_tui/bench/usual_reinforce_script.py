"""The usual script: REINFORCE on CartPole-v1 as tutorials have it, one environment, one action at a time.

Trains until the mean return of the last 100 episodes is high enough, or its time is up, and prints one JSON line. It
shares nothing with lec10 but the environment's rules.
"""

from __future__ import annotations

import argparse
import json
import time
from collections import deque
from dataclasses import asdict, dataclass, field

import gymnasium
import numpy as np
import torch
import torch.nn.functional as F
from numpy.typing import NDArray
from torch import Tensor, nn
from torch.distributions import Categorical

DISCOUNT = 0.99
LEARNING_RATE = 1e-2
EPISODES = 100


class Policy(nn.Module):
    """4-128-2."""

    def __init__(self) -> None:
        super().__init__()
        self.hidden = nn.Linear(4, 128)
        self.logits = nn.Linear(128, 2)

    def forward(self, x: Tensor) -> Tensor:
        """The probability of each action."""
        return F.softmax(self.logits(F.relu(self.hidden(x))), dim=1)


@dataclass
class Progress:
    """Seconds of training, counted steps and episodes, the returns of the last hundred."""

    seconds: float = 0.0
    steps: int = 0
    episodes: int = 0
    solved: bool = False
    returns: deque[float] = field(default_factory=lambda: deque(maxlen=EPISODES))

    @property
    def mean_return(self) -> float:
        """The mean return of the last hundred episodes, 0 before there are as many."""
        return float(np.mean(self.returns)) if len(self.returns) == EPISODES else 0.0


def choose(policy: Policy, observation: NDArray[np.float32]) -> tuple[int, Tensor]:
    """An action and its log-probability."""
    distribution = Categorical(policy(torch.from_numpy(observation).float().unsqueeze(0)))
    action = distribution.sample()  # type: ignore[no-untyped-call]
    return int(action.item()), distribution.log_prob(action)  # type: ignore[no-untyped-call]


def learn(optimizer: torch.optim.Optimizer, log_probs: list[Tensor], rewards: list[float]) -> None:
    """One update from one episode: normalised, discounted rewards-to-go."""
    to_go = 0.0
    returns: deque[float] = deque()
    for reward in reversed(rewards):
        to_go = reward + DISCOUNT * to_go
        returns.appendleft(to_go)
    weights = torch.tensor(list(returns))
    weights = (weights - weights.mean()) / (weights.std() + np.finfo(np.float32).eps.item())
    losses = [-log_prob * weight for log_prob, weight in zip(log_probs, weights, strict=True)]
    optimizer.zero_grad()
    torch.autograd.backward(torch.cat(losses).sum())
    optimizer.step()


def train(until_return: float, seconds: float, seed: int) -> Progress:
    """Episode after episode, until the mean return is reached or the time is up."""
    torch.manual_seed(seed)
    environment = gymnasium.make("CartPole-v1")
    policy = Policy()
    optimizer = torch.optim.Adam(policy.parameters(), lr=LEARNING_RATE)
    progress, begun = Progress(), time.perf_counter()
    while not progress.solved and progress.seconds < seconds:
        observation, _ = environment.reset(seed=seed if not progress.episodes else None)
        log_probs: list[Tensor] = []
        rewards: list[float] = []
        over = False
        while not over:
            action, log_prob = choose(policy, observation)
            observation, reward, terminated, truncated, _ = environment.step(action)
            log_probs.append(log_prob)
            rewards.append(float(reward))
            over = terminated or truncated
        learn(optimizer, log_probs, rewards)
        progress.steps += len(rewards)
        progress.episodes += 1
        progress.returns.append(sum(rewards))
        progress.solved = progress.mean_return >= until_return
        progress.seconds = time.perf_counter() - begun
    environment.close()
    return progress


def main() -> None:
    """Train, and say how it went."""
    parser = argparse.ArgumentParser()
    parser.add_argument("--until-return", type=float, default=475.0)
    parser.add_argument("--seconds", type=float, default=60.0)
    parser.add_argument("--seed", type=int, default=0)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    progress = train(arguments.until_return, arguments.seconds, arguments.seed)
    said = asdict(progress)
    del said["returns"]
    print(json.dumps({**said, "mean_return_100": progress.mean_return}))


if __name__ == "__main__":
    main()
