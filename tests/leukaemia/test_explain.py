"""Explanations name the numbers, the row, the paper, and what kept the response from a better one."""

from __future__ import annotations

import pandas as pd
import pytest

import recist
from recist.errors import InputError

MARROW = pd.DataFrame(
    {
        "subject": "01",
        "visit": ["SCREENING", "CYCLE 1", "CYCLE 2", "MONTH 6", "MONTH 7", "MONTH 8"],
        "date": ["2024-01-02", "2024-02-10", "2024-03-10", "2024-07-01", "2024-07-12", "2024-08-20"],
        "blasts_pct": [60, 12, 3, None, None, 40],
        "neutrophils": [0.4, 0.8, 0.99, 1.5, 1.5, 0.4],
        "platelets": [30, 140, 150, 150, 150, 20],
        "circulating_blasts": ["Y", "N", "N", "Y", "Y", "Y"],
        "mrd_level_pct": [None, None, 0.02, None, None, None],
        "reason": [None, None, None, "blood only", "blood only", None],
    }
)
RESPONSES = recist.assess_leukaemia(MARROW)


def lines(visit: str | None, responses: pd.DataFrame = RESPONSES) -> list[str]:
    return recist.explain(responses, "01", visit).splitlines()


def test_a_response_with_a_single_way_to_a_better_one() -> None:
    assert lines("CYCLE 2") == [
        "AML, ELN 2022, subject 01, INVESTIGATOR, CYCLE 2 (2024-03-10, day 68): CRh_MRD-",
        "",
        "Marrow blasts 3 %: below 5 %, the limit of remission.",
        "Neutrophils 0.99 x 10^9/L: CR needs at least 1, not met; CRh at least 0.5, met.",
        "Platelets 150 x 10^9/L: CR needs at least 100, met.",
        "Circulating blasts: no.",
        "",
        "Response CRh by rule R-CRh: AML, ELN 2022, CRh: neutrophils at least 0.5 and platelets at least 50",
        "  It would be CR if neutrophils and platelets had recovered: both.",
        "Residual disease negative (level 0.02 %, limit 0.1 %) by rule M-NEG: AML, ELN 2022, "
        "CR, CRh or CRi with MRD below a defined threshold",
        "Overall CRh_MRD- by rule C-AS: AML, ELN 2022, response table: the response of this assessment",
        "",
        "Source: Döhner 2022, Blood 140:1345-1377, doi:10.1182/blood.2022016867",
    ]


def test_no_response_names_every_single_change_that_would_help() -> None:
    said = lines("CYCLE 1")
    assert "  PR allows up to 25 %: within." in said
    assert "  Before treatment 60 %: fallen by 80 %; PR needs a fall of 50 %." in said
    assert "  It would be CRh if marrow blasts were below the limit of remission." in said
    assert "  It would be CRi if marrow blasts were below the limit of remission." not in said
    assert "  It would be PR if neutrophils and platelets had recovered: both." in said


def test_blood_without_a_marrow_then_relapse() -> None:
    first, second = lines("MONTH 6"), lines("MONTH 7")
    assert "No adequate marrow: no blasts recorded (blood only)." in first
    assert "  Blasts in the blood once: relapse by blood needs a second sample 7 days later or more." in first
    assert second[0].endswith("MONTH 7 (2024-07-12, day 192): RELAPSE")
    assert "  Last remission before: CRh_MRD-, CYCLE 2 (2024-03-10)." in second
    assert any("by rule C-RB: AML, ELN 2022, response table, Relapsed disease" in line for line in second)


def test_the_chain_of_assessments() -> None:
    said = lines(None)
    assert said[0] == "AML, ELN 2022, subject 01, INVESTIGATOR:"
    assert said[1] == "  CYCLE 1 (2024-02-10, day 39): NR by R-Pc, C-NR"
    assert said[-3:-1] == ["First remission: CRh_MRD- on 2024-03-10.", "Relapse: RELAPSE on 2024-07-12."]


def test_edits_are_named_and_several_are_explained_in_turn() -> None:
    both = recist.assess_leukaemia(MARROW, ["aml_eln2022[crh=not_used]", "aml_eln2017"])
    text = recist.explain_leukaemia(both, "01", "CYCLE 2")
    assert text.startswith("AML, ELN 2022 [crh=not_used], subject 01")
    assert "AML, ELN 2017, subject 01" in text
    assert text.count("Response CRi by rule R-CRi") == 2


def test_refractory_and_blasts_before_treatment_that_are_not_known() -> None:
    marrow = MARROW.iloc[:2].assign(blasts_pct=[None, 12.0])
    said = lines("CYCLE 1", recist.assess_leukaemia(marrow, "aml_eln2022[landmark_days=30]"))
    assert said[0].endswith("REFRACTORY")
    assert "  The response landmark has passed without CR, CRh or CRi." in said
    assert "  Blasts before treatment are not known, so the fall asked of PR cannot be shown." in said


def test_who_is_not_there() -> None:
    with pytest.raises(InputError, match=r"No response with subject '02'\. There are 01"):
        recist.explain(RESPONSES, "02")
    with pytest.raises(InputError, match="No response with visit 'CYCLE 3'"):
        recist.explain(RESPONSES, "01", "CYCLE 3")
    with pytest.raises(InputError, match="No response with evaluator 'CENTRAL'"):
        recist.explain(RESPONSES, "01", evaluator="CENTRAL")
