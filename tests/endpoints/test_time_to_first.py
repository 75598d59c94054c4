"""Time to the first of several dates, with values worked by hand."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

from survival import EndpointError, all_situations, derive_endpoint, time_to_first

START = pd.Timestamp("2024-01-01")


def subjects(**dates: list[int | None]) -> pd.DataFrame:
    """Subjects who start on 2024-01-01; other dates as days after it."""
    n = len(next(iter(dates.values())))
    frame = pd.DataFrame({"subject": [f"{k:02d}" for k in range(n)], "treatment_start_date": START})
    return frame.assign(
        **{
            name: pd.to_datetime([START + pd.Timedelta(d, "D") if d is not None else None for d in days])
            for name, days in dates.items()
        }
    )


RELAPSE = time_to_first(
    "First",
    {"relapse_date": "Relapse", "graft_failure_date": "Graft failure"},
    {"new_therapy_date": "New therapy", "death_date": "Died without"},
    "last_visit_date",
    title="Time to relapse or graft failure",
)


def outcome(frame: pd.DataFrame, endpoint=RELAPSE) -> list[tuple[int, bool, str]]:
    tte = derive_endpoint(endpoint, frame)
    return list(zip(tte["time"], tte["event"], tte["situation"].astype(str), strict=True))


def test_what_came_first_decides() -> None:
    #                      relapse, graft first, same day, therapy first, therapy same day, died, none, before
    frame = subjects(
        relapse_date=[50, 60, 70, 80, 90, None, None, -3],
        graft_failure_date=[55, 40, 70, None, None, None, None, None],
        new_therapy_date=[None, None, None, 79, 90, None, None, None],
        death_date=[200, None, None, None, None, 30, None, None],
        last_visit_date=[190, 200, 210, 220, 230, 25, 240, 250],
    )
    assert outcome(frame) == [
        (51, True, "E1"),
        (41, True, "E2"),
        (71, True, "E1"),
        (80, False, "S1"),
        (91, True, "E1"),
        (31, False, "S2"),
        (241, False, "C3"),
        (1, False, "B1"),
    ]


def test_nothing_after_the_cutoff_counts() -> None:
    frame = subjects(
        relapse_date=[50, 120, None, None],
        graft_failure_date=[None] * 4,
        new_therapy_date=[None, None, 150, None],
        death_date=[None] * 4,
        last_visit_date=[60, 130, 160, 80],
        cutoff_date=[100] * 4,
    )
    assert outcome(frame) == [(51, True, "E1"), (101, False, "C1"), (101, False, "C1"), (81, False, "C3")]


def test_without_any_contact_the_start_censors() -> None:
    frame = subjects(
        relapse_date=[None], graft_failure_date=[None], new_therapy_date=[None], last_visit_date=[None]
    )
    assert outcome(frame) == [(1, False, "C2")]


def test_without_dates_of_follow_up_the_last_contact_censors() -> None:
    endpoint = time_to_first("Fever", ["fever_date"])
    frame = subjects(fever_date=[None], last_alive_date=[33])
    assert outcome(frame, endpoint) == [(34, False, "C3")]
    assert [s.text for s in endpoint.situations][1] == "Fever"


def test_a_start_of_the_studys_own() -> None:
    endpoint = time_to_first("OS from harvest", {"death_date": "Death"}, start="harvest_date")
    frame = subjects(harvest_date=[-20, -10], death_date=[10, None], last_alive_date=[None, 90])
    assert outcome(frame, endpoint) == [(31, True, "E1"), (101, False, "C3")]
    some = replace(endpoint, only="harvest_date")
    assert outcome(subjects(harvest_date=[-20, None], death_date=[10, 5]), some) == [(31, True, "E1")]


def test_it_is_an_endpoint_like_the_others() -> None:
    frame = subjects(relapse_date=[80], graft_failure_date=[None], new_therapy_date=[79], last_visit_date=[9])
    frame = frame.assign(death_date=pd.NaT)
    assert outcome(frame, RELAPSE.without("S1")) == [(81, True, "E1")]
    found = all_situations(RELAPSE, frame)
    assert found["situation"].tolist() == ["S1", "E1"]
    assert found["description"].tolist() == ["New therapy", "Relapse"]
    assert "Graft failure" in str(RELAPSE)


def test_striking_out_one_of_two_stops_is_never_silent() -> None:
    frame = subjects(
        relapse_date=[80],
        graft_failure_date=[None],
        new_therapy_date=[60],
        death_date=[70],
        last_visit_date=[9],
    )
    assert outcome(frame) == [(61, False, "S1")]
    with pytest.raises(EndpointError, match="no situation covers 00"):
        outcome(frame, RELAPSE.without("S1"))


def test_facts_and_columns_may_be_mixed() -> None:
    endpoint = time_to_first("PD or fall", {"progression_date": "Progression", "fall_date": "Fall"})
    responses = pd.DataFrame({"subject": ["00"], "date": [START + pd.Timedelta(60, "D")], "overall": ["PD"]})
    tte = derive_endpoint(endpoint, subjects(fall_date=[70]), responses)
    assert tte[["time", "situation"]].values.tolist() == [[61, "E1"]]
    with pytest.raises(EndpointError, match="needs responses"):
        derive_endpoint(endpoint, subjects(fall_date=[70]))


def test_what_is_refused() -> None:
    with pytest.raises(EndpointError, match="no event"):
        time_to_first("X", {})
    with pytest.raises(EndpointError, match="'a_date' is both an event and a stop"):
        time_to_first("X", ["a_date"], ["a_date"])
    with pytest.raises(EndpointError, match=r"no column 'relapsed_date'.*Did you mean 'relapse_date'"):
        derive_endpoint(time_to_first("X", ["relapsed_date"]), subjects(relapse_date=[3]))
    with pytest.raises(EndpointError, match="'seen_date' is not one of the dates"):
        derive_endpoint(
            replace(
                RELAPSE,
                columns=(),
                followed=("seen_date",),
                events=("death_date",),
                situations=time_to_first("Y", ["death_date"]).situations,
            ),
            subjects(death_date=[3]),
        )
    text = subjects(fever_date=[3]).assign(fever_date="in spring")
    with pytest.raises(EndpointError, match="column fever_date: 'in spring' is not a date"):
        derive_endpoint(time_to_first("X", ["fever_date"]), text)
