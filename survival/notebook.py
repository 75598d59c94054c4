"""How studies, endpoints and curves show themselves in a notebook: html, with every text escaped."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import TYPE_CHECKING, Any

import pandas as pd

from recist import InputError

if TYPE_CHECKING:
    from survival.endpoint import Endpoint
    from survival.estimate.fitted_curves import KaplanMeier
    from survival.study.model import Study

WIDTH, HEIGHT = 420, 190  # of the small curve, in pixels
LEFT, BOTTOM = 34, 30  # room for the numbers of its axes
QUARTERS = {0.25: "25th percentile", 0.5: "median", 0.75: "75th percentile"}


def frame_html(frame: pd.DataFrame) -> str:
    """A frame of texts as a table without row numbers."""
    return str(frame.astype(str).to_html(index=False, border=0, justify="left", escape=True))


# ---------------------------------------------------------------- curves


def kaplan_meier_html(km: KaplanMeier) -> str:
    """The curves as a small picture, and per group: subjects, events and quartiles with limits."""
    limits = f"{100 * km.level:g} % {km.conf_type} limits, convention {km.convention}; NE: not reached"
    notes = "".join(f"<br>{escape(note)}" for note in km.notes)
    return f"<div>{_picture(km)}{frame_html(_quartiles(km))}<small>{escape(limits)}{notes}</small></div>"


def _quartiles(km: KaplanMeier) -> pd.DataFrame:
    """One row per group: its name, subjects, events, and each quartile with its limits."""
    found = km.quantiles(list(QUARTERS))
    rows = []
    for number, name in enumerate(km.groups.names()):
        mine = found.iloc[number * len(QUARTERS) : (number + 1) * len(QUARTERS)]
        sizes = {"": name, "n": f"{mine['n'].iloc[0]:g}", "events": f"{mine['events'].iloc[0]:g}"}
        times = mine[["time", "lower", "upper"]].itertuples(index=False, name=None)
        rows.append(sizes | dict(zip(QUARTERS.values(), map(_limited, times), strict=True)))
    return pd.DataFrame(rows)


def _limited(value: Sequence[float]) -> str:
    """A time with its limits, as 140 (114 to 175)."""
    time, lower, upper = ("NE" if pd.isna(one) else f"{one:g}" for one in value)
    return f"{time} ({lower} to {upper})"


def _picture(km: KaplanMeier) -> str:
    """The step curves as svg; nothing where there are more groups than lines can be told apart."""
    from recist import line_style  # matplotlib comes with it

    longest = float(max(curve.time[-1] for curve in km.fitted)) or 1.0
    try:
        styles = [line_style(number) for number in range(len(km.fitted))]
    except InputError:
        return ""
    names = km.groups.names()
    lines = [
        _line(_steps(curve.time, curve.survival, longest), style)
        for curve, style in zip(km.fitted, styles, strict=True)
    ]
    size = f'width="{WIDTH}" height="{HEIGHT + 15 * len(names)}" font-family="sans-serif" font-size="11"'
    return f'<svg {size} role="img">{"".join([*_axes(longest), *lines, *_legend(names, styles)])}</svg>'


def _place(time: float, survival: float, longest: float) -> str:
    """A point of the curve in pixels."""
    x = LEFT + (WIDTH - LEFT - 12) * time / longest
    return f"{x:.1f},{8 + (HEIGHT - BOTTOM - 8) * (1 - survival):.1f}"


def _steps(times: Any, survival: Any, longest: float) -> str:
    """The corners of one curve."""
    corners, last = [], 1.0
    for time, value in zip(times, survival, strict=True):
        corners += [_place(time, last, longest), _place(time, value, longest)]
        last = value
    return " ".join(corners)


def _line(points: str, style: Mapping[str, Any]) -> str:
    """A line in the colour and dashes of the figures."""
    dashes = (
        "" if style["linestyle"] == "solid" else " ".join(f"{2 * one:g}" for one in style["linestyle"][1])
    )
    look = f'stroke="{style["color"]}" stroke-dasharray="{dashes}" stroke-width="2" fill="none"'
    return f'<polyline points="{points}" {look}/>'


def _axes(longest: float) -> Iterator[str]:
    """Two axes with their ends named."""
    corner, end = _place(0, 0, longest), _place(longest, 0, longest)
    yield f'<polyline points="{_place(0, 1, longest)} {corner} {end}" stroke="#888" fill="none"/>'
    floor = HEIGHT - BOTTOM
    for y, text in ((12, "1"), (floor, "0")):
        yield f'<text x="{LEFT - 6}" y="{y}" text-anchor="end">{text}</text>'
    for x, text, anchor in ((LEFT, "0", "middle"), (WIDTH - 12, f"{longest:g}", "end")):
        yield f'<text x="{x}" y="{floor + 14}" text-anchor="{anchor}">{text}</text>'


def _legend(names: Sequence[str], styles: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """One line per group below the axes."""
    for number, (name, style) in enumerate(zip(names, styles, strict=True)):
        y = HEIGHT + 15 * number
        yield _line(f"{LEFT},{y} {LEFT + 26},{y}", style)
        yield f'<text x="{LEFT + 32}" y="{y + 4}">{escape(name)}</text>'


# ---------------------------------------------------------------- endpoints and studies


def endpoint_html(endpoint: Endpoint) -> str:
    """The situations in the order they are tried, below title and source."""
    head = f"<p><b>{escape(endpoint.name)}: {escape(endpoint.title)}</b><br>{escape(endpoint.cite)}</p>"
    rows = [(s.rule, s.text, s.date, s.outcome, s.cite) for s in endpoint.situations]
    table = pd.DataFrame(rows, columns=["rule", "situation", "date", "outcome", "source"])
    with pd.option_context("display.max_colwidth", None):
        return f"<div>{head}{frame_html(table)}</div>"


def study_html(study: Study) -> str:
    """The study in the sentences of `recist study`: a heading per section, a paragraph per sentence."""
    from survival.study.sentences import study_text

    title, *blocks = study_text(study).strip().split("\n\n")
    parts = [f"<h4>{escape(' '.join(title.split()))}</h4>"]
    for block in blocks:
        text = escape(" ".join(block.split()))
        if block.isupper() and block == text:
            parts.append(f"<h5>{text.capitalize()}</h5>")
        else:
            indent = ' style="margin-left:2em"' if block.startswith("  ") else ""
            parts.append(f"<p{indent}>{text}</p>")
    return f'<div style="max-width:50em">{"".join(parts)}</div>'
