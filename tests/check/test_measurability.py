"""Measurability at baseline and the choice of targets: RECIST 1.1 sections 3.1 and 4.2, cases SEL-*."""

import json
import os
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from recist.measurability import MEASURABILITY, SELECTION, measurability, select_targets
from tests.shared import shared


def selection_cases() -> list[dict[str, Any]]:
    folder = Path(os.environ["RECIST_CASES"]) if "RECIST_CASES" in os.environ else shared("cases")
    cases = [case for file in sorted(folder.glob("recist*.json")) for case in json.loads(file.read_text())]
    return [case for case in cases if case["input_level"] == "baseline_selection"]


def test_every_worked_case_of_baseline_selection() -> None:
    cases = selection_cases()
    assert cases
    wrong = []
    for case in cases:
        given = pd.DataFrame(case["baseline"]["lesions"]).rename(
            columns={"lesion_id": "lesion", "nodal": "node", "mm": "diameter_mm"}
        )
        found = select_targets(given).assign(lesion=given["lesion"]).set_index("lesion")
        for lesion, word in case["expected"].items():
            column = "role" if word in SELECTION.outputs["role"] else "measurability"
            if found.loc[lesion, column] != word:
                wrong.append(f"{case['id']} {lesion}: {found.loc[lesion, column]}, expected {word}")
    assert wrong == []


@pytest.mark.parametrize(
    ("lesion", "word", "rule"),
    [
        ({"diameter_mm": 10}, "MEASURABLE", "M.16"),
        ({"diameter_mm": 9.99}, "NON-MEASURABLE", "M.11"),
        ({"diameter_mm": 9.999}, "MEASURABLE", "M.16"),  # whole hundredths: 10.00
        ({"diameter_mm": None}, "NON-MEASURABLE", "M.11"),
        ({"diameter_mm": 10, "slice_mm": 5.0, "method": "MRI"}, "MEASURABLE", "M.16"),
        ({"diameter_mm": 11, "slice_mm": 6.0, "method": "MRI"}, "NON-MEASURABLE", "M.11"),
        ({"diameter_mm": 12, "slice_mm": 6.0, "method": "Spiral CT"}, "MEASURABLE", "M.16"),
        ({"diameter_mm": 10, "slice_mm": 8.0, "method": "CALIPERS", "organ": "SKIN"}, "MEASURABLE", "M.17"),
        ({"diameter_mm": 9.9, "method": "caliper", "organ": "SKIN"}, "NON-MEASURABLE", "M.12"),
        ({"diameter_mm": 30, "method": "caliper", "superficial": False}, "NON-MEASURABLE", "M.6"),
        ({"diameter_mm": 60, "method": "PALPATION"}, "NON-MEASURABLE", "M.6"),
        ({"diameter_mm": 60, "method": "ULTRASOUND"}, "NON-MEASURABLE", "M.6"),
        ({"diameter_mm": 60, "method": "FDG-PET/CT"}, "NON-MEASURABLE", "M.6"),
        ({"diameter_mm": 60, "method": "ENDOSCOPY"}, "NON-MEASURABLE", "M.6"),
        ({"diameter_mm": 60, "method": "BONE SCAN", "organ": "BONE"}, "NON-MEASURABLE", "M.3"),
        ({"diameter_mm": 25, "method": "CHEST X-RAY", "organ": "RIB"}, "NON-MEASURABLE", "M.3"),
        ({"diameter_mm": 25, "method": "CXR", "organ": "MEDIASTINUM"}, "NON-MEASURABLE", "M.8"),
        ({"diameter_mm": 20, "node": True, "method": "US"}, "NON-MEASURABLE", "M.5"),
        ({"diameter_mm": 20, "node": True, "method": "CALIPER"}, "NON-MEASURABLE", "M.7"),
        ({"diameter_mm": 15, "node": True}, "MEASURABLE", "M.19"),
        ({"diameter_mm": 14.99, "node": True}, "NON-MEASURABLE", "M.14"),
        ({"diameter_mm": 10, "node": True}, "NON-MEASURABLE", "M.14"),
        ({"diameter_mm": 9.99, "node": True, "method": "US"}, "NORMAL", "M.4"),
        ({"diameter_mm": None, "node": True}, "NON-MEASURABLE", "M.15"),
        ({"diameter_mm": 20, "node": True, "prior_rt": "Y"}, "NON-MEASURABLE", "M.9"),
        (
            {"diameter_mm": 20, "organ": "BONE", "bone_type": "mixed", "soft_tissue": True},
            "MEASURABLE",
            "M.16",
        ),
        ({"diameter_mm": 20, "bone_type": "blastic", "soft_tissue": True}, "NON-MEASURABLE", "M.3"),
        ({"diameter_mm": 40, "kind": "ascites"}, "NON-MEASURABLE", "M.2"),
        ({"diameter_mm": 40, "kind": "Lymphangitic spread"}, "NON-MEASURABLE", "M.2"),
        ({"diameter_mm": 40, "kind": "inflammatory breast disease"}, "NON-MEASURABLE", "M.2"),
        ({"diameter_mm": 40, "cyst": "simple"}, "NOT DISEASE", "M.1"),
    ],
)
def test_measurability(lesion: dict[str, Any], word: str, rule: str) -> None:
    found = measurability(pd.DataFrame([{"organ": "LIVER", "method": "CT"} | lesion])).iloc[0]
    assert (found["measurability"], found["measurability_rule"]) == (word, rule)


