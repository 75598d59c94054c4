"""Rates of remission within a window: which responses count, who is in the denominator, negative residual disease."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import recist
from recist import InputError
from survival import leukaemia_rates, remission_flags
from survival.leukaemia_rates import LEUKAEMIA_RATES
from survival.response_rate import COLUMNS

FIRST_DOSE = pd.Timestamp("2024-01-01")
NEITHER = {"blasts_pct": 40.0, "neutrophils": 0.4, "platelets": 30.0, "mrd": None}
CR = {"blasts_pct": 2.0, "neutrophils": 1.4, "platelets": 140.0, "mrd": "positive"}
CRI = CR | {"platelets": 40.0}
CRH = CR | {"neutrophils": 0.7, "platelets": 60.0}
NEGATIVE = {"mrd": "negative"}


def study(**courses: list[tuple[int, dict[str, object]]]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Responses and subjects of the given courses, a baseline before each; days count from the first dose."""
    rows = [
        {"subject": subject, "date": FIRST_DOSE + pd.Timedelta(day, "D"), **values}
        for subject, course in courses.items()
        for day, values in [(-1, NEITHER), *course]
    ]
    subjects = pd.DataFrame({"subject": list(courses), "treatment_start_date": FIRST_DOSE})
    return recist.assess_leukaemia(pd.DataFrame(rows), start=subjects), subjects


def counted(rates: pd.DataFrame) -> dict[str, int]:
    return dict(zip(rates["rate"], rates["responders"], strict=True))


def test_each_rate_counts_its_responses() -> None:
    responses, subjects = study(
        a=[(20, CR)],
        b=[(20, CRI)],
        c=[(20, CRH)],
        d=[(20, NEITHER)],
        e=[(20, CRI | NEGATIVE)],
        f=[(20, CR | NEGATIVE)],
    )
    everyone = pd.concat([subjects, pd.DataFrame({"subject": ["never assessed"]})], ignore_index=True)
    rates = leukaemia_rates(responses, everyone, window_days=28)
    assert list(rates) == list(COLUMNS)
    assert rates["n"].eq(7).all()
    assert counted(rates) == {
        "CR": 2,
        "CR/CRi": 4,
        "CR/CRh/CRi": 5,
        "MRD-negative CR": 1,
        "MRD-negative CR/CRi": 2,
        "MRD-negative CR/CRh/CRi": 2,
    }
    assert rates.loc[1, "estimate"] == pytest.approx(4 / 7)


@pytest.mark.parametrize(("day", "within"), [(27, 1), (28, 1), (29, 0)])
def test_the_window_ends_on_its_last_day(day: int, within: int) -> None:
    responses, subjects = study(a=[(day, CR)])
    assert counted(leukaemia_rates(responses, subjects, window_days=28))["CR"] == within
    assert counted(leukaemia_rates(responses, subjects))["CR"] == 1


def test_negative_residual_disease_is_asked_of_each_response_not_of_the_best() -> None:
    responses, subjects = study(a=[(14, CR), (28, CRI | NEGATIVE)])
    flags = remission_flags(responses, subjects, window_days=28)
    assert flags["best_response"].tolist() == ["CR"]
    assert flags[["MRD-negative CR", "MRD-negative CR/CRi"]].to_numpy().tolist() == [[False, True]]


def test_what_comes_after_new_therapy_does_not_count() -> None:
    responses, subjects = study(a=[(20, CR | NEGATIVE)])
    treated = subjects.assign(new_therapy_date=FIRST_DOSE + pd.Timedelta(19, "D"))
    assert set(counted(leukaemia_rates(responses, treated)).values()) == {0}


def test_a_dose_level_without_subjects_keeps_its_rows() -> None:
    responses, subjects = study(a=[(20, CR)], b=[(20, CRI)])
    level = pd.Categorical(["DL1", "DL2"], ["DL1", "DL2", "DL3"])
    rates = leukaemia_rates(responses, subjects.assign(dose_level=level), by="dose_level")
    assert rates["dose_level"].drop_duplicates().tolist() == ["DL1", "DL2", "DL3"]
    empty = rates[rates["dose_level"] == "DL3"]
    assert empty["n"].eq(0).all()
    assert empty[["estimate", "lower", "upper"]].isna().all(axis=None)
    assert len(rates) == 3 * len(LEUKAEMIA_RATES)
    one = rates[(rates["dose_level"] == "DL1") & (rates["rate"] == "CR")].iloc[0]
    assert (one["estimate"], one["upper"]) == (1.0, 1.0)
    assert one["lower"] == pytest.approx(0.025)  # Clopper-Pearson, 1 of 1


def test_limits_may_be_others() -> None:
    responses, subjects = study(a=[(20, CR)], b=[(20, NEITHER)])
    rates = leukaemia_rates(responses, subjects, conf_type="wilson", level=0.9)
    assert rates["conf_type"].eq("wilson").all() and rates["level"].eq(0.9).all()
    assert np.isclose(rates.loc[0, "lower"] + rates.loc[0, "upper"], 1)


def test_what_cannot_be_used_is_named() -> None:
    responses, subjects = study(a=[(20, CR)])
    with pytest.raises(InputError, match="subject a has more than one row"):
        leukaemia_rates(responses, pd.concat([subjects, subjects]))
    with pytest.raises(InputError, match="subjects has a column best_response"):
        leukaemia_rates(responses, subjects.assign(best_response="CR"))
    with pytest.raises(InputError, match="window_days is -1"):
        leukaemia_rates(responses, subjects, window_days=-1)
