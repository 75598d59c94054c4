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
from recist.figures.look import FigureLook, round_ticks
from recist.figures.palette import FILLS, fill_style, in_order
from recist.figures.sheet import EDGE, Entry, Sheet
from recist.figures.style import LINES, SMALL_PT, JournalFigure, figure_style
from recist.figures.text import clip_text, plain_text, shorten_text, text_width

SUM_PT, LESIONS_PT, BETWEEN_PT, BELOW_PT, ROW_PT = 105.0, 95.0, 14.0, 30.0, 10.5
MARKERS = "os^Dv<>PXph*"
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
    tall = len(strips) + (1 if strips else 0)
    body = 6.0 + SUM_PT + BETWEEN_PT + LESIONS_PT + BELOW_PT + tall * ROW_PT
    with figure_style():
        sheet = Sheet(look.width, body, _entries(numbers), _sentences(numbers, subject, look))
        names = _names(strips, 0.24 * sheet.width)
        left = EDGE + max([SCALE_PT, *(text_width(name, SMALL_PT) + 6 for name in names.values())])
        right = min(
            max(map(text_width, numbers.loc[numbers["part"] == LESION, "name"]), default=0.0),
            0.2 * sheet.width,
        )
        wide = sheet.width - left - right - 16 - EDGE
        low = sheet.bottom + BELOW_PT + tall * ROW_PT
        places = ((left, low + LESIONS_PT + BETWEEN_PT, wide, SUM_PT), (left, low, wide, LESIONS_PT))
        upper, lower = (sheet.axes(*place) for place in places)
        span = _span(numbers)
        _draw_sum(upper, numbers)
        _draw_lesions(lower, numbers)
        for axes in (upper, lower):
            _scales(axes, span, look, wide, axes is lower)
        _label_lesions(sheet, places[1], lower, numbers, right + 16)
        if strips:
            _draw_strips(sheet, numbers, names, (left, wide, span))
    sheet.figure.alt_text = alt_text(numbers, subject, look.unit)
    return sheet.figure


def _names(strips: list[str], room: float) -> dict[str, str]:
    """The lines of the responses as printed."""
    return {name: shorten_text(plain_text(name.replace("_", " ")), room, SMALL_PT) for name in strips}


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
    return entries + [Entry(term, "fill", fill_style(term)) for term in terms if term in FILLS]


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
        axes.plot(mine["time"], np.zeros(len(mine)), linestyle="none", clip_on=False, zorder=5, **style)


def _label_lesions(sheet: Sheet, place: Any, axes: Any, numbers: pd.DataFrame, room: float) -> None:
    """Names of the lesions at the ends of their lines."""
    known = numbers[(numbers["part"] == LESION) & numbers["value_mm"].notna()]
    last = known.groupby("name", sort=False).tail(1)
    ends = list(zip(last["time"], last["value_mm"], last["name"], strict=True))
    axes.patch.set_visible(False)
    label_ends(sheet, place, ends, (*axes.get_xlim(), *axes.get_ylim()), room)


def _narrowest(responses: pd.DataFrame, places: dict[float, float]) -> float:
    """The smallest distance between two tiles of a line; criteria may date a visit differently."""
    lines = [sorted(places[time] for time in set(mine)) for _, mine in responses.groupby("name")["time"]]
    return min((float(np.diff(line).min()) for line in lines if len(line) > 1), default=60.0)


def _draw_strips(
    sheet: Sheet,
    numbers: pd.DataFrame,
    names: dict[str, str],
    place: tuple[float, float, tuple[float, float]],
) -> None:
    """A line of tiles per kind of response, each at its visit; the labels of the visits over them."""
    left, wide, (x0, x1) = place
    y = sheet.bottom + (len(names) + 0.5) * ROW_PT
    responses = numbers[numbers["part"] == RESPONSE]
    places = {time: left + wide * (time - x0) / (x1 - x0) for time in sorted(set(responses["time"]))}
    tile = float(np.clip(_narrowest(responses, places), 4.0, 60.0)) - 1.5
    sheet.write(EDGE, y, "Visit", size=SMALL_PT)
    visits = responses.drop_duplicates("visit").sort_values("time")
    _in_tiles(
        sheet,
        [(places[time], visit) for time, visit in zip(visits["time"], visits["visit"], strict=True)],
        y,
        tile,
    )
    for name, text in names.items():
        y -= ROW_PT
        overall = name not in STRIPS.values()
        sheet.write(EDGE, y, text, size=SMALL_PT, **({"weight": "bold"} if overall else {}))
        mine = responses[responses["name"] == name]
        for time, term in zip(mine["time"], mine["text"], strict=True):
            style = fill_style(term) if term in FILLS else {"facecolor": "none", "edgecolor": "none"}
            sheet.fill(places[time] - tile / 2, y - ROW_PT / 2 + 1, tile, ROW_PT - 2, **style)
        _in_tiles(
            sheet, [(places[t], term) for t, term in zip(mine["time"], mine["text"], strict=True)], y, tile
        )


def _in_tiles(sheet: Sheet, texts: list[tuple[float, str]], y: float, tile: float) -> None:
    """Texts centred in their tiles, all of them or, where one is too long, the first ones that are apart."""
    free = -np.inf
    for x, text in texts:
        told = clip_text(plain_text(text), 58.0, SMALL_PT, 1)[0]
        half = text_width(told, SMALL_PT) / 2
        if x - half > free and (x + half < sheet.width - EDGE):
            box = (
                {"facecolor": "white", "edgecolor": "none", "pad": 0.6, "alpha": 0.85}
                if text in FILLS
                else None
            )
            if 2 * half <= tile or text not in FILLS:
                sheet.write(x, y, told, align="center", size=SMALL_PT, bbox=box)
                free = x + half + 2
