"""The shipped study files run, and what they derive is the truth their data were made with."""

import re

import pandas as pd
import pytest

from survival import run_study
from tests.shared import ROOT

MEDIAN, ONE_YEAR = "Median", "Rate at 12 months"
TIME = ("estimate", "lower", "upper")
SHARE = ("count", "proportion", "lower", "upper")

# registered outcome -> file name of its table, row in results.csv, groups
ONE = ["All subjects"]
LEVELS = ["Level 1", "Level 2", "Level 3"]
COHORTS = ["Melanoma", "NSCLC"]
ARMS = ["Experimental", "Control"]
BY_GRADE = ("worst_grade", "worst grade")  # the table by grade prints no limits; the results have them
OUTCOMES = {
    "hs_it101": {
        "ORR by the committee": ("response_rate", "ORR confirmed", ONE),
        "DCR by the committee": ("response_rate", "DCR confirmed", ONE),
        "TTR": ("time_to_event-ttr", MEDIAN, ONE),
        "DOR": ("time_to_event-dor", MEDIAN, ONE),
        "PFS": ("time_to_event-pfs", MEDIAN, ONE),
        "OS": ("time_to_event-os", MEDIAN, ONE),
        "adverse events": ("adverse_event_summary", "any", ONE),
        "serious adverse events": ("adverse_event_summary", "serious", ONE),
        "adverse events, grade 3 or more": ("adverse_event_summary", "grade 3+", ONE),
        "adverse events by grade": (*BY_GRADE, [f"Grade {grade}" for grade in range(1, 6)]),
    },
    "nct07028008": {
        "overall response rate": ("response_rate", "ORR confirmed", ONE),
        "DCR": ("response_rate", "DCR confirmed", ONE),
        "DOR": ("time_to_event-dor", MEDIAN, ONE),
        "PFS": ("time_to_event-pfs", MEDIAN, ONE),
        "OS": ("time_to_event-os", MEDIAN, ONE),
        "adverse events": ("adverse_event_summary", "any", ONE),
    },
    "nct06559644": {
        "CR/CRi": ("leukaemia_response", "CR/CRi", LEVELS),
        "MRD-negative CR": ("leukaemia_response", "MRD-negative CR", LEVELS),
        "OS": ("time_to_event-os", MEDIAN, LEVELS),
        "OS at 2 years": ("time_to_event-os", "Rate at 24 months", LEVELS),
        "RFS": ("time_to_event-rfs", MEDIAN, LEVELS[1:]),  # no remission at the lowest level
        "adverse events": ("adverse_event_summary", "any", [*LEVELS, "Total"]),
        "dose-limiting toxicity": ("dose_limiting", "with_dlt", LEVELS),
    },
    "nct05361174": {
        "confirmed ORR": ("response_rate", "ORR confirmed", COHORTS),
        "CR rate": ("response_rate", "CR confirmed", COHORTS),
        "DCR": ("response_rate", "DCR confirmed", COHORTS),
        "DOR": ("time_to_event-dor", MEDIAN, COHORTS),
        "PFS": ("time_to_event-pfs", MEDIAN, COHORTS),
        "OS": ("time_to_event-os", MEDIAN, COHORTS),
        "feasibility": ("proportion-harvested", "Feasibility", COHORTS),
        "adverse events": ("adverse_event_summary", "any", [*COHORTS, "Total"]),
    },
    "nct05962450": {
        "PFS by mRECIST": ("time_to_event-pfs", MEDIAN, ARMS),
        "PFS by mRECIST, hazard ratio": ("time_to_event-pfs", "Hazard ratio", ARMS[:1]),
        "PFS by iRECIST": ("time_to_event-ipfs", MEDIAN, ARMS),
        "ORR by mRECIST": ("response_rate", "ORR", ARMS),
        "ORR by mRECIST, difference": ("response_rate", "ORR: difference", ARMS[:1]),
        "DCR by mRECIST": ("response_rate", "DCR", ARMS),
        "ORR by iRECIST": ("response_rate-2", "ORR", ARMS),
        "DCR by iRECIST": ("response_rate-2", "DCR", ARMS),
        "OS": ("time_to_event-os", MEDIAN, ARMS),
        "OS, hazard ratio": ("time_to_event-os", "Hazard ratio", ARMS[:1]),
        "OS at 1 year": ("time_to_event-os", ONE_YEAR, ARMS),
        "DOR by mRECIST": ("time_to_event-dor", MEDIAN, ARMS),
        "DOR by iRECIST": ("time_to_event-idor", MEDIAN, ARMS),
        "TTP by mRECIST": ("time_to_event-ttp", MEDIAN, ARMS),
        "TTP by iRECIST": ("time_to_event-ittp", MEDIAN, ARMS),
        "deterioration of global health": ("time_to_event-ttd-global-health-status", MEDIAN, ARMS),
        "deterioration of physical functioning": ("time_to_event-ttd-physical-functioning", MEDIAN, ARMS),
        "deterioration of pain": ("time_to_event-ttd-pain", MEDIAN, ARMS),
        "adverse events": ("adverse_event_summary", "any", [*ARMS, "Total"]),
    },
}
SUBJECTS = {"hs_it101": 10, "nct07028008": 9, "nct06559644": 20, "nct05361174": 47, "nct05962450": 84}
NOT_WORDS = re.compile(r"(?<![A-Za-z])(?:nan|NaN|NaT|None|inf|<NA>)(?![A-Za-z])")


