"""Time to deterioration by hand: the threshold, what holds, and every convention; explained in words."""

from __future__ import annotations

from dataclasses import replace
from random import Random
from typing import Any

import pandas as pd
import pytest

import survival
from recist import InputError
from survival import TTD, all_situations, derive_endpoint
from survival.endpoint import TTE, EndpointError, Situation
from survival.facts import FACTS
from survival.qlq_c30.facts import DETERIORATION_FACTS
from survival.qlq_c30.scales import SCALES
from tests.qlq_c30.frames import PERSONS, answer_frame, at, subject_frame
from tests.qlq_c30.test_change import scores, subject

BASE = (-3, 75.0)


def outcome(
    seen: list[tuple[int | None, float | None]], who: pd.DataFrame | None = None, **edit: Any
) -> tuple[str, int, bool]:
    """Situation, day after the start and event of subject 01."""
    scale = edit.get("scale", "QL2")
    tte = derive_endpoint(replace(TTD, **edit), subject() if who is None else who, scores(*seen, scale=scale))
    row = tte.iloc[0]
    return str(row["situation"]), int(row["time"]) - 1, bool(row["event"])


@pytest.mark.parametrize(
    ("scale", "fall", "event"),
    [
        ("QL2", 10.0, True),
        ("QL2", 9.99, False),
        ("QL2", -10.0, False),
        ("PA", -10.0, True),
        ("PA", 10.0, False),
    ],
)
def test_ten_points_worse_in_the_direction_of_the_scale(scale: str, fall: float, event: bool) -> None:
    seen = [BASE, (56, 75.0 - fall), (112, 75.0 - fall)]
    assert outcome(seen, scale=scale) == (("Q4", 56, True) if event else ("Q10", 112, False))


def test_ten_points_are_ten_points_whatever_the_float_says() -> None:
    # physical functioning, RS 6/5 of five items and 6/4 of four: (6/4 - 6/5) / 3 x 100 is 10
    first = {f"q{n}": 1.0 for n in range(1, 31)} | {"q1": 2.0}
    later = first | {"q2": 2.0, "q5": None}
    answers = pd.DataFrame([first, later, later]).assign(subject="01", date=[at(0), at(56), at(112)])
    found = survival.score_qlq(answers)
    assert derive_endpoint(TTD.of("PF2"), subject(), found)["event"].tolist() == [True]
    assert derive_endpoint(replace(TTD.of("PF2"), points=10.01), subject(), found)["event"].tolist() == [
        False
    ]
    for a, b in (
        (80.0, 70.0),
        (66.67, 56.67),
        (1000 / 11, 1000 / 11 - 10),
        (73.3, 63.3),
    ):  # some differ in the last bit
        assert outcome([(0, a), (56, b), (112, b)]) == ("Q4", 56, True)


def test_the_date_is_that_of_the_first_of_the_two() -> None:
    assert outcome([BASE, (56, 60.0), (112, 75.0), (168, 60.0), (224, 60.0)]) == ("Q4", 168, True)


def test_a_missing_score_is_passed_over_unless_the_convention_forbids() -> None:
    seen = [BASE, (56, 60.0), (112, None), (168, 60.0), (224, 75.0)]
    assert outcome(seen) == ("Q4", 56, True)
    assert outcome(seen, confirmation="next_assessment") == ("Q10", 224, False)
    assert outcome(seen, confirmation="every_later") == ("Q10", 224, False)
    assert outcome(seen, confirmation="none") == ("Q4", 56, True)


def test_every_later_score_must_be_worse_and_there_must_be_one() -> None:
    seen = [BASE, (56, 60.0), (112, 75.0), (168, 60.0), (224, 50.0)]
    assert outcome(seen, confirmation="every_later") == ("Q4", 168, True)
    assert outcome(seen[:4], confirmation="every_later") == ("Q8", 168, False)


def test_the_last_assessment_alone() -> None:
    seen = [BASE, (56, 75.0), (112, 60.0)]
    dead = subject(death=150)
    assert outcome(seen) == ("Q8", 112, False)
    assert outcome(seen, dead) == ("Q7", 112, False)
    assert outcome(seen, last_unconfirmed="event") == ("Q5", 112, True)
    assert outcome(seen, last_unconfirmed="event_if_died") == ("Q8", 112, False)
    assert outcome(seen, dead, last_unconfirmed="event_if_died") == ("Q5", 112, True)
    assert outcome(seen, dead, death="event") == ("Q6", 150, True)
    assert outcome(seen, dead, death="event", last_unconfirmed="event_if_died") == ("Q5", 112, True)


