"""Every finding is triggered by a fault put into a study that has none, says where, and asks a question."""

import pandas as pd
import pytest

import recist
from recist.findings import all_findings, markdown
from recist.findings.base import COLUMNS
from tests.check.cases import CASES, Case
from tests.check.study import BASELINE, W8, W16, W24, Edit, add, both, frame, put, row, study, subjects
from tests.shared import ROOT, shared


def check(case: Case) -> pd.DataFrame:
    given = {"subjects": subjects()} | case.more
    return recist.check_lesions(frame(case.edit(study())), **given)


def test_a_study_without_a_fault_has_no_finding() -> None:
    found = recist.check_lesions(frame(study()), subjects=subjects())
    assert list(found.columns) == list(COLUMNS)
    assert found["message"].tolist() == []


@pytest.mark.parametrize("case", CASES, ids=[f"{n}-{case.id}" for n, case in enumerate(CASES)])
def test_finding(case: Case) -> None:
    found = check(case)
    assert set(found["finding"]) == {case.id} | case.also, found["message"].tolist()
    first = found[found["finding"] == case.id].iloc[0]
    assert first["subject"] == "01-007"
    assert [None if pd.isna(first[name]) else first[name] for name in ("visit", "lesion")] == list(case.place)
    assert first["severity"] == next(f.severity for f in all_findings() if f.id == case.id)
    message = first["message"]
    assert message.startswith("Subject 01-007") and all(word in message for word in (*case.words, "?"))
    assert all(word in message.split(":")[0] for word in case.place if word)


def test_every_finding_has_a_case_that_triggers_it() -> None:
    by_table = {"subject-without-lesions"}  # it has no row to point at; tested below
    assert {case.id for case in CASES} | by_table == {finding.id for finding in all_findings()}


def test_subject_without_lesions() -> None:
    three = pd.concat([subjects(), pd.DataFrame({"subject": ["01-009"]})], ignore_index=True)
    found = recist.check_lesions(frame(study()), subjects=three)
    assert found["finding"].tolist() == ["subject-without-lesions"]
    assert found["message"].tolist() == [
        "Subject 01-009: no row in the lesion table. Was the subject's disease assessed?"
    ]
    assert found["row"].isna().all()


def test_a_lesion_finding_names_the_row_of_the_spreadsheet() -> None:
    found = recist.check_lesions(frame(put(W8, "T01", diameter_mm=None)(study())))
    assert found["row"].tolist() == [3]
    assert found["message"][0] == (
        "Subject 01-007, WEEK 8, lesion T01: neither a size nor a state. "
        "Was the lesion measured, absent, too small or not evaluable? (row 3)"
    )


def test_the_evaluator_is_named_where_there_are_several() -> None:
    second = [r | {"evaluator": "READER 2"} for r in put(W8, "T01", diameter_mm=None)(study())]
    found = recist.check_lesions(frame([*study(), *second]))
    assert found["evaluator"].tolist() == ["READER 2"]
    assert found["message"][0].startswith("Subject 01-007, READER 2, WEEK 8, lesion T01: ")


def test_findings_never_change_the_data() -> None:
    given = frame(put(W8, "T01", diameter_mm=3.2)(study()))
    before = given.copy(deep=True)
    recist.check_lesions(given, subjects=subjects())
    pd.testing.assert_frame_equal(given, before)


def found_after(*edits: Edit) -> list[str]:
    """What is found of the study after the edits."""
    found = recist.check_lesions(frame(both(*edits)(study())), subjects=subjects())
    return found["finding"].tolist()


def test_a_lesion_that_shrinks_to_a_tenth_and_stays_small_is_a_response_not_a_slip() -> None:
    small = both(put(W8, "T01", diameter_mm=4), put(W16, "T01", diameter_mm=3))
    assert found_after(small, put(W24, "T01", diameter_mm=3)) == []
    assert found_after(small, put(W24, "T01", diameter_mm=25)) == ["unit-slip"]


def test_a_slip_is_told_once_and_not_again_on_the_way_back() -> None:
    assert found_after(put(W16, "T01", diameter_mm=320)) == ["unit-slip"]


def test_scans_of_a_visit_may_span_two_weeks_and_baseline_its_window() -> None:
    assert found_after(put(W8, "T01", date="2024-03-12")) == []
    two_weeks = put(BASELINE, "NT01", date="2023-12-19")
    assert found_after(two_weeks) == []


def test_limits_count_from_the_value_itself() -> None:
    assert found_after(put(BASELINE, "T02", diameter_mm=15)) == []
    assert found_after(put(BASELINE, "T01", diameter_mm=15, slice_mm=7.5)) == []
    assert "implausible-size" not in found_after(put(W24, "T01", diameter_mm=500))


def test_too_small_may_carry_the_default_value() -> None:
    assert found_after(put(W16, "T03", diameter_mm=5)) == []


def test_an_equivocal_lesion_at_the_last_visit_cannot_be_resolved_yet() -> None:
    assert found_after(add(row(W24, "NL1", "new", "SKIN", "equivocal"))) == []


