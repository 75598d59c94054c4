"""The lesion table conformed: each normalisation, each refusal with its place and remedy."""

import datetime

import numpy as np
import pandas as pd
import pytest

from recist import LesionError, as_lesions
from recist.lesions import LESIONS
from recist.terms import ROLE, STATE

ROW = {
    "subject": "SYN-017",
    "visit": "3",
    "date": "2024-03-15",
    "lesion": "T2",
    "role": "target",
    "organ": "liver",
    "diameter_mm": 15.5,
}


def one(**cells: object) -> pd.Series:
    """The only row of a lesion table with these cells."""
    return as_lesions(pd.DataFrame([ROW | cells])).iloc[0]


def refused(*rows: dict[str, object]) -> str:
    """The message that refuses these rows."""
    with pytest.raises(LesionError) as error:
        as_lesions(pd.DataFrame([ROW | row for row in rows]))
    return str(error.value)


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ("Target", "target"),
        (" T ", "target"),
        ("NON TARGET", "non-target"),
        ("non_target", "non-target"),
        ("NT", "non-target"),
        ("Nontarget lesion", "non-target"),
        ("New", "new"),
        ("NEW TARGET", "new target"),
        ("new_nontarget", "new non-target"),
        ("NEW NON-TARGET", "new non-target"),
    ],
)
def test_spellings_of_a_role(given: str, word: str) -> None:
    assert one(role=given)["role"] == word


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ("TOO SMALL TO MEASURE", "too small"),
        ("TSTM", "too small"),
        ("Too_Small", "too small"),
        ("NE", "not evaluable"),
        ("Not evaluable", "not evaluable"),
        ("NOT_EVALUABLE", "not evaluable"),
        ("NOT ASSESSED", "not done"),
        ("ND", "not done"),
        ("Not done", "not done"),
        ("Absent", "absent"),
        ("Resolved", "absent"),
        ("TUMOR MERGED", "merged"),
        ("Non-CR/Non-PD", "present"),
        ("NON-CR/NON-PD", "present"),
        ("Enlarged", "increased"),
        ("unequivocal  progression", "unequivocal progression"),
        ("EQUIVOCAL", "equivocal"),
        ("NOT_NEW", "not new"),
    ],
)
def test_spellings_of_a_state(given: str, word: str) -> None:
    assert one(role="non-target", state=given)["state"] == word


def test_every_word_of_ours_stands_for_itself() -> None:
    assert [one(role=role)["role"] for role in ROLE] == list(ROLE)
    assert [one(role="non-target", state=state)["state"] for state in STATE] == list(STATE)


@pytest.mark.parametrize("given", ["Y", "yes", "TRUE", "1", 1, True, "t", 1.0])
def test_spellings_of_yes(given: object) -> None:
    assert one(baseline=given)["baseline"]


@pytest.mark.parametrize("given", ["N", "no", "False", "0", 0, False, None, "", float("nan")])
def test_spellings_of_no(given: object) -> None:
    assert not one(baseline=given)["baseline"]


def test_what_is_asked_of_new_lesions_stays_unknown_when_blank() -> None:
    lesions = as_lesions(pd.DataFrame([ROW | {"cytology_positive": given} for given in ("Y", "", "no")]))
    assert lesions["cytology_positive"].dtype == "boolean"
    assert lesions["cytology_positive"].tolist() == [True, pd.NA, False]


@pytest.mark.parametrize("given", ["007", " 007 "])
def test_an_identifier_keeps_its_leading_zeros(given: str) -> None:
    assert one(subject=given)["subject"] == "007"


def test_a_number_as_identifier_is_written_without_decimals() -> None:
    lesions = as_lesions(pd.DataFrame([ROW | {"visit": 1.0, "lesion": 3}, ROW | {"visit": 9.2, "lesion": 4}]))
    assert lesions["visit"].tolist() == ["1", "9.2"]
    assert lesions["lesion"].tolist() == ["3", "4"]


