"""The facts of a subject, one by one, in days from the start."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pandas as pd
import pytest

from survival.fact_rules import FactRules
from survival.facts import FACTS, subject_facts
from tests.endpoints.frames import START, at, best_of, course, one_subject

SEEN = ((56, "PR"), (112, "PR"), (168, "NE"), (224, "PD"), (280, "SD"))


def fact(name: str, *visits: tuple[float, str], rules: FactRules | None = None, **days: Any) -> Any:
    """A fact of one subject; a date as days from the start."""
    responses = course(*visits)
    value = subject_facts(one_subject(**days), responses, best_of(responses), rules)[name].iloc[0]
    if isinstance(value, pd.Timestamp):
        return (value - START).days
    return None if pd.isna(value) else value


def test_the_columns_are_those_of_the_dictionary() -> None:
    facts = subject_facts(one_subject(), course(*SEEN))
    assert list(facts) == list(FACTS)
    for name, (dtype, _) in FACTS.items():
        assert name == "subject" or str(facts[name].dtype).startswith(dtype)


@pytest.mark.parametrize(
    ("name", "days", "expected"),
    [
        ("progression_date", {}, 224),
        ("progression_date", {"cutoff": 223}, None),
        ("death_date", {"death": 300}, 300),
        ("death_date", {"death": 300, "cutoff": 299}, None),
        ("new_therapy_date", {"new_therapy": 300, "cutoff": 299}, None),
        ("claimed_progression_date", {"discontinuation": 200, "reason": " clinical progression "}, 200),
        ("claimed_progression_date", {"discontinuation": 200, "reason": "LOST TO FOLLOW-UP"}, None),
        ("claimed_progression_date", {"discontinuation": 200, "reason": None}, None),
        ("response_date", {}, 56),
        ("confirmed_response_date", {}, 56),
        ("response_date", {"new_therapy": 55}, None),
        ("response_date", {"new_therapy": 56}, 56),
        ("last_assessment_date", {}, 280),
        ("last_assessment_date", {"cutoff": 180}, 168),
        ("last_adequate_date", {}, 224),
        ("last_adequate_date", {"cutoff": 200}, 112),
        ("last_adequate_before_new_therapy", {"new_therapy": 112}, 112),
        ("last_adequate_before_new_therapy", {"new_therapy": 111}, 56),
        ("last_adequate_before_new_therapy", {}, None),
        ("event_date", {"death": 230}, 224),
        ("event_date", {"death": 220}, 220),
        ("last_adequate_before_event", {}, 112),
        ("last_adequate_before_event", {"cutoff": 200}, None),
        ("gap_days", {}, 112),
        ("gap_days", {"cutoff": 200}, None),
        ("after_gap", {}, False),
        ("late_event_date", {"cutoff": 200, "death": 230}, 224),
        ("late_event_date", {"cutoff": 224, "death": 230}, None),
        ("late_event_date", {}, None),
        ("last_known_alive_date", {}, 280),
        ("last_known_alive_date", {"last_alive": 290}, 290),
        ("last_known_alive_date", {"cutoff": 200}, 200),
        ("last_known_alive_date", {"death": 400, "cutoff": 390}, 390),
        ("last_known_alive_date", {"death": 400}, 280),
        ("progression_visit_date", {}, 224),
        ("last_adequate_visit_date", {}, 224),
        ("baseline_adequate", {}, True),
        ("baseline_adequate", {"baseline_adequate": False}, False),
    ],
)
def test_fact(name: str, days: dict[str, Any], expected: Any) -> None:
    assert fact(name, *SEEN, **days) == expected


def test_a_blank_response_is_not_adequate() -> None:
    responses = course((56, "SD"), (112, "SD")).assign(overall=pd.Series(["SD", None], dtype="string"))
    assert subject_facts(one_subject(), responses)["last_adequate_date"].tolist() == [at(56)]


def test_an_assessment_without_a_date_tells_nothing() -> None:
    responses = course((56, "SD"), (112, "PD"))
    responses["date"] = responses["date"].where(responses["overall"] != "PD")
    facts = subject_facts(one_subject(), responses).iloc[0]
    assert pd.isna(facts["progression_date"])
    assert facts["last_adequate_date"] == at(56)


def test_a_response_after_new_therapy_may_be_counted() -> None:
    assert fact("response_date", *SEEN, new_therapy=55, rules=FactRules(nact_rule="ignore")) == 56


def test_a_flag_that_is_none_is_named() -> None:
    with pytest.raises(ValueError, match="column baseline_adequate: only true, false and blank"):
        subject_facts(one_subject().assign(baseline_adequate="perhaps"))


def test_what_progression_and_adequate_mean_are_settings() -> None:
    assert fact("last_adequate_date", (56, "SD"), (112, "NE"), rules=FactRules(not_adequate=())) == 112
    assert fact("progression_date", (56, "iCPD"), rules=FactRules(progression="iCPD")) == 56
    assert fact("after_gap", *SEEN, rules=replace(FactRules(), max_gap_days=111))


@pytest.mark.parametrize(
    ("column", "message"),
    [("randomization_date", "no randomization_date or treatment_start_date in subjects for 01")],
)
def test_a_date_out_of_range_or_missing_is_named(column: str, message: str) -> None:
    with pytest.raises(ValueError, match=message):
        subject_facts(one_subject().assign(**{column: pd.NaT}))
    far = one_subject().assign(death_date=pd.Series(["9999-12-31"]).astype("datetime64[s]"))
    with pytest.raises(ValueError, match="subjects, column death_date: a date there is out of range"):
        subject_facts(far)
