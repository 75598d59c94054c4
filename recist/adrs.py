"""Response parameters of the CDISC analysis data set ADRS, out of responses by visit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from recist.adrs_frame import AVALC, NO, PARAMETERS, YES, Block, frame_of
from recist.best_response import best_of
from recist.counted import Counted, count, first_day
from recist.criteria.base import BestResponseRules
from recist.errors import InputError
from recist.immune_adrs import earlier, immune_blocks
from recist.immune_best import as_categorical, immune_records, is_immune
from recist.immune_best_tables import IMMUNE_TABLES
from recist.records import NOTHING, RecordTable, optional_days, read_records
from recist.rules import get_rules
from recist.several import stack_responses
from recist.start import start_of_subjects
from recist.terms import OVERALL

Ints = npt.NDArray[np.integer[Any]]
_BlocksOf = Callable[[Counted, BestResponseRules, Ints, dict[str, npt.NDArray[np.int16]]], list[Block]]
_OF_OVERALL = np.array([AVALC.index(term) for term in OVERALL], np.int8)
_RESPONSES = (AVALC.index("CR"), AVALC.index("PR"))


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
        The columns of `recist.adrs_frame.ADRS_COLUMNS`; the parameters of `recist.adrs_frame.PARAMETERS`, one
        after the other: OVR has a row per assessment, DEATH and MDIS one per subject (when the subject table has
        their column), the others one per subject, evaluator and criteria.  Responses with the column `ioverall`,
        or recorded in iRECIST's words, give the parameters whose names begin with I, and those alone: stack
        the responses under RECIST 1.1 to have both.

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
    subjects, responses = _joined(subjects, responses)
    immune = is_immune(responses)
    frames = []
    if not immune.all() or not len(responses):
        plain = (
            responses if not immune.any() else responses[~immune].drop(columns="ioverall", errors="ignore")
        )
        frames.append(_derived(read_records(plain, subjects), subjects, rules, _blocks))
    if immune.any():
        table = immune_records(responses if immune.all() else responses[immune], subjects)
        frames.append(_derived(table, None if frames else subjects, rules, immune_blocks))
    return frames[0] if len(frames) == 1 else stack_responses(frames)


def _derived(
    table: RecordTable, subjects: pd.DataFrame | None, rules: BestResponseRules | None, blocks_of: _BlocksOf
) -> pd.DataFrame:
    """The parameters out of records; those of the subject table too, where it is given."""
    blocks: list[Block] = []
    ids: dict[str, None] = {}
    for label, positions, records in table.by_criteria():
        chosen = rules or get_rules(label)
        tables = IMMUNE_TABLES if blocks_of is immune_blocks else chosen.tables
        offsets = {name: _offsets(ids, getattr(tables, name).ids()) for name in vars(tables)}
        blocks += blocks_of(count(records, chosen), chosen, positions, offsets)
    if subjects is not None:
        blocks += _of_subjects(table, subjects)
    order = {parameter: n for n, parameter in enumerate(PARAMETERS)}
    return frame_of(sorted(blocks, key=lambda block: order[block.parameter]), table.keys, list(ids))


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
    if "overall" in responses:
        added["overall"] = as_categorical(responses["overall"])  # its words are asked for more than once
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
) -> list[Block]:
    """The parameters of the subjects' readings under one criteria."""
    best = best_of(counted, rules)
    graded = (counted.overall != OVERALL.index("PD")) & (counted.overall != OVERALL.index("NE"))
    benefit = first_day(counted.records.day, counted.late & graded)
    blocks = _assessments(counted, who)
    for parameter, day in {
        "PD": best["progression_date"],
        "RSP": best["response_date"],
        "CRSP": best["confirmed_response_date"],
        "CB": earlier(best["response_date"], benefit),
        "CCB": earlier(best["confirmed_response_date"], benefit),
    }.items():
        blocks.append(Block(parameter, who, day, np.where(day == NOTHING, NO, YES)))
    for parameter, flag, name in (
        ("BOR", "BCP", "best_response"),
        ("CBOR", "CBCP", "confirmed_best_response"),
    ):
        answer, day, rule = best[name], best[f"{name}_date"], offsets[name][best[f"{name}_rule"]]
        blocks.append(Block(parameter, who, day, answer, rule))
        responded = (answer == _RESPONSES[0]) | (answer == _RESPONSES[1])
        day = np.where(responded, day, NOTHING).astype(np.int32)
        blocks.append(Block(flag, who, day, np.where(responded, YES, NO), rule))
    return blocks


def _assessments(counted: Counted, who: Ints) -> list[Block]:
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
        Block("OVR", row, day, answer, counts=counted.window.ravel()[at]),
        Block("LSTA", who, last_day, last_answer),
    ]


def _of_subjects(table: RecordTable, subjects: pd.DataFrame) -> list[Block]:
    """Death, and measurable disease: what the subject table says."""
    at = np.zeros(len(subjects), np.intp)
    at[table.keys["subject"].cat.codes.to_numpy()[::-1]] = np.arange(len(table.keys))[::-1]
    blocks = []
    if "death_date" in subjects:
        day = optional_days(subjects["death_date"])
        blocks.append(Block("DEATH", at, day, np.where(day == NOTHING, NO, YES)))
    if "measurable_disease" in subjects:
        measurable = subjects["measurable_disease"].astype("boolean").fillna(False).to_numpy(bool)
        never = np.full(len(at), NOTHING, np.int32)
        blocks.append(Block("MDIS", at, never, np.where(measurable, YES, NO)))
    return blocks
