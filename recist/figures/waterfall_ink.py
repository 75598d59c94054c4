"""The ink of the waterfall: a frame of `waterfall_numbers` as a figure."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
from matplotlib.collections import PolyCollection

from recist.errors import InputError
from recist.figures.links import subject_link
from recist.figures.look import FigureLook
from recist.figures.palette import fill_style, in_order
from recist.figures.panels import Panel, grid
from recist.figures.sheet import Entry, Sheet
from recist.figures.style import SMALL_PT, JournalFigure, figure_style
from recist.figures.text import LINE_HEIGHT
from recist.figures.waterfall import CAP, alt_text, caption

CUT_PT = 38.0  # above the axes, for the values of bars that end at the cap
STRIP_PT = 9.5  # height of a line of marks under the bars
MOST_LABELS, MOST_LISTED = 24, 60  # values printed above the bars; values listed in the sentences
LOWEST = -103.0  # so that the edge of a bar at -100 is seen
NARROW_PT = (
    2.5  # bars narrower than this have no gaps; those of one response side by side share outline and hatching
)
FLAT_PCT = 0.9  # a change smaller than this is drawn as a bar of this height, so that it is seen
ARMS = (  # colour and hatching of the arms; light and hatched from the second on, to differ in grey
    ("#0072B2", ""),
    ("#FFD3A8", "//////"),
    ("#9FE0CB", "...."),
    ("#FFFFFF", "\\\\\\"),
    ("#E8BFD6", "xxxx"),
    ("#DDDDDD", "----"),
)
STRIPS = {  # column -> what its marks are, marker and face
    "new_lesion": ("New lesion", {"marker": "D", "markerfacecolor": "black"}),
    "non_target": ("Non-target progression", {"marker": "^", "markerfacecolor": "black"}),
    "unconfirmed": ("Response not confirmed", {"marker": "s", "markerfacecolor": "white"}),
    "node": ("Normal nodes left", {"marker": "o", "markerfacecolor": "white"}),
}
MINUS = "\N{MINUS SIGN}"


def draw(
    numbers: pd.DataFrame, response: str, look: FigureLook, limits: tuple[float, float]
) -> JournalFigure:
    """The figure; its height follows from what it has to hold.  `response` says which response colours it."""
    bars = numbers[numbers["change_pct"].notna()]
    by_arm = look.colour == "arm"
    sizes = bars["group"].value_counts()
    arms = [name for name in numbers["group"].cat.categories if sizes.get(name, 0)]
    panels = grid([""] if by_arm or len(arms) < 2 else arms, sizes, look.width)
    strips = [name for name in STRIPS if bars[name].any()]
    labelled = all(len(cut) <= _most(panels.panel_width) for cut in _cut_values(bars, panels.names))
    above = CUT_PT if labelled and (bars["change_pct"] > CAP).any() else 4.0
    panels = replace(panels, above_pt=above, below_pt=8.0 + STRIP_PT * len(strips))
    with figure_style():
        notes = _sentences(numbers, response, look, labelled, limits)
        narrowest = panels.panel_width / max(
            [1, *(len(bars) if name == "" else sizes[name] for name in panels.names)]
        )
        marks = {name: _mark(name, narrowest) for name in strips}
        sheet = Sheet(look.width, panels.height, _entries(bars, arms, by_arm, marks), notes)
        for panel in panels.place(sheet):
            mine = bars if panel.name == "" else bars[bars["group"] == panel.name]
            if by_arm:  # one row of bars, whatever the arm
                mine = mine.sort_values(["change_pct", "subject"], ascending=[False, True])
            _draw_panel(panel, mine, bars, _fills(arms, by_arm), limits)
            if labelled:
                _draw_cut_values(panel, mine)
            _draw_strips(panel, mine, marks)
    sheet.figure.alt_text = alt_text(numbers, limits)
    return sheet.figure


def _most(panel_width: float) -> int:
    """True values that fit above a panel."""
    return min(MOST_LABELS, int(panel_width / (SMALL_PT * LINE_HEIGHT)))


def _cut_values(bars: pd.DataFrame, names: list[str]) -> list[pd.DataFrame]:
    """The bars beyond the cap in each panel."""
    cut = bars[bars["change_pct"] > CAP]
    return [cut if name == "" else cut[cut["group"] == name] for name in names]


def _fills(arms: list[str], by_arm: bool) -> dict[str, dict[str, Any]]:
    """Looks of the arms, when they are what the colours are."""
    if not by_arm:
        return {}
    ink = {"edgecolor": "black", "linewidth": 0.3}
    if len(arms) > len(ARMS):
        raise InputError(f"a figure tells {len(ARMS)} arms apart; draw further arms in a second figure")
    return {
        name: {"facecolor": colour, "hatch": hatch, **ink}
        for name, (colour, hatch) in zip(arms, ARMS, strict=False)
    }


def _entries(
    bars: pd.DataFrame, arms: list[str], by_arm: bool, marks: dict[str, dict[str, Any]]
) -> list[Entry]:
    """The key: responses or arms with their numbers, and the marks."""
    counts = bars["group" if by_arm else "best_response"].value_counts()
    names = arms if by_arm else in_order(set(bars["best_response"]))
    fills = _fills(arms, by_arm)
    entries = [
        Entry(f"{name} (n={counts[name]})", "fill", fills.get(name) or fill_style(name)) for name in names
    ]
    kept = ("marker", "markerfacecolor", "markeredgecolor")
    shown = {
        name: {key: value for key, value in style.items() if key in kept} for name, style in marks.items()
    }
    alike = len(shown) > 1 and all(style["marker"] == "|" for style in shown.values())
    return entries + [
        Entry(
            f"{STRIPS[name][0]} (line {row} below)" if alike else STRIPS[name][0],
            "mark",
            {"markeredgewidth": 0.6, **style},
        )
        for row, (name, style) in enumerate(shown.items(), start=1)
    ]


def _mark(name: str, bar_pt: float) -> dict[str, Any]:
    """The mark of a strip under bars of this width: under very narrow ones a stroke, that touches no other."""
    size = float(np.clip(bar_pt * 0.7, 1.4, 3.6))
    if bar_pt < NARROW_PT:
        return {
            "marker": "|",
            "markeredgecolor": "black",
            "markersize": 4.0,
            "markeredgewidth": min(0.8, bar_pt),
        }
    ink = {"markeredgecolor": "black", "markeredgewidth": min(0.5, 0.2 * size)}
    return {**STRIPS[name][1], **ink, "markersize": size}


def _sentences(
    numbers: pd.DataFrame, response: str, look: FigureLook, labelled: bool, limits: tuple[float, float]
) -> list[str]:
    """What stands under the figure."""
    bars = numbers[numbers["change_pct"].notna()]
    limit = f"{MINUS}{-limits[1]:.0f}%"
    what = "arm" if look.colour == "arm" else response
    notes = [
        look.caption,
        caption(numbers),
        f"Colour: {what}.",
        f"Dashed lines: +{limits[0]:.0f}% and {limit} of baseline; progression is judged against the smallest sum, "
        "so the upper one is only a guide.",
    ]
    values = [
        f"+{value:.0f}" for value in bars.loc[bars["change_pct"] > CAP, "change_pct"].sort_values()[::-1]
    ]
    cut = f"{len(values)} bars end at +{CAP:.0f}%"
    if values and labelled:
        notes.append(f"Bars end at +{CAP:.0f}%; the number above is the true value.")
    elif 0 < len(values) <= MOST_LISTED:
        notes.append(f"{cut}; true values from the largest: {', '.join(values)}.")
    elif values:
        notes.append(f"{cut}; true values from {values[-1]}% to {values[0]}%.")
    i = "i" if bars["best_response"].isin(["iCR", "iPR", "iSD", "iUPD", "iCPD"]).any() else ""
    if bars["node"].any():
        notes.append(f"{i}CR above {MINUS}100%: lymph nodes of normal size remain in the sum.")
    if (bars["best_response"].isin(["PR", "iPR"]) & (bars["change_pct"] <= -100)).any():
        notes.append(
            f"{i}PR at {MINUS}100%: disease outside the targets remained, or {i}CR was not confirmed."
        )
    if (bars["best_response"].isin(["SD", "iSD"]) & (bars["change_pct"] <= limits[1])).any():
        notes.append(f"{i}SD beyond {limit}: no response that counts, such as one not confirmed.")
    return notes


def _draw_panel(
    panel: Panel,
    mine: pd.DataFrame,
    bars: pd.DataFrame,
    fills: dict[str, dict[str, Any]],
    limits: tuple[float, float],
) -> None:
    """Bars, scale, zero line and the limits of response and progression."""
    axes = panel.axes
    _draw_bars(axes, mine, panel.width / max(len(mine), 1), fills)
    highest = max(40.0, 20.0 * np.ceil(bars["change_pct"].max() / 20.0)) if len(bars) else 40.0
    axes.set_xlim(0, max(len(mine), 1))
    axes.set_ylim(LOWEST, min(CAP, highest))
    axes.set_yticks(np.arange(-100, min(CAP, highest) + 1, 20))
    axes.set_xticks([])
    axes.spines["bottom"].set_visible(False)
    axes.axhline(0, color="black", linewidth=0.6)
    for limit in limits:
        axes.axhline(limit, color="black", linewidth=0.6, dashes=(4, 2), zorder=3)
    panel.title()
    if panel.leftmost:
        axes.set_ylabel("Best change of the sum from baseline, %", labelpad=4)


def _draw_bars(axes: Any, bars: pd.DataFrame, bar_pt: float, fills: dict[str, dict[str, Any]]) -> None:
    """One rectangle per subject, with the look of its response or arm."""
    gap = 0.0 if bar_pt < NARROW_PT else 0.2
    key = bars["group" if fills else "best_response"].astype(str).to_numpy()
    height = bars["change_pct"].clip(upper=CAP).to_numpy(float)
    flat = np.abs(height) < FLAT_PCT
    top = np.where(flat, np.where(height < 0, -FLAT_PCT, FLAT_PCT), height)
    foot = np.where((height == 0) & (gap > 0), -FLAT_PCT, 0.0)  # no change: on both sides of the zero line
    shapes = np.array(
        [_rectangle(n + gap / 2, 1.0 - gap, *ends) for n, ends in enumerate(zip(foot, top, strict=True))]
    )
    if not gap:
        _draw_runs(axes, key, (top, bar_pt), fills)
    for name in dict.fromkeys(key):
        mine = key == name
        look = (fills.get(name) or fill_style(name)) if gap else {"alpha": 0.0}  # without ink, for the links
        links = [subject_link(who) for who in bars["subject"].to_numpy()[mine]]
        axes.add_collection(PolyCollection(shapes[mine], zorder=2.5, urls=links, **look), autolim=False)


def _draw_runs(axes: Any, key: Any, bars: tuple[Any, float], fills: dict[str, dict[str, Any]]) -> None:
    """Neighbours of one look as one shape with steps: it has room for hatching where single bars have none."""
    top, bar_pt = bars
    starts = np.flatnonzero(np.r_[True, key[1:] != key[:-1]]) if len(key) else np.array([], dtype=int)
    for first, after in zip(starts, [*starts[1:], len(key)], strict=True):
        x = np.repeat(np.arange(first, after + 1), 2)
        y = np.concatenate([[0.0], np.repeat(top[first:after], 2), [0.0]])
        style = fills.get(key[first]) or fill_style(key[first])
        if (after - first) * bar_pt < NARROW_PT:  # an outline would be all of it
            style = {"facecolor": style["facecolor"], "linewidth": 0.0}
        shape = PolyCollection([np.column_stack([x, y])], zorder=2, **style)
        axes.add_collection(shape, autolim=False)


def _rectangle(x: float, width: float, foot: float, top: float) -> list[tuple[float, float]]:
    """The corners of a bar that stands or hangs on the zero line."""
    return [(x, foot), (x, top), (x + width, top), (x + width, foot)]


def _draw_cut_values(panel: Panel, mine: pd.DataFrame) -> None:
    """True values of the bars that end at the cap, spread out with leaders where bars are narrow."""
    bar_pt, step, x_before = panel.width / max(len(mine), 1), SMALL_PT * LINE_HEIGHT, -1e9
    for n, change in enumerate(mine.loc[mine["change_pct"] > CAP, "change_pct"]):
        middle = (n + 0.5) * bar_pt
        x = max(middle, x_before + step)
        panel.axes.annotate(
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


def _draw_strips(panel: Panel, mine: pd.DataFrame, marks: dict[str, dict[str, Any]]) -> None:
    """A line of marks for each kind below the bars."""
    bar_pt = panel.width / max(len(mine), 1)
    for row, (name, style) in enumerate(marks.items()):
        y = panel.bottom - 6.0 - STRIP_PT * row
        where = np.flatnonzero(mine[name].to_numpy(bool))
        if len(where):
            x = panel.left + (where + 0.5) * bar_pt
            panel.sheet.line(list(x), [y] * len(where), linestyle="none", **style)
