"""Outcomes of a study file by hand: frames, schedule, sensitivity, proportions, first events, populations."""

import pandas as pd
import pytest

from survival.study import StudyError
from survival.study.known import edited_endpoint
from survival.study.show import shown
from tests.study.edge_trial import ARMS, EVENTS, LESIONS, QLQ, STUDY, SUBJECTS, displayed, material_of, only

HEAD = """\
[study]
id = "H-1"
start_date = "randomization_date"
[data]
lesions = "lesions.csv"
subjects = "subjects.csv"
adverse_events = "adverse_events.csv"
qlq_c30 = "qlq_c30.csv"
[response]
confirmation = false
"""


def times(material, name):
    """subject -> (time, event), of one outcome."""
    tte = material.derived.tte[name]
    rows = tte[["subject", "time", "event"]].astype({"subject": str, "time": int, "event": bool})
    return {subject: (time, event) for subject, time, event in rows.itertuples(index=False)}


def endpoint(name, **keys):
    """An [[endpoint]] as text."""
    return f'[[endpoint]]\nname = "{name}"\n' + "".join(f"{key} = {value}\n" for key, value in keys.items())


# ---------------------------------------------------------------- time frames and schedule


@pytest.mark.parametrize(
    ("frame", "expected"),
    [  # S-04 was randomised on 2024-01-08 and died on 2024-05-01, 114 days later: time 115
        ("114 days", (115, True)),
        ("113 days", (114, False)),
        ("16 weeks", (113, False)),
        ("1 year", (115, True)),
    ],
)
def test_the_day_on_which_a_frame_ends_counts_and_the_next_does_not(tmp_path, frame, expected):
    material = material_of(tmp_path, study=HEAD + endpoint("OS", frame=f'"{frame}"'))
    assert times(material, "OS")["S-04"] == expected


@pytest.mark.parametrize(("frame", "responders"), [("53 days", ["S-01", "S-04"]), ("52 days", [])])
def test_a_rate_counts_responses_up_to_the_last_day_of_its_frame(tmp_path, frame, responders):
    # both were first seen in response 53 days after randomisation, on 2024-02-27 and 2024-03-01
    material = material_of(tmp_path, study=HEAD + endpoint("ORR", frame=f'"{frame}"'))
    table = displayed(material, "response_rate_table", "ORR").results
    found = table.set_index(["row", "statistic"])["value"]
    assert found["ORR", "count"] == len(responders)
    assert found["ORR: of", "count"] == 4
    best = material.best(shown(material)[0].reading).astype({"best_response": str, "subject": str})
    assert sorted(best.loc[best["best_response"].isin(["CR", "PR"]), "subject"]) == responders


def test_the_schedule_says_when_two_assessments_are_missed(tmp_path):
    plan = "[schedule]\nevery_weeks = 6\nwindow_days = 5\n"
    study = HEAD + plan + endpoint("PFS") + endpoint("PFS, own", endpoint='"pfs"')
    study += "settings = { max_gap_days = 200 }\n"
    material = material_of(tmp_path, study=study)
    first, second = (edited_endpoint(spec, material.study) for spec in material.study.endpoint)
    assert (first.max_gap_days, first.visit_interval_days, first.visit_window_days) == (2 * 42 + 2 * 5, 42, 5)
    assert second.max_gap_days == 200  # what the endpoint says itself goes before the schedule


def test_two_missed_assessments_censor_by_the_gap_of_the_schedule(tmp_path):
    # S-02 progressed 56 days after its last assessment: missed twice where scans are due every 3 weeks
    for weeks, expected in ((8, (110, True)), (3, (54, False))):
        plan = f"[schedule]\nevery_weeks = {weeks}\nwindow_days = 3\n"
        material = material_of(tmp_path, study=HEAD + plan + endpoint("PFS"))
        assert times(material, "PFS")["S-02"] == expected


# ---------------------------------------------------------------- sensitivity


def test_the_sensitivity_grid_lists_whom_an_edit_moves_with_both_reasons(tmp_path):
    plan = "[schedule]\nevery_weeks = 3\nwindow_days = 3\n"
    edits = '[endpoint.sensitivity]\n"Any gap" = { without = ["P4"] }\n"As it is" = { settings = {} }\n'
    material = material_of(tmp_path, study=HEAD + plan + endpoint("PFS") + edits)
    found = displayed(material, "sensitivity_table").results.set_index(["row", "statistic"])["value"]
    assert found["Main analysis: events", "count"] == 1
    assert found["Any gap: events", "count"] == 2
    assert found["Any gap: moved", "count"] == 1
    assert found["As it is: moved", "count"] == 0
    assert not [row for row, _ in found.index if "hazard" in row or "log-rank" in row]  # no reference arm
    listing = displayed(material, "sensitivity_listing").frame
    assert listing.iloc[:, 1].tolist() == ["S-02"]
    row = listing.iloc[0].tolist()
    assert row[2:4] == ["54", "censored"]
    assert "2024-02-28" in row[4]
    assert "missed" in " ".join(row[4:6])
    assert "110" in row
    assert "Progression documented" in " ".join(row[5:])


