"""What `recist study` says of a file, and the schema that editors use."""

import json
import tomllib
from importlib.util import find_spec

import pytest

from recist import all_criteria
from survival.endpoints import all_endpoints
from survival.study import read_study, study_schema, study_text
from survival.study.displays import all_displays
from survival.study.model import Study
from tests.cli.trial import call
from tests.shared import ROOT
from tests.study.whole_files import DISEASES, LESIONS, WHOLE

SHIPPED = sorted((ROOT / "data" / "synthetic").glob("*/study.toml"))
SMALL = """\
[study]
id = "X-7"
title = "A small trial"
start_date = "randomization_date"
[data]
lesions = "lesions.csv"
subjects = "subjects.csv"
[schedule]
every_weeks = 8
[criteria.recist_1_1]
cr_with_nt_ne = "NE"
[response]
confirmation = false
rules = { min_sd_days = 49 }
[arms]
order = ["CONTROL", "NEW"]
reference = "CONTROL"
labels = { NEW = "New drug" }
[populations.itt]
label = "All randomised"
flag = "itt"
[[endpoint]]
name = "ORR"
[[endpoint]]
name = "OS"
frame = "2 years"
[endpoint.sensitivity]
"Cohort of the east" = { population = "east" }
[populations.east]
where = { region = "EAST" }
[[proportion]]
name = "Planned"
flag = "planned"
[analysis]
population = "itt"
unit = "months"
times = [6, 12]
strata = ["region"]
"""
SAID = """\
X-7: A small trial

DESIGN

Time is counted from randomization, which is day 1.

Groups are those of the column arm: CONTROL and New drug. Arms are compared with CONTROL.

Population All randomised: subjects for whom itt is true.

Population east: subjects for whom region is EAST.

Tumours are assessed every 8 weeks, with a window of 7 days on either side. More than 126 days
without an adequate assessment are two missed assessments.

ASSESSMENT OF RESPONSE

Responses are derived by RECIST 1.1, with cr_with_nt_ne = NE. Eisenhauer 2009, Eur J Cancer
45:228-247, doi:10.1016/j.ejca.2008.10.026

Responses need no confirmation.

Stable disease is seen 49 days or more after the start.

OUTCOMES

ORR: the proportion of subjects with a best response of CR or PR. Derived in All randomised.

OS: Overall survival, from randomization. Events, in the order they are tried: Death from any cause.
Censored: Alive at the data cutoff; No contact after the start; Alive when last known. Source: FDA
2018 endpoints guidance, section III.A. Derived in All randomised, within 2 years of the start.

  Sensitivity analysis, Cohort of the east: population is east.

Planned: the proportion of subjects for whom planned is true, among All randomised.

ANALYSIS

Analyses are of All randomised unless an outcome says otherwise. Proportions have 95% limits by
clopper-pearson. Times are estimated by Kaplan and Meier with log-log limits, in months, by the
convention of SAS.

Event-free rates are given at 6 and 12 months.

Arms are compared by the log-rank test and the Cox model, ties by Efron, stratified by region; rates
by their difference (miettinen-nurminen).
"""


def read(folder, text):
    file = folder / "study.toml"
    file.write_text(text, encoding="utf-8")
    return read_study(file)


def test_a_small_file_as_a_protocol_would_say_it(tmp_path):
    assert study_text(read(tmp_path, SMALL)) == SAID


@pytest.mark.parametrize("name", WHOLE)
def test_every_whole_file_has_sentences_of_at_most_100_characters(tmp_path, name):
    lines = study_text(read(tmp_path, WHOLE[name])).splitlines()
    assert max(map(len, lines)) <= 100
    assert not [line for line in lines if "= None" in line or "{" in line]


def test_each_disease_is_named_with_its_classification(tmp_path):
    assert "In AML, response of the marrow is judged by" in study_text(read(tmp_path, DISEASES))


LISTED = """\
[[display]]
kind = "km_plot"
endpoint = "OS"
population = "east"
number = "Figure 1"
title = "Alive in the east."
[[display]]
kind = "waterfall_plot"
evaluator = "READER 1"
criteria = "recist_1_1"
[[display]]
kind = "lesion_profile_plot"
subjects = ["S-1", "S-2"]
"""
LINES = """\
Kaplan-Meier plot of OS, in east, as Figure 1: "Alive in the east".

  Waterfall plot, by recist_1_1, read by READER 1.

  Lesion profile plot of S-1, S-2.
"""


