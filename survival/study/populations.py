"""Who is analysed: populations, and the groups they are shown in."""

from __future__ import annotations

from typing import Any

import pandas as pd

from survival.study.load import holds
from survival.study.model import Population, ProportionSpec, Study
from survival.study.source import nearest

ALL = "all"
MOST_SUBGROUPS = 12  # values of a column that a forest plot can show
ASSESSED = "assessed_after_baseline"  # column of the subjects, made from the responses


def population(study: Study, subjects: pd.DataFrame, name: str) -> pd.DataFrame:
    """The subjects of a population, grouped as the study file says; an empty one is an error."""
    return _grouped(study, members(study, subjects, name), name)


def members(study: Study, subjects: pd.DataFrame, name: str) -> pd.DataFrame:
    """The subjects of a population, whatever arm they have; an empty one is an error."""
    chosen = subjects if name == ALL else subjects[_belongs(study, subjects, name)]
    if chosen.empty:
        key = ("populations", name) if name != ALL else ("data",)
        raise study.source.error(key, f"no subject belongs to population '{name}'.")
    return chosen.reset_index(drop=True)


def refuse_unknown_columns(study: Study, subjects: pd.DataFrame) -> None:
    """An error for the first column that the study file names and the subject table lacks."""
    if study.arms is not None:
        _column(study, subjects, ("arms", "column"), study.arms.column)
    for name in study.populations:
        _belongs(study, subjects, name)
    for column in study.analysis.strata:
        _known_stratum(study, subjects, column)
    for column in study.analysis.subgroups:
        _few_values(study, column, _column(study, subjects, ("analysis", "subgroups"), column))
    for number, spec in enumerate(study.proportion):
        meets(study, subjects, ("proportion", number), spec)


def _known_stratum(study: Study, subjects: pd.DataFrame, column: str) -> None:
    """An error for the first subject of the analyses whose stratum is not known."""
    key, name = ("analysis", "strata"), study.analysis.population
    values = _column(study, subjects, key, column)
    blank = values.isna() if name == ALL else values.isna() & _belongs(study, subjects, name)
    if blank.any():
        who = subjects.loc[blank, "subject"].astype(str).iloc[0]
        raise study.source.error(
            key,
            f"subject {who} of population '{name}' has no {column}, by which the analyses are stratified. "
            "Fill it in, or leave the subject out by a population.",
        )


def _few_values(study: Study, column: str, values: pd.Series[Any]) -> None:
    """An error for a column that makes no subgroups: a number, or a text of many values."""
    if (many := values.nunique()) > MOST_SUBGROUPS:
        raise study.source.error(
            ("analysis", "subgroups"),
            f"column '{column}' has {many} values, too many for subgroups. Cut it into a few groups first, "
            "in a column of its own.",
        )


def population_label(study: Study, name: str) -> str:
    """A population as tables print it."""
    if name == ALL:
        return "All subjects"
    return study.populations[name].label or name


def _belongs(study: Study, subjects: pd.DataFrame, name: str) -> pd.Series[Any]:
    """Whether each subject meets every condition of a population."""
    says = study.populations[name]
    belongs = meets(study, subjects, ("populations", name), says)
    if says.assessed and ASSESSED in subjects:
        belongs &= subjects[ASSESSED].eq(True)
    return belongs


def meets(
    study: Study, subjects: pd.DataFrame, key: tuple[str | int, ...], says: Population | ProportionSpec
) -> pd.Series[Any]:
    """Whether each subject meets every condition that stands at a key: flag, dates known, values of columns."""
    belongs = pd.Series(True, index=subjects.index)
    if says.flag is not None:
        belongs &= _flag(study, subjects, (*key, "flag"), says.flag)
    for column in says.has:
        belongs &= _column(study, subjects, (*key, "has"), column).notna()
    for column, wanted in says.where.items():
        belongs &= holds(study, (*key, "where", column), subjects, wanted)
    return belongs


def with_assessed(study: Study, subjects: pd.DataFrame, responses: pd.DataFrame) -> pd.DataFrame:
    """The subjects with the flag of those who have an assessment after baseline, where a population asks."""
    if not any(says.assessed for says in study.populations.values()):
        return subjects
    seen = set(responses["subject"].astype(str))
    return subjects.assign(**{ASSESSED: subjects["subject"].astype(str).isin(seen)})


def _flag(study: Study, subjects: pd.DataFrame, key: tuple[str | int, ...], column: str) -> pd.Series[Any]:
    """A flag column as true and false: true, Y and 1 are yes; false, N, 0 and blank are no."""
    text = _column(study, subjects, key, column).astype("string").str.strip().str.lower().fillna("")
    if strange := sorted(set(text) - {*_YES, *_NO}):
        raise study.source.error(
            key, f"column '{column}' is no flag: it holds '{strange[0]}'. A flag holds true or false, Y or N."
        )
    return text.isin(_YES)


_YES, _NO = ("true", "y", "yes", "1", "1.0"), ("false", "n", "no", "0", "0.0", "")


def _column(study: Study, subjects: pd.DataFrame, key: tuple[str | int, ...], column: str) -> pd.Series[Any]:
    """A column of the subject table that the study file names."""
    if column not in subjects:
        known = nearest(column, map(str, subjects.columns))
        raise study.source.error(key, f"the subject table has no column '{column}'.{known}")
    return subjects[column]


def _grouped(study: Study, subjects: pd.DataFrame, name: str) -> pd.DataFrame:
    """The subjects with the column of the arms as ordered categories, labels in place of values."""
    arms = study.arms
    if arms is None:
        return subjects
    given = _column(study, subjects, ("arms", "column"), arms.column).astype("string")
    order = arms.order or sorted(given.dropna().unique())
    outside = given[~given.isin(order)]
    if len(outside):
        value = "no value" if pd.isna(outside.iloc[0]) else f"'{outside.iloc[0]}'"
        who = (
            f"subject {subjects['subject'].astype(str)[outside.index[0]]} of population '{name}' has {value}"
        )
        raise study.source.error(
            ("arms", "order"),
            f"{who} in column '{arms.column}', which [arms] does not list ({', '.join(order)}). "
            "Add it to order, or leave the subjects out by a population.",
        )
    if arms.reference is not None and arms.reference not in order:
        raise study.source.error(
            ("arms", "reference"),
            f"arm '{arms.reference}' is not in the data.{nearest(arms.reference, order)}",
        )
    labels = [arms.labels.get(value, value) for value in order]
    codes = pd.Index(order).get_indexer(pd.Index(given))
    return subjects.assign(**{arms.column: pd.Categorical.from_codes(codes, pd.Index(labels))})


def reference_label(study: Study) -> str | None:
    """The reference arm as the frames hold it."""
    if study.arms is None or study.arms.reference is None:
        return None
    return study.arms.labels.get(study.arms.reference, study.arms.reference)
