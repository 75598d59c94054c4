"""TU and TR to lesions: links, axes, states, units, splits, merges, baseline, dates; doubts are findings."""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest

from tests.input.sdtm_files import found, read, tr, tu

BASE = tr("T1", "BASELINE", "30")


def rows(sdtm: object, *columns: str, lesion: str | None = None) -> list[list[object]]:
    """Chosen columns of the lesions, missing as None."""
    frame = sdtm.lesions
    if lesion is not None:
        frame = frame[frame["lesion"] == lesion]
    values = frame[list(columns)].astype(object)
    return values.where(values.notna(), None).to_numpy().tolist()


def test_a_node_has_its_short_axis_and_the_rest_its_longest_diameter(tmp_path: Path) -> None:
    both = [
        tr("T1", "BASELINE", "30"),
        tr("T1", "BASELINE", "20", "LPERP"),
        tr("N1", "BASELINE", "25"),
        tr("N1", "BASELINE", "16", "LPERP"),
        tr("N1", "BASELINE", "24", "DIAMETER"),
        tr("T2", "BASELINE", "11", "DIAMETER"),
    ]
    sdtm = read(tmp_path, [tu("T1"), tu("N1", organ="LYMPH NODE"), tu("T2")], both)
    assert rows(sdtm, "lesion", "node", "diameter_mm") == [
        ["T1", False, 30.0],
        ["N1", True, 16.0],
        ["T2", False, 11.0],
    ]
    assert sdtm.findings.empty


def test_a_node_with_only_a_longest_diameter_has_no_size(tmp_path: Path) -> None:
    sdtm = read(tmp_path, [tu("N1", organ="LYMPH NODE")], [tr("N1", "BASELINE", "25")])
    assert rows(sdtm, "lesion", "diameter_mm", "state") == [["N1", None, None]]
    assert found(sdtm, "size_of_wrong_axis") == [
        "01, INVESTIGATOR, visit BASELINE, lesion N1: LPERP, the short axis of a node, is not recorded, "
        "only LDIAM; the row is kept without a size (TR, row 2)"
    ]


def test_evaluators_stay_apart(tmp_path: Path) -> None:
    who = [("", ""), ("INDEPENDENT ASSESSOR", "RADIOLOGIST 1"), ("INDEPENDENT ASSESSOR", "RADIOLOGIST 2")]
    sdtm = read(
        tmp_path,
        [tu("T1", TUEVAL=e, TUEVALID=i) for e, i in who],
        [tr("T1", "BASELINE", str(30 + n), TREVAL=e, TREVALID=i) for n, (e, i) in enumerate(who)],
    )
    assert sorted(rows(sdtm, "evaluator", "diameter_mm")) == [
        ["INDEPENDENT ASSESSOR RADIOLOGIST 1", 31.0],
        ["INDEPENDENT ASSESSOR RADIOLOGIST 2", 32.0],
        ["INVESTIGATOR", 30.0],
    ]


@pytest.mark.parametrize("number", ["", "5"])
def test_too_small_to_measure_stays_too_small_beside_a_five(tmp_path: Path, number: str) -> None:
    small = tr(
        "T1", "WEEK 8", "TOO SMALL TO MEASURE", TRSTRESN=number, TRSTRESC=number or "TOO SMALL TO MEASURE"
    )
    sdtm = read(tmp_path, [tu("T1")], [BASE, small])
    assert rows(sdtm, "state", "diameter_mm") == [["measured", 30.0], ["too small", None]]


@pytest.mark.parametrize(
    ("reason", "state"),
    [
        ("NOT ASSESSABLE: Image obscured", "not evaluable"),
        ("POOR IMAGE QUALITY", "not evaluable"),
        ("SUBJECT REFUSED", "not done"),
        ("", "not done"),
        ("TUMOR MERGED", "merged"),
    ],
)
def test_not_done_with_its_reason(tmp_path: Path, reason: str, state: str) -> None:
    sdtm = read(tmp_path, [tu("T1")], [BASE, tr("T1", "WEEK 8", "", TRSTAT="NOT DONE", TRREASND=reason)])
    assert rows(sdtm, "state", "diameter_mm")[1] == [state, None]
    if reason:
        assert rows(sdtm, "reason")[1] == [reason]


