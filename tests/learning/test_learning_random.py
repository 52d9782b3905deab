"""Keyed random numbers, binary images drawn from grey ones, and the latent grid's codes."""

from __future__ import annotations

from statistics import NormalDist

import pytest
import torch

from lec10_tui.learning.binarise import binarise
from lec10_tui.learning.latent_grid import grid_codes, quantile_codes
from lec10_tui.learning.random import generator, key


def test_a_key_is_the_same_on_every_machine() -> None:
    assert key(0, 0, "epsilon") == 0xC8DB3EDD48E9C9D0
    torch.testing.assert_close(
        torch.rand(3, generator=generator(0, 0, "epsilon")), torch.tensor([0.11228144, 0.46548736, 0.79252183])
    )


def test_seed_step_and_purpose_each_make_another_stream() -> None:
    streams = [(0, 0, "epsilon"), (1, 0, "epsilon"), (0, 1, "epsilon"), (0, 0, "binarise"), (1, 0, "1 epsilon")]
    draws = {tuple(torch.rand(4, generator=generator(*stream)).tolist()) for stream in streams}
    assert len(draws) == len(streams)


def test_no_two_steps_share_what_the_cpu_reads_of_their_keys() -> None:
    keys = [key(7, step, "epsilon") for step in range(200_000)]
    assert len({key & 0xFFFFFFFF for key in keys}) == len(keys)
    assert max(keys) < 2**64


def test_neighbouring_steps_are_not_correlated() -> None:
    draws = torch.stack([torch.randn(1000, generator=generator(0, step, "epsilon")) for step in range(200)])
    correlation = torch.corrcoef(draws) - torch.eye(200)
    # 19,900 pairs of 1,000 draws: the largest is about 4.2 / sqrt(1000) when nothing is wrong.
    assert correlation.abs().max() < 0.18


def test_draws_leave_the_global_generator_alone() -> None:
    before = torch.get_rng_state()
    binarise(torch.rand(5, generator=generator(0, 0, "x")), generator(0, 0, "binarise"))
    assert torch.equal(torch.get_rng_state(), before)


def test_binary_images_have_the_grey_images_as_their_mean() -> None:
    x = torch.linspace(0, 1, 11).expand(20_000, 11)
    drawn = binarise(x, generator(0, 0, "binarise"))
    assert drawn.dtype == x.dtype and set(drawn.unique().tolist()) == {0.0, 1.0}
    assert drawn[:, 0].max() == 0.0 and drawn[:, -1].min() == 1.0
    standard_error = (x[0] * (1 - x[0]) / len(x)).sqrt() + 1e-9
    assert ((drawn.mean(0) - x[0]) / standard_error).abs().max() < 4


def test_codes_stand_at_the_middles_of_equal_probabilities() -> None:
    for count in (1, 2, 15, 200):
        codes = quantile_codes(count)
        expected = [NormalDist().inv_cdf((index + 0.5) / count) for index in range(count)]
        torch.testing.assert_close(codes, torch.tensor(expected, dtype=torch.float64), rtol=1e-12, atol=1e-12)
        chances = 0.5 * (1 + torch.erf(codes / 2**0.5))
        middles = (torch.arange(count, dtype=torch.float64) + 0.5) / count
        torch.testing.assert_close(chances, middles, rtol=0, atol=1e-14)


def test_a_grid_runs_right_and_up_and_keeps_the_other_dimensions() -> None:
    others = torch.tensor([5.0, 6.0, 7.0, 8.0])
    grid = grid_codes(4, 3, 4, (2, 0), others).view(3, 4, 4)
    across, up = quantile_codes(4), quantile_codes(3)
    for row in range(3):
        for column in range(4):
            expected = [up[2 - row].item(), 6.0, across[column].item(), 8.0]
            assert grid[row, column].tolist() == pytest.approx(expected)
    assert grid[0, 0, 0] == grid[..., 0].max()
    assert others.tolist() == [5.0, 6.0, 7.0, 8.0]


def test_one_dimension_runs_in_reading_order() -> None:
    grid = grid_codes(4, 3, 1, (0, 0), torch.zeros(1))
    torch.testing.assert_close(grid[:, 0], quantile_codes(12))


@pytest.mark.parametrize("dimensions", [(0, 2), (-1, 0)])
def test_a_dimension_that_is_none_is_refused(dimensions: tuple[int, int]) -> None:
    with pytest.raises(ValueError, match="not two of the 2 dimensions"):
        grid_codes(4, 3, 2, dimensions, torch.zeros(2))
