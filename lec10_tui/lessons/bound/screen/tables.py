"""What a panel exports that is a table and no curve of the run."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from lec10_tui.lessons.bound.frame import Floats
from lec10_tui.vocabulary.series import Series
from lec10_tui.widgets.exports import Curves


def table(stem: str, columns: Mapping[str, Floats], first: int = 1) -> Curves:
    """Columns (n,) of one table, its lines counted from `first`."""
    return Curves(
        stem,
        tuple(
            Series(name, 1, np.arange(first, first + len(values)), values, values, values)
            for name, values in columns.items()
        ),
    )
