"""The shared submissions and lesion tables load; what is doubtful in them is a finding or a stated state."""

import functools

import pandas as pd
import pytest

from recist import LesionError, as_lesions, read_sdtm
from recist.sdtm import Sdtm
from tests.shared import shared


@functools.cache
def study(suffix: str) -> Sdtm:
    """The oncology study of the shared folder, by the ending of its tumour files."""
    return read_sdtm(shared("data/pharmaversesdtm"), suffix=suffix)


def adsl() -> pd.DataFrame:
    """The subject-level file that others derived from the same study."""
    return pd.read_csv(shared("data/pharmaversesdtm") / "adam_adsl.csv", dtype=str).set_index("USUBJID")


def day(column: pd.Series) -> list[str]:
    return column.dt.strftime("%Y-%m-%d").fillna("").tolist()


def test_randomised_subjects_by_arm() -> None:
    subjects = study("onco").subjects
    assert len(subjects) == 306
    counts = subjects[subjects["randomized"]].groupby("arm", observed=True).size()
    assert counts.to_dict() == {"Placebo": 86, "Xanomeline High Dose": 84, "Xanomeline Low Dose": 84}
    assert subjects["itt"].sum() == 254
    assert subjects["efficacy"].sum() == 234


@pytest.mark.parametrize(
    ("ours", "theirs"),
    [("randomization_date", "RANDDT"), ("death_date", "DTHDT"), ("treatment_start_date", "TRTSDT")],
)
def test_dates_of_the_subjects_agree_with_adsl(ours: str, theirs: str) -> None:
    subjects = study("onco").subjects
    assert day(subjects[ours]) == adsl().loc[subjects["subject"], theirs].fillna("").tolist()


def test_discontinuation_agrees_with_adsl() -> None:
    subjects = study("onco").subjects
    theirs = adsl().loc[subjects["subject"]]
    stopped = theirs["EOSDT"].where(theirs["EOSSTT"] == "DISCONTINUED").fillna("")
    assert day(subjects["discontinuation_date"]) == stopped.tolist()


def test_last_contact_is_no_earlier_than_adsl_says() -> None:
    subjects = study("onco").subjects.set_index("subject")
    theirs = pd.to_datetime(adsl()["LSTALVDT"].dropna())
    assert (subjects["last_alive_date"].loc[theirs.index] >= theirs).all()


def test_every_record_of_a_lesion_is_a_row_or_kept_apart() -> None:
    sdtm = study("onco")
    raw = pd.read_csv(shared("data/pharmaversesdtm") / "tr_onco.csv.gz", dtype=str).dropna(subset=["TRLNKID"])
    keys = ["USUBJID", "TREVAL", "TREVALID", "TRLNKID", "VISIT", "TRDTC"]
    assert len(sdtm.lesions) + len(sdtm.undated) == len(raw.drop_duplicates(keys)) == 26724
    assert len(sdtm.undated) == 5
    assert set(sdtm.undated["subject"]) == {"01-701-1015"}
    counts = sdtm.lesions.groupby(["role", "state"], observed=True).size()
    assert counts["target"].to_dict() == {"measured": 13168, "not evaluable": 132}
    assert counts["non-target"].to_dict() == {
        "absent": 4806,
        "not evaluable": 424,
        "present": 7227,
        "unequivocal progression": 848,
    }
    assert counts["new"].to_dict() == {"unequivocal": 33, "equivocal": 81}


def test_findings_of_the_study() -> None:
    counts = study("onco").findings.groupby("finding").size().to_dict()
    assert counts == {"date_without_day": 5, "not_of_a_lesion": 1, "unknown_response": 3}
    counts = study("onco_recist").findings.groupby("finding").size().to_dict()
    assert counts == {"date_without_day": 9, "repeated_record": 39}