@pytest.mark.parametrize(
    "given",
    [
        "2024-03-15T08:30",
        "2024-03-15 08:30:59",
        "2024-03-15T08:30:00Z",
        datetime.date(2024, 3, 15),
        datetime.datetime(2024, 3, 15, 8, 30),
        pd.Timestamp("2024-03-15 23:59", tz="Europe/Rome"),
        np.datetime64("2024-03-15T10:00", "s"),
    ],
)
def test_a_time_of_day_is_dropped(given: object) -> None:
    lesions = as_lesions(pd.DataFrame([ROW | {"date": given}]))
    assert lesions["date"].dtype.kind == "M"
    assert lesions["date"].iloc[0] == pd.Timestamp("2024-03-15")


def test_organs_are_in_capitals_and_a_lymph_node_is_a_node() -> None:
    organs = ["liver", "Lymph node", "LYMPH NODES", "inguinal lymph node", "nodule of lung"]
    lesions = as_lesions(pd.DataFrame([ROW | {"organ": organ} for organ in organs]))
    assert lesions["organ"].tolist() == [organ.upper() for organ in organs]
    assert lesions["node"].tolist() == [False, True, True, True, False]


def test_a_node_named_at_baseline_only_is_a_node_at_every_visit() -> None:
    rows = [ROW | {"organ": "LYMPH NODE"}, ROW | {"visit": "4", "date": "2024-05-01", "organ": None}]
    rows += [
        ROW | {"lesion": "T1"},
        ROW | {"visit": "4", "date": "2024-05-01", "lesion": "T1", "organ": None},
    ]
    assert as_lesions(pd.DataFrame(rows))["node"].tolist() == [True, True, False, False]


def test_the_column_node_outweighs_the_organ() -> None:
    assert not one(organ="LYMPH NODE", node="N")["node"]


def test_methods_are_spelt_alike() -> None:
    methods = ["CT Scan", "mri", "FDG PET", "calipers", "ultrasound"]
    lesions = as_lesions(pd.DataFrame([ROW | {"method": method} for method in methods]))
    assert lesions["method"].tolist() == ["CT", "MRI", "FDG-PET", "CALIPER", "ULTRASOUND"]


@pytest.mark.parametrize(
    ("cells", "state"),
    [
        ({}, "measured"),
        ({"state": "present"}, "measured"),
        ({"state": "TSTM", "diameter_mm": 5}, "too small"),
        ({"diameter_mm": 0}, "measured"),
    ],
)
def test_a_target_with_a_size_is_measured_unless_it_says_otherwise(cells: dict, state: str) -> None:
    assert one(**cells)["state"] == state


def test_a_target_without_size_and_state_stays_open() -> None:
    assert pd.isna(one(diameter_mm=None)["state"])
    assert pd.isna(one(role="non-target", diameter_mm=None)["state"])


def test_without_evaluator_the_investigator_reads() -> None:
    assert one()["evaluator"] == "INVESTIGATOR"
    lesions = as_lesions(pd.DataFrame([ROW | {"evaluator": reader} for reader in ("READER 1", "", None)]))
    assert lesions["evaluator"].tolist() == ["READER 1", "INVESTIGATOR", "INVESTIGATOR"]


def test_without_baseline_the_earliest_visit_of_each_series_is_baseline() -> None:
    rows = [
        ROW | {"visit": "W8", "date": "2024-05-01"},
        ROW | {"visit": "BL", "date": "2024-03-01"},
        ROW | {"visit": "BL", "date": "2024-03-04", "lesion": "T3"},
        ROW | {"visit": "W8", "date": "2024-05-02", "evaluator": "READER 1"},
        ROW | {"visit": "W8", "date": "2024-01-01", "subject": "SYN-018"},
        ROW | {"visit": "W9", "date": "2024-01-02", "subject": "SYN-018"},
    ]
    assert as_lesions(pd.DataFrame(rows))["baseline"].tolist() == [False, True, True, True, True, False]


def test_a_lesion_not_done_takes_the_earliest_date_of_its_visit() -> None:
    rows = [
        ROW | {"date": "2024-03-15"},
        ROW | {"date": "2024-03-11", "lesion": "T1"},
        ROW | {"date": None, "lesion": "T3", "diameter_mm": None, "state": "not done"},
    ]
    assert as_lesions(pd.DataFrame(rows))["date"].iloc[2] == pd.Timestamp("2024-03-11")


