"""Every outcome of the study file, derived: times to events, one after the other, each of its own reading."""

from __future__ import annotations

import pandas as pd

from survival.study.known import DETERIORATION, FIRST, RATE_KEYS, edited_endpoint
from survival.study.load import StudyData
from survival.study.model import EndpointSpec, Study
from survival.study.populations import population
from survival.study.reading import of_reading, reading
from survival.study.safety import safety_start
from survival.study.stack import stacked


def derive_endpoints(
    study: Study, data: StudyData, responses: pd.DataFrame, best: pd.DataFrame
) -> tuple[dict[str, pd.DataFrame], pd.DataFrame]:
    """Times to events of every such endpoint of the study, and all situations that applied."""
    from survival.endpoint import derive_with_situations

    tte: dict[str, pd.DataFrame] = {}
    situations = []
    for spec in time_endpoints(study):
        frames = _frames(study, data, spec, responses, best)
        tte[spec.name], applied = derive_with_situations(edited_endpoint(spec, study), *frames)
        situations.append(applied)
    return tte, stacked(situations) if situations else pd.DataFrame()


def derive_one(
    study: Study, data: StudyData, spec: EndpointSpec, responses: pd.DataFrame, best: pd.DataFrame
) -> pd.DataFrame:
    """One time to an event, perhaps edited."""
    from survival.endpoint import derive_endpoint

    return derive_endpoint(edited_endpoint(spec, study), *_frames(study, data, spec, responses, best))


def _frames(
    study: Study, data: StudyData, spec: EndpointSpec, responses: pd.DataFrame, best: pd.DataFrame
) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame | None]:
    """Subjects, responses and best responses of the reading that an endpoint is made of."""
    if spec.key == DETERIORATION:
        return (*_questionnaires(study, data, spec), None)
    which = reading(study, spec, data)
    everyone = with_first_events(study, data, spec)
    subjects = _with_baseline(population(study, everyone, which.population), data, which.evaluator)
    seen = of_reading(responses, which, subjects)
    if data.marrow is not None:
        return subjects, seen, None  # remission and relapse are facts of the responses themselves
    return subjects, seen, of_reading(best, which, subjects)


def _questionnaires(study: Study, data: StudyData, spec: EndpointSpec) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Subjects and scores of the questionnaires; a study without them cannot have the endpoint."""
    from survival import score_qlq

    if data.qlq_c30 is None:
        number = study.endpoint.index(spec)
        message = f"'{spec.name}' is made of questionnaires. Add qlq_c30 = \"qlq_c30.csv\" to [data]."
        raise study.source.error(("endpoint", number), message)
    subjects = population(study, data.subjects, spec.population or study.analysis.population)
    scores = score_qlq(data.qlq_c30)
    known = scores["subject"].astype(str).isin(subjects["subject"].astype(str))
    return subjects, scores[known].reset_index(drop=True)


def with_first_events(study: Study, data: StudyData, spec: EndpointSpec) -> pd.DataFrame:
    """The subjects with the dates of first adverse events that an endpoint names as its columns."""
    from survival.adverse_events.first import first_date_column, with_first_adverse_event
    from survival.adverse_events.kinds import SUMMARY
    from survival.adverse_events.window import Window

    if spec.key != FIRST or data.adverse_events is None:
        return data.subjects
    kinds = {first_date_column(kind): kind for kind in SUMMARY}
    named = [column for key in ("events", "stops", "followed") for column in spec.settings.get(key, ())]
    subjects, window = data.subjects, Window(start=safety_start(study, data))
    for column in named:
        if column in kinds and column not in subjects:
            subjects = with_first_adverse_event(subjects, data.adverse_events, kinds[column], window)
    return subjects


def _with_baseline(subjects: pd.DataFrame, data: StudyData, evaluator: str) -> pd.DataFrame:
    """Say of subjects whose lesions are followed without a baseline that none is adequate (FDA table A, first row)."""
    if data.lesions is None or data.recorded is not None or "baseline_adequate" in subjects:
        return subjects
    read = data.lesions[data.lesions["evaluator"].astype(str) == evaluator]
    lacking = set(read["subject"].astype(str)) - set(read.loc[read["baseline"], "subject"].astype(str))
    if not lacking:
        return subjects
    return subjects.assign(baseline_adequate=~subjects["subject"].astype(str).isin(lacking))


def time_endpoints(study: Study) -> list[EndpointSpec]:
    """The endpoints of a study that are times to an event."""
    return [spec for spec in study.endpoint if spec.key not in RATE_KEYS]


def rate_endpoints(study: Study) -> list[EndpointSpec]:
    """The endpoints of a study that are proportions of subjects."""
    return [spec for spec in study.endpoint if spec.key in RATE_KEYS]
