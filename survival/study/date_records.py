"""The record that a date of an endpoint comes from: file or domain, column or visit, sequence numbers.

As SRCDOM, SRCVAR and SRCSEQ of a CDISC analysis data set (ADaM, time to event), in one text.
"""

from __future__ import annotations

from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import pandas as pd

from survival.fact_sources import SUBJECT_DATES
from survival.study.display import Material, Shown

SDTM = {  # date of the subject table -> where `recist.read_sdtm` has it from
    "randomization_date": "DS.DSSTDTC",
    "treatment_start_date": "DM.RFXSTDTC or EX.EXSTDTC",
    "death_date": "DM.DTHDTC",
    "discontinuation_date": "DS.DSSTDTC",
    "last_alive_date": "last date of the domains",
}


def with_records(material: Material, one: Shown, tte: pd.DataFrame, facts: dict[str, str]) -> pd.DataFrame:
    """The times with a column `record`: where each date stands; `facts` has the fact behind each situation.

    A date that no record carries, such as that of a scheduled visit, has a blank.
    """
    visits = _visits(material, one)
    subjects = _subject_dates(material)
    found = []
    for subject, date, situation in zip(
        tte["subject"].astype(str), tte["date"], tte["situation"].astype(str), strict=True
    ):
        fact = _named(facts.get(situation, ""), material.study.study.start_date)
        seen = visits.get((subject, date), "")
        told = subjects.get((subject, date), {})
        found.append(told.get(fact, "") if fact in SUBJECT_DATES else seen or next(iter(told.values()), ""))
    return tte.assign(record=found)


def _named(fact: str, start: str) -> str:
    """The column of the subject table behind a fact."""
    return start if fact == "start_date" else fact


def _subject_dates(material: Material) -> dict[tuple[str, pd.Timestamp], dict[str, str]]:
    """Subject and day -> the dates of the subject table on that day, each with its place."""
    data, table = material.study.data, material.data.subjects
    found: dict[tuple[str, pd.Timestamp], dict[str, str]] = {}
    for name in SUBJECT_DATES:
        if name not in table:
            continue
        place = SDTM.get(name, name) if data.sdtm is not None else f"{Path(str(data.subjects)).name}: {name}"
        known = table[table[name].notna()]
        for key in zip(known["subject"].astype(str), known[name], strict=True):
            found.setdefault(key, {})[name] = place
    return found


def _visits(material: Material, one: Shown) -> dict[tuple[str, pd.Timestamp], str]:
    """Subject and day -> domain or file, visit and reader of the response of that day."""
    responses = material.responses(one.reading)
    if responses.empty or "visit" not in responses:
        return {}
    who = responses["evaluator"].astype("string")
    if "read_by" in responses:  # an accepted reading is that of one of the readers
        who = responses["read_by"].astype("string").fillna(who)
    numbers = _numbers(material)
    keys = zip(responses["subject"].astype(str), who.astype(str), responses["visit"].astype(str), strict=True)
    places = [f"{numbers.get(key, _file(material))}: {key[2]}, {key[1]}" for key in keys]
    return dict(
        zip(zip(responses["subject"].astype(str), responses["date"], strict=True), places, strict=True)
    )


def _file(material: Material) -> str:
    """Where the assessments stand."""
    data = material.study.data
    if data.sdtm is not None:
        return "RS" if data.responses == "recorded" else "TR"
    return Path(str(data.marrow or data.lesions)).name


def _numbers(material: Material) -> dict[tuple[str, str, str], str]:
    """Subject, reader and visit -> domain with the sequence numbers of its records, where they are known."""
    recorded = material.data.recorded is not None
    rows = material.data.recorded if recorded else material.data.lesions
    if rows is None or "source_seq" not in rows:
        return {}
    domain = pd.Series("RS", rows.index) if recorded else rows["source"].astype("string").fillna("TR")
    keys = [rows[name].astype(str) for name in ("subject", "evaluator", "visit")]
    whole = rows.assign(domain=domain).dropna(subset="source_seq")
    parts = whole.groupby([key.loc[whole.index] for key in keys], sort=False)
    found: dict[tuple[str, str, str], str] = {}
    for (subject, evaluator, visit), group in parts:
        told = [f"{name} {_runs(part['source_seq'])}" for name, part in group.groupby("domain", sort=True)]
        found[str(subject), str(evaluator), str(visit)] = ", ".join(told)
    return found


def _runs(numbers: Iterable[int]) -> str:
    """Whole numbers in order, neighbours as a range.

    Examples
    --------
    >>> _runs([4, 1, 2, 3, 9])
    '1-4, 9'
    """
    order = sorted({int(number) for number in numbers})
    starts = [order[0], *(b for a, b in pairwise(order) if b != a + 1)]
    ends = [*(a for a, b in pairwise(order) if b != a + 1), order[-1]]
    return ", ".join(str(a) if a == b else f"{a}-{b}" for a, b in zip(starts, ends, strict=True))