def test_a_missing_date_is_refused_otherwise() -> None:
    assert refused({}, {"date": None, "lesion": "T3"}) == (
        "SYN-017, visit 3, lesion T3: date is missing (row 3)\nFill in date, or remove the row."
    )
    assert "date is missing" in refused({"date": None, "state": "not done"})


def test_dtypes_are_those_of_the_dictionary() -> None:
    every = ROW | {"state": "measured", "baseline": "Y", "node": "N", "evaluator": "R1", "viable_mm": "10"}
    every |= {
        "parent": "",
        "merged_into": "",
        "method": "CT",
        "slice_mm": "5",
        "reason": "",
        "pattern": "TYPICAL",
    }
    every |= {"cytology_positive": "N", "baseline_pet": "Negative", "further_increase": "", "site": "007"}
    every |= {"attenuation_hu": "-12.5", "injected": "Y"}
    lesions = as_lesions(pd.DataFrame([every]))
    for column in LESIONS.columns:
        assert str(lesions[column.name].dtype).startswith(column.dtype), column.name
    assert lesions["pattern"].iloc[0] == "typical"
    assert lesions["baseline_pet"].iloc[0] == "negative"
    assert tuple(lesions["role"].cat.categories) == ROLE
    assert tuple(lesions["state"].cat.categories) == STATE
    assert lesions["site"].iloc[0] == "007"
    assert isinstance(lesions.index, pd.RangeIndex)


def test_conforming_twice_changes_nothing_and_copies_nothing() -> None:
    once = as_lesions(pd.DataFrame([ROW, ROW | {"lesion": "N1", "organ": "LYMPH NODE"}]))
    assert as_lesions(once) is once


def test_the_input_is_not_changed() -> None:
    frame = pd.DataFrame([ROW | {"role": "NT"}])
    before = frame.copy(deep=True)
    as_lesions(frame)
    pd.testing.assert_frame_equal(frame, before)


def test_any_index_becomes_the_default_one() -> None:
    lesions = as_lesions(pd.DataFrame([ROW, ROW], index=[7, 3]))
    assert lesions.index.tolist() == [0, 1]


@pytest.mark.parametrize("given", [15, 15.0, "15", " 15.0 ", np.float32(15), np.int8(15)])
def test_numbers_in_any_dress(given: object) -> None:
    assert one(diameter_mm=given)["diameter_mm"] == 15.0


@pytest.mark.parametrize("given", ["", "NA", ".", "nan", None, pd.NA, np.nan])
def test_nothing_given_for_a_number(given: object) -> None:
    assert np.isnan(one(diameter_mm=given)["diameter_mm"])


@pytest.mark.parametrize(
    ("cells", "fact", "remedy"),
    [
        ({"diameter_mm": -1}, "diameter_mm '-1' is negative", "A size is 0 or more"),
        ({"diameter_mm": float("inf")}, "diameter_mm 'inf' is not a finite number", "Correct it"),
        ({"diameter_mm": "12 mm"}, "diameter_mm '12 mm' carries its unit", "millimetres alone (12)"),
        ({"diameter_mm": "1.2 cm"}, "diameter_mm '1.2 cm' carries its unit", "millimetres alone (12.0)"),
        ({"diameter_mm": "<5"}, "diameter_mm '<5' is a limit, not a number", "state 'too small'"),
        ({"diameter_mm": "12,5"}, "diameter_mm '12,5' has a decimal comma", "12.5"),
        ({"diameter_mm": "TSTM"}, "diameter_mm 'TSTM' is not a number", "goes into `state`"),
        ({"slice_mm": "thin"}, "slice_mm 'thin' is not a number", "Write the number alone"),
        ({"date": "2024-03"}, "date '2024-03' is a date without a day", "never guessed"),
        ({"date": "2024"}, "date '2024' is a date without a day", "never guessed"),
        ({"date": "2024-03-UN"}, "date '2024-03-UN' is a date without a day", "never guessed"),
        ({"date": "15MAR2024"}, "date '15MAR2024' is not a date of the form 2024-03-15", "year-month-day"),
        ({"date": "15/03/2024"}, "is not a date of the form", "year-month-day"),
        ({"date": "2024-02-30"}, "date '2024-02-30' is no day of the calendar", "Correct the date"),
        ({"date": "0204-03-15"}, "is not between the years 1900 and 2100", "Correct the year"),
        ({"date": 45366}, "date '45366' is a number, not a date", "2024-03-15"),
        (
            {"role": "targt"},
            "role 'targt' is not a known word; did you mean 'target'?",
            "target, non-target, new",
        ),
        ({"role": "x"}, "role 'x' is not a known word (row 2)", "target, non-target, new"),
        ({"state": "abesnt"}, "state 'abesnt' is not a known word; did you mean 'absent'?", "Use one of"),
        ({"baseline": "maybe"}, "baseline 'maybe' is neither yes nor no", "Write Y or N"),
        ({"node": 2}, "node '2' is neither yes nor no", "Write Y or N"),
        ({"visit": ""}, "lesion T2: visit is missing", "Fill in visit"),
        ({"lesion": None}, "visit 3: lesion is missing", "Fill in lesion"),
        ({"role": " "}, "role is missing", "Fill in role"),
    ],
)
def test_an_impossible_value_names_fact_place_and_remedy(cells: dict, fact: str, remedy: str) -> None:
    message = refused(cells)
    assert fact in message
    assert remedy in message
    assert "(row 2)" in message
    if not {"visit", "lesion"} & cells.keys():
        assert message.startswith("SYN-017, visit 3, lesion T2: ")


