"""The ink of the spider: a frame of `spider_numbers` as a figure."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.collections import LineCollection

from recist.figures.labels import label_ends
from recist.figures.look import FigureLook, round_ticks
from recist.figures.palette import in_order, stroke_style
from recist.figures.panels import Panel, grid
from recist.figures.sheet import Entry, Sheet
from recist.figures.spider import BOTH, NEW_LESION, PROGRESSION, alt_text
from recist.figures.style import SMALL_PT, JournalFigure, figure_style, line_style
from recist.figures.text import plain_text, text_width

LIMITS = (20.0, -30.0)  # RECIST 1.1 section 4.3.1, per cent
HIGHEST = 150.0  # lines that rise further leave the panel; the sentences tell the true values
LABEL_PT = 70.0  # widest name beside a line
MARKS = {  # mark -> marker and face
    PROGRESSION: {"marker": "s", "markerfacecolor": "white"},
    NEW_LESION: {"marker": "D", "markerfacecolor": "black"},
    BOTH: {"marker": "s", "markerfacecolor": "black"},
}


def draw(numbers: pd.DataFrame, look: FigureLook) -> JournalFigure:
    """The figure; its height follows from what it has to hold."""
    by_arm = look.colour == "arm"
    everybody = numbers["subject"].nunique()
    numbers = numbers[numbers["time"].notna()]
    styles = _styles(numbers, by_arm)
    named = numbers.groupby("group", observed=True)["subject"].nunique()
    labelled = len(named) > 0 and (named.sum() if by_arm else named.max()) <= look.most_labels
    room = _label_room(numbers, look) if labelled else 4.0
    names = [""] if by_arm or len(named) < 2 else list(named.index)
    panels = grid(names, named, look.width, room)
    with figure_style():
        entries, notes = _entries(numbers, styles, by_arm), _sentences(numbers, everybody, look)
        sheet = Sheet(look.width, panels.height, entries, notes)
        for panel in panels.place(sheet):
            mine = numbers if panel.name == "" else numbers[numbers["group"] == panel.name]
            _draw_panel(panel, mine, styles, numbers, look)
            if labelled:
                _label(panel, mine, room)
    sheet.figure.alt_text = alt_text(numbers, look.unit)
    return sheet.figure


def _styles(numbers: pd.DataFrame, by_arm: bool) -> dict[str, dict[str, Any]]:
    """Look of the lines of each arm, or of each best response that occurs."""
    if by_arm:
        return {name: line_style(n) for n, name in enumerate(numbers["group"].cat.categories)}
    return {name: stroke_style(name) for name in in_order(set(numbers["best_response"]))}


def _entries(numbers: pd.DataFrame, styles: dict[str, dict[str, Any]], by_arm: bool) -> list[Entry]:
    """The key: lines with numbers of subjects, and the marks that occur."""
    each = numbers.drop_duplicates("subject")["group" if by_arm else "best_response"].value_counts()
    entries = [Entry(f"{name} (n={each[name]})", "line", style) for name, style in styles.items()]
    there = set(numbers["mark"])
    return entries + [
        Entry(
            name[0].upper() + name[1:], "mark", {**style, "markeredgecolor": "black", "markeredgewidth": 0.6}
        )
        for name, style in MARKS.items()
        if name in there
    ]


def _sentences(numbers: pd.DataFrame, everybody: int, look: FigureLook) -> list[str]:
    """What stands under the figure."""
    if numbers.empty:
        return [look.caption, f"0 of {everybody} subjects have a complete sum of diameters after baseline."]
    what = "arm" if look.colour == "arm" else "best response"
    notes = [
        look.caption,
        f"{numbers['subject'].nunique()} of {everybody} subjects: those with a complete sum after baseline. "
        f"Colour: {what}.",
        f"Dashed lines: +{LIMITS[0]:.0f}% and \N{MINUS SIGN}{-LIMITS[1]:.0f}% of baseline; progression is judged "
        "against the smallest sum, so the upper one is only a guide.",
    ]
    if (numbers["change_pct"].isna() & (numbers["mark"] == "")).any() or _bridges(numbers):
        notes.append("Thin dotted: sum not complete at a visit between.")
    highest = numbers.groupby("subject")["change_pct"].max()
    above = highest[highest > HIGHEST].sort_values(ascending=False)
    if len(above):
        told = ", ".join(f"+{value:.0f}%" for value in above.head(6)) + (" ..." if len(above) > 6 else "")
        notes.append(f"Rising above +{HIGHEST:.0f}% (n={len(above)}): {told}.")
    return notes


def _bridges(numbers: pd.DataFrame) -> bool:
    """Whether any line goes on after a break."""
    return bool((numbers["run"] > 0).fillna(False).any())


def _draw_panel(
    panel: Panel, mine: pd.DataFrame, styles: dict[str, dict[str, Any]], whole: pd.DataFrame, look: FigureLook
) -> None:
    """Scales, limits, lines and marks of one panel."""
    axes = panel.axes
    longest = float(whole["time"].max()) if len(whole) else 1.0
    first = min(0.0, float(whole["time"].min())) if len(whole) else 0.0
    highest = float(np.clip(20 * np.ceil(np.nanmax([40.0, whole["change_pct"].max()]) / 20), 40, HIGHEST))
    axes.set_xlim(first, max(longest, 1e-9) * 1.02)
    axes.set_ylim(-104, highest)
    ticks = round_ticks(longest, look.unit, max(3, int(panel.width / 26)))
    axes.set_xticks(ticks, [f"{tick:g}" for tick in ticks])
    axes.set_yticks(np.arange(-100, highest + 1, 20 if highest <= 100 else 50))
    axes.axhline(0, color="black", linewidth=0.6, zorder=1)
    for limit in LIMITS:
        axes.axhline(limit, color="black", linewidth=0.6, dashes=(4, 2), zorder=1)
    column = "group" if look.colour == "arm" else "best_response"
    thin = float(np.clip(14 / np.sqrt(max(mine["subject"].nunique(), 1)), 0.35, 1.1))
    for name, style in styles.items():
        _draw_lines(axes, mine[mine[column] == name], style, thin)
    _draw_marks(axes, mine, highest)
    panel.title()
    if panel.lowest:
        axes.set_xlabel(f"Time{' from ' if look.origin else ''}{look.origin}, {look.unit}", labelpad=3)
    if panel.leftmost:
        axes.set_ylabel("Change of the sum from baseline, %", labelpad=4)


def _draw_lines(axes: Any, mine: pd.DataFrame, style: dict[str, Any], thin: float) -> None:
    """The stretches of each subject, and thin dots across the gaps between them."""
    known = mine[mine["run"].notna()]
    place = known[["time", "change_pct"]].to_numpy(float)
    who, run = known["subject"].to_numpy(), known["run"].to_numpy(float)
    cuts = np.flatnonzero((who[1:] != who[:-1]) | (run[1:] != run[:-1])) + 1
    dense = thin < 0.6
    lines = [part for part in np.split(place, cuts) if len(part) > 1]
    axes.add_collection(
        LineCollection(
            lines,
            colors=style["color"],
            linestyles=_shifted(style["linestyle"], len(lines)),
            linewidths=thin,
            alpha=0.75 if dense else 1.0,
            zorder=3,
        )
    )
    gaps = [place[cut - 1 : cut + 1] for cut in cuts if who[cut] == who[cut - 1]]
    dots = LineCollection(
        gaps, colors=style["color"], linestyles=[(0, (1, 2))], linewidths=0.5 * thin, zorder=2
    )
    axes.add_collection(dots)


def _shifted(dashes: Any, lines: int) -> Any:
    """The dashes of each line begun elsewhere: those of many lines from one point would look like rings."""
    if dashes == "solid" or lines < 2:
        return dashes
    return [((n * 0.618) % 1 * sum(dashes[1]), dashes[1]) for n in range(lines)]


def _draw_marks(axes: Any, mine: pd.DataFrame, highest: float) -> None:
    """Where progression and new lesions are first seen."""
    size = float(np.clip(22 / np.sqrt(max(mine["subject"].nunique(), 1)), 1.1, 3.6))
    for name, style in MARKS.items():
        there = mine[mine["mark"] == name]
        axes.plot(
            there["time"],
            there["mark_pct"].clip(upper=highest),
            linestyle="none",
            markersize=size,
            markeredgecolor="black",
            markeredgewidth=min(0.5, size / 4),
            zorder=4,
            clip_on=False,
            **style,
        )


def _label_room(numbers: pd.DataFrame, look: FigureLook) -> float:
    """Width of the names beside the lines."""
    widest = max(text_width(plain_text(name), SMALL_PT) for name in numbers["subject"].unique())
    return min(widest, LABEL_PT if look.width == "double" else LABEL_PT / 2) + 14.0


def _label(panel: Panel, mine: pd.DataFrame, room: float) -> None:
    """Names at the ends of the lines, moved apart, with leaders."""
    ends = mine[mine["change_pct"].notna()].groupby("subject", sort=False).tail(1)
    panel.axes.patch.set_visible(False)  # so that the leaders are seen
    who = [(row["time"], row["change_pct"], row["subject"]) for _, row in ends.iterrows()]
    label_ends(panel.sheet, panel.place, who, (*panel.axes.get_xlim(), *panel.axes.get_ylim()), room)
