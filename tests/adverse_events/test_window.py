"""Which events count: the edges of the window, partial dates, the cutoff."""

from __future__ import annotations

from dataclasses import fields
from typing import Any

import pandas as pd
import pytest

from recist import InputError
from survival import Window, as_adverse_events, events_within, mark_window
from survival.adverse_events.window import STATUS

SUBJECT = pd.DataFrame({"subject": ["1"], "treatment_start_date": pd.to_datetime(["2024-03-10"])})


def status(start: str | None, window: Window, end: str | None = None, **subject: str) -> str:
    events = as_adverse_events(
        pd.DataFrame({"subject": ["1"], "term": "Fever", "start_date": [start], "end_date": [end]})
    )
    dates: dict[str, Any] = {name: pd.to_datetime([date]) for name, date in subject.items()}
    return str(mark_window(events, SUBJECT.assign(**dates), window)["window_status"][0])


def test_both_ends_of_the_window_count() -> None:
    window = Window(days=28)
    assert status("2024-03-09", window) == "before"
    assert status("2024-03-10", window) == "counts"
    assert status("2024-04-07", window) == "counts"  # 28 days after
    assert status("2024-04-08", window) == "after"
    assert status("2030-01-01", Window()) == "counts"
    assert status("2024-03-11", Window(days=0)) == "after"


def test_months_are_days() -> None:
    assert [Window(months=n).length for n in (1, 6, 12, 36)] == [30, 182, 365, 1095]
    assert status("2025-03-10", Window(months=12)) == "counts"
    assert status("2025-03-11", Window(months=12)) == "after"


def test_days_may_be_counted_from_the_last_dose() -> None:
    window = Window(after="last_dose_date", days=30)
    assert status("2024-05-01", window, last_dose_date="2024-04-01") == "counts"
    assert status("2024-05-02", window, last_dose_date="2024-04-01") == "after"
    assert status("2026-01-01", window, last_dose_date="NaT") == "counts"  # still treated
    assert status("2024-04-02", Window(after="last_dose_date"), last_dose_date="2024-04-01") == "after"


@pytest.mark.parametrize(
    ("start", "end", "counts", "left_out"),
    [
        (None, None, "counts, start not known", "start not known"),
        ("2024-03", None, "counts, start not known", "start not known"),
        ("2024", None, "counts, start not known", "start not known"),
        ("2024-02", None, "before", "before"),
        ("2023", None, "before", "before"),
        ("2024-05", None, "after", "after"),
        (None, "2024-03-09", "before", "before"),
        (None, "2024-03-10", "counts, start not known", "start not known"),
    ],
)
def test_an_unknown_start(start: str | None, end: str | None, counts: str, left_out: str) -> None:
    assert status(start, Window(days=28), end) == counts
    assert status(start, Window(days=28, undated="left out"), end) == left_out


def test_a_month_that_lies_within_counts_whatever_the_convention() -> None:
    assert status("2024-04", Window(days=90, undated="left out")) == "counts"
    assert status("2024-04", Window(undated="left out")) == "counts"
    assert status("2024-12", Window(undated="left out"), cutoff_date="2024-12-15") == "start not known"


def test_nothing_after_the_cutoff_counts() -> None:
    assert status("2024-03-16", Window(), cutoff_date="2024-03-15") == "after cutoff"
    assert status("2024-03-15", Window(), cutoff_date="2024-03-15") == "counts"


def test_only_subjects_of_the_population() -> None:
    events = as_adverse_events(
        pd.DataFrame({"subject": ["1", "2"], "term": "Fever", "start_date": "2024-03-11"})
    )
    assert mark_window(events, SUBJECT)["window_status"].tolist() == ["counts", "not in population"]
    untreated = SUBJECT.assign(treatment_start_date=pd.NaT)
    assert mark_window(events, untreated)["window_status"].tolist() == ["not in population"] * 2
    assert events_within(events, SUBJECT)["subject"].tolist() == ["1"]
    assert len(events_within(events, SUBJECT[:0])) == 0


def test_every_event_has_a_status_and_nothing_is_changed() -> None:
    events = as_adverse_events(
        pd.DataFrame({"subject": ["1"] * 3, "term": list("abc"), "start_date": "2024-03-12"})
    )
    marked = mark_window(events, SUBJECT)
    pd.testing.assert_frame_equal(marked[events.columns], events)
    assert marked["day"].tolist() == [2.0] * 3
    assert marked["window_status"].cat.categories.tolist() == list(STATUS)


def test_what_is_refused() -> None:
    events = as_adverse_events(pd.DataFrame({"subject": ["1"], "term": "Fever"}))
    with pytest.raises(InputError, match="days or months, not both"):
        Window(days=28, months=1)
    with pytest.raises(InputError, match="a window of -1 is none"):
        Window(days=-1)
    with pytest.raises(InputError, match="'counts' or 'left out'"):
        Window(undated="maybe")
    with pytest.raises(InputError, match="no column 'infusion_date', which the window"):
        mark_window(events, SUBJECT, Window(start="infusion_date"))
    with pytest.raises(InputError, match="subject 1 has more than one row"):
        mark_window(events, pd.concat([SUBJECT, SUBJECT]))
    with pytest.raises(InputError, match="holds no dates"):
        mark_window(events, SUBJECT.assign(treatment_start_date="spring"))


def test_every_convention_has_a_sentence_and_a_source() -> None:
    assert all(field.metadata["sentence"] and field.metadata["cite"] for field in fields(Window))
    assert Window(months=12).sentence == "events that began from treatment start to 12 months after it"
    assert Window(after="end_date", days=30).sentence.endswith("to 30 days after end")
    assert Window().sentence == "events that began on or after treatment start"
