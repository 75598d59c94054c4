"""Response rates within subgroups: cells by hand, and the displays that a study has of them."""

from __future__ import annotations

from pathlib import Path

import pandas as pd
import pytest

from recist import InputError
from survival import rate_difference, subgroup_rates
from survival.study.show import shown
from survival.tables.subgroup_rates import rate_subgroup_table
from survival.tables.subgroups import SUBGROUPS
from tests.displays.ink import words
from tests.study.edge_trial import STUDY, SUBJECTS, displayed, material_of

ROWS = [("F", "A", 20, 4), ("F", "B", 20, 10), ("M", "A", 20, 8), ("M", "B", 20, 9)]
FRAME = pd.concat(
    [pd.DataFrame({"sex": s, "arm": a, "orr": [1] * x + [0] * (n - x)}) for s, a, n, x in ROWS],
    ignore_index=True,
)


def cell(value: float) -> str:
    return f"{100 * value:.1f}"


def test_cells_by_hand() -> None:
    table = rate_subgroup_table(
        subgroup_rates(FRAME, "orr", "sex", reference="A"), FRAME, "arm", (SUBGROUPS, {"sex": "Sex at birth"})
    )
    frame = table.frame
    assert frame.iloc[:, 0].str.strip().tolist() == [
        *("All subjects, n", "Responders, n (%)", "Difference to A (95% CI)"),
        "Sex at birth: p of interaction",
        *("F, n", "Responders, n (%)", "Difference to A (95% CI)"),
        *("M, n", "Responders, n (%)", "Difference to A (95% CI)"),
    ]
    assert frame.iloc[1, 1:].tolist() == ["12 (30.0%)", "19 (47.5%)"]
    assert frame.iloc[4, 1:].tolist() == ["20", "20"] and frame.iloc[5, 1:].tolist() == [
        "4 (20.0%)",
        "10 (50.0%)",
    ]
    alone = rate_difference(FRAME[FRAME["sex"] == "F"], "orr", reference="A").loc[0]
    assert frame.iloc[6, 2] == f"30.0% ({cell(alone['lower'])}, {cell(alone['upper'])})"
    # 0.25 squared / (0.16/20 + 0.25/20 + 0.24/20 + 0.2475/20) is 1.3928 with one degree of freedom
    assert frame.iloc[3, 2] == "0.2379"
    assert any("Cochran's chi-square test" in note for note in table.shell.footnotes)


def test_odds_ratios_and_wrong_calls() -> None:
    found = subgroup_rates(FRAME, "orr", "sex", reference="A", measure="odds ratio")
    frame = rate_subgroup_table(found, FRAME, "arm").frame
    assert frame.iloc[6, 0].strip() == "Odds ratio against A (95% CI)" and frame.iloc[6, 2].startswith(
        "4.00 ("
    )
    with pytest.raises(InputError, match="no column group"):
        rate_subgroup_table(found, FRAME, "group")


def test_a_study_with_subgroups_has_them_of_objective_response_unless_it_says_which(tmp_path: Path) -> None:
    kinds = ("rate_subgroup_table", "rate_forest_plot")

    def found(study: str) -> list[tuple[str, tuple[str, ...]]]:
        return [
            (one.kind, one.names) for one in shown(material_of(tmp_path, study=study)) if one.kind in kinds
        ]

    assert found(STUDY) == [(kind, ("ORR",)) for kind in kinds]
    named = STUDY.replace(
        'subgroups = ["region"]', 'subgroups = ["region"]\nsubgroup_endpoints = ["DCR", "OS"]'
    )
    assert found(named) == [(kind, ("DCR",)) for kind in kinds]
    assert found(STUDY.replace('subgroups = ["region"]', "")) == []


def test_figure_and_table_of_a_study_say_the_same(tmp_path: Path) -> None:
    material = material_of(tmp_path)
    results = displayed(material, "rate_subgroup_table").results
    (figure,) = displayed(material, "rate_forest_plot")
    said = words(figure)
    for group, text in (("NEW", "1/1"), ("CONTROL", "0/1")):
        rows = results[(results["row"] == "region: EAST: responders") & (results["group"] == group)]
        counts = dict(zip(rows["statistic"], rows["value"], strict=True))
        assert f"{counts['count']:.0f}/{rows['n'].iloc[0]}" == text and text in said
    assert "RECIST 1.1" in said and "Confirmation of responses was not required." in " ".join(said.split())


def test_each_of_two_arms_beside_the_reference_has_its_forest(tmp_path: Path) -> None:
    subjects = SUBJECTS.replace("S-02,NEW", "S-02,OTHER").replace("S-04,CONTROL", "S-04,NEW")
    study = STUDY.replace('["CONTROL", "NEW"]', '["CONTROL", "NEW", "OTHER"]')
    material = material_of(tmp_path, subjects=subjects, study=study)
    for kind in ("rate_forest_plot", "forest_plot"):
        pages = displayed(material, kind)
        assert ["Favours NEW" in words(page) for page in pages] == [True, False], kind
        assert "Favours OTHER" in words(pages[1])


def test_forests_follow_the_strata_of_the_analysis(tmp_path: Path) -> None:
    study = STUDY.replace("strata = []", 'strata = ["region"]').replace(
        'subgroups = ["region"]', 'subgroups = ["planned"]'
    )
    material = material_of(tmp_path, study=study)
    (forest,) = displayed(material, "forest_plot", "OS")
    assert "stratified by region." in " ".join(words(forest).split())
    (rates,) = displayed(material, "rate_forest_plot")
    assert "Unstratified." in " ".join(words(rates).split())
    notes = " ".join(displayed(material, "subgroup_table", "OS").shell.footnotes)
    assert "stratified by region" in notes
