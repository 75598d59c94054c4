"""How long all parameters of admiralonco's ADRS and ADTTE take beside admiralonco itself.

    python benchmarks/admiralonco.py [--data FOLDER] [--repeats 5]

FOLDER holds `rs_10000.parquet` and `adsl_10000.parquet`; the larger size is the same subjects ten times over with
new identifiers. The clock runs from the frames of responses and subjects, identifiers as text, to the frames of
ADRS and ADTTE, as admiralonco's did. Its times, 78 s and 725 s, were measured once on the same machine;
they are constants here.
"""

import argparse
import os
import time
from pathlib import Path

import pandas as pd

import recist
from survival.admiralonco import derive_adtte

ADMIRALONCO_SECONDS = {10_000: 78.0, 100_000: 725.0}
WANTED = {10_000: 300, 100_000: 1_000}
DATES = {
    "randomization_date": "RANDDT",
    "treatment_start_date": "TRTSDT",
    "death_date": "DTHDT",
    "last_alive_date": "LSTALVDT",
}


def read(folder: Path, copies: int) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Responses and subjects in our names, a number of times over with new identifiers."""
    adsl = pd.read_parquet(folder / "adsl_10000.parquet")
    rs = pd.read_parquet(folder / "rs_10000.parquet")
    dates = {ours: pd.to_datetime(adsl[theirs]) for ours, theirs in DATES.items()}
    subjects = pd.DataFrame({"subject": adsl["USUBJID"], **dates})
    responses = pd.DataFrame(
        {"subject": rs["USUBJID"], "date": pd.to_datetime(rs["ADT"]), "overall": rs["AVALC"]}
    )
    if copies == 1:
        return responses, subjects
    return again(responses, copies), again(subjects, copies)


def again(frame: pd.DataFrame, copies: int) -> pd.DataFrame:
    """The frame below itself, each copy with a letter of its own before the identifiers."""
    parts = [frame.assign(subject=f"{chr(65 + n)}-" + frame["subject"]) for n in range(copies)]
    return pd.concat(parts, ignore_index=True)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    shared = Path(os.environ.get("RECIST_SHARED", "../shared"))
    parser.add_argument("--data", type=Path, default=shared / "data" / "admiralonco_10000")
    parser.add_argument("--repeats", type=int, default=5)
    asked = parser.parse_args()
    print(
        "subjects   assessments  ADRS rows  ADTTE rows  ADRS s  ADTTE s  total s  admiralonco s  ratio  wanted"
    )
    for size, theirs in ADMIRALONCO_SECONDS.items():
        responses, subjects = read(asked.data, size // 10_000)
        fastest = (float("inf"), 0.0, 0.0)
        for _ in range(asked.repeats):
            start = time.perf_counter()
            adrs = recist.derive_adrs(responses, subjects, recist.get_rules("admiralonco"))
            between = time.perf_counter()
            adtte = derive_adtte(adrs, subjects)
            end = time.perf_counter()
            fastest = min(fastest, (end - start, between - start, end - between))
        total, of_adrs, of_adtte = fastest
        print(
            f"{size:>8,} {len(responses):>13,} {len(adrs):>10,} {len(adtte):>11,} {of_adrs:>7.3f} {of_adtte:>8.3f} "
            f"{total:>8.3f} {theirs:>14.0f} {theirs / total:>6,.0f} {WANTED[size]:>7,}"
        )


if __name__ == "__main__":
    main()
