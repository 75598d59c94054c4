"""Reasons for progression, iRECIST against RECIST, criteria compared: cells counted by hand."""

from __future__ import annotations

import pandas as pd
import pytest

import recist
from recist import InputError
from survival import PFS
from survival.immune_course import immune_course
from survival.progression_reasons import CLAIMED, new_lesion_sites, progression_reasons
from survival.tables.criteria_compared import criteria_table
from survival.tables.immune_shift import immune_shift_table
from survival.tables.progression_reasons import progression_reason_table
from survival.tables.table import Table

START = pd.Timestamp("2024-01-01")


def day(number: int) -> pd.Timestamp:
    return START + pd.Timedelta(days=number)


def cells(table: Table, column: int = 1) -> dict[str, str]:
    """Printed lines, the first of each name."""
    frame = table.frame
    return dict(reversed(list(zip(frame.iloc[:, 0].str.strip(), frame.iloc[:, column], strict=True))))


TTE = pd.DataFrame(
    {
        "subject": list("abcdefg"),
        "arm": list("AAAABBB"),
        "event": [True] * 6 + [False],
        "date": [day(50), day(60), day(70), day(80), day(90), day(50), day(10)],
        "situation": ["P5", "P5", "P7", "P5", "P5", "P5", "P11"],
    }
)
SEEN = pd.DataFrame(
    [
        ("a", day(50), "PD", "PD", "CR", "N"),
        ("a", day(99), "PD", "PD", "PD", "Y"),  # later: does not decide
        ("b", day(60), "PD", "SD", "PD", "Y"),
        ("c", day(20), "SD", "SD", "NA", "N"),
        ("d", day(77), "PD", "PR", "NA", "Y"),  # a rule moved the date of the event
        ("e", day(90), "PD", "PD", "PD", "Y"),
        ("f", day(50), "PD", "SD", "NON-CR/NON-PD", "N"),
    ],
    columns=["subject", "date", "overall", "target", "non_target", "new_lesion"],
).assign(evaluator="R1", visit="WEEK 8")
NEW = pd.DataFrame(
    [
        ("b", "R1", "WEEK 8", "L1", "new", "unequivocal", "LUNG"),
        ("b", "R1", "WEEK 8", "L2", "new target", "equivocal", "BONE"),
        ("b", "R1", "WEEK 16", "L2", "new target", "unequivocal", "BONE"),
        ("b", "R1", "WEEK 8", "L3", "new", "equivocal", "BRAIN"),  # never certain
        ("b", "R2", "WEEK 8", "L1", "new", "unequivocal", "SKIN"),  # another reader
        ("e", "R1", "WEEK 8", "L1", "new non-target", "unequivocal", "LUNG"),
        ("a", "R1", "WEEK 8", "L1", "new", "unequivocal", "SPLEEN"),  # not among the reasons
    ],
    columns=["subject", "evaluator", "visit", "lesion", "role", "state", "organ"],
)


def test_what_made_each_progression() -> None:
    found = progression_reasons(TTE, SEEN, PFS).set_index("subject")["reason"].to_dict()
    assert found == {
        "a": "Target lesions only",
        "b": "Non-target and new lesions",
        "c": "Death without documented progression",
        "d": "New lesions only",
        "e": "Target, non-target and new lesions",
        "f": "Not told by the record",
    }


def test_sites_are_those_of_the_reader_at_the_visit_of_progression() -> None:
    sites = new_lesion_sites(progression_reasons(TTE, SEEN, PFS), NEW)
    assert sorted(sites.itertuples(index=False, name=None)) == [("b", "BONE"), ("b", "LUNG"), ("e", "LUNG")]


def test_table_of_reasons_by_arm() -> None:
    table = progression_reason_table(TTE, SEEN, PFS, "arm", lesions=NEW)
    assert list(table.columns) == ["A", "B", "Total"]
    a, b, total = (cells(table, n) for n in (1, 2, 3))
    assert (
        a["Progression or death, n (%)"] == "4 (100.0%)" and b["Progression or death, n (%)"] == "2 (66.7%)"
    )
    assert a["Documented progression, n (%)"] == "3 (75.0%)" and a["Target lesions only"] == "1 (25.0%)"
    assert a["Death without documented progression, n (%)"] == "1 (25.0%)"
    assert total["Not told by the record"] == "1 (16.7%)"
    assert (
        a["New lesion at progression, n (%)"] == "2 (50.0%)"
        and a["Lung"] == "1 (50.0%)"
        and a["Bone"] == "1 (50.0%)"
    )
    assert a["Site not on record"] == "1 (50.0%)" and b["Site not on record"] == "0"
    assert "Clinical progression, n (%)" not in a


def test_clinical_progression_alone_is_counted_and_is_no_event() -> None:
    words = ["Progression documented"] * (len(TTE) - 1) + [CLAIMED]
    tte = TTE.assign(event=[True] * (len(TTE) - 1) + [False], description=words)
    table = progression_reason_table(tte, SEEN, PFS)
    assert cells(table, 1)["Clinical progression only (censored), n (%)"] == f"1 ({100 / len(TTE):.1f}%)"
    assert any("no assessment documents" in note for note in table.shell.footnotes)
    assert "Clinical progression only (censored), n (%)" not in cells(
        progression_reason_table(TTE, SEEN, PFS), 1
    )


