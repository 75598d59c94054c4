"""Files of every kind read alike, and every way a file can be unreadable said in one sentence."""

import gzip
import shutil
from pathlib import Path

import numpy as np
import pandas as pd
import pyreadstat
import pytest

from recist import InputError, LesionError, read_lesions
from survival.study.load import TABLES

CSV = """\
subject,visit,date,lesion,role,organ,diameter_mm,state,comment
007,BASELINE,2024-03-15,T1,Target,liver,21.5,,first
007,WEEK 8,2024-05-10,T1,Target,liver,NA,TSTM,"second, with comma"
007,WEEK 8,2024-05-10,NT1,NON TARGET,bone,,present,
"""


@pytest.fixture
def csv(tmp_path: Path) -> Path:
    path = tmp_path / "lesions.csv"
    path.write_text(CSV, encoding="utf-8")
    return path


def plain(path: Path) -> pd.DataFrame:
    """The lesions of a file with text as text, so that files of every kind compare equal."""
    lesions = read_lesions(path)
    text = [c for c in lesions if isinstance(lesions[c].dtype, pd.CategoricalDtype)]
    return lesions.astype(dict.fromkeys(text, "string"))


def written(csv: Path, suffix: str) -> Path:
    """The same table as another kind of file."""
    frame = pd.read_csv(csv, dtype=str)
    frame["diameter_mm"] = frame["diameter_mm"].astype(float)
    path = csv.with_suffix(suffix)
    if suffix == ".parquet":
        frame["date"] = pd.to_datetime(frame["date"]).dt.date
        frame.to_parquet(path, index=False)
    elif suffix == ".xlsx":
        frame.assign(date=pd.to_datetime(frame["date"])).to_excel(path, index=False)
    else:
        short = frame.fillna({"state": "", "comment": ""}).rename(columns={"diameter_mm": "diam"})
        pyreadstat.write_xport(short, str(path), file_format_version=5)
    return path


def test_csv(csv: Path) -> None:
    lesions = read_lesions(csv)
    assert lesions["subject"].tolist() == ["007"] * 3
    assert lesions["state"].tolist() == ["measured", "too small", "present"]
    assert lesions["diameter_mm"].tolist()[0] == 21.5
    assert lesions["comment"].tolist()[1] == "second, with comma"
    assert lesions["baseline"].tolist() == [True, False, False]


@pytest.mark.parametrize("suffix", [".parquet", ".xlsx"])
def test_parquet_and_xlsx_are_as_csv(csv: Path, suffix: str) -> None:
    pd.testing.assert_frame_equal(plain(written(csv, suffix)), plain(csv))


def test_xpt_with_columns_renamed_is_as_csv(csv: Path) -> None:
    lesions = read_lesions(written(csv, ".xpt"), columns={"diam": "diameter_mm"})
    assert lesions["subject"].tolist() == ["007"] * 3
    assert lesions["date"].tolist() == pd.to_datetime(["2024-03-15", "2024-05-10", "2024-05-10"]).tolist()
    assert np.isnan(lesions["diameter_mm"].iloc[1])
    assert lesions["state"].tolist() == ["measured", "too small", "present"]


@pytest.mark.parametrize("suffix", [".csv", ".parquet"])
def test_gzipped_is_as_plain(csv: Path, suffix: str) -> None:
    path = csv if suffix == ".csv" else written(csv, suffix)
    packed = path.with_name(path.name + ".gz")
    with path.open("rb") as f, gzip.open(packed, "wb") as out:
        shutil.copyfileobj(f, out)
    pd.testing.assert_frame_equal(plain(packed), plain(csv))


def test_a_byte_order_mark_is_no_part_of_a_name(tmp_path: Path) -> None:
    path = tmp_path / "lesions.csv"
    path.write_text(CSV, encoding="utf-8-sig")
    assert read_lesions(path)["subject"].iloc[0] == "007"


def test_a_comma_at_the_end_of_every_row_is_no_value(tmp_path: Path) -> None:
    path = tmp_path / "lesions.csv"
    head, *rows = CSV.splitlines()
    path.write_text("\n".join([head, *(f"{row}," for row in rows)]))
    assert read_lesions(path)["comment"].tolist()[0] == "first"


def test_parquet_text_is_read_as_categories(csv: Path) -> None:
    assert isinstance(read_lesions(written(csv, ".parquet"))["subject"].dtype, pd.CategoricalDtype)


