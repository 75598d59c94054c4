"""How arms were compared, in words: one wording for tables and figures."""

from __future__ import annotations

from collections.abc import Sequence

_TIES = {
    "efron": "Efron",
    "breslow": "Breslow",
    "discrete": "Cox (discrete)",
    "exact": "the exact likelihood",
}


def strata_text(strata: Sequence[str]) -> str:
    """By which columns a comparison is stratified.

    Examples
    --------
    >>> strata_text(["region", "sex"]), strata_text([])
    ('stratified by region, sex', 'unstratified')
    """
    return f"stratified by {', '.join(strata)}" if strata else "unstratified"


def model_text(ties: str) -> str:
    """The model of a hazard ratio, and whose way it has to treat events of one day.

    Examples
    --------
    >>> model_text("efron"), model_text("exact")
    ('Cox model, ties by Efron', 'Cox model, ties by the exact likelihood')
    """
    return f"Cox model, ties by {_TIES.get(ties, ties)}"


def hazard_ratio_note(ties: str, strata: Sequence[str]) -> str:
    """Model, ties and strata of a hazard ratio and its log-rank test.

    Examples
    --------
    >>> hazard_ratio_note("efron", [])
    'Hazard ratio: Cox model, ties by Efron, unstratified; p: log-rank test, two-sided, unstratified.'
    """
    within = strata_text(strata)
    return f"Hazard ratio: {model_text(ties)}, {within}; p: log-rank test, two-sided, {within}."
