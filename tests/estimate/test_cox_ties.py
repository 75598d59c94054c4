"""Tied events: the two likelihoods against their definitions, summed over all sets and all orders."""

import itertools
from fractions import Fraction

import numpy as np
import pandas as pd
import pytest

import survival
from survival.estimate.tied_likelihood import discrete_part, exact_part

SIZES = [(6, 3, 2), (5, 5, 1), (12, 4, 3), (7, 6, 2), (9, 2, 1)]  # at risk, tied events, covariates


def problem(at_risk, covariates):
    numbers = np.random.default_rng(20260101 + at_risk)
    return numbers.normal(size=(at_risk, covariates)), numbers.normal(size=covariates)


def by_all_orders(weight, tied):
    """The chance that the first `tied` come first, over their orders."""
    chance = 0.0
    for order in itertools.permutations(range(tied)):
        left, one = weight.sum(), 1.0
        for subject in order:
            one, left = one * weight[subject] / left, left - weight[subject]
        chance += one
    return chance


@pytest.mark.parametrize(("at_risk", "tied", "covariates"), SIZES)
def test_discrete_is_the_share_among_all_sets(at_risk, tied, covariates):
    x, beta = problem(at_risk, covariates)
    weight = np.exp(x @ beta)
    every = sum(np.prod(weight[list(some)]) for some in itertools.combinations(range(at_risk), tied))
    found = discrete_part(x[:tied], x[tied:], beta)[0]
    assert found == pytest.approx(np.log(np.prod(weight[:tied]) / every), abs=1e-12)


@pytest.mark.parametrize(("at_risk", "tied", "covariates"), SIZES)
def test_exact_is_the_sum_over_all_orders(at_risk, tied, covariates):
    x, beta = problem(at_risk, covariates)
    found = exact_part(x[:tied], x[tied:], beta)[0]
    assert found == pytest.approx(np.log(by_all_orders(np.exp(x @ beta), tied)), abs=1e-12)


@pytest.mark.parametrize("part", [discrete_part, exact_part])
@pytest.mark.parametrize(("at_risk", "tied", "covariates"), SIZES)
def test_slope_and_information_are_the_derivatives(part, at_risk, tied, covariates):
    x, beta = problem(at_risk, covariates)
    _, slope, information = part(x[:tied], x[tied:], beta)
    for covariate, step in enumerate(1e-5 * np.eye(covariates)):
        above, below = part(x[:tied], x[tied:], beta + step), part(x[:tied], x[tied:], beta - step)
        assert (above[0] - below[0]) / 2e-5 == pytest.approx(slope[covariate], abs=1e-8)
        np.testing.assert_allclose((below[1] - above[1]) / 2e-5, information[covariate], atol=1e-7)


def test_exact_of_eleven_tied_events_by_inclusion_and_exclusion():
    """Kalbfleisch and Prentice: the sum over the subsets of the tied events, 2^11 of them."""
    x, beta = problem(30, 1)
    weight = [Fraction(value) for value in np.exp(x @ beta)]  # whole fractions: the terms nearly cancel
    others = sum(weight[11:])
    chance = sum(
        (-1) ** size * others / (others + sum(some))
        for size in range(12)
        for some in itertools.combinations(weight[:11], size)
    )
    assert exact_part(x[:11], x[11:], beta)[0] == pytest.approx(np.log(float(chance)), abs=1e-11)


@pytest.mark.parametrize("ties", ["discrete", "exact"])
def test_without_ties_all_likelihoods_are_one(ties):
    tte = pd.DataFrame({"time": [1, 2, 3, 4, 5, 6], "event": [1, 1, 0, 1, 1, 1], "arm": list("ABABBA")})
    mine, efron = (survival.cox_model(tte, "arm", ties=name) for name in (ties, "efron"))
    pd.testing.assert_frame_equal(mine.coefficients, efron.coefficients, rtol=1e-9)
    pd.testing.assert_frame_equal(mine.tests, efron.tests, rtol=1e-9)


def test_exact_lies_near_efron_and_discrete_beyond_both():
    tte = pd.DataFrame({"time": [1, 1, 1, 2, 2, 3, 3, 3, 4, 4], "event": True, "arm": list("AABABABBAB")})
    found = {
        name: survival.cox_model(tte, "arm", ties=name).coefficients["coefficient"][0]
        for name in ("breslow", "efron", "exact", "discrete")
    }
    assert abs(found["breslow"]) < abs(found["efron"]) < abs(found["exact"]) < abs(found["discrete"])


def test_a_time_when_all_at_risk_have_the_event_says_nothing_in_any_order():
    tte = pd.DataFrame({"time": [1, 2, 2, 2], "event": True, "arm": list("ABAB")})
    exact = survival.cox_model(tte, "arm", ties="exact")
    assert exact.loglik[0] == pytest.approx(np.log(1 / 4))


def test_overall_score_test_of_discrete_ties_is_the_log_rank_test():
    tte = pd.DataFrame({"time": [1, 1, 1, 2, 2, 3, 3, 3, 4, 4], "event": True, "arm": list("AABABABBAB")})
    score = survival.cox_model(tte, "arm", ties="discrete").tests.set_index("test").loc["score", "chi2"]
    assert score == pytest.approx(survival.log_rank(tte, "arm").chi2, rel=1e-9)
