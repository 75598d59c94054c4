"""The golden cases through the engine, and what differs from the expected."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator
from functools import cached_property
from typing import Any

import pandas as pd

from recist import assess, best_response, get_criteria
from recist.criteria.base import Criteria
from recist.layout import lay_out
from recist.lesions import as_lesions
from recist.rows import Block, LesionArrays
from recist.visits import new_lesion_rows
from tests.cases.read import (
    START,
    Case,
    lesion_frame,
    sequence_frame,
    subject_frame,
    visit_frame,
)

Record = dict[str, Any]
Answers = dict[str, list[Record]]  # subject -> one record per visit
UNSAID = {"TL-NA", "NT-NA"}
SAME_NAME = {
    "target": "target",
    "non-target": "non_target",
    "new": "new_lesion",
    "overall": "overall",
    "ioverall": "ioverall",
    "injected": "injected_response",
    "non-injected": "non_injected_response",
}
IN_MM = {  # and the mean attenuation, in HU
    "sum": "sum_mm",
    "nadir": "nadir_mm",
    "HU": "attenuation_hu",
    "injected sum": "injected_sum_mm",
    "non-injected sum": "non_injected_sum_mm",
}
Edit = Callable[[Criteria], Criteria]


def unchanged(criteria: Criteria) -> Criteria:
    return criteria


class Group:
    """Cases of one criteria value, ready to be assessed in one call."""

    def __init__(self, label: str, cases: list[Case]) -> None:
        self.criteria, self.cases = get_criteria(label), cases
        self.lesions, self.visits = as_lesions(lesion_frame(cases)), visit_frame(cases)
        self.subjects = subject_frame(cases)

    def answers(self, edit: Edit = unchanged) -> tuple[Answers, pd.DataFrame]:
        """Responses by subject, each with the rules that fired, and the best responses."""
        responses = self.responses(edit)
        return self.by_subject(responses, edit), self.best(responses)

    def responses(self, edit: Edit = unchanged) -> pd.DataFrame:
        """The frame of responses."""
        return assess(self.lesions, edit(self.criteria), start=self.subjects, visits=self.visits)

    @cached_property
    def unedited(self) -> pd.DataFrame:
        """The frame of responses under the criteria as they stand."""
        return self.responses()

    def best(self, responses: pd.DataFrame) -> pd.DataFrame:
        """The best responses that follow from the responses."""
        return best_response(responses, subjects=self.subjects)

    def by_subject(self, responses: pd.DataFrame, edit: Edit = unchanged) -> Answers:
        """One record per visit, with the rules that fired."""
        plain = responses.astype(dict.fromkeys(responses.select_dtypes("category"), str))
        new = self._new_lesion_rules(edit(self.criteria))
        found: Answers = defaultdict(list)
        for record in plain.to_dict("records"):
            key = (record["subject"], record["visit"])
            fired = {rule for column, rule in record.items() if str(column).endswith("_rule")}
            found[key[0]].append(record | {"rules": fired | new.get(key, set())})
        return found

    def _new_lesion_rules(self, criteria: Criteria) -> dict[tuple[str, str], set[str]]:
        """Rules of the table of new lesions by subject and visit; the responses do not carry them."""
        layout = lay_out(self.lesions)
        arrays = LesionArrays(self.lesions, layout, criteria)
        block = Block(arrays, layout, 0, len(layout.subject))
        rows, _ = new_lesion_rows(block, criteria)
        codes = (block.recorded_new[rows], block.by_pet[rows], block.baseline_pet[rows])
        table = criteria.in_force("new_lesion")
        where = self.lesions.iloc[arrays.frame_rows(block.rows)[rows]]
        fired: dict[tuple[str, str], set[str]] = defaultdict(set)
        for subject, visit, rule in zip(where["subject"], where["visit"], table.decide(*codes), strict=True):
            fired[subject, visit].add(table.ids()[rule])
        return fired


def groups(cases: list[Case]) -> list[Group]:
    """The lesion-level cases by criteria value."""
    by_label: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        if not case.is_sequence:
            by_label[case.label].append(case)
    return [Group(label, members) for label, members in by_label.items()]


def best_of_sequences(cases: list[Case], edit: Edit = unchanged) -> pd.DataFrame:
    """Best responses of the sequences, each under the conventions of its case."""
    return pd.concat([best_response(frame, edit(at)) for at, frame in sequences(cases)], ignore_index=True)


def sequences(cases: list[Case]) -> list[tuple[Criteria, pd.DataFrame]]:
    """The responses given by the sequences, by criteria value; the value that most cases have comes first."""
    by_label: dict[str, list[Case]] = defaultdict(list)
    for case in cases:
        if case.is_sequence:
            by_label[case.label].append(case)
    ranked = sorted(by_label.items(), key=lambda item: -len(item[1]))
    return [(get_criteria(label), sequence_frame(some)) for label, some in ranked]


def differences(case: Case, records: list[Record]) -> Iterator[str]:
    """What the responses of a case have that it does not say, in words."""
    if len(records) != len(case.visits):
        yield f"{case.title}: {len(records)} visits, expected {len(case.visits)}"
        return
    for expected, found in zip(case.visits, records, strict=True):
        place = f"{case.title}, visit {expected['visit']}"
        for column, name in SAME_NAME.items():
            absent = {"new": "N"}.get(column, "NA")
            if name in found and (wanted := expected.get(column, absent)) != found[name]:
                yield f"{place}: {column} {found[name]}, expected {wanted}"
        for column, name in IN_MM.items():
            if expected.get(column) and float(expected[column]) != found[name]:
                yield f"{place}: {column} {found[name]}, expected {expected[column]}"
        if set(expected["rules"].split()) != (fired := set(found["rules"]) - UNSAID):
            yield f"{place}: rules {' '.join(sorted(fired))}, expected {expected['rules']}"
        if expected.get("date") and _day(found["date"]) != int(expected["date"]):
            yield f"{place}: dated day {_day(found['date'])}, expected {expected['date']}"


def best_differences(case: Case, best: Record) -> Iterator[str]:
    """What the best response of a case has that it does not say, in words."""
    for kind, name in (("best", "best_response"), ("confirmed", "confirmed_best_response")):
        if kind in case.said:
            on = _day(best[f"{name}_date"])
            found = f"{best[name]} {best[f'{name}_rule']}" + ("" if on is None else f" day {on}")
            if found != case.said[kind]:
                yield f"{case.title}: {kind} {found}, expected {case.said[kind]}"
    for part in filter(None, case.said.get("dates", "").split(", ")):
        kind, number = part.split()
        column = {"confirmed": "confirmed_response_date"}.get(kind, f"{kind}_date")
        if (on := _day(best[column])) != (None if number == "none" else int(number)):
            yield f"{case.title}: {kind} on day {on}, expected {number}"


def _day(date: Any) -> int | None:
    return None if date is pd.NaT else (date - START).days
