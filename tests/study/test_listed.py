"""Displays that a study file lists: of a population and reading of their own, in an order of their own."""

import re

import docx
import pandas as pd
import pytest

from survival.run import _derive
from survival.study import StudyError, read_study
from survival.study.check import findings_of
from survival.study.display import Material
from survival.study.displays import all_displays
from survival.study.listed import refuse_unknown_listed, unmade
from survival.study.load import load
from survival.study.populations import refuse_unknown_columns
from survival.study.show import entry, made, pages, shown, with_unmade
from survival.study.sources import source_note
from tests.study.edge_trial import ARMS, EVENTS, LESIONS, QLQ, SUBJECTS, run_trial

FIRST, *ROWS = LESIONS.splitlines()
GROWN = {"S-03,WEEK 8,2024-02-29,T1,target,LIVER,24,": "S-03,WEEK 8,2024-02-29,T1,target,LIVER,10,"}
READ = "\n".join(
    [f"evaluator,{FIRST}", *(f"R1,{row}" for row in ROWS), *(f"R2,{GROWN.get(row, row)}" for row in ROWS)]
)
STUDY = f"""\
[study]
id = "L-1"
start_date = "randomization_date"
[data]
lesions = "lesions.csv"
subjects = "subjects.csv"
adverse_events = "adverse_events.csv"
qlq_c30 = "qlq_c30.csv"
[criteria.recist_1_1]
[criteria.irecist]
[criteria.half]
base = "recist_1_1"
pr_pct = 55
[schedule]
every_weeks = 8
[response]
evaluator = "R1"
criteria = "recist_1_1"
confirmation = false
[concordance]
evaluators = ["R1", "R2"]
{ARMS}
[populations.itt]
label = "Everyone"
flag = "itt"
[populations.east]
label = "East"
where = {{ region = "EAST" }}
[adverse_events]
population = "itt"
dose_limiting_frame = "28 days"
[qlq_c30]
scales = ["QL2"]
[[proportion]]
name = "Planned"
flag = "planned"
[[endpoint]]
name = "ORR"
[endpoint.sensitivity]
"Half" = {{ criteria = "half" }}
[[endpoint]]
name = "iORR"
endpoint = "orr"
criteria = "irecist"
[[endpoint]]
name = "PFS"
title = "freedom from progression by the first reader"
[endpoint.sensitivity]
"Every event counts" = {{ endpoint = "pfs_ema" }}
[[endpoint]]
name = "OS"
[[endpoint]]
name = "CIP"
[analysis]
population = "itt"
subgroups = ["itt"]
"""


def material(folder, study):
    """What the displays of the trial with two readers are made from."""
    texts = {"lesions": READ, "subjects": SUBJECTS, "adverse_events": EVENTS, "qlq_c30": QLQ}
    for name, text in texts.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    (folder / "study.toml").write_text(study, encoding="utf-8")
    read = read_study(folder / "study.toml")
    data = load(read)
    refuse_unknown_columns(read, data.subjects)
    refuse_unknown_listed(read, data)
    return Material(read, *_derive(read, data, lambda line: None), findings_of(read, data))


def listed(**keys):
    """A [[display]] as text."""
    return "[[display]]\n" + "".join(f"{key} = {value!r}\n".replace("'", '"') for key, value in keys.items())


def said(display):
    """Every number and word of a display, apart from its title; of pages, of all of them."""
    if isinstance(display, list):
        return "".join(map(said, display))
    if hasattr(display, "results"):
        return display.results.drop(columns="table").astype(str).to_csv()
    return display.frame.to_csv() if hasattr(display, "frame") else display.alt_text


# ---------------------------------------------------------------- of a population and reading of their own


OWN = {"population": "east", "evaluator": "R2", "criteria": "half"}
OF_EAST = {  # edits that make the whole study what one display asks for
    "population": [
        ('population = "itt"\nsubgroups', 'population = "east"\nsubgroups'),
        ('population = "itt"\ndose', 'population = "east"\ndose'),
    ],
    "evaluator": [('evaluator = "R1"', 'evaluator = "R2"')],
    "criteria": [('criteria = "recist_1_1"\nconfirmation', 'criteria = "half"\nconfirmation')],
}
ENDPOINT = {"time": "PFS", "rate": "ORR", "": None}
OTHERS = {"cumulative_incidence_table": "CIP", "cumulative_incidence_plot": "CIP"}
NEEDS_MORE = {"lesion_profile_plot", "leukaemia_response_table", "finding_listing"}
KINDS = [name for name in all_displays() if name not in NEEDS_MORE]