@pytest.fixture(scope="module", params=OUTCOMES)
def shipped(request, tmp_path_factory):
    """Folder of the study and what a run of its file derived."""
    folder = ROOT / "data" / "synthetic" / request.param
    out = tmp_path_factory.mktemp("out") / request.param
    return folder, run_study(folder / "study.toml", out)


def results_of(run):
    """The results as they stand in the file."""
    return pd.read_csv(run.out / "results.csv", dtype={"value": float, "text": str}, keep_default_na=True)


def test_the_data_have_no_finding_of_severity_error(shipped):
    assert not (shipped[1].findings["severity"] == "error").any()


def test_every_registered_outcome_has_n_estimate_and_limits_in_results_and_in_a_table(shipped):
    folder, run = shipped
    results = results_of(run).set_index(["display", "row", "group", "statistic"]).sort_index()
    tables = {path.stem: path.read_text(encoding="utf-8") for path in (run.out / "tables").glob("*.csv")}
    assert results.index.is_unique
    for outcome, (table, row, groups) in OUTCOMES[folder.name].items():
        for group in groups:
            there = results.loc[(table, row, group)]
            expected = SHARE if "proportion" in there.index else TIME
            assert set(there.index) == set(expected), outcome
            assert (there["n"] > 0).all(), outcome
            stated = there["value"].notna() | (there["text"] == "NE")
            assert stated.all(), outcome
            for text in there["text"] if (table, row) != BY_GRADE else there["text"][["count", "proportion"]]:
                assert text.rstrip("%") in tables[table], (outcome, text)


def test_outcomes_are_about_everyone_who_was_enrolled_or_treated(shipped):
    folder, run = shipped
    assert len(run.tte["OS"]) == SUBJECTS[folder.name]
    assert (run.tte["OS"]["time"] >= 1).all()
    rates = run.results[run.results["row"].isin(["ORR confirmed: of", "ORR: of", "CR/CRi: of"])]
    assert rates.groupby("display")["value"].sum().eq(SUBJECTS[folder.name]).all()


def test_every_endpoint_of_the_file_has_a_table_and_a_time_per_subject(shipped):
    _, run = shipped
    for name, tte in run.tte.items():
        assert tte["subject"].is_unique, name
        assert tte[["time", "date", "description"]].notna().all(axis=None), name
        assert run.results["display"].str.startswith("time_to_event-").any()


