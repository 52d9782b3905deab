"""Plots: curves against step or time, with round ticks and each curve's label at its end."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from rich.cells import cell_len

from lec10_tui.drawing.axes import Axis, scaled, x_axis, y_axis
from lec10_tui.drawing.canvas import MARKERS, ROWS, band_halves, draw_band, draw_lines
from lec10_tui.drawing.curves import Columns, Curve, clipped, decimate, is_band, middle
from lec10_tui.drawing.lines import Lines, Sheet, clip
from lec10_tui.drawing.numbers import ascii_form
from lec10_tui.drawing.palette import Paper

__all__ = ["Curve", "draw_curves", "spread"]

BEAD_EVERY = 2
"""Columns from one bead of a dotted curve to the next."""

LABELS_PART = 3
"""Labels take at most one of so many parts of the columns."""


def draw_curves(
    curves: Sequence[Curve],
    columns: int,
    rows: int,
    paper: Paper,
    *,
    x_label: str = "",
    y_label: str = "",
    x_log: bool = False,
    y_log: bool = False,
    x_limits: tuple[float, float] | None = None,
    y_limits: tuple[float, float] | None = None,
    areas: bool = False,
) -> Lines:
    """`curves` in exactly `columns` × `rows` cells, whatever their values; see `axes.y_axis` for the range of y.

    `x_limits` sets the x range, for a run whose length is known. `y_label` stands above the axis, `x_label` after the
    last tick. Values that are not finite (on a logarithmic axis: not positive) leave a gap. `areas` shades bands whole,
    later ones over earlier ones, where there are shades: so bands that overlap are told apart.
    """
    sheet = Sheet(columns, rows, paper.blank)
    top = 1 if y_label and rows >= 5 else 0
    foot = 1 if rows >= 4 else 0
    height = rows - top - foot
    if height < 1 or columns < 1:
        return sheet.lines()
    across = _across(curves, x_log, x_limits)
    margin = min(max((cell_len(curve.label) + 2 for curve in curves), default=0), columns // LABELS_PART)
    rough = _decimated(curves, across, max(1, columns - margin), y_log)
    up = y_axis([(one.column / max(1, columns - margin), one.low, one.high) for one in rough], y_log, y_limits)
    ticks = up.ticks(max(2, height // 3)) if height >= 3 else ()
    gutter = max((cell_len(label) for _, label in ticks), default=0) + 2 if columns >= 24 and ticks else 0
    width = max(1, columns - gutter - margin)
    shown = _decimated(curves, across, width, y_log)
    if top:
        sheet.put(0, 0, _text(y_label, paper), paper.faint)
    _draw_y_ticks(sheet, ticks, top, gutter, width, height, paper)
    _draw_canvas(sheet, curves, shown, up, (gutter, top), (width, height), paper, areas)
    _draw_labels(sheet, curves, shown, up, (gutter, top), height, paper)
    if foot:
        _draw_x_ticks(sheet, across, gutter, width, x_label, paper)
    return sheet.lines()


def spread(rows: Sequence[int], height: int) -> list[int]:
    """Rows near the wanted ones, in 0 … height − 1, no two equal; as many as fit (least squares, order kept)."""
    order = sorted(range(len(rows)), key=lambda number: rows[number])[: max(0, height)]
    blocks: list[tuple[float, int]] = []
    for rank, number in enumerate(order):
        blocks.append((rows[number] - rank, 1))
        while len(blocks) > 1 and blocks[-2][0] > blocks[-1][0]:
            (upper, n), (lower, m) = blocks[-2:]
            blocks[-2:] = [((upper * n + lower * m) / (n + m), n + m)]
    starts = [mean for mean, count in blocks for _ in range(count)]
    placed = dict.fromkeys(range(len(rows)), -1)
    for rank, (number, start) in enumerate(zip(order, starts, strict=True)):
        placed[number] = min(max(round(start), 0), height - len(order)) + rank
    return list(placed.values())


def _across(curves: Sequence[Curve], log: bool, limits: tuple[float, float] | None) -> Axis:
    ends = [scaled(np.asarray(limits, np.float64), log)] if limits else [scaled(curve.x, log) for curve in curves]
    finite = np.concatenate([*ends, np.empty(0)])
    finite = finite[np.isfinite(finite)]
    return x_axis(float(finite.min()), float(finite.max()), log) if len(finite) else Axis(0.0, 1.0, log)


def _decimated(curves: Sequence[Curve], across: Axis, width: int, log: bool) -> list[Columns]:
    return [
        decimate(
            across.place(scaled(curve.x, across.log)),
            scaled(curve.low, log),
            scaled(curve.high, log),
            scaled(curve.last, log),
            width,
        )
        for curve in curves
    ]


def _draw_y_ticks(
    sheet: Sheet, ticks: Sequence[tuple[float, str]], top: int, gutter: int, width: int, height: int, paper: Paper
) -> None:
    for place, label in ticks:
        row = top + _row(place, height, paper.ascii)
        if gutter:
            sheet.put(0, row, _text(label, paper).rjust(gutter - 2), paper.faint)
            sheet.put(gutter - 1, row, "|" if paper.ascii else "┤", paper.faint)


def _draw_x_ticks(sheet: Sheet, across: Axis, gutter: int, width: int, x_label: str, paper: Paper) -> None:
    row, free = sheet.height - 1, 0
    for place, label in across.ticks(max(2, width // 10)):
        text = _text(label, paper)
        start = max(0, min(gutter + round(place * (width - 1)) - cell_len(text) // 2, sheet.width - cell_len(text)))
        if start >= free:
            sheet.put(start, row, text, paper.faint)
            free = start + cell_len(text) + 2
    if x_label and free + cell_len(x_label) <= sheet.width:
        sheet.put(max(free, min(gutter + width + 1, sheet.width - cell_len(x_label))), row, x_label, paper.faint)


def _draw_canvas(
    sheet: Sheet,
    curves: Sequence[Curve],
    shown: Sequence[Columns],
    up: Axis,
    origin: tuple[int, int],
    size: tuple[int, int],
    paper: Paper,
    areas: bool,
) -> None:
    """Spreads behind, lines before them, beads in front."""
    left, top = origin
    bands, lines = list[tuple[str, Columns]](), []
    for number, (curve, one) in enumerate(zip(curves, shown, strict=True)):
        for stretch in one.stretches() if not curve.dotted else ():
            if is_band(stretch):
                bands.append((curve.colour, stretch))
            lines += [(number, piece) for piece in clipped((stretch.column.astype(float), up.place(middle(stretch))))]
    ground = dict[tuple[int, int], str]()
    if areas and not paper.ascii and all(paper.shade(colour) for colour, _ in bands):
        ground = _draw_areas(sheet, bands, up, origin, size[1], paper)
    else:
        _draw_dots(sheet, bands, up, origin, size[1], paper)

    def sign(column: int, row: int, character: str, colour: str) -> None:
        behind = ground.get((column, row), "")
        style = paper.letters(colour, background=behind) if behind else paper.ink(colour)
        sheet.dot(left + column, top + row, character, style)

    for row, cells in enumerate(draw_lines(lines, *size, paper.ascii)):
        for column, (character, number) in enumerate(cells):
            if number >= 0:
                sign(column, row, character, curves[number].colour)
    for curve, one in zip(curves, shown, strict=True):
        if curve.dotted:
            for (column, row), character in _beads(one, up, size[1], paper.ascii).items():
                sign(column, row, character, curve.colour)


def _draw_dots(
    sheet: Sheet, bands: Sequence[tuple[str, Columns]], up: Axis, origin: tuple[int, int], height: int, paper: Paper
) -> None:
    """Bands, of a colour each, as dots that stand back."""
    left, top = origin
    for colour, band in bands:
        pale = paper.pale(colour)
        for (column, row), character in draw_band(band, up, height, paper.terminal or not paper.colour).items():
            sheet.dot(left + column, top + row, "." if paper.ascii else character, pale)


def _draw_areas(
    sheet: Sheet, bands: Sequence[tuple[str, Columns]], up: Axis, origin: tuple[int, int], height: int, paper: Paper
) -> dict[tuple[int, int], str]:
    """Bands, of a colour each, as areas that end in halves of cells; the shade that a sign in a cell lies on."""
    left, top = origin
    shades: dict[tuple[int, int], list[str]] = {}
    for colour, band in bands:
        for cell, halves in band_halves(band, up, height).items():
            both = shades.setdefault(cell, ["", ""])
            both[:] = [paper.shade(colour) if lit else before for lit, before in zip(halves, both, strict=True)]
    for (column, row), (upper, lower) in shades.items():
        block, ink, behind = ("▀", upper, lower) if upper else ("▄", lower, "")
        sign, style = (
            (" ", paper.style(background=lower)) if upper == lower else (block, paper.style(ink, background=behind))
        )
        sheet.dot(left + column, top + row, sign, style)
    return {cell: lower or upper for cell, (upper, lower) in shades.items()}


def _beads(one: Columns, up: Axis, height: int, ascii: bool) -> dict[tuple[int, int], str]:
    """The cells of a dotted curve: every `BEAD_EVERY` columns a bead of 2 × 2 braille dots, where the curve passes."""
    cells: dict[tuple[int, int], int] = {}
    for stretch in one.stretches():
        first, last = int(stretch.column[0]), int(stretch.column[-1])
        at = np.arange(first + first % BEAD_EVERY, last + 1, BEAD_EVERY)
        at = at if len(at) else stretch.column[-1:]
        places = up.place(np.interp(at, stretch.column, stretch.last))
        for column, place in zip(at.tolist(), places.tolist(), strict=True):
            if 0 <= place <= 1:
                upper = min(max(round((1 - place) * (height * 4 - 1) - 0.5), 0), height * 4 - 2)
                for part in (upper, upper + 1):
                    key = (column, part // 4)
                    cells[key] = cells.get(key, 0) | ROWS[part % 4]
    return {place: "o" if ascii else chr(0x2800 + bits) for place, bits in cells.items()}


def _draw_labels(
    sheet: Sheet,
    curves: Sequence[Curve],
    shown: Sequence[Columns],
    up: Axis,
    origin: tuple[int, int],
    height: int,
    paper: Paper,
) -> None:
    ended = [
        (float(up.place(middle(one.stretches()[-1])[-1:])[0]), curve, int(one.column[-1]))
        for curve, one in zip(curves, shown, strict=True)
        if len(one.column) and curve.label
    ]
    if not ended:
        return
    ended.sort(key=lambda each: -each[0])
    start = origin[0] + max(column for _, _, column in ended) + 2
    rows = spread([_row(place, height, paper.ascii) for place, _, _ in ended], height)
    for (place, curve, _), row in zip(ended, rows, strict=True):
        if row >= 0:
            beyond = (
                "" if 0 <= place <= 1 else (" ^" if place > 1 else " v") if paper.ascii else " ↑" if place > 1 else " ↓"
            )
            text = clip(curve.label, sheet.width - start - len(beyond)) + beyond
            sheet.put(start, origin[1] + row, text, paper.letters(curve.colour, bold=not curve.dotted))


def _row(place: float, height: int, ascii: bool) -> int:
    """The row, from the top, in which a line at `place` in 0 … 1 on the way up is drawn."""
    parts = MARKERS[ascii][2]
    highest = height * parts - 1
    return (highest - round(min(max(place, 0.0), 1.0) * highest)) // parts


def _text(text: str, paper: Paper) -> str:
    return ascii_form(text) if paper.ascii else text
