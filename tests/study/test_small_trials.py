"""A trial too small for an estimate still gets its results: stated values, never a crash."""

import pandas as pd
import pytest

from survival import run_study
from survival.study import StudyError
from tests.cli.trial import LESIONS, STUDY, SUBJECTS

pytestmark = [  # what pandas will refuse one day
    pytest.mark.filterwarnings(f"error::{kind}") for kind in ("FutureWarning", "DeprecationWarning")
]
MORE = """
[[endpoint]]
name = "DOR"
endpoint = "dor_any"

[[endpoint]]
name = "OS"
"""
NO_RESPONSE = [("LIVER,30,", "LIVER,49,"), ("LIVER,28,", "LIVER,49,"), ("LUNG,12,", "LUNG,32,")]
ARMS = STUDY[STUDY.index("[arms]") : STUDY.index("[populations")]


def only(text, *words):
    """The header and the lines that hold one of the words."""
    head, *lines = text.splitlines(keepends=True)
    return head + "".join(line for line in lines if any(word in line for word in words))


@pytest.fixture
def run(tmp_path):
    def run(lesions=LESIONS, subjects=SUBJECTS, study=STUDY + MORE):
        for name, text in (("lesions.csv", lesions), ("subjects.csv", subjects), ("study.toml", study)):
            (tmp_path / name).write_text(text, encoding="utf-8")
        return run_study(tmp_path / "study.toml", tmp_path / "out")

    return run


def value(done, row, group, statistic, display):
    results = done.results[done.results["display"] == display]
    return results.set_index(["row", "group", "statistic"])["value"][row, group, statistic]


def test_duration_of_response_without_responders_is_a_table_of_nobody(run):
    lesions = LESIONS
    for stands, instead in NO_RESPONSE:
        lesions = lesions.replace(stands, instead)
    done = run(lesions)
    assert len(done.tte["DOR"]) == 0
    for arm in ("CONTROL", "NEW"):
        assert value(done, "Subjects", arm, "count", "time_to_event-dor") == 0
    html = (done.out / "tables" / "time_to_event-dor.html").read_text(encoding="utf-8")
    assert "No subject has this endpoint, so nothing is estimated." in html
    assert not (done.out / "figures" / "km-dor.png").exists()
    assert value(done, "ORR", "Total", "count", "best_response") == 0
    assert value(done, "ORR", "Total", "upper", "best_response") == pytest.approx(1 - 0.025**0.25)


def test_arms_are_compared_only_where_everyone_randomised_is_in_the_analysis(run):
    done = run(LESIONS)
    rows = {
        name: set(done.results.loc[done.results["display"] == f"time_to_event-{name}", "row"])
        for name in ("dor", "pfs")
    }
    assert "Hazard ratio" not in rows["dor"]
    assert "Hazard ratio" in rows["pfs"]


def test_without_events_the_median_is_missing_and_printed_as_ne(run):
    alive = SUBJECTS.replace("2024-06-10,,", ",2024-06-10,").replace("2024-05-01,,", ",2024-05-01,")
    done = run(subjects=alive)
    assert pd.isna(value(done, "Median", "NEW", "estimate", "time_to_event-os"))
    os = done.results[(done.results["display"] == "time_to_event-os") & (done.results["row"] == "Median")]
    assert set(os["text"]) == {"NE"}


def test_non_target_disease_alone_has_no_waterfall(run):
    done = run(only(LESIONS, ",N1,"))
    assert set(done.responses["overall"].astype(str)) == {"NON-CR/NON-PD"}
    assert not (done.out / "figures" / "waterfall.png").exists()


def test_figures_are_written_as_the_file_asks(run):
    ask = '[displays]\nonly = ["waterfall_plot"]\nfigures_as = ["pdf"]\n'
    done = run(study=STUDY + MORE + ask)
    assert {path.suffix for path in (done.out / "figures").iterdir()} == {".pdf"}
    assert 'href="figures/waterfall.pdf"' in (done.out / "contents.html").read_text(encoding="utf-8")
    assert "Waterfall plot: smallest change" in (done.out / "report.html").read_text(encoding="utf-8")
    with pytest.raises(StudyError, match="'pdf' is named twice in figures_as"):
        run(study=STUDY + MORE + ask.replace('["pdf"]', '["pdf", "pdf"]'))


def test_baseline_alone_is_missing_response_and_censored_on_day_1(run):
    done = run(only(LESIONS, "BASELINE"))
    assert len(done.responses) == 0
    assert value(done, "ORR", "Total", "count", "best_response") == 0
    assert done.tte["PFS"].set_index("subject").loc["S-01", ["time", "event"]].tolist() == [1, False]


def test_a_single_subject_without_arms(run):
    done = run(only(LESIONS, "S-01"), only(SUBJECTS, "S-01"), (STUDY + MORE).replace(ARMS, ""))
    assert value(done, "ORR", "All subjects", "count", "best_response") == 1
    assert value(done, "ORR", "All subjects", "lower", "best_response") == pytest.approx(0.025)


def test_a_subject_without_start_date_is_a_finding_and_out_of_populations_that_need_it(run):
    subjects = SUBJECTS.replace("NEW,2024-01-05", "NEW,")
    dated = STUDY.replace('flag = "itt"', 'has = ["randomization_date"]') + MORE
    done = run(subjects=subjects, study=dated)
    (message,) = done.findings.loc[done.findings["finding"] == "no-start-date", "message"]
    assert (
        message
        == "Subject S-01 has no randomization_date: its responses are not derived. Is the date missing?"
    )
    assert set(done.tte["OS"]["subject"].astype(str)) == {"S-02", "S-03", "S-04"}
    assert set(done.responses["subject"].astype(str)) == {"S-02", "S-03", "S-04"}


def test_a_population_without_subjects_is_an_error_with_its_line(run):
    with pytest.raises(StudyError, match=r"line 19: no subject belongs to population 'itt'"):
        run(subjects=SUBJECTS.replace(",Y,", ",N,"))


def test_two_criteria_are_both_derived_and_each_endpoint_says_which_counts(run):
    second = '[criteria.recist_1_1]\n[criteria.half]\nbase = "recist_1_1"\npr_pct = 50\n'
    study = STUDY.replace("[criteria.recist_1_1]", second)
    with pytest.raises(StudyError, match=r"'PFS' does not say which criteria count: recist_1_1, half"):
        run(study=study)
    done = run(study=study.replace('name = "ORR"', 'name = "ORR"\ncriteria = "half"').replace(
        'name = "PFS"', 'name = "PFS"\ncriteria = "recist_1_1"'
    ))  # fmt: skip
    best = done.best.astype(str).set_index(["criteria", "subject"])["best_response"]
    assert best["recist_1_1", "S-01"] == "PR"
    assert best["recist_1_1[pr_pct=50]", "S-01"] == "SD"
    assert value(done, "ORR", "Total", "count", "best_response") == 1


def test_two_evaluators_need_a_word_on_whose_reading_counts(run):
    head, *rows = LESIONS.splitlines()
    both = [f"{head},evaluator", *(f"{row},{who}" for who in ("READER 1", "READER 2") for row in rows)]
    with pytest.raises(StudyError, match=r"readings of READER 1, READER 2. Say whose counts"):
        run("\n".join(both) + "\n", study=STUDY.replace('evaluator = "INVESTIGATOR"\n', ""))
