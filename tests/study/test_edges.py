"""The edges of small trials: the whole run ends with stated values or NE, never with a crash or a nan."""

import re

import pandas as pd
import pytest

import recist
from recist import InputError
from survival.study import StudyError
from tests.study.edge_trial import (
    ARMS,
    EVENTS,
    LESIONS,
    QLQ,
    STUDY,
    SUBJECTS,
    drawn_alone,
    only,
    run_trial,
)

BAD = re.compile(r'(?<![A-Za-z])(?:nan|NaN|NaT|<NA>|inf)(?![A-Za-z])|(?<=[,>"])None(?=[,<"\n])')
DATES = re.compile(r"(?m)^(S-0\d,\w+)(?:,[^,]*){4},")  # of start, first dose, death and last contact
NOBODY = "@"  # a word that no line holds

NO_RESPONSE = (
    LESIONS.replace("LIVER,30", "LIVER,49")
    .replace("LIVER,28", "LIVER,49")
    .replace("LUNG,12", "LUNG,32")
    .replace("LUNG,11", "LUNG,32")
)
ONE_RESPONSE = NO_RESPONSE.replace("2024-02-27,T1,target,LIVER,49", "2024-02-27,T1,target,LIVER,20")
ALL_RESPOND = (
    LESIONS.replace("LUNG,39", "LUNG,19").replace("LUNG,52", "LUNG,19").replace("LIVER,24", "LIVER,9")
)
ALIVE = re.sub(r"2024-06-10,,|2024-05-01,,", ",2024-06-20,", SUBJECTS)
NO_ARMS = STUDY.replace(ARMS, "").replace('dose_limiting_frame = "28 days"\n', "")
NEW = ("S-01", "S-02")

TRIALS = {  # each with as many edges as go together
    "one subject, who responds": {
        name: only(text, "S-01")
        for name, text in (
            ("lesions", LESIONS), ("subjects", SUBJECTS), ("adverse_events", EVENTS), ("qlq_c30", QLQ)
        )
    } | {"study": NO_ARMS},
    "one responder, no adverse event, no questionnaire after baseline": {
        "lesions": ONE_RESPONSE,
        "adverse_events": only(EVENTS, NOBODY),
        "qlq_c30": only(QLQ, "BASELINE"),
    },
    "nobody responds, no event of any kind, no questionnaire at baseline": {
        "lesions": NO_RESPONSE.replace("LUNG,52", "LUNG,32"),
        "subjects": ALIVE,
        "qlq_c30": only(QLQ, "WEEK"),
    },
    "everyone responds, one arm without events": {
        "lesions": ALL_RESPOND,
        "subjects": SUBJECTS.replace("2024-05-01,,", ",2024-06-20,"),
    },
    "all die on one day, none was assessed after baseline": {
        "lesions": only(LESIONS, "BASELINE"),
        "subjects": DATES.sub(r"\1,2024-01-08,2024-01-08,2024-03-08,,", SUBJECTS),
    },
    "one arm is empty, baseline scans are missing": {
        "lesions": only(only(LESIONS, *NEW), "WEEK"),
        "subjects": only(SUBJECTS, "NEW"),
        "adverse_events": only(EVENTS, *NEW),
        "qlq_c30": only(QLQ, *NEW),
    },
}  # fmt: skip


