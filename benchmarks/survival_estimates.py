"""How long kaplan_meier and compare_arms take beside lifelines, in one run on the same data.

    python benchmarks/survival_estimates.py [--sizes 1000 1000000] [--skip-cox-above 100000]

Times continuous without ties, and whole days. Each pair gives the same answer: two curves with log-log
limits and medians; the hazard ratio with Efron ties, its Wald test, and the log-rank test. A ratio above 1:
lifelines takes longer. Its Cox model takes minutes at 1,000,000 untied times; above --skip-cox-above it is
left out, and compare_arms, with its model, is set beside the log-rank test of lifelines alone.
"""

import argparse
import time
from collections.abc import Callable

import numpy as np
import pandas as pd
from lifelines import CoxPHFitter, KaplanMeierFitter
from lifelines.statistics import logrank_test

from survival import compare_arms, kaplan_meier


def trial(n: int, whole_days: bool, seed: int = 20240501) -> pd.DataFrame:
    """Two arms with a hazard ratio of 0.7, about 40 % censored."""
    random = np.random.default_rng(seed)
    active = random.integers(0, 2, n).astype(bool)
    event_time = random.exponential(np.where(active, 300 / 0.7, 300.0))
    censoring = random.uniform(0, 900, n)
    observed = np.minimum(event_time, censoring)
    arm = pd.Categorical(np.where(active, "ACTIVE", "CONTROL"))
    days = np.ceil(observed) if whole_days else observed
    return pd.DataFrame({"time": days, "event": event_time <= censoring, "arm": arm})


def our_curves(frame: pd.DataFrame) -> object:
    km = kaplan_meier(frame, by="arm")
    return km.curves, km.quantiles([0.5])


def lifelines_curves(frame: pd.DataFrame) -> object:
    fitted = []
    for _, part in frame.groupby("arm", observed=True):
        curve = KaplanMeierFitter().fit(part["time"], part["event"])
        fitted.append((curve.survival_function_, curve.confidence_interval_, curve.median_survival_time_))
    return fitted


def our_comparison(frame: pd.DataFrame) -> object:
    return compare_arms(frame, by="arm", reference="CONTROL")


def lifelines_log_rank(frame: pd.DataFrame) -> object:
    active = frame["arm"] == "ACTIVE"
    times, events = frame["time"], frame["event"]
    return logrank_test(times[active], times[~active], events[active], events[~active])


def lifelines_comparison(frame: pd.DataFrame) -> object:
    coded = frame.assign(active=(frame["arm"] == "ACTIVE").astype(float)).drop(columns="arm")
    return CoxPHFitter().fit(coded, "time", "event").summary, lifelines_log_rank(frame)


def best_of(runs: int, call: Callable[[pd.DataFrame], object], frame: pd.DataFrame) -> float:
    """The shortest of several runs, in seconds."""
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        call(frame)
        taken.append(time.perf_counter() - start)
    return min(taken)


def line(what: str, n: int, kind: str, ours: float, theirs: float) -> str:
    return f"{what:<34}{n:>10,} {kind:<11}{ours:>11.4f} s{theirs:>11.4f} s{theirs / ours:>9.1f}x"


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--sizes", type=int, nargs="+", default=[1_000, 1_000_000])
    parser.add_argument("--skip-cox-above", type=int, default=100_000)
    asked = parser.parse_args()
    print(f"{'':<34}{'n':>10} {'times':<11}{'ours':>13}{'lifelines':>13}{'ratio':>10}")
    for call in (our_curves, our_comparison, lifelines_comparison):
        call(trial(200, whole_days=True))  # what is imported at first use is not part of the times
    for n in asked.sizes:
        for kind, whole_days in (("continuous", False), ("whole days", True)):
            frame = trial(n, whole_days)
            runs = 20 if n <= 10_000 else 2
            curves = best_of(runs, our_curves, frame), best_of(runs, lifelines_curves, frame)
            print(line("kaplan_meier with limits", n, kind, *curves), flush=True)
            skip = n > asked.skip_cox_above
            theirs = lifelines_log_rank if skip else lifelines_comparison
            what = "compare_arms / log-rank test alone" if skip else "compare_arms / Cox and log-rank"
            pair = best_of(runs, our_comparison, frame), best_of(1 if n > 10_000 else 5, theirs, frame)
            print(line(what, n, kind, *pair), flush=True)


if __name__ == "__main__":
    main()