def test_death_counts_by_convention() -> None:
    dead = subject(death=200)
    assert outcome([BASE, (56, 75.0)], dead) == ("Q9", 56, False)
    assert outcome([BASE, (56, 75.0)], dead, death="event") == ("Q6", 200, True)
    within = {"death": "event_within_gap", "max_gap_days": 144}
    assert outcome([BASE, (56, 75.0)], dead, **within) == ("Q6", 200, True)
    assert outcome([BASE, (55, 75.0)], dead, **within) == ("Q9", 55, False)
    assert outcome([BASE], dead) == ("Q2", 0, False)
    assert outcome([BASE], dead, death="event") == ("Q6", 200, True)
    assert outcome([(56, 75.0)], dead, death="event") == ("Q1", 0, False)


def test_new_therapy_censors_by_convention() -> None:
    treated = subject(new_therapy=80)
    seen = [BASE, (56, 75.0), (112, 60.0), (168, 60.0)]
    assert outcome(seen, treated) == ("Q4", 112, True)
    assert outcome(seen, treated, new_therapy="censored") == ("Q3", 56, False)
    assert outcome(seen, subject(new_therapy=112), new_therapy="censored") == ("Q4", 112, True)
    assert outcome(seen[:1] + seen[2:], treated, new_therapy="censored") == ("Q3", 0, False)


def test_nothing_after_the_cutoff_confirms() -> None:
    seen = [BASE, (56, 60.0), (112, 60.0)]
    assert outcome(seen, subject(cutoff=100)) == ("Q8", 56, False)
    assert outcome(seen, subject(cutoff=112)) == ("Q4", 56, True)


def test_the_best_score_before_may_be_the_reference() -> None:
    seen = [BASE, (56, 91.67), (112, 75.0), (168, 75.0)]
    assert outcome(seen) == ("Q10", 168, False)
    assert outcome(seen, reference="best_previous") == ("Q4", 112, True)
    pain = [(-3, 33.3), (56, 0.0), (112, 16.7), (168, 16.7)]
    assert outcome(pain, scale="PA", reference="best_previous") == ("Q4", 112, True)


def test_who_has_no_questionnaire_at_all_is_censored_at_the_start() -> None:
    two = pd.concat([subject(), subject().assign(subject="02")], ignore_index=True)
    tte = derive_endpoint(TTD, two, scores(BASE, (56, 60.0), (112, 60.0)))
    assert tte["situation"].tolist() == ["Q4", "Q1"] and tte["time"].tolist() == [57, 1]
    nobody = derive_endpoint(TTD, two, scores(BASE)[:0])
    assert nobody["situation"].tolist() == ["Q1", "Q1"]


@pytest.mark.parametrize(
    ("edit", "said"),
    [
        ({"scale": "QL"}, "no scale 'QL' in the QLQ-C30"),
        ({"points": 0}, "points is 0; a deterioration is of more than 0 points"),
        ({"death": "counts"}, "death is 'counts'; it is one of censored, event, event_within_gap"),
        ({"confirmation": "twice"}, "confirmation is 'twice'; it is one of next_available, next_assessment"),
        ({"baseline_rule": "screening"}, "baseline_rule is 'screening'"),
        ({"start": "response_date"}, "start: response_date is a date of tumour response"),
    ],
)
def test_a_wrong_setting_is_refused_by_name(edit: dict[str, Any], said: str) -> None:
    with pytest.raises(InputError, match=said):
        derive_endpoint(replace(TTD, **edit), subject(), scores(BASE))


def test_responses_are_no_scores() -> None:
    responses = pd.DataFrame({"subject": ["01"], "date": [at(56)], "overall": ["SD"]})
    with pytest.raises(InputError, match="the scores have no column scale, score; derive them with"):
        derive_endpoint("ttd", subject(), responses)
    with pytest.raises(EndpointError, match="time to deterioration needs scores"):
        derive_endpoint("ttd", subject())


def test_an_endpoint_of_deterioration_is_edited_as_others_are() -> None:
    assert TTD.without("Q6").name == "TTD without Q6" and TTD.without("Q6").scale == "QL2"
    stopped = Situation(
        "X1",
        "Treatment stopped before deterioration",
        when=lambda f: f["discontinuation_date"].notna(),
        date="discontinuation_date",
        outcome="censored",
        cite="protocol",
    )
    edited = TTD.before("Q4", stopped)
    tte = derive_endpoint(edited, subject(discontinuation=30), scores(BASE, (56, 60.0), (112, 60.0)))
    assert tte["situation"].tolist() == ["X1"] and tte["time"].tolist() == [31]
    with pytest.raises(EndpointError, match="'baseline_day' is not one of the facts"):
        TTD.edit("Q1", date="baseline_day")
    assert TTD.of("PF2").of("FA").name == "TTD FA"
    assert TTD.of("PF2").title == "Time to deterioration of physical functioning"
    assert "scale QL2; points 10.0; baseline_rule on_or_before_start" in str(TTD)


