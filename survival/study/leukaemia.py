"""[leukaemia] of a study file: marrow assessments judged by one classification, or by one per disease."""

from __future__ import annotations

from collections.abc import Iterator

import pandas as pd

import recist
from survival.study.load import StudyData
from survival.study.model import Leukaemia, Study
from survival.study.source import Fault, Key, nearest
from survival.study.stack import stacked

DEFAULT = "aml_eln2022"


def leukaemia_faults(study: Study) -> Iterator[Fault]:
    """Names in [leukaemia] that do not exist or do not fit together."""
    if (spec := study.leukaemia) is None:
        return
    known = list(recist.all_leukaemia_criteria())
    named: list[tuple[Key, str | None]] = [(("leukaemia", "criteria"), spec.criteria)]
    named += [(("leukaemia", "by_value", value), name) for value, name in spec.by_value.items()]
    for key, name in named:
        if name is not None and name not in known:
            yield key, f"criteria '{name}' is not known.{nearest(name, known)}"
    if (spec.column is None) != (not spec.by_value):
        yield (
            ("leukaemia",),
            'column and by_value go together: column = "disease" and a table [leukaemia.by_value] of value = criteria.',
        )
    if spec.column is not None and spec.criteria is not None:
        yield ("leukaemia", "criteria"), "criteria stands beside by_value. Keep one of them."
    if study.data.marrow is None:
        yield ("leukaemia",), '[leukaemia] needs marrow assessments. Add marrow = "marrow.csv" to [data].'


def classifications(study: Study) -> dict[str, str]:
    """Value of the column -> criteria; one entry with an empty value where all subjects have the same."""
    spec = study.leukaemia or Leukaemia()
    return dict(spec.by_value) or {"": spec.criteria or DEFAULT}


def leukaemia_label(study: Study) -> str:
    """What the column `criteria` holds: the classification, or all of them."""
    return " / ".join(dict.fromkeys(classifications(study).values()))


def leukaemia_responses(study: Study, data: StudyData, start: pd.DataFrame) -> pd.DataFrame:
    """Response at every marrow assessment, each subject by the classification of its disease."""
    assert data.marrow is not None  # the study file was refused otherwise
    marrow = data.marrow[data.marrow["subject"].astype(str).isin(set(start["subject"].astype(str)))]
    if "landmark_date" in data.subjects:
        start = start.merge(data.subjects[["subject", "landmark_date"]], on="subject")
    _check_values(study, data.subjects, marrow)
    frames = []
    for value, name in classifications(study).items():
        rows = marrow["subject"].astype(str).isin(_with_value(study, data.subjects, value))
        if rows.any():
            frames.append(recist.assess_leukaemia(marrow[rows].reset_index(drop=True), name, start))
    if not frames:
        raise study.source.error(("data", "marrow"), "no subject with a start date has a marrow assessment.")
    whole = frames[0] if len(frames) == 1 else stacked(frames)
    label = pd.Categorical([leukaemia_label(study)] * len(whole))
    return whole.assign(classification=whole["criteria"], criteria=label)


def _with_value(study: Study, subjects: pd.DataFrame, value: str) -> set[str]:
    """The subjects whose disease is of that value; a value without classification is an error."""
    spec = study.leukaemia
    if spec is None or spec.column is None:
        return set(subjects["subject"].astype(str))
    if spec.column not in subjects:
        known = nearest(spec.column, map(str, subjects.columns))
        raise study.source.error(
            ("leukaemia", "column"), f"the subject table has no column '{spec.column}'.{known}"
        )
    found = subjects[spec.column].astype("string")
    if other := sorted(set(found.dropna()) - set(spec.by_value)):
        raise study.source.error(
            ("leukaemia", "by_value"),
            f"column '{spec.column}' holds '{other[0]}', for which no criteria is named. Add it.",
        )
    return set(subjects.loc[(found == value).fillna(False), "subject"].astype(str))


def _check_values(study: Study, subjects: pd.DataFrame, marrow: pd.DataFrame) -> None:
    """Whoever has marrow assessments has a disease to judge them by."""
    judged = set[str]().union(*(_with_value(study, subjects, value) for value in classifications(study)))
    if lost := sorted(set(marrow["subject"].astype(str)) - judged):
        assert study.leukaemia is not None  # without a column everyone is judged
        raise study.source.error(
            ("leukaemia", "column"),
            f"column '{study.leukaemia.column}' is blank for subject {lost[0]}, who has marrow assessments. "
            "Fill it in, so that they are judged by a classification.",
        )


def leukaemia_best(
    study: Study, data: StudyData, responses: pd.DataFrame, window_days: int | None = None
) -> pd.DataFrame:
    """Best response of every subject, each by its classification, within a window from the first dose."""
    frames = []
    for value, name in classifications(study).items():
        who = _with_value(study, data.subjects, value)
        rows = responses[responses["subject"].astype(str).isin(who)]
        if len(rows):
            subjects = data.subjects[data.subjects["subject"].astype(str).isin(who)]
            found = recist.best_leukaemia_response(_own(rows), window_days, subjects.reset_index(drop=True))
            frames.append(found.assign(classification=name))
    if not frames:  # nobody was assessed up to the cutoff
        none = recist.best_leukaemia_response(_own(responses[:0]), window_days)
        frames.append(none.assign(classification=pd.Series(dtype="str")))
    whole = frames[0] if len(frames) == 1 else stacked(frames)
    ranks = frames[0]["best_response"].dtype  # from best to worst, the same for every classification
    label = pd.Categorical([leukaemia_label(study)] * len(whole))
    return whole.assign(best_response=whole["best_response"].astype(ranks), criteria=label)


def _own(rows: pd.DataFrame) -> pd.DataFrame:
    """Responses under the classification that each subject is judged by, instead of the joint label."""
    return rows.assign(criteria=rows["classification"]).drop(columns="classification").reset_index(drop=True)


def remissions(
    study: Study, subjects: pd.DataFrame, responses: pd.DataFrame, window_days: int | None = None
) -> pd.DataFrame:
    """The subjects with a flag for each rate of remission, each by its classification; who has none is not evaluable."""
    from survival.leukaemia_rates import remission_flags

    frames = []
    names = subjects["subject"].astype(str)
    parts = [_with_value(study, subjects, value) for value in classifications(study)]
    for who in (*parts, set(names).difference(*parts)):
        own = _own(responses[responses["subject"].astype(str).isin(who)])
        part = subjects[names.isin(who)].reset_index(drop=True)
        if len(part):
            frames.append(remission_flags(own, part, window_days))
    return pd.concat(frames, ignore_index=True)
