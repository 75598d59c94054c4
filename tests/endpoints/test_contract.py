"""What holds for every endpoint file, on generated subjects: nothing here needs to know the right answer."""

from __future__ import annotations

from dataclasses import replace
from functools import cache
from random import Random
from typing import Any

import numpy as np
import pandas as pd
import pytest

from survival import all_endpoints, all_situations, derive_endpoint
from survival.endpoint import Endpoint
from survival.facts import RESPONSE_DATES
from tests.endpoints.frames import START, at

ENDPOINTS = [e for e in all_endpoints().values() if not e.own_facts]  # of assessments, not of a questionnaire
IMMUNE = {e.name for e in ENDPOINTS if e.progression_dated != "first"}
BY_RESPONSE = {e.name for e in ENDPOINTS if {*e.start, *e.events, e.only} & set(RESPONSE_DATES)}
ALIVE = ("OS", "RFS", "CIR", "FOLLOW_UP", "TTF")  # who is seen after the cutoff was alive at the cutoff
DATES = (
    "treatment_start_date",
    "death_date",
    "last_alive_date",
    "new_therapy_date",
    "discontinuation_date",
    "cutoff_date",
)
every_endpoint = pytest.mark.parametrize("endpoint", ENDPOINTS, ids=lambda e: e.name)

KINDS = ("CR", "PR", "SD", "NON-CR/NON-PD", "NE", "PD")
FOLLOW_UPS = [(60, 61), (120, 200), (180, 400), (250, 251)]
CUTOFFS = sorted({day for both in FOLLOW_UPS for day in both})
IMMUNE_WORDS = {"CR": "iCR", "PR": "iPR", "SD": "iSD", "NON-CR/NON-PD": "iUPD", "NE": "NE", "PD": "iCPD"}
LEUKAEMIA_WORDS = {"CR": "CR", "PR": "CRi", "SD": "NR", "NON-CR/NON-PD": "MLFS", "NE": "NE", "PD": "RELAPSE"}


def person(random: Random) -> dict[str, Any]:
    """Anyone: each date missing now and then, in any order, responses as they come."""

    def day(last: int, missing: float) -> int | None:
        return None if random.random() < missing else random.randint(0, last)

    return {
        "death_date": day(420, 0.5),
        "last_alive_date": day(420, 0.3),
        "new_therapy_date": day(420, 0.6),
        "discontinuation_date": day(420, 0.4),
        "treatment_start_date": day(5, 0.2),
        "cutoff_date": day(420, 0.5),
        "discontinuation_reason": random.choice(["PROGRESSION", "ADVERSE EVENT", None]),
        "baseline_adequate": random.random() > 0.1,
        "visits": [
            (when, random.choices(KINDS, (1, 2, 3, 1, 2, 1))[0])
            for when in random.sample(range(1, 421), random.randint(0, 7))
        ],
    }


PERSONS = [person(Random(number)) for number in range(400)]
Study = tuple[pd.DataFrame, pd.DataFrame]


def study(persons: list[dict[str, Any]]) -> Study:
    """Subject table and responses of the generated persons."""
    rows, seen = [], []
    for n, one in enumerate(persons):
        dates = {name: at(one[name]) for name in DATES}
        texts = {name: one[name] for name in ("discontinuation_reason", "baseline_adequate")}
        rows.append({"subject": f"S{n}", "randomization_date": START} | dates | texts)
        seen += [(f"S{n}", at(when), overall) for when, overall in one["visits"]]
    subjects = pd.DataFrame(rows)
    for name in DATES:
        subjects[name] = pd.to_datetime(subjects[name]).astype("datetime64[ns]")
    responses = pd.DataFrame(seen, columns=["subject", "date", "overall"])
    responses["date"] = pd.to_datetime(responses["date"]).astype("datetime64[ns]")
    responses["start_date"] = START
    return subjects, responses


@cache
def everyone() -> Study:
    """The study of all of them; nobody may change its frames."""
    return study(PERSONS)


def read_as(endpoint: Endpoint, responses: pd.DataFrame) -> pd.DataFrame:
    """The responses in the words that the endpoint knows."""
    words = IMMUNE_WORDS if endpoint.name in IMMUNE else LEUKAEMIA_WORDS if endpoint.remission else {}
    return responses.assign(overall=responses["overall"].replace(words))


def derive(endpoint: Endpoint, subjects: pd.DataFrame, responses: pd.DataFrame) -> pd.DataFrame:
    """The outcome, indexed by subject; best responses are derived on the way."""
    return derive_endpoint(endpoint, subjects, read_as(endpoint, responses)).set_index("subject")


@cache
def followed(endpoint: Endpoint) -> dict[int, pd.DataFrame]:
    """Cutoff -> the outcome of everyone; all cutoffs are derived in one call."""
    subjects, responses = everyone()
    several = [
        [frame.assign(subject=frame["subject"] + f"/{day}") for frame in (subjects, responses)]
        for day in CUTOFFS
    ]
    for day, (known, _) in zip(CUTOFFS, several, strict=True):
        known["cutoff_date"] = at(day)
    tte = derive(endpoint, *(pd.concat(frames, ignore_index=True) for frames in zip(*several, strict=True)))
    split = tte.index.astype(str).str.rpartition("/")
    tte = tte.set_axis(split.get_level_values(0))
    return {day: tte[split.get_level_values(2) == str(day)] for day in CUTOFFS}


