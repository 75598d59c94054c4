"""Proportions of subjects by group, and between arms their differences and odds ratios.

Miettinen and Nurminen, Stat Med 1985; 4: 213-226; Woolf, Ann Hum Genet 1955; 19: 251-253; Cochran 1954, Mantel and
Haenszel 1959 within strata.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any, TypedDict, Unpack

import pandas as pd

from recist import InputError
from survival.estimate.observations import known_word
from survival.groups import ALL, as_columns, declared_groups, label
from survival.proportion import METHODS
from survival.results import ResultRows
from survival.shares import Share, several, share_flags, shares
from survival.tables.table import Line, Shell, Table, column_sizes

PROPORTION = Shell(title="Proportions of subjects")
COUNTED = "__counted__"  # the column that carries who counts through a comparison
LIMITS = {"estimate": "estimate", "lower": "lower", "upper": "upper"}  # column of a comparison -> statistic
TEST = {"p": "p_value"}
Compared = list[tuple[str, str, pd.DataFrame]]  # row, unit, one line per arm


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """How the arms are compared; a variant is an edit."""

    reference: str | None = None  # the arm the others are compared with; None: no comparison
    difference_conf_type: str = "miettinen-nurminen"
    test: str = "fisher"
    strata: tuple[str, ...] = ()
    conf_type: str = "clopper-pearson"
    level: float = 0.95

    def __post_init__(self) -> None:
        from survival.difference_tests import TESTS

        known_word(self.test, tuple(TESTS), "test")


class Settings(TypedDict, total=False):
    """The fields of `Comparison`, as keywords."""

    reference: str | None
    difference_conf_type: str
    test: str
    strata: Sequence[str]
    conf_type: str
    level: float


def proportion_table(
    subjects: pd.DataFrame,
    asked: Share | Sequence[Share],
    by: str | Sequence[str] | None = None,
    shell: Shell = PROPORTION,
    **settings: Unpack[Settings],
) -> Table:
    """Proportions with limits by group, and with a reference arm the differences and odds ratios to it.

    Parameters
    ----------
    subjects, asked, by : as in `survival.shares`.
    shell : title, population, footnotes, and the label of the total column (empty for none).
    **settings : `reference` (arm; with it the comparison), `difference_conf_type` (a key of
        `survival.difference_limits.METHODS`), `test` (`fisher`, `pearson`, `yates`, `score`), `strata` (columns; with
        them also the stratified comparison), `conf_type` and `level` of the proportions.

    Returns
    -------
    Table with `.results`, `.frame`, `.to_html(path)` and `.to_csv(path)`.  A comparison stands in the column of
    the arm that is compared with the reference.  NE: not estimable.

    Raises
    ------
    InputError : as `survival.shares`; a reference needs one grouping column that holds it.

    Examples
    --------
    >>> subjects = pd.DataFrame({"subject": list("12345678"), "arm": list("AAAABBBB"),
    ...     "response": [1, 1, 1, 0, 1, 0, 0, 0]})
    >>> asked = Share(name="response", title="Response", flag="response")
    >>> table = proportion_table(subjects, asked, by="arm", reference="B")
    >>> table.frame.iloc[2].tolist()
    ['  Difference to B (95% CI)', '50.0% (-22.2, 86.8)', '']
    """
    fixed: dict[str, Any] = dict(settings)
    comparison = Comparison(**(fixed | {"strata": tuple(fixed.get("strata", ()))}))
    asked, by = several(asked), as_columns(by)
    _check(comparison, by)
    parts = declared_groups(subjects, by)
    columns = column_sizes([(key, len(part)) for key, part in parts], shell.total)
    rows = ResultRows(shell.heading, shell.population)
    _add_shares(rows, shares(subjects, asked, by, comparison.conf_type, comparison.level), by)
    if shell.total in columns:
        whole = shares(subjects, asked, None, comparison.conf_type, comparison.level)
        _add_shares(rows, whole.assign(total=shell.total), ["total"])
    if comparison.reference is not None:
        for share in asked:
            _add_comparison(rows, subjects, share, by[0], comparison)
    noted = replace(shell, footnotes=(*shell.footnotes, *_notes(asked, comparison)))
    return Table(noted, tuple(_lines(asked, comparison)), columns, rows.frame())


def _check(comparison: Comparison, by: list[str]) -> None:
    if comparison.reference is not None and len(by) != 1:
        raise InputError(f"a reference arm needs one grouping column, not {', '.join(by) or 'none'}")


def _add_shares(rows: ResultRows, table: pd.DataFrame, by: list[str]) -> None:
    """Who counts, of how many, and the limits."""
    names = [label(key) for key in table[by].itertuples(index=False, name=None)] if by else [ALL] * len(table)
    for group, row in zip(names, table.to_dict("records"), strict=True):
        name, n = str(row["share"]), int(row["n"])
        rows.add(f"{name}: of", group, n, "subjects", count=n)
        rows.add_count(name, group, n, int(row["responders"]))
        method = METHODS[str(row["conf_type"])].title
        rows.add(name, group, n, "proportion", method, lower=row["lower"], upper=row["upper"])


def _add_comparison(
    rows: ResultRows, subjects: pd.DataFrame, share: Share, by: str, comparison: Comparison
) -> None:
    """Difference, its test and the odds ratio of each arm against the reference; within strata too."""
    who, among = share_flags(subjects, [share])[share.name]
    frame = subjects.assign(**{COUNTED: who})[among]
    frame = frame.assign(**{by: pd.Categorical(frame[by], categories=_arms(subjects, by))})
    given = {"response": COUNTED, "by": by, "reference": comparison.reference}
    found = _plain(frame, given, comparison)
    if comparison.strata:
        found += _within_strata(frame, given, comparison)
    for name, unit, table in found:
        for row in table.to_dict("records"):
            values = {to: row[of] for of, to in (TEST if unit == "probability" else LIMITS).items()}
            rows.add(f"{share.name}: {name}", str(row[by]), int(row["n"]), unit, row["method"], **values)


def _plain(frame: pd.DataFrame, given: dict[str, Any], comparison: Comparison) -> Compared:
    """Difference, odds ratio and test over all subjects."""
    from survival import rate_difference, rate_ratio, rate_tests

    limits = {"conf_type": comparison.difference_conf_type, "level": comparison.level}
    tests = rate_tests(frame, **given)
    return [
        ("difference", "proportion", rate_difference(frame, **given, **limits)),
        ("odds ratio", "ratio", rate_ratio(frame, **given, level=comparison.level)),
        ("p", "probability", tests[tests["test"] == comparison.test]),
    ]


def _within_strata(frame: pd.DataFrame, given: dict[str, Any], comparison: Comparison) -> Compared:
    """The same within strata."""
    from survival import common_odds_ratio, mantel_haenszel, rate_difference

    strata: dict[str, Any] = given | {"strata": list(comparison.strata)}
    tests = mantel_haenszel(frame, **strata)
    return [
        ("stratified difference", "proportion", rate_difference(frame, level=comparison.level, **strata)),
        ("common odds ratio", "ratio", common_odds_ratio(frame, level=comparison.level, **strata)),
        ("stratified p", "probability", tests[tests["test"] == "cmh"]),
    ]


def _arms(subjects: pd.DataFrame, by: str) -> list[Any]:
    """The arms that are declared, else those that occur, sorted."""
    values = subjects[by]
    if isinstance(values.dtype, pd.CategoricalDtype):
        return list(values.cat.categories)
    return sorted(values.dropna().unique().tolist())


def _lines(asked: Sequence[Share], comparison: Comparison) -> list[Line]:
    """The lines in the order of the shell."""
    percent = f"{100 * comparison.level:g}% CI"
    lines = []
    for share in asked:
        if share.among is not None:
            lines.append(Line(f"Among: {share.among.replace('_', ' ')}, n", f"{share.name}: of", "n", 0))
        lines.append(Line(f"{share.title}, n (%)", share.name, indent=0))
        lines.append(Line(f"{percent} ({METHODS[comparison.conf_type].title})", share.name, "limits"))
        if comparison.reference is None:
            continue
        if comparison.strata:
            lines.append(Line("Not stratified"))
        lines += _comparison_lines(share.name, "", comparison, percent)
        if comparison.strata:
            lines.append(Line(f"Stratified by {', '.join(comparison.strata)}"))
            lines += _comparison_lines(share.name, "stratified ", comparison, percent)
    return lines


def _comparison_lines(name: str, prefix: str, comparison: Comparison, percent: str) -> list[Line]:
    """Difference, odds ratio and p, plain or within strata."""
    indent = 2 if comparison.strata else 1
    ratio, p = ("common odds ratio", "stratified p") if prefix else ("odds ratio", "p")
    title = "Common odds ratio" if prefix else "Odds ratio"
    test = "Cochran-Mantel-Haenszel" if prefix else _test_title(comparison.test)
    return [
        Line(
            f"Difference to {comparison.reference} ({percent})",
            f"{name}: {prefix}difference",
            "estimate (limits)",
            indent,
        ),
        Line(f"{title} ({percent})", f"{name}: {ratio}", "estimate (limits)", indent),
        Line(f"p ({test})", f"{name}: {p}", "p", indent),
    ]


def _test_title(test: str) -> str:
    from survival.difference_tests import TESTS

    return TESTS[test][0]


def _notes(asked: Sequence[Share], comparison: Comparison) -> tuple[str, ...]:
    """What a reader must know to reproduce the numbers."""
    method = METHODS[comparison.conf_type]
    notes = (
        ["Percentages are of N, or of those among whom it is counted."] if any(s.among for s in asked) else []
    )
    notes += [f"CI: confidence interval; of proportions by {method.citation}. NE: not estimable."]
    if comparison.reference is None:
        return tuple(notes)
    from survival.difference_limits import METHODS as DIFFERENCES

    _, title, citation = DIFFERENCES[comparison.difference_conf_type]
    notes.append(
        f"Difference: {title} limits ({citation}); odds ratio: Wald limits on the log scale (Woolf)."
    )
    if comparison.strata:
        notes.append(
            "Stratified: Miettinen-Nurminen difference; Mantel-Haenszel odds ratio with limits of Robins, Breslow and "
            "Greenland; Cochran-Mantel-Haenszel test."
        )
    return tuple(notes)
