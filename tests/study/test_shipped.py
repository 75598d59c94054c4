"""The shipped study files run, and what they derive is the truth their data were made with."""

import pandas as pd
import pytest

from survival import run_study
from tests.shared import ROOT

STUDIES = {  # folder -> outcomes that its table of results must hold, beside the times to events
    "hs_it101": ({"TTR", "DOR", "PFS", "OS"}, "INDEPENDENT REVIEW COMMITTEE", 10),
    "nct07028008": ({"DOR", "PFS", "OS"}, "INVESTIGATOR", 9),
    "nct05361174": ({"DOR", "PFS", "PFS, any gap or therapy", "OS"}, "INVESTIGATOR", 53),
    "nct05962450": ({"DOR", "TTR", "PFS", "PFS by reader 2", "PFS, EMA", "TTP", "OS"}, "READER 1", 84),
}


@pytest.fixture(scope="module", params=STUDIES)
def shipped(request, tmp_path_factory):
    """Folder of the study and what a run of its file derived."""
    folder = ROOT / "data" / "synthetic" / request.param
    out = tmp_path_factory.mktemp("out") / request.param
    return folder, run_study(folder / "study.toml", out)


def test_the_data_have_no_finding_of_severity_error(shipped):
    assert not (shipped[1].findings["severity"] == "error").any()


def test_responses_and_best_responses_are_those_the_data_were_made_with(shipped):
    folder, run = shipped
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


def test_every_registered_outcome_has_results(shipped):
    folder, run = shipped
    times, evaluator, n = STUDIES[folder.name]
    assert set(run.tte) == times
    rates = run.results[run.results["row"] == "ORR"]
    assert rates["table"].str.contains(evaluator, case=False).all() or folder.name == "nct05361174"
    assert {"count", "proportion", "lower", "upper"} == set(rates["statistic"])
    assert len(run.tte["OS"]) <= n
    assert (run.tte["OS"]["time"] >= 1).all()


def test_a_study_compares_arms_only_when_it_names_a_reference(shipped):
    folder, run = shipped
    assert ("Hazard ratio" in set(run.results["row"])) == (folder.name == "nct05962450")
