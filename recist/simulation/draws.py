"""Random draws that depend on uniform numbers alone, so that a seed gives the same data everywhere.

NumPy keeps the uniform doubles of PCG64 stable between versions but may change how its other distributions
consume them (numpy.org, "Compatibility policy" of `numpy.random`); the few that are needed are written out.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, TypeAlias

import numpy as np
import numpy.typing as npt

Floats: TypeAlias = npt.NDArray[np.float64]
Ints: TypeAlias = npt.NDArray[np.integer[Any]]
Bools: TypeAlias = npt.NDArray[np.bool_]
Shape: TypeAlias = int | tuple[int, ...]


@dataclass(frozen=True)
class Draws:
    """A stream of random numbers."""

    generator: np.random.Generator

    @classmethod
    def of(cls, *entropy: int) -> Draws:
        """The stream that belongs to a seed (and to a block of subjects within it)."""
        return cls(np.random.Generator(np.random.PCG64(np.random.SeedSequence(entropy))))

    def uniform(self, shape: Shape, low: float = 0.0, high: float = 1.0) -> Floats:
        """Even between `low` and `high`."""
        return low + (high - low) * self.generator.random(shape)

    def happens(self, probability: npt.ArrayLike, shape: Shape) -> Bools:
        """True with that probability, which may differ by subject."""
        return np.asarray(self.generator.random(shape) < np.asarray(probability))

    def normal(self, shape: Shape) -> Floats:
        """Standard normal (Box and Muller 1958)."""
        radius = np.sqrt(-2.0 * np.log1p(-self.generator.random(shape)))
        return np.asarray(radius * np.cos(2.0 * np.pi * self.generator.random(shape)))

    def spread(self, shape: Shape, sd: float) -> Floats:
        """Log-normal factor with median 1 and `sd` on the log scale."""
        return np.asarray(np.exp(sd * self.normal(shape)))

    def waiting(self, median: npt.ArrayLike, shape: Shape) -> Floats:
        """Exponential waiting time with that median, days."""
        return np.asarray(-np.log1p(-self.generator.random(shape)) * np.asarray(median) / np.log(2.0))

    def integers(self, shape: Shape, low: int, high: int) -> Ints:
        """Whole numbers from `low` to `high`, both included."""
        return np.asarray(low + self.generator.random(shape) * (high - low + 1)).astype(np.int64)

    def category(self, probabilities: npt.ArrayLike, n: int) -> Ints:
        """One position per subject; `probabilities` has one row per subject, or one for all."""
        upper = np.cumsum(np.atleast_2d(np.asarray(probabilities, float)), axis=1)
        chosen = (self.generator.random((n, 1)) * upper[:, -1:] >= upper).sum(axis=1)
        last: Ints = np.minimum(chosen, upper.shape[1] - 1).astype(np.int64)
        return last

    def without_replacement(self, weights: Floats, k: int) -> Ints:
        """`k` different positions per row, likelier first (Gumbel keys; Efraimidis, Spirakis 2006)."""
        with np.errstate(divide="ignore"):
            keys = np.log(weights) - np.log(-np.log1p(-self.generator.random(weights.shape)))
        return np.asarray(np.argsort(-keys, axis=1, kind="stable")[:, :k])
