"""Where the panels stand in a terminal of some size."""

from __future__ import annotations

from lec10_tui.widgets.areas import Arrangement

NARROW = Arrangement(
    min_width=100,
    min_height=30,
    areas=("graphs graphs graphs", "knobs running|dimensions variances|histograms"),
    columns=(26, "1fr", 40),
    rows=("3fr", "2fr"),
)

WIDE = Arrangement(
    min_width=118,
    min_height=36,
    areas=("knobs graphs graphs graphs", "running running histograms|dimensions variances"),
    columns=(30, 10, "1fr", 40),
    rows=("3fr", "2fr"),
)

LARGE = Arrangement(
    min_width=180,
    min_height=46,
    areas=("knobs graphs graphs dimensions", "knobs running histograms variances"),
    columns=(30, "1fr", "1fr", "1fr"),
    rows=("5fr", "4fr"),
)
