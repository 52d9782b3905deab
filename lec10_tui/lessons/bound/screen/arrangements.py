"""The three pages of the lesson, and where their panels stand in a terminal of some size."""

from __future__ import annotations

from lec10_tui.widgets.areas import Arrangement

EXACT = (
    Arrangement(
        min_width=100,
        min_height=30,
        areas=("knobs posterior pictures|ascent", "knobs bar bar"),
        columns=(24, "1fr", "1fr"),
        rows=("1fr", 12),
    ),
    Arrangement(
        min_width=116,
        min_height=36,
        areas=("knobs posterior pictures pictures", "knobs bar bar ascent"),
        columns=(26, "4fr", 8, "3fr"),
        rows=("1fr", 14),
    ),
    Arrangement(
        min_width=180,
        min_height=46,
        areas=("knobs posterior pictures", "knobs posterior ascent", "knobs bar bar"),
        columns=(30, "5fr", "4fr"),
        rows=("6fr", "5fr", 17),
    ),
)

JENSEN = (
    Arrangement(
        min_width=100,
        min_height=30,
        areas=("knobs jensen", "knobs importance"),
        columns=(26, "1fr"),
        rows=("1fr", "1fr"),
    ),
    Arrangement(
        min_width=180,
        min_height=46,
        areas=("knobs jensen importance",),
        columns=(30, "1fr", "1fr"),
        rows=("1fr",),
    ),
)

TOY = (
    Arrangement(
        min_width=100,
        min_height=30,
        areas=("knobs toy", "knobs collapse"),
        columns=(26, "1fr"),
        rows=("3fr", "2fr"),
    ),
    Arrangement(
        min_width=180,
        min_height=46,
        areas=("knobs toy collapse",),
        columns=(30, "5fr", "4fr"),
        rows=("1fr",),
    ),
)
