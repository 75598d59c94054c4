"""How arms were compared, in words: one wording for tables and figures."""

from __future__ import annotations

from collections.abc import Sequence

_TIES = {"efron": "Efron", "breslow": "Breslow", "discrete": "Cox (discrete)", "exact": "exact"}


def strata_text(strata: Sequence[str]) -> str:
    """By which columns a comparison is stratified.

    Examples
    --------
    >>> strata_text(["region", "sex"]), strata_text([])
    ('stratified by region, sex', 'unstratified')
    """
    return f"stratified by {', '.join(strata)}" if strata else "unstratified"


def ties_text(ties: str) -> str:
    """Whose way to treat events of one day.

    Examples
    --------
    >>> ties_text("efron"), ties_text("discrete")
    ('Efron', 'Cox (discrete)')
    """
    return _TIES.get(ties, ties)


def hazard_ratio_note(ties: str, strata: Sequence[str]) -> str:
    """Model, ties and strata of a hazard ratio and its log-rank test.

    Examples
    --------
    >>> hazard_ratio_note("efron", [])
    'Hazard ratio: Cox model, ties by Efron, unstratified; p: log-rank test, two-sided, unstratified.'
    """
    within = strata_text(strata)
    return f"Hazard ratio: Cox model, ties by {ties_text(ties)}, {within}; p: log-rank test, two-sided, {within}."
