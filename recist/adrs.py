"""Response parameters of the CDISC analysis data set ADRS, out of responses by visit.

CDISC ADaM basic data structure; the parameters are those of the admiralonco vignette "Creating ADRS".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from recist.best_response import best_of
from recist.counted import Counted, count, first_day
from recist.criteria.base import BestResponseRules
from recist.errors import InputError
from recist.records import NOTHING, RecordTable, as_dates, optional_days, read_records
from recist.rules import get_rules
from recist.start import start_of_subjects
from recist.terms import BEST, OVERALL

Ints = npt.NDArray[np.integer[Any]]
TUMOUR, REFERENCE = "Tumor Response", "Reference Event"

PARAMETERS = {  # PARAMCD -> (PARAM, PARCAT1)
    "OVR": ("Overall Response", TUMOUR),
    "PD": ("Disease Progression", TUMOUR),
    "RSP": ("Response (confirmation not required)", TUMOUR),
    "CRSP": ("Confirmed Response", TUMOUR),
    "CB": ("Clinical Benefit (confirmation of response not required)", TUMOUR),
    "CCB": ("Confirmed Clinical Benefit", TUMOUR),
    "BOR": ("Best Overall Response (confirmation not required)", TUMOUR),
    "CBOR": ("Best Confirmed Overall Response", TUMOUR),
    "BCP": ("Best Overall Response of CR/PR (confirmation not required)", TUMOUR),
    "CBCP": ("Best Confirmed Overall Response of CR/PR", TUMOUR),
    "LSTA": ("Last Disease Assessment", TUMOUR),
    "MDIS": ("Measurable Disease at Baseline", TUMOUR),
    "DEATH": ("Death", REFERENCE),
}
ADRS_COLUMNS = {  # column -> sentence
    "USUBJID": "Who.",
    "PARAMCD": "Parameter, short.",
    "PARAM": "Parameter.",
    "PARCAT1": "Tumor Response or Reference Event.",
    "PARCAT2": "Who read the scans.",
    "PARCAT3": "Name of the criteria and every edit of its conventions.",
    "ADT": "Date; missing when the answer is N, or there is no record.",
    "AVALC": "Response, or Y and N; missing for the last assessment of a subject without any.",
    "AVAL": "CR 1, PR 2, SD 3, NON-CR/NON-PD 4, PD 5, NE 6, MISSING 7; Y 1, N 0.",
    "ANL01FL": "Y; for OVR only where the record counts for the best response.",
    "RULEID": "BOR, CBOR, BCP, CBCP: row of the table of the rules that decided.",
}
AVALC = (*BEST, "Y", "N")
YES, NO = np.int8(AVALC.index("Y")), np.int8(AVALC.index("N"))
_NUMBER = {"CR": 1, "PR": 2, "SD": 3, "NON-CR/NON-PD": 4, "PD": 5, "NE": 6, "MISSING": 7, "Y": 1, "N": 0}
_OF_OVERALL = np.array([AVALC.index(term) for term in OVERALL], np.int8)
_RESPONSES = (AVALC.index("CR"), AVALC.index("PR"))


@dataclass(frozen=True)
class _Block:
    """The rows of one parameter: position of the series, day, answer, rule."""

    parameter: str
    who: Ints
    day: Ints
    answer: npt.NDArray[np.int8]
    rule: Ints | None = None
    counts: npt.NDArray[np.bool_] | None = None


def derive_adrs(
    responses: pd.DataFrame, subjects: pd.DataFrame, rules: BestResponseRules | None = None
) -> pd.DataFrame:
    """Every response parameter of ADRS in one frame, in CDISC names.

    Parameters
    ----------
    responses : DataFrame
        As for `best_response`; `start_date` may be left to `subjects`.
    subjects : DataFrame
        `subject`; `start_date`, `randomization_date` or `treatment_start_date` (the first of them that is there
        counts) unless the responses have it; `new_therapy_date`, `death_date` and the flag
        `measurable_disease` where there.
    rules : BestResponseRules, optional
        By default those of each row's criteria; `recist.get_rules("admiralonco")` for the results of that
        package.

    Returns
    -------
    DataFrame
        The columns of `recist.adrs.ADRS_COLUMNS`; the parameters of `recist.adrs.PARAMETERS`, one after the
        other: OVR has a row per assessment, DEATH and MDIS one per subject (when the subject table has their
        column), the others one per subject, evaluator and criteria.

    Raises
    ------
    InputError
        When a column is missing, a date is missing, or a response is not a known term.

    Examples
    --------
    >>> subjects = pd.DataFrame({"subject": ["01", "02"], "start_date": pd.to_datetime(["2024-01-01"] * 2)})
    >>> responses = pd.DataFrame({"subject": "01", "overall": ["PR", "PR"],
    ...     "date": pd.to_datetime(["2024-02-26", "2024-03-25"])})
    >>> adrs = derive_adrs(responses, subjects)
    >>> adrs.loc[adrs["PARAMCD"] == "CBOR", ["USUBJID", "AVALC", "RULEID"]].values.tolist()
    [['01', 'PR', 'BC.2'], ['02', 'NE', 'BC.8']]
    """
    if "ioverall" in responses:
        raise InputError(
            "The responses have iRECIST's column 'ioverall'; ADRS takes those of RECIST 1.1 and its variants."
        )
    subjects, responses = _joined(subjects, responses)
    table = read_records(responses, subjects)
    blocks: list[_Block] = []
    ids: dict[str, None] = {}
    for positions, chosen, counted in _parts(table, rules):
        offsets = {name: _offsets(ids, getattr(chosen.tables, name).ids()) for name in vars(chosen.tables)}
        blocks += _blocks(counted, chosen, positions, offsets)
    blocks += _of_subjects(table, subjects)
    order = {parameter: n for n, parameter in enumerate(PARAMETERS)}
    return _frame(sorted(blocks, key=lambda block: order[block.parameter]), table.keys, list(ids))


def _parts(
    table: RecordTable, rules: BestResponseRules | None
) -> list[tuple[Ints, BestResponseRules, Counted]]:
    """For each criteria: the positions of its series, its rules and its records."""
    found = []
    for label, positions, records in table.by_criteria():
        chosen = rules or get_rules(label)
        found.append((positions, chosen, count(records, chosen)))
    return found


def _joined(subjects: pd.DataFrame, responses: pd.DataFrame) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Both frames with the same categories of subjects, in the order of the subject table, and start dates."""
    for frame, name in ((subjects, "subject table"), (responses, "responses")):
        if "subject" not in frame:
            raise InputError(
                f"The {name} has no column 'subject'; it has {', '.join(map(str, frame.columns))}."
            )
    who = pd.Index(subjects["subject"].astype(str), name=None)
    if not who.is_unique:
        raise InputError(
            f"Subject {who[who.duplicated()][0]} has two rows in the table of subjects. Keep one."
        )
    at = _positions(responses["subject"], who)
    added: dict[str, Any] = {"subject": pd.Categorical.from_codes(at, who)}
    if "start_date" not in responses:
        added["start_date"] = start_of_subjects(subjects).to_numpy()[at]
    of_subjects = {name: subjects[name].array for name in subjects} | {
        "subject": pd.Categorical.from_codes(np.arange(len(who)), who)
    }
    of_responses = {name: responses[name].array for name in responses} | added
    return pd.DataFrame(of_subjects, copy=False), pd.DataFrame(of_responses, copy=False)