@pytest.mark.parametrize(
    ("role", "result", "state"),
    [
        ("NON-TARGET", "PRESENT", "present"),
        ("NON-TARGET", "ABSENT", "absent"),
        ("NON-TARGET", "UNEQUIVOCAL", "unequivocal progression"),
        ("NON-TARGET", "UNEQUIVOCAL PROGRESSION", "unequivocal progression"),
        ("NON-TARGET", "ENLARGED", "increased"),
        ("NEW", "UNEQUIVOCAL", "unequivocal"),
        ("NEW", "EQUIVOCAL", "equivocal"),
        ("NEW", "PRESENT", "unequivocal"),
        ("TARGET", "ABSENT", "absent"),
    ],
)
def test_tumour_states(tmp_path: Path, role: str, result: str, state: str) -> None:
    visit = "WEEK 8" if role == "NEW" else "BASELINE"
    measured = [BASE, tr("L1", "WEEK 8", result, "TUMSTATE")]
    if role != "NEW":
        measured.append(tr("L1", "BASELINE", "PRESENT", "TUMSTATE"))
    sdtm = read(tmp_path, [tu("T1"), tu("L1", role, visit=visit)], measured)
    last = sdtm.lesions[(sdtm.lesions["lesion"] == "L1") & (sdtm.lesions["visit"] == "WEEK 8")]
    assert last["state"].tolist() == [state]


@pytest.mark.parametrize(("result", "state"), [("NON-PATHOLOGICAL", "absent"), ("PATHOLOGICAL", "present")])
def test_state_of_a_node(tmp_path: Path, result: str, state: str) -> None:
    node = tr("NT1", "BASELINE", result, "LNSTATE")
    sdtm = read(tmp_path, [tu("NT1", "NON-TARGET", "LYMPH NODE")], [node])
    assert rows(sdtm, "state", "node") == [[state, True]]


def test_an_empty_size_lets_the_state_speak(tmp_path: Path) -> None:
    measured = [BASE, tr("T1", "WEEK 8", ""), tr("T1", "WEEK 8", "ABSENT", "TUMSTATE")]
    assert rows(read(tmp_path, [tu("T1")], measured), "state")[1] == ["absent"]


def test_centimetres_become_millimetres(tmp_path: Path) -> None:
    standard = tr("T1", "BASELINE", "2.15", TRORRESU="cm")
    collected = tr("T1", "WEEK 8", "1.1", TRORRESU="cm", TRSTRESC="", TRSTRESN="", TRSTRESU="")
    assert rows(read(tmp_path, [tu("T1")], [standard, collected]), "diameter_mm") == [[21.5], [11.0]]


def test_units_that_are_missing_or_unknown_are_findings(tmp_path: Path) -> None:
    measured = [tr("T1", "BASELINE", "30", TRORRESU=""), tr("T1", "WEEK 8", "1.1", TRORRESU="inch")]
    sdtm = read(tmp_path, [tu("T1")], measured)
    assert rows(sdtm, "diameter_mm") == [[30.0], [None]]
    assert found(sdtm, "unit_missing") == [
        "01, INVESTIGATOR, visit BASELINE, lesion T1: LDIAM 30 has no unit; taken as mm (TR, row 2)"
    ]
    assert "LDIAM is in 'inch', not mm or cm" in found(sdtm, "unit_unknown")[0]


def test_a_result_that_cannot_be_read_is_a_finding(tmp_path: Path) -> None:
    sdtm = read(tmp_path, [tu("T1")], [BASE, tr("T1", "WEEK 8", "about 20")])
    assert rows(sdtm, "diameter_mm", "state")[1] == [None, None]
    assert "LDIAM is 'about 20', neither a number nor a known word" in found(sdtm, "result_unreadable")[0]


def test_a_fragment_names_its_parent(tmp_path: Path) -> None:
    identified = [tu("T04"), tu("T04.1", visit="WEEK 8"), tu("T04.2", visit="WEEK 8"), tu("T9.1")]
    measured = [
        tr("T04", "BASELINE", "40"),
        tr("T04", "WEEK 8", "", TRSTAT="NOT DONE", TRREASND="TUMOR SPLIT"),
        tr("T04.1", "WEEK 8", "15"),
        tr("T04.2", "WEEK 8", "12"),
        tr("T9.1", "BASELINE", "20"),
    ]
    sdtm = read(tmp_path, identified, measured)
    assert rows(sdtm, "lesion", "visit", "diameter_mm", "parent") == [
        ["T04", "BASELINE", 40.0, None],
        ["T9.1", "BASELINE", 20.0, None],
        ["T04.1", "WEEK 8", 15.0, "T04"],
        ["T04.2", "WEEK 8", 12.0, "T04"],
    ]
    assert "lesion T04: split; its fragments are measured" in found(sdtm, "split_parent_without_size")[0]


