"""Response of acute leukaemia within the window of the study: best responses and rates of remission."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import pandas as pd

from survival.study.display import DisplayKind, Material, Shown, one_display, shell_of
from survival.study.leukaemia import leukaemia_best, leukaemia_label, remissions
from survival.study.readers import evaluators_of
from survival.study.reading import Reading
from survival.study.time_frame import frame_days

NOT_EVALUABLE = "why not evaluable"
TERMS = (
    "CR: complete remission; CRh: with partial, CRi: with incomplete haematologic recovery; MLFS: morphologic "
    "leukaemia-free state; PR: partial remission; NR: no response; MRD: measurable residual disease."
)
REASONS = ("no marrow assessment that counts", "none that could be judged")


def _wanted(material: Material) -> Iterator[Shown]:
    """One per reading of a study with marrow assessments."""
    study = material.study
    if material.data.marrow is not None:
        for evaluator in evaluators_of(study, material.data.evaluators):
            which = Reading(evaluator, leukaemia_label(study), study.analysis.population)
            yield one_display("leukaemia_response_table", study, (), which, "leukaemia_response")


def _table(material: Material, one: Shown) -> Any:
    """Rates of remission, and every best response that occurs."""
    from dataclasses import replace

    from survival import Share, proportion_table
    from survival.leukaemia_rates import LEUKAEMIA_RATES
    from survival.tables.proportion import PROPORTION

    study, subjects = material.study, material.subjects(one.reading)
    window = study.leukaemia.window if study.leukaemia else None
    days = None if window is None else frame_days(window)
    responses = material.responses(one.reading)
    flagged = remissions(study, subjects, responses, days)
    best = leukaemia_best(study, replace(material.data, subjects=subjects), responses, days)
    given = dict(zip(best["subject"].astype(str), best["best_response"].astype(str), strict=True))
    flagged = flagged.assign(best_response=[given.get(str(who), "NE") for who in flagged["subject"]])
    asked = [Share(name=rate.name, title=rate.name, flag=rate.name) for rate in LEUKAEMIA_RATES]
    terms = [
        term for term in best["best_response"].cat.categories if (flagged["best_response"] == term).any()
    ]
    asked += [
        Share(name=f"best {term}", title=f"Best response {_in_words(term)}", where={"best_response": term})
        for term in terms
    ]
    within = f" within {window} of the first dose" if window else ""
    flagged, reasons = _with_reasons(flagged, best)
    asked += [Share(name=f"NE: {one}", title=f"NE: {one}", where={NOT_EVALUABLE: one}) for one in reasons]
    shell = shell_of(material, one, PROPORTION, f"Response{within}")
    note = "Responses derived from marrow assessments; subjects without one count as not evaluable (NE)."
    shell = replace(shell, footnotes=(*shell.footnotes[:-1], note, TERMS))
    return proportion_table(
        flagged, asked, material.by or None, shell, conf_type=study.analysis.rate_conf_type
    )


def _in_words(term: str) -> str:
    """A response as a table prints it."""
    return term.replace("_MRD-", ", MRD-negative")


def _with_reasons(flagged: pd.DataFrame, best: pd.DataFrame) -> tuple[pd.DataFrame, list[str]]:
    """The subjects with the reason of each best response NE, and the reasons, none when nobody has NE."""
    counted = best.set_index(best["subject"].astype(str))["n_assessments"]
    number = flagged["subject"].astype(str).map(counted).fillna(0).to_numpy()
    reason = pd.Series(REASONS[1], index=flagged.index).mask(number == 0, REASONS[0])
    is_ne = (flagged["best_response"] == "NE").to_numpy()
    flagged = flagged.assign(**{NOT_EVALUABLE: reason.where(is_ne, "")})
    return flagged, list(REASONS) if is_ne.any() else []


DISPLAYS = (
    DisplayKind(
        name="leukaemia_response_table",
        form="table",
        place=12,
        sentence="Acute leukaemia: rates of CR, CRh, CRi, with and without residual disease, and best responses.",
        takes=("population", "evaluator"),
        wanted=_wanted,
        make=_table,
    ),
)