def test_nothing_missing_is_printed_as_a_programmer_sees_it(shipped):
    _, run = shipped
    for path in [*(run.out / "tables").glob("*.csv"), *(run.out / "listings").glob("*.csv")]:
        found = NOT_WORDS.search(path.read_text(encoding="utf-8"))
        assert found is None, f"{path.name}: {found}"
    words = results_of(run)
    assert words["text"].notna().all()
    assert not words["text"].str.contains(NOT_WORDS).any()
    assert (words.loc[words["value"].isna() & (words["statistic"] != "words"), "text"] == "NE").all()


def test_responses_and_best_responses_are_those_the_data_were_made_with(shipped):
    folder, run = shipped
    if not (folder / "truth.csv").exists():
        pytest.skip("this study's truth is that of its marrows")
    truth = pd.read_csv(folder / "truth.csv", dtype=str)
    keys = ["subject", "evaluator", "visit"]
    plain = {
        name: frame["criteria"].astype(str).str.startswith("recist_1_1")
        for name, frame in (("responses", run.responses), ("best", run.best))
    }  # the hand-written answers are those of RECIST 1.1
    ours = run.responses.loc[plain["responses"], [*keys, "overall"]].astype(str)
    both = truth.merge(ours, on=keys, how="left", validate="1:1")
    assert len(both) > 0
    assert both["overall"].tolist() == both["expected_overall"].tolist()
    known = pd.read_csv(folder / "truth_subjects.csv", dtype=str).dropna(subset=["expected_best_response"])
    read = truth[
        ["subject", "evaluator"]
    ].drop_duplicates()  # the adjudicator reads only where readers differ
    best = run.best[plain["best"]].astype({"subject": str, "evaluator": str}).merge(read)
    best = best.merge(known, on="subject")
    assert len(best) == len(read)
    for name in ("best_response", "confirmed_best_response"):
        assert best[name].astype(str).tolist() == best[f"expected_{name}"].tolist()


def test_responses_of_marrows_and_toxicity_are_those_the_data_were_made_with(shipped):
    folder, run = shipped
    if folder.name != "nct06559644":
        pytest.skip("this study has no marrows")
    truth = pd.read_csv(folder / "truth_responses.csv", dtype=str)
    ours = run.responses.astype({"subject": str, "visit": str, "overall": str, "classification": str})
    both = ours[ours["overall"] != "NE"].merge(truth, on=["subject", "visit"], validate="1:1")
    assert len(both) > 80
    assert both["overall"].tolist() == both["true_overall"].tolist()
    assert both["classification"].tolist() == both["criteria_y"].tolist()
    assert set(both["classification"]) == {"aml_eln2022", "all_eln2024"}  # two diseases, two classifications
    people = pd.read_csv(folder / "truth_subjects.csv")
    table = results_of(run).set_index(["display", "row", "statistic"])["value"].sort_index()
    in_window = people["true_cr_or_cri_in_window"].sum()
    assert table["leukaemia_response", "CR/CRi", "count"].sum() == in_window
    limited = people["true_dose_limiting_toxicity"].sum()
    assert table["dose_limiting", "with_dlt", "count"].sum() <= limited  # the expansion is not counted
    last = pd.read_csv(folder / "truth_escalation.csv").groupby("dose_level")["dose_limiting"].last()
    assert table["dose_limiting", "with_dlt", "count"].tolist() == last.tolist()


def test_confirmed_response_stands_before_unconfirmed(shipped):
    folder, run = shipped
    if folder.name not in ("hs_it101", "nct07028008", "nct05361174"):
        pytest.skip("this study asks for no confirmation")
    lines = (run.out / "tables" / "best_response.csv").read_text(encoding="utf-8").splitlines()
    confirmed = [number for number, line in enumerate(lines) if "(confirmed)" in line]
    rest = [number for number, line in enumerate(lines) if "Best overall response" in line]
    assert confirmed[0] == rest[0] == 1


def test_a_study_compares_arms_only_when_it_names_a_reference(shipped):
    folder, run = shipped
    assert ("Hazard ratio" in set(run.results["row"])) == (folder.name == "nct05962450")
