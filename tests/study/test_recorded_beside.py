"""A study of SDTM: what was recorded stands beside what the lesions give, and every date has its record."""

from pathlib import Path

import pandas as pd
import pytest

from survival import run_study

TU = "USUBJID,TULNKID,TUTESTCD,TUSTRESC,TULOC,TUEVAL,VISIT,VISITNUM,TUDTC,TUSEQ"
TR = "USUBJID,TRLNKID,TRTESTCD,TRSTRESN,TRSTRESU,TREVAL,VISIT,VISITNUM,TRDTC,TRSEQ"
RS = "USUBJID,RSTESTCD,RSORRES,RSCAT,RSEVAL,VISIT,VISITNUM,RSDTC,RSSEQ"
DM = "USUBJID,ARM,RFSTDTC,RFXSTDTC,DTHDTC"
SIZES = {"01": (50, 34, 20), "02": (40, 41, 60)}  # PR, PR; SD, PD
RECORDED = {"01": ("PR", "SD"), "02": ("SD", "PD")}  # the second of 01 differs
DAYS = ("2024-01-02", "2024-02-27", "2024-04-23")
VISITS = ("SCREENING", "WEEK 8", "WEEK 16")
STUDY = """
[study]
id = "X"
start_date = "treatment_start_date"
[data]
sdtm = "sdtm"
[criteria.recist_1_1]
[response]
evaluator = "INVESTIGATOR"
[[endpoint]]
name = "PFS"
[[endpoint]]
name = "OS"
"""


def write(folder: Path) -> None:
    """The domains of two subjects."""
    sdtm = folder / "sdtm"
    sdtm.mkdir()
    tu, tr, rs = [TU], [TR], [RS]
    for subject, sizes in SIZES.items():
        tu.append(f"{subject},T01,TUMIDENT,TARGET,LIVER,INVESTIGATOR,SCREENING,1,{DAYS[0]},1")
        for n, (size, day, visit) in enumerate(zip(sizes, DAYS, VISITS, strict=True), 1):
            tr.append(f"{subject},T01,LDIAM,{size},mm,INVESTIGATOR,{visit},{n},{day},{10 + n}")
        for n, word in enumerate(RECORDED[subject], 2):
            rs.append(
                f"{subject},OVRLRESP,{word},RECIST 1.1,INVESTIGATOR,{VISITS[n - 1]},{n},{DAYS[n - 1]},{n}"
            )
    dm = [DM, "01,A,2024-01-03,2024-01-03,", "02,A,2024-01-03,2024-01-03,2024-06-01"]
    for name, lines in {"tu": tu, "tr": tr, "rs": rs, "dm": dm}.items():
        (sdtm / f"{name}.csv").write_text("\n".join(lines) + "\n", encoding="utf-8")
    (folder / "study.toml").write_text(STUDY, encoding="utf-8")


@pytest.fixture(scope="module")
def listings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("sdtm")
    write(folder)
    return run_study(folder / "study.toml", folder / "out").out / "listings"


def read(path: Path) -> pd.DataFrame:
    return pd.read_csv(path, dtype=str, keep_default_na=False)


def test_recorded_responses_stand_beside_derived_ones(listings: Path) -> None:
    found = read(listings / "response.csv")
    assert found[["Subject", "Visit", "Overall", "Recorded", "Match"]].values.tolist() == [
        ["01", "WEEK 8", "PR", "PR", "yes"],
        ["01", "WEEK 16", "PR", "SD", "response differs"],
        ["02", "WEEK 8", "SD", "SD", "yes"],
        ["02", "WEEK 16", "PD", "PD", "yes"],
    ]
    html = (listings / "response.html").read_text("utf-8")
    assert "3 of 4 visits of a reader with either response agree" in html


def test_every_date_of_an_endpoint_has_its_record(listings: Path) -> None:
    pfs, os = (
        read(listings / f"endpoint-{name}.csv").set_index("Subject")["Record"] for name in ("pfs", "os")
    )
    assert pfs.to_dict() == {"01": "TR 13: WEEK 16, INVESTIGATOR", "02": "TR 13: WEEK 16, INVESTIGATOR"}
    assert os["02"] == "DM.DTHDTC"


def test_without_a_reading_in_common_nothing_is_compared(tmp_path: Path) -> None:
    write(tmp_path)
    rs = tmp_path / "sdtm" / "rs.csv"
    rs.write_text(rs.read_text("utf-8").replace("RECIST 1.1", "CHESON 2014"), encoding="utf-8")
    out = run_study(tmp_path / "study.toml", tmp_path / "out").out
    assert "Recorded" not in read(out / "listings" / "response.csv")