SCORES, SUBJECTS = survival.score_qlq(answer_frame(PERSONS)), subject_frame(PERSONS)


def test_facts_have_the_columns_of_their_dictionary() -> None:
    facts = survival.deterioration_facts(SUBJECTS, SCORES, TTD)
    assert set(facts) == {*FACTS, *DETERIORATION_FACTS, "first_dose_date"}
    kinds = {name: str(facts[name].dtype).removesuffix("[ns]") for name in DETERIORATION_FACTS}
    assert kinds == {name: dtype for name, (dtype, _) in DETERIORATION_FACTS.items()}
    held = facts[facts["deterioration_date"].notna()]
    assert (held["deterioration_confirmed_date"] > held["deterioration_date"]).all()


def test_all_scales_at_once() -> None:
    tte = survival.time_to_deterioration(SCORES, SUBJECTS)
    assert len(tte) == len(SUBJECTS) * 15 and list(tte["scale"].cat.categories) == list(SCALES)
    assert tte["endpoint"].cat.categories.tolist() == [f"TTD {code}" for code in SCALES]
    for code in ("QL2", "NV"):
        one = derive_endpoint(TTD.of(code), SUBJECTS, SCORES)
        mine = tte[tte["scale"] == code].reset_index(drop=True)
        assert mine[["time", "event", "date"]].equals(one[["time", "event", "date"]])
    assert set(TTE) - {"cause"} <= set(tte)
    with pytest.raises(InputError, match="name at least one scale"):
        survival.time_to_deterioration(SCORES, SUBJECTS, scales=[])


def test_order_and_company_change_nothing() -> None:
    tte = derive_endpoint(TTD, SUBJECTS, SCORES).set_index("subject")
    rows = list(range(len(SCORES)))
    Random(1).shuffle(rows)
    turned = derive_endpoint(TTD, SUBJECTS.iloc[::-1], SCORES.iloc[rows]).set_index("subject")
    pd.testing.assert_frame_equal(turned.loc[tte.index], tte)
    for name in ("S1", "S2", "S3"):
        mine = SCORES[SCORES["subject"] == name]
        alone = derive_endpoint(TTD, SUBJECTS[SUBJECTS["subject"] == name], mine).set_index("subject")
        pd.testing.assert_frame_equal(alone, tte[tte.index == name], check_categorical=False)


def test_the_first_situation_that_applies_decides() -> None:
    tte = derive_endpoint(TTD, SUBJECTS, SCORES).set_index("subject")
    found = all_situations(TTD, SUBJECTS, SCORES)
    chosen = found[found["chosen"]].set_index("subject")
    assert chosen["date"].to_dict() == tte["date"].to_dict()


def test_what_is_confirmed_at_an_interim_stays_so() -> None:
    interim = derive_endpoint(TTD, SUBJECTS.assign(cutoff_date=at(200)), SCORES).set_index("subject")
    final = derive_endpoint(TTD, SUBJECTS.assign(cutoff_date=at(400)), SCORES).set_index("subject")
    happened = interim[interim["event"]]
    assert len(happened) > 20 and final.loc[happened.index, "event"].all()
    assert final.loc[happened.index, "date"].equals(happened["date"])
    assert (interim["date"] <= at(200)).all()


def test_explained_in_words() -> None:
    seen = scores(BASE, (56, 66.67), (112, 50.0), (168, 58.33))
    assert survival.explain_deterioration(seen, subject(), "01").splitlines() == [
        "TTD, subject 01, Global health status / QoL (QL2): event on 2024-04-22, day 113",
        "Baseline V0 (2023-12-29): 75.0.",
        "  V1 (2024-02-26): 66.7, -8.3: not worse.",
        "  V2 (2024-04-22): 50.0, -25.0: held.",
        "  V3 (2024-06-17): 58.3, -16.7: worse.",
        "Asked for: at least 10 points lower than baseline; confirmed by the next assessment with a score.",
        "Decided by Q4: Deterioration that held (Anota 2015).",
    ]
    pain = replace(TTD.of("PA"), confirmation="next_assessment", reference="best_previous")
    said = survival.explain_deterioration(
        scores((0, 0.0), (56, 16.7), (112, None), scale="PA"), subject(), "01", pain
    )
    assert "  V1 (2024-02-26): 16.7, +16.7: worse." in said and "  V2 (2024-04-22): no score." in said
    assert "at least 10 points higher than the best score before" in said
    nobody = survival.explain_deterioration(
        seen, pd.concat([subject(), subject().assign(subject="02")]), "02"
    )
    assert "censored on 2024-01-01" in nobody and "No baseline score." in nobody
    with pytest.raises(InputError, match="'03' is not in subjects"):
        survival.explain_deterioration(seen, subject(), "03")
