"""Forest plot: the effect in each subgroup with its limits, boxes by size, and the tests of interaction.

Pocock et al., Stat Med 2002; 21: 2917-2930: subgroups beside the overall effect, with interaction tests.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import pandas as pd

from recist import InputError
from survival.figures.look import ForestLook
from survival.results import NOT_ESTIMABLE, p_text, ratio_text, rounded
from survival.subgroups import ALL

COLUMNS = {  # one row per line of the plot, from the top
    "kind": "overall, heading (a variable) or subgroup",
    "label": "as printed",
    "arm": "the arm",
    "reference": "the arm compared with",
    "n": "subjects of the arm",
    "events": "events, or responders, of the arm",
    "n_reference": "subjects of the reference",
    "events_reference": "events, or responders, of the reference",
    "estimate": "hazard ratio, odds ratio or difference of rates (a proportion); missing when not estimable",
    "lower": "lower limit",
    "upper": "upper limit",
    "text": "estimate with limits as printed; NE when an arm has no events or no subjects",
    "p_interaction": "on headings: p that the effect is the same in all subgroups",
    "measure": "hazard ratio, odds ratio or difference",
    "level": "confidence level, a fraction",
    "method": "how estimate and limits were obtained; empty on headings",
    "note": "why a value is missing, else empty",
}
MEASURES = {
    "hazard ratio": "Hazard ratio",
    "odds ratio": "Odds ratio",
    "difference": "Difference, percentage points",
}


def forest_numbers(found: pd.DataFrame, labels: Mapping[str, str] | None = None) -> pd.DataFrame:
    """What the forest plot shows, line by line, with the columns of `COLUMNS`.

    Parameters
    ----------
    found : frame of `subgroup_analysis` or `subgroup_rates`, of one arm against the reference.
    labels : name of a variable -> as printed; by default its name with blanks for underscores.

    Returns
    -------
    frame: the whole, then a heading and its subgroups for each variable.

    Raises
    ------
    InputError : a column is missing, or there are several arms beside the reference.

    Examples
    --------
    >>> from survival import subgroup_analysis
    >>> tte = pd.DataFrame({"time": [1, 2, 3, 4, 5, 6, 7, 8], "event": True, "arm": list("ABABABAB"),
    ...     "sex": list("FFFFMMMM")})
    >>> forest_numbers(subgroup_analysis(tte, "sex", reference="A"))[["kind", "label", "n"]].values.tolist()
    [['overall', 'All subjects', 4], ['heading', 'Sex', <NA>], ['subgroup', 'F', 2], ['subgroup', 'M', 2]]
    """
    needed = (
        "variable",
        "subgroup",
        "arm",
        "reference",
        "n",
        "events",
        "estimate",
        "lower",
        "upper",
        "method",
    )
    if missing := [name for name in needed if name not in found]:
        raise InputError(f"found has no column {', '.join(missing)}; give the frame of subgroup_analysis")
    if len(arms := sorted(found["arm"].astype(str).unique())) > 1:
        raise InputError(f"found holds several arms ({', '.join(arms)}); keep the rows of one")
    measure = _measure(found)
    rows: list[dict[str, Any]] = []
    for variable, part in found.groupby("variable", sort=False):
        if variable != ALL:
            rows.append(_heading(str(variable), part, labels or {}))
        for _, row in part.iterrows():
            kind = "overall" if variable == ALL else "subgroup"
            label = ALL if variable == ALL else str(row["subgroup"])
            text = _text(row["estimate"], row["lower"], row["upper"], measure)
            line = {str(name): value for name, value in row.items()}
            rows.append(line | {"kind": kind, "label": label, "text": text, "p_interaction": None})
    frame = pd.DataFrame(rows).reindex(columns=list(COLUMNS))
    for name in ("n", "events", "n_reference", "events_reference"):
        frame[name] = frame[name].astype("Int64")
    for name in ("estimate", "lower", "upper", "p_interaction"):
        frame[name] = frame[name].astype(float)
    return frame.assign(measure=measure, level=float(found["level"].iloc[0]) if len(found) else 0.95)


def forest_plot(
    found: pd.DataFrame, labels: Mapping[str, str] | None = None, look: ForestLook | None = None
) -> Any:
    """Draw the forest plot of a subgroup analysis.

    Parameters
    ----------
    found, labels : as in `forest_numbers`.
    look : `ForestLook`: width, what box areas are, which side favours the arm, caption.

    Returns
    -------
    matplotlib Figure, not registered with pyplot; write it with `recist.save_figure`.

    Raises
    ------
    InputError : as `forest_numbers`, or more lines than fit on a page.
    """
    from survival.figures.forest_ink import draw

    return draw(forest_numbers(found, labels), look or ForestLook())


def forest_pages(
    found: pd.DataFrame, labels: Mapping[str, str] | None = None, look: ForestLook | None = None
) -> list[Any]:
    """One forest plot for each arm, and more where its variables do not fit on one page.

    Parameters
    ----------
    found : frame of `subgroup_analysis` or `subgroup_rates`, of any number of arms.
    labels, look : as in `forest_plot`.

    Returns
    -------
    list of matplotlib Figures, arms in their order; each begins with the effect in all subjects.

    Raises
    ------
    InputError : a column is missing.
    """
    from survival.figures.forest_ink import draw, pages

    chosen = look or ForestLook()
    arms = list(dict.fromkeys(found["arm"])) if "arm" in found else []
    parts = [found[(found["arm"] == arm).to_numpy(bool)] for arm in arms] or [found]
    return [draw(page, chosen) for part in parts for page in pages(forest_numbers(part, labels), chosen)]


def alt_text(numbers: pd.DataFrame) -> str:
    """The figure in words."""
    if numbers.empty:
        return "Forest plot without lines: there is no subgroup analysis."
    whole = numbers[numbers["kind"] == "overall"].iloc[0]
    limits = f"{100 * whole['level']:g}% CI"
    text = f"Forest plot: {whole['measure']} ({limits}) of {whole['arm']} against {whole['reference']} in subgroups. "
    parts = [f"{whole['label']} {whole['text']}"]
    for row in numbers[numbers["kind"] != "overall"].to_dict("records"):
        if row["kind"] == "heading":
            shown = (
                "" if pd.isna(row["p_interaction"]) else f" (interaction p {p_text(row['p_interaction'])})"
            )
            parts.append(f"{row['label']}{shown}:")
        else:
            parts.append(f"{row['label']} {row['text']}")
    return text + "; ".join(parts).replace(":;", ":") + "."


def _heading(variable: str, part: pd.DataFrame, labels: Mapping[str, str]) -> dict[str, Any]:
    """The line of a variable, with its test of interaction."""
    p = part["p_interaction"].dropna()
    words = {"kind": "heading", "label": labels.get(variable, _printed(variable)), "text": "", "method": ""}
    return words | {"note": "", "p_interaction": p.iloc[0] if len(p) else None}


def _measure(found: pd.DataFrame) -> str:
    """What the estimates are, from their method."""
    methods = " ".join(found["method"].astype(str)).lower()
    return next((name for name in MEASURES if name in methods), "difference")


def _printed(variable: str) -> str:
    """A column name as a heading."""
    words = variable.replace("_", " ")
    return words[:1].upper() + words[1:]


def _text(estimate: float, lower: float, upper: float, measure: str) -> str:
    """Estimate and limits."""
    if pd.isna(estimate):
        return NOT_ESTIMABLE
    if measure == "difference":
        one, low, high = (rounded(100 * value, 1) for value in (estimate, lower, upper))
        return f"{one} ({low}, {high})"
    return f"{ratio_text(estimate)} ({ratio_text(lower)}\N{EN DASH}{ratio_text(upper)})"
