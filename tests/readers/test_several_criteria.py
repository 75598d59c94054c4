"""One lesion table under several criteria: stacked, compared, and an endpoint under each."""

import pandas as pd
import pytest

from recist import InputError, assess, best_response, compare_criteria, explain, get_criteria
from recist.several import stack_responses
from survival import endpoint_by_criteria, kaplan_meier
from tests.readers.frames import lesions

TWO = ["recist_1_1", "recist_1_1[pr_pct=25, pd_pct=30]"]
# 36/50 is -28 %; 45/36 is +25 % of the smallest sum; 60/36 is PD under both
TABLE = lesions({("01", "INV"): [50, 36, 45, 60], ("02", "INV"): [50, 50, 50, 50]})


def test_responses_are_stacked_in_the_order_of_the_criteria():
    both = assess(TABLE, TWO)
    assert both["criteria"].cat.categories.tolist() == TWO
    for label in TWO:
        alone = assess(TABLE, label)
        part = both[both["criteria"] == label].reset_index(drop=True)
        pd.testing.assert_frame_equal(part, alone, check_categorical=False, check_dtype=False)


def test_an_edited_criteria_may_be_handed_in_as_a_value():
    assert assess(TABLE, [get_criteria(label) for label in TWO]).equals(assess(TABLE, TWO))


def test_best_response_and_explanation_read_the_criteria_of_each_row():
    both = assess(TABLE, TWO)
    best = best_response(both)
    mine = best[best["subject"] == "01"].set_index("criteria")["best_response"]
    assert (mine[TWO[0]], mine[TWO[1]]) == ("SD", "PR")
    text = explain(both, "01", "WEEK 16")
    assert text.count("subject 01, INV, WEEK 16") == 2
    assert "(2024-04-23, day 112): PD" in text
    assert "(2024-04-23, day 112): SD" in text


@pytest.mark.parametrize(
    ("criteria", "message"), [([], "No criteria named"), (["recist_1_1"] * 2, "named twice")]
)
def test_no_criteria_and_the_same_twice_are_refused(criteria, message):
    with pytest.raises(InputError, match=message):
        assess(TABLE, criteria)


def test_a_column_that_one_criteria_lacks_is_missing_there():
    one = pd.DataFrame({"criteria": pd.Categorical(["x"]), "n": [1], "flag": [True]})
    other = pd.DataFrame(
        {
            "criteria": pd.Categorical(["y"]),
            "ioverall": pd.Categorical(["iSD"]),
            "mm": [2.5],
            "on": pd.Timestamp(0),
        }
    )
    both = stack_responses([one, other])
    assert both["n"].tolist() == [1, pd.NA]
    assert both["flag"].isna().tolist() == [False, True]
    assert both["mm"].isna().tolist() == both["on"].isna().tolist() == [True, False]
    assert both["ioverall"].cat.categories.tolist() == ["iSD"]
    assert both["on"].dtype.kind == "M"


def test_visits_at_which_the_criteria_part_carry_both_reasons():
    visits = compare_criteria(assess(TABLE, TWO)).visits
    assert visits[["subject", "visit", "response", "other_response"]].values.tolist() == [
        ["01", "WEEK 8", "SD", "PR"],
        ["01", "WEEK 16", "PD", "SD"],
    ]
    first = visits.iloc[1]
    assert (
        first["reason"]
        == "PD by T1.7: target PD (TL-PD), sum 45.0 mm, +25.0 % and +9.0 mm from nadir 36.0 mm"
    )
    assert first["other_reason"].startswith(
        "SD by T1.Hc: target SD (TL-SD), sum 45.0 mm, -10.0 % from baseline"
    )
    assert (visits["criteria"] == TWO[0]).all()
    assert (visits["other_criteria"] == TWO[1]).all()


def test_best_responses_are_crossed_and_progression_dates_subtracted():
    compared = compare_criteria(assess(TABLE, TWO))
    without = compared.best[compared.best["confirmation"] == "not required"]
    assert without[["best_response", "other_best_response", "n"]].values.tolist() == [
        ["SD", "PR", 1],
        ["SD", "SD", 1],
    ]
    row = compared.progression.iloc[0]
    assert len(compared.progression) == 1
    assert (row["subject"], row["difference_days"], row["timing"]) == ("01", 56, "later")


def test_an_irecist_response_stands_beside_that_of_recist():
    rows = assess(TABLE, TWO[0])
    immune = {"SD": "iSD", "PD": "iUPD"}
    words = rows["overall"].astype(str).map(immune)
    words[2] = "iCPD"
    other = rows.assign(criteria=pd.Categorical(["recist_1_1[pr_pct=25]"] * len(rows)), ioverall=words)
    visits = compare_criteria(stack_responses([rows, other])).visits
    assert visits[["subject", "visit", "response", "other_response"]].values.tolist() == [
        ["01", "WEEK 16", "PD", "iUPD"]
    ]


def test_one_criteria_alone_and_two_responses_at_a_visit_are_refused():
    with pytest.raises(InputError, match="of one criteria only"):
        compare_criteria(assess(TABLE))
    both = assess(TABLE, TWO)
    with pytest.raises(InputError, match="01, INV, WEEK 8: two responses under recist_1_1"):
        compare_criteria(pd.concat([both, both.head(1)], ignore_index=True))


def test_progression_free_survival_under_each_criteria():
    subjects = pd.DataFrame({"subject": ["01", "02"], "randomization_date": pd.Timestamp("2024-01-02")})
    pfs = endpoint_by_criteria("pfs", subjects, assess(TABLE, TWO))
    assert pfs[["criteria", "subject", "time", "event"]].values.tolist() == [
        [TWO[0], "01", 113, True],
        [TWO[0], "02", 169, False],
        [TWO[1], "01", 169, True],
        [TWO[1], "02", 169, False],
    ]
    assert kaplan_meier(pfs, by="criteria").quantiles([0.25])["time"].tolist() == [113, 169]
