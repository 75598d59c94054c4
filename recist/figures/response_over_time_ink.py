"""The ink of response over time: a frame of `response_over_time_numbers` as a figure."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd

from recist.figures.look import FigureLook
from recist.figures.palette import fill_style, in_order
from recist.figures.panels import Panel, Panels, grid
from recist.figures.response_over_time import DEAD, EARLIER, NOT_ASSESSED, NOT_REACHED, SINKS, alt_text
from recist.figures.sheet import Entry, Sheet
from recist.figures.style import SMALL_PT, JournalFigure, figure_style
from recist.figures.text import plain_text, shorten_text, text_width

DARK = "#333333"  # hatched, so that it differs from CR in grey
_EDGE: dict[str, Any] = {"edgecolor": "black", "linewidth": 0.3}
SINK_FILLS: dict[str, dict[str, Any]] = {
    EARLIER: {"facecolor": "#F6C8A9", "hatch": "\\\\\\\\", **_EDGE},
    DEAD: {"facecolor": DARK, "hatch": "||||", "edgecolor": "#999999", "linewidth": 0.3},
    NOT_ASSESSED: {"facecolor": "#FFFFFF", "hatch": "....", **_EDGE},
    NOT_REACHED: {"facecolor": "#FFFFFF", **_EDGE},
}
ROOM_PT = 90.0  # longest label of a visit, written upright
WHITE_ON = {"CR", "iCR", DEAD}


def draw(numbers: pd.DataFrame, look: FigureLook) -> JournalFigure:
    """The figure; its height follows from what it has to hold."""
    groups = list(dict.fromkeys(numbers["group"]))
    sizes = numbers.drop_duplicates("group").set_index("group")["of"]
    names = groups if len(groups) > 1 else [""]
    panels = grid(names, sizes, look.width)
    labels = _labels(numbers)
    upright = max((text_width(text, SMALL_PT) for text in labels), default=0.0)
    below = upright + 10 if upright > panels.panel_width / max(len(labels), 1) - 3 else 12.0
    panels = replace(panels, below_pt=below + 8)
    with figure_style():
        notes = [*_sentences(numbers, look), *_without_digits(numbers, panels, len(labels))]
        sheet = Sheet(look.width, panels.height, _entries(numbers), notes)
        for panel in panels.place(sheet):
            mine = numbers if panel.name == "" else numbers[numbers["group"] == panel.name]
            _draw_panel(panel, mine, labels, below > 12)
    sheet.figure.alt_text = alt_text(numbers)
    return sheet.figure


def _labels(numbers: pd.DataFrame) -> list[str]:
    """The visits as printed, in order."""
    visits = numbers.drop_duplicates("rank").sort_values("rank")["visit"]
    return [shorten_text(plain_text(visit), ROOM_PT, SMALL_PT) for visit in visits]


def _style(state: str) -> dict[str, Any]:
    """The look of a state."""
    return SINK_FILLS.get(state) or fill_style(state)


def _entries(numbers: pd.DataFrame) -> list[Entry]:
    """The states that occur, from best to worst."""
    there = set(numbers["state"])
    states = [*in_order(there - set(SINKS)), *(state for state in SINKS if state in there)]
    return [
        Entry(state[0].upper() + state[1:] if state in SINKS else state, "fill", _style(state))
        for state in states
    ]


def _sentences(numbers: pd.DataFrame, look: FigureLook) -> list[str]:
    """What stands under the figure."""
    if numbers.empty:
        return [look.caption, "There is no visit after baseline."]
    total = numbers.drop_duplicates("group")["of"].sum()
    notes = [look.caption, f"Share of all subjects (n={total}) at every planned visit."]
    words = {
        EARLIER: "Progression earlier: before the visit.",
        NOT_REACHED: "Data end before: the cut-off came before the visit was due.",
    }
    return notes + [text for state, text in words.items() if state in set(numbers["state"])]


def _lowest(panel_height: float) -> float:
    """The smallest share whose bar is as high as its digits, per cent."""
    return 100 * (SMALL_PT + 1) / panel_height


def _fits(text: str, bar_pt: float) -> bool:
    """Whether digits are narrower than a bar and the gap beside it."""
    return text_width(text, SMALL_PT) <= 0.8 * bar_pt - 2


def _without_digits(numbers: pd.DataFrame, panels: Panels, visits: int) -> list[str]:
    """A sentence that says which shares are drawn without their number."""
    share = 100 * numbers["share"]
    if not _fits("10", panels.panel_width / max(visits, 1)):
        return ["The bars are too narrow for their numbers."] if len(share) else []
    low = int(np.ceil(_lowest(panels.panel_height)))
    return [f"Shares under {low}% stand without their number."] if (share < low).any() else []


def _draw_panel(panel: Panel, mine: pd.DataFrame, labels: list[str], upright: bool) -> None:
    """Stacked bars with the shares written where they fit."""
    axes = panel.axes
    wide = panel.width / max(len(labels), 1)
    filled = np.zeros(len(labels) + 1)
    for state in [*in_order(set(mine["state"]) - set(SINKS)), *SINKS]:
        part = mine[mine["state"] == state]
        if part.empty:
            continue
        rank, share = part["rank"].to_numpy(int), 100 * part["share"].to_numpy(float)
        axes.bar(rank, share, 0.8, bottom=filled[rank], zorder=2, **_style(state))
        _write_shares(panel, rank, share, filled[rank], (state, wide))
        filled[rank] += share
    axes.set_xlim(0.4, max(len(labels), 1) + 0.6)
    axes.set_ylim(0, 100)
    axes.set_yticks(np.arange(0, 101, 20))
    look = {"rotation": 90} if upright else {}
    axes.set_xticks(np.arange(len(labels)) + 1, labels, size=SMALL_PT, **look)
    axes.tick_params(axis="x", length=0)
    panel.title()
    if panel.leftmost:
        axes.set_ylabel("Subjects, %", labelpad=4)


def _write_shares(panel: Panel, rank: Any, share: Any, bottom: Any, place: tuple[str, float]) -> None:
    """Whole per cents in the bars that have room."""
    state, wide = place
    for x, value, low in zip(rank, share, bottom, strict=True):
        text = f"{value:.0f}"
        if value < _lowest(panel.height) or not _fits(text, wide):
            continue
        hatched = "hatch" in _style(state)
        ground = DARK if state == DEAD else "white"
        box = {"facecolor": ground, "edgecolor": "none", "pad": 0.8, "alpha": 0.9} if hatched else None
        colour = "white" if state in WHITE_ON else "black"
        panel.axes.text(
            x,
            low + value / 2,
            text,
            ha="center",
            va="center_baseline",
            size=SMALL_PT,
            color=colour,
            bbox=box,
            zorder=3,
        )