@pytest.mark.parametrize("said", [("T02", "T03"), ("T03",), ()])
def test_merged_lesions_are_one_size_and_partners(tmp_path: Path, said: tuple[str, ...]) -> None:
    identified = [
        tu("T02", organ="LUNG"),
        tu("T03", organ="LUNG"),
        tu("T02/T03", organ="LUNG", visit="WEEK 8"),
    ]
    measured = [tr("T02", "BASELINE", "20"), tr("T03", "BASELINE", "18"), tr("T02/T03", "WEEK 8", "35")]
    measured += [tr(name, "WEEK 8", "", TRSTAT="NOT DONE", TRREASND="TUMOR MERGED") for name in said]
    sdtm = read(tmp_path, identified, measured)
    after = [
        row
        for row in rows(sdtm, "lesion", "visit", "diameter_mm", "state", "merged_into")
        if row[1] == "WEEK 8"
    ]
    assert sorted(after) == [
        ["T02", "WEEK 8", 35.0, "measured", None],
        ["T03", "WEEK 8", None, "merged", "T02"],
    ]
    assert sdtm.lesions["organ"].tolist() == ["LUNG"] * 4
    assert len(found(sdtm, "merged_record_without_size")) == ("T02" in said)


def test_what_is_identified_and_not_measured_is_a_row(tmp_path: Path) -> None:
    identified = [tu("T1"), tu("NT1", "NON-TARGET", "BONE"), tu("NEW1", "NEW", "BRAIN", "WEEK 8"), tu("T2")]
    sdtm = read(tmp_path, identified, [BASE, tr("T1", "WEEK 8", "31")])
    alone = sdtm.lesions[sdtm.lesions["source"] == "TU"].sort_values("source_row")
    assert alone["lesion"].tolist() == ["NT1", "NEW1", "T2"]
    assert alone["state"].astype("string").fillna("").tolist() == ["present", "unequivocal", ""]
    assert alone["date"].dt.strftime("%Y-%m-%d").tolist() == ["2024-01-01", "2024-02-26", "2024-01-01"]
    assert alone["baseline"].tolist() == [True, False, True]


def test_exact_repeats_count_once_and_are_named(tmp_path: Path) -> None:
    again = [tr("T1", "BASELINE", "30", TRSEQ="1"), tr("T1", "BASELINE", "30", TRSEQ="2")]
    sdtm = read(tmp_path, [tu("T1")], again)
    assert rows(sdtm, "diameter_mm") == [[30.0]]
    assert found(sdtm, "repeated_record") == [
        "01, INVESTIGATOR, visit BASELINE, lesion T1: repeats an earlier LDIAM record word for word; "
        "used once (TR, row 3)"
    ]


def test_two_different_sizes_both_stay(tmp_path: Path) -> None:
    sdtm = read(tmp_path, [tu("T1")], [BASE, tr("T1", "BASELINE", "31")])
    assert rows(sdtm, "diameter_mm") == [[30.0], [31.0]]


def test_a_date_without_a_day_keeps_the_row_apart(tmp_path: Path) -> None:
    sdtm = read(
        tmp_path, [tu("T1")], [BASE, tr("T1", "WEEK 8", "31", TRDTC="2024-02"), tr("T1", "WEEK 16", "32")]
    )
    assert rows(sdtm, "visit") == [["BASELINE"], ["WEEK 16"]]
    assert sdtm.undated[["visit", "date_text", "diameter_mm"]].to_numpy().tolist() == [
        ["WEEK 8", "2024-02", 31.0]
    ]
    assert found(sdtm, "date_without_day") == [
        "01, INVESTIGATOR, visit WEEK 8, lesion T1: date '2024-02' has no day; the row is kept apart, a day "
        "is never guessed (TR, row 3)"
    ]
    finding = sdtm.findings.iloc[0]
    assert (finding["severity"], finding["subject"], finding["lesion"], finding["row"]) == (
        "error",
        "01",
        "T1",
        3,
    )


def test_a_baseline_without_a_day_is_not_replaced_by_a_later_visit(tmp_path: Path) -> None:
    sdtm = read(tmp_path, [tu("T1")], [tr("T1", "BASELINE", "30", TRDTC="2024-01"), tr("T1", "WEEK 8", "31")])
    assert rows(sdtm, "visit", "baseline") == [["WEEK 8", False]]
    assert "the baseline visit has no date with a day" in found(sdtm, "baseline_undated")[0]


def test_a_missing_date(tmp_path: Path) -> None:
    undone = tr("T2", "WEEK 8", "", TRSTAT="NOT DONE", TRDTC="")
    measured = [
        BASE,
        tr("T2", "BASELINE", "20"),
        tr("T1", "WEEK 8", "31"),
        undone,
        tr("T1", "WEEK 16", "9", TRDTC=""),
    ]
    sdtm = read(tmp_path, [tu("T1"), tu("T2")], measured)
    assert rows(sdtm, "date", lesion="T2")[1] == [pd.Timestamp("2024-02-26")]
    assert sdtm.undated["visit"].tolist() == ["WEEK 16"]
    assert "visit WEEK 16, lesion T1: no date; the row is kept apart" in found(sdtm, "date_missing")[0]


DM = "USUBJID,RFSTDTC\n01,{}\n"


