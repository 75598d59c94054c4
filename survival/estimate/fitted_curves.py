"""Fitted Kaplan-Meier curves as users hold them: frames of curves, quantiles and rates."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from survival.estimate.curve import Curve, quantile, values_at
from survival.estimate.observations import EstimateError, FloatArray, Groups, Observations

CURVES = {  # column after those of `by` -> what it says
    "time": "distinct observed times, and 0",
    "survival": "estimated fraction still free of the event after this time",
    "se": "Greenwood standard error of `survival`; missing once it is 0",
    "lower": "lower limit of `survival`",
    "upper": "upper limit of `survival`",
    "at_risk": "subjects under observation just before this time",
    "events": "events at this time",
    "censored": "subjects censored at this time",
}
QUANTILES = {
    "probability": "fraction that has had the event",
    "time": "when that fraction is reached; missing when it is not",
    "lower": "lower limit of `time`; missing when not reached",
    "upper": "upper limit of `time`; missing when not reached",
    "n": "subjects of the group",
    "events": "events in the group",
}
AT = {
    "time": "as asked for",
    "survival": "estimated fraction still free of the event after this time",
    "se": "Greenwood standard error of `survival`",
    "lower": "lower limit of `survival`",
    "upper": "upper limit of `survival`",
    "at_risk": "subjects under observation just before this time",
    "events": "events up to and including this time",
}


@dataclass(frozen=True, eq=False, repr=False)
class KaplanMeier:
    """Fitted curves, one per group of `by`; made by `kaplan_meier`."""

    observations: Observations
    groups: Groups
    fitted: tuple[Curve, ...]
    conf_type: str
    convention: str
    level: float

    @property
    def by(self) -> list[str]:
        """The columns that name the groups."""
        return list(self.groups.labels.columns)

    @cached_property
    def curves(self) -> pd.DataFrame:
        """One row per group and distinct time, from time 0; the columns of `by`, then those of `CURVES`."""
        parts = {name: [getattr(curve, name) for curve in self.fitted] for name in CURVES}
        return self._frame([len(curve.time) for curve in self.fitted], parts)

    def quantiles(self, probabilities: Iterable[float] = (0.25, 0.5, 0.75)) -> pd.DataFrame:
        """When given fractions of each group have had the event, with limits by inverting the curve's limits.

        Parameters
        ----------
        probabilities
            Fractions between 0 and 1; 0.5 is the median.

        Returns
        -------
        DataFrame
            The columns of `by`, then `probability time lower upper n events`, time in the unit handed in;
            missing when not reached.

        Raises
        ------
        EstimateError
            For a fraction outside 0 to 1.

        Examples
        --------
        >>> from survival import kaplan_meier
        >>> tte = pd.DataFrame({"time": [2, 4, 6, 8], "event": [True, True, True, False]})
        >>> kaplan_meier(tte).quantiles([0.5])[["time", "lower", "upper"]].values.tolist()
        [[5.0, 2.0, nan]]
        """
        wanted = numbers(probabilities, "probability")
        if not ((wanted > 0) & (wanted < 1)).all():
            raise EstimateError(f"probabilities {wanted.tolist()} are not between 0 and 1; the median is 0.5")
        found = [[quantile(curve, p, self.convention) for p in wanted] for curve in self.fitted]
        values = np.array(found).reshape(-1, 3).T
        size, each = len(wanted), len(self.fitted)
        parts = {
            "probability": [wanted] * each,
            **{name: [values[row]] for row, name in enumerate(("time", "lower", "upper"))},
            "n": [np.full(size, curve.at_risk[0]) for curve in self.fitted],
            "events": [np.full(size, curve.events.sum()) for curve in self.fitted],
        }
        return self._frame([size] * each, parts)

    def at(self, times: Iterable[float]) -> pd.DataFrame:
        """Survival at given times, for instance the rate at one year.

        Parameters
        ----------
        times
            Times from 0 on, in the unit handed in.

        Returns
        -------
        DataFrame
            The columns of `by`, then `time survival se lower upper at_risk events`; `at_risk` just before and
            `events` up to the time. Past a censored last observation missing ("sas") or carried on ("r").

        Raises
        ------
        EstimateError
            For a negative or missing time.

        Examples
        --------
        >>> from survival import kaplan_meier
        >>> tte = pd.DataFrame({"time": [2, 4, 6, 8], "event": [True, True, True, False]})
        >>> kaplan_meier(tte).at([4, 9])[["survival", "at_risk", "events"]].values.tolist()
        [[0.5, 3.0, 2.0], [nan, 0.0, 3.0]]
        """
        wanted = numbers(times, "time")
        if not (wanted >= 0).all():
            raise EstimateError(f"times {wanted.tolist()} have to be 0 or later")
        found = [values_at(curve, wanted, self.convention) for curve in self.fitted]
        parts: dict[str, list[npt.NDArray[Any]]] = {"time": [wanted] * len(found)}
        parts |= {name: [values[name] for values in found] for name in AT if name != "time"}
        return self._frame([len(wanted)] * len(found), parts)

    def to_lifelines(self) -> Any:
        """The data as a fitted lifelines KaplanMeierFitter; with `by`, one per group, keyed by its label.

        lifelines has log-log limits alone, whatever `conf_type` is.
        """
        from survival.estimate.to_lifelines import fit_kaplan_meier

        return fit_kaplan_meier(self.observations, self.groups, self.level)

    def to_results(
        self, probabilities: Iterable[float] = (0.25, 0.5, 0.75), times: Iterable[float] = ()
    ) -> pd.DataFrame:
        """Every number as one row: the columns of `by`, then `statistic at value lower upper method level`.

        `statistic` is n, events, quantile (`at` = probability) or survival (`at` = time).
        """
        quantiles, rates = self.quantiles(probabilities), self.at(times)
        sizes = self.quantiles([0.5])
        parts = [
            sizes[self.by].assign(statistic="n", value=sizes["n"]),
            sizes[self.by].assign(statistic="events", value=sizes["events"]),
            quantiles.rename(columns={"probability": "at", "time": "value"}).assign(statistic="quantile"),
            rates.rename(columns={"time": "at", "survival": "value"}).assign(statistic="survival"),
        ]
        columns = [*self.by, "statistic", "at", "value", "lower", "upper"]
        long = pd.concat([part.reindex(columns=columns) for part in parts if len(part)], ignore_index=True)
        numbers = {name: long[name].astype(np.float64) for name in ("at", "value", "lower", "upper")}
        method = f"Kaplan-Meier, {self.conf_type} limits, {self.convention} convention"
        return long.assign(**numbers, method=method, level=self.level)

    @property
    def notes(self) -> list[str]:
        """What to know beside the numbers: groups declared without a subject, groups without an event."""
        names = [f"{name}: no subjects, no estimate" for name in self.groups.without_subjects]
        for name, curve in zip(self.groups.names(), self.fitted, strict=True):
            if not curve.events.any():
                names.append(f"{name}: no events, no quantile is reached")
        return names

    def _frame(self, sizes: Sequence[int], parts: Mapping[str, Sequence[npt.NDArray[Any]]]) -> pd.DataFrame:
        """Arrays group by group below one another, each row with the labels of its group."""
        columns: dict[str, object] = {}
        if self.by:
            row = np.repeat(np.arange(len(sizes)), sizes)
            columns = {name: self.groups.labels[name].array.take(row) for name in self.by}
        columns |= {
            name: np.concatenate(arrays) if arrays[1:] else arrays[0] for name, arrays in parts.items()
        }
        return pd.DataFrame(columns)

    def __repr__(self) -> str:
        groups = ", ".join(f"{name} n={c.at_risk[0]}" for name, c in self._named())
        return f"KaplanMeier({groups}; {self.conf_type} limits, {self.convention} convention)"

    def _named(self) -> list[tuple[str, Curve]]:
        return list(zip(self.groups.names(), self.fitted, strict=True))

    def _repr_html_(self) -> str:
        """The curves and a small table of quartiles, for notebooks."""
        from survival.notebook import kaplan_meier_html

        return kaplan_meier_html(self)


def numbers(values: Iterable[float] | float, name: str) -> FloatArray:
    """One number or several as an array, or an error that names the wish."""
    try:
        listed = list(values) if isinstance(values, Iterable) else [values]
        found: FloatArray = np.array(listed, dtype=np.float64)
        return found
    except (TypeError, ValueError):
        raise EstimateError(f"{name} {values!r} is not a number or a list of numbers") from None
