"""Broken files and settings: one clear error with place and remedy (exit code 2), or a finding (exit code 1).

In each case nothing but a complete result is written, and no traceback is shown.
"""

from pathlib import Path

import pytest

from tests.cli.trial import LESIONS, STUDY, SUBJECTS, call, write_trial

FIRST = "S-01,BASELINE,2024-01-02,T1,target,LIVER,50,"
WEEK_8 = "S-01,WEEK 8,2024-02-27,T1,target,LIVER,30,"

# kind of fault: (file, what stands there, what stands there instead, what the error says)
ERRORS = {
    "a needed column is missing": ("lesions.csv", ",date,", ",dated,", r"column 'date'.*dated"),
    "the column of sizes is missing": ("lesions.csv", "diameter_mm", "size", r"diameter_mm"),
    "a column occurs twice": ("lesions.csv", ",state", ",date", r"'date' occurs more than once"),
    "text for a number": ("lesions.csv", "LIVER,50,", "LIVER,large,", r"S-01.*T1.*'large'.*row 2"),
    "a decimal comma": ("lesions.csv", "LIVER,50,", 'LIVER,"50,5",', r"S-01.*50,5.*row 2"),
    "a negative size": ("lesions.csv", "LIVER,50,", "LIVER,-50,", r"S-01.*-50.*row 2"),
    "an unknown role": ("lesions.csv", FIRST, FIRST.replace("target", "tagret"), r"'tagret'.*row 2"),
    "an unknown state": ("lesions.csv", FIRST, FIRST + "vanishing", r"'vanishing'.*row 2"),
    "a date without a day": ("lesions.csv", FIRST, FIRST.replace("2024-01-02", "2024-01"), r"2024-01.*row 2"),
    "a date that does not exist": (
        "lesions.csv",
        FIRST,
        FIRST.replace("01-02", "02-30"),
        r"2024-02-30.*row 2",
    ),
    "a date in another order": (
        "lesions.csv",
        FIRST,
        FIRST.replace("2024-01-02", "02/03/2024"),
        r"02/03/2024.*row 2",
    ),
    "a row without a subject": (
        "lesions.csv",
        FIRST,
        FIRST.replace("S-01", ""),
        r"subject is missing.*row 2",
    ),
    "a row without a visit": (
        "lesions.csv",
        FIRST,
        FIRST.replace("BASELINE", ""),
        r"visit is missing.*row 2",
    ),
    "two sizes of a lesion at a visit": (
        "lesions.csv",
        WEEK_8,
        f"{WEEK_8}\n{WEEK_8.replace('30', '60')}",
        r"S-01.*WEEK 8.*T1",
    ),
    "an empty file": ("lesions.csv", LESIONS, "", r"lesions.csv: the file is empty"),
    "a file with a header only": ("lesions.csv", LESIONS, LESIONS.splitlines()[0] + "\n", r"no rows"),
    "semicolons for commas": ("lesions.csv", LESIONS, LESIONS.replace(",", ";"), r"separated by ';'"),
    "a subject twice": (
        "subjects.csv",
        "S-02,NEW,",
        "S-01,NEW,",
        r"S-01: occurs again .row 3; first in row 2",
    ),
    "no start date at all": ("subjects.csv", "randomization_date", "randomised_on", r"randomization_date"),
    "a start date without a day": ("subjects.csv", "NEW,2024-01-05", "NEW,2024-01", r"S-01.*2024-01.*row 2"),
    "a start date that is blank": ("subjects.csv", "NEW,2024-01-05", "NEW,", r"S-01"),
    "a flag that is no flag": ("subjects.csv", "2024-06-30,Y,EAST", "2024-06-30,perhaps,EAST", r"perhaps"),
    "an empty subject table": ("subjects.csv", SUBJECTS, "", r"subjects.csv: the file is empty"),
    "a lesion table of other subjects": ("subjects.csv", "S-0", "X-0", r"S-01"),
    "a file that is not there": (
        "study.toml",
        '"lesions.csv"',
        '"lesion.csv"',
        r"line 6: .*there is no file",
    ),
    "a folder for a file": ("study.toml", '"lesions.csv"', '"."', r"is a folder"),
    "an unknown kind of file": ("study.toml", '"lesions.csv"', '"study.toml"', r"suffix \.toml is not known"),
    "an unset variable": (
        "study.toml",
        '"lesions.csv"',
        '"${NO_SUCH_PLACE}/l.csv"',
        r"line 6: the environment variable NO_SUCH_PLACE is not set",
    ),
    "no TOML": ("study.toml", 'id = "T-1"', "id = T-1", r"line 2, column 6: not valid TOML"),
    "a key twice": ("study.toml", 'id = "T-1"', 'id = "T-1"\nid = "T-2"', r"line 3, .*not valid TOML"),
    "an unknown key": (
        "study.toml",
        "start_date",
        "start_dat",
        r"line 3: unknown key 'start_dat'.*Did you mean 'start_date'",
    ),
    "an unknown criteria": (
        "study.toml",
        "recist_1_1",
        "recist11",
        r"line 9: criteria 'recist11' is not known. Did you mean 'recist_1_1'",
    ),
    "an unknown endpoint": (
        "study.toml",
        'name = "PFS"',
        'name = "PFFS"',
        r"line 26: endpoint 'pffs' is not known. Did you mean 'pfs'",
    ),
    "a start column that is not there": (
        "study.toml",
        '"randomization_date"',
        '"randomisation_date"',
        r"line 3: .*no column 'randomisation_date'. Did you mean 'randomization_date'",
    ),
    "a start column without dates": (
        "study.toml",
        '"randomization_date"',
        '"region"',
        r"line 3: column 'region' .*no dates",
    ),
    "a column of arms that is not there": (
        "study.toml",
        'column = "arm"',
        'column = "arms"',
        r"line 15: .*no column 'arms'. Did you mean 'arm'",
    ),
    "an arm that the file does not list": (
        "study.toml",
        '["CONTROL", "NEW"]',
        '["CONTROL", "OTHER"]',
        r"line 16: subject S-01 .*'NEW'",
    ),
    "a reference arm that is not there": (
        "study.toml",
        'reference = "CONTROL"',
        'reference = "PLACEBO"',
        r"line 17: arm 'PLACEBO'",
    ),
    "an evaluator who is not there": (
        "study.toml",
        '"INVESTIGATOR"',
        '"INVESTIGATORS"',
        r"line 12: evaluator 'INVESTIGATORS' is not in the data. Did you mean 'INVESTIGATOR'",
    ),
    "a flag column that is not there": (
        "study.toml",
        'flag = "itt"',
        'flag = "fas"',
        r"line 20: .*no column 'fas'",
    ),
    "a population of nobody": (
        "study.toml",
        'flag = "itt"',
        'where = { region = "NORTH" }',
        r"line 20: no row has region = 'NORTH'",
    ),
    "strata that are not there": (
        "study.toml",
        "times = [90]",
        'strata = ["stage"]',
        r"line 30: .*no column 'stage'",
    ),
    "a negative time": (
        "study.toml",
        "times = [90]",
        "times = [-90]",
        r"line 30: times, item 1 = -90: this must be 0 or more",
    ),
    "a setting that is no number": (
        "study.toml",
        "[arms]",
        '[response.rules]\nmin_sd_days = "six weeks"\n[arms]',
        r"line 15: min_sd_days",
    ),
}

