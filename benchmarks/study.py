"""End-to-end time of study files: the shipped studies, and a trial of 2,000 subjects with 20 visits each.

    python benchmarks/study.py [--studies nct05962450 ...] [--subjects 2000] [--visits 20] [--profile]

Each run is a process of its own: `python -m recist run`, from the start of the interpreter to the written folder.
Wall seconds depend on what else the machine does; processor seconds (of the process and its children) less so.
The large trial is complete: every subject has every visit with four targets.  Its study file asks for rates, five
times to events with a sensitivity analysis, and all displays that a trial of two arms has, unless --displays.
With --profile the functions that take most of the time follow.
"""

from __future__ import annotations

import argparse
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
import pandas as pd

ROOT = Path(__file__).parents[1]
SHIPPED = ROOT / "data" / "synthetic"
STUDY = """\
[study]
id = "LARGE"
title = "{subjects} subjects, {visits} visits"
[data]
lesions = "lesions.csv"
subjects = "subjects.csv"
[schedule]
every_weeks = 8
[response]
confirmation = false
[arms]
order = ["CONTROL", "NEW"]
reference = "CONTROL"
[[endpoint]]
name = "ORR"
[[endpoint]]
name = "DCR"
[[endpoint]]
name = "PFS"
[endpoint.sensitivity]
"Every event counts (EMA)" = {{ endpoint = "pfs_ema" }}
[[endpoint]]
name = "OS"
[[endpoint]]
name = "TTP"
[[endpoint]]
name = "DOR"
endpoint = "dor_any"
[[endpoint]]
name = "TTR"
endpoint = "ttr_any"
[analysis]
unit = "months"
times = [6, 12, 24]
rmst = 24
subgroups = ["region"]
"""


def main() -> None:
    """Parse, run, print one line per study."""
    parser = argparse.ArgumentParser(description=__doc__)
    there = sorted(path.parent.name for path in SHIPPED.glob("*/study.toml"))
    parser.add_argument("--studies", nargs="*", default=there)
    parser.add_argument("--subjects", type=int, default=2000, help="of the large trial; 0: none")
    parser.add_argument("--visits", type=int, default=20)
    parser.add_argument("--displays", nargs="*", default=[], help="kinds of displays of the large trial")
    parser.add_argument("--profile", action="store_true")
    given = parser.parse_args()
    with tempfile.TemporaryDirectory() as folder:
        place = Path(folder)
        for name in given.studies:
            timed(name, SHIPPED / name / "study.toml", place / name, given.profile)
        if given.subjects:
            study = large_trial(place, given.subjects, given.visits, given.displays)
            label = f"{given.subjects:,} x {given.visits}"
            timed(label, study, place / "large", given.profile)


def timed(label: str, study: Path, out: Path, profile: bool) -> None:
    """One run in a fresh process."""
    before, begin = resource.getrusage(resource.RUSAGE_CHILDREN), time.perf_counter()
    profiled = ["-m", "cProfile", "-s", "cumtime"] if profile else []
    command = [sys.executable, *profiled, "-m", "recist", "run", str(study), "--out", str(out)]
    done = subprocess.run(command, cwd=ROOT, check=False, capture_output=True, text=True)
    if not (
        out / "manifest.json"
    ).exists():  # findings of severity error alone end with status 1, results written
        sys.exit(f"{label}: {done.stderr}")
    wall, after = time.perf_counter() - begin, resource.getrusage(resource.RUSAGE_CHILDREN)
    cpu = after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime
    peak = after.ru_maxrss / 1e6
    displays = sum(1 for name in ("tables", "figures", "listings") for _ in (out / name).glob("*.[sc][sv]*"))
    print(f"{label:14} wall {wall:6.1f} s, processor {cpu:6.1f} s, peak {peak:.2f} GB, {displays} displays")
    if profile:
        print("\n".join(done.stdout.splitlines()[:70]))


def large_trial(folder: Path, subjects: int, visits: int, displays: list[str]) -> Path:
    """Lesions, subjects and study file of a complete trial of two arms."""
    from recist.simulation import benchmark_lesions

    lesions = benchmark_lesions(subjects, visits)
    lesions.to_csv(folder / "lesions.csv", index=False)
    first = lesions.drop_duplicates("subject").reset_index(drop=True)
    who, day = np.arange(len(first)), np.timedelta64(1, "D")
    start = first["date"] + 7 * day
    died = pd.Series(who % 3 == 0)
    death = start + (300 + (who * 37) % 900) * day
    cutoff = first["date"].max() + (56 * visits + 30) * day
    people = pd.DataFrame(
        {
            "subject": first["subject"].astype(str),
            "arm": np.where(who % 2 == 0, "NEW", "CONTROL"),
            "region": np.array(["EAST", "WEST", "NORTH"])[who % 7 % 3],
            "randomization_date": start,
            "death_date": death.where(died),
            "last_alive_date": (start + (56 * visits) * day).where(~died),
            "cutoff_date": cutoff,
        }
    )
    people.to_csv(folder / "subjects.csv", index=False)
    study = folder / "study.toml"
    said = STUDY.format(subjects=subjects, visits=visits)
    listed = ", ".join(f'"{kind}"' for kind in displays)
    study.write_text(said + (f"[displays]\nonly = [{listed}]\n" if displays else ""), encoding="utf-8")
    return study


if __name__ == "__main__":
    main()
