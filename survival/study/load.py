"""Read the tables that a study file names."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from recist import VISITS, InputError, conform, read_conformed, read_lesions, read_marrow, read_sdtm
from survival.study.model import Study, Value
from survival.study.readers import read_adjudication
from survival.study.source import nearest

_SHOWN = 20  # values of a column that an error lists


@dataclass(frozen=True)
class StudyData:
    """The tables of a study as they were read, and the files they came from."""

    lesions: pd.DataFrame | None
    subjects: pd.DataFrame
    visits: pd.DataFrame | None
    recorded: pd.DataFrame | None  # responses as recorded; None when they are to be derived
    findings: tuple[pd.DataFrame, ...]  # what reading already found
    inputs: dict[str, Path]  # name in the manifest -> file
    adjudication: pd.DataFrame | None = None  # whose reading is accepted
    marrow: pd.DataFrame | None = None
    adverse_events: pd.DataFrame | None = None
    qlq_c30: pd.DataFrame | None = None
    beside: pd.DataFrame | None = None  # responses that were recorded, when they are derived from lesions

    @property
    def evaluators(self) -> list[str]:
        """Who read; the accepted reading is made of theirs."""
        frame = self.lesions if self.recorded is None else self.recorded
        frame = self.marrow if frame is None else frame
        return [] if frame is None else sorted(frame["evaluator"].dropna().astype(str).unique())


def load(study: Study) -> StudyData:
    """The tables of the study; a file that cannot be read gives an InputError with its path."""
    data = _from_sdtm(study) if study.data.sdtm is not None else _from_tables(study)
    return replace(data, adjudication=read_adjudication(study, data.inputs))


def _from_tables(study: Study) -> StudyData:
    """Every table that the study file names, one file each."""
    inputs: dict[str, Path] = {study.source.path.name: study.source.path}
    tables = {name: _table(study, name, inputs) for name in TABLES if getattr(study.data, name) is not None}
    return StudyData(
        lesions=tables.get("lesions"),
        subjects=tables["subjects"],
        visits=tables.get("visits"),
        recorded=None,
        findings=(),
        inputs=inputs,
        **{name: tables.get(name) for name in ("marrow", *_BESIDE)},
    )


def _table(study: Study, name: str, inputs: dict[str, Path]) -> pd.DataFrame:
    """One table of the study file, its columns named as the file says."""
    written = getattr(study.data, name)
    path = inputs[written] = study.source.resolve(("data", name), written)
    if not path.exists():
        raise study.source.error(("data", name), f'{name} = "{written}": there is no file {path}.')
    columns = study.data.columns.get(name)
    try:
        return TABLES[name](path, columns)
    except InputError as error:
        if columns and "to rename" in str(error):
            key = ("data", "columns", name)
            hint = 'The left side is the column of the file, the right side ours: PATNO = "subject".'
            raise study.source.error(key, f"{error} {hint}") from None
        raise


def _read_subjects(path: Path, columns: Mapping[str, str] | None) -> pd.DataFrame:
    from survival.subjects import read_subjects

    return read_subjects(path, columns)


def _read_visits(path: Path, columns: Mapping[str, str] | None) -> pd.DataFrame:
    return read_conformed(path, columns, lambda frame: conform(frame, VISITS))


def _read_adverse_events(path: Path, columns: Mapping[str, str] | None) -> pd.DataFrame:
    from survival import read_adverse_events

    events: pd.DataFrame = read_adverse_events(path, columns)
    return events


def _read_qlq(path: Path, columns: Mapping[str, str] | None) -> pd.DataFrame:
    from survival import read_qlq

    answers: pd.DataFrame = read_qlq(path, columns)
    return answers


TABLES: dict[str, Callable[[Path, Mapping[str, str] | None], pd.DataFrame]] = {  # key of [data] -> reader
    "lesions": read_lesions,
    "subjects": _read_subjects,
    "visits": _read_visits,
    "marrow": read_marrow,
    "adverse_events": _read_adverse_events,
    "qlq_c30": _read_qlq,
}
_BESIDE = ("adverse_events", "qlq_c30")  # tables that SDTM of lesions and responses does not hold


def _from_sdtm(study: Study) -> StudyData:
    """Everything from a folder of SDTM."""
    source, data = study.source, study.data
    folder = source.resolve(("data", "sdtm"), str(data.sdtm))
    if not folder.is_dir():
        raise source.error(("data", "sdtm"), f'sdtm = "{data.sdtm}": there is no folder {folder}.')
    read = read_sdtm(folder, suffix=data.suffix, names=data.files)
    inputs = {source.path.name: source.path} | {f"{data.sdtm}/{path.name}": path for path in read.files}
    beside = {name: _table(study, name, inputs) for name in _BESIDE if getattr(data, name) is not None}
    if data.responses == "recorded":
        if read.responses is None:
            raise source.error(("data", "responses"), "there are no recorded responses (RS) in the folder.")
        recorded, left_out = _counted(study, read.responses)
        return StudyData(
            read.lesions, read.subjects, None, recorded, (read.findings, left_out), inputs, **beside
        )
    if read.lesions is None:
        raise source.error(("data", "sdtm"), "there are no lesions (TU and TR) in the folder.")
    return StudyData(
        read.lesions, read.subjects, None, None, (read.findings,), inputs, beside=read.responses, **beside
    )


def _counted(study: Study, responses: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Recorded responses that count, and a finding about those among them that cannot."""
    counts = pd.Series(True, index=responses.index)
    for column, wanted in study.data.recorded.where.items():
        counts &= holds(study, ("data", "recorded", "where", column), responses, wanted)
    usable = responses["overall"].notna() & responses["date"].notna()
    kept = responses[counts & usable].reset_index(drop=True)
    if kept.empty:
        raise study.source.error(("data", "responses"), "no recorded response is accepted, dated and known.")
    return kept, _left_out(responses[counts & ~usable])


def _left_out(records: pd.DataFrame) -> pd.DataFrame:
    """One finding on recorded responses without a known word or day; reading named the doubtful ones."""
    if records.empty:
        return pd.DataFrame()
    blank = int((~records["overall_given"]).sum())
    message = (
        f"{len(records)} accepted responses take no part: {blank} are blank, "
        f"{len(records) - blank} have no known response or no day (RS)"
    )
    found = {"finding": "response_left_out", "severity": "note", "message": message}
    return pd.DataFrame([found | dict.fromkeys(("subject", "evaluator", "visit", "lesion", "row"))])


def holds(
    study: Study,
    key: tuple[str | int, ...],
    frame: pd.DataFrame,
    wanted: Value | list[Value],
) -> pd.Series[Any]:
    """Whether the column that the key ends with has a value (or one of several); unknown ones are errors."""
    column = str(key[-1])
    if column not in frame:
        raise study.source.error(
            key, f"there is no column '{column}'.{nearest(column, map(str, frame.columns))}"
        )
    values = wanted if isinstance(wanted, list) else [wanted]
    text = frame[column].astype("string")
    if any(isinstance(value, bool) for value in values) or pd.api.types.is_bool_dtype(frame[column]):
        text = text.str.lower()
    asked = [str(value).lower() if isinstance(value, bool) else str(value) for value in values]
    for value in asked:
        if not (text == value).any():
            raise study.source.error(
                key, f"no row has {column} = '{value}'.{nearest(value, sorted(text.dropna().unique())[:20])}"
            )
    return text.isin(asked)
