"""Cumulative incidence of progression: the situations of PFS, with death as a cause of its own."""

import pandas as pd

from survival import cumulative_incidence_table, derive_endpoint

START = pd.Timestamp("2024-01-01")


def frames():
    """Progression on day 57; death on day 71 between assessments; death on day 31; alive without progression."""
    subjects = pd.DataFrame(
        {
            "subject": ["1", "2", "3", "4"],
            "randomization_date": START,
            "death_date": [pd.NaT, START + pd.Timedelta(70, "D"), START + pd.Timedelta(30, "D"), pd.NaT],
        }
    )
    responses = pd.DataFrame(
        {
            "subject": ["1", "2", "4"],
            "date": START + pd.Timedelta(56, "D"),
            "overall": ["PD", "SD", "SD"],
        }
    )
    return subjects, responses


def test_death_is_a_cause_of_its_own():
    tte = derive_endpoint("cip", *frames())
    assert tte["time"].tolist() == [57, 71, 31, 57]
    assert tte["event"].tolist() == [True, True, True, False]
    cause = tte["cause"].astype("string").fillna("").tolist()
    assert cause == ["progression", "death without progression", "death without progression", ""]


def test_times_and_situations_are_those_of_progression_free_survival():
    tte, pfs = derive_endpoint("cip", *frames()), derive_endpoint("pfs", *frames())
    assert tte[["time", "event"]].equals(pfs[["time", "event"]])
    assert tte["situation"].astype(str).tolist() == pfs["situation"].astype(str).tolist()


def test_the_table_counts_each_cause_and_shows_the_incidence_by_hand():
    table = cumulative_incidence_table(derive_endpoint("cip", *frames()), times=[60], unit="days").frame
    cells = dict(zip(table.iloc[:, 0].str.strip(), table.iloc[:, 1], strict=True))
    assert cells["Subjects, n"] == "4"
    by_cause = table.iloc[:, 1].tolist()
    assert by_cause[2] == "2 (50.0%)"  # death without progression
    assert by_cause[3].startswith("25.0%")  # day 31: 1 of 4
    assert by_cause[5] == "1 (25.0%)"
    assert by_cause[6].startswith("25.0%")  # day 57: 3/4 free before, 1 of 3 at risk


def test_without_an_event_there_is_nothing_to_compare():
    tte = pd.DataFrame({"time": [5, 6], "event": [False, False], "cause": [None, None]})
    table = cumulative_incidence_table(tte, times=[3], unit="days")
    assert table.frame.iloc[:, 1].tolist() == ["2"]
