"""Dose-limiting toxicity: counts, the 3 + 3 table cell by cell, and what it says of the maximum tolerated dose."""

from __future__ import annotations

from itertools import product

import pandas as pd
import pytest

from recist import InputError
from survival import Window, as_adverse_events, dose_limiting, dose_limiting_table, mtd
from survival.adverse_events.dose_limiting import DOSE_LEVELS, THREE_PLUS_THREE
from survival.results import COLUMNS

START = pd.Timestamp("2024-03-01")


def trial(*levels: tuple[int, int]) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Events and subjects of levels 1, 2 ..., each (treated, with a dose-limiting toxicity on day 8)."""
    people = [
        (f"{number}{k:02d}", str(number), k < toxic)
        for number, (n, toxic) in enumerate(levels, 1)
        for k in range(n)
    ]
    subjects = pd.DataFrame(
        {
            "subject": [p[0] for p in people],
            "dose_level": [p[1] for p in people],
            "treatment_start_date": START,
        }
    )
    hit = [p[0] for p in people if p[2]]
    frame = pd.DataFrame({"subject": hit, "term": "CRS", "dose_limiting": "Y", "start_date": "2024-03-09"})
    return as_adverse_events(frame), subjects.assign(dose_level=subjects["dose_level"].astype("category"))


READ = {  # (evaluable, with toxicity) -> reading; Storer 1989, design A, and house rows beyond it
    (0, 0): "nobody evaluable",
    **dict.fromkeys([(1, 0), (1, 1), (2, 0), (2, 1)], "complete the cohort"),
    (2, 2): "MTD exceeded",
    (3, 0): "escalate",
    (3, 1): "expand to six",
    **dict.fromkeys([(3, 2), (3, 3), (4, 2), (5, 2), (6, 2), (6, 3), (6, 6)], "MTD exceeded"),
    **dict.fromkeys([(4, 0), (5, 0), (6, 0), (6, 1), (7, 1), (12, 0)], "escalate"),
    **dict.fromkeys([(4, 1), (5, 1)], "expand to six"),
    **dict.fromkeys([(7, 2), (11, 3)], "not settled"),
}


@pytest.mark.parametrize(("evaluable", "toxic"), READ)
def test_the_reading_of_a_level(evaluable: int, toxic: int) -> None:
    events, subjects = trial((evaluable, toxic), (3, 0))
    if evaluable == 0:
        subjects = subjects.assign(dose_level=subjects["dose_level"].cat.set_categories(["1", "2"]))
    first = dose_limiting(events, subjects).iloc[0]
    assert (first["evaluable"], first["with_dlt"]) == (evaluable, toxic)
    assert first["reading"] == READ[(evaluable, toxic)]


def test_no_toxicity_more_makes_a_reading_milder() -> None:
    order = ("escalate", "complete the cohort", "expand to six", "not settled", "MTD exceeded")
    for n, x in product(range(1, 10), range(9)):
        if x + 1 <= n:
            here, there = (dose_limiting(*trial((n, k))).loc[0, "reading"] for k in (x, x + 1))
            assert order.index(here) <= order.index(there), (n, x)


def test_counts_limits_and_rule() -> None:
    """Limits: R 4, binom.test(2, 6)$conf.int."""
    events, subjects = trial((3, 0), (6, 2))
    table = dose_limiting(events, subjects)
    assert list(table) == ["dose_level", *DOSE_LEVELS]
    assert table["dose_level"].tolist() == ["1", "2"]
    assert table.loc[1, ["estimate", "lower", "upper"]].tolist() == pytest.approx(
        [1 / 3, 0.0432718683, 0.7772219045]
    )
    assert table["reading_rule"].tolist() == ["D2", "D8"]
    assert THREE_PLUS_THREE.rule("D8")["cite"].startswith("2 or more of 6")


def test_only_toxicity_within_the_window_counts() -> None:
    events, subjects = trial((3, 1))
    for day, toxic in (("2024-03-29", 1), ("2024-03-30", 0), ("2024-02-29", 0)):
        moved = events.assign(start_date=pd.Timestamp(day))
        assert dose_limiting(moved, subjects)["with_dlt"].tolist() == [toxic], day
    late = events.assign(start_date=pd.Timestamp("2024-03-30"))
    assert dose_limiting(late, subjects, window=Window(days=42))["with_dlt"].tolist() == [1]


def test_two_toxicities_of_one_subject_are_one_subject() -> None:
    events, subjects = trial((3, 1))
    both = as_adverse_events(pd.concat([events, events.assign(term="Sepsis")], ignore_index=True))
    assert dose_limiting(both, subjects)[["with_dlt", "events"]].values.tolist() == [[1, 2]]


def test_who_is_evaluable() -> None:
    events, subjects = trial((4, 1))  # subject 100 had the toxicity
    flagged = subjects.assign(dlt_evaluable=["N", "Y", "Y", None])
    table = dose_limiting(events, flagged, evaluable="dlt_evaluable")
    assert table[["treated", "evaluable", "with_dlt"]].values.tolist() == [[4, 3, 1]]
    untreated = subjects.assign(treatment_start_date=[START, START, START, pd.NaT])
    assert dose_limiting(events, untreated)["treated"].tolist() == [3]


def test_levels_go_from_low_to_high() -> None:
    events, subjects = trial(*[(1, 0)] * 10)
    assert dose_limiting(events, subjects)["dose_level"].tolist() == [str(n) for n in range(1, 11)]
    words = {str(n): word for n, word in enumerate(["high", "low"], 1)}
    two = trial((3, 0), (3, 1))
    named = two[1].assign(
        dose_level=pd.Categorical(two[1]["dose_level"].map(words), ["low", "high"], ordered=True)
    )
    assert dose_limiting(two[0], named)["with_dlt"].tolist() == [1, 0]
    numbers = two[1].assign(dose_level=two[1]["dose_level"].map({"1": 30.0, "2": 3.0}).astype(float))
    assert dose_limiting(two[0], numbers)["dose_level"].tolist() == [3.0, 30.0]


MTDS = {
    ((3, 0), (6, 1), (6, 2)): (
        "2",
        "determined",
        "Level 3 exceeds the MTD (2 of 6). The MTD is level 2 (1 of 6).",
    ),
    ((3, 0), (3, 2)): (
        None,
        "to be expanded",
        "Level 2 exceeds the MTD (2 of 3). Level 1 (0 of 3) is to be expanded to six before it is the MTD.",
    ),
    ((3, 2),): (
        None,
        "below the lowest level",
        "Level 1 exceeds the MTD (2 of 3). No lower level was tested.",
    ),
    ((3, 0), (6, 1)): (
        None,
        "not reached",
        "The MTD was not reached. The highest level tested is level 2 (1 of 6).",
    ),
    ((3, 0), (3, 1)): (None, "open", "No level exceeds the MTD so far. Level 2 (1 of 3): expand to six."),
    ((4, 1), (3, 2)): (
        None,
        "open",
        "Level 2 exceeds the MTD (2 of 3). Level 1 (1 of 4) below it is not settled.",
    ),
}


@pytest.mark.parametrize("levels", MTDS)
def test_the_maximum_tolerated_dose(levels: tuple[tuple[int, int], ...]) -> None:
    found = mtd(dose_limiting(*trial(*levels)))
    assert (found.level, found.status, found.sentence) == MTDS[levels]


def test_levels_that_nobody_has_reached() -> None:
    events, subjects = trial((3, 0), (6, 1))
    planned = subjects.assign(dose_level=subjects["dose_level"].cat.set_categories(["1", "2", "3"]))
    table = dose_limiting(events, planned)
    assert table["reading"].tolist() == ["escalate", "escalate", "nobody evaluable"]
    assert pd.isna(table["estimate"][2])
    assert mtd(table).sentence == "No level exceeds the MTD so far. Level 2 (1 of 6): escalate."
    assert (
        mtd(dose_limiting(events, planned[:0])).sentence == "Nobody is evaluable for dose-limiting toxicity."
    )


def test_what_is_refused() -> None:
    events, subjects = trial((3, 0))
    with pytest.raises(InputError, match="no column 'level'"):
        dose_limiting(events, subjects, level="level")
    with pytest.raises(InputError, match="no column 'dlt'"):
        dose_limiting(events, subjects, evaluable="dlt")
    with pytest.raises(InputError, match="'dlt' is no flag: it holds 'maybe'"):
        dose_limiting(events, subjects.assign(dlt="maybe"), evaluable="dlt")
    with pytest.raises(InputError, match="no dose_level for subject 100"):
        dose_limiting(events, subjects.assign(dose_level=[None, "1", "1"]))
    with pytest.raises(InputError, match="no column 'dose_limiting'"):
        dose_limiting(events.drop(columns="dose_limiting"), subjects)


def test_the_table() -> None:
    events, subjects = trial((3, 0), (6, 1), (6, 2))
    table = dose_limiting_table(events, subjects)
    assert list(table.frame) == ["", "1 (N=3)", "2 (N=6)", "3 (N=6)"]
    cells = dict(zip(table.frame.iloc[:, 0].str.strip(), table.frame.iloc[:, 3], strict=True))
    assert cells["With dose-limiting toxicity, n (%)"] == "2 (33.3%)"
    assert cells["95% CI (Clopper-Pearson)"] == "(4.3, 77.7)"
    assert cells["3 + 3 design"] == "MTD exceeded (D8)"
    assert "Level 3 exceeds the MTD (2 of 6). The MTD is level 2 (1 of 6)." in table.shell.footnotes
    assert list(table.results) == list(COLUMNS)
    words = table.results[table.results["statistic"] == "words"]
    assert words["row"].tolist() == ["reading"] * 3 + ["mtd"]
    assert "Storer" in table.to_html()
