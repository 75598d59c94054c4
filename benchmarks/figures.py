"""How long the figures take beside matplotlib alone, and whether memory stays flat over 200 of them.

    python benchmarks/figures.py [--subjects 84 1000] [--kind png] [--repeat 200]

`ours` is everything: numbers from the frames, layout, ink and file.  `matplotlib` is the time that it takes to
write the very same artists once they are there: a lower bound of what plain matplotlib needs for that figure.
Memory is the peak of the process after 20 figures, and after all of them.
"""

import argparse
import resource
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

import recist
import survival


def frames(n: int) -> dict[str, pd.DataFrame]:
    """Lesions, responses of the first reader, best responses, subjects and made-up times of a simulated trial."""
    trial = recist.simulate("nct05962450", n)
    lesions = trial.lesions
    start = trial.subjects[["subject"]].assign(start_date=trial.subjects["randomization_date"])
    both = recist.best_response(recist.assess(lesions, start=start), subjects=trial.subjects)
    one = lesions[lesions["evaluator"] == "READER 1"].reset_index(drop=True)
    responses = recist.assess(one, start=start)
    best = recist.best_response(responses, subjects=trial.subjects)
    arm = trial.subjects[["subject", "arm"]].astype(str)
    named = best.assign(subject=best["subject"].astype(str)).merge(arm, on="subject")
    random = np.random.default_rng(1)
    times = trial.subjects[["subject", "arm", "sex", "region"]].assign(time=random.integers(20, 900, n))
    cause = random.choice(["progression", "death", "censored"], n)
    tte = times.assign(event=cause != "censored", cause=pd.Series(cause).where(cause != "censored"))
    return {
        "lesions": one,
        "responses": responses,
        "best": named,
        "both": both,
        "subjects": trial.subjects,
        "tte": tte,
    }


def figures(data: dict[str, pd.DataFrame]) -> dict[str, Callable[[], Any]]:
    """Every figure from the frames; statistics are made before and not timed."""
    responses, best, subjects, tte = (data[name] for name in ("responses", "best", "subjects", "tte"))
    known = responses["subject"].astype(str).unique()
    km, compared = survival.kaplan_meier(tte, "arm"), survival.compare_arms(tte)
    incidence = survival.cumulative_incidence(tte, "arm")
    found = survival.subgroup_analysis(tte, ["sex", "region"])
    agree = survival.concordance(data["both"], subjects, ("READER 1", "READER 2"), "arm")
    return {
        "spider": lambda: recist.spider_plot(responses, best, subjects, "arm"),
        "swimmer, page 1": lambda: recist.swimmer_plot(responses, subjects, "arm"),
        "lesion profile": lambda: recist.lesion_profile_plot(data["lesions"], responses, known[0]),
        "waterfall": lambda: recist.waterfall_plot(responses, best, "best_response", "arm"),
        "response over time": lambda: recist.response_over_time_plot(responses, subjects, "arm"),
        "Kaplan-Meier": lambda: survival.km_plot(km, compared),
        "cumulative incidence": lambda: survival.cumulative_incidence_plot(incidence, tte),
        "forest": lambda: survival.forest_plot(found),
        "agreement": lambda: survival.agreement_plot(agree),
    }


def seconds(call: Callable[[], Any], runs: int = 3) -> float:
    """The shortest of several runs."""
    taken = []
    for _ in range(runs):
        start = time.perf_counter()
        call()
        taken.append(time.perf_counter() - start)
    return min(taken)


def peak_mb() -> float:
    """Peak memory of the process."""
    return resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--subjects", type=int, nargs="+", default=[84, 1000])
    parser.add_argument("--kind", choices=["png", "svg", "pdf"], default="png")
    parser.add_argument("--repeat", type=int, default=200)
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / f"figure.{given.kind}"
        for n in given.subjects:
            print(f"\n{n} subjects, {given.kind}{'':<12}{'ours':>10}{'matplotlib':>14}{'ratio':>8}")
            made = figures(frames(n))
            sums = [0.0, 0.0]
            for name, draw in made.items():
                ours = seconds(lambda draw=draw: recist.save_figure(draw(), file))
                ready = draw()
                alone = seconds(lambda ready=ready: recist.save_figure(ready, file))
                sums = [sums[0] + ours, sums[1] + alone]
                print(f"{name:<24}{ours:>10.3f} s{alone:>12.3f} s{ours / alone:>8.2f}")
            print(f"{'all':<24}{sums[0]:>10.3f} s{sums[1]:>12.3f} s{sums[0] / sums[1]:>8.2f}")
        every = list(figures(frames(given.subjects[0])).values())
        for count in range(given.repeat):
            recist.save_figure(every[count % len(every)](), file)
            if count + 1 in (20, given.repeat):
                print(f"peak memory after {count + 1} figures: {peak_mb():.0f} MB")


if __name__ == "__main__":
    main()
