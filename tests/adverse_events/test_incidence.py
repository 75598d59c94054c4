"""Incidences worked by hand, with the limits of R; edges of small trials."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

from recist import InputError
from survival import Window, exposure_adjusted, incidence
from survival.adverse_events.exposure import EXPOSURE, poisson_limits
from survival.adverse_events.incidence import INCIDENCE, WORST
from survival.adverse_events.kinds import Blanks, of_kind, parts, title
from tests.adverse_events.frames import BLOOD, GENERAL, events, none, subjects

MONTH = Window(days=28)


def found(by: str | None = None, **settings: Any) -> pd.DataFrame:
    return incidence(events(), subjects(), by, MONTH, **settings)


def test_subjects_count_once_and_events_each() -> None:
    rows = found().set_index("kind")
    # within 28 days: 1 Fever 2, 1 Fever 3, 1 Anaemia 4 (day 28), 4 Anaemia 5, 6 Chills 1; outside: day 29, day -2
    wanted = {
        "any": (3, 5),
        "grade 3+": (2, 3),
        "serious": (2, 2),
        "related": (2, 4),  # a blank relation counts as related
        "related grade 3+": (2, 3),
        "related serious": (2, 2),
        "fatal": (1, 1),
        "related fatal": (1, 1),
        "worst grade 1": (1, 1),
        "worst grade 2": (0, 1),
        "worst grade 3": (0, 1),
        "worst grade 4": (1, 1),
        "worst grade 5": (1, 1),
        "worst grade not known": (0, 0),
    }
    assert rows[["subjects", "events"]].apply(tuple, axis=1).to_dict() == wanted
    assert (rows["n"] == 6).all() and rows.loc["any", "estimate"] == 0.5


def test_limits_are_those_of_r() -> None:
    """R 4: binom.test(3, 6)$conf.int and binom.test(2, 6)$conf.int."""
    rows = found().set_index("kind")
    assert rows.loc["any", ["lower", "upper"]].tolist() == pytest.approx([0.1181172488, 0.8818827512])
    assert rows.loc["serious", ["lower", "upper"]].tolist() == pytest.approx([0.0432718683, 0.7772219045])
    wilson = found(which="any", conf_type="wilson", level=0.9)
    assert wilson["conf_type"].tolist() == ["wilson"] and wilson["level"].tolist() == [0.9]
    assert wilson["lower"][0] > rows.loc["any", "lower"]


def test_an_unknown_grade_is_worst_only_when_no_other_is_known() -> None:
    rows = incidence(events(), subjects(), None, Window(), which="worst grade").set_index("kind")["subjects"]
    assert rows["worst grade not known"] == 1  # subject 2
    assert rows.sum() == 4  # everyone with an event, once


def test_arms_and_an_arm_that_nobody_is_in() -> None:
    rows = found("arm", which=("any", "serious"))
    assert list(rows) == ["arm", *INCIDENCE]
    assert rows["arm"].tolist() == list("AABBCC") and rows["arm"].dtype == subjects()["arm"].dtype
    assert rows["subjects"].tolist() == [1, 1, 2, 1, 0, 0] and rows["n"].tolist() == [3, 3, 3, 3, 0, 0]
    assert rows["estimate"].isna().tolist() == [False] * 4 + [True] * 2
    assert rows.loc[rows["n"] == 0, ["lower", "upper"]].isna().all(axis=None)


def test_classes_and_terms_by_frequency_in_all_arms() -> None:
    rows = found("arm", which="any", detail="term")
    first = rows[rows["arm"] == "A"]
    assert first[["system_organ_class", "term"]].values.tolist() == [
        ["", ""],
        [GENERAL, ""],  # subjects 1 and 6, three events; before two subjects with two events
        [GENERAL, "Fever"],  # one subject with two events before one with one
        [GENERAL, "Chills"],
        [BLOOD, ""],
        [BLOOD, "Anaemia"],
    ]
    assert first["subjects"].tolist() == [1, 1, 1, 0, 1, 1]
    assert rows.loc[rows["arm"] == "B", "subjects"].tolist() == [2, 1, 0, 1, 1, 1]
    assert len(found(which="any", detail="system_organ_class")) == 3


def test_ties_are_broken_by_name() -> None:
    rows = [("1", term, "Z", 1, "N", "N", "2024-03-02", None) for term in ("b", "a", "c")]
    terms = incidence(events(*rows), subjects(), None, MONTH, which="any", detail="term")["term"].tolist()
    assert terms == ["", "", "a", "b", "c"]


def test_a_blank_class_is_named() -> None:
    rows = [("1", "Fever", None, 1, "N", "N", "2024-03-02", None)]
    table = incidence(events(*rows), subjects(), None, MONTH, which="any", detail="term")
    assert table["system_organ_class"].tolist() == ["", "Not coded", "Not coded"]


def test_blanks_mean_what_the_convention_says() -> None:
    rows = found(which=("related", "related grade 3+"), blanks=Blanks(related=False))
    assert rows["events"].tolist() == [3, 2]


def test_no_event_at_all() -> None:
    rows = incidence(none(), subjects(), "arm", MONTH, detail="term")
    assert (rows["subjects"] == 0).all() and (rows["events"] == 0).all()
    some = rows[rows["n"] > 0]
    assert (some["estimate"] == 0).all() and (some["lower"] == 0).all()
    assert some["upper"].tolist() == pytest.approx([0.7075982262] * len(some))  # R: binom.test(0, 3)


def test_everyone_has_an_event() -> None:
    rows = incidence(events(), subjects()[:1], None, MONTH, which="any")
    assert rows[["estimate", "upper"]].values.tolist() == [[1.0, 1.0]]


def test_nobody_is_analysed() -> None:
    rows = incidence(events(), subjects()[:0], None, MONTH)
    assert (rows["n"] == 0).all() and rows["estimate"].isna().all()
    assert incidence(events(), subjects()[:0], "arm", MONTH, which="any")["n"].tolist() == [0, 0, 0]


def test_kinds_are_made_of_words() -> None:
    one = events()
    assert of_kind(one, "grade 4").tolist() == [False, False, True, False, False, False, False]
    assert of_kind(one, "serious and related").tolist() == of_kind(one, "related serious").tolist()
    assert parts("Dose-limiting Grade 3+") == ["dose limiting", "grade 3+"]
    assert title("serious related") == "Serious, related"
    marked = one.assign(fatal=pd.array([True] + [None] * 6, "boolean"))
    assert of_kind(marked, "fatal").sum() == 2


@pytest.mark.parametrize("kind", ["sirious", "unrelated", "grade 6+", "", "related!"])
def test_an_unknown_kind_is_refused(kind: str) -> None:
    with pytest.raises(InputError, match="is no kind of adverse event"):
        found(which=kind)


def test_a_kind_without_its_column_is_refused_or_left_out() -> None:
    with pytest.raises(InputError, match="no column 'dose_limiting'"):
        found(which="dose limiting")
    bare = events()[["subject", "term", "start_date"]]
    assert incidence(bare, subjects(), None, MONTH)["kind"].tolist() == ["any", "grade 3+", "fatal", *WORST]


def test_the_order_of_rows_does_not_matter() -> None:
    whole = incidence(events(), subjects(), "arm", MONTH, detail="term")
    turned = incidence(events()[::-1].reset_index(drop=True), subjects()[::-1], "arm", MONTH, detail="term")
    pd.testing.assert_frame_equal(whole, turned)


def test_first_events_per_time_at_risk() -> None:
    """Limits: R 4, poisson.test(3, 2.5)$conf.int; time at risk counted by hand."""
    lower, upper = poisson_limits(pd.Series([3.0]).to_numpy())
    assert [lower[0] / 2.5, upper[0] / 2.5] == pytest.approx([0.24746885, 3.50690923])
    rows = exposure_adjusted(events(), subjects(), "arm", MONTH, which=["any"])
    assert list(rows) == ["arm", *EXPOSURE]
    # arm A: subject 1 from day 0 to 1, 2 and 3 for 28 days, both ends in; B: 0 to 9, 5 28 days, 6 the first day
    assert (rows["years"] * 365.25).round(6).tolist() == [2 + 29 + 29, 10 + 29 + 1, 0]
    assert rows["subjects"].tolist() == [1, 2, 0]
    assert rows["estimate"][1] == pytest.approx(100 * 2 / (40 / 365.25)) and pd.isna(rows["estimate"][2])
    silent = exposure_adjusted(none(), subjects(), None, MONTH, which=["any"])
    assert silent["estimate"].tolist() == [0.0] and silent["lower"].tolist() == [0.0]


def test_observation_has_to_end_somewhere() -> None:
    lost = subjects(last_alive_date=pd.NaT)
    with pytest.raises(InputError, match="how long subject 1, 2, 3, 5, 6 was observed"):
        exposure_adjusted(events(), lost, None, MONTH)
