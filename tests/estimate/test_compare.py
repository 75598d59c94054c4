"""Hazard ratios, log-rank tests and models worked by hand, and what cannot be estimated."""

import math

import numpy as np
import pandas as pd
import pytest

import survival


def tte(time, event, arm, **columns):
    return pd.DataFrame({"time": time, "event": np.array(event, dtype=bool), "arm": list(arm), **columns})


MISSING = ["hazard_ratio", "lower", "upper", "p_wald"]


def test_columns():
    found = survival.compare_arms(tte([1, 2, 3], [1, 1, 1], "ABA"), reference="A")
    first = "arm reference n events hazard_ratio lower upper p_wald p_score p_lrt logrank_chi2 p_logrank"
    assert list(found)[:12] == first.split()


def test_ratio_by_the_closed_solution():
    """Events B, A of B B A, B A: at odds 2 and 1 the score 1 - 2r/(1 + 2r) - r/(1 + r) is 0 at r^2 = 1/2."""
    found = survival.compare_arms(tte([1, 2, 3], [1, 1, 0], "BAB"), reference="A").loc[0]
    assert found["hazard_ratio"] == pytest.approx(math.sqrt(0.5), rel=1e-9)
    share = np.array([2, 1]) * math.sqrt(0.5)
    share = share / (1 + share)
    se = (share * (1 - share)).sum() ** -0.5
    assert found["upper"] == pytest.approx(math.sqrt(0.5) * math.exp(1.959963984540054 * se), rel=1e-9)
    gain = math.log(math.sqrt(0.5)) - np.log((1 + np.array([2, 1]) * math.sqrt(0.5)) / np.array([3, 2])).sum()
    assert found["p_lrt"] == pytest.approx(math.erfc(math.sqrt(gain)), rel=1e-9)
    score, information = 1 - 2 / 3 - 1 / 2, 2 / 9 + 1 / 4
    assert found["p_score"] == pytest.approx(math.erfc(math.sqrt(score**2 / information / 2)), rel=1e-9)


def test_swapping_the_arms_inverts_the_ratio():
    frame = tte([1, 2, 2, 4, 5, 5, 7, 8], [1, 1, 1, 0, 1, 1, 1, 0], "ABABBABA")
    one = survival.compare_arms(frame, reference="A").loc[0]
    other = survival.compare_arms(frame, reference="B").loc[0]
    assert one["hazard_ratio"] == pytest.approx(1 / other["hazard_ratio"], rel=1e-9)
    assert one["lower"] == pytest.approx(1 / other["upper"], rel=1e-9)
    for p in ("p_wald", "p_score", "p_lrt", "p_logrank"):
        assert one[p] == pytest.approx(other[p], rel=1e-8)


def test_breslow_and_efron_differ_with_ties_alone():
    untied, tied = [1, 2, 3, 4, 5, 6], [1, 1, 3, 3, 5, 5]
    for time, same in [(untied, True), (tied, False)]:
        frame = tte(time, [1] * 6, "BBABAA")
        ratios = [
            survival.compare_arms(frame, reference="A", ties=t).loc[0, "hazard_ratio"]
            for t in ("efron", "breslow")
        ]
        assert bool(ratios[0] == pytest.approx(ratios[1], rel=1e-9)) == same


@pytest.mark.parametrize(("reference", "silent"), [("A", "the arm"), ("B", "the reference")])
def test_an_arm_without_events_is_not_estimable_and_says_so(reference, silent):
    frame = tte([1, 2, 3, 4, 5, 6], [1, 0, 1, 0, 1, 0], "ABABAB")
    found = survival.compare_arms(frame, reference=reference).loc[0]
    assert found[MISSING].isna().all()
    assert found["note"] == f"not estimable: no event in {silent} while both arms were at risk"
    assert found["logrank_chi2"] == pytest.approx(3.0)  # 3 - 1.5 events, variance 3/4
    assert found["p_score"] == pytest.approx(found["p_logrank"])
    gain = 3 * math.log(2)  # each event had equal odds: 1/2 at equal hazards, 1 at the end
    assert found["p_lrt"] == pytest.approx(math.erfc(math.sqrt(gain)), rel=1e-9)


def test_likelihood_ratio_of_an_arm_without_events_and_unequal_numbers():
    """One A among A B B: its share of the likelihood is 1/3 at equal hazards and 1 at the end."""
    frame = tte([1, 2, 3], [1, 0, 0], "ABB")
    for reference in ("A", "B"):
        found = survival.compare_arms(frame, reference=reference).loc[0]
        assert found["p_lrt"] == pytest.approx(math.erfc(math.sqrt(math.log(3))), rel=1e-9)


def test_no_events_at_all():
    found = survival.compare_arms(tte([1, 2], [0, 0], "AB"), reference="A").loc[0]
    assert found[[*MISSING, "p_score", "p_lrt", "logrank_chi2", "p_logrank"]].isna().all()
    assert found["note"] == "not estimable: no event while both arms were at risk"


