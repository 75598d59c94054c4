"""The scale of a forest plot: what it holds, and its ticks."""

from __future__ import annotations

import numpy as np
import pandas as pd

from recist import text_width

TICKS = (0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 50.0, 100.0)
MINUS = "\N{MINUS SIGN}"


def scale_range(numbers: pd.DataFrame) -> tuple[float, float]:
    """The scale: what holds the estimates and, as far as sensible, their limits."""
    values = numbers[["estimate", "lower", "upper"]].to_numpy(float)
    values = values[np.isfinite(values)]
    if is_linear(numbers):
        far = float(np.abs(values).max()) if len(values) else 0.1
        far = min(np.ceil(11 * far) / 10, 1.0)
        return -far, far
    values = values[values > 0]
    low, high = (float(values.min()), float(values.max())) if len(values) else (0.5, 2.0)
    estimates = numbers["estimate"].dropna()
    low = max(low, 0.1, 0.0) if estimates.empty or estimates.min() > 0.1 else max(low, 0.02)
    high = min(high, 10.0) if estimates.empty or estimates.max() < 10 else min(high, 50.0)
    low = max((tick for tick in TICKS if tick <= min(low, 0.5)), default=TICKS[0])
    return low, min((tick for tick in TICKS if tick >= max(high, 2.0)), default=TICKS[-1])


def is_linear(numbers: pd.DataFrame) -> bool:
    """Differences have a linear scale, ratios a logarithmic one."""
    return bool((numbers["measure"] == "difference").any())


def scale_ticks(
    numbers: pd.DataFrame, scale: tuple[float, float], wide: float
) -> tuple[list[float], list[str]]:
    """Ticks whose texts are apart; that of no effect comes first."""
    low, high = scale
    if is_linear(numbers):
        found = [float(tick) for tick in np.linspace(low, high, 5 if wide > 110 else 3)]
        return found, [f"{100 * tick:.0f}".replace("-", MINUS) for tick in found]
    points = wide / np.log(high / low)
    wanted = TICKS if wide > 90 else (low, 1.0, high)
    kept: list[float] = []
    for tick in sorted(
        (tick for tick in wanted if low <= tick <= high),
        key=lambda tick: (tick != 1, tick not in (low, high)),
    ):
        room = [
            abs(np.log(tick / other)) * points - (text_width(f"{tick:g}") + text_width(f"{other:g}")) / 2
            for other in kept
        ]
        if min(room, default=9.0) > 5:
            kept.append(tick)
    return sorted(kept), [f"{tick:g}" for tick in sorted(kept)]