def edited(keys):
    """The study with population, evaluator and criteria of one display for all of it."""
    text = STUDY
    for key in keys:
        for stands, instead in OF_EAST[key]:
            assert text.count(stands) == 1, stands
            text = text.replace(stands, instead)
    return text


@pytest.mark.parametrize("kind", KINDS)
def test_a_display_of_its_own_is_that_of_a_study_of_that_population_and_reading(tmp_path, kind):
    takes = [name for name in OWN if name in all_displays()[kind].takes]
    of = OTHERS.get(kind, ENDPOINT[all_displays()[kind].outcome])
    keys = {"kind": kind} | ({"endpoint": of} if of else {}) | {name: OWN[name] for name in takes}
    found = material(tmp_path, STUDY + listed(**keys))
    (one,) = [each for each in shown(found) if each.material is not None]
    assert one.kind == kind
    assert one.reading.population == "east"
    assert "east" in one.id

    other = material(tmp_path, edited(takes))
    there = [each for each in shown(other) if each.kind == kind and (of is None or of in each.names)]
    if kind in ("best_response_listing", "response_listing"):  # there everyone's, of every criteria
        frame = made(found, one).frame
        assert set(frame.get("Evaluator", ["R2"])) == {"R2"}
        assert len(frame) > 0
    elif kind == "lesion_listing":
        frame = made(found, one).frame
        assert frame["WEEK 8"].tolist() == ["30", "10"]  # S-01, and S-03 as R2 saw it
    else:
        title = "freedom from progression by the first reader"  # not told of another reader's
        theirs = said(made(other, there[0])).lower().replace(title, "progression-free survival")
        assert said(made(found, one)).lower() == theirs


def test_the_other_displays_stay_what_they_are(tmp_path):
    alone = material(tmp_path, STUDY)
    keys = {"kind": "time_to_event_table", "endpoint": "PFS", "evaluator": "R2", "population": "east"}
    beside = material(tmp_path, STUDY + listed(**keys) + listed(kind="waterfall_plot", criteria="half"))
    plain = {one.id: one for one in shown(alone)}
    more = {one.id: one for one in shown(beside)}
    assert set(more) - set(plain) == {"time_to_event-pfs-east-r2", "waterfall-half"}
    for name in ("time_to_event-pfs", "response_rate"):
        assert said(made(alone, plain[name])) == said(made(beside, more[name]))


def test_it_says_its_population_and_reading_and_stands_after_those_of_its_kind(tmp_path):
    keys = {"kind": "time_to_event_table", "endpoint": "PFS", "evaluator": "R2", "population": "east"}
    found = material(tmp_path, STUDY + listed(**keys))
    tables = [one for one in shown(found) if one.kind == "time_to_event_table"]
    assert [one.id for one in tables] == [
        "time_to_event-pfs",
        "time_to_event-os",
        "time_to_event-pfs-east-r2",
    ]
    table = made(found, tables[-1])
    # the endpoint's own title names the first reader
    assert table.shell.title == "Progression-free survival (RECIST 1.1, R2)"
    assert table.shell.population == "East"
    sizes = table.results[table.results["row"] == "Subjects"].set_index("group")["n"]
    assert sizes.to_dict() == {"CONTROL": 1, "NEW": 1}
    line = entry(found, tables[-1], table)
    assert (line.file, line.population) == ("tables/time_to_event-pfs-east-r2.html", "East")


def test_a_figure_says_it_in_the_list_and_below_itself(tmp_path):
    keys = {"kind": "km_plot", "endpoint": "PFS", "evaluator": "R2", "population": "east", "id": "km_r2"}
    found = material(tmp_path, STUDY + listed(**keys))
    (one,) = [each for each in shown(found) if each.id == "km_r2"]
    line = entry(found, one, made(found, one))
    assert (line.title, line.population) == (
        "Kaplan-Meier: Progression-free survival (RECIST 1.1, R2)",
        "East",
    )


def test_without_an_endpoint_rates_are_those_of_the_criteria_asked_for(tmp_path):
    entries = listed(kind="response_rate_table", population="east") + listed(
        kind="response_rate_table", criteria="irecist", evaluator="R2"
    )
    found = material(tmp_path, STUDY + entries)
    own = [one for one in shown(found) if one.material is not None]
    assert [(one.names, one.reading.evaluator, one.reading.criteria) for one in own] == [
        (("ORR",), "R1", "recist_1_1"),
        (("iORR",), "R2", "irecist"),
    ]


# ---------------------------------------------------------------- the same twice


