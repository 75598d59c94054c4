"""What the page knows of every subject, as compact data: the page draws a subject when it is asked for."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from recist import fill_style, in_order, waterfall_numbers
from survival.formats.grid import printable
from survival.report.coded import Field, Texts, by_subject, present
from survival.report.readings import HIDDEN, RESPONSES, criteria_facts, explained, main_reading, readers
from survival.results import DAYS_PER
from survival.study.display import Material, title_of
from survival.study.stack import stacked

BEST = (
    Field("evaluator", "Evaluator"),
    Field("criteria", "Criteria"),
    Field("best_response", "Best response"),
    Field("best_response_date", "Date", "date"),
    Field("best_response_rule", "Rule"),
    Field("confirmed_best_response", "Confirmed best response"),
    Field("confirmed_best_response_date", "Date", "date"),
    Field("confirmed_best_response_rule", "Rule"),
    Field("remission_date", "Remission", "date"),
    Field("mrd_negative_date", "Residual disease negative", "date"),
    Field("relapse_date", "Relapse", "date"),
    Field("progression_date", "Progression", "date"),
)
LESIONS = (
    Field("evaluator", "Evaluator"),
    Field("lesion", "Lesion"),
    Field("role", "Role"),
    Field("organ", "Organ"),
    Field("visit", "Visit"),
    Field("date", "Date", "date"),
    Field("diameter_mm", "Diameter, mm", "number"),
    Field("viable_mm", "Viable, mm", "number"),
    Field("state", "State"),
    Field("node", "Node", "flag"),
    Field("baseline", "Baseline", "flag"),
)
TIMES = (
    Field("endpoint", "Outcome"),
    Field("time", "Days", "number"),
    Field("shown", "Time", "percent"),
    Field("event", "Event", "flag"),
    Field("start_date", "From", "date"),
    Field("date", "To", "date"),
    Field("situation", "Situation"),
    Field("description", "Reason"),
)
SITUATIONS = (
    Field("endpoint", "Outcome"),
    Field("situation", "Situation"),
    Field("description", "Reason"),
    Field("outcome", "Outcome of it"),
    Field("date", "Date", "date"),
)
FINDINGS = (
    Field("severity", "Severity"),
    Field("finding", "Finding"),
    Field("evaluator", "Evaluator"),
    Field("visit", "Visit"),
    Field("lesion", "Lesion"),
    Field("message", "What was found"),
)
EVENTS = (
    Field("term", "Adverse event"),
    Field("system_organ_class", "System organ class"),
    Field("grade", "Grade", "number"),
    Field("serious", "Serious", "flag"),
    Field("related", "Related", "flag"),
    Field("dose_limiting", "Dose-limiting", "flag"),
    Field("start_date", "Start", "date"),
    Field("end_date", "End", "date"),
)
CAPITALS = {"itt", "ecog", "afp", "ldh", "bmi", "hpv", "msi", "mmr", "ecg", "who", "fab", "eln", "mrd"}
TRUTH = {"true", "false"}  # what a csv makes of a flag


def subject_data(material: Material) -> dict[str, Any]:
    """Everything of every subject, for the page to read."""
    texts = Texts()
    responses = explained(material)
    frames = _frames(material, responses)
    fields = {name: present(frame, wanted) for name, (frame, wanted) in frames.items()}
    rows = {name: by_subject(frames[name][0], fields[name], texts) for name in frames}
    people = _people(material, rows)
    evaluator, criteria = main_reading(material)
    shown = [one.name for one in RESPONSES]
    return {
        "unit": material.study.analysis.unit,
        "main": [printable(evaluator), printable(criteria)],
        "readers": readers(material.study),
        "criteria": {printable(k): v for k, v in criteria_facts(material.study, responses).items()},
        "outcomes": {
            printable(name): printable(title_of(material.study, name)) for name in material.derived.tte
        },
        "terms": in_order({str(one["response"]) for one in people.values() if "response" in one}),
        "colours": _colours(responses, derived_best=material.derived.best),
        "fields": {name: [[f.name, f.head, f.kind] for f in found] for name, found in fields.items()},
        "shown": [one for one in shown if one in {f.name for f in fields["responses"]}],
        "subjects": [
            {"id": who, **about, **{name: mine[who] for name, mine in rows.items() if who in mine}}
            for who, about in people.items()
        ],
        "texts": texts.texts,
        **texts.explanations(),
    }


def study_findings(material: Material) -> pd.DataFrame:
    """The findings that no subject of the page has: they are about a file or the whole study."""
    return material.findings[material.findings["subject"].isna()]


def _frames(material: Material, responses: pd.DataFrame) -> dict[str, tuple[pd.DataFrame, Sequence[Field]]]:
    """The tables of the page: the frame of each and the fields it may have."""
    data, derived = material.data, material.derived
    given = data.subjects.rename(columns={"subject": "_subject"})
    facts = [Field(str(name), _words(str(name)), _kind(given[name])) for name in given if name != "_subject"]
    found: dict[str, tuple[pd.DataFrame, Sequence[Field]]] = {
        "facts": (_flags(data.subjects), facts),
        "responses": (responses, (*RESPONSES, *HIDDEN)),
        "best": (derived.best, BEST),
    }
    if data.lesions is not None:
        lesions = data.lesions.sort_values("date", kind="stable")
        found["lesions"] = (lesions, LESIONS)
    if derived.tte:
        times = stacked(list(derived.tte.values()))
        days_per_unit = DAYS_PER[material.study.analysis.unit]
        found["times"] = (times.assign(shown=times["time"] / days_per_unit), TIMES)
        others = derived.situations[~derived.situations["chosen"].astype(bool)]
        found["situations"] = (others, SITUATIONS)
    named = material.findings[material.findings["subject"].notna()]
    found["findings"] = (named, FINDINGS)
    if data.adverse_events is not None:
        found["events"] = (data.adverse_events.sort_values("start_date", kind="stable"), EVENTS)
    return found


def _colours(responses: pd.DataFrame, derived_best: pd.DataFrame) -> dict[str, str]:
    """The colour of every response that occurs, as in the figures."""
    columns = [responses.get(name) for name in ("target", "non_target", "response", "overall", "ioverall")]
    columns += [derived_best.get(name) for name in ("best_response", "confirmed_best_response")]
    terms = {str(term) for column in columns if column is not None for term in column.dropna().unique()}
    looks = {term: str(fill_style(term)["facecolor"]) for term in in_order(terms)}
    return {printable(term): colour for term, colour in looks.items() if colour != "#FFFFFF"}


def _words(column: str) -> str:
    """A column of the subject table as a heading, abbreviations of the field in capitals."""
    words = [word.upper() if word in CAPITALS else word for word in column.removesuffix("_date").split("_")]
    return " ".join(words)[:1].upper() + " ".join(words)[1:]


def _kind(column: pd.Series[Any]) -> Any:
    """How the values of a column of the subject table are written."""
    if pd.api.types.is_datetime64_any_dtype(column):
        return "date"
    return "flag" if pd.api.types.is_bool_dtype(column) else "text"


def _flags(subjects: pd.DataFrame) -> pd.DataFrame:
    """The table with yes and no where a column of its own says True and False."""
    found = {}
    for name in subjects:
        if _kind(subjects[name]) == "text":
            words = subjects[name].astype("string").str.lower()
            if set(words.dropna()) - {""} and set(words.dropna()) - {""} <= TRUTH:
                found[str(name)] = words.map({"true": "yes", "false": "no"})
    return subjects.assign(**found)


def _people(material: Material, rows: dict[str, dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Each subject with what the list shows: arm, best response, best change."""
    study, data = material.study, material.data
    order = [printable(str(who)) for who in data.subjects["subject"]]
    for name in ("responses", "lesions", "findings"):
        order += list(rows.get(name, {}))
    people: dict[str, dict[str, Any]] = {who: {} for who in order}
    if study.arms is not None and study.arms.column in data.subjects:
        named = data.subjects[study.arms.column].astype("string")
        for who, arm in zip(order, named.tolist(), strict=False):
            if not pd.isna(arm):
                people[who]["arm"] = printable(study.arms.labels.get(str(arm), str(arm)))
    for who, response, change in _best_of_main(material):
        if who in people:
            people[who] |= {"response": response} | ({} if pd.isna(change) else {"change": change})
    return people


