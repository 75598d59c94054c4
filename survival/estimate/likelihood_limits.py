"""Limits of one coefficient where a likelihood has fallen by half the chi-square quantile on either side.

Venzon and Moolgavkar, Appl Stat 37 (1988) 87.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

from survival.estimate.limits import normal_quantile

FAR = 30.0  # coefficient per standard deviation beyond which a limit is 0 or infinite
HALVINGS = 48


def fallen(highest: Callable[[float], float], top: float, centre: float, level: float) -> tuple[float, float]:
    """Coefficients below and above `centre` at which `highest` is `top` less half the quantile; infinite when none.

    `highest` rises up to `centre` and falls from there; `top` is its value there, which may be infinitely far.
    """
    floor = top - normal_quantile(level) ** 2 / 2
    middle = float(np.clip(centre, -FAR, FAR))
    lower, upper = (_crossing(highest, floor, middle, side) for side in (-1.0, 1.0))
    return lower, upper


def _crossing(highest: Callable[[float], float], floor: float, inside: float, side: float) -> float:
    """Where the likelihood crosses the floor on one side: steps that double, then halves."""
    reach, outside = 0.5, inside + side * 0.5
    while highest(outside) > floor:
        if abs(outside) > FAR:
            return float(side * np.inf)
        inside, reach = outside, 2 * reach
        outside = inside + side * reach
    for _ in range(HALVINGS):
        middle = (inside + outside) / 2
        inside, outside = (middle, outside) if highest(middle) > floor else (inside, middle)
    return (inside + outside) / 2