def test_one_that_asks_for_what_there_is_gives_it_words(tmp_path):
    keys = {"kind": "km_plot", "endpoint": "PFS", "population": "itt", "evaluator": "R1", "title": "Own"}
    found = shown(material(tmp_path, STUDY + listed(**keys)))
    plots = [(one.id, one.words.title) for one in found if one.kind == "km_plot"]
    assert plots == [("km-pfs", "Own"), ("km-os", "")]


@pytest.mark.parametrize("other", [{}, {"evaluator": "R1"}, {"criteria": "recist_1_1"}])
@pytest.mark.parametrize("which", ["", '[displays]\nwhich = "listed"\n'])
def test_two_that_show_the_same_are_an_error(tmp_path, other, which):
    keys = {"kind": "km_plot", "endpoint": "PFS"}
    text = STUDY + which + listed(**keys, population="itt") + listed(**keys, **other)
    with pytest.raises(StudyError, match=r"line \d+: this km_plot is listed before: the same endpoint"):
        shown(material(tmp_path, text))


def test_the_only_display_of_a_kind_has_the_words_of_one_entry(tmp_path):
    words = listed(kind="adverse_event_table", title="Events")
    again = listed(kind="adverse_event_table", population="itt", title="Events once more")
    with pytest.raises(StudyError, match=r"line \d+: this adverse_event_table is listed before"):
        shown(material(tmp_path, STUDY + words + again))


def test_words_for_all_of_a_kind_yield_to_those_of_one(tmp_path):
    words = listed(kind="km_plot", title="Curve") + listed(kind="km_plot", endpoint="PFS", evaluator="R1")
    plots = [one for one in shown(material(tmp_path, STUDY + words)) if one.kind == "km_plot"]
    assert [(one.id, one.words.title) for one in plots] == [("km-pfs", ""), ("km-os", "Curve")]


# ---------------------------------------------------------------- the listed ones alone


def test_the_listed_ones_alone_in_the_order_of_the_file(tmp_path):
    entries = (
        listed(kind="km_plot", endpoint="OS")
        + listed(kind="adverse_event_table", title="Events")
        + listed(kind="best_response_table", population="east")
        + listed(kind="time_to_event_table")
        + listed(kind="km_plot", endpoint="PFS", population="itt")
    )
    found = shown(material(tmp_path, STUDY + '[displays]\nwhich = "listed"\n' + entries))
    assert [(one.id, one.words.number) for one in found] == [
        ("km-os", "Figure 14.2.1"),
        ("adverse_event", "Table 14.3.1.1"),
        ("best_response-east", "Table 14.2.1"),
        ("time_to_event-pfs", "Table 14.2.2"),
        ("time_to_event-os", "Table 14.2.3"),
        ("km-pfs", "Figure 14.2.2"),
    ]


def test_a_run_writes_them_and_nothing_else(tmp_path):
    study = STUDY + '[displays]\nwhich = "listed"\ndocx = true\n'
    study += listed(kind="best_response_table", population="east") + listed(kind="km_plot", endpoint="CIP")
    run = run_trial(tmp_path, study=study, lesions=READ)
    assert {path.name for path in (run.out / "tables").iterdir()} == {
        f"best_response-east.{kind}" for kind in ("csv", "docx", "html", "rtf")
    }
    assert not (run.out / "listings").exists()
    assert set(run.results["display"]) == {"best_response-east"}
    assert set(run.results["population"]) == {"East"}
    listed_there = docx.Document(str(run.out / "contents.docx")).tables[0]
    assert "Table 14.2.1" in [cell.text for cell in listed_there.rows[-1].cells]
    left = run.findings[run.findings["finding"] == "display_not_made"]
    line = study.splitlines().index('kind = "km_plot"')
    assert left["message"].tolist() == [
        f"study.toml, line {line}: km_plot is not made: the study has nothing for it"
    ]


def test_words_for_a_kind_that_is_left_out_are_told(tmp_path):
    study = STUDY + '[displays]\nomit = ["km_plot"]\n' + listed(kind="km_plot", endpoint="OS", title="Alive")
    found = material(tmp_path, study)
    (line,) = unmade(found, shown(found))
    assert line.endswith("km_plot is not made: its kind is left out by [displays]")
    told = with_unmade(found, shown(found)).findings
    assert told["finding"].tolist()[-1] == "display_not_made"
    assert len(told) == len(found.findings) + 1


# ---------------------------------------------------------------- what cannot be