def _best_name(material: Material) -> str:
    """The column of the best responses that the study counts."""
    name = material.best_column
    return name if name in material.derived.best else "best_response"


def _best_of_main(material: Material) -> list[tuple[str, str, float]]:
    """Subject, best response and best change of the sum, per cent, in the reading that counts first."""
    evaluator, criteria = main_reading(material)
    best, responses = (
        frame[(frame["evaluator"].astype(str) == evaluator) & (frame["criteria"].astype(str) == criteria)]
        for frame in (material.derived.best, material.derived.responses)
    )
    name = _best_name(material)
    change = pd.Series(dtype=float)
    if "change_from_baseline_pct" in responses and len(best):
        known = material.data.subjects
        if "new_therapy_date" in known:  # no change after it counts
            therapy = known[["subject", "new_therapy_date"]].astype({"subject": str})
            best = best.astype({"subject": str}).merge(therapy, on="subject", how="left")
        bars = waterfall_numbers(responses.reset_index(drop=True), best.reset_index(drop=True), name)
        change = bars.set_index("subject")["change_pct"].round(1)
    who = best["subject"].astype(str)
    terms = best[name].astype("string").fillna("").astype(str)
    return [
        (printable(subject), printable(term), float(change.get(subject, float("nan"))))
        for subject, term in zip(who, terms, strict=True)
    ]