@pytest.fixture(scope="module", params=TRIALS)
def done(request, tmp_path_factory):
    """Name of the trial and its run, figures laid out and not painted."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(recist, "save_figure", drawn_alone)
        yield request.param, run_trial(tmp_path_factory.mktemp("edge"), **TRIALS[request.param])


def texts(run):
    """(display, row, group, statistic) -> text, as the file has it."""
    frame = pd.read_csv(run.out / "results.csv", keep_default_na=False, dtype={"text": str})
    return frame.set_index(["display", "row", "group", "statistic"])["text"].to_dict()


def test_every_number_is_stated_or_ne(done):
    _, run = done
    frame = pd.read_csv(run.out / "results.csv", dtype={"text": str}, keep_default_na=False)
    assert (frame["text"] != "").all()
    missing = (frame["value"] == "") & (frame["statistic"] != "words")
    assert set(frame.loc[missing, "text"].str.rstrip("+")) <= {"NE"}
    for path in run.out.rglob("*"):
        if path.suffix in (".csv", ".html") and path.parent.name in ("tables", "listings"):
            said = re.sub(r"<style.*?</style>", "", path.read_text(encoding="utf-8"), flags=re.DOTALL)
            assert not BAD.search(said), f"{path.name}: {BAD.search(said)}"


def test_the_edge_itself_is_in_the_tables(done):
    name, run = done
    found = texts(run)
    one = "All subjects"
    expected = {
        "one subject, who responds": {
            ("response_rate", "ORR", one, "count"): "1",
            ("response_rate", "ORR", one, "lower"): "2.5%",
            ("time_to_event-os", "Median", one, "estimate"): "NE",
        },
        "one responder, no adverse event, no questionnaire after baseline": {
            ("response_rate", "ORR", "NEW", "count"): "1",
            ("response_rate", "ORR", "CONTROL", "upper"): "84.2%",  # 1 - 0.025 ** (1 / 2)
            ("time_to_event-dor", "Subjects", "CONTROL", "count"): "0",
            ("adverse_event_summary", "any", "NEW", "count"): "0",
            ("time_to_event-ttd", "Events", "NEW", "count"): "0",
        },
        "nobody responds, no event of any kind, no questionnaire at baseline": {
            ("response_rate", "ORR", "NEW", "count"): "0",
            ("time_to_event-dor", "Subjects", "NEW", "count"): "0",
            ("time_to_event-pfs", "Hazard ratio", "NEW", "estimate"): "NE",
            ("time_to_event-os", "Median", "CONTROL", "upper"): "NE",
            ("time_to_event-ttd", "Events", "CONTROL", "count"): "0",
        },
        "everyone responds, one arm without events": {
            ("response_rate", "ORR", "NEW", "count"): "2",
            ("response_rate", "ORR", "CONTROL", "lower"): "15.8%",  # 0.025 ** (1 / 2)
            ("time_to_event-os", "Events", "CONTROL", "count"): "0",
            ("time_to_event-os", "Hazard ratio", "NEW", "estimate"): "NE",
        },
        "all die on one day, none was assessed after baseline": {
            ("time_to_event-os", "Median", "NEW", "estimate"): "2.0",  # 61 days
            ("time_to_event-os", "Median", "CONTROL", "estimate"): "2.0",
            ("response_rate", "ORR", "NEW", "count"): "0",
        },
        "one arm is empty, baseline scans are missing": {
            ("time_to_event-os", "Subjects", "CONTROL", "count"): "0",
            ("time_to_event-os", "Median", "CONTROL", "estimate"): "NE",
            ("response_rate", "ORR", "NEW", "count"): "0",
            ("adverse_event_summary", "any", "NEW", "count"): "2",
        },
    }[name]
    assert {key: found.get(key) for key in expected} == expected


def test_arms_are_not_compared_where_one_is_empty(done):
    name, run = done
    if not name.startswith("one arm is empty"):
        pytest.skip("both arms have subjects")
    assert not run.results["row"].isin(["Hazard ratio", "Log-rank", "ORR: difference"]).any()
    notes = (run.out / "tables" / "time_to_event-os.html").read_text(encoding="utf-8")
    assert "No comparison with CONTROL: not two arms have subjects in this analysis." in notes


def test_a_trial_in_which_nobody_was_treated_says_so(tmp_path):
    untreated = re.sub(r"2024-01-\d\d,(?=,|2024-0[56])", ",", SUBJECTS)
    with pytest.raises(StudyError, match=r"line \d+: no subject belongs to population 'treated'"):
        run_trial(tmp_path, subjects=untreated)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("name", ["lesions", "subjects", "qlq_c30"])
def test_a_table_without_rows_is_an_error_that_names_the_file(tmp_path, name):
    text = {"lesions": LESIONS, "subjects": SUBJECTS, "qlq_c30": QLQ}[name]
    with pytest.raises(InputError, match=rf"{name}\.csv.*there are column names but no rows"):
        run_trial(tmp_path, **{name: only(text, NOBODY)})
