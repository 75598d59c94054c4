"""Any proportion of subjects, with values worked by hand and limits of R."""

from __future__ import annotations

import pandas as pd
import pytest

from recist import InputError
from survival import Share, proportion_table, shares
from survival.results import COLUMNS
from survival.shares import SHARES

SUBJECTS = pd.DataFrame(
    {
        "subject": [f"{n:02d}" for n in range(20)],
        "arm": pd.Categorical(["A"] * 10 + ["B"] * 10, ["A", "B", "C"]),
        "site": list("XY") * 10,
        "response": [True] * 6 + [False] * 4 + [True] * 2 + [False] * 8,
        "harvested": ["Y"] * 8 + [None] * 2 + ["Y"] * 10,
        "grade": [1, 2, 3, 4] * 5,
        "infusion_date": pd.to_datetime(["2024-03-01"] * 15 + [None] * 5),
        "never": "N",
        "always": 1,
    }
)
RESPONSE = Share(name="orr", title="Response", flag="response")


def counts(share: Share, by: str | None = None) -> list[tuple[int, int]]:
    rows = shares(SUBJECTS, share, by)
    return list(zip(rows["responders"], rows["n"], strict=True))


def test_a_flag_dates_and_values() -> None:
    assert counts(RESPONSE) == [(8, 20)]
    assert counts(Share(name="x", has="infusion_date")) == [(15, 20)]
    assert counts(Share(name="x", where={"site": "X"})) == [(10, 20)]
    assert counts(Share(name="x", where={"grade": [3, 4], "site": "X"})) == [(5, 20)]
    assert counts(Share(name="x", flag=["response", "harvested"], has="infusion_date")) == [(8, 20)]
    assert counts(Share(name="x", flag="response", among="harvested")) == [(8, 18)]
    assert counts(Share(name="x", flag="harvested", among="response"), "arm") == [(6, 6), (2, 2), (0, 0)]
    assert counts(Share(name="x", where={"response": True})) == [(8, 20)]


def test_limits_are_those_of_r() -> None:
    """R 4: binom.test(3, 6)$conf.int and binom.test(9, 10)$conf.int."""
    six = shares(SUBJECTS[3:9], RESPONSE)
    assert six[["lower", "upper"]].values.tolist()[0] == pytest.approx([0.1181172488, 0.8818827512])
    nine = shares(SUBJECTS[:10].assign(response=[True] * 9 + [False]), RESPONSE)
    assert nine[["lower", "upper"]].values.tolist()[0] == pytest.approx([0.5549838830, 0.9974714215])


def test_groups_and_edges() -> None:
    rows = shares(
        SUBJECTS, [RESPONSE, Share(name="none", flag="never"), Share(name="all", flag="always")], "arm"
    )
    assert list(rows) == ["arm", *SHARES] and rows["arm"].dtype == SUBJECTS["arm"].dtype
    assert rows["share"].tolist() == ["orr", "none", "all"] * 3
    assert rows["estimate"].tolist()[:6] == [0.6, 0.0, 1.0, 0.2, 0.0, 1.0]
    assert rows["upper"][2] == 1.0 and rows["lower"][1] == 0.0
    assert rows["estimate"][6:].isna().all() and rows["note"][6] == "not estimable: no subjects"
    assert shares(SUBJECTS[:0], RESPONSE)["n"].tolist() == [0]
    wilson = shares(SUBJECTS, RESPONSE, conf_type="wilson", level=0.9)
    assert wilson["conf_type"][0] == "wilson" and wilson["level"][0] == 0.9


def test_what_is_refused() -> None:
    with pytest.raises(InputError, match="'x' has no condition"):
        Share(name="x")
    with pytest.raises(InputError, match=r"no column 'respons'.*Did you mean 'response'"):
        shares(SUBJECTS, Share(name="x", flag="respons"))
    with pytest.raises(InputError, match="column 'site' is no flag: it holds 'x'"):
        shares(SUBJECTS, Share(name="x", flag="site"))
    with pytest.raises(InputError, match="two shares are called 'orr'"):
        shares(SUBJECTS, [RESPONSE, RESPONSE])
    with pytest.raises(InputError, match="no share is asked for"):
        shares(SUBJECTS, [])
    with pytest.raises(InputError, match="subject 00 has more than one row"):
        shares(pd.concat([SUBJECTS, SUBJECTS]), RESPONSE)
    with pytest.raises(InputError, match="a reference arm needs one grouping column"):
        proportion_table(SUBJECTS, RESPONSE, reference="A")


def test_the_table_compares_the_arms() -> None:
    """6 of 10 against 2 of 10; R 4: fisher.test(matrix(c(6, 4, 2, 8), 2))$p.value is 0.1698."""
    table = proportion_table(SUBJECTS, RESPONSE, "arm", reference="B", strata=["site"])
    assert list(table.frame) == ["", "A (N=10)", "B (N=10)", "C (N=0)"]
    assert table.frame.iloc[:, 0].str.strip().tolist() == [
        "Response, n (%)",
        "95% CI (Clopper-Pearson)",
        "Not stratified",
        "Difference to B (95% CI)",
        "Odds ratio (95% CI)",
        "p (Fisher's exact test, two-sided)",
        "Stratified by site",
        "Difference to B (95% CI)",
        "Common odds ratio (95% CI)",
        "p (Cochran-Mantel-Haenszel)",
    ]
    assert table.frame["A (N=10)"].tolist()[:6] == [
        "6 (60.0%)",
        "(26.2, 87.8)",
        "",
        "40.0% (-4.1, 71.2)",
        "6.00 (0.81, 44.35)",
        "0.1698",
    ]
    assert table.frame["B (N=10)"].tolist()[2:6] == [""] * 4
    assert table.frame["C (N=0)"].tolist()[:6] == ["0", "(NE, NE)", "", "NE", "NE", "NE"]
    assert list(table.results) == list(COLUMNS)
    difference = table.results[table.results["row"] == "orr: difference"]
    assert difference["method"].unique().tolist() == ["Miettinen-Nurminen"]
    assert difference.loc[difference["statistic"] == "estimate", "value"].tolist()[0] == pytest.approx(0.4)


def test_several_shares_among_unlike_subjects() -> None:
    feasible = Share(name="feasible", has="infusion_date", among="harvested")
    table = proportion_table(SUBJECTS, [RESPONSE, feasible], "arm")
    column = dict(zip(table.frame.iloc[:, 0].str.strip(), table.frame["A (N=10)"], strict=True))
    assert column["Among: harvested, n"] == "8" and column["Feasible, n (%)"] == "8 (100.0%)"
    assert any("among whom" in note for note in table.shell.footnotes)


@pytest.mark.parametrize("people", [SUBJECTS[:0], SUBJECTS[:10], SUBJECTS[10:]])
def test_an_arm_without_subjects_is_not_estimable(people: pd.DataFrame) -> None:
    table = proportion_table(people, [RESPONSE, Share(name="none", flag="never")], "arm", reference="B")
    assert table.frame.iloc[2:5, 1].tolist() == ["NE", "NE", "NE"]  # arm A
    assert "nan" not in table.to_csv().lower()