def test_each_lesion_has_its_axis() -> None:
    lesions = study("onco_recist").lesions
    raw = pd.read_csv(shared("data/pharmaversesdtm") / "tr_onco_recist.csv", dtype=str)
    sized = lesions[lesions["diameter_mm"].notna()]
    source = raw.iloc[sized["source_row"].astype(int) - 2]
    assert set(source["TRTESTCD"][sized["node"].to_numpy()]) == {"LPERP"}
    assert set(source["TRTESTCD"][~sized["node"].to_numpy()]) == {"LDIAM"}
    assert source["TRORRES"].astype(float).tolist() == sized["diameter_mm"].tolist()
    assert len(sized) == 228
    assert not sized.duplicated(["subject", "evaluator", "visit", "lesion"]).any()


def test_the_hand_made_set_names_its_partial_date() -> None:
    sdtm = study("onco_recist")
    assert len(sdtm.undated) == 6
    assert set(zip(sdtm.undated["subject"], sdtm.undated["visit"], strict=True)) == {
        ("01-701-1015", "WEEK 6")
    }
    assert (sdtm.undated["date_text"] == "2014-02").all()
    base = sdtm.lesions.loc[sdtm.lesions["baseline"], "visit"]
    assert set(base) == {"SCREENING"}


def test_recorded_responses() -> None:
    responses = study("onco").responses
    assert len(responses) == 1899
    assert responses["accepted"].sum() == 633
    assert responses["overall"].value_counts().loc[["CR", "PR", "SD", "PD"]].tolist() == [172, 359, 221, 1144]
    assert responses.loc[responses["overall"].isna(), "overall_recorded"].tolist() == ["CHECK"] * 3
    responses = study("onco_recist").responses
    assert len(responses) == 66
    assert responses["date"].isna().sum() == 3


def test_immune_responses() -> None:
    sdtm = read_sdtm(
        shared("data/pharmaversesdtm"),
        suffix="onco",
        names={"RS": "rs_onco_irecist.csv"},
        evaluator="INVESTIGATOR",
    )
    assert set(sdtm.responses["criteria"]) == {"irecist"}
    assert sdtm.responses["overall"].value_counts()["iUPD"] == 21


def laleh() -> pd.DataFrame:
    """Real diameters of one lesion per patient (Laleh 2022, CC BY 4.0) as a lesion frame, from 2000-01-01."""
    raw = pd.read_csv(shared("data/laleh2022_lesions") / "laleh_long.csv", dtype=str)
    text = raw["diam_raw"].fillna("").str.strip()
    number = pd.to_numeric(text, errors="coerce")
    first = pd.Timestamp("2000-01-01")
    return pd.DataFrame(
        {
            "subject": raw["study"] + "/" + raw["patient"],
            "visit": "DAY " + raw["day"].fillna("UNKNOWN"),
            "date": first + pd.to_timedelta(pd.to_numeric(raw["day"]), unit="D"),
            "lesion": "T1",
            "role": "target",
            "organ": None,
            "diameter_mm": number,
            "state": text.where(number.isna() & (text != ""), None),
            "as_recorded": text,
        }
    )


def test_real_diameters_as_recorded_are_refused_with_place_and_remedy() -> None:
    frame = laleh()
    with pytest.raises(LesionError) as error:
        as_lesions(frame.assign(diameter_mm=frame["as_recorded"]))
    assert "diameter_mm 'NOT EVALUABLE' is not a number (row 74)" in str(error.value)
    assert "goes into `state`" in str(error.value)


def test_real_diameters_load_and_nothing_is_swallowed() -> None:
    frame = laleh()
    dated = frame["date"].notna()
    assert (len(frame), dated.sum()) == (8560, 8559)
    lesions = as_lesions(frame[dated])
    number = pd.to_numeric(lesions["as_recorded"].astype(str), errors="coerce")
    assert len(lesions) == 8559
    assert (lesions["diameter_mm"].fillna(-1) == number.fillna(-1)).all()
    states = lesions["state"].astype("string").fillna("").value_counts()
    assert states.to_dict() == {"measured": number.notna().sum(), "not evaluable": 62, "too small": 54, "": 7}


def test_the_real_row_without_a_day_is_refused_by_its_row() -> None:
    frame = laleh()
    row = frame.index[frame["date"].isna()][0]
    with pytest.raises(LesionError, match=f"date is missing .row {row + 2}."):
        as_lesions(frame)