# kind of doubt: (file, what stands there, what stands there instead, the finding)
FINDINGS = {
    "a lesion without baseline": ("lesions.csv", "01-05,T1", "01-05,T9", "without-baseline"),
    "a size in tenths of a millimetre": ("lesions.csv", "LIVER,30,", "LIVER,1550,", "implausible-size"),
    "a target without size or state": ("lesions.csv", "LIVER,30,", "LIVER,,", None),
}


def break_one(folder: Path, file: str, stands: str, instead: str) -> Path:
    write_trial(folder)
    text = (folder / file).read_text(encoding="utf-8")
    assert stands in text
    (folder / file).write_text(text.replace(stands, instead), encoding="utf-8")
    return folder


def test_the_trial_itself_is_good(tmp_path, capsys):
    write_trial(tmp_path)
    assert call("run", tmp_path / "study.toml", "--out", tmp_path / "out") == 0
    assert "4 subjects with 6 responses" in capsys.readouterr().out
    assert (tmp_path / "out" / "manifest.json").is_file()


@pytest.mark.parametrize("kind", ERRORS)
def test_a_broken_file_is_one_clear_error_and_nothing_is_written(tmp_path, capsys, kind):
    *fault, says = ERRORS[kind]
    folder = break_one(tmp_path, *fault)
    before = sorted(path.name for path in folder.iterdir())
    assert call("run", folder / "study.toml", "--out", folder / "out") == 2
    printed = capsys.readouterr()
    assert_one_error(printed, says)
    assert sorted(path.name for path in folder.iterdir()) == before