@pytest.mark.parametrize(
    ("name", "content", "words"),
    [
        ("empty.csv", b"", "the file is empty. The first line must name the columns"),
        ("blank.csv", b"\n\n", "the file is empty"),
        ("head.csv", CSV.splitlines()[0].encode() + b"\n", "there are column names but no rows"),
        (
            "binary.csv",
            b"\x00\x01PK\x03\x04",
            "cannot be read as .csv (it holds bytes that no text file has)",
        ),
        ("latin.csv", CSV.replace("bone", "c\xf4lon").encode("latin-1"), "not UTF-8 text"),
        ("semicolon.csv", CSV.replace(",", ";").encode(), "separated by ';': save it separated by commas"),
        ("twice.csv", b"subject,visit,visit\n1,2,3\n", "column 'visit' occurs more than once"),
        ("ragged.csv", CSV.encode() + b"1,2,3,4,5,6,7,8,9,10,11,12\n", "cannot be read as .csv"),
        (
            "headless.csv",
            b"subject,visit\n1,2,3\n4,5,6\n",
            "more values than the 2 columns of its first line",
        ),
        ("text.parquet", b"no parquet at all", "cannot be read as .parquet"),
        ("text.xlsx", b"no workbook at all", "cannot be read as .xlsx"),
        ("text.xpt", b"no transport file at all", "cannot be read as .xpt"),
        ("text.sas7bdat", b"no data set at all", "cannot be read as .sas7bdat"),
        ("text.csv.gz", b"not packed at all", "cannot be read as .csv"),
        ("cut.csv.gz", gzip.compress(CSV.encode() * 50, mtime=0)[:60], "cannot be read as .csv"),
        (
            "lesions.doc",
            b"x",
            "the suffix .doc is not known. Known are .csv, .parquet, .xlsx, .xpt, .sas7bdat",
        ),
        ("lesions", b"x", "the suffix (none) is not known"),
    ],
)
def test_an_unreadable_file_is_one_sentence(tmp_path: Path, name: str, content: bytes, words: str) -> None:
    path = tmp_path / name
    path.write_bytes(content)
    with pytest.raises(LesionError) as error:
        read_lesions(path)
    assert str(error.value).startswith(str(path))
    assert words in str(error.value)


def test_no_such_file_names_its_neighbour(csv: Path) -> None:
    with pytest.raises(LesionError, match=r"no such file\. Did you mean lesions\.csv\?"):
        read_lesions(csv.with_suffix(".parquet"))
    with pytest.raises(LesionError, match="Check the spelling"):
        read_lesions(csv.with_name("other.csv"))


def test_a_folder_is_no_file(tmp_path: Path) -> None:
    with pytest.raises(LesionError, match="is a folder"):
        read_lesions(tmp_path)


def test_a_cut_parquet_file(csv: Path) -> None:
    path = written(csv, ".parquet")
    path.write_bytes(path.read_bytes()[:-40])
    with pytest.raises(LesionError, match="Is it complete"):
        read_lesions(path)


def test_a_cut_transport_file_is_not_read_in_part(tmp_path: Path) -> None:
    path = tmp_path / "long.xpt"
    frame = pd.DataFrame({"subject": [f"{n:03}" for n in range(500)]})
    pyreadstat.write_xport(frame, str(path), file_format_version=5)
    path.write_bytes(path.read_bytes()[:-111])
    with pytest.raises(LesionError, match="no multiple of 80 bytes, so it is cut"):
        read_lesions(path)


def test_a_workbook_of_two_sheets(csv: Path, tmp_path: Path) -> None:
    path = tmp_path / "two.xlsx"
    with pd.ExcelWriter(path) as book:
        for name in ("one", "two"):
            pd.read_csv(csv, dtype=str).to_excel(book, sheet_name=name, index=False)
    with pytest.raises(LesionError, match="2 sheets with content, one, two: keep one"):
        read_lesions(path)


def test_renaming_a_column_that_is_not_there(csv: Path) -> None:
    with pytest.raises(LesionError, match="no column 'PATNO' to rename"):
        read_lesions(csv, columns={"PATNO": "subject"})


def test_a_bad_value_names_the_file_and_the_spreadsheet_row(tmp_path: Path) -> None:
    path = tmp_path / "lesions.csv"
    path.write_text(CSV.replace("21.5", "21.5 mm"), encoding="utf-8")
    with pytest.raises(LesionError) as error:
        read_lesions(path)
    assert str(error.value).startswith(f"{path}: 007, visit BASELINE, lesion T1: diameter_mm '21.5 mm'")
    assert "(row 2)" in str(error.value)


def test_a_table_of_visits_names_the_column_that_is_not_there(tmp_path):
    file = tmp_path / "visits.csv"
    file.write_text("subject,evaluator,VISITNUM\n01,A,V1\n", encoding="utf-8")
    with pytest.raises(
        InputError, match=r"visits\.csv: no column 'VISIT' to rename. The columns are subject"
    ):
        TABLES["visits"](file, {"VISIT": "visit"})
    assert TABLES["visits"](file, {"VISITNUM": "visit"})["visit"].astype(str).tolist() == ["V1"]