def test_an_absent_non_target_node_may_have_a_normal_short_axis() -> None:
    node = both(
        put(None, "NT01", node=True), put(W16, "NT01", state="absent"), put(W24, "NT01", state="absent")
    )
    assert found_after(node, put(W16, "NT01", diameter_mm=9.9)) == []
    assert found_after(node, put(W16, "NT01", diameter_mm=10)) == ["size-contradicts-state"]


def test_size_is_the_one_that_the_criteria_sum() -> None:
    rows = [r | {"viable_mm": r["diameter_mm"]} for r in study()]
    given = frame(put(W24, "T01", state="absent", viable_mm=0, diameter_mm=30)(rows))
    assert recist.check_lesions(given)["finding"].tolist() == ["size-contradicts-state"]
    assert recist.check_lesions(given, "recist_1_1[measure=viable_mm]")["finding"].tolist() == []


def test_a_visit_table_without_evaluators_speaks_for_all_of_them() -> None:
    second = [r | {"evaluator": "READER 2"} for r in study()]
    facts = pd.DataFrame({"subject": ["01-007"], "visit": [W8], "imaging_done": [False]})
    found = recist.check_lesions(frame([*study(), *second]), visits=facts)
    assert found["finding"].tolist() == ["lesions-without-imaging"]


def test_an_elevated_marker_keeps_a_response_from_being_complete() -> None:
    case = next(case for case in CASES if case.id == "lesser-response-after-cr")
    elevated = pd.DataFrame(
        {"subject": ["01-007"] * 2, "visit": [W8, "WEEK 99"], "tumour_marker_elevated": True}
    )
    found = recist.check_lesions(frame(case.edit(study())), visits=elevated)
    assert set(found["finding"]) == case.also
    later = recist.check_lesions(frame(case.edit(study())), visits=elevated.assign(visit="WEEK 99"))
    assert case.id in set(later["finding"])


def test_order_of_rows_changes_no_finding() -> None:
    for case in CASES:
        given = {"subjects": subjects()} | case.more
        rows = case.edit(study())
        if case.id.endswith("duplicate") or case.id == "same-date-two-visits":
            continue  # which of two rows or visits comes second depends on their order: that is the finding
        one = recist.check_lesions(frame(rows), **given)
        other = recist.check_lesions(frame(rows[::-1]), **given)
        assert sorted(one["finding"]) == sorted(other["finding"]), case.id


def test_limits_are_those_of_the_criteria() -> None:
    rows = frame(study())
    found = recist.check_lesions(rows, "recist_1_1[max_targets=3]")
    assert found["subject"].tolist() == ["01-008"] and "4 target lesions" in found["message"][0]
    nodes = recist.check_lesions(rows, "recist_1_1[node_target_min=21]")
    assert nodes["finding"].tolist() == ["target-node-too-small"]


def test_an_empty_table_is_refused() -> None:
    with pytest.raises(recist.LesionError, match="no rows"):
        recist.check_lesions(frame(study()).head(0))


def test_tables_without_their_keys_are_refused() -> None:
    with pytest.raises(recist.SubjectError, match="no column 'subject'"):
        recist.check_lesions(frame(study()), subjects=pd.DataFrame({"id": ["1"]}))
    with pytest.raises(recist.InputError, match="no column 'visit'"):
        recist.check_lesions(frame(study()), visits=pd.DataFrame({"subject": ["1"]}))
    with pytest.raises(recist.SubjectError, match="death_date"):
        recist.check_lesions(frame(study()), subjects=subjects(death_date="spring"))


def test_the_page_of_findings_is_current() -> None:
    assert (ROOT / "docs" / "findings.md").read_text(encoding="utf-8") == markdown()


@pytest.mark.parametrize("finding", all_findings(), ids=lambda finding: finding.id)
def test_every_finding_says_what_why_and_where(finding: object) -> None:
    declared = next(f for f in all_findings() if f is finding)
    assert declared.meaning.endswith(".") and declared.why and declared.cite
    assert declared.sentence.endswith("?"), "a site can only answer a question"


def test_every_problem_row_of_a_real_table_is_found() -> None:
    """Diameters of one lesion per patient from five trials (Laleh 2022, CC BY 4.0), from 2000-01-01."""
    raw = pd.read_csv(shared("data/laleh2022_lesions") / "laleh_long.csv", dtype=str).dropna(subset="day")
    size = pd.to_numeric(raw["diam_raw"], errors="coerce")
    given = pd.DataFrame(
        {
            "subject": raw["study"] + "/" + raw["patient"],
            "visit": "DAY " + raw["day"],
            "date": pd.Timestamp("2000-01-01") + pd.to_timedelta(pd.to_numeric(raw["day"]), unit="D"),
            "lesion": "T1",
            "role": "target",
            "organ": "LUNG",
            "diameter_mm": size,
            "state": raw["diam_raw"].where(size.isna()),
        }
    ).reset_index(drop=True)
    start = pd.DataFrame({"subject": given["subject"].unique(), "treatment_start_date": "2000-01-01"})
    found = recist.check_lesions(given, subjects=start)["finding"].value_counts()
    problems = {"conflicting-duplicate": 1, "exact-duplicate": 6, "target-without-value": 7}
    assert {name: found[name] for name in problems} == problems
    assert found["missing-without-reason"] == raw["diam_raw"].eq("NOT EVALUABLE").sum()
    assert found["baseline-after-start"] == 12  # patients whose first scan comes after treatment began
