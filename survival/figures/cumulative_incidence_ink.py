"""The ink of cumulative incidence: a frame of `cumulative_incidence_numbers` as a figure."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from recist import (
    AXES_PT,
    BOLD,
    PAGE_MM,
    POINTS_PER_MM,
    TEXT_PT,
    Entry,
    JournalFigure,
    Sheet,
    clip_text,
    figure_style,
    line_style,
    name_lines,
    plain_text,
    text_width,
)
from survival.figures.cumulative_incidence import alt_text
from survival.figures.look import IncidenceLook
from survival.groups import ALL
from survival.results import p_text

EDGE, GAP, LINE, SCALE, X_TITLE, TITLE = 5.0, 8.0, 9.0, 44.0, 30.0, 13.0
BETWEEN, LOWEST = 8.0, 48.0  # distance between panels; their height, at least
DODGE_PT = 2.2  # distance of the bars of neighbouring curves


def draw(numbers: pd.DataFrame, unit: str, look: IncidenceLook, confidence: str) -> JournalFigure:
    """The figure; its height follows from what it has to hold."""
    with figure_style():
        total = Sheet(look.width, 0.0).width
        groups = list(dict.fromkeys(numbers.loc[numbers["part"] == "at_risk", "group"]))
        names = {group: name_lines(group, 0.26 * total, 2) for group in groups}
        table = LINE * (1 + sum(map(len, names.values()))) + X_TITLE
        words = _entries(numbers), _sentences(numbers, look, confidence)
        panels = len(_panels(numbers))
        tall = _panel_height(panels, look, table + Sheet(look.width, 0.0, *words).height)
        sheet = Sheet(look.width, panels * (tall + TITLE + BETWEEN) - BETWEEN + table, *words)
        half = max(text_width(f"{n:.0f}") for n in numbers.loc[numbers["part"] == "at_risk", "value"]) / 2
        widest = max(text_width(line) for lines in names.values() for line in lines)
        left = max(EDGE + widest + GAP + half, EDGE + text_width("Number at risk"), EDGE + SCALE)
        wide = sheet.width - left - EDGE - max(half, 6.0)
        top, axes = sheet.top, None
        for n, (title, curves) in enumerate(_panels(numbers)):
            top -= TITLE
            sheet.write(left, top + 5, clip_text(_capital(title), wide / BOLD, TEXT_PT, 1)[0], weight="bold")
            axes = sheet.axes(left, top - tall, wide, tall)
            _draw_scales(axes, numbers, unit, look, n == panels - 1)
            _draw_curves(axes, curves, len(curves) <= look.most_bands)
            if len(curves) > look.most_bands:
                _draw_bars(axes, curves, numbers, wide)
            top -= tall + BETWEEN
        _draw_at_risk(sheet, numbers, names, (left, wide))
    sheet.figure.alt_text = alt_text(numbers, unit)
    return sheet.figure


def _panel_height(panels: int, look: IncidenceLook, others: float) -> float:
    """Height of a panel: lower where several share the figure, so that it is no taller than a page."""
    room = (PAGE_MM * POINTS_PER_MM - others) / panels - TITLE - BETWEEN
    wanted = (0.75 if panels > 1 else 1.0) * AXES_PT[look.width]
    return max(min(wanted, room), LOWEST)


def _panels(numbers: pd.DataFrame) -> list[tuple[str, list[pd.DataFrame]]]:
    """Title and curves of each panel: one per cause, or one for all causes of a single group."""
    curves = numbers[numbers["part"] == "curve"]
    causes = list(dict.fromkeys(curves["cause"]))
    groups = list(dict.fromkeys(curves["group"]))
    if len(groups) == 1:
        title = groups[0] if groups[0] != ALL else ""
        return [(title, [curves[curves["cause"] == cause] for cause in causes])]
    return [
        (cause, [curves[(curves["cause"] == cause) & (curves["group"] == group)] for group in groups])
        for cause in causes
    ]


def _entries(numbers: pd.DataFrame) -> list[Entry]:
    """A line of the key for each curve of a panel."""
    totals = numbers[numbers["part"] == "total"]
    groups = list(dict.fromkeys(totals["group"]))
    if len(groups) == 1:
        words = [f"{row['cause']} ({row['events']} of {row['n']})" for _, row in totals.iterrows()]
    else:
        words = []
        for group, part in totals.groupby("group", sort=False):
            told = ", ".join(f"{row['cause']} {row['events']}" for _, row in part.iterrows())
            words.append(f"{group} (n={part['n'].iloc[0]}; {told})")
    return [Entry(text, "line", line_style(n)) for n, text in enumerate(words)]


def _sentences(numbers: pd.DataFrame, look: IncidenceLook, confidence: str) -> list[str]:
    """What stands under the figure."""
    tests = numbers[numbers["part"] == "test"]
    notes = [look.caption]
    for cause, p in zip(tests["cause"], tests["p_value"], strict=True):
        shown = p_text(p)
        notes.append(f"Gray's test, {cause}: p{'' if shown[0] in '<>' else '='}{shown}.")
    notes.append("Each event is counted as the first of its subject; the others compete with it.")
    if any(len(curves) <= look.most_bands for _, curves in _panels(numbers)):
        notes.append(f"Shaded: {confidence}.")
    else:
        notes.append(f"Bars: {confidence} at the times of the scale, side by side in the order of the key.")
    return [*notes, "CI: confidence interval."]


def _draw_curves(axes: Any, curves: list[pd.DataFrame], bands: bool) -> None:
    """Steps and, for few curves, bands of the limits."""
    for n, curve in enumerate(curves):
        style = line_style(n)
        axes.step(curve["time"], curve["value"], where="post", linewidth=1.0, zorder=3, **style)
        if bands:
            time, lower, upper = (
                np.repeat(curve[name].to_numpy(float), 2) for name in ("time", "lower", "upper")
            )
            axes.fill_between(
                time[1:], lower[:-1], upper[:-1], color=style["color"], alpha=0.13, linewidth=0, zorder=2
            )


def _draw_bars(axes: Any, curves: list[pd.DataFrame], numbers: pd.DataFrame, wide: float) -> None:
    """Limits of many curves: at each tick that a curve reaches a bar, side by side."""
    ticks = numbers.loc[numbers["part"] == "at_risk", "time"].unique()
    point = axes.get_xlim()[1] / wide
    for n, curve in enumerate(curves):
        times = curve["time"].to_numpy(float)
        here = ticks[(ticks > 0) & (ticks <= times.max())]
        rows = curve.iloc[np.searchsorted(times, here + 1e-9, side="right") - 1]
        places = here + (n - (len(curves) - 1) / 2) * DODGE_PT * point
        axes.vlines(
            places, rows["lower"], rows["upper"], color=line_style(n)["color"], linewidth=0.8, zorder=2
        )


def _capital(title: str) -> str:
    """A cause as a heading."""
    text = plain_text(title)
    return text[:1].upper() + text[1:]


def _draw_scales(axes: Any, numbers: pd.DataFrame, unit: str, look: IncidenceLook, lowest: bool) -> None:
    """Ticks at the times of the numbers at risk; the vertical scale from 0 to 1."""
    ticks = numbers.loc[numbers["part"] == "at_risk", "time"].unique()
    axes.set_xlim(0, 1.01 * _end(numbers))
    axes.set_ylim(0, 1.02)
    axes.spines["left"].set_bounds(0, 1)
    axes.set_yticks(np.linspace(0, 1, 6), [f"{value:.1f}" for value in np.linspace(0, 1, 6)])
    axes.set_xticks(ticks, [f"{tick:g}" if lowest else "" for tick in ticks])
    axes.set_ylabel("Cumulative incidence", labelpad=4)
    if lowest:
        axes.set_xlabel(f"Time{' from ' if look.origin else ''}{look.origin}, {unit}", labelpad=3)


def _end(numbers: pd.DataFrame) -> float:
    """The last time or tick."""
    return max(float(numbers.loc[numbers["part"].isin(["curve", "at_risk"]), "time"].max()), 1e-9)


def _draw_at_risk(
    sheet: Sheet, numbers: pd.DataFrame, names: dict[str, list[str]], place: tuple[float, float]
) -> None:
    """Numbers at risk, centred under their ticks."""
    left, wide = place
    risk = numbers[numbers["part"] == "at_risk"]
    y = sheet.bottom + LINE * (sum(map(len, names.values())) + 0.5)
    sheet.write(EDGE, y, "Number at risk")
    for group, lines in names.items():
        y -= LINE
        mine = risk[risk["group"] == group]
        for tick, value in zip(mine["time"], mine["value"], strict=True):
            sheet.write(left + wide * tick / (1.01 * _end(numbers)), y, f"{value:.0f}", align="center")
        for place_of, line in enumerate(lines):
            y -= LINE if place_of else 0
            sheet.write(EDGE, y, line)
