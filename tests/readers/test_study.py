"""Two readers and an adjudicator in a study file: accepted reading, concordance table, discordance listing."""

import pandas as pd
import pytest

from recist import InputError
from survival import read_study, run_study
from tests.readers.frames import lesions

STUDY = """\
[study]
id = "X-2"
start_date = "randomization_date"

[data]
lesions = "lesions.csv"
subjects = "subjects.csv"

[readers]
reader_1 = "R1"
reader_2 = "R2"
adjudicator = "ADJ"
adjudication = "adjudication.csv"

[concordance]
evaluators = ["INVESTIGATOR", "ACCEPTED"]

[response]
confirmation = false

[arms]
column = "arm"
order = ["CONTROL", "NEW"]
reference = "CONTROL"

[[endpoint]]
name = "ORR"

[[endpoint]]
name = "PFS"
"""
READ = {
    ("01", "INVESTIGATOR"): [50, 35, 35, 50],  # PR, PD at week 24
    ("01", "R1"): [50, 35, 35, 35],  # PR: the readers agree
    ("01", "R2"): [50, 34, 34, 34],
    ("02", "INVESTIGATOR"): [50, 61],
    ("02", "R1"): [50, 50, 61],  # SD, PD at week 16; the other reader at week 8
    ("02", "R2"): [50, 62],
    ("02", "ADJ"): [50, 63],
    ("03", "INVESTIGATOR"): [50, 50, 50, 50],
    ("03", "R1"): [50, 50, 50, 50],
    ("03", "R2"): [50, 35, 35, 35],  # accepted by the table
    ("04", "INVESTIGATOR"): [50, 50, 61],
    ("04", "R1"): [50, 61],
    ("04", "R2"): [50, 61],
}


@pytest.fixture
def folder(tmp_path):
    (tmp_path / "study.toml").write_text(STUDY, encoding="utf-8")
    lesions(READ).to_csv(tmp_path / "lesions.csv", index=False)
    subjects = pd.DataFrame(
        {"subject": ["01", "02", "03", "04"], "arm": ["NEW", "NEW", "CONTROL", "CONTROL"]}
    )
    subjects.assign(randomization_date="2024-01-02").to_csv(tmp_path / "subjects.csv", index=False)
    table = pd.DataFrame({"subject": ["03"], "accepted": ["R2"]})
    table.to_csv(tmp_path / "adjudication.csv", index=False)
    return tmp_path


def changed(folder, old, new):
    text = STUDY.replace(old, new)
    assert text != STUDY
    (folder / "study.toml").write_text(text, encoding="utf-8")
    return folder / "study.toml"


def test_the_accepted_reading_is_the_one_that_counts(folder):
    run = run_study(folder / "study.toml", folder / "out")
    accepted = run.responses[run.responses["evaluator"] == "ACCEPTED"]
    by_subject = accepted.groupby("subject", observed=True)[["read_by", "accepted_by"]].first().astype(str)
    assert by_subject.values.tolist() == [
        ["R1", "readers agree"],
        ["ADJ", "adjudicator"],
        ["R2", "adjudication"],
        ["R1", "readers agree"],
    ]
    best = run.best[run.best["evaluator"] == "ACCEPTED"].set_index("subject")["best_response"]
    assert best.astype(str).to_dict() == {"01": "PR", "02": "PD", "03": "PR", "04": "PD"}
    pfs = run.tte["PFS"].set_index("subject")
    assert pfs["event"].to_dict() == {"01": False, "02": True, "03": False, "04": True}
    assert pfs.loc["02", "time"] == 57