def assert_one_error(printed, says):
    import re

    assert printed.out == ""
    assert "Traceback" not in printed.err
    message = printed.err[printed.err.rindex("recist: ") :]
    assert re.search(says, message, re.DOTALL), message


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b"\xff\xfes\x00u\x00", "not UTF-8|no text file"),
        (b"PAR1 this is no parquet file", "separated|column|no rows"),
    ],
)
def test_a_file_of_other_bytes_is_one_clear_error(tmp_path, capsys, content, says):
    write_trial(tmp_path)
    (tmp_path / "lesions.csv").write_bytes(content)
    assert call("run", tmp_path / "study.toml", "--out", tmp_path / "out") == 2
    assert_one_error(capsys.readouterr(), says)


def test_a_damaged_parquet_file_is_one_clear_error(tmp_path, capsys):
    (tmp_path / "lesions.parquet").write_bytes(b"PAR1 and then nothing of the kind")
    assert call("check", tmp_path / "lesions.parquet") == 2
    assert_one_error(capsys.readouterr(), "cannot be read as .parquet")


@pytest.mark.parametrize("kind", FINDINGS)
def test_a_doubt_is_a_finding_and_the_run_is_complete(tmp_path, capsys, kind):
    file, stands, instead, finding = FINDINGS[kind]
    folder = break_one(tmp_path, file, stands, instead)
    code = call("run", folder / "study.toml", "--out", folder / "out")
    assert "Traceback" not in capsys.readouterr().err
    found = (folder / "out" / "findings.csv").read_text()
    assert len(found.splitlines()) > 1
    assert finding is None or finding in found
    assert code == (1 if ",error," in found else 0)
    assert (folder / "out" / "results.csv").is_file()


@pytest.mark.parametrize(
    ("words", "says"),
    [
        ((), "Usage"),
        (("runn",), "No such command 'runn'"),
        (("run",), "Missing argument 'STUDY'"),
        (("run", "study.toml", "--output", "x"), "No such option"),
        (("run", "nothing.toml"), "nothing.toml: no such file"),
        (("run", "."), "is a folder"),
        (("run", "study.toml", "--out", "study.toml"), "study.toml is a file"),
        (("run", "study.toml", "--out", "."), "holds files that are not earlier results"),
        (("run", "study.toml", "--out", "lesions.csv/out"), "cannot be written"),
        (("check", "nothing.csv"), "nothing.csv: no such file"),
        (("assess", "lesions.csv", "--out", "responses.xlsx"), "written as .csv or .parquet"),
        (("assess", "lesions.csv", "--out", "no/such/place.csv"), "there is no folder"),
        (("assess", "lesions.csv", "--criteria", "recist_1", "--out", "r.csv"), "Did you mean 'recist_1_1'"),
        (("assess", "lesions.csv", "--criteria", "recist_1_1[pr_pct=much]", "--out", "r.csv"), "pr_pct"),
        (("explain", "lesions.csv", "--subject", "S-99"), "S-99"),
        (("explain", "lesions.csv", "--subject", "S-01", "--visit", "WEEK 99"), "WEEK 99"),
        (("check", "lesions.csv", "--suffix", "onco"), "--suffix is for a folder of SDTM"),
        (("check", "."), "neither TU and TR nor RS is there"),
        (("criteria", "recist"), "No criteria named 'recist'"),
        (("simulate", "--study", "nct1", "--out", "x"), "nct1"),
        (("simulate", "--study", "hs_it101", "--subjects", "0", "--out", "x"), "0"),
    ],
)
def test_a_wrong_call_has_exit_code_2_and_writes_nothing(tmp_path, capsys, monkeypatch, words, says):
    write_trial(tmp_path)
    monkeypatch.chdir(tmp_path)
    before = sorted(path.name for path in tmp_path.iterdir())
    assert call(*words) == 2
    printed = capsys.readouterr()
    assert says in printed.err
    assert "Traceback" not in printed.err
    assert sorted(path.name for path in tmp_path.iterdir()) == before
    assert (tmp_path / "study.toml").read_text() == STUDY


def test_there_are_at_least_thirty_kinds():
    assert len(ERRORS) + len(FINDINGS) >= 30
