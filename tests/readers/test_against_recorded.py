"""Derived against recorded: one small table per kind of disagreement."""

from pathlib import Path

import pandas as pd
import pytest

from recist import InputError, assess, compare_recorded
from recist.disagreement import KINDS
from tests.readers.frames import VISITS, lesions

WEEK_8, WEEK_16, WEEK_24 = list(VISITS)[1:]


def recorded(*rows):
    frame = pd.DataFrame(rows, columns=["visit", "overall"])
    return frame.assign(subject="01", evaluator="INV", date=pd.to_datetime(frame["visit"].map(VISITS)))


def only_kind(sizes, *rows, extra=None):
    """The kinds of disagreement of one subject, and the listing."""
    table = lesions({("01", "INV"): sizes})
    if extra is not None:
        table = pd.concat([table, extra], ignore_index=True)
    listing = compare_recorded(assess(table), recorded(*rows)).listing
    return listing["kind"].tolist(), listing


def lesion(visit, role, **columns):
    row = {
        "subject": "01",
        "evaluator": "INV",
        "visit": visit,
        "date": VISITS[visit],
        "lesion": "X1",
        "role": role,
    }
    return pd.DataFrame([row | {"organ": "LUNG"} | columns])


def test_the_same_response_on_the_same_day_agrees():
    compared = compare_recorded(assess(lesions({("01", "INV"): [50, 35]})), recorded((WEEK_8, "PR")))
    assert (compared.compared, compared.agreeing, len(compared.listing)) == (1, 1, 0)
    assert compared.summary.values.tolist() == [["agree", "the same response on the same day", 1]]


def test_progression_from_the_nadir_and_from_baseline_too():
    kinds, listing = only_kind([50, 30, 40], (WEEK_8, "PR"), (WEEK_16, "PR"))
    assert kinds == ["progression from nadir"]
    assert listing["reason"][0].endswith(
        "+33.33 % and +10.0 mm from nadir 30.0 mm; from baseline only -20.0 %"
    )
    assert only_kind([50, 61], (WEEK_8, "SD"))[0] == ["target progression"]


def test_progression_by_a_new_lesion():
    new = lesion(WEEK_8, "new", state="unequivocal")
    kinds, listing = only_kind([50, 50], (WEEK_8, "SD"), extra=new)
    assert kinds == ["new lesion"]
    assert "new lesion" in listing["reason"][0]


def test_progression_of_a_non_target_lesion():
    seen = lesion("BASELINE", "non-target", state="present")
    worse = lesion(WEEK_8, "non-target", state="unequivocal progression")
    kinds, _ = only_kind([50, 50], (WEEK_8, "SD"), extra=pd.concat([seen, worse]))
    assert kinds == ["non-target progression"]


def test_a_lesion_back_after_complete_response():
    assert only_kind([50, 0, 4], (WEEK_8, "CR"), (WEEK_16, "PR"))[0] == [
        "lesion back after complete response"
    ]


def test_a_response_after_progression():
    assert only_kind([50, 61, 50], (WEEK_8, "PD"), (WEEK_16, "SD"))[0] == ["after progression"]


def test_missing_lesions_that_were_ignored():
    second = pd.concat([lesion("BASELINE", "target", diameter_mm=20.0)])
    kinds, listing = only_kind([50, 30], (WEEK_8, "PR"), extra=second)
    assert kinds == ["missing lesions"]
    assert "1 of 2 without a value" in listing["reason"][0]


def test_progression_that_no_lesion_shows_and_not_evaluable_that_is():
    assert only_kind([50, 50], (WEEK_8, "PD"))[0] == ["progression not in the lesions"]
    assert only_kind([50, 50], (WEEK_8, "NE"))[0] == ["evaluable from the lesions"]
    kinds, listing = only_kind([50, 35], (WEEK_8, "SD"))
    assert kinds == ["response differs"]
    assert listing["query"][0].startswith("01, INV, WEEK 8: recorded SD; the lesions give PR (PR by T1.Hb: ")


def test_a_visit_in_one_of_the_two_only():
    assert only_kind([50, 50, 50], (WEEK_8, "SD"))[0] == ["visit not recorded"]
    assert only_kind([50, 50], (WEEK_8, "SD"), (WEEK_16, "SD"))[0] == ["visit not in the lesions"]


def test_a_blank_and_an_unknown_word():
    rows = recorded((WEEK_8, None), (WEEK_16, None)).assign(
        overall_given=[False, True], overall_recorded=[None, "CHECK"]
    )
    listing = compare_recorded(assess(lesions({("01", "INV"): [50, 50, 50]})), rows).listing
    assert listing["kind"].tolist() == ["recorded response blank", "recorded response unknown"]
    assert "'CHECK' is no response" in listing["query"][1]


def test_another_date_and_a_date_without_a_day():
    rows = recorded((WEEK_8, "SD"), (WEEK_16, "SD")).assign(date_text=["2024-02-28", "2024-04"])
    rows["date"] = pd.to_datetime(["2024-02-28", None])
    listing = compare_recorded(assess(lesions({("01", "INV"): [50, 50]})), rows).listing
    assert sorted(listing["kind"]) == ["date differs", "date without a day"]
    query = listing.set_index("kind")["query"]
    assert "SD is dated 2024-02-28; the scans of the visit give 2024-02-27" in query["date differs"]


def test_a_visit_under_another_label_is_found_by_its_date():
    rows = recorded((WEEK_8, "SD")).assign(visit="CYCLE 3")
    assert compare_recorded(assess(lesions({("01", "INV"): [50, 50]})), rows).agreeing == 1


def test_two_dates_under_one_label_are_told_apart_by_date():
    rows = pd.concat(
        [recorded((WEEK_8, "PD")).assign(date=pd.Timestamp("2024-03-09")), recorded((WEEK_8, "SD"))]
    )
    listing = compare_recorded(assess(lesions({("01", "INV"): [50, 50]})), rows).listing
    assert listing["kind"].tolist() == ["visit not in the lesions"]
    assert listing["recorded"].tolist() == ["PD"]


def test_edits_of_the_criteria_do_not_keep_the_frames_apart():
    derived = assess(lesions({("01", "INV"): [50, 36]}), "recist_1_1[pr_pct=25]")
    assert compare_recorded(derived, recorded((WEEK_8, "PR"))).agreeing == 1


def test_frames_that_have_nothing_in_common_or_lack_a_column_are_refused():
    derived = assess(lesions({("01", "INV"): [50, 36]}))
    with pytest.raises(InputError, match="No subject, evaluator and criteria is in both"):
        compare_recorded(derived, recorded((WEEK_8, "SD")).assign(evaluator="IRC"))
    with pytest.raises(InputError, match="recorded responses have no column 'overall'"):
        compare_recorded(derived, recorded((WEEK_8, "SD")).drop(columns="overall"))


def test_every_kind_has_a_case_above():
    text = Path(__file__).read_text(encoding="utf-8")
    assert [kind for kind in KINDS if f'"{kind}"' not in text] == []
