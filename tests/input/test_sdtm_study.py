"""RS to recorded responses, DM and its companions to subjects, the files of a folder told apart."""

import gzip
from pathlib import Path

import pandas as pd
import pyreadstat
import pytest

from recist import InputError, read_sdtm
from tests.input.sdtm_files import TR_HEAD, TU_HEAD, folder, found, tr, tu

RS_HEAD = "USUBJID,RSTESTCD,RSORRES,RSCAT,RSEVAL,RSEVALID,RSACPTFL,VISIT,VISITNUM,RSDTC,RSSEQ"


def recorded(path: Path, *records: str) -> object:
    """A folder with RS alone."""
    (path / "rs.csv").write_text("\n".join([RS_HEAD, *records]) + "\n", encoding="utf-8")
    return read_sdtm(path)


def test_responses_of_a_visit_are_one_row_in_our_words(tmp_path: Path) -> None:
    where = "RECIST 1.1,INVESTIGATOR,,Y,WEEK 8,2,2024-02-26,"
    sdtm = recorded(
        tmp_path,
        f"01,TRGRESP,PR,{where}1",
        f"01,NTRGRESP,Non-CR/Non-PD,{where}2",
        f"01,NEWLPROG,EQUIVOCAL,{where}3",
        f"01,OVRLRESP,PR,{where}4",
    )
    row = sdtm.responses.iloc[0]
    assert len(sdtm.responses) == 1
    assert row[["target", "non_target", "new_lesion", "overall"]].tolist() == [
        "PR",
        "NON-CR/NON-PD",
        "E",
        "PR",
    ]
    assert row[["criteria", "evaluator", "visit"]].tolist() == ["recist_1_1", "INVESTIGATOR", "WEEK 8"]
    assert row["date"] == pd.Timestamp("2024-02-26")
    assert row["accepted"]
    assert (row["source_row"], row["source_seq"]) == (5, 4)
    assert sdtm.lesions is None
    assert sdtm.visits is None


def test_blank_is_told_from_unknown_and_from_given(tmp_path: Path) -> None:
    where = "RECIST 1.1,INDEPENDENT ASSESSOR,RADIOLOGIST 1,"
    sdtm = recorded(
        tmp_path,
        f"01,OVRLRESP,,{where},WEEK 8,2,2024-02-26,1",
        f"01,OVRLRESP,CHECK,{where},WEEK 16,3,2024-04-22,2",
        f"01,OVRLRESP,SD,{where}N,WEEK 24,4,2024-06-17,3",
    )
    given = sdtm.responses[["overall_given", "accepted"]].to_numpy().tolist()
    assert given == [[False, False], [True, False], [True, False]]
    assert sdtm.responses["overall"].isna().tolist() == [True, True, False]
    assert sdtm.responses["overall_recorded"].tolist() == ["", "CHECK", "SD"]
    assert found(sdtm, "unknown_response") == [
        "01, INDEPENDENT ASSESSOR RADIOLOGIST 1, visit WEEK 16: OVRLRESP is 'CHECK', not a response; it is "
        "left blank (RS, row 3)"
    ]


@pytest.mark.parametrize(
    ("criteria", "word"),
    [("RECIST 1.1", "recist_1_1"), ("", "recist_1_1"), ("iRECIST", "irecist"), ("PCWG3", "pcwg3")],
)
def test_criteria(tmp_path: Path, criteria: str, word: str) -> None:
    sdtm = recorded(tmp_path, f"01,OVRLRESP,SD,{criteria},,,,WEEK 8,2,2024-02-26,1")
    assert sdtm.responses["criteria"].tolist() == [word]
    assert sdtm.responses["evaluator"].tolist() == ["INVESTIGATOR"]


def test_a_response_without_a_day_stays_and_is_a_finding(tmp_path: Path) -> None:
    sdtm = recorded(tmp_path, "01,OVRLRESP,SD,,,,,WEEK 8,2,2024-02,1")
    assert sdtm.responses["date"].isna().tolist() == [True]
    assert "response dated '2024-02': without a day it cannot be placed" in found(sdtm, "date_without_day")[0]