@every_endpoint
def test_some_situation_applies_to_everyone_and_the_first_decides(endpoint: Endpoint) -> None:
    subjects, responses = everyone()
    tte = derive(endpoint, subjects, responses)
    if endpoint.only is None:
        assert list(tte.index) == list(subjects["subject"])
    assert (tte["time"] >= 1).all()
    assert tte["date"].notna().all()
    assert (tte["time"] == (tte["date"] - tte["start_date"]).dt.days + 1).all()
    found = all_situations(endpoint, subjects, read_as(endpoint, responses))
    chosen = found[found["chosen"]].set_index("subject")
    assert chosen["situation"].astype(str).to_dict() == tte["situation"].astype(str).to_dict()
    assert chosen["date"].to_dict() == tte["date"].to_dict()
    assert (found.groupby("subject", sort=False)["chosen"].apply(list).map(np.argmax) == 0).all()


@every_endpoint
def test_order_and_company_change_nothing(endpoint: Endpoint) -> None:
    subjects, responses = everyone()
    tte = derive(endpoint, subjects, responses)
    rows = list(range(len(responses)))
    Random(1).shuffle(rows)
    turned = derive(endpoint, subjects.iloc[::-1], responses.iloc[rows])
    pd.testing.assert_frame_equal(turned.loc[tte.index], tte)
    for name in ("S0", "S1", "S2", "S3"):
        alone = derive(
            endpoint, subjects[subjects["subject"] == name], responses[responses["subject"] == name]
        )
        pd.testing.assert_frame_equal(alone, tte[tte.index == name], check_categorical=False)


@every_endpoint
@pytest.mark.parametrize("name", DATES)
def test_a_date_that_is_missing_is_a_date_that_is_not_collected(name: str, endpoint: Endpoint) -> None:
    subjects, responses = everyone()
    blank = derive(endpoint, subjects.assign(**{name: pd.Series(pd.NaT, index=subjects.index)}), responses)
    absent = derive(endpoint, subjects.drop(columns=name), responses)
    pd.testing.assert_frame_equal(blank.drop(columns=name), absent)


@every_endpoint
def test_nothing_after_the_cutoff_counts(endpoint: Endpoint) -> None:
    subjects, responses = everyone()
    tte = derive(endpoint, subjects, responses)
    assert (tte["cutoff_date"].isna() | (tte["date"] <= tte["cutoff_date"])).all()
    cut = subjects.copy()
    for name in DATES[1:-1]:
        cut[name] = cut[name].where(cut["cutoff_date"].isna() | (cut[name] <= cut["cutoff_date"]))
    limit = responses["subject"].map(cut.set_index("subject")["cutoff_date"])
    early = derive(endpoint, cut, responses[limit.isna() | (responses["date"] <= limit)])
    assert early["event"].to_dict() == tte["event"].to_dict()
    same = tte["event"] | (endpoint.name not in ALIVE)
    if endpoint.name == "FOLLOW_UP":  # there being alive is the event
        return
    assert early.loc[same, "date"].to_dict() == tte.loc[same, "date"].to_dict()


@every_endpoint
@pytest.mark.parametrize(("first", "last"), FOLLOW_UPS)
def test_longer_follow_up_keeps_the_events_of_a_shorter_one(
    endpoint: Endpoint, first: int, last: int
) -> None:
    if endpoint.name in (
        "FOLLOW_UP",
        "DOSD",
        "DOSD_ANY",
    ):  # the living are followed on; SD may become a response
        return
    if endpoint.name in IMMUNE:  # an iUPD that is open now may be cancelled later
        endpoint = replace(endpoint, unconfirmed="no_event")
    interim, final = (followed(endpoint)[day] for day in (first, last))
    happened = interim[interim["event"]]
    assert final.loc[happened.index, "event"].all()
    if endpoint.name != "PFS_FDA_B":  # there an interim cutoff may precede the scheduled visit
        assert final.loc[happened.index, "time"].to_dict() == happened["time"].to_dict()
    # a response waits for its confirmation, a failure of day 1 for the landmark, an iUPD for its iCPD
    if endpoint.name not in (*BY_RESPONSE, *IMMUNE, "PFS_FDA_B", "EFS_ELN2022"):
        early = final[final["event"] & (final["date"] <= at(first))]
        assert interim.loc[early.index, "event"].all()


def pfs_of_one(one: dict[str, Any]) -> tuple[str, int, bool]:
    """Progression-free survival of one person, sentence by sentence; (outcome, day, event)."""
    end = float("inf") if one["cutoff_date"] is None else one["cutoff_date"]
    visits = sorted(pair for pair in one["visits"] if pair[0] <= end)
    progressions = [when for when, overall in visits if overall == "PD"]
    deaths = [one["death_date"]] if one["death_date"] is not None and one["death_date"] <= end else []
    therapy = one["new_therapy_date"]
    event = min(progressions + deaths, default=None)
    counts = [when for when, overall in visits if overall not in ("NE", "PD")]
    adequate = [when for when in counts if not any(earlier < when for earlier in progressions)]
    if not one["baseline_adequate"]:
        return "no baseline", 0, False
    if event is None and not adequate:
        return "not assessed", 0, False
    if therapy is not None and therapy <= end and (event is None or therapy < event):
        return "therapy", max([when for when in adequate if when <= therapy], default=0), False
    if event is None:
        return "no event", max(adequate), False
    since = max([when for when in adequate if when <= event], default=0)
    if event - since > 126:
        return "gap", since, False
    return "event", event, True


def test_progression_free_survival_agrees_with_the_rules_told_one_person_at_a_time() -> None:
    subjects, responses = everyone()
    tte = derive(next(e for e in ENDPOINTS if e.name == "PFS"), subjects, responses)
    expected = [pfs_of_one(one) for one in PERSONS]
    assert [(time - 1, event) for time, event in zip(tte["time"], tte["event"], strict=True)] == [
        (when, event) for _, when, event in expected
    ]
    assert len({outcome for outcome, _, _ in expected}) == 6  # each sentence was needed
