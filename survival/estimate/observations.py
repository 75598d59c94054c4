"""Times, events and groups as arrays, read from a frame of any origin and refused where they mislead."""

from collections.abc import Hashable, Iterable, Sequence
from dataclasses import dataclass
from difflib import get_close_matches

import numpy as np
import numpy.typing as npt
import pandas as pd

from recist import InputError

FloatArray = npt.NDArray[np.float64]
IntArray = npt.NDArray[np.int64]
BoolArray = npt.NDArray[np.bool_]


class EstimateError(InputError):
    """The frame or the wish cannot be turned into an estimate; says what, where and the remedy."""


@dataclass(frozen=True)
class Observations:
    """One entry per subject: time (days, or the unit handed in) and whether the event happened then."""

    time: FloatArray
    event: BoolArray


@dataclass(frozen=True)
class Groups:
    """The observed groups: `labels` has one row per group, `code` the row of `labels` of each subject."""

    labels: pd.DataFrame
    code: IntArray
    without_subjects: tuple[Hashable, ...] = ()

    def __len__(self) -> int:
        return len(self.labels)

    def names(self) -> list[str]:
        """One text per group, the labels of several columns joined by a comma; `all` without columns."""
        if self.labels.columns.empty:
            return ["all"]
        return [", ".join(map(str, row)) for row in self.labels.itertuples(index=False)]


def nearest(value: object, known: Iterable[object]) -> str:
    """'; did you mean ...?' when a known word is close, else nothing."""
    words = {str(word).lower(): str(word) for word in known}
    close = get_close_matches(str(value).lower(), words, n=1, cutoff=0.5)
    return f"; did you mean {words[close[0]]!r}?" if close else ""


def known_word(value: object, known: Sequence[str], name: str) -> str:
    """The word itself, or an error that lists the known ones and the nearest."""
    if isinstance(value, str) and value in known:
        return value
    listed = ", ".join(repr(word) for word in known)
    raise EstimateError(f"{name}={value!r} is not known; use one of {listed}{nearest(value, known)}")


def known_level(level: float) -> float:
    """The confidence level as a fraction, 0.95 and not 95."""
    if not 0 < level < 1:
        hint = f"; did you mean {level / 100}?" if 1 < level < 100 else ""
        raise EstimateError(f"level={level} is not between 0 and 1{hint}")
    return float(level)


def column_names(by: str | Sequence[str] | None) -> list[str]:
    """The names in `by` or `strata` as a list."""
    if by is None:
        return []
    return [by] if isinstance(by, str) else list(by)


def read_observations(tte: pd.DataFrame, columns: Sequence[str]) -> Observations:
    """`time` and `event` of a frame that also has to hold `columns`."""
    _check_frame(tte, ["time", "event", *columns])
    if "endpoint" in tte.columns and "endpoint" not in columns:
        endpoints = [str(value) for value in tte["endpoint"].dropna().unique()]
        if len(endpoints) > 1:
            raise EstimateError(
                f"the frame holds several endpoints ({', '.join(endpoints)}), so each subject would count"
                f" more than once; select one of them, or name 'endpoint' in by"
            )
    return Observations(_times(tte), _events(tte))


def read_groups(tte: pd.DataFrame, columns: Sequence[str]) -> Groups:
    """The observed combinations of `columns`, in the order of their categories or sorted; none: one group."""
    if not columns:
        return Groups(pd.DataFrame(index=range(1)), np.zeros(len(tte), dtype=np.int64))
    values, codes, unused = zip(*(_codes(tte, column) for column in columns), strict=True)
    if len(columns) == 1:
        return Groups(pd.DataFrame({columns[0]: values[0]}), codes[0], unused[0])
    widths = [len(value) for value in values]
    combined = np.ravel_multi_index(codes, widths)
    observed, code = np.unique(combined, return_inverse=True)
    parts = np.unravel_index(observed, widths)
    labels = {name: value[part] for name, value, part in zip(columns, values, parts, strict=True)}
    return Groups(pd.DataFrame(labels), code.astype(np.int64))


def _check_frame(tte: pd.DataFrame, needed: Sequence[str]) -> None:
    if not isinstance(tte, pd.DataFrame):
        raise TypeError(f"a pandas DataFrame with columns time and event is needed, not {type(tte).__name__}")
    for column in needed:
        if column not in tte.columns:
            have = ", ".join(map(str, tte.columns))
            raise EstimateError(f"no column {column!r}; the frame has {have}{nearest(column, tte.columns)}")
        if isinstance(tte[column], pd.DataFrame):
            raise EstimateError(f"there are several columns {column!r}; rename or drop the others")
    if tte.empty:
        raise EstimateError("the frame has no rows, so nothing can be estimated; check the selection before")


def place(tte: pd.DataFrame, wrong: BoolArray) -> str:
    """How many rows are wrong and which is the first, by subject where the frame names it."""
    first = int(np.flatnonzero(wrong)[0])
    subject = f", subject {tte['subject'].iloc[first]}" if "subject" in tte.columns else ""
    more = f", the first of {int(wrong.sum())}" if wrong.sum() > 1 else ""
    return f"row {first + 1} of the frame{subject}{more}"


def _times(tte: pd.DataFrame) -> FloatArray:
    column = tte["time"]
    if not pd.api.types.is_numeric_dtype(column) or pd.api.types.is_bool_dtype(column):
        raise EstimateError(
            f"column 'time' holds {column.dtype} where numbers are needed (days); convert it, for instance"
            f" with pandas.to_numeric, or .dt.days for durations"
        )
    time = column.to_numpy(dtype=np.float64, na_value=np.nan)
    if not np.isfinite(time).all():
        wrong = ~np.isfinite(time)
        raise EstimateError(f"missing or infinite time ({place(tte, wrong)}); give it or leave the row out")
    if time.min() < 0:
        wrong = time < 0
        first = time[np.flatnonzero(wrong)[0]]
        raise EstimateError(
            f"negative time {first:g} ({place(tte, wrong)}); is the start date after the date of the event?"
        )
    return time


def _events(tte: pd.DataFrame) -> BoolArray:
    column = tte["event"]
    if column.dtype == np.bool_:
        return column.to_numpy(dtype=np.bool_)
    missing = column.isna().to_numpy()
    if missing.any():
        raise EstimateError(f"missing event ({place(tte, missing)}); true: it happened, false: censored")
    known = column.isin([0, 1]).to_numpy()
    if not known.all():
        value = column.iloc[int(np.flatnonzero(~known)[0])]
        raise EstimateError(
            f"event is {value!s} ({place(tte, ~known)}); it has to be true (or 1) when the event happened"
            f" and false (or 0) when censored"
        )
    return column.to_numpy().astype(np.bool_)


def _codes(tte: pd.DataFrame, column: str) -> tuple[pd.Index, IntArray, tuple[Hashable, ...]]:
    """Observed values of one column, each subject's position among them, and declared values nobody has."""
    values = tte[column]
    if isinstance(values.dtype, pd.CategoricalDtype):
        code = values.cat.codes.to_numpy()
        levels: pd.Index = pd.CategoricalIndex(values.cat.categories, dtype=values.dtype)
    else:
        code, levels = pd.factorize(values, sort=True)
    if code.min() < 0:
        raise EstimateError(
            f"column {column!r} is missing ({place(tte, code < 0)}); fill it, or leave those rows out first"
        )
    observed = np.bincount(code, minlength=len(levels)) > 0
    if not observed.all():
        unused = tuple(levels[~observed].tolist())
        return levels[observed], (np.cumsum(observed) - 1)[code], unused
    return levels, code.astype(np.int64), ()