def test_two_scans_of_one_visit_label_are_two_rows(tmp_path: Path) -> None:
    one, two = (f"01,OVRLRESP,SD,,,,,UNSCHEDULED,2,2024-02-0{day},1" for day in (1, 2))
    assert recorded(tmp_path, one, two).responses["date"].dt.day.tolist() == [1, 2]


def test_two_different_responses_on_a_day_are_a_finding(tmp_path: Path) -> None:
    sdtm = recorded(tmp_path, *(f"01,OVRLRESP,{word},,,,,WEEK 8,2,2024-02-26,1" for word in ("SD", "PD")))
    assert "a second, different OVRLRESP on the same day" in found(sdtm, "two_responses")[0]
    assert sdtm.responses["overall"].tolist() == ["SD", "PD"]


DM = """\
USUBJID,RFSTDTC,RFXSTDTC,DTHDTC,ARM,ACTARM,ARMNRS,SEX,AGE
01,2024-01-02,2024-01-03,2024-09,Active,Active,,F,60
02,2024-01-05,,,Placebo,Active,,M,
03,,,,Screen Failure,Screen Failure,SCREEN FAILURE,M,70
"""
DS = """\
USUBJID,DSDECOD,DSCAT,DSSTDTC
01,RANDOMIZED,PROTOCOL MILESTONE,2024-01-01
02,RANDOMIZED,PROTOCOL MILESTONE,2024-01-04T10:00
01,ADVERSE EVENT,DISPOSITION EVENT,2024-05-01
02,COMPLETED,DISPOSITION EVENT,2024-06-01
03,SCREEN FAILURE,DISPOSITION EVENT,2024-01-01
"""
EX = "USUBJID,EXSTDTC,EXENDTC\n02,2024-01-08,2024-02-01\n02,2024-01-06,2024-01-07\n01,2024-01-03,2024-07-01\n"
SUPPDM = "USUBJID,QNAM,QVAL\n01,ITT,Y\n01,SAFETY,Y\n02,ITT,Y\n01,REGION,EU\n"
AE = "USUBJID,AETERM,AESTDTC,AEENDTC\n01,RASH,2024-08,2024-08-20\n"


def test_subjects(tmp_path: Path) -> None:
    sdtm = read_sdtm(
        folder(tmp_path, [tu("T1")], [tr("T1", "BASELINE", "30")], dm=DM, ds=DS, ex=EX, suppdm=SUPPDM, ae=AE)
    )
    s = sdtm.subjects.set_index("subject")
    assert s["arm"].tolist() == ["Active", "Placebo", "Screen Failure"]
    assert s["actual_arm"].tolist() == ["Active", "Active", "Screen Failure"]
    assert s["randomized"].tolist() == [True, True, False]
    assert s["screen_failure"].tolist() == [False, False, True]
    day = s.select_dtypes("datetime").apply(lambda column: column.dt.strftime("%Y-%m-%d").fillna(""))
    assert day["randomization_date"].tolist() == ["2024-01-01", "2024-01-04", ""]
    assert day["treatment_start_date"].tolist() == ["2024-01-03", "2024-01-06", ""]
    assert day["discontinuation_date"].tolist() == ["2024-05-01", "", ""]
    assert day["last_alive_date"].tolist() == ["2024-08-20", "2024-06-01", "2024-01-01"]
    assert day["death_date"].tolist() == ["", "", ""]
    assert s["itt"].tolist() == [True, True, False]
    assert s["safety"].tolist() == [True, False, False]
    assert s["region"].astype("string").fillna("").tolist() == ["EU", "", ""]
    assert s["age"].fillna(0).tolist() == [60, 0, 70]
    assert "01: DTHDTC '2024-09' has no day; the date is left blank (DM, row 2)" in found(
        sdtm, "date_without_day"
    )
    assert sdtm.adverse_events["AETERM"].tolist() == ["RASH"]
    assert len(sdtm.exposure) == 3


