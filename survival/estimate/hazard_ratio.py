"""The ratio of two proportional hazards from the numbers at risk; Wald, score and likelihood-ratio test.

Cox, J R Stat Soc B 34 (1972) 187; ties by Efron, J Am Stat Assoc 72 (1977) 557, or Breslow, Biometrics 30
(1974) 89. With one yes-or-no covariate the partial likelihood needs, per event, only the ratio of the two
numbers at risk; events when one arm alone is at risk say nothing.  Profile limits: Venzon and Moolgavkar, Appl Stat
37 (1988) 87; an arm without events: Heinze and Schemper, Biometrics 57 (2001) 114, after Firth.
"""

from dataclasses import dataclass

import numpy as np

from survival.estimate.likelihood_limits import FAR, fallen
from survival.estimate.limits import chi2_tail, normal_quantile
from survival.estimate.observations import FloatArray
from survival.estimate.risk_table import RiskTable
from survival.estimate.tied_pair import PARTS, TiedPair, tied_pair

TIES = ("efron", "breslow", "discrete", "exact")
SMALL = 1e-5  # step of the numerical derivative of the log information
STEPS = 100  # Newton with a bracket: about 6 are needed, bisection alone would need 60


@dataclass(frozen=True)
class HazardRatio:
    """Ratio of the arm's hazard to the reference's; missing what cannot be estimated, `note` says why."""

    hazard_ratio: float = np.nan
    lower: float = np.nan
    upper: float = np.nan
    p_wald: float = np.nan
    p_score: float = np.nan
    p_lrt: float = np.nan
    lower_profile: float = np.nan
    upper_profile: float = np.nan
    firth_ratio: float = np.nan
    firth_lower: float = np.nan
    firth_upper: float = np.nan
    p_firth: float = np.nan
    note: str = ""


@dataclass(frozen=True)
class Likelihood:
    """The partial likelihood of beta = log ratio: `events` beta - sum of weight log(1 + odds exp(beta))."""

    odds: FloatArray
    weight: FloatArray
    events: int

    @property
    def lowest(self) -> int:
        """The fewest events that the arm could have had of those that happened."""
        return 0

    @property
    def highest(self) -> int:
        """The most."""
        return int(self.weight.sum())

    def score(self, beta: float) -> tuple[float, float]:
        """First derivative and information."""
        tilted = self.odds * np.exp(beta)
        share = tilted / (1 + tilted)
        expected = self.weight * share
        return self.events - float(expected.sum()), float((expected * (1 - share)).sum())

    def gain(self, beta: float) -> float:
        """How much higher the log likelihood is than at equal hazards; beta may be infinite."""
        if np.isinf(beta):
            other = 1 / self.odds if beta > 0 else self.odds
            return float((self.weight * np.log1p(other)).sum())
        change = np.log1p(self.odds * np.expm1(beta) / (1 + self.odds))
        return self.events * beta - float((self.weight * change).sum())


PairLikelihood = Likelihood | TiedPair


def pair_likelihood(pair: RiskTable, ties: str) -> Likelihood:
    """The likelihood of two arms (reference first) from their table."""
    both = (pair.at_risk[0] > 0) & (pair.at_risk[1] > 0) & (pair.events[0] + pair.events[1] > 0)
    at_risk, events = pair.at_risk[:, both].astype(np.float64), pair.events[:, both]
    happened = int(events[1].sum())
    tied = events[0] + events[1]
    if ties == "breslow" or tied.max(initial=1) == 1:
        return Likelihood(at_risk[1] / at_risk[0], tied.astype(np.float64), happened)
    place = np.arange(tied.sum()) - np.repeat(np.cumsum(tied) - tied, tied)
    gone = place / np.repeat(tied, tied)
    left = np.repeat(at_risk, tied, axis=1) - gone * np.repeat(events, tied, axis=1)
    return Likelihood(left[1] / left[0], np.ones(len(gone)), happened)


