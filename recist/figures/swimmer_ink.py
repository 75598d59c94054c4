"""The ink of the swimmer plot: a frame of `swimmer_numbers` as pages."""

from __future__ import annotations

from itertools import pairwise
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.collections import PatchCollection
from matplotlib.patches import Rectangle

from recist.errors import InputError
from recist.figures.links import subject_link
from recist.figures.look import FigureLook, round_ticks
from recist.figures.palette import EVENT_MARKS, fill_style, in_order
from recist.figures.sheet import EDGE, Entry, Sheet
from recist.figures.style import POINTS_PER_MM, SMALL_PT, WIDTH_MM, JournalFigure, figure_style
from recist.figures.swimmer import (
    CUTOFF,
    FIRST_RESPONSE,
    FOLLOW_UP,
    LATE_RESPONSE,
    MARK,
    NOT_SHOWN,
    ONGOING,
    RESPONSE,
    TREATMENT,
    alt_text,
)
from recist.figures.text import BOLD, plain_text, shorten_text, text_width

MOST_LANES = 88  # of one page
LANE_PT = (7.0, 14.0)  # lowest and highest lane
BODY_PT = 420.0  # lanes are as high as this allows
BELOW_PT, ABOVE_PT = 28.0, 4.0
BEHIND_PT, SHORTEST_PT = 3.0, 1.5  # from the end of a bar to its arrow; shortest bar of a response
LABEL_PT = {"single": 48.0, "double": 110.0}  # widest name of a subject
BARS = {
    TREATMENT: {"facecolor": "#E4E4E4", "edgecolor": "#555555", "linewidth": 0.3},
    FOLLOW_UP: {"facecolor": "#555555", "edgecolor": "none", "linewidth": 0.0},
    LATE_RESPONSE: {"facecolor": "white", "edgecolor": "black", "linewidth": 0.3},
}
HEIGHT = {TREATMENT: 0.7, FOLLOW_UP: 0.07, RESPONSE: 0.42, LATE_RESPONSE: 0.42}  # of the lane
MARKS: dict[str, dict[str, Any]] = {
    FIRST_RESPONSE: {
        "marker": "^",
        "markerfacecolor": "white",
        "markeredgecolor": "black",
        "markeredgewidth": 0.5,
    },
    **EVENT_MARKS,
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
    wide = WIDTH_MM[look.width] * POINTS_PER_MM - room - 2 * EDGE - 6
    height = ABOVE_PT + tall * max(len(lanes), 1) + BELOW_PT
    with figure_style():
        notes = _sentences(numbers, look, page, len(pages))
        mine, limits = _placed(shown, lanes), _limits(shown)
        marks = _side_by_side(mine[mine["part"] == MARK], limits, wide, tall)
        if marks["moved"].any():
            notes.append("Marks that would cover one another stand side by side.")
        sheet = Sheet(look.width, height, _entries(shown), notes)
        axes = sheet.axes(EDGE + room, sheet.bottom + BELOW_PT, wide, tall * max(len(lanes), 1))
        _draw_scales(axes, limits, look, wide, len(lanes))
        for n, (_, who) in enumerate(lanes):  # the start, but not through the headings
            axes.plot([0, 0], [n, n + bool(who)], color="black", linewidth=0.6, solid_capstyle="butt")
        for part in (FOLLOW_UP, TREATMENT, LATE_RESPONSE, RESPONSE):  # from the lowest layer
            _draw_bars(axes, mine[mine["part"] == part], part, wide)
        _draw_marks(axes, marks, tall)
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
    entries += [Entry("Follow-up", "line", {"color": "#555555", "linewidth": 1.0})] if len(shown) else []
    answers = in_order(set(shown.loc[shown["part"] == RESPONSE, "what"]))
    entries += [Entry(name, "fill", fill_style(name)) for name in answers]
    if LATE_RESPONSE in parts:
        entries.append(Entry("Response begun after new therapy", "fill", BARS[LATE_RESPONSE]))
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
        notes.append(
            "A response is drawn, confirmed or not, to the visit that ended it, or to the last assessment."
        )
    if pages > 1:
        notes.append(f"Page {page} of {pages}.")
    return notes


def _limits(shown: pd.DataFrame) -> tuple[float, float]:
    """Where the scale of time begins and ends, the same on every page."""
    longest = max(float(shown["to"].max()) if len(shown) else 1.0, 1e-9)
    return min(0.0, float(shown["from"].min()) if len(shown) else 0.0), longest * 1.03


def _draw_scales(axes: Any, limits: tuple[float, float], look: FigureLook, wide: float, lanes: int) -> None:
    """Time below."""
    axes.set_xlim(*limits)
    axes.set_ylim(max(lanes, 1), 0)
    ticks = round_ticks(limits[1] / 1.03, look.unit, max(3, int(wide / 26)))
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.set_yticks([])
    axes.spines["left"].set_visible(False)
    axes.set_xlabel(f"Time{' from ' if look.origin else ''}{look.origin}, {look.unit}", labelpad=3)


def _placed(shown: pd.DataFrame, lanes: list[Lane]) -> pd.DataFrame:
    """The rows of the subjects of the page with the middle of their lane."""
    place = {who: n + 0.5 for n, (_, who) in enumerate(lanes) if who}
    mine = shown[shown["subject"].isin(list(place))]
    return mine.assign(lane=mine["subject"].map(place))


def _draw_bars(axes: Any, bars: pd.DataFrame, part: str, wide: float) -> None:
    """The bars of one kind, one collection for each look; a response of one visit is a short bar."""
    tall = HEIGHT[part]
    first, last = axes.get_xlim()
    shortest = SHORTEST_PT / wide * (last - first) if part in (RESPONSE, LATE_RESPONSE) else 0.0
    for what, mine in bars.groupby("what", sort=False):
        shapes = [
            Rectangle((begin, lane - tall / 2), max(end - begin, shortest), tall)
            for begin, end, lane in zip(mine["from"], mine["to"], mine["lane"], strict=True)
        ]
        style = fill_style(str(what)) if part == RESPONSE else BARS[part]
        links = [subject_link(who) for who in mine["subject"]]
        axes.add_collection(
            PatchCollection(shapes, zorder=2 + (part in (RESPONSE, LATE_RESPONSE)), urls=links, **style)
        )


def _mark_pt(name: str, tall: float) -> float:
    """Size of a mark in lanes of this height."""
    return min(0.55 * tall, 4.2) * (1.3 if name == CUTOFF else 1.0)


def _side_by_side(marks: pd.DataFrame, limits: tuple[float, float], wide: float, tall: float) -> pd.DataFrame:
    """The marks with `x`, their place in time, moved as little as keeps those of a lane off one another."""
    order = {name: n for n, name in enumerate(MARKS)}
    marks = marks.assign(order=marks["what"].map(order)).sort_values(["lane", "from", "order"], kind="stable")
    per_pt = (limits[1] - limits[0]) / wide
    room = [2.0 if name == CUTOFF else _mark_pt(name, tall) + 1.0 for name in marks["what"]]
    x = marks["from"].to_numpy(float) / per_pt + BEHIND_PT * (marks["what"] == ONGOING).to_numpy(float)
    moved = x.copy()
    lane = marks["lane"].to_numpy(float)
    for part in np.split(np.arange(len(x)), np.flatnonzero(np.diff(lane)) + 1):
        moved[part] = spaced([x[n] for n in part], [room[n] for n in part])
    return marks.assign(x=moved * per_pt, moved=np.abs(moved - x) > 0.05)


def spaced(places: list[float], rooms: list[float]) -> list[float]:
    """Places in their order, moved as little as possible (in squares) until each has its room.

    Examples
    --------
    >>> spaced([0.0, 10.0, 11.0], [4.0, 4.0, 4.0])
    [0.0, 8.5, 12.5]
    """
    offsets = np.concatenate([[0.0], np.cumsum([(a + b) / 2 for a, b in pairwise(rooms)])])[: len(places)]
    blocks: list[tuple[float, int]] = []  # mean and number of places that touch
    for value in np.asarray(places) - offsets:
        mean, n = float(value), 1
        while blocks and blocks[-1][0] > mean:
            before, m = blocks.pop()
            mean, n = (before * m + mean * n) / (m + n), m + n
        blocks.append((mean, n))
    level = np.repeat([mean for mean, _ in blocks], [n for _, n in blocks])
    return [float(x) for x in level + offsets]


def _draw_marks(axes: Any, marks: pd.DataFrame, tall: float) -> None:
    """The marks of the page."""
    for name, style in MARKS.items():
        there = marks[marks["what"] == name]
        look = {"markersize": _mark_pt(name, tall), "zorder": 4 if name == CUTOFF else 5, **style}
        axes.plot(there["x"], there["lane"], linestyle="none", clip_on=False, **look)


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
            text = shorten_text(plain_text(f"{arm} (n={each[arm]})"), wide / BOLD, SMALL_PT)
            sheet.write(EDGE, y, text, weight="bold", size=min(SMALL_PT, tall / 1.05))