def test_a_sensitivity_analysis_may_drop_confirmation(tmp_path):
    edits = "[endpoint.sensitivity.Any]\nconfirmation = false\n"
    material = material_of(
        tmp_path,
        lesions=LESIONS.replace("S-04,WEEK 16,2024-04-26,T1,target,LUNG,11,\n", ""),
        study=HEAD + endpoint("DOR") + edits,
    )
    assert set(times(material, "DOR")) == {"S-01"}  # the response of S-04 was seen once
    found = displayed(material, "sensitivity_table").results
    counts = found[found["statistic"] == "count"].set_index("row")["n"]
    assert counts["Main analysis: events"] == 1
    assert counts["Any: events"] == 2


# ---------------------------------------------------------------- proportions, first events, populations


@pytest.mark.parametrize(
    ("conditions", "count"),
    [
        ('flag = "planned"', 3),
        ('has = ["death_date"]', 2),
        ('where = { region = "EAST" }', 2),
        ('where = { region = ["EAST", "WEST"] }', 4),
        ('flag = "planned"\nhas = ["death_date"]', 1),
        ('flag = "planned"\nwhere = { region = "WEST" }\nhas = ["death_date"]', 1),
    ],
)
def test_a_proportion_needs_every_condition(tmp_path, conditions, count):
    material = material_of(tmp_path, study=f'{HEAD}[[proportion]]\nname = "Share"\n{conditions}\n')
    found = displayed(material, "proportion_table").results.set_index(["row", "statistic"])["value"]
    assert found["Share", "count"] == count
    assert found["Share", "proportion"] == count / 4


def test_time_to_the_first_serious_adverse_event(tmp_path):
    kind = 'endpoint = "time_to_first"\nsettings = { events = ["first_serious_adverse_event_date"], '
    study = HEAD + endpoint("Serious") + kind + 'stops = ["death_date"] }\n'
    found = times(material_of(tmp_path, study=study), "Serious")
    assert found["S-02"] == (36, True)  # randomised 6 January, sepsis on 10 February
    assert found["S-04"] == (115, False)  # died without one
    assert found["S-01"][1] is False


def test_time_to_the_first_of_the_subjects_own_dates(tmp_path):
    subjects = SUBJECTS.replace("planned\n", "planned,relapse_date\n").replace(",Y\n", ",Y,2024-03-01\n", 1)
    subjects = subjects.replace(",N\n", ",N,\n").replace(",Y\n", ",Y,\n")
    kind = 'endpoint = "time_to_first"\nsettings = { events = ["relapse_date", "death_date"] }\n'
    study = HEAD + endpoint("Relapse or death") + kind
    found = times(material_of(tmp_path, subjects=subjects, study=study), "Relapse or death")
    assert found["S-01"] == (57, True)
    assert found["S-02"] == (157, True)


def test_a_first_event_of_a_column_that_nobody_has_is_an_error(tmp_path):
    kind = 'endpoint = "time_to_first"\nsettings = { events = ["relapsed_date"] }\n'
    with pytest.raises(ValueError, match="relapsed_date"):
        material_of(tmp_path, study=HEAD + endpoint("Relapse") + kind)


def test_a_population_of_those_assessed_after_baseline(tmp_path):
    study = HEAD + "[populations.evaluable]\nassessed = true\n" + endpoint("OS", population='"evaluable"')
    lesions = "".join(line for line in LESIONS.splitlines(keepends=True) if not line.startswith("S-03,WEEK"))
    assert set(times(material_of(tmp_path, lesions=lesions, study=study), "OS")) == {"S-01", "S-02", "S-04"}


def test_columns_of_the_file_are_read_under_other_names(tmp_path):
    mapped = '[data.columns]\nlesions = { SIZE = "diameter_mm" }\n[response]'
    lesions = LESIONS.replace("diameter_mm", "SIZE")
    study = HEAD.replace("[response]", mapped) + endpoint("ORR")
    found = material_of(tmp_path, lesions=lesions, study=study).derived.best
    assert found["best_response"].astype(str).tolist() == ["PR", "SD", "SD", "PR"]


# ---------------------------------------------------------------- which displays, and their numbers