FAULTS = {
    "population": (
        listed(kind="km_plot", endpoint="PFS", population="eats"),
        "population 'eats' is not known.",
    ),
    "criteria": (listed(kind="km_plot", endpoint="PFS", criteria="halv"), "Did you mean 'half'?"),
    "endpoint": (listed(kind="km_plot", endpoint="PSF"), "Did you mean 'PFS'?"),
    "kind": (listed(kind="kmplot"), "Did you mean 'km_plot'?"),
    "a key that is not the kind's": (
        listed(kind="adverse_event_table", evaluator="R2"),
        "adverse_event_table takes no evaluator. It takes population.",
    ),
    "a kind that takes none": (
        listed(kind="finding_listing", population="east"),
        "finding_listing takes no population. Leave it out.",
    ),
    "subjects": (listed(kind="km_plot", subjects=["S-01"]), "km_plot takes no subjects."),
    "no endpoint": (listed(kind="km_plot", evaluator="R2"), "km_plot does not say of which endpoint."),
    "an endpoint too many": (
        listed(kind="adverse_event_table", endpoint="OS"),
        "adverse_event_table is not of one endpoint. Leave endpoint out.",
    ),
    "a rate as a time": (
        listed(kind="km_plot", endpoint="ORR"),
        "km_plot shows times to an event, not 'ORR'.",
    ),
    "a time as a rate": (
        listed(kind="waterfall_plot", endpoint="OS"),
        "waterfall_plot shows rates, not 'OS'. Known: ORR, iORR.",
    ),
    "a reading of survival": (
        listed(kind="km_plot", endpoint="OS", evaluator="R2"),
        "'OS' is not made of responses: evaluator plays no part. Leave it out.",
    ),
    "profiles of nobody": (
        listed(kind="lesion_profile_plot"),
        'lesion_profile_plot does not say whose. Add subjects = ["..."].',
    ),
    "a subject twice": (
        listed(kind="lesion_profile_plot", subjects=["S-01", "S-01"]),
        "'S-01' is named twice in subjects. Leave one out.",
    ),
    "one number twice": (
        listed(kind="km_plot", endpoint="OS", number="F 1")
        + listed(kind="km_plot", endpoint="PFS", number="F 1"),
        "two displays have the number 'F 1'. Change one.",
    ),
    "a list without displays": ('[displays]\nwhich = "listed"\n', "no [[display]] lists one."),
    "a list and a choice": (
        '[displays]\nwhich = "listed"\nomit = ["km_plot"]\n' + listed(kind="km_plot", endpoint="OS"),
        'omit chooses among all displays, but which = "listed" makes those in [[display]] alone.',
    ),
    "evaluator": (
        listed(kind="km_plot", endpoint="PFS", evaluator="R3"),
        "evaluator 'R3' is not in the data.",
    ),
    "subject": (
        listed(kind="lesion_profile_plot", subjects=["S-1"]),
        "subject 'S-1' is not in the subject table. Did you mean 'S-01'? It has 4 subjects, such as S-01.",
    ),
}


@pytest.mark.parametrize("fault", FAULTS)
def test_what_cannot_be_is_an_error_with_its_line(tmp_path, fault):
    text, says = FAULTS[fault]
    with pytest.raises(StudyError) as error:
        material(tmp_path, STUDY + text)
    (line,) = str(error.value).splitlines()
    assert says in line
    first = STUDY.count("\n") + 1
    assert first <= int(line.split("line ")[1].split(":")[0]) <= first + text.count("\n")


def test_rates_of_two_populations_need_an_endpoint(tmp_path):
    two = STUDY.replace('name = "CIP"', 'name = "DCR"\npopulation = "east"')
    with pytest.raises(
        StudyError, match=r"2 displays of waterfall_plot would be this one\. Say of which endpoint"
    ):
        shown(material(tmp_path, two + listed(kind="waterfall_plot", evaluator="R2")))


# ---------------------------------------------------------------- lesion profiles


def test_no_profile_is_drawn_unless_it_is_listed(tmp_path):
    assert "lesion_profile_plot" not in {one.kind for one in shown(material(tmp_path, STUDY))}


