"""Response of acute leukaemia within the window of the study: best responses and rates of remission."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from survival.study.display import DisplayKind, Material, Shown, one_display, shell_of
from survival.study.leukaemia import leukaemia_best, leukaemia_label, remissions
from survival.study.readers import evaluators_of
from survival.study.reading import Reading
from survival.study.time_frame import frame_days


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
    given = best.set_index(best["subject"].astype(str))["best_response"].astype(str)
    flagged = flagged.assign(best_response=flagged["subject"].astype(str).map(given).fillna("NE").to_numpy())
    asked = [Share(name=rate.name, title=rate.name, flag=rate.name) for rate in LEUKAEMIA_RATES]
    terms = [
        term for term in best["best_response"].cat.categories if (flagged["best_response"] == term).any()
    ]
    asked += [
        Share(name=f"best {term}", title=f"Best response {term}", where={"best_response": term})
        for term in terms
    ]
    within = f" within {window} of the first dose" if window else ""
    shell = shell_of(material, one, PROPORTION, f"Response{within}")
    note = "Responses derived from marrow assessments; subjects without one count as not evaluable (NE)."
    shell = replace(shell, footnotes=(*shell.footnotes[:-1], note))
    return proportion_table(
        flagged, asked, material.by or None, shell, conf_type=study.analysis.rate_conf_type
    )


DISPLAYS = (
    DisplayKind(
        name="leukaemia_response_table",
        form="table",
        place=12,
        sentence="Acute leukaemia: rates of CR, CRh, CRi, with and without residual disease, and best responses.",
        wanted=_wanted,
        make=_table,
    ),
)
