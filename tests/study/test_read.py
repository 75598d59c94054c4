"""What a study file may say, and what each mistake in it is answered with."""

from dataclasses import replace

import pytest

from recist import InputError, get_criteria
from survival.study import StudyError, read_study

GOOD = """\
[study]
id = "X-1"
title = "A trial"
start_date = "randomization_date"

[data]
lesions = "lesions.csv"
subjects = "subjects.csv"

[criteria.recist_1_1]
cr_with_nt_ne = "NE"

[response]
evaluator = "INVESTIGATOR"
confirmation = true
rules = { min_sd_days = 49 }

[arms]
column = "arm"
order = ["CONTROL", "NEW"]
reference = "CONTROL"
labels = { NEW = "New drug" }

[populations.itt]
label = "Intention to treat"
flag = "itt"

[[endpoint]]
name = "ORR"

[[endpoint]]
name = "PFS"
population = "itt"

[[endpoint]]
name = "PFS, any event"
endpoint = "pfs"
settings = { max_gap_days = 200 }

[analysis]
population = "itt"
times = [182, 365]
"""


def read(folder, text):
    file = folder / "study.toml"
    file.write_text(text, encoding="utf-8")
    return read_study(file)


def test_a_study_file_is_read_as_it_is_written(tmp_path):
    study = read(tmp_path, GOOD)
    assert study.study.id == "X-1"
    assert study.criteria == {"recist_1_1": {"cr_with_nt_ne": "NE"}}
    assert study.response.rules == {"min_sd_days": 49}
    assert study.arms is not None and study.arms.order == ["CONTROL", "NEW"]
    assert [spec.key for spec in study.endpoint] == ["orr", "pfs", "pfs"]
    assert study.analysis.conf_type == "log-log"
    assert study.analysis.times == [182, 365]


def test_what_is_left_out_has_its_default(tmp_path):
    study = read(tmp_path, '[study]\nid = "X"\n[data]\nlesions = "l.csv"\nsubjects = "s.csv"\n')
    assert study.study.start_date == "randomization_date"
    assert study.data.responses == "derived"
    assert study.criteria == {"recist_1_1": {}}
    assert study.arms is None
    assert study.analysis.convention == "sas"


