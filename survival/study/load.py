"""Read the tables that a study file names."""

from __future__ import annotations

from dataclasses import dataclass, replace
from pathlib import Path
from typing import Any

import pandas as pd

from recist import VISITS, conform, read_lesions, read_sdtm, read_table
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

    @property
    def evaluators(self) -> list[str]:
        """Who read; the accepted reading is made of theirs."""
        frame = self.lesions if self.recorded is None else self.recorded
        return [] if frame is None else sorted(frame["evaluator"].dropna().astype(str).unique())


def load(study: Study) -> StudyData:
    """The tables of the study; a file that cannot be read gives an InputError with its path."""
    data = _from_sdtm(study) if study.data.sdtm is not None else _from_tables(study)
    return replace(data, adjudication=read_adjudication(study, data.inputs))


def _from_tables(study: Study) -> StudyData:
    """Lesions, subjects and, where named, visits, one file each."""
    from survival.subjects import read_subjects

    source, data = study.source, study.data
    inputs: dict[str, Path] = {study.source.path.name: study.source.path}
    paths: dict[str, Path] = {}
    for key in ("lesions", "subjects", "visits"):
        if (written := getattr(data, key)) is not None:
            paths[key] = inputs[written] = source.resolve(("data", key), written)
            if not paths[key].exists():
                raise source.error(("data", key), f'{key} = "{written}": there is no file {paths[key]}.')
    return StudyData(
        lesions=read_lesions(paths["lesions"]),
        subjects=read_subjects(paths["subjects"]),
        visits=conform(read_table(paths["visits"]), VISITS) if "visits" in paths else None,
        recorded=None,
        findings=(),
        inputs=inputs,
    )


def _from_sdtm(study: Study) -> StudyData:
    """Everything from a folder of SDTM."""
    source, data = study.source, study.data
    folder = source.resolve(("data", "sdtm"), str(data.sdtm))
    if not folder.is_dir():
        raise source.error(("data", "sdtm"), f'sdtm = "{data.sdtm}": there is no folder {folder}.')
    read = read_sdtm(folder, suffix=data.suffix, names=data.files)
    inputs = {source.path.name: source.path} | {f"{data.sdtm}/{path.name}": path for path in read.files}
    if data.responses == "recorded":
        if read.responses is None:
            raise source.error(("data", "responses"), "there are no recorded responses (RS) in the folder.")
        recorded, left_out = _counted(study, read.responses)
        return StudyData(read.lesions, read.subjects, None, recorded, (read.findings, left_out), inputs)
    if read.lesions is None:
        raise source.error(("data", "sdtm"), "there are no lesions (TU and TR) in the folder.")
    return StudyData(read.lesions, read.subjects, None, None, (read.findings,), inputs)


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
    if isinstance(frame[column].dtype, pd.BooleanDtype) or frame[column].dtype == bool:
        text = text.str.lower()
    asked = [str(value).lower() if isinstance(value, bool) else str(value) for value in values]
    for value in asked:
        if not (text == value).any():
            raise study.source.error(
                key, f"no row has {column} = '{value}'.{nearest(value, sorted(text.dropna().unique())[:20])}"
            )
    return text.isin(asked)
