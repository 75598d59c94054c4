"""The ink of the swimmer plot: a frame of `swimmer_numbers` as pages."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.collections import PatchCollection
from matplotlib.patches import Rectangle
from matplotlib.transforms import ScaledTranslation

from recist.errors import InputError
from recist.figures.links import subject_link
from recist.figures.look import FigureLook, round_ticks
from recist.figures.palette import fill_style, in_order
from recist.figures.sheet import EDGE, Entry, Sheet
from recist.figures.style import POINTS_PER_MM, SMALL_PT, WIDTH_MM, JournalFigure, figure_style
from recist.figures.swimmer import (
    CUTOFF,
    DEATH,
    FIRST_RESPONSE,
    FOLLOW_UP,
    MARK,
    NEW_THERAPY,
    NOT_SHOWN,
    ONGOING,
    PROGRESSION,
    RESPONSE,
    TREATMENT,
    alt_text,
)
from recist.figures.text import BOLD, clip_text, plain_text, shorten_text, text_width

MOST_LANES = 88  # of one page
LANE_PT = (7.0, 14.0)  # lowest and highest lane
BODY_PT = 420.0  # lanes are as high as this allows
BELOW_PT, ABOVE_PT = 28.0, 4.0
LABEL_PT = {"single": 48.0, "double": 110.0}  # widest name of a subject
BARS = {
    TREATMENT: {"facecolor": "#E4E4E4", "edgecolor": "#555555", "linewidth": 0.3},
    FOLLOW_UP: {"facecolor": "#555555", "edgecolor": "none", "linewidth": 0.0},
}
HEIGHT = {TREATMENT: 0.7, FOLLOW_UP: 0.07, RESPONSE: 0.42}  # of the lane
_INK = {"markeredgecolor": "black", "markeredgewidth": 0.5}
MARKS: dict[str, dict[str, Any]] = {
    FIRST_RESPONSE: {"marker": "^", "markerfacecolor": "white", **_INK},
    PROGRESSION: {"marker": "s", "markerfacecolor": "#D55E00", **_INK},
    NEW_THERAPY: {"marker": "D", "markerfacecolor": "#F0E442", **_INK},
    DEATH: {"marker": "X", "markerfacecolor": "black", "markeredgecolor": "white", "markeredgewidth": 0.3},
    ONGOING: {"marker": ">", "markerfacecolor": "black", "markeredgecolor": "black", "markeredgewidth": 0.0},
    CUTOFF: {"marker": "|", "markeredgecolor": "black", "markeredgewidth": 0.6},
}
Lane = tuple[str, str]  # arm and subject; subject "" is the heading of the arm


def draw(numbers: pd.DataFrame, look: FigureLook, page: int = 1) -> JournalFigure:
    """One page; its height follows from its lanes."""
    pages = pages_of(numbers)
    if not 1 <= page <= len(pages):
        raise InputError(f"there is no page {page}; the swimmer plot has {len(pages)}")
    lanes = pages[page - 1]
    shown = numbers[numbers["rank"].notna()]
    tall = float(np.clip(BODY_PT / max(len(lanes), 1), *LANE_PT))
    room = _label_room(lanes, look.width)
    height = ABOVE_PT + tall * max(len(lanes), 1) + BELOW_PT
    with figure_style():
        notes = _sentences(numbers, look, page, len(pages))
        sheet = Sheet(look.width, height, _entries(shown), notes)
        wide = sheet.width - room - 2 * EDGE - 6
        axes = sheet.axes(EDGE + room, sheet.bottom + BELOW_PT, wide, tall * max(len(lanes), 1))
        _draw_scales(axes, shown, look, wide, len(lanes))
        mine = _placed(shown, lanes)
        for n, (_, who) in enumerate(lanes):  # the start, but not through the headings
            axes.plot([0, 0], [n, n + bool(who)], color="black", linewidth=0.6, solid_capstyle="butt")
        for part in (TREATMENT, FOLLOW_UP, RESPONSE):
            _draw_bars(axes, mine[mine["part"] == part], part)
        _draw_marks(sheet, axes, mine, tall)
        _draw_names(sheet, lanes, shown, tall, room)
    sheet.figure.alt_text = alt_text(numbers, look.unit)
    return sheet.figure


def pages_of(numbers: pd.DataFrame) -> list[list[Lane]]:
    """The lanes of each page, from the top; arms are headed where there are several, again on each page."""
    shown = numbers[numbers["rank"].notna()].drop_duplicates("subject")
    arms = [name for name in numbers["group"].cat.categories if (shown["group"] == name).any()]
    headed = len(arms) > 1
    lanes = [(str(arm), who) for arm in arms for who in shown.loc[shown["group"] == arm, "subject"]]
    most = MOST_LANES - (len(arms) if headed else 0)
    size = -(-len(lanes) // max(-(-len(lanes) // most), 1)) if lanes else 1
    parts = [lanes[n : n + size] for n in range(0, len(lanes), size)] or [[]]
    return [_headed(part) if headed else part for part in parts]


def _headed(lanes: list[Lane]) -> list[Lane]:
    """The lanes with a heading before the first one of each arm."""
    found: list[Lane] = []
    for lane in lanes:
        if not found or found[-1][0] != lane[0]:
            found.append((lane[0], ""))
        found.append(lane)
    return found


def _label_room(lanes: list[Lane], width: str) -> float:
    """Width of the names of the subjects."""
    widest = max((text_width(plain_text(who), SMALL_PT) for _, who in lanes), default=0.0)
    return max(min(widest, LABEL_PT[width]) + 6.0, 10.0)


def _entries(shown: pd.DataFrame) -> list[Entry]:
    """The key: bars, responses and marks that occur."""
    parts, what = set(shown["part"]), set(shown["what"])
    entries = [Entry("On treatment", "fill", BARS[TREATMENT])] if TREATMENT in parts else []
    entries += [Entry("On study", "line", {"color": "#555555", "linewidth": 1.0})] if len(shown) else []
    answers = in_order(set(shown.loc[shown["part"] == RESPONSE, "what"]))
    entries += [Entry(name, "fill", fill_style(name)) for name in answers]
    words = {ONGOING: "Treatment ongoing" if TREATMENT in parts else "Still followed"}
    for name, style in MARKS.items():
        if name in what:
            text = words.get(name, name[0].upper() + name[1:])
            entries.append(Entry(text, "mark", style))
    return entries


def _sentences(numbers: pd.DataFrame, look: FigureLook, page: int, pages: int) -> list[str]:
    """What stands under the figure."""
    shown = numbers.loc[numbers["rank"].notna(), "subject"].nunique()
    notes = [look.caption, f"{shown} of {numbers['subject'].nunique()} subjects, longest on top."]
    out = numbers[numbers["part"] == NOT_SHOWN]
    notes += [f"Not shown: {reason} (n={len(part)})." for reason, part in out.groupby("what")]
    if (numbers["part"] == RESPONSE).any():
        notes.append("A response is drawn to the visit that ended it, or to the last assessment.")
    if pages > 1:
        notes.append(f"Page {page} of {pages}.")
    return notes


def _draw_scales(axes: Any, shown: pd.DataFrame, look: FigureLook, wide: float, lanes: int) -> None:
    """Time below, the same on every page."""
    longest = max(float(shown["to"].max()) if len(shown) else 1.0, 1e-9)
    axes.set_xlim(min(0.0, float(shown["from"].min()) if len(shown) else 0.0), longest * 1.03)
    axes.set_ylim(max(lanes, 1), 0)
    ticks = round_ticks(longest, look.unit, max(3, int(wide / 26)))
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set_xlabel(f"Time{' from ' if look.origin else ''}{look.origin}, {look.unit}", labelpad=3)


def _placed(shown: pd.DataFrame, lanes: list[Lane]) -> pd.DataFrame:
    """The rows of the subjects of the page with the middle of their lane."""
    place = {who: n + 0.5 for n, (_, who) in enumerate(lanes) if who}
    mine = shown[shown["subject"].isin(list(place))]
    return mine.assign(lane=mine["subject"].map(place))


def _draw_bars(axes: Any, bars: pd.DataFrame, part: str) -> None:
    """The bars of one kind, one collection for each look."""
    tall = HEIGHT[part]
    for what, mine in bars.groupby("what", sort=False):
        shapes = [
            Rectangle((begin, lane - tall / 2), max(end - begin, 0.0), tall)
            for begin, end, lane in zip(mine["from"], mine["to"], mine["lane"], strict=True)
        ]
        style = fill_style(str(what)) if part == RESPONSE else BARS[part]
        links = [subject_link(who) for who in mine["subject"]]
        axes.add_collection(PatchCollection(shapes, zorder=2 + (part == RESPONSE), urls=links, **style))


def _draw_marks(sheet: Sheet, axes: Any, mine: pd.DataFrame, tall: float) -> None:
    """The marks; the arrow stands just behind its bar."""
    size = min(0.55 * tall, 4.2)
    behind = axes.transData + ScaledTranslation(3 / 72, 0, sheet.figure.dpi_scale_trans)
    for name, style in MARKS.items():
        there = mine[(mine["part"] == MARK) & (mine["what"] == name)]
        axes.plot(
            there["from"],
            there["lane"],
            linestyle="none",
            clip_on=False,
            zorder=5 if name != CUTOFF else 4,
            transform=behind if name == ONGOING else axes.transData,
            **{"markersize": size * (1.3 if name == CUTOFF else 1), **style},
        )


def _draw_names(sheet: Sheet, lanes: list[Lane], shown: pd.DataFrame, tall: float, room: float) -> None:
    """Names of the subjects left of their lanes, names of the arms over theirs."""
    top = sheet.top - ABOVE_PT
    each = shown.drop_duplicates("subject")["group"].value_counts()
    for n, (arm, who) in enumerate(lanes):
        y = top - (n + 0.5) * tall
        if who:
            text = shorten_text(plain_text(who), room - 4, SMALL_PT)
            sheet.write(EDGE + room - 4, y, text, align="right", size=min(SMALL_PT, tall / 1.05))
        else:
            wide = WIDTH_MM[sheet.width_name] * POINTS_PER_MM - 2 * EDGE
            text = clip_text(plain_text(f"{arm} (n={each[arm]})"), wide / BOLD, SMALL_PT, 1)[0]
            sheet.write(EDGE, y, text, weight="bold", size=min(SMALL_PT, tall / 1.05))