@pytest.mark.parametrize(
    ("keys", "first"),
    [
        (
            "",
            "Displays with words, a population or a reading of their own, among those that the study has:",
        ),
        ('[displays]\nwhich = "listed"\n', "These displays are made, in this order, and no others:"),
    ],
)
def test_the_listed_displays_are_said(tmp_path, keys, first):
    assert study_text(read(tmp_path, SMALL + keys + LISTED)).endswith(f"DISPLAYS\n\n{first}\n\n  {LINES}")


def test_kinds_that_are_chosen_are_said(tmp_path):
    keys = '[displays]\nonly = ["km_plot", "best_response_table"]\nomit = ["km_plot"]\n'
    said = "Displays are made of only Kaplan-Meier plot, best response table, without Kaplan-Meier plot.\n"
    assert study_text(read(tmp_path, SMALL + keys)).endswith(f"DISPLAYS\n\n{said}")


@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.parent.name)
def test_a_shipped_study_is_printed_by_its_name_with_every_outcome(file, capsys):
    assert call("study", str(file.parent)) == 0
    said = capsys.readouterr().out
    study = read_study(file)
    for spec in study.endpoint:
        assert f"\n{spec.name}: " in said
        for edit in spec.sensitivity:
            assert edit in " ".join(said.split())


def test_study_takes_a_name_a_file_or_asks_for_one(capsys, monkeypatch, tmp_path):
    monkeypatch.chdir(ROOT)
    assert call("study", "hs_it101") == 0
    by_name = capsys.readouterr().out
    assert by_name.startswith("HS-IT101: TIL therapy in advanced melanoma\n")
    assert call("study", SHIPPED[0].as_posix()) == 0
    assert call("study") == 2
    assert "Name a study file, or ask for --schema." in capsys.readouterr().err
    assert call("study", "hs_it999") == 2
    assert "no such file" in capsys.readouterr().err


def test_a_faulty_study_is_refused_before_anything_is_said(capsys, tmp_path):
    (tmp_path / "study.toml").write_text(SMALL.replace("[analysis]", "[analysys]"), encoding="utf-8")
    assert call("study", tmp_path) == 2
    printed = capsys.readouterr()
    assert printed.out == ""
    assert "unknown key 'analysys' in the file" in printed.err


def test_the_schema_is_printed_and_knows_every_key_and_every_word(capsys):
    assert call("study", "--schema") == 0
    schema = json.loads(capsys.readouterr().out)
    assert schema == json.loads(json.dumps(study_schema()))
    assert set(schema["properties"]) == set(Study.model_fields)
    parts = schema["$defs"]
    endpoints = parts["EndpointSpec"]["properties"]["endpoint"]["anyOf"][0]["enum"]
    assert {"orr", "dcr", "cbr", "cr", "time_to_first", *all_endpoints()} == set(endpoints)
    assert set(parts["Display"]["properties"]["kind"]["enum"]) == set(all_displays())
    for name in all_criteria():
        assert name in schema["properties"]["criteria"]["description"]
    assert parts["Schedule"]["required"] == ["every_weeks"]
    assert all(part["additionalProperties"] is False for part in parts.values() if "properties" in part)


@pytest.mark.skipif(find_spec("jsonschema") is None, reason="jsonschema is not installed")
@pytest.mark.parametrize("file", SHIPPED, ids=lambda file: file.parent.name)
def test_shipped_files_meet_the_schema(file):
    import jsonschema

    schema = study_schema()
    jsonschema.Draft202012Validator.check_schema(schema)
    jsonschema.validate(tomllib.loads(file.read_text(encoding="utf-8")), schema)


@pytest.mark.skipif(find_spec("jsonschema") is None, reason="jsonschema is not installed")
@pytest.mark.parametrize(
    ("stands", "instead"),
    [
        ('title = "A trial"', 'titel = "A trial"'),
        ('conf_type = "log-log"', 'conf_type = "loglog"'),
        ("every_weeks = 8", 'every_weeks = "8"'),
        ('kind = "km_plot"', 'kind = "kmplot"'),
        ('endpoint = "pfs_ema"', 'endpoint = "pfs_emma"'),
    ],
)
def test_the_schema_refuses_what_reading_refuses(stands, instead):
    import jsonschema

    jsonschema.validate(tomllib.loads(LESIONS), study_schema())
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.validate(tomllib.loads(LESIONS.replace(stands, instead)), study_schema())
