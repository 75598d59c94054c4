"""What counts in a study: the cutoff, the frame, the settings of an edit, the first dose, and what is said of it."""

import pandas as pd
import pytest

from survival.run import _derive
from survival.study import read_study
from survival.study.check import findings_of
from survival.study.display import Material, title_of
from survival.study.displays import all_displays
from survival.study.displays.listings import LATER
from survival.study.known import edited_endpoint, edited_spec
from survival.study.load import load
from survival.study.notes import time_notes, uses_responses
from survival.study.show import shown
from tests.cli.trial import LESIONS, STUDY, SUBJECTS

ANY = STUDY.replace('evaluator = "INVESTIGATOR"', "confirmation = false")
EVENTS = """\
subject,term,grade,serious,start_date
S-01,Fall,2,Y,2024-01-06
S-01,Fever,2,Y,2024-01-20
"""


def material(folder, study, subjects=SUBJECTS, events=None):
    """What displays are made from, of the small trial."""
    files = {"lesions.csv": LESIONS, "subjects.csv": subjects, "study.toml": study}
    if events is not None:
        files["adverse_events.csv"] = events
    for name, text in files.items():
        (folder / name).write_text(text, encoding="utf-8")
    read = read_study(folder / "study.toml")
    data = load(read)
    return Material(read, *_derive(read, data, lambda _: None), findings_of(read, data))


def made(found, kind, number=0):
    """A display of the study."""
    one = [each for each in shown(found) if each.kind == kind][number]
    return all_displays()[kind].make(found, one)


def counts(table):
    """row and group -> count."""
    rows = table.results[table.results["statistic"] == "count"]
    return rows.set_index(["row", "group"])["value"].astype(int).to_dict()


def test_an_edit_that_asks_for_clinical_benefit_counts_it(tmp_path):
    edits = '[endpoint.sensitivity]\n"Benefit" = { endpoint = "cbr" }\n[[endpoint]]\nname = "PFS"'
    weeks = "rules = { min_sd_days = 35 }\nconfirmation = false"
    study = ANY.replace('[[endpoint]]\nname = "PFS"', edits).replace("confirmation = false", weeks)
    found = counts(made(material(tmp_path, study), "rate_sensitivity_table"))
    assert (found["Main analysis", "NEW"], found["Main analysis", "CONTROL"]) == (1, 1)
    assert (found["Benefit", "NEW"], found["Benefit", "CONTROL"]) == (1, 1)  # CR or PR is benefit, too


def test_dropping_confirmation_keeps_the_settings_and_naming_another_endpoint_does_not(tmp_path):
    study = ANY + (
        '[[endpoint]]\nname = "DOR"\nsettings = { max_gap_days = 200 }\nwithout = ["P3"]\n'
        '[endpoint.sensitivity]\n"Any" = { confirmation = false }\n"Other" = { endpoint = "docr" }\n'
    )
    (tmp_path / "study.toml").write_text(study, encoding="utf-8")
    read = read_study(tmp_path / "study.toml")
    dor = read.endpoint[-1]
    edited = edited_endpoint(edited_spec(dor, "Any"), read)
    assert (edited.start, edited.max_gap_days) == (("response_date",), 200)
    assert "P3" not in [row.rule for row in edited.situations]
    other = edited_endpoint(edited_spec(dor, "Other"), read)
    assert other.max_gap_days == 126
    assert "P3" in [row.rule for row in other.situations]


@pytest.mark.parametrize("first", [0, 1])
def test_a_frame_in_words_ends_on_one_day_however_time_is_counted(tmp_path, first):
    study = f'{ANY}[[endpoint]]\nname = "OS"\nframe = "114 days"\nsettings = {{ first_day = {first} }}\n'
    tte = material(tmp_path, study).derived.tte["OS"].set_index("subject")
    # S-04 was randomised on 8 January and died 114 days later; S-02 was observed until 10 June
    assert tte.loc["S-04", ["time", "event"]].tolist() == [114 + first, True]
    assert tte.loc["S-02", "date"] == pd.Timestamp("2024-01-06") + pd.Timedelta(114, "D")