def test_the_concordance_table_and_the_discordance_listing_are_written(folder):
    run_study(folder / "study.toml", folder / "out")
    table = pd.read_csv(folder / "out/tables/concordance.csv", index_col=0).rename(index=str.strip)
    assert table.columns.tolist() == ["CONTROL (N=2)", "NEW (N=2)"]
    assert table.loc["Agreement on best response, n (%)"].tolist() == ["0", "2 (100.0%)"]
    assert table.loc["INVESTIGATOR only (b)"].tolist() == ["0", "1 (50.0%)"]
    assert table.loc["Both, INVESTIGATOR later (a2)"].tolist() == ["1 (50.0%)", "0"]
    assert table.loc["Early discrepancy rate, (b + a3)/(a + b) (95% CI)"].tolist() == [
        "0.0% (0.0, 97.5)",
        "50.0% (1.3, 98.7)",
    ]
    assert table.loc["Difference from CONTROL (95% CI)"].iloc[:, 1].tolist() == [
        "50.0% (-64.2, 93.1)",  # 1 of 2 against 0 of 1
        "-100.0% (-100.0, 58.7)",
    ]
    listing = pd.read_csv(folder / "out/listings/discordance.csv", dtype=str, keep_default_na=False)
    assert listing[["Subject", "Outcome", "INVESTIGATOR", "ACCEPTED"]].values.tolist() == [
        ["01", "progression", "PD (2024-06-18)", "none"],
        ["03", "best response", "SD (2024-02-27)", "PR (2024-02-27)"],
        ["04", "best response", "SD (2024-02-27)", "PD (2024-02-27)"],
        ["04", "progression", "PD (2024-04-23)", "PD (2024-02-27)"],
    ]
    for name in ("Finding: INVESTIGATOR", "Finding: ACCEPTED"):
        assert listing[name].str.contains(" by T1.").all()
    assert listing.loc[0, "Finding: ACCEPTED"].startswith(
        "WEEK 24 (2024-06-18): PR by T1.Hb: target PR (TL-PR)"
    )
    html = (folder / "out/listings/discordance.html").read_text(encoding="utf-8")
    assert "ACCEPTED: of R1 and R2 with adjudicator ADJ, by the table of adjudications; elsewhere" in html


def test_the_results_hold_the_numbers_of_the_table(folder):
    run = run_study(folder / "study.toml", folder / "out")
    rows = run.results[run.results["display"] == "concordance"]
    value = rows[(rows["row"] == "ldr") & (rows["group"] == "CONTROL") & (rows["statistic"] == "estimate")][
        "value"
    ]
    assert value.tolist() == [1.0]
    assert "adjudication.csv" in (folder / "out/manifest.json").read_text(encoding="utf-8")


def test_an_endpoint_may_still_name_another_evaluator(folder):
    file = changed(folder, 'name = "PFS"', 'name = "PFS"\nevaluator = "INVESTIGATOR"')
    assert run_study(file, folder / "out").tte["PFS"]["event"].tolist() == [True, True, False, True]


def test_two_evaluators_are_compared_without_readers_too(folder):
    text = STUDY[: STUDY.index("[readers]")] + STUDY[STUDY.index("[concordance]") :]
    text = text.replace('"ACCEPTED"', '"R1"').replace("[response]", '[response]\nevaluator = "R1"')
    (folder / "study.toml").write_text(text, encoding="utf-8")
    run_study(folder / "study.toml", folder / "out")
    assert (folder / "out/tables/concordance.html").exists()


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        (
            'adjudicator = "ADJ"',
            'adjudicator = "ADJ"\nrule = "majorty"',
            "rule 'majorty' is not known.*majority",
        ),
        ('adjudicator = "ADJ"', 'adjudicator = "R2"', "two readers have one name: R1, R2, R2, ACCEPTED"),
        ('adjudicator = "ADJ"', 'adjudicator = "ADJ"\nflags = true', "both flags and adjudication"),
        ('reader_2 = "R2"', 'reader_3 = "R2"', "unknown key 'reader_3' in .readers.*reader_1"),
        ('evaluators = ["INVESTIGATOR", "ACCEPTED"]', 'evaluators = ["INVESTIGATOR"]', "evaluators"),
        ("[concordance]", '[concordance]\ncriteria = "irecist"', "criteria 'irecist' is not known"),
        ("[concordance]", '[concordance]\npopulation = "itt"', "population 'itt' is not known"),
    ],
)
def test_a_mistake_in_the_file_is_named_with_its_line(folder, old, new, message):
    with pytest.raises(InputError, match=message) as refused:
        read_study(changed(folder, old, new))
    assert "study.toml, line" in str(refused.value)


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('"adjudication.csv"', '"choices.csv"', "line 13: adjudication = .choices.csv.: there is no file"),
        ('reader_1 = "R1"', 'reader_1 = "R9"', "line 9: No response is read by 'R9'"),
        (
            '"INVESTIGATOR", "ACCEPTED"',
            '"INVESTIGATR", "ACCEPTED"',
            "evaluator 'INVESTIGATR' is not in the data",
        ),
        ('adjudication = "adjudication.csv"', "flags = true", "no flag of accepted records"),
    ],
)
def test_a_mistake_that_the_data_show_is_named_with_its_line(folder, old, new, message):
    with pytest.raises(InputError, match=message) as refused:
        run_study(changed(folder, old, new), folder / "out")
    assert "study.toml, line" in str(refused.value)
    assert not (folder / "out").exists()


def test_an_adjudication_still_to_come_stops_the_run(folder):
    with pytest.raises(InputError, match="03, WEEK 8: the readers differ, and ADJ has not read this subject"):
        run_study(changed(folder, 'adjudication = "adjudication.csv"\n', ""), folder / "out")
