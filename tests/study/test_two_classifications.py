"""Leukaemia judged by two classifications: nobody leaves the denominator, and nothing after the cutoff counts."""

import shutil

import pandas as pd
import pytest

from survival.run import _derive
from survival.study import StudyError, read_study
from survival.study.display import Material
from survival.study.displays import all_displays
from survival.study.load import load
from survival.study.show import shown
from tests.shared import ROOT

WITHOUT_DISEASE = "NCT6559-001"


def table_of(folder, change_subjects=lambda frame: frame, change_marrow=lambda frame: frame):
    """The table of response of the shipped escalation, its data changed."""
    shutil.copytree(ROOT / "data/synthetic/nct06559644", folder, dirs_exist_ok=True)
    for name, change in (("subjects.csv", change_subjects), ("marrow.csv", change_marrow)):
        change(pd.read_csv(folder / name, dtype=str)).to_csv(folder / name, index=False)
    study = read_study(folder / "study.toml")
    material = Material(study, *_derive(study, load(study), lambda _: None), pd.DataFrame())
    (one,) = [each for each in shown(material) if each.kind == "leukaemia_response_table"]
    return all_displays()[one.kind].make(material, one)


def rates(folder, *changes):
    """Counts of that table."""
    found = table_of(folder, *changes).results
    counts = found[(found["statistic"] == "count") & ~found["row"].str.endswith(": of")]
    return counts.astype({"value": int}).set_index(["row", "group"])[["value", "n"]]


def blank(frame):
    return frame.assign(disease=frame["disease"].where(frame["subject"] != WITHOUT_DISEASE))


def test_responses_are_printed_in_words_that_are_explained(tmp_path):
    table = table_of(tmp_path)
    titles = [line.title for line in table.lines]
    assert "Best response CR, MRD-negative, n (%)" in titles and not any("_" in title for title in titles)
    assert any("MLFS: morphologic leukaemia-free state" in note for note in table.shell.footnotes)


def test_each_subject_is_judged_by_its_own_classification(tmp_path):
    found = rates(tmp_path)
    assert found.loc["CR/CRh/CRi"].to_dict("list") == {"value": [0, 8, 6], "n": [3, 11, 6]}


def test_who_has_no_disease_on_record_and_no_marrow_stays_in_the_denominator(tmp_path):
    found = rates(tmp_path, blank, lambda marrow: marrow[marrow["subject"] != WITHOUT_DISEASE])
    assert found.loc[("CR/CRh/CRi", "Level 1")].tolist() == [0, 3]
    assert found.loc[("best NE", "Level 1")].tolist() == [1, 3]


def test_a_marrow_without_a_classification_is_an_error(tmp_path):
    with pytest.raises(StudyError, match="column 'disease' is blank for subject NCT6559-001"):
        rates(tmp_path, blank)


def test_responses_after_the_cutoff_are_no_remissions(tmp_path):
    found = rates(tmp_path, lambda frame: frame.assign(cutoff_date=frame["treatment_start_date"]))
    assert found.loc["CR/CRh/CRi"].to_dict("list") == {"value": [0, 0, 0], "n": [3, 11, 6]}