def test_many_rows_of_one_kind_are_one_message() -> None:
    message = refused({}, *[{"diameter_mm": f"{n} mm", "lesion": f"T{n}"} for n in range(8)])
    assert message.splitlines() == [
        *(
            f"SYN-017, visit 3, lesion T{n}: diameter_mm '{n} mm' carries its unit (row {n + 3})"
            for n in range(5)
        ),
        "... and 3 more like this",
        "Write the number of millimetres alone (0).",
    ]


def test_all_kinds_of_problems_are_said_at_once() -> None:
    message = refused({"role": "targt", "date": "2024"})
    assert "is a date without a day" in message
    assert "did you mean 'target'?" in message


def test_a_missing_column_names_what_is_there() -> None:
    frame = pd.DataFrame([ROW]).rename(columns={"subject": "subject_id", "date": "Date "})
    with pytest.raises(LesionError) as error:
        as_lesions(frame)
    message = str(error.value)
    assert "lesion table: no column 'subject' (is it 'subject_id'?), 'date' (is it 'Date '?)" in message
    assert 'columns={"their name": "our name"}' in message


def test_an_index_that_holds_a_needed_column() -> None:
    with pytest.raises(LesionError, match="reset_index"):
        as_lesions(pd.DataFrame([ROW]).set_index("subject"))


@pytest.mark.parametrize("name", ["evalutor", "Evaluator", "EVALUATOR", "basline"])
def test_a_nearly_right_optional_column_is_asked_about(name: str) -> None:
    with pytest.raises(LesionError, match=f"column '{name}' is not known; did you mean"):
        as_lesions(pd.DataFrame([ROW | {name: "READER 1"}]))


def test_targets_need_a_column_of_sizes() -> None:
    frame = pd.DataFrame([ROW]).drop(columns="diameter_mm")
    with pytest.raises(LesionError, match="no column 'diameter_mm', and there are target lesions"):
        as_lesions(frame)
    assert np.isnan(as_lesions(frame.assign(role="NT"))["diameter_mm"].iloc[0])


def test_a_repeated_column_is_refused() -> None:
    frame = pd.DataFrame([[*ROW.values(), 3.0]], columns=[*ROW, "diameter_mm"])
    with pytest.raises(LesionError, match="column 'diameter_mm' occurs more than once"):
        as_lesions(frame)


def test_a_table_without_rows_is_refused() -> None:
    with pytest.raises(LesionError, match="no rows"):
        as_lesions(pd.DataFrame(columns=list(ROW)))


def test_what_is_no_frame_is_a_wrong_call() -> None:
    with pytest.raises(TypeError, match="must be a pandas DataFrame, not list"):
        as_lesions([ROW])


def test_bad_words_that_no_row_uses_harm_nobody() -> None:
    frame = pd.DataFrame([ROW])
    frame["role"] = pd.Categorical(["target"], ["target", "nonsense"])
    assert as_lesions(frame)["role"].tolist() == ["target"]
