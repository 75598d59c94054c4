"""Responses and best responses of a large trial, beside the time pandas takes to read its file.

    python benchmarks/engine.py --subjects 1000000

Writes a Parquet file of subjects x 9 visits x 4 target lesions into a temporary folder, then, in one process:
read it, assess, best response.  Prints the ratio of the work to the reading, the peak memory as a multiple of
the frame, and with --scale the same at a tenth of the subjects.  With several --criteria it ends with the time
of each beside that of the first, wall and processor.  Times are of a shared machine: only the ratios of one
run mean anything, and those of the processor more than those of the wall clock.
"""

from __future__ import annotations

import argparse
import math
import resource
import subprocess
import sys
import tempfile
import time
from pathlib import Path

VISITS, LESIONS = 9, 4


def main() -> None:
    """Parse, write the file, measure in fresh processes."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--subjects", type=int, default=100_000)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--criteria", default="recist_1_1", help="several: separated by commas")
    parser.add_argument("--scale", action="store_true", help="also a tenth of the subjects")
    parser.add_argument("--measure", type=Path, help=argparse.SUPPRESS)
    given = parser.parse_args()
    if given.measure:
        measure(given.measure, given.repeats, given.criteria.split(","))
        return
    for subjects in ([given.subjects // 10] if given.scale else []) + [given.subjects]:
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "lesions.parquet"
            write(path, subjects)
            print(
                f"{subjects:,} subjects, {subjects * VISITS * LESIONS:,} rows, {path.stat().st_size / 1e6:.0f} MB"
            )
            again = [sys.executable, __file__, "--measure", str(path), "--repeats", str(given.repeats)]
            subprocess.run([*again, "--criteria", given.criteria], check=True)


def write(path: Path, subjects: int) -> None:
    """The lesion table in Parquet."""
    from recist.simulation import benchmark_lesions

    benchmark_lesions(subjects, VISITS).to_parquet(path, index=False)


def measure(path: Path, repeats: int, criteria: list[str]) -> None:
    """Read, assess and best response, timed one after the other."""
    import pandas as pd

    import recist

    fastest: dict[str, tuple[float, float]] = {}
    for _ in range(repeats):
        for name in criteria:
            begin = time.perf_counter()
            lesions = pd.read_parquet(path)
            read, processor = time.perf_counter(), time.process_time()
            responses = recist.assess(lesions, name)
            assessed = time.perf_counter()
            best = recist.best_response(responses)
            done, processor = time.perf_counter(), time.process_time() - processor
            size = lesions.memory_usage().sum() / 1e9
            peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1e6
            print(
                f"  {name}: read {read - begin:.2f} s, assess {assessed - read:.2f} s, best {done - assessed:.2f} s, "
                f"processor {processor:.2f} s, "
                f"ratio {(done - read) / (read - begin):.2f}; frame {size:.2f} GB, peak {peak / size:.1f} x; "
                f"{len(best):,} best responses"
            )
            wall, least = fastest.get(name, (math.inf, math.inf))
            fastest[name] = (min(wall, done - read), min(least, processor))
            del lesions, responses, best
    for name in criteria[1:]:
        wall, processor = (
            one / first for one, first in zip(fastest[name], fastest[criteria[0]], strict=True)
        )
        print(f"  {name} beside {criteria[0]}: {wall:.2f} x wall, {processor:.2f} x processor")


if __name__ == "__main__":
    main()