def hazard_ratio(pair: RiskTable, ties: str, level: float) -> HazardRatio:
    """Estimate, limits and tests of two arms; without events in one of them only tests, a limit and Firth's remain."""
    likelihood = tied_pair(pair, ties) if ties in PARTS else pair_likelihood(pair, ties)
    if likelihood.highest == likelihood.lowest:
        return HazardRatio(note="not estimable: no event while both arms were at risk")
    slope, information = likelihood.score(0.0)
    p_score = chi2_tail(slope**2 / information, 1)
    if likelihood.events in (likelihood.lowest, likelihood.highest):
        return _without_maximum(likelihood, p_score, level)
    beta = maximum(likelihood)
    se = likelihood.score(beta)[1] ** -0.5
    wide = normal_quantile(level) * se
    lower, ratio, upper = (float(np.exp(beta + shift)) for shift in (-wide, 0.0, wide))
    p_wald, p_lrt = chi2_tail((beta / se) ** 2, 1), chi2_tail(2 * likelihood.gain(beta), 1)
    low, high = np.exp(fallen(likelihood.gain, likelihood.gain(beta), beta, level)).tolist()
    return HazardRatio(ratio, lower, upper, p_wald, p_score, p_lrt, low, high)


def _without_maximum(likelihood: PairLikelihood, p_score: float, level: float) -> HazardRatio:
    """The likelihood rises without end: one profile limit holds, and Firth's correction has an estimate."""
    beta = np.inf if likelihood.events == likelihood.highest else -np.inf
    silent = "the reference" if beta > 0 else "the arm"
    top = likelihood.gain(beta)
    profile = np.exp(fallen(likelihood.gain, top, beta, level))
    centre = _firth_maximum(likelihood)
    penalised = _penalised(likelihood, centre)
    firth = np.exp(fallen(lambda value: _penalised(likelihood, value), penalised, centre, level))
    gain = max(penalised - _penalised(likelihood, 0.0), 0.0)
    return HazardRatio(
        p_score=p_score,
        p_lrt=chi2_tail(2 * top, 1),
        lower_profile=float(profile[0]),
        upper_profile=float(profile[1]),
        firth_ratio=float(np.exp(centre)),
        firth_lower=float(firth[0]),
        firth_upper=float(firth[1]),
        p_firth=chi2_tail(2 * gain, 1),
        note=f"not estimable: no event in {silent} while both arms were at risk",
    )


def _penalised(likelihood: PairLikelihood, beta: float) -> float:
    """Log likelihood and half the log information."""
    information = likelihood.score(beta)[1]
    return likelihood.gain(beta) + float(np.log(information)) / 2 if information > 0 else -np.inf


def _firth_maximum(likelihood: PairLikelihood) -> float:
    """Where the penalised likelihood is highest: its slope changes sign once."""
    low, high = -FAR, FAR
    for _ in range(STEPS):
        beta = (low + high) / 2
        curve = [likelihood.score(beta + step)[1] for step in (-SMALL, SMALL)]
        if min(curve) <= 0:  # too far out to tell in floating point: back towards equal hazards
            low, high = (beta, high) if beta < 0 else (low, beta)
            continue
        slope = likelihood.score(beta)[0] + float(np.log(curve[1] / curve[0])) / (4 * SMALL)
        low, high = (beta, high) if slope > 0 else (low, beta)
    return (low + high) / 2


def maximum(likelihood: PairLikelihood) -> float:
    """Where the score is zero: Newton steps, kept inside the interval in which its sign changes."""
    low, high, beta = -np.inf, np.inf, 0.0
    for _ in range(STEPS):
        slope, information = likelihood.score(beta)
        low, high = (beta, high) if slope > 0 else (low, beta)
        step = slope / information if information > 0 else np.copysign(np.inf, slope)
        if abs(step) < 1e-10 * max(1.0, abs(beta)):
            return beta + step
        following = beta + float(np.clip(step, -2, 2))
        beta = following if low < following < high else (low + high) / 2
    return beta