def test_without_dm_the_subjects_are_those_seen(tmp_path: Path) -> None:
    sdtm = read_sdtm(folder(tmp_path, [tu("T1")], [tr("T1", "BASELINE", "30")]))
    assert sdtm.subjects["subject"].tolist() == ["01"]
    assert sdtm.subjects["last_alive_date"].tolist() == [pd.Timestamp("2024-01-01")]


def test_xpt_and_gz(tmp_path: Path) -> None:
    place = folder(tmp_path, [tu("T1")], [tr("T1", "BASELINE", "30")])
    pyreadstat.write_xport(
        pd.read_csv(place / "tu.csv", dtype=str).fillna(""), str(place / "TU.xpt"), file_format_version=5
    )
    (place / "tu.csv").unlink()
    (place / "tr.csv.gz").write_bytes(gzip.compress((place / "tr.csv").read_bytes()))
    (place / "tr.csv").unlink()
    sdtm = read_sdtm(place)
    assert sdtm.lesions["diameter_mm"].tolist() == [30.0]
    assert [file.name for file in sdtm.files] == ["TU.xpt", "tr.csv.gz"]


def two_sets(place: Path) -> Path:
    """TU and TR twice, with endings a and b; the sizes are 30 and 40."""
    for ending, size in (("a", "30"), ("b", "40")):
        (place / f"tu_{ending}.csv").write_text(f"{TU_HEAD}\n{tu('T1')}\n", encoding="utf-8")
        (place / f"tr_{ending}.csv").write_text(
            f"{TR_HEAD}\n{tr('T1', 'BASELINE', size)}\n", encoding="utf-8"
        )
    return place


def test_a_set_of_files_is_chosen_by_ending_or_name(tmp_path: Path) -> None:
    place = two_sets(tmp_path)
    assert read_sdtm(place, suffix="b").lesions["diameter_mm"].tolist() == [40.0]
    names = {"TU": "tu_a.csv", "tr": "tr_b.csv"}
    assert read_sdtm(place, names=names).lesions["diameter_mm"].tolist() == [40.0]
    (place / "tu_b.csv").unlink()
    (place / "tr_b.csv").unlink()
    assert read_sdtm(place).lesions["diameter_mm"].tolist() == [30.0]


def test_files_that_cannot_be_told_apart(tmp_path: Path) -> None:
    with pytest.raises(InputError) as error:
        read_sdtm(two_sets(tmp_path))
    assert "2 files could be TU: tu_a.csv, tu_b.csv" in str(error.value)
    assert 'names={"TU": "tu_a.csv"} or, for a common ending, suffix="..."' in str(error.value)


def test_folders_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no such folder"):
        read_sdtm(tmp_path / "none")
    (tmp_path / "dm.csv").write_text(DM, encoding="utf-8")
    with pytest.raises(InputError, match="neither TU and TR nor RS is there, but dm"):
        read_sdtm(tmp_path)
    with pytest.raises(InputError, match="is a file; name the folder"):
        read_sdtm(tmp_path / "dm.csv")
    with pytest.raises(InputError, match="'XX' is not a domain that is read"):
        read_sdtm(tmp_path, names={"XX": "dm.csv"})
    with pytest.raises(InputError, match="no such file"):
        read_sdtm(tmp_path, names={"RS": "rs_other.csv"})
    (tmp_path / "rs.csv").write_text("subject,x\n1,2\n", encoding="utf-8")
    with pytest.raises(InputError, match=r"no column USUBJID\. Is it the RS domain"):
        read_sdtm(tmp_path)


def test_one_evaluator(tmp_path: Path) -> None:
    identified = [tu("T1"), tu("T1", TUEVAL="READER", TUEVALID="1")]
    measured = [tr("T1", "BASELINE", "30"), tr("T1", "BASELINE", "31", TREVAL="READER", TREVALID="1")]
    place = folder(tmp_path, identified, measured)
    assert read_sdtm(place, evaluator="READER 1").lesions["diameter_mm"].tolist() == [31.0]
    with pytest.raises(InputError, match=r"no evaluator 'READER'\. There are INVESTIGATOR, READER 1"):
        read_sdtm(place, evaluator="READER")