def _positions(subject: pd.Series, who: pd.Index[Any]) -> npt.NDArray[np.intp]:
    """Where each subject stands in the table of subjects; neighbours of one subject are looked up once."""
    if isinstance(subject.dtype, pd.CategoricalDtype):
        of_category = np.append(who.get_indexer(subject.cat.categories.astype(str)), -1)
        at = of_category[subject.cat.codes]
    else:
        names = subject.to_numpy(object)
        first = np.append(0, np.flatnonzero(names[1:] != names[:-1]) + 1)[: len(names)]
        number = np.diff(np.append(first, len(names)))
        at = np.repeat(who.get_indexer(pd.Index(names[first]).astype(str)), number)
    if (lost := np.flatnonzero(at < 0)).size:
        name = subject.iloc[lost[0]]
        fact = (
            "lack a subject" if pd.isna(name) else f"have subject {name}, whom the table of subjects lacks,"
        )
        raise InputError(f"The responses {fact} in row {lost[0] + 2}. Fill it in, or add the subject there.")
    return at


def _offsets(ids: dict[str, None], rules: tuple[str, ...]) -> npt.NDArray[np.int16]:
    """Number of each rule among all ids; those not known yet are added."""
    ids.update(dict.fromkeys(rules))
    known = {rule: number for number, rule in enumerate(ids)}
    return np.array([known[rule] for rule in rules], np.int16)


def _blocks(
    counted: Counted, rules: BestResponseRules, who: Ints, offsets: dict[str, npt.NDArray[np.int16]]
) -> list[_Block]:
    """The parameters of the subjects' readings under one criteria."""
    best = best_of(counted, rules)
    graded = (counted.overall != OVERALL.index("PD")) & (counted.overall != OVERALL.index("NE"))
    benefit = first_day(counted.records.day, counted.late & graded)
    blocks = _assessments(counted, who)
    for parameter, day in {
        "PD": best["progression_date"],
        "RSP": best["response_date"],
        "CRSP": best["confirmed_response_date"],
        "CB": _earlier(best["response_date"], benefit),
        "CCB": _earlier(best["confirmed_response_date"], benefit),
    }.items():
        blocks.append(_Block(parameter, who, day, np.where(day == NOTHING, NO, YES)))
    for parameter, flag, name in (
        ("BOR", "BCP", "best_response"),
        ("CBOR", "CBCP", "confirmed_best_response"),
    ):
        answer, day, rule = best[name], best[f"{name}_date"], offsets[name][best[f"{name}_rule"]]
        blocks.append(_Block(parameter, who, day, answer, rule))
        responded = (answer == _RESPONSES[0]) | (answer == _RESPONSES[1])
        day = np.where(responded, day, NOTHING).astype(np.int32)
        blocks.append(_Block(flag, who, day, np.where(responded, YES, NO), rule))
    return blocks


