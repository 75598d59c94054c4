"""The ink of the spider: a frame of `spider_numbers` as a figure."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
from matplotlib.collections import LineCollection
from matplotlib.transforms import ScaledTranslation

from recist.figures.labels import label_ends
from recist.figures.links import subject_link
from recist.figures.look import FigureLook, round_ticks
from recist.figures.palette import EVENT_MARKS, in_order, stroke_style
from recist.figures.panels import Panel, grid
from recist.figures.sheet import Entry, Sheet
from recist.figures.spider import ENDS, MARKS, NEW_LESION, WITH_NEW, alt_text
from recist.figures.style import SMALL_PT, JournalFigure, figure_style, line_style
from recist.figures.text import plain_text, text_width

HIGHEST = 150.0  # lines that rise further leave the panel; the sentences tell the true values
LABEL_PT = 70.0  # widest name beside a line
MOST_MARKED = 160  # lines of a panel; with more, marks would be too small to tell their shapes
END_PT = 3.5  # from the end of a line to the mark of what ended it


def _look(mark: str) -> dict[str, Any]:
    """Marker and face of a mark: the shape says which progression, black that there was a new lesion."""
    if mark == NEW_LESION:
        return {"marker": "D", "markerfacecolor": "black"}
    shape = "o" if "iUPD" in mark else "s"
    return {"marker": shape, "markerfacecolor": "black" if mark.endswith(WITH_NEW) else "white"}


def draw(numbers: pd.DataFrame, look: FigureLook, limits: tuple[float, float]) -> JournalFigure:
    """The figure; its height follows from what it has to hold."""
    by_arm, by_response = look.colour == "arm", look.panels == "response"
    everybody = numbers["subject"].nunique()
    numbers = numbers[numbers["time"].notna()]
    styles = _styles(numbers, by_arm)
    column = "best_response" if by_response else "group"
    named = numbers.groupby(column, observed=True)["subject"].nunique()
    one = len(named) < 2 or (by_arm and not by_response)
    labelled = len(named) > 0 and (named.sum() if one else named.max()) <= look.most_labels
    room = _label_room(numbers, look) if labelled else 4.0
    names = [""] if one else in_order(set(named.index)) if by_response else list(named.index)
    panels = grid(names, named, look.width, room)
    words = alt_text(numbers, look.unit, limits)
    numbers, notes = _without_marks(numbers, None if one else column)
    with figure_style():
        entries, notes = (
            _entries(numbers, styles, by_arm),
            [*_sentences(numbers, everybody, look, limits), *notes],
        )
        if look.origin and look.origin not in _time(look, panels.panel_width):
            notes.append(f"Time from {look.origin}.")
        sheet = Sheet(look.width, panels.height, entries, notes)
        for panel in panels.place(sheet):
            mine = numbers if panel.name == "" else numbers[numbers[column] == panel.name]
            _draw_panel(panel, mine, styles, numbers, look)
            for limit in limits:
                panel.axes.axhline(limit, color="black", linewidth=0.6, dashes=(4, 2), zorder=1)
            if labelled:
                _label(panel, mine, room)
    sheet.figure.alt_text = words
    return sheet.figure


def _without_marks(numbers: pd.DataFrame, column: str | None) -> tuple[pd.DataFrame, list[str]]:
    """The numbers without the marks of crowded panels, and a sentence that says so."""
    who = numbers["subject"]
    size = who.groupby(numbers[column], observed=True).transform("nunique") if column else who.nunique()
    crowded = pd.Series(size > MOST_MARKED, index=numbers.index)
    if not (crowded & ((numbers["mark"] != "") | (numbers["end"] != ""))).any():
        return numbers, []
    emptied = numbers.assign(mark=numbers["mark"].mask(crowded, ""), end=numbers["end"].mask(crowded, ""))
    return emptied, [f"No marks in panels of more than {MOST_MARKED} lines."]


def _styles(numbers: pd.DataFrame, by_arm: bool) -> dict[str, dict[str, Any]]:
    """Look of the lines of each arm, or of each best response that occurs."""
    if by_arm:
        return {name: line_style(n) for n, name in enumerate(numbers["group"].cat.categories)}
    return {name: stroke_style(name) for name in in_order(set(numbers["best_response"]))}


def _entries(numbers: pd.DataFrame, styles: dict[str, dict[str, Any]], by_arm: bool) -> list[Entry]:
    """The key: lines with numbers of subjects, and the marks that occur."""
    each = numbers.drop_duplicates("subject")["group" if by_arm else "best_response"].value_counts()
    entries = [Entry(f"{name} (n={each[name]})", "line", style) for name, style in styles.items()]
    there, ends = set(numbers["mark"]), set(numbers["end"])
    ink = {"markeredgecolor": "black", "markeredgewidth": 0.6}
    entries += [Entry(_capital(name), "mark", {**_look(name), **ink}) for name in MARKS if name in there]
    return entries + [
        Entry(_capital(name), "mark", EVENT_MARKS[name]) for name in ENDS.values() if name in ends
    ]


def _capital(words: str) -> str:
    """Words as an entry of the key."""
    return words[0].upper() + words[1:]


def _sentences(
    numbers: pd.DataFrame, everybody: int, look: FigureLook, limits: tuple[float, float]
) -> list[str]:
    """What stands under the figure."""
    if numbers.empty:
        return [look.caption, f"0 of {everybody} subjects have a complete sum of diameters after baseline."]
    what = "arm" if look.colour == "arm" else "best response"
    notes = [
        look.caption,
        f"{numbers['subject'].nunique()} of {everybody} subjects: those with a complete sum after baseline. "
        f"Colour: {what}.",
        f"Dashed lines: +{limits[0]:.0f}% and \N{MINUS SIGN}{-limits[1]:.0f}% of baseline; progression is judged "
        "against the smallest sum, so the upper one is only a guide.",
    ]
    if numbers["change_pct"].isna().any() or _bridges(numbers):
        notes.append("Thin dotted: sum not complete at a visit between.")
    if ((numbers["mark"] != "") & numbers["change_pct"].isna()).any():
        notes.append(
            "Mark without a line: no complete sum at that visit; it stands as high as the last one before."
        )
    if (numbers["end"] != "").any():
        told = " or ".join(word for word in ENDS.values() if word in set(numbers["end"]))
        immune = numbers["mark"].str.contains("iUPD|iCPD").any()
        without = "confirmed progression" if immune else "progression"
        notes.append(
            f"{_capital(told)}: drawn behind the last sum before it, not at its date; subjects without {without} only."
        )
    highest = numbers.groupby("subject")["change_pct"].max()
    above = highest[highest > HIGHEST].sort_values(ascending=False)
    if len(above):
        told = ", ".join(f"+{value:.0f}%" for value in above.head(6))
        told += f" and {len(above) - 6} more" if len(above) > 6 else ""
        marked = (numbers["mark"] != "") & (numbers["mark_pct"] > HIGHEST).fillna(False)
        edge = "; their marks there stand at the edge" if marked.any() else ""
        notes.append(f"Rising above +{HIGHEST:.0f}% (n={len(above)}): {told}{edge}.")
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
    column = "group" if look.colour == "arm" else "best_response"
    thin = float(np.clip(8 / np.sqrt(max(mine["subject"].nunique(), 1)), 0.3, 1.1))
    for name, style in styles.items():
        _draw_lines(axes, mine[mine[column] == name], style, thin)
    _draw_marks(axes, mine, highest)
    panel.title()
    if panel.lowest:
        axes.set_xlabel(_time(look, panel.width), labelpad=3)
    if panel.leftmost:
        axes.set_ylabel("Change of the sum from baseline, %", labelpad=4)


def _time(look: FigureLook, room: float) -> str:
    """The name of the scale of time; where it is wider than a panel, the sentences say from when."""
    whole = f"Time{' from ' if look.origin else ''}{look.origin}, {look.unit}"
    return whole if text_width(whole) <= room + 12 else f"Time, {look.unit}"


def _draw_lines(axes: Any, mine: pd.DataFrame, style: dict[str, Any], thin: float) -> None:
    """The stretches of each subject, and thin dots across the gaps between them."""
    known = mine[mine["run"].notna()]
    place = known[["time", "change_pct"]].to_numpy(float)
    who, run = known["subject"].to_numpy(), known["run"].to_numpy(float)
    cuts = np.flatnonzero((who[1:] != who[:-1]) | (run[1:] != run[:-1])) + 1
    dense = thin < 0.6
    starts = [0, *cuts.tolist()]
    drawn = [(part, n) for part, n in zip(np.split(place, cuts), starts, strict=True) if len(part) > 1]
    lines = [part for part, _ in drawn]
    axes.add_collection(
        LineCollection(
            lines,
            colors=style["color"],
            linestyles=_shifted(style["linestyle"], len(lines)),
            linewidths=thin,
            alpha=0.75 if dense else 1.0,
            zorder=3,
            urls=[subject_link(str(who[n])) for _, n in drawn],
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
    """Where progression and new lesions are first seen, and what ended lines without."""
    size = float(np.clip(22 / np.sqrt(max(mine["subject"].nunique(), 1)), 1.1, 3.6))
    look: dict[str, Any] = {"linestyle": "none", "markersize": size, "zorder": 4, "clip_on": False}
    ink = {"markeredgecolor": "black", "markeredgewidth": min(0.5, size / 4)}
    for name in MARKS:
        there = mine[mine["mark"] == name]
        axes.plot(there["time"], there["mark_pct"].clip(upper=highest), **look, **ink, **_look(name))
    behind = axes.transData + ScaledTranslation(END_PT / 72, 0, axes.figure.dpi_scale_trans)
    for name in ENDS.values():
        there = mine[mine["end"] == name]
        style = {**EVENT_MARKS[name], "markeredgewidth": min(0.4, size / 8)}
        axes.plot(there["time"], there["change_pct"].clip(upper=highest), transform=behind, **look, **style)


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
