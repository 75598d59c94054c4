"""The ink of the waterfall: a frame of `waterfall_numbers` as a figure."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.axes import Axes
from matplotlib.patches import Rectangle

from recist.figures.style import (
    AXES_PT,
    POINTS_PER_MM,
    SMALL_PT,
    TEXT_PT,
    WIDTH_MM,
    JournalFigure,
    figure_style,
    new_figure,
)
from recist.figures.text import LINE_HEIGHT, text_width, wrap_text
from recist.figures.waterfall import CAP, COLOURS, HATCHED, LIMITS, caption

LEFT, RIGHT, MARKS, EDGE = 42.0, 6.0, 26.0, 5.0  # points around the axes
CUT_PT = 38.0  # above the axes, for the values of bars that end at the cap
MOST_LABELS, MOST_LISTED = 24, 60  # values printed above the bars; values listed in the caption
LOWEST = -103.0  # so that the edge of a bar at -100 is seen
NARROW_PT = 2.5  # bars narrower than this have no gaps and no hatching
FLAT_PCT = 0.8  # a change smaller than this is drawn as a line on the zero line


def draw(numbers: pd.DataFrame, colour: str, width: str = "double") -> JournalFigure:
    """The figure; its height follows from what it has to hold."""
    total = WIDTH_MM[width] * POINTS_PER_MM
    bars = numbers[numbers["change_pct"].notna()]
    lines = wrap_text(" ".join(_notes(numbers, colour, width)), total - 2 * EDGE, SMALL_PT)
    labelled = _labelled(bars, width)
    legend = _legend_rows(bars, total - LEFT - RIGHT)
    above = len(legend) * TEXT_PT * 1.5 + (CUT_PT if len(labelled) else TEXT_PT) + EDGE
    below = MARKS + len(lines) * SMALL_PT * LINE_HEIGHT + EDGE
    height = above + AXES_PT[width] + below
    with figure_style():
        figure = new_figure(total / POINTS_PER_MM, height / POINTS_PER_MM)
        box = (LEFT / total, below / height, (total - LEFT - RIGHT) / total, AXES_PT[width] / height)
        axes = figure.add_axes(box)
        bar_pt = (total - LEFT - RIGHT) / max(len(bars), 1)
        _draw_bars(axes, bars, bar_pt)
        _draw_axes(axes, bars)
        _draw_cut_values(axes, labelled, bar_pt)
        _draw_new_lesions(axes, bars, bar_pt)
        _draw_legend(figure, legend, total, height)
        for n, line in enumerate(reversed(lines)):
            y = (EDGE + n * SMALL_PT * LINE_HEIGHT) / height
            figure.text(EDGE / total, y, line, size=SMALL_PT, va="bottom", ha="left")
    return figure


def _labelled(bars: pd.DataFrame, width: str) -> pd.DataFrame:
    """Bars whose true value is printed above them: those beyond the cap, when there are few enough."""
    cut = bars[bars["change_pct"] > CAP]
    return cut if len(cut) <= (MOST_LABELS if width == "double" else MOST_LABELS // 2) else cut.head(0)


def _notes(numbers: pd.DataFrame, colour: str, width: str) -> list[str]:
    """The sentences under the figure; `colour` says what the colours are."""
    bars = numbers[numbers["change_pct"].notna()]
    notes = [
        caption(numbers),
        colour,
        f"Dashed lines: +{LIMITS[0]:.0f}% and \N{MINUS SIGN}{-LIMITS[1]:.0f}%.",
    ]
    cut = bars.loc[bars["change_pct"] > CAP, "change_pct"]
    values = [f"+{value:.0f}" for value in cut]
    if len(_labelled(bars, width)):
        notes.append(f"Bars end at +{CAP:.0f}%; the number above is the true value.")
    elif 0 < len(values) <= MOST_LISTED:
        notes.append(
            f"{len(values)} bars end at +{CAP:.0f}%; true values from the left: {', '.join(values)}."
        )
    elif values:
        notes.append(
            f"{len(values)} bars end at +{CAP:.0f}%; true values from {values[-1]}% to {values[0]}%."
        )
    if (bars["best_response"].eq("CR") & (bars["change_pct"] > -100)).any():
        notes.append("CR above \N{MINUS SIGN}100%: lymph nodes of normal size remain in the sum.")
    if (bars["best_response"].eq("PR") & (bars["change_pct"] <= -100)).any():
        notes.append(
            "PR at \N{MINUS SIGN}100%: disease outside the targets remained, or CR was not confirmed."
        )
    if (bars["best_response"].eq("SD") & (bars["change_pct"] <= LIMITS[1])).any():
        notes.append(
            f"SD beyond \N{MINUS SIGN}{-LIMITS[1]:.0f}%: no response that counts, such as one not confirmed."
        )
    return notes


def _draw_bars(axes: Axes, bars: pd.DataFrame, bar_pt: float) -> None:
    """One rectangle per subject; a change of 0 is a line."""
    gap = 0.0 if bar_pt < NARROW_PT else 0.2
    for n, (change, response) in enumerate(zip(bars["change_pct"], bars["best_response"], strict=True)):
        top = min(change, CAP)
        look: dict[str, Any] = {"facecolor": COLOURS.get(response, "#FFFFFF"), "linewidth": 0.0}
        if gap:
            look |= {"edgecolor": "black", "linewidth": 0.3}
            look |= {"hatch": "//////"} if response == HATCHED else {}
        if abs(top) < FLAT_PCT:
            look = {"facecolor": look["facecolor"], "edgecolor": look["facecolor"], "linewidth": 2.2}
            top = 0.0
        axes.add_patch(Rectangle((n + gap / 2, 0.0), 1.0 - gap, top, **look))


def _draw_axes(axes: Axes, bars: pd.DataFrame) -> None:
    """Scale, zero line and the limits of response and progression."""
    highest = max(40.0, 20.0 * np.ceil(bars["change_pct"].max() / 20.0)) if len(bars) else 40.0
    axes.set_xlim(0, max(len(bars), 1))
    axes.set_ylim(LOWEST, min(CAP, highest))
    axes.set_yticks(np.arange(-100, min(CAP, highest) + 1, 20))
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    axes.axhline(0, color="black", linewidth=0.6)
    for limit in LIMITS:
        axes.axhline(limit, color="black", linewidth=0.6, dashes=(4, 2), zorder=3)
    axes.set_ylabel("Best change of the sum from baseline, %")


def _draw_cut_values(axes: Axes, cut: pd.DataFrame, bar_pt: float) -> None:
    """True values of the bars that end at the cap, spread out with leaders where bars are narrow."""
    step, x_before = SMALL_PT * LINE_HEIGHT, -1e9
    for n, change in enumerate(cut["change_pct"]):
        middle = (n + 0.5) * bar_pt
        x = max(middle, x_before + step)
        axes.annotate(
            f"+{change:.0f}",
            xy=(n + 0.5, CAP),
            xytext=(x - middle, 11),
            textcoords="offset points",
            rotation=90,
            size=SMALL_PT,
            ha="center",
            va="bottom",
            annotation_clip=False,
            arrowprops={"arrowstyle": "-", "linewidth": 0.3, "shrinkA": 0, "shrinkB": 0, "relpos": (0.5, 0)},
        )
        x_before = x


def _draw_new_lesions(axes: Axes, bars: pd.DataFrame, bar_pt: float) -> None:
    """A strip of marks below the bars."""
    where = np.flatnonzero(bars["new_lesion"].to_numpy(bool))
    strip = axes.get_xaxis_transform()
    below = -0.55 * MARKS / (axes.get_position().height * axes.figure.get_figheight() * 72)  # type: ignore[union-attr]
    size = float(np.clip(bar_pt * 0.7, 0.8, 3.5))
    marker = "D" if bar_pt >= NARROW_PT else "|"
    axes.plot(
        where + 0.5,
        np.full(len(where), below),
        linestyle="none",
        marker=marker,
        markersize=size if marker == "D" else 4.0,
        markeredgewidth=min(0.8, bar_pt) if marker == "|" else 0.0,
        color="black",
        transform=strip,
        clip_on=False,
    )
    axes.text(-0.01, below, "New lesion", transform=axes.transAxes, ha="right", va="center", size=SMALL_PT)


def _legend_rows(bars: pd.DataFrame, room: float) -> list[list[tuple[str, str]]]:
    """Responses that occur with their numbers, as rows that fit."""
    counts = bars["best_response"].value_counts()
    rows: list[list[tuple[str, str]]] = [[]]
    used = 0.0
    for response in [name for name in COLOURS if name in counts]:
        text = f"{response} (n={counts[response]})"
        need = 12.0 + text_width(text) + 10.0
        if used + need > room and rows[-1]:
            rows.append([])
            used = 0.0
        rows[-1].append((response, text))
        used += need
    return rows


def _draw_legend(
    figure: JournalFigure, rows: list[list[tuple[str, str]]], total: float, height: float
) -> None:
    """Colour keys above the axes."""
    for n, row in enumerate(rows):
        x, y = LEFT, height - EDGE - (n + 0.75) * TEXT_PT * 1.5
        for response, text in row:
            key = Rectangle(
                (x / total, (y - 2.5) / height),
                9 / total,
                6 / height,
                facecolor=COLOURS[response],
                edgecolor="black",
                linewidth=0.3,
                hatch="//////" if response == HATCHED else None,
                transform=figure.transFigure,
            )
            figure.add_artist(key)
            figure.text((x + 12) / total, y / height, text, va="center_baseline", ha="left", size=TEXT_PT)
            x += 12 + text_width(text) + 10