def _assessments(counted: Counted, who: Ints) -> list[_Block]:
    """Every assessment, and the last one, whether it counts for the best response or not."""
    records = counted.records
    width = records.real.shape[1]
    at = np.flatnonzero(records.real)
    answer = _OF_OVERALL[records.overall.ravel()[at]]
    if records.not_done.any():
        answer[records.not_done.ravel()[at]] = AVALC.index("ND")
    row = who[at // max(width, 1)]
    day = records.day.ravel()[at]
    number = records.real.sum(axis=1)
    last, seen = np.cumsum(number) - 1, number > 0
    last_day = np.full(len(who), NOTHING, np.int32)
    last_answer = np.full(len(who), -1, np.int8)
    last_day[seen], last_answer[seen] = day[last[seen]], answer[last[seen]]
    return [
        _Block("OVR", row, day, answer, counts=counted.window.ravel()[at]),
        _Block("LSTA", who, last_day, last_answer),
    ]


def _earlier(one: Ints, other: Ints) -> npt.NDArray[np.int32]:
    """The earlier of two days, either of which may be missing."""
    return np.where((other == NOTHING) | ((one != NOTHING) & (one < other)), one, other).astype(np.int32)


def _of_subjects(table: RecordTable, subjects: pd.DataFrame) -> list[_Block]:
    """Death, and measurable disease: what the subject table says."""
    at = np.zeros(len(subjects), np.intp)
    at[table.keys["subject"].cat.codes.to_numpy()[::-1]] = np.arange(len(table.keys))[::-1]
    blocks = []
    if "death_date" in subjects:
        day = optional_days(subjects["death_date"])
        blocks.append(_Block("DEATH", at, day, np.where(day == NOTHING, NO, YES)))
    if "measurable_disease" in subjects:
        measurable = subjects["measurable_disease"].astype("boolean").fillna(False).to_numpy(bool)
        never = np.full(len(at), NOTHING, np.int32)
        blocks.append(_Block("MDIS", at, never, np.where(measurable, YES, NO)))
    return blocks


def _frame(blocks: list[_Block], keys: pd.DataFrame, ids: list[str]) -> pd.DataFrame:
    """The blocks below each other."""
    sizes = [len(block.who) for block in blocks]

    def spread(values: list[int]) -> npt.NDArray[np.int8]:
        return np.repeat(np.array(values, np.int8), sizes)

    def category(codes: npt.NDArray[Any], words: list[str]) -> pd.Categorical:
        return pd.Categorical.from_codes(codes, pd.Index(words, dtype="str"))

    who = np.concatenate([block.who for block in blocks])
    answer = np.concatenate([block.answer for block in blocks])
    number = spread([list(PARAMETERS).index(block.parameter) for block in blocks])
    groups = [TUMOUR, REFERENCE]
    of_subject = np.repeat([block.parameter in ("DEATH", "MDIS") for block in blocks], sizes)
    reading = {}
    for name, column in (("PARCAT2", "evaluator"), ("PARCAT3", "criteria")):
        codes = np.where(of_subject, -1, keys[column].cat.codes.to_numpy()[who])
        reading[name] = pd.Categorical.from_codes(codes, keys[column].cat.categories)
    value = np.array([_NUMBER.get(term, np.nan) for term in AVALC] + [np.nan])
    counts = [np.ones(len(b.who), bool) if b.counts is None else b.counts for b in blocks]
    rule = [np.full(len(b.who), -1, np.int16) if b.rule is None else b.rule for b in blocks]
    return pd.DataFrame(
        {
            "USUBJID": pd.Categorical.from_codes(
                keys["subject"].cat.codes.to_numpy()[who], keys["subject"].cat.categories
            ),
            "PARAMCD": category(number, list(PARAMETERS)),
            "PARAM": category(number, [param for param, _ in PARAMETERS.values()]),
            "PARCAT1": category(spread([groups.index(PARAMETERS[b.parameter][1]) for b in blocks]), groups),
            **reading,
            "ADT": as_dates(np.concatenate([block.day for block in blocks])),
            "AVALC": category(answer, list(AVALC)),
            "AVAL": value[answer],
            "ANL01FL": category(np.where(np.concatenate(counts), np.int8(0), np.int8(-1)), ["Y"]),
            "RULEID": category(np.concatenate(rule), ids),
        },
        copy=False,
    )
