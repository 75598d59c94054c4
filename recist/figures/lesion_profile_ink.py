"""The ink of the lesion profile: a frame of `lesion_profile_numbers` as a figure."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from recist.figures.labels import label_ends
from recist.figures.lesion_profile import (
    LESION,
    NADIR,
    NEW,
    PD_LIMIT,
    PR_LIMIT,
    RESPONSE,
    STRIPS,
    SUM,
    alt_text,
)
from recist.figures.lesion_profile_tiles import NEW_FILLS, Tiles, row_names, row_pt
from recist.figures.look import FigureLook, round_ticks
from recist.figures.palette import FILLS, fill_style, in_order
from recist.figures.sheet import EDGE, Entry, Sheet
from recist.figures.style import LINES, POINTS_PER_MM, SMALL_PT, WIDTH_MM, JournalFigure, figure_style
from recist.figures.text import BOLD, text_width

SUM_PT, LESIONS_PT, BETWEEN_PT, BELOW_PT = 105.0, 95.0, 14.0, 30.0
MARKERS = "os^Dv<>PXph*"  # filled up to the sixth lesion, then open: twelve differ
SCALE_PT = 36.0
SUM_STYLE: dict[str, dict[str, Any]] = {
    SUM: {"color": "black", "linewidth": 1.6, "marker": "o", "markersize": 3.5},
    NADIR: {"color": "#777777", "linewidth": 0.8, "drawstyle": "steps-pre"},
    PR_LIMIT: {"color": "#0072B2", "linewidth": 0.9, "linestyle": (0, (4, 2))},
    PD_LIMIT: {"color": "#D55E00", "linewidth": 0.9, "linestyle": (0, (1, 1)), "drawstyle": "steps-pre"},
}
NEW_STYLE = {"marker": "D", "color": "black", "markersize": 4.0}
FAINT_NEW = {"marker": "D", "markerfacecolor": "white", "markeredgecolor": "black", "markeredgewidth": 0.6}
UNKNOWN = {"marker": "x", "color": "#777777", "markersize": 4.0, "markeredgewidth": 0.8}


def draw(numbers: pd.DataFrame, subject: str, look: FigureLook) -> JournalFigure:
    """The figure; its height follows from what it has to hold."""
    strips = list(dict.fromkeys(numbers.loc[numbers["part"] == RESPONSE, "name"]))
    total = WIDTH_MM[look.width] * POINTS_PER_MM
    names = row_names(strips, 0.24 * total)
    left = EDGE + max(
        [SCALE_PT, *(text_width(line, SMALL_PT) * BOLD + 6 for lines in names.values() for line in lines)]
    )
    lesions = numbers.loc[numbers["part"] == LESION, "name"]
    right = min(max(map(text_width, lesions), default=0.0), 0.2 * total)
    wide = total - left - right - 16 - EDGE
    span = _span(numbers)
    tiles = Tiles(numbers, left, wide, span)
    tall = sum(map(row_pt, names.values())) + (tiles.heading_pt if strips else 0.0)
    body = 6.0 + SUM_PT + BETWEEN_PT + LESIONS_PT + BELOW_PT + tall
    with figure_style():
        sheet = Sheet(look.width, body, _entries(numbers), _sentences(numbers, subject, look))
        low = sheet.bottom + BELOW_PT + tall
        places = ((left, low + LESIONS_PT + BETWEEN_PT, wide, SUM_PT), (left, low, wide, LESIONS_PT))
        upper, lower = (sheet.axes(*place) for place in places)
        _draw_sum(upper, numbers)
        _draw_lesions(lower, numbers)
        for axes in (upper, lower):
            _scales(axes, span, look, wide, axes is lower)
        _label_lesions(sheet, places[1], lower, numbers, right + 16)
        if strips:
            tiles.draw(sheet, names)
    sheet.figure.alt_text = alt_text(numbers, subject, look.unit)
    return sheet.figure


def _entries(numbers: pd.DataFrame) -> list[Entry]:
    """The key: what is in the upper panel, marks of the lower one, responses that occur."""
    parts = set(numbers["part"])
    entries = [
        Entry(name[0].upper() + name[1:], "line", _line_alone(style))
        for name, style in SUM_STYLE.items()
        if name in parts
    ]
    new = set(numbers.loc[numbers["part"] == NEW, "text"])
    entries += [Entry("New lesion", "mark", NEW_STYLE)] if "unequivocal" in new else []
    entries += [Entry("Equivocal new lesion", "mark", FAINT_NEW)] if "equivocal" in new else []
    entries += [Entry("No size known", "mark", UNKNOWN)] if len(_unknown(numbers)) else []
    terms = in_order(set(numbers.loc[numbers["part"] == RESPONSE, "text"]))
    entries += [Entry(term, "fill", fill_style(term)) for term in terms if term in FILLS]
    told = set(numbers.loc[numbers["name"] == STRIPS["new_lesion"], "text"])
    return entries + [
        Entry(f"{STRIPS['new_lesion']}: {word}", "fill", NEW_FILLS[word])
        for word in NEW_FILLS
        if word in told
    ]


def _line_alone(style: dict[str, Any]) -> dict[str, Any]:
    """The style of a line without its marks."""
    return {key: value for key, value in style.items() if key in ("color", "linewidth", "linestyle")}


def _unknown(numbers: pd.DataFrame) -> pd.DataFrame:
    """Visits at which a lesion has no size."""
    return numbers[(numbers["part"] == LESION) & numbers["value_mm"].isna()]


def _sentences(numbers: pd.DataFrame, subject: str, look: FigureLook) -> list[str]:
    """What stands under the figure."""
    notes = [f"Subject {subject}.", look.caption]
    if not (numbers["part"] == SUM).any():
        notes.append("No sum: there is no target lesion, or no visit after baseline.")
    else:
        notes.append("Limit of PD: what the sum must reach at that visit, from the smallest sum before it.")
    if len(missing := _unknown(numbers)):
        told = [
            f"{name} at {visit} ({text or 'no state'})"
            for name, visit, text in zip(missing["name"], missing["visit"], missing["text"], strict=True)
        ]
        more = f" and {len(told) - 6} more" if len(told) > 6 else ""
        notes.append(f"No size: {', '.join(told[:6])}{more}.")
    new = numbers[(numbers["part"] == NEW) & numbers["value_mm"].isna()]
    if len(new):
        told = [f"{name} at {visit}" for name, visit in zip(new["name"], new["visit"], strict=True)]
        more = f" and {len(told) - 6} more" if len(told) > 6 else ""
        notes.append(f"No size recorded of new lesions, marked at the foot: {', '.join(told[:6])}{more}.")
    return notes


def _span(numbers: pd.DataFrame) -> tuple[float, float]:
    """First and last time with a little room."""
    first, last = (float(numbers["time"].min()), float(numbers["time"].max())) if len(numbers) else (0.0, 1.0)
    room = 0.03 * max(last - first, 0.5)
    return min(first, 0.0) - room, max(last, first + 0.5) + room


def _scales(axes: Any, span: tuple[float, float], look: FigureLook, wide: float, named: bool) -> None:
    """Time below both panels, named under the lower one."""
    axes.set_xlim(*span)
    drawn = np.concatenate([np.ma.filled(line.get_ydata(orig=True), np.nan) for line in axes.lines])
    highest = np.nanmax(drawn, initial=0.0)
    axes.set_ylim(0, 1.12 * (highest if highest > 0 else 10.0))
    ticks = round_ticks(span[1], look.unit, max(3, int(wide / 26)))
    axes.set_xticks(ticks, [f"{tick:g}" if named else "" for tick in ticks])
    axes.yaxis.get_major_locator().set_params(nbins=5)
    axes.set_ylabel("Lesion, mm" if named else "Sum, mm", labelpad=4)
    if named:
        axes.set_xlabel(f"Time{' from ' if look.origin else ''}{look.origin}, {look.unit}", labelpad=2)


def _draw_sum(axes: Any, numbers: pd.DataFrame) -> None:
    """Sum, nadir and limits; a sum that is not complete breaks the line."""
    start = numbers.loc[numbers["part"] == SUM, "time"].min()
    for part, style in SUM_STYLE.items():
        mine = numbers[numbers["part"] == part]
        time, value = mine["time"].to_numpy(float), np.ma.masked_invalid(mine["value_mm"].to_numpy(float))
        if part != SUM and len(mine):  # what holds at a visit holds since the one before
            time, value = (
                np.insert(time, 0, start),
                np.ma.masked_invalid(np.insert(value.filled(np.nan), 0, value[0])),
            )
        axes.plot(time, value, zorder=3 if part == SUM else 2, **style)


def _draw_lesions(axes: Any, numbers: pd.DataFrame) -> None:
    """Each lesion with a mark of its own; new ones without a size at the lower edge."""
    lesions = numbers[numbers["part"] == LESION]
    for n, (_, mine) in enumerate(lesions.groupby("name", sort=False)):
        colour, dashes = LINES[n % len(LINES)]
        style = {"color": colour, "linestyle": dashes, "marker": MARKERS[n % len(MARKERS)], "markersize": 3.0}
        if n // len(LINES) % 2:  # the colour is that of another lesion
            style |= {"markerfacecolor": "white", "markeredgewidth": 0.7}
        axes.plot(
            mine["time"], np.ma.masked_invalid(mine["value_mm"].to_numpy(float)), linewidth=1.0, **style
        )
    for style, mine in (
        (UNKNOWN, _unknown(numbers)),
        ({**NEW_STYLE}, numbers[(numbers["part"] == NEW) & (numbers["text"] == "unequivocal")]),
        (
            {**FAINT_NEW, "markersize": 4.0},
            numbers[(numbers["part"] == NEW) & (numbers["text"] == "equivocal")],
        ),
    ):
        height = mine["value_mm"].fillna(0.0)  # at the foot, as the note says, where no size is known
        axes.plot(mine["time"], height, linestyle="none", clip_on=False, zorder=5, **style)


def _label_lesions(sheet: Sheet, place: Any, axes: Any, numbers: pd.DataFrame, room: float) -> None:
    """Names of the lesions at the ends of their lines."""
    known = numbers[(numbers["part"] == LESION) & numbers["value_mm"].notna()]
    last = known.groupby("name", sort=False).tail(1)
    ends = list(zip(last["time"], last["value_mm"], last["name"], strict=True))
    axes.patch.set_visible(False)
    label_ends(sheet, place, ends, (*axes.get_xlim(), *axes.get_ylim()), room)
