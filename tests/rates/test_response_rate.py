"""Response rates: who counts, who is in the denominator, in what order."""

from __future__ import annotations

import pandas as pd
import pytest

from recist import InputError
from survival.response_rate import COLUMNS, response_rate
from tests.shared import shared

BEST = pd.DataFrame(
    {
        "subject": ["1", "2", "3", "4", "5"],
        "best_response": ["CR", "PR", "SD", "PD", "NON-CR/NON-PD"],
        "confirmed_best_response": ["SD", "PR", "SD", "PD", "NON-CR/NON-PD"],
    }
)
SUBJECTS = pd.DataFrame({"subject": ["1", "2", "3", "4", "5", "6", "7", "8"], "arm": list("BBBBAAAA")})


def responders(rates: pd.DataFrame, **where: object) -> dict[str, int]:
    for column, value in where.items():
        rates = rates[rates[column] == value]
    return dict(zip(rates["rate"], rates["responders"], strict=True))


def test_each_rate_confirmed_and_not_with_everybody_in_the_denominator() -> None:
    rates = response_rate(BEST, SUBJECTS)
    assert list(rates) == list(COLUMNS)
    assert responders(rates) == {
        "ORR": 2, "CR": 1, "DCR": 3, "ORR confirmed": 1, "CR confirmed": 0, "DCR confirmed": 3,
    }  # fmt: skip
    assert rates["n"].eq(8).all()
    assert rates.loc[0, "estimate"] == 0.25


def test_groups_are_sorted_or_in_the_order_of_their_categories_and_empty_ones_are_left_out() -> None:
    assert response_rate(BEST, SUBJECTS, by="arm")["arm"].drop_duplicates().tolist() == ["A", "B"]
    arm = pd.Categorical(SUBJECTS["arm"], ["SCREEN FAILURE", "B", "A"])
    rates = response_rate(BEST, SUBJECTS.assign(arm=arm), by="arm")
    assert rates["arm"].drop_duplicates().tolist() == ["B", "A"]
    assert responders(rates, arm="B")["ORR"] == 2 and responders(rates, arm="A")["ORR"] == 0


def test_order_of_rows_changes_nothing() -> None:
    again = response_rate(BEST[::-1], SUBJECTS[::-1], by="arm")
    pd.testing.assert_frame_equal(again, response_rate(BEST, SUBJECTS, by="arm"))


def test_a_population_is_a_filter_of_the_subjects() -> None:
    rates = response_rate(BEST, SUBJECTS[SUBJECTS["arm"] == "A"])
    assert rates["n"].eq(4).all() and responders(rates)["ORR"] == 0


def test_clinical_benefit_only_where_its_flags_are() -> None:
    flags = BEST.assign(clinical_benefit=[True, True, True, False, True])
    rates = response_rate(flags, SUBJECTS)
    assert responders(rates)["CBR"] == 4 and "CBR confirmed" not in set(rates["rate"])


def test_a_disease_control_flag_of_the_study_replaces_the_list() -> None:
    flags = BEST.assign(disease_control=BEST["best_response"] != "PD")
    assert responders(response_rate(flags, SUBJECTS))["DCR"] == 4


def test_no_subjects_is_not_estimable() -> None:
    rates = response_rate(BEST[:0], SUBJECTS[:0])
    assert rates["n"].eq(0).all() and rates[["estimate", "lower", "upper"]].isna().all(axis=None)


def test_level_and_type_of_the_limits() -> None:
    wide, narrow = response_rate(BEST, SUBJECTS), response_rate(BEST, SUBJECTS, None, "wilson", 0.9)
    assert narrow.loc[0, "conf_type"] == "wilson" and narrow.loc[0, "level"] == 0.9
    assert narrow.loc[0, "lower"] > wide.loc[0, "lower"]


@pytest.mark.parametrize(
    ("best", "subjects", "by", "said"),
    [
        (BEST.drop(columns="best_response"), SUBJECTS, None, "best has no column best_response"),
        (BEST.assign(best_response="cr"), SUBJECTS, None, "best_response cr is unknown"),
        (pd.concat([BEST, BEST]), SUBJECTS, None, "subject 1 has more than one row in best"),
        (BEST, pd.concat([SUBJECTS, SUBJECTS]), None, "more than one row in subjects"),
        (BEST.assign(subject="0" + BEST["subject"]), SUBJECTS, None, "no subject of best is in subjects"),
        (BEST, SUBJECTS, "stratum", "no column stratum"),
        (BEST, SUBJECTS.assign(arm=None), "arm", "8 of 8 rows have no arm"),
        (BEST, SUBJECTS[:0], "arm", "no row left"),
    ],
)
def test_frames_that_would_give_a_wrong_rate_are_refused(
    best: pd.DataFrame, subjects: pd.DataFrame, by: str | None, said: str
) -> None:
    with pytest.raises(InputError, match=said):
        response_rate(best, subjects, by=by)


def test_two_readers_need_a_choice() -> None:
    both = pd.concat([BEST.assign(evaluator="READER 1"), BEST.assign(evaluator="READER 2")])
    with pytest.raises(InputError, match=r"evaluator .READER 1, READER 2.; keep the rows of one"):
        response_rate(both, SUBJECTS)


def test_imvigor210() -> None:
    data = pd.read_csv(shared("data/imvigor210") / "pData_IMvigor210.csv")
    best = data[["X", "Best.Confirmed.Overall.Response"]].set_axis(["subject", "best_response"], axis=1)
    evaluable = best[best["best_response"] != "NE"]
    rates = response_rate(best, evaluable)
    assert rates.loc[0, ["rate", "responders", "n"]].tolist() == ["ORR", 68, 298]
    assert response_rate(best, best).loc[0, "n"] == 348