def test_a_profile_is_a_page_per_subject_with_the_responses_of_every_criteria(tmp_path):
    entries = listed(kind="lesion_profile_plot", subjects=["S-03", "S-01"], evaluator="R2", criteria="half")
    found = material(tmp_path, STUDY + entries)
    (one,) = [each for each in shown(found) if each.kind == "lesion_profile_plot"]
    both = list(pages(one, made(found, one)))
    assert [part.words.number for part, _ in both] == [
        "Figure 14.2.9, page 1 of 2",
        "Figure 14.2.9, page 2 of 2",
    ]
    lines = [entry(found, part, page) for part, page in both]
    assert [line.title for line in lines] == [
        "Lesion profile of S-03 (RECIST 1.1 [pr_pct=55], R2)",
        "Lesion profile of S-01 (RECIST 1.1 [pr_pct=55], R2)",
    ]
    assert [line.population for line in lines] == ["", ""]
    words = both[0][1].alt_text
    assert "Lesion profile of subject S-03" in words
    assert "lowest 10.0 mm" in words  # as R2 read it
    assert "RECIST 1.1 [pr_pct=55]: WEEK 8 PR" in words
    assert "iRECIST: WEEK 8 iPR" in words


def test_the_accepted_reading_is_drawn_as_the_accepted_reader_read(tmp_path):
    readers = '[readers]\nreader_1 = "R1"\nreader_2 = "R2"\nadjudication = "adjudication.csv"\n'
    rows = "subject,accepted\nS-01,R1\nS-02,R1\nS-03,R2\nS-04,R1\n"
    (tmp_path / "adjudication.csv").write_text(rows, encoding="utf-8")
    study = STUDY.replace('evaluator = "R1"\n', "").replace("[concordance]", f"{readers}[concordance]")
    found = material(tmp_path, study + listed(kind="lesion_profile_plot", subjects=["S-03"]))
    (one,) = [each for each in shown(found) if each.kind == "lesion_profile_plot"]
    assert one.id == "lesion_profile-s-03"
    (page,) = made(found, one)
    assert "lowest 10.0 mm" in page.alt_text


def test_a_subject_without_lesions_of_that_reader_is_an_error(tmp_path):
    entries = listed(kind="lesion_profile_plot", subjects=["S-03"], evaluator="R2")
    found = material(tmp_path, STUDY + entries)
    lesions = found.data.lesions
    fewer = lesions[
        ~((lesions["subject"].astype(str) == "S-03") & (lesions["evaluator"].astype(str) == "R2"))
    ]
    object.__setattr__(found.data, "lesions", fewer.reset_index(drop=True))
    (one,) = [each for each in shown(found) if each.kind == "lesion_profile_plot"]
    with pytest.raises(StudyError, match=r"subject S-03 has no lesions read by R2\. Leave the subject out."):
        made(found, one)


def test_the_error_names_the_entry_that_cannot_be_drawn(tmp_path):
    entries = listed(kind="lesion_profile_plot", subjects=["S-03"], evaluator="R2")
    found = material(tmp_path, STUDY + entries + listed(kind="lesion_profile_plot", subjects=["S-03"]))
    lesions = found.data.lesions
    by_first = (lesions["subject"].astype(str) == "S-03") & (lesions["evaluator"].astype(str) == "R1")
    object.__setattr__(found.data, "lesions", lesions[~by_first].reset_index(drop=True))
    (one,) = [
        each for each in shown(found) if each.kind == "lesion_profile_plot" and each.words.evaluator is None
    ]
    first, second = (found.study.source.place(("display", number)) for number in (0, 1))
    assert first != second
    with pytest.raises(StudyError, match=re.escape(f"{second}: subject S-03 has no lesions read by R1")):
        made(found, one)


def test_a_listing_is_the_source_of_what_it_holds_alone(tmp_path):
    east = '[[endpoint]]\nname = "ORR east"\nendpoint = "orr"\npopulation = "east"\n'
    parts, wide = material(tmp_path, STUDY + east), 'population = "itt"\nsubgroups'
    narrow = material(
        tmp_path, STUDY.replace(wide, 'population = "east"\nsubgroups') + east.replace("east", "itt")
    )
    for found, said in (
        (parts, ["Source: Listing 16.2.6.1."] * 2),
        (narrow, ["Source: Listing 16.2.6.1.", ""]),
    ):
        displays = shown(found)
        tables = [one for one in displays if one.kind == "best_response_table"]
        tables = [one for one in tables if one.reading.criteria == "recist_1_1"]
        assert [source_note(found, one, displays) for one in tables] == said


def test_words_are_not_taken_from_a_display_of_its_own(tmp_path):
    entries = listed(kind="km_plot", endpoint="PFS", population="east", title="East alone", footnotes=["F"])
    plots = [one for one in shown(material(tmp_path, STUDY + entries)) if one.kind == "km_plot"]
    assert [one.words.title for one in plots] == ["", "", "East alone"]
    assert pd.Series([one.id for one in plots]).is_unique