def test_node_limits_are_those_of_the_criteria() -> None:
    node = pd.DataFrame({"diameter_mm": [14.0, 9.0], "node": True})
    found = measurability(node, "recist_1_1[node_target_min=14, node_normal_lt=8]")
    assert list(found["measurability"]) == ["MEASURABLE", "NON-MEASURABLE"]


def chosen(organs: list[str], sizes: list[float], **more: Any) -> list[str]:
    found = select_targets(pd.DataFrame({"organ": organs, "diameter_mm": sizes} | more))
    return list(found["role"])


def test_nodes_of_all_stations_are_one_organ() -> None:
    organs = ["NECK", "AXILLA", "LYMPH NODE"]
    assert chosen(organs, [20, 30, 25], node=True) == ["NON-TARGET", "TARGET", "TARGET"]


def test_every_organ_is_represented_before_a_second_lesion() -> None:
    organs = ["LIVER", "LIVER", "LUNG", "LUNG", "ADRENAL", "BRAIN", "SKIN"]
    sizes: list[float] = [60, 50, 40, 35, 30, 20, 12]
    assert [s for s, r in zip(sizes, chosen(organs, sizes), strict=True) if r == "TARGET"] == [
        60,
        40,
        30,
        20,
        12,
    ]


def test_solid_lesion_is_preferred_to_a_cystic_metastasis() -> None:
    cyst = ["metastatic", None, None, None]
    assert chosen(["LIVER"] * 4, [80, 20, 15, 14], cyst=cyst) == [
        "NON-TARGET", "TARGET", "TARGET", "NON-TARGET",
    ]  # fmt: skip
    five = ["A", "A", "A", "B", "B", "C", "D"]  # a third solid lesion of an organ takes no cyst's place
    cyst = [None] * 6 + ["metastatic"]
    roles = chosen(five, [60, 50, 40, 30, 20, 9, 15], cyst=cyst)
    assert roles == ["TARGET", "TARGET", "NON-TARGET", "TARGET", "TARGET", "NON-TARGET", "TARGET"]


def test_targets_are_chosen_within_subject_and_evaluator() -> None:
    assert chosen(["LIVER"] * 3, [30, 20, 10], subject=["1", "1", "2"]) == ["TARGET"] * 3
    assert chosen(["LIVER"] * 3, [30, 20, 10], subject="1", evaluator=["A", "B", "B"]) == ["TARGET"] * 3


def test_normal_nodes_and_simple_cysts_are_not_recorded() -> None:
    assert chosen(["LN", "LIVER"], [9, 30], node=[True, False], cyst=[None, "SIMPLE"]) == ["NOT RECORDED"] * 2


def test_limits_of_the_criteria_bound_the_choice() -> None:
    liver = pd.DataFrame({"organ": "LIVER", "diameter_mm": [30.0, 20.0]})
    roles = select_targets(liver, "recist_1_1[max_per_organ=1]")["role"]
    assert list(roles) == ["TARGET", "NON-TARGET"]


def test_every_rule_has_a_citation_of_its_section() -> None:
    assert all(rule["cite"][0] in "34" for rule in (*MEASURABILITY.rules, *SELECTION.rules))