def immune(subject: str, words: str, **columns: str) -> pd.DataFrame:
    """iRECIST responses every 30 days."""
    said = words.split()
    first = [word if word in ("iUPD", "iCPD") else "" for word in said]
    return pd.DataFrame(
        {
            "subject": subject,
            "date": [day(30 * n) for n in range(1, len(said) + 1)],
            "ioverall": said,
            "overall": ["PD" if word else "SD" for word in first],
            "target": ["PD" if word else "SD" for word in first],
            "non_target": "NA",
            "new_lesion": "N",
        }
        | columns
    )


COURSES = pd.concat(
    [
        immune("a", "iSD iUPD iCPD iCPD"),
        immune("b", "iUPD iSD iUPD iUPD iCPD"),  # pseudo-progression, then a block that is confirmed
        immune("c", "iPR iUPD NE", new_lesion="Y"),
        immune("d", "iSD iSD"),
        immune("e", "iUPD"),
    ],
    ignore_index=True,
)


def test_course_after_the_first_iupd() -> None:
    course = immune_course(COURSES).set_index("subject")
    assert course.index.tolist() == ["a", "b", "c", "e"]
    assert course["iupd_date"].tolist() == [day(60), day(30), day(60), day(30)]
    assert course["confirmed_date"].fillna(START).tolist() == [day(90), day(150), START, START]
    assert course["reversed_date"].fillna(START).tolist() == [START, day(60), START, START]
    assert course["days_to_confirmation"].fillna(0).tolist() == [30, 60, 0, 0]
    assert course["assessed_again"].tolist() == [True, True, True, False]
    assert course.loc["c", "reason"] == "Target and new lesions"


def test_shift_from_recist_to_irecist() -> None:
    subjects = pd.DataFrame(
        {"subject": list("abcdef"), "discontinuation_date": [day(88), day(89), pd.NaT, *[pd.NaT] * 3]}
    )
    subjects.loc[4, "discontinuation_date"] = day(40)
    plain = pd.DataFrame({"subject": list("abcde"), "best_response": ["SD", "PD", "PR", "SD", "PD"]})
    other = pd.DataFrame({"subject": list("abcde"), "best_response": ["iSD", "iSD", "iPR", "iSD", "iUPD"]})
    found = cells(immune_shift_table((plain, other), COURSES, subjects))
    assert found["Best response by RECIST: PD, n (%)"] == "2 (33.3%)"
    assert (
        found["Unconfirmed progression (iUPD)"] == "1 (16.7%)"
        and found["Partial response (iPR)"] == "1 (16.7%)"
    )
    assert found["Best response by RECIST: NE, n (%)"] == "1 (16.7%)"  # f has no best response
    assert found["Unconfirmed progression (iUPD), n (%)"] == "4 (66.7%)"
    assert found["Target lesions only"] == "3 (75.0%)" and found["Target and new lesions"] == "1 (25.0%)"
    assert found["Assessed again"] == "3 (75.0%)" and found["Confirmed (iCPD)"] == "2 (50.0%)"
    assert found["Pseudo-progression: iSD, iPR or iCR followed before any iCPD"] == "1 (25.0%)"
    assert found["Neither confirmed nor followed by iSD, iPR or iCR"] == "2 (50.0%)"
    assert found["Treated beyond the first iUPD"] == "2 (50.0%)"  # a and e ended within 28 days, a on day 28
    assert found["Median"] == "45.0" and found["Range"] == "30 to 60"


LESIONS = pd.DataFrame(
    [
        (subject, visit, date, "T1", "target", "LIVER", size)
        for subject, sizes in (("1", (50, 36, 30, 44)), ("2", (50, 49, 60, 63)))
        for visit, date, size in zip(
            ("BASELINE", "WEEK 8", "WEEK 16", "WEEK 24"),
            ("2024-01-02", "2024-02-27", "2024-04-23", "2024-06-18"),
            sizes,
            strict=True,
        )
    ],
    columns=["subject", "visit", "date", "lesion", "role", "organ", "diameter_mm"],
)


def test_criteria_on_the_same_readings() -> None:
    responses = recist.assess(LESIONS, ["recist_1_1", "recist_1_1[pd_pct=25]"])
    subjects = pd.DataFrame({"subject": ["1", "2", "3"], "arm": ["A", "B", "B"]})
    tte = pd.DataFrame({"time": [10, 20, 30], "event": [True, True, False], "arm": ["A", "B", "B"]})
    table = criteria_table(
        responses, recist.best_response(responses), subjects, "arm", times={"recist_1_1": tte}, endpoint="PFS"
    )
    a, b, total = (cells(table, n) for n in (1, 2, 3))
    assert a["Same best response, n (%)"] == "1 (100.0%)" and b["Same best response, n (%)"] == "1 (50.0%)"
    assert (
        a["PR by the first, PR by the second"] == "1 (100.0%)"
        and b["PR by the first, PR by the second"] == "0"
    )
    assert a["Visits with different responses, n (%)"] == "0"  # 44 is 47 % above 30
    assert b["Visits with different responses, n (%)"] == "1 (33.3%)"  # 60 is 22 % above 49, 63 is 29 %
    assert total["Progressed by either, n (%)"] == "2 (66.7%)" and total["Same day"] == "1 (50.0%)"
    assert b["Later by the second"] == "1 (100.0%)" and b["Difference of the dates, days: median"] == "56.0"
    assert total["Difference of the dates, days: range"] == "0 to 56"
    assert total["Events, n (%)"] == "2 (66.7%)" and a["Median, days (95% CI)"].startswith("10.0 (")
    with pytest.raises(InputError, match="one criteria only"):
        criteria_table(responses[responses["criteria"] == "recist_1_1"], pd.DataFrame(), subjects)