# name of the fault: (what stands in the good file, what stands there instead, what the error says)
FAULTS = {
    "unknown key": (
        'title = "A trial"',
        'titel = "A trial"',
        "line 3: unknown key 'titel' in [study]. Did you mean 'title'?",
    ),
    "unknown table": ("[analysis]", "[analyses]", "unknown key 'analyses' in the file"),
    "unknown key in a list": (
        'population = "itt"\n\n',
        'populaton = "itt"\n\n',
        "line 33: unknown key 'populaton' in [[endpoint]]. Did you mean 'population'?",
    ),
    "unknown criteria": (
        "[criteria.recist_1_1]",
        "[criteria.recist_11]",
        "line 10: criteria 'recist_11' is not known. Did you mean 'recist_1_1'?",
    ),
    "unknown convention": (
        "cr_with_nt_ne",
        "cr_with_ntne",
        "line 11: unknown setting 'cr_with_ntne' in [criteria.recist_1_1]. Did you mean 'cr_with_nt_ne'?",
    ),
    "unknown word": (
        'cr_with_nt_ne = "NE"',
        'cr_with_nt_ne = "SD"',
        'line 11: cr_with_nt_ne = "SD" is not known. Known: PR, NE.',
    ),
    "unknown endpoint": (
        'endpoint = "pfs"',
        'endpoint = "psf"',
        "line 37: endpoint 'psf' is not known. Did you mean 'pfs'?",
    ),
    "unknown endpoint by name": (
        'name = "ORR"',
        'name = "ORRR"',
        "line 29: endpoint 'orrr' is not known. Did you mean 'orr'?",
    ),
    "unknown endpoint setting": (
        "max_gap_days",
        "max_gap",
        "line 38: unknown setting 'max_gap' for pfs. Did you mean 'max_gap_days'?",
    ),
    "text for an endpoint setting": (
        "max_gap_days = 200",
        'max_gap_days = "200"',
        'line 38: max_gap_days = "200": this must be a whole number without quotes.',
    ),
    "negative endpoint setting": (
        "max_gap_days = 200",
        "max_gap_days = -1",
        "line 38: max_gap_days = -1 is negative. Give 0 or more.",
    ),
    "unknown situation": (
        "settings = {",
        'without = ["P99"]\nsettings = {',
        "line 38: situation of pfs 'P99' is not known.",
    ),
    "two endpoints of a name": (
        'name = "PFS, any event"',
        'name = "PFS"',
        "line 36: two endpoints are named 'PFS'. Rename one.",
    ),
    "unknown population": (
        'population = "itt"\n\n',
        'population = "ITTT"\n\n',
        "line 33: population 'ITTT' is not known. Did you mean 'itt'?",
    ),
    "unknown population of the analyses": (
        'population = "itt"\ntimes',
        'population = "fas"\ntimes',
        "line 41: population 'fas' is not known.",
    ),
    "population without condition": ('flag = "itt"', "", "line 24: population 'itt' has no condition."),
    "reference arm absent": (
        'reference = "CONTROL"',
        'reference = "CONTROLS"',
        "line 21: arm 'CONTROLS' is not known. Did you mean 'CONTROL'?",
    ),
    "label for no arm": ("labels = { NEW", "labels = { NEWER", "line 22: arm 'NEWER' is not known."),
    "missing key": ('id = "X-1"\n', "", "line 1: 'id' is missing in [study]. Add it."),
    "missing table": (
        GOOD[GOOD.index("[data]") : GOOD.index("[criteria")],
        "",
        "'data' is missing in the file",
    ),
    "no lesions": ('lesions = "lesions.csv"\n', "", "line 6: neither lesions nor sdtm is named in [data]."),
    "no subjects": ('subjects = "subjects.csv"\n', "", "line 6: subjects is missing in [data]."),
    "lesions twice": (
        'lesions = "lesions.csv"',
        'lesions = "lesions.csv"\nsdtm = "sdtm"',
        "line 8: both sdtm and lesions are named",
    ),
    "recorded responses without SDTM": (
        'lesions = "lesions.csv"',
        'lesions = "lesions.csv"\nresponses = "recorded"',
        "line 8: recorded responses are read from SDTM (RS) alone.",
    ),
    "derived or recorded": (
        'lesions = "lesions.csv"',
        'lesions = "lesions.csv"\nresponses = "drived"',
        "line 8: responses = \"drived\" is not known. Did you mean 'derived'?",
    ),
    "number for a text": (
        'title = "A trial"',
        "title = 5",
        "line 3: title = 5: this must be a text in quotes.",
    ),
    "text for yes or no": (
        "confirmation = true",
        'confirmation = "yes"',
        'line 15: confirmation = "yes": this must be true or false without quotes.',
    ),
    "text for a list": (
        "times = [182, 365]",
        'times = "182"',
        'line 42: times = "182": this must be a list in [ ].',
    ),
    "text in a list of numbers": (
        "times = [182, 365]",
        'times = [182, "a year"]',
        'line 42: times, item 2 = "a year": this must be a number without quotes.',
    ),
    "unknown limits": (
        "times = [182, 365]",
        'conf_type = "loglog"',
        "line 42: conf_type = \"loglog\" is not known. Did you mean 'log-log'?",
    ),
    "unknown rule": (
        "min_sd_days",
        "min_sd",
        "line 16: unknown setting 'min_sd' in [response.rules]. Did you mean 'min_sd_days'?",
    ),
    "text for a rule": (
        "min_sd_days = 49",
        'min_sd_days = "six weeks"',
        'line 16: min_sd_days = "six weeks": this must be a whole number',
    ),
    "negative rule": ("min_sd_days = 49", "min_sd_days = -49", "line 16: min_sd_days = -49 is negative."),
    "unknown preset": ("confirmation = true", 'preset = "recist_2"', "line 15: "),
    "unknown display": (
        "[analysis]",
        '[[display]]\nkind = "km_plott"\n[analysis]',
        "line 41: display 'km_plott' is not known. Did you mean 'km_plot'?",
    ),
    "display of no endpoint": (
        "[analysis]",
        '[[display]]\nkind = "km_plot"\nendpoint = "OS"\n[analysis]',
        "line 42: endpoint 'OS' is not known.",
    ),
    "no closing quote": ('title = "A trial"', 'title = "A trial', "line 3, column 17: not valid TOML"),
    "no quotes": ('title = "A trial"', "title = A trial", "line 3, column 9: not valid TOML"),
    "a key twice": (
        'title = "A trial"',
        'title = "A"\ntitle = "B"',
        "line 4, column 12: not valid TOML: Cannot overwrite a value",
    ),
    "no closing bracket": ("[analysis]", "[analysis", "not valid TOML"),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_a_mistake_is_answered_with_line_key_and_nearest_word(tmp_path, fault):
    stands, instead, says = FAULTS[fault]
    assert GOOD.count(stands) == 1
    with pytest.raises(StudyError) as error:
        read(tmp_path, GOOD.replace(stands, instead))
    assert str(error.value).startswith("study.toml")
    assert says in str(error.value)
    assert isinstance(error.value, InputError)


def test_all_mistakes_are_named_at_once(tmp_path):
    text = GOOD.replace('name = "ORR"', 'name = "ORRR"').replace('flag = "itt"', "")
    with pytest.raises(StudyError) as error:
        read(tmp_path, text)
    assert len(str(error.value).splitlines()) == 2


def test_paths_take_environment_variables_and_are_relative_to_the_file(tmp_path, monkeypatch):
    study = read(tmp_path, GOOD)
    monkeypatch.setenv("TRIALS", str(tmp_path / "trials"))
    assert study.source.resolve(("data", "lesions"), "lesions.csv") == tmp_path / "lesions.csv"
    assert study.source.resolve(("data", "sdtm"), "${TRIALS}/x") == tmp_path / "trials" / "x"
    monkeypatch.delenv("TRIALS")
    with pytest.raises(StudyError, match=r"line 7: the environment variable TRIALS is not set"):
        study.source.resolve(("data", "lesions"), "${TRIALS}/x")


@pytest.mark.parametrize(
    ("make", "says"),
    [
        (lambda file: None, "no such file"),
        (lambda file: file.mkdir(), "is a folder"),
        (lambda file: file.write_bytes(b"\xff\xfe[study]"), "not a text file in UTF-8"),
        (lambda file: file.write_text(""), "'study' is missing in the file"),
    ],
)
def test_a_file_that_is_no_study_file_is_one_clear_error(tmp_path, make, says):
    make(tmp_path / "study.toml")
    with pytest.raises(StudyError, match=says):
        read_study(tmp_path / "study.toml")


def test_edits_of_the_file_are_the_edits_of_the_criteria(tmp_path):
    from survival.study.reading import criteria_of

    edited = criteria_of(read(tmp_path, GOOD))["recist_1_1"]
    assert edited == replace(get_criteria("recist_1_1"), cr_with_nt_ne="NE")
