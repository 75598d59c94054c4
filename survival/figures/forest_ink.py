"""The ink of the forest plot: a frame of `forest_numbers` as a figure."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

from recist import (
    BOLD,
    POINTS_PER_MM,
    TEXT_PT,
    WIDTH_MM,
    InputError,
    JournalFigure,
    Sheet,
    clip_text,
    figure_style,
    name_lines,
    plain_text,
    shorten_text,
    text_width,
)
from survival.figures.forest import MEASURES, alt_text
from survival.figures.forest_scale import MINUS, is_linear, scale_range, scale_ticks
from survival.figures.look import ForestLook
from survival.results import NOT_ESTIMABLE, p_text

EDGE, GAP, ROW, BELOW = 5.0, 9.0, 10.5, 42.0
MOST_ROWS = 56
BOX_PT = 8.0  # side of the largest box
HEADING_PT = 34.0  # headings have no counts beside them and may be wider by this
COLOUR = "#0072B2"
INTERACTION = {
    "hazard ratio": "likelihood-ratio test",
    "rates": "Cochran's chi-square test of heterogeneity",
}


@dataclass(frozen=True)
class Column:
    """A column of text: its heading and texts, one for each line."""

    head: list[str]
    texts: list[str]

    @property
    def width(self) -> float:
        """Room for the widest text."""
        heads = [BOLD * text_width(line) for line in self.head]
        return max([*heads, *map(text_width, self.texts)], default=0.0)


def draw(numbers: pd.DataFrame, look: ForestLook) -> JournalFigure:
    """The figure; its height follows from its lines."""
    with figure_style():
        lines, owner = _labels(numbers, _label_room(look))
        if len(lines) > MOST_ROWS:
            raise InputError(
                f"{len(lines)} lines do not fit on a page; draw some of the variables in a second plot"
            )
        left, right = _columns(numbers, look)
        heads = max(len(column.head) for column in (*left, *right))
        sheet = Sheet(look.width, BELOW + ROW * (len(lines) + heads) + 4, (), _sentences(numbers, look))
        beside = [
            line for line, row in zip(lines, owner, strict=True) if numbers["kind"].iloc[row] != "heading"
        ]
        wide_label = max([*(text_width(line) + 6 for line in beside), BOLD * text_width("Subgroup")])
        x = EDGE + wide_label + GAP
        places = _row_places(owner, sheet.top - ROW * heads - 4)
        for line, (row, y) in zip(lines, _line_places(owner, sheet.top - ROW * heads - 4), strict=True):
            kind = numbers["kind"].iloc[row]
            sheet.write(EDGE + (6 if kind == "subgroup" else 0), y, line, **_weight(kind))
        sheet.write(EDGE, sheet.top - ROW * (heads - 0.5), "Subgroup", weight="bold")
        x = _write_columns(sheet, left, x, places, heads)
        end = sheet.width - EDGE - sum(column.width + GAP for column in right)
        _write_columns(sheet, right, end + GAP, places, heads)
        low = sheet.bottom + BELOW
        axes = sheet.axes(x, low, end - x, max(ROW * len(lines), ROW))
        _draw_axes(axes, numbers, places, (low, max(ROW * len(lines), ROW), end - x), look)
        _favours(sheet, axes, numbers, (x, end, low), look)
    sheet.figure.alt_text = alt_text(numbers)
    return sheet.figure


def pages(numbers: pd.DataFrame, look: ForestLook) -> list[pd.DataFrame]:
    """The numbers as pages: the whole on each, and as many variables as fit."""
    whole = numbers[numbers["kind"] == "overall"]
    block = (numbers["kind"] == "heading").cumsum()
    variables = [part for n, part in numbers.groupby(block) if n > 0]
    found = [whole]
    for variable in variables:
        tried = pd.concat([found[-1], variable], ignore_index=True)
        if len(found[-1]) == len(whole) or len(_labels(tried, _label_room(look))[0]) <= MOST_ROWS:
            found[-1] = tried
        else:
            found.append(pd.concat([whole, variable], ignore_index=True))
    return found


def _label_room(look: ForestLook) -> float:
    """The widest label."""
    return (0.30 if look.width == "double" else 0.22) * WIDTH_MM[look.width] * POINTS_PER_MM


def _labels(numbers: pd.DataFrame, room: float) -> tuple[list[str], list[int]]:
    """Every label as lines, and the row that each line belongs to."""
    lines, owner = [], []
    for row, (label, kind) in enumerate(zip(numbers["label"], numbers["kind"], strict=True)):
        wide = room + (HEADING_PT if kind == "heading" else 0.0)
        for line in clip_text(plain_text(label), (wide - 8) / BOLD, TEXT_PT, 2):
            lines.append(line)
            owner.append(row)
    return lines, owner


def _line_places(owner: list[int], top: float) -> list[tuple[int, float]]:
    """The row and the height of each line."""
    return [(row, top - (n + 0.5) * ROW) for n, row in enumerate(owner)]


def _row_places(owner: list[int], top: float) -> list[float]:
    """The height of each row: that of its first line."""
    return [top - (owner.index(row) + 0.5) * ROW for row in range(max(owner, default=-1) + 1)]


def _weight(kind: str) -> dict[str, str]:
    """Headings and the whole are bold."""
    return {} if kind == "subgroup" else {"weight": "bold"}


def _columns(numbers: pd.DataFrame, look: ForestLook) -> tuple[list[Column], list[Column]]:
    """Columns left and right of the plot."""
    counts = []
    some = numbers["kind"] != "heading"
    first = numbers[some].head(1)
    arm, reference = (plain_text(first[name].iloc[0]) if len(first) else "" for name in ("arm", "reference"))
    what = "Events/n" if _is_time(numbers) else "Responders/n"
    if look.width == "double":
        for name, events, n in ((arm, "events", "n"), (reference, "events_reference", "n_reference")):
            texts = [
                f"{e}/{k}" if s else "" for e, k, s in zip(numbers[events], numbers[n], some, strict=True)
            ]
            counts.append(Column([*name_lines(name, 76.0 / BOLD, 2), what.lower()], texts))
    else:
        both = {name: numbers[name] + numbers[f"{name}_reference"] for name in ("events", "n")}
        pairs = zip(both["events"], both["n"], some, strict=True)
        texts = [f"{e}/{k}" if s else "" for e, k, s in pairs]
        counts.append(Column([what.removesuffix("/n"), "/n"], texts))
    measure = numbers["measure"].iloc[0] if len(numbers) else "hazard ratio"
    level = f"({100 * numbers['level'].iloc[0]:g}% CI)" if len(numbers) else "(95% CI)"
    head = ["Difference, %", level] if measure == "difference" else [MEASURES[measure], level]
    right = [Column(head, [text.replace("-", MINUS) for text in numbers["text"]])]
    if look.width == "double" and (numbers["kind"] == "heading").any():
        rows = zip(numbers["kind"], numbers["p_interaction"], strict=True)
        shown = [p_text(p) if kind == "heading" else "" for kind, p in rows]
        right.append(Column(["Interaction", "p"], shown))
    return counts, right


def _is_time(numbers: pd.DataFrame) -> bool:
    """Whether events in time are counted, not responders."""
    return bool((numbers["measure"] == "hazard ratio").any())


def _sentences(numbers: pd.DataFrame, look: ForestLook) -> list[str]:
    """What stands under the figure."""
    if numbers.empty:
        return [look.caption, "There is no subgroup analysis."]
    what = {"events": "events" if _is_time(numbers) else "responders", "n": "subjects"}[look.size]
    how = str(numbers.loc[numbers["kind"] == "overall", "method"].iloc[0])
    notes = [look.caption, f"{how[:1].upper()}{how[1:]}."]
    tested = numbers[numbers["kind"] == "heading"]
    if len(tested):
        shown = [p_text(p) for p in tested["p_interaction"]]
        told = zip(tested["label"], shown, strict=True)
        values = f"; {'; '.join(f'{label} {p}' for label, p in told)}" if look.width == "single" else ""
        test = INTERACTION["hazard ratio" if _is_time(numbers) else "rates"]
        notes.append(f"Interaction p: {test}, not adjusted for multiplicity{values}.")
    notes.append(f"Area of the boxes: number of {what}. Dashed line: all subjects. CI: confidence interval.")
    reasons = sorted({str(note).split(": ", 1)[-1] for note in numbers["note"].dropna() if note})
    if reasons or NOT_ESTIMABLE in [*numbers["text"], *(p_text(p) for p in tested["p_interaction"])]:
        notes.append(f"NE: not estimable{' (' + '; '.join(reasons) + ')' if reasons else ''}.")
    low, high = scale_range(numbers)
    if ((numbers["lower"] < low) | (numbers["upper"] > high)).any():
        notes.append("Arrows: limits beyond the scale.")
    return notes


def _write_columns(sheet: Sheet, columns: list[Column], x: float, places: list[float], heads: int) -> float:
    """The columns from the left edge x; returns where they end."""
    for column in columns:
        middle = x + column.width / 2
        for n, line in enumerate(reversed(column.head)):
            sheet.write(middle, sheet.top - ROW * (heads - n - 0.5), line, align="center", weight="bold")
        for text, y in zip(column.texts, places, strict=True):
            sheet.write(middle, y, text, align="center")
        x += column.width + GAP
    return x


def _draw_axes(
    axes: Any, numbers: pd.DataFrame, places: list[float], frame: tuple[float, float, float], look: ForestLook
) -> None:
    """Scale, lines of no effect and of the whole, boxes with limits."""
    low, high = scale_range(numbers)
    linear, wide = is_linear(numbers), frame[2]
    axes.set_xscale("linear" if linear else "log")
    axes.set_xlim(low, high)
    axes.set_ylim(frame[0], frame[0] + frame[1])
    ticks, texts = scale_ticks(numbers, (low, high), wide)
    axes.set_xticks(ticks, texts)
    axes.minorticks_off()
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.axvline(0 if linear else 1, color="black", linewidth=0.6, zorder=1)
    whole = numbers.loc[numbers["kind"] == "overall", "estimate"]
    if len(whole) and pd.notna(whole.iloc[0]):
        axes.axvline(whole.iloc[0], color="#555555", linewidth=0.6, dashes=(4, 2), zorder=1)
    weight = numbers[look.size] + numbers[f"{look.size}_reference"]
    largest = max(float(weight.max()) if weight.notna().any() else 1.0, 1.0)
    for row, y, size in zip(numbers.to_dict("records"), places, weight, strict=True):
        if pd.isna(row["estimate"]):
            continue
        _draw_limits(axes, row, y, (low, high))
        side = max(BOX_PT * np.sqrt(float(size) / largest), 1.8)
        if low <= row["estimate"] <= high:
            shape = {
                "marker": "D" if row["kind"] == "overall" else "s",
                "color": "black" if row["kind"] == "overall" else COLOUR,
            }
            axes.plot(
                [row["estimate"]],
                [y],
                linestyle="none",
                markersize=side * (0.8 if row["kind"] == "overall" else 1),
                zorder=3,
                **shape,
            )


def _draw_limits(axes: Any, row: dict[Any, Any], y: float, scale: tuple[float, float]) -> None:
    """The line between the limits, with an arrow where one lies beyond the scale."""
    low, high = scale
    ends = [
        np.clip(row[name] if pd.notna(row[name]) else row["estimate"], low, high)
        for name in ("lower", "upper")
    ]
    axes.plot(ends, [y, y], color="black", linewidth=0.8, zorder=2)
    for name, marker, end in (("lower", "<", low), ("upper", ">", high)):
        beyond = row[name] < low if name == "lower" else row[name] > high
        if pd.notna(row[name]) and beyond:
            axes.plot(
                [end],
                [y],
                marker=marker,
                color="black",
                markersize=3.0,
                linestyle="none",
                clip_on=False,
                zorder=3,
            )


def _favours(
    sheet: Sheet, axes: Any, numbers: pd.DataFrame, place: tuple[float, float, float], look: ForestLook
) -> None:
    """The measure under the scale and, on either side of no effect, whom it favours."""
    if numbers.empty:
        return
    x0, x1, low = place
    measure = str(numbers["measure"].iloc[0])
    sheet.write((x0 + x1) / 2, low - 17, MEASURES[measure], align="center")
    some = numbers[numbers["kind"] == "overall"].head(1)
    arm, reference = (plain_text(some[name].iloc[0]) for name in ("arm", "reference"))
    better = look.better or ("lower" if measure == "hazard ratio" else "higher")
    names = (arm, reference) if better == "lower" else (reference, arm)
    scale = np.log if not is_linear(numbers) else np.asarray
    a, b, null = (float(scale(value)) for value in (*axes.get_xlim(), 0.0 if is_linear(numbers) else 1.0))
    middle = x0 + (x1 - x0) * (null - a) / (b - a)
    for name, align, sign, room in (
        (names[0], "right", -1, middle - 15 - EDGE),
        (names[1], "left", 1, sheet.width - EDGE - middle - 15),
    ):
        text = shorten_text(f"Favours {name}", room)
        sheet.write(middle + 13 * sign, low - 30, text, align=align)
        arrow = {"marker": "<" if sign < 0 else ">", "markersize": 3.0, "color": "black", "markevery": [1]}
        sheet.line([middle + 2 * sign, middle + 9 * sign], [low - 30, low - 30], linewidth=0.6, **arrow)