@pytest.mark.parametrize(
    ("start", "baseline"),
    [
        ("2024-03-01", "WEEK 8"),
        ("2024-02-26T09:00", "WEEK 8"),
        ("2024-01-15", "BASELINE"),
        ("2023-01-01", "BASELINE"),
    ],
)
def test_baseline_is_the_last_visit_up_to_the_reference_start_else_the_first(
    tmp_path: Path, start: str, baseline: str
) -> None:
    measured = [tr("T1", "WEEK 16", "30"), tr("T1", "WEEK 8", "30"), tr("T1", "BASELINE", "31")]
    sdtm = read(tmp_path, [tu("T1")], measured, dm=DM.format(start))
    assert sdtm.lesions.loc[sdtm.lesions["baseline"], "visit"].tolist() == [baseline]


def test_a_baseline_flag_comes_first(tmp_path: Path) -> None:
    text = "\n".join(
        [
            "USUBJID,TRLNKID,TRTESTCD,TRSTRESN,TRSTRESU,VISIT,TRDTC,TRBLFL",
            "01,T1,LDIAM,30,mm,SCREENING,2024-01-01,",
            "01,T1,LDIAM,31,mm,RESCAN,2024-01-20,Y",
            "01,T2,LDIAM,32,mm,RESCAN,2024-01-20,",
        ]
    )
    sdtm = read(tmp_path, [tu("T1"), tu("T2")], [], tr=text + "\n", dm=DM.format("2024-01-02"))
    flagged = sdtm.lesions[sdtm.lesions["source"] == "TR"]
    assert flagged["baseline"].tolist() == [False, True, True]


def test_unlinked_measurements_are_findings(tmp_path: Path) -> None:
    text = "USUBJID,TRGRPID,TRLNKID,TRTESTCD,TRSTRESN,TRSTRESU,VISIT,TRDTC\n"
    text += "01,TARGET,T1,LDIAM,30,mm,BASELINE,2024-01-01\n01,TARGET,T7,LDIAM,30,mm,BASELINE,2024-01-01\n"
    text += "01,A1,T8,LDIAM,30,mm,BASELINE,2024-01-01\n01,TARGET,,SUMDIAM,60,mm,BASELINE,2024-01-01\n"
    sdtm = read(tmp_path, [tu("T1")], [], tr=text)
    assert sdtm.lesions["lesion"].tolist() == ["T1", "T7"]
    assert found(sdtm, "lesion_not_identified") == [
        "01, INVESTIGATOR, visit BASELINE, lesion T7: no TU record has this link; role 'target' is taken "
        "from TRGRPID (TR, row 3)",
        "01, INVESTIGATOR, visit BASELINE, lesion T8: no TU record has this link and TRGRPID 'A1' names no "
        "role; its records take no part (TR, row 4)",
    ]
    assert found(sdtm, "not_of_a_lesion") == ["1 SUMDIAM records name no lesion and are not read (TR)"]


def test_roles_that_are_unknown_or_change_are_findings(tmp_path: Path) -> None:
    identified = [tu("T1"), tu("T1", "NON-TARGET", visit="WEEK 8"), tu("B1", "BENIGN ABNORMALITY")]
    sdtm = read(tmp_path, identified, [BASE, tr("B1", "BASELINE", "9")])
    assert sdtm.lesions["role"].tolist() == ["target"]
    assert "'BENIGN ABNORMALITY' is not target, non-target or new" in found(sdtm, "role_unknown")[0]
    assert "identified as non-target, but first as target" in found(sdtm, "role_changed")[0]


def test_visits_say_whether_anything_was_imaged(tmp_path: Path) -> None:
    undone = tr("T1", "WEEK 8", "", TRSTAT="NOT DONE", TRREASND="REFUSED")
    sdtm = read(tmp_path, [tu("T1")], [BASE, undone])
    assert sdtm.visits[["visit", "baseline", "imaging_done"]].to_numpy().tolist() == [
        ["BASELINE", True, True],
        ["WEEK 8", False, False],
    ]


def test_order_of_the_records_does_not_matter(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "b").mkdir()
    identified = [tu("T1"), tu("N1", organ="LYMPH NODE")]
    measured = [
        BASE,
        tr("T1", "WEEK 8", "20"),
        tr("N1", "BASELINE", "16", "LPERP"),
        tr("N1", "BASELINE", "19"),
    ]
    columns = ["visit", "lesion", "diameter_mm", "state", "baseline"]
    one = read(tmp_path / "a", identified, measured).lesions[columns].astype({"diameter_mm": str})
    two = read(tmp_path / "b", identified[::-1], measured[::-1]).lesions[columns].astype({"diameter_mm": str})
    assert sorted(one.to_numpy().tolist()) == sorted(two.to_numpy().tolist())
    assert np.unique(one["lesion"]).tolist() == ["N1", "T1"]