def test_displays_are_chosen_left_out_and_numbered(tmp_path):
    base = HEAD + ARMS + endpoint("ORR") + endpoint("OS")
    only_two = 'only = ["km_plot", "time_to_event_table", "best_response_table"]\nomit = ["km_plot"]\n'
    numbers = 'tables = "T.1"\nfigures = "F.2"\n'
    said = {one.kind: one.words.number for one in shown(material_of(tmp_path, study=base))}
    assert said["best_response_table"] == "Table 14.2.1"
    assert said["response_rate_table"] == "Table 14.2.2"
    assert said["km_plot"].startswith("Figure 14.2.")
    assert said["best_response_listing"] == "Listing 16.2.6.1"
    assert said["qlq_table"].startswith("Table 14.2.")
    of_safety = [number for kind, number in said.items() if "adverse" in kind or "grade" in kind]
    assert of_safety == ["Table 14.3.1.1", "Table 14.3.1.2", "Table 14.3.1.3", "Listing 16.2.7.1"]
    chosen = shown(material_of(tmp_path, study=f"{base}[displays]\n{only_two}{numbers}"))
    assert [(one.kind, one.words.number) for one in chosen] == [
        ("best_response_table", "Table T.1.1"),
        ("time_to_event_table", "Table T.1.2"),
    ]


def test_a_display_has_the_number_title_and_file_name_that_the_file_gives_it(tmp_path):
    words = '[[display]]\nkind = "km_plot"\nid = "survival"\nnumber = "Figure 7"\nendpoint = "OS"\ntitle = "Alive"\n'
    study = HEAD + endpoint("OS") + endpoint("PFS") + words
    (one,) = [one for one in shown(material_of(tmp_path, study=study)) if one.words.number == "Figure 7"]
    assert (one.id, one.kind, one.names, one.words.title) == ("survival", "km_plot", ("OS",), "Alive")


def test_tables_of_safety_come_after_those_of_efficacy_and_in_a_section_of_their_own(tmp_path):
    sections = '[displays]\nsafety = "14.9"\nsafety_listings = "16.9"\n'
    found = shown(material_of(tmp_path, study=HEAD + ARMS + endpoint("ORR") + sections))
    tables = [one.words.number for one in found if one.words.number.startswith("Table")]
    assert [number for number in tables if ".9." in number] == tables[-3:]
    assert tables[-1] == "Table 14.9.3"
    assert found[-1].words.number == "Listing 16.9.1"


def test_a_number_that_is_given_stands_once(tmp_path):
    words = '[[display]]\nkind = "response_rate_table"\nnumber = "Table 14.2.1"\n'
    found = shown(material_of(tmp_path, study=HEAD + ARMS + endpoint("ORR") + words))
    said = [(one.kind, one.words.number) for one in found][:3]
    assert said == [
        ("best_response_table", "Table 14.2.2"),
        ("response_rate_table", "Table 14.2.1"),
        ("depth_table", "Table 14.2.3"),
    ]


# ---------------------------------------------------------------- questions that only the data answer


FAULTS = {
    "a subgroup of many values": (
        {"study": STUDY.replace('subgroups = ["region"]', 'subgroups = ["weight"]')},
        r"column 'weight' has 24 values, too many for subgroups\. Cut it into a few groups first",
    ),
    "strata that are missing": (
        {
            "study": STUDY.replace("strata = []", 'strata = ["region"]'),
            "subjects": SUBJECTS.replace("Y,EAST,Y\nS-02", "Y,,Y\nS-02"),
        },
        r"line \d+: subject S-01 of population 'itt' has no region, by which the analyses are stratified",
    ),
    "strata that nobody has": (
        {"study": STUDY.replace("strata = []", 'strata = ["regoin"]')},
        r"the subject table has no column 'regoin'\. Did you mean 'region'\?",
    ),
    "a population without subjects": (
        {"subjects": SUBJECTS.replace("-30,Y,", "-30,N,")},
        r"line \d+: no subject belongs to population 'itt'",
    ),
    "toxicity that nobody recorded": (
        {"adverse_events": EVENTS.replace("dose_limiting", "other")},
        r"line \d+: the adverse events have no column 'dose_limiting'",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_the_data_cannot_answer_is_an_error_with_its_line(tmp_path, fault):
    instead, says = FAULTS[fault]
    if "weight" in instead.get("study", ""):
        lines = SUBJECTS.splitlines()
        many = [line.replace("S-0", f"S-{n}") for n in range(6) for line in lines[1:]]
        rows = [f"{line},{50 + number}" for number, line in enumerate(many)]
        instead = instead | {"subjects": "\n".join([f"{lines[0]},weight", *rows]) + "\n"}
        empty = {"adverse_events": only(EVENTS, "@"), "qlq_c30": only(QLQ, "S-01")}
        instead |= {name: text.replace("S-01", "S-11") for name, text in empty.items()}
        instead["lesions"] = LESIONS.replace("S-0", "S-1")
    with pytest.raises(StudyError, match=says):
        shown(material_of(tmp_path, **instead))


def test_a_subgroup_that_is_not_known_is_a_subgroup_of_its_own(tmp_path):
    from survival.study.displays.subgroups import values_of

    assert values_of(pd.Series([True, None, False])).tolist() == ["Yes", "Missing", "No"]
