"""Every response of every reading as the page shows it: its numbers, its limits and its explanation."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

import recist
from recist import get_criteria, get_leukaemia_criteria
from survival.formats.grid import printable
from survival.report.coded import Field
from survival.study.display import Material
from survival.study.model import Study

RESPONSES = (  # in the order of the table of visits; those that the study has
    Field("visit", "Visit"),
    Field("date", "Date", "date"),
    Field("day", "Days from start", "number"),
    Field("sum_mm", "Sum, mm", "number"),
    Field("change_from_baseline_pct", "From baseline, %", "percent"),
    Field("change_from_nadir_pct", "From nadir, %", "percent"),
    Field("change_from_nadir_mm", "From nadir, mm", "number"),
    Field("blasts_pct", "Marrow blasts, %", "number"),
    Field("neutrophils", "Neutrophils, 10⁹/L", "number"),
    Field("platelets", "Platelets, 10⁹/L", "number"),
    Field("circulating_blasts", "Blasts in blood", "flag"),
    Field("extramedullary", "Extramedullary", "flag"),
    Field("response", "Response"),
    Field("mrd_status", "Residual disease"),
    Field("target", "Target"),
    Field("non_target", "Non-target"),
    Field("new_lesion", "New lesion"),
    Field("overall", "Overall"),
    Field("ioverall", "iRECIST"),
)
HIDDEN = (  # what the profile and the cells need beside it
    Field("evaluator", "Evaluator"),
    Field("criteria", "Criteria"),
    Field("read_by", "Read by"),
    Field("start_date", "Start", "date"),
    Field("baseline_mm", "Baseline, mm", "number"),
    Field("nadir_mm", "Nadir, mm", "number"),
    Field("pre_blasts_pct", "Blasts before treatment, %", "number"),
    Field("pr_mm", "Limit of PR, mm", "number"),
    Field("pd_mm", "Limit of PD, mm", "number"),
    *(
        Field(f"{name}_rule", "Rule")
        for name in ("response", "mrd", "target", "non_target", "overall", "ioverall")
    ),
    Field("explanation", "Explanation", "lines"),
)


def explained(material: Material) -> pd.DataFrame:
    """The responses in order of date, with the limits of the sum and the explanation of each."""
    responses = material.derived.responses
    own = responses
    if "classification" in responses:  # each subject by the classification of its disease
        own = responses.assign(criteria=responses["classification"])
    told = responses.assign(explanation=[_body(text) for text in recist.explain_all(own)])
    if "baseline_mm" in responses:
        told = told.assign(**_limits(responses))
    return told.sort_values("date", kind="stable").reset_index(drop=True)


def _body(text: str) -> str:
    """An explanation without its first line, which says what the page already shows."""
    return text.split("\n", 1)[1].strip("\n") if "\n" in text else text


def _limits(responses: pd.DataFrame) -> dict[str, Any]:
    """The sums at which a visit is PR and PD by the sum (RECIST 1.1, section 4.3.1), mm."""
    pr_mm, pd_mm = np.full(len(responses), np.nan), np.full(len(responses), np.nan)
    label = responses["criteria"].astype(str).to_numpy()
    base, nadir = (responses[name].to_numpy(float) for name in ("baseline_mm", "nadir_mm"))
    for name in sorted(set(label)):
        criteria, mine = get_criteria(name), label == name
        pr_mm[mine] = base[mine] * (100 - criteria.pr_pct) / 100
        pd_mm[mine] = np.maximum(nadir * (100 + criteria.pd_pct) / 100, nadir + criteria.pd_abs_mm)[mine]
    return {"pr_mm": pr_mm, "pd_mm": pd_mm}


def criteria_facts(study: Study, responses: pd.DataFrame) -> dict[str, dict[str, Any]]:
    """What the page must know of each criteria: its title, and what it measures of a lesion."""
    found: dict[str, dict[str, Any]] = {}
    for label in sorted(set(responses["criteria"].dropna().astype(str))):
        if study.data.marrow is not None:
            titles = [get_leukaemia_criteria(name).title for name in label.split(" / ")]
            found[label] = {"title": " and ".join(titles)}
            continue
        criteria = get_criteria(label)
        edits = label.removeprefix(criteria.name)
        title = "as recorded" if study.data.responses == "recorded" else criteria.title + edits
        found[label] = {"title": title, "measure": criteria.measure, "small": criteria.tstm_mm}
    return found


def main_reading(material: Material) -> tuple[str, str]:
    """The reading that the study counts first: that of its first outcome, else the first one there is."""
    from survival.study.notes import uses_responses
    from survival.study.reading import reading

    study = material.study
    for spec in study.endpoint:
        if uses_responses(study, spec):
            which = reading(study, spec, material.data)
            return which.evaluator, which.criteria
    rows = material.derived.responses
    return (str(rows["evaluator"].iloc[0]), str(rows["criteria"].iloc[0])) if len(rows) else ("", "")


def readers(study: Study) -> list[str]:
    """The two readers whose responses the study compares, none where it compares none."""
    if study.concordance is not None:
        return [printable(name) for name in study.concordance.evaluators]
    if study.readers is not None:
        return [printable(study.readers.reader_1), printable(study.readers.reader_2)]
    return []


def in_brief(material: Material) -> str:
    """Who is in the study, until when, and which reading counts first."""
    subjects = material.data.subjects
    arms = material.study.arms
    told = f"{len(subjects):,} subjects"
    if arms is not None and arms.column in subjects:
        counts = subjects[arms.column].astype("string").value_counts()
        order = [name for name in (arms.order or sorted(counts.index)) if name in counts]
        told += f" ({', '.join(f'{arms.labels.get(name, name)} {counts[name]:,}' for name in order)})"
    sentences = [f"{told}."]
    if "cutoff_date" in subjects and subjects["cutoff_date"].notna().any():
        sentences.append(f"Data cutoff {subjects['cutoff_date'].max():%Y-%m-%d}.")
    evaluator, criteria = main_reading(material)
    facts = criteria_facts(material.study, material.derived.responses)
    if criteria in facts:  # not where nobody was assessed after baseline
        title = facts[criteria]["title"]
        sentences.append(f"The list of subjects shows best responses by {title}, {evaluator}.")
    return " ".join(sentences)
