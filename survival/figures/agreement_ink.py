"""The ink of the agreement of two readers: a frame of `agreement_numbers` as a figure."""

from __future__ import annotations

from typing import Any

import pandas as pd

from recist import (
    BOLD,
    PAGE_MM,
    POINTS_PER_MM,
    SMALL_PT,
    TEXT_PT,
    InputError,
    JournalFigure,
    Sheet,
    clip_text,
    figure_style,
    name_lines,
    plain_text,
    text_width,
)
from survival.figures.agreement import CELL, alt_text, measures_text, read_text
from survival.figures.look import AgreementLook
from survival.results import rounded

EDGE, LINE, GAP = 5.0, 9.5, 16.0
CELL_PT = (21.0, 34.0)  # smallest and largest cell
SIDE_BY_SIDE = {"single": 1, "double": 2}
MOST = {"single": 2, "double": 4}  # groups that fit on a page
DARK = (0.0, 0.447, 0.698)  # of the largest share; white is none


def draw(numbers: pd.DataFrame, evaluators: tuple[str, str], what: str, look: AgreementLook) -> JournalFigure:
    """The figure; its height follows from the groups."""
    groups = list(dict.fromkeys(numbers["group"]))
    if len(groups) > MOST[look.width]:
        raise InputError(
            f"a figure of {look.width} width has room for {MOST[look.width]} groups, not {len(groups)}; "
            "agreement_pages draws several"
        )
    terms = list(dict.fromkeys(numbers.loc[numbers["part"] == CELL, "first"]))
    columns = min(SIDE_BY_SIDE[look.width], max(len(groups), 1))
    with figure_style():
        total = Sheet(look.width, 0.0).width
        names = max((text_width(term, SMALL_PT) for term in [*terms, "Total"]), default=0.0) + 6
        wide = (total - 2 * EDGE - (columns - 1) * GAP) / columns
        side = min(max((wide - names - LINE - 4) / (len(terms) + 1), CELL_PT[0]), CELL_PT[1])
        heads = {group: _heads(numbers, group, wide, len(groups) > 1) for group in groups}
        slanted = names if max((text_width(t, SMALL_PT) for t in terms), default=0.0) > side - 3 else LINE
        most = max((len(title) + len(lines) for title, lines in heads.values()), default=0)
        rows = -(-len(groups) // columns)
        others = most * LINE + LINE + slanted + 4 + GAP
        sentences = _sentences(numbers, terms, what, look)
        room = (PAGE_MM * POINTS_PER_MM - Sheet(look.width, 0.0, (), sentences).height) / max(
            rows, 1
        ) - others
        side = max(min(side, room / (len(terms) + 1)), CELL_PT[0])
        tall = others + side * (len(terms) + 1)
        sheet = Sheet(look.width, rows * tall, (), sentences)
        for n, group in enumerate(groups):
            row, column = divmod(n, columns)
            corner = (EDGE + column * (wide + GAP), sheet.top - row * tall)
            _draw_heads(sheet, heads[group], corner)
            lower = (corner[0], corner[1] - most * LINE)
            mine = numbers[(numbers["group"] == group) & (numbers["part"] == CELL)]
            _draw_table(sheet, mine, terms, evaluators, (*lower, side, names, slanted))
    sheet.figure.alt_text = alt_text(numbers, evaluators)
    return sheet.figure


def _heads(numbers: pd.DataFrame, group: str, wide: float, named: bool) -> tuple[list[str], list[str]]:
    """Name of the group, and its measures of agreement, as lines."""
    both = read_text(numbers, group)
    text = measures_text(numbers, group)
    if not named:
        return [], clip_text(f"{both[0].upper()}{both[1:]}. {text[:1].upper()}{text[1:]}", wide, SMALL_PT, 4)
    rest = f" ({both})"
    room = wide / BOLD - text_width(rest)
    title = name_lines(group, room, 2)
    title[-1] += rest
    return title, clip_text(text[:1].upper() + text[1:], wide, SMALL_PT, 4)


def _draw_heads(sheet: Sheet, heads: tuple[list[str], list[str]], corner: tuple[float, float]) -> None:
    """The lines above a table."""
    x, y = corner
    for n, line in enumerate([*heads[0], *heads[1]]):
        look: dict[str, Any] = {"weight": "bold"} if n < len(heads[0]) else {"size": SMALL_PT}
        sheet.write(x, y - (n + 0.5) * LINE, line, **look)


def _sentences(numbers: pd.DataFrame, terms: list[str], what: str, look: AgreementLook) -> list[str]:
    """What stands under the figure."""
    notes = [look.caption, what]
    if not terms:
        return [*notes, "Nobody was read by both."]
    return [
        *notes,
        "Number of subjects and, under it, per cent of those whom both read. The darker a cell, the larger its share; "
        "framed: both agree. CI: confidence interval.",
    ]


def _draw_table(
    sheet: Sheet, cells: pd.DataFrame, terms: list[str], evaluators: tuple[str, str], place: tuple[float, ...]
) -> None:
    """The cells with totals, the responses beside them, the names of the readers outside."""
    x, y, side, names, slanted = place
    if not terms:
        return
    span = side * len(terms)
    left, top = x + LINE + names, y - LINE - slanted - 4
    first, second = (
        clip_text(plain_text(name), room, TEXT_PT, 1)[0]
        for name, room in zip(evaluators, (span + side, span + side), strict=True)
    )
    sheet.write(
        left + span / 2 if len(terms) > 2 else left,
        y - LINE / 2,
        second,
        align="center" if len(terms) > 2 else "left",
    )
    sheet.write(x + LINE / 2, top - span / 2, first, align="center", va="center", rotation=90)
    largest = max(float(cells["share"].max()), 1e-9)
    for i, row in enumerate([*terms, "Total"]):
        low = top - (i + 1) * side
        sheet.write(left - 3, low + side / 2, row, align="right", size=SMALL_PT)
        middle = left + (i + 0.5) * side
        if slanted > LINE:
            sheet.write(middle, top + 3, row, align="center", va="bottom", rotation=90, size=SMALL_PT)
        else:
            sheet.write(middle, top + 3 + LINE / 2, row, align="center", size=SMALL_PT)
    total = cells["n"].sum()
    for a, b, n, share in zip(cells["first"], cells["second"], cells["n"], cells["share"], strict=True):
        corner = (left + terms.index(b) * side, top - (terms.index(a) + 1) * side)
        _draw_cell(sheet, corner, side, (int(n), int(total)), float(share) / largest if total else 0.0)
    for n, term in enumerate(terms):
        row_sum, column_sum = (int(cells.loc[cells[name] == term, "n"].sum()) for name in ("first", "second"))
        sheet.write(left + span + side / 2, top - (n + 0.5) * side, f"{row_sum}", align="center")
        sheet.write(left + (n + 0.5) * side, top - span - side / 2, f"{column_sum}", align="center")
        corner = (left + n * side, top - (n + 1) * side)
        sheet.fill(*corner, side, side, facecolor="none", edgecolor="black", linewidth=1.4, zorder=3)
    sheet.write(left + span + side / 2, top - span - side / 2, f"{total}", align="center")


def _draw_cell(
    sheet: Sheet, corner: tuple[float, float], side: float, counts: tuple[int, int], shade: float
) -> None:
    """A cell with its number and per cent."""
    x, y = corner
    colour = tuple(1 - shade * (1 - channel) for channel in DARK)
    sheet.fill(x, y, side, side, facecolor=colour, edgecolor="#999999", linewidth=0.4)
    ink = "white" if shade > 0.6 else "black"
    n, total = counts
    if n == 0:
        sheet.write(x + side / 2, y + side / 2, "0", align="center", color="#777777")
        return
    sheet.write(x + side / 2, y + side / 2 + 4, f"{n}", align="center", color=ink)
    sheet.write(
        x + side / 2,
        y + side / 2 - 4.5,
        f"{rounded(100 * n / total, 0)}%",
        align="center",
        size=SMALL_PT,
        color=ink,
    )