def test_all_at_one_time_has_a_ratio_but_no_log_rank():
    found = survival.compare_arms(tte([5] * 4, [1] * 4, "AABB"), reference="A").loc[0]
    assert found["hazard_ratio"] == pytest.approx(1)
    assert math.isnan(found["logrank_chi2"])
    assert found["note"].startswith("log-rank not estimable")


def test_a_stratum_with_one_arm_adds_nothing():
    frame = tte([1, 2, 3, 4, 5, 6], [1] * 6, "ABABBA", site=list("xxxxxx"))
    alone = tte([1, 2, 9], [1, 1, 1], "AAA", site=list("yyy"))
    both = survival.compare_arms(pd.concat([frame, alone]), reference="A", strata="site").loc[0]
    mine = survival.compare_arms(frame, reference="A", strata=["site"]).loc[0]
    same = ["hazard_ratio", "lower", "upper", "p_wald", "p_score", "p_lrt", "logrank_chi2", "p_logrank"]
    np.testing.assert_allclose(both[same].astype(float), mine[same].astype(float), rtol=1e-12)
    assert (both["n_reference"], mine["n_reference"]) == (6, 3)


def test_every_stratum_with_one_arm():
    frame = tte([1, 2, 3, 4], [1] * 4, "ABAB", site=list("xyxy"))
    found = survival.compare_arms(frame, reference="A", strata="site").loc[0]
    assert found["note"] == "not estimable: no event while both arms were at risk"


def test_an_arm_without_subjects_is_listed():
    arm = pd.Categorical(list("ABAB"), categories=list("ACB"))
    found = survival.compare_arms(tte([1, 2, 3, 4], [1] * 4, "ABAB").assign(arm=arm), reference="A")
    assert found["arm"].tolist() == ["C", "B"]
    assert found["n"].tolist() == [0, 2]
    assert found["note"].tolist() == ["not estimable: no subjects", ""]


def test_log_rank_by_hand():
    """A A B B: expected in A 2/4 + 1/3, variance 1/4 + 2/9."""
    found = survival.log_rank(tte([1, 2, 3, 4], [1] * 4, "AABB"))
    assert found.groups["expected"].tolist() == pytest.approx([5 / 6, 19 / 6])
    assert found.chi2 == pytest.approx((2 - 5 / 6) ** 2 / (1 / 4 + 2 / 9))
    assert found.df == 1
    assert found.p == pytest.approx(math.erfc(math.sqrt(found.chi2 / 2)))


def test_log_rank_without_comparison_is_missing():
    found = survival.log_rank(tte([1, 2], [1, 1], "AB", site=list("xy")), strata="site")
    assert math.isnan(found.chi2)
    assert math.isnan(found.p)
    assert found.df == 0


def test_model_with_arm_and_reference_alone_is_the_pair():
    frame = tte([1, 2, 2, 4, 5, 5, 7, 8], [1, 1, 1, 0, 1, 1, 1, 0], "ABABBABA", site=list("xxyyxxyy"))
    for ties in ("efron", "breslow"):
        pair = survival.compare_arms(frame, reference="A", strata="site", ties=ties).loc[0]
        model = survival.cox_model(frame, "arm", strata="site", ties=ties)
        term = model.coefficients.loc[0]
        assert term["term"] == "arm=B"
        assert term["hazard_ratio"] == pytest.approx(pair["hazard_ratio"], rel=1e-8)
        assert term["upper"] == pytest.approx(pair["upper"], rel=1e-8)
        tests = model.tests.set_index("test")["p"]
        for test in ("wald", "score", "lrt"):
            assert tests[test] == pytest.approx(pair[f"p_{test}"], rel=1e-6)


def test_model_does_not_depend_on_units():
    frame = tte([1, 2, 3, 4, 5, 6], [1] * 6, "ABABBA", age=[70.0, 60, 55, 66, 50, 40])
    years = survival.cox_model(frame, ["age"]).coefficients.loc[0]
    months = survival.cox_model(frame.assign(age=frame["age"] * 12 + 1000), ["age"]).coefficients.loc[0]
    assert years["coefficient"] == pytest.approx(12 * months["coefficient"], rel=1e-9)
    assert years["p"] == pytest.approx(months["p"], rel=1e-9)


def test_model_without_maximum_says_so():
    frame = tte([1, 2, 3, 4, 5, 6], [1, 0, 1, 0, 1, 0], "ABABAB", age=[70.0, 60, 55, 66, 50, 80])
    model = survival.cox_model(frame, ["arm", "age"])
    arm = model.coefficients.set_index("term").loc["arm=B"]
    assert math.isnan(arm["hazard_ratio"])
    assert arm["note"] == "not estimable: the likelihood rises without end"
    assert model.tests.set_index("test")["p"].isna().to_dict() == {"wald": True, "score": False, "lrt": False}
    assert "not estimable" in model._repr_html_()
