"""Marrow assessments of generated subjects."""

from __future__ import annotations

from random import Random

import pandas as pd

START = pd.Timestamp("2024-01-01")


def generated(n_subjects: int, seed: int = 1) -> pd.DataFrame:
    """Anyone: a marrow before treatment and up to six assessments, values missing now and then."""
    random = Random(seed)
    rows = []

    def maybe(value: object, missing: float = 0.1) -> object:
        return None if random.random() < missing else value

    for number in range(n_subjects):
        days = [-10, *sorted(random.sample(range(10, 300), random.randint(0, 6)))]
        for day in days:
            low = random.random() < 0.6
            rows.append(
                {
                    "subject": f"S{number}",
                    "visit": f"DAY {day}",
                    "date": START + pd.Timedelta(day, "D"),
                    "baseline": day == -10,
                    "blasts_pct": maybe(
                        random.choice([0, 2, 4.9] if low and day > 0 else [5, 12, 25, 40, 80])
                    ),
                    "neutrophils": maybe(random.choice([0.3, 0.5, 0.99, 1.0, 2.0])),
                    "platelets": maybe(random.choice([20, 50, 99, 100, 101, 250])),
                    "circulating_blasts": maybe(random.random() < 0.15),
                    "extramedullary": maybe(random.random() < 0.05),
                    "auer_rods": maybe(random.random() < 0.05),
                    "cells_counted": maybe(random.choice([100, 200, 500]), 0.5),
                    "mrd": maybe(random.choice(["negative", "positive", "not done"]), 0.4),
                    "red_cell_transfusion": maybe(random.random() < 0.2),
                }
            )
    frame = pd.DataFrame(rows)
    flags = ("circulating_blasts", "extramedullary", "auer_rods", "red_cell_transfusion")
    return frame.astype(
        dict.fromkeys(flags, "boolean") | {"blasts_pct": float, "neutrophils": float, "platelets": float}
    )