def test_a_frame_may_be_edited_in_a_sensitivity_analysis(tmp_path):
    edits = '[endpoint.sensitivity]\n"60 days" = { frame = "60 days" }\n'
    found = material(tmp_path, f'{ANY}[[endpoint]]\nname = "OS"\n{edits}')
    rows = counts(made(found, "sensitivity_table"))
    events = {name: rows[f"{name}: events", "NEW"] for name in ("Main analysis", "60 days")}
    assert events == {"Main analysis": 1, "60 days": 0}  # S-04 died on day 115


def test_follow_up_is_estimated_as_the_study_says(tmp_path):
    said = f'{ANY}[[endpoint]]\nname = "OS"\n'.replace("[analysis]", '[analysis]\nconf_type = "log"')
    if "[schedule]" not in said:
        said += "[schedule]\nevery_weeks = 8\n"
    found = made(material(tmp_path, said), "follow_up_table").results
    assert set(found.loc[found["row"] == "Follow-up", "method"]) == {"reverse Kaplan-Meier, log limits"}


@pytest.mark.parametrize(("frame", "shown_there"), [('frame = "60 days"\n', False), ("", True)])
def test_a_frame_is_not_taken_for_the_length_of_follow_up(tmp_path, frame, shown_there):
    found = material(tmp_path, f'{ANY}[[endpoint]]\nname = "OS"\n{frame}')
    rows = set(made(found, "time_to_event_table", 1).results["row"])
    assert ("Follow-up" in rows) == shown_there


def test_responses_after_the_cutoff_are_shown_nowhere(tmp_path):
    early = SUBJECTS.replace("2024-06-30,Y,EAST", "2024-03-15,Y,EAST")
    found = material(tmp_path, ANY, early.replace(",,2024-06-01,2024-03", ",,2024-03-15,2024-03"))
    one = next(each for each in shown(found) if each.kind == "response_rate_table")
    seen = found.responses(one.reading)
    assert seen.loc[seen["subject"].astype(str) == "S-01", "visit"].astype(str).tolist() == ["WEEK 8"]
    assert (seen["subject"].astype(str) == "S-02").sum() == 2


@pytest.mark.parametrize("kind", ["response_listing", "lesion_listing"])
def test_a_listing_of_all_records_says_that_later_ones_count_nowhere(tmp_path, kind):
    early = SUBJECTS.replace("2024-06-30,Y,EAST", "2024-03-15,Y,EAST")
    early = early.replace(",,2024-06-01,2024-03", ",,2024-03-15,2024-03")
    for subjects, said in ((SUBJECTS, False), (early, True)):
        listing = made(material(tmp_path, ANY, subjects), kind)
        assert (LATER in listing.shell.footnotes) == said


def test_tables_and_times_count_adverse_events_from_the_first_dose(tmp_path):
    head, *rows = SUBJECTS.splitlines()
    subjects = "\n".join([f"{head},treatment_start_date", *(f"{row},2024-01-10" for row in rows)])
    study = ANY.replace('csv"\n\n[crit', 'csv"\nadverse_events = "adverse_events.csv"\n\n[crit') + (
        '[[endpoint]]\nname = "First serious event"\nendpoint = "time_to_first"\n'
        'settings = { events = ["first_serious_adverse_event_date"], stops = ["death_date"] }\n'
    )
    found = material(tmp_path, study, subjects, EVENTS)
    tte = found.derived.tte["First serious event"].set_index("subject")
    assert tte.loc["S-01", "date"] == pd.Timestamp("2024-01-20")  # the fall was before the first dose
    listed = made(found, "adverse_event_listing").frame
    assert "Fever" in listed.to_string()
    assert not uses_responses(found.study, found.study.endpoint[-1])
    assert title_of(found.study, "First serious event") == "First serious event"


@pytest.mark.parametrize(
    ("name", "who"),
    [
        ("DOR", "Responders"),
        ("DOCR", "Subjects with a confirmed complete response"),
        ("DOSD", "Subjects whose best confirmed response is stable disease"),
        ("DOSD_any", "Subjects whose best response is stable disease"),
        ("RFS", "Subjects in remission"),
    ],
)
def test_a_table_says_of_whom_it_is(tmp_path, name, who):
    (tmp_path / "study.toml").write_text(f'{ANY}[[endpoint]]\nname = "{name}"\n', encoding="utf-8")
    read = read_study(tmp_path / "study.toml")
    notes = time_notes(read, read.endpoint[-1], pd.DataFrame({"subject": ["1"]}))
    assert notes[1] == f"{who} only; the arms are not compared as randomised."
