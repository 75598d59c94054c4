"""An explanation under mRECIST says where the reader's word was not enough, and when what was asked was met."""

import pandas as pd

import recist


def lesions(*new, effusion="present", cytology=None):
    """A target, a pleural effusion and new rows (visit, size, pattern) at two visits."""
    dates = {"BASELINE": "2024-01-02", "WEEK 8": "2024-02-27", "WEEK 16": "2024-04-23"}
    rows = []
    for visit, date in dates.items():
        plain = {"subject": "01", "visit": visit, "date": date}
        rows.append(
            plain
            | {"lesion": "T1", "role": "target", "organ": "LIVER", "diameter_mm": 40.0, "viable_mm": 30.0}
        )
        state = effusion if visit == "WEEK 8" else "present"
        rows.append(
            plain | {"lesion": "N1", "role": "non-target", "organ": "PLEURAL EFFUSION", "state": state}
        )
        rows += [
            plain | {"lesion": "X1", "role": "new", "organ": "LIVER", "diameter_mm": size, "pattern": pattern}
            for at, size, pattern in new
            if at == visit
        ]
    return pd.DataFrame(rows).assign(cytology_positive=pd.array([cytology] * len(rows), dtype="boolean"))


def why(table, visit):
    responses = recist.assess(table, "mrecist_hcc")
    return recist.explain(responses, "01", visit, lesions=table)


def test_a_nodule_that_is_not_yet_accepted_is_named_with_what_is_asked():
    text = why(lesions(("WEEK 8", 9.0, "typical")), "WEEK 8")
    assert "New lesion X1, LIVER: the reader's unequivocal is equivocal here" in text
    assert "size and typical pattern, or growth" in text
    assert "Met at" not in text


def test_one_that_is_accepted_later_names_the_visit_that_settled_it():
    text = why(lesions(("WEEK 8", 12.0, "atypical"), ("WEEK 16", 13.0, "typical")), "WEEK 8")
    assert "Met at WEEK 16 (2024-04-23): it counts from the scan where it was first seen." in text
    assert "the reader's unequivocal" not in why(
        lesions(("WEEK 8", 12.0, "atypical"), ("WEEK 16", 13.0, "typical")), "WEEK 16"
    )


def test_an_effusion_without_cytology_is_named_and_one_with_it_is_not():
    text = why(lesions(effusion="unequivocal progression"), "WEEK 8")
    assert (
        "Non-target N1, PLEURAL EFFUSION: recorded as unequivocal progression, which does not count here"
        in text
    )
    assert "positive cytology at this visit or before" in text
    assert "does not count" not in why(lesions(effusion="unequivocal progression", cytology=True), "WEEK 8")


def test_recist_1_1_takes_the_readers_word():
    table = lesions(("WEEK 8", 9.0, "typical"))
    text = recist.explain(recist.assess(table), "01", "WEEK 8", lesions=table)
    assert "the reader's unequivocal" not in text
