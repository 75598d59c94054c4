"""Listings of responses, lesions, best responses, endpoints and findings: lines written down by hand."""

from __future__ import annotations

import pandas as pd
import pytest

import recist
from recist import InputError
from survival.formats.paper import LETTER, layout
from survival.listings.best_response import best_response_listing
from survival.listings.endpoints import endpoint_listing
from survival.listings.findings import finding_listing
from survival.listings.lesions import lesion_listing
from survival.listings.order import in_order
from survival.listings.qlq import qlq_listing
from survival.listings.responses import response_listing

ROWS = [  # subject, visit, date, lesion, role, organ, diameter, state, merged_into, reason, parent
    ("2", "SCREENING", "2024-01-02", "T1", "target", "LIVER", 30.0, "measured", None, None, None),
    ("2", "SCREENING", "2024-01-02", "T2", "target", "LIVER", 20.0, "measured", None, None, None),
    ("2", "SCREENING", "2024-01-02", "N1", "non-target", "BONE", None, "present", None, None, None),
    ("2", "WEEK 8", "2024-02-27", "T1", "target", "LIVER", 24.5, "measured", None, None, None),
    ("2", "WEEK 8", "2024-02-27", "T2", "target", "LIVER", None, "too small", None, None, None),
    ("2", "WEEK 8", "2024-02-27", "N1", "non-target", "BONE", None, "absent", None, None, None),
    ("2", "WEEK 16", "2024-04-23", "T1", "target", "LIVER", 40.0, "measured", None, None, None),
    ("2", "WEEK 16", "2024-04-23", "T2", "target", "LIVER", None, "merged", "T1", None, None),
    (
        "2",
        "WEEK 16",
        "2024-04-23",
        "N1",
        "non-target",
        "BONE",
        None,
        "unequivocal progression",
        None,
        None,
        None,
    ),
    ("2", "WEEK 16", "2024-04-23", "L1", "new", "LUNG", 11.0, "unequivocal", None, None, None),
    ("10", "SCREENING", "2024-01-09", "T1", "target", "LYMPH NODE", 18.0, "measured", None, None, None),
    ("10", "WEEK 8", "2024-03-05", "T1", "target", "LYMPH NODE", None, "not evaluable", None, "motion", None),
    ("10", "WEEK 8", "2024-03-05", "T1.1", "target", "LYMPH NODE", 9.0, "measured", None, None, "T1"),
    ("3", "SCREENING", "2024-01-09", "T1", "target", "LIVER", 18.0, "measured", None, None, None),
]
NAMES = [
    "subject",
    "visit",
    "date",
    "lesion",
    "role",
    "organ",
    "diameter_mm",
    "state",
    "merged_into",
    "reason",
    "parent",
]
SUBJECTS = pd.DataFrame({"subject": ["10", "2"], "arm": ["B", "A"]})


@pytest.fixture(scope="module")
def lesions() -> pd.DataFrame:
    return recist.as_lesions(pd.DataFrame(ROWS, columns=NAMES))


def test_lesions_with_every_kind_of_value(lesions: pd.DataFrame) -> None:
    frame = lesion_listing(lesions, SUBJECTS, "arm").frame
    assert list(frame) == [
        "Subject",
        "Lesion",
        "Arm",
        "Role",
        "Organ",
        "Node",
        "Baseline",
        "WEEK 8",
        "WEEK 16",
        "Note",
    ]
    values = {(row[0], row[1]): row[5:] for row in frame.itertuples(index=False, name=None)}
    assert list(values) == [("2", "L1"), ("2", "N1"), ("2", "T1"), ("2", "T2"), ("10", "T1"), ("10", "T1.1")]
    assert values["2", "T1"] == ("N", "30", "24.5", "40", "")
    assert values["2", "T2"] == ("N", "20", "5*", "in T1", "WEEK 16: merged into T1")
    assert values["2", "N1"] == ("N", "present", "0", "UP", "")
    assert values["2", "L1"] == ("N", "", "", "new (11)", "")
    assert values["10", "T1"] == ("Y", "18", "NE", "", "WEEK 8: motion")
    assert values["10", "T1.1"] == ("Y", "", "9", "", "split from T1")


def test_viable_parts_and_sizes_of_what_is_too_small(lesions: pd.DataFrame) -> None:
    changed = lesions.assign(viable_mm=lesions["diameter_mm"] / 2)
    changed.loc[changed["state"] == "too small", "diameter_mm"] = 4.0
    listing = lesion_listing(changed, SUBJECTS[1:])
    frame = listing.frame.set_index("Lesion")
    assert frame.loc["T1", "WEEK 8"] == "24.5 [12.3]" and frame.loc["T2", "WEEK 8"] == "4*"
    told = [note.split(":")[0] for note in listing.shell.footnotes]
    assert told[1:3] == ["In square brackets", "in T2"]


def test_responses_with_sums_changes_and_reasons(lesions: pd.DataFrame) -> None:
    listing = response_listing(recist.assess(lesions), SUBJECTS, "arm", start="first scan")
    frame = listing.frame
    assert frame["Subject"].tolist() == ["2", "2", "10"]
    assert frame.iloc[0].tolist()[:8] == [
        "2",
        "WEEK 8",
        "A",
        "2024-02-27 (56)",
        "29.5",
        "-41.0",
        "-41.0",
        "-20.5",
    ]
    assert frame.iloc[0, 8:12].tolist() == ["PR", "CR", "no", "PR"]
    second = frame.iloc[1]
    assert second["From nadir (mm)"] == "10.5" and second["New lesion"] == "yes" and second["Overall"] == "PD"
    assert second["Reason"].startswith("PD by T1.7: target PD (TL-PD), sum 40.0 mm")
    said = "Day: in brackets after the date, days from first scan, which is day 0."
    assert said in listing.shell.footnotes


def test_recorded_responses_stand_beside_the_derived(lesions: pd.DataFrame) -> None:
    derived = recist.assess(lesions)
    recorded = derived[["subject", "evaluator", "criteria", "visit", "date"]].assign(
        overall=["NE", "PR", "SD"]
    )
    recorded = recorded.astype(dict.fromkeys(("subject", "evaluator", "criteria", "visit"), "string"))
    said = dict(
        zip(derived["subject"].astype(str) + derived["visit"].astype(str), recorded["overall"], strict=True)
    )
    frame = response_listing(derived, SUBJECTS, recorded=recorded).frame
    for row in frame.to_dict("records"):
        assert row["Recorded"] == said[row["Subject"] + row["Visit"]]
        assert (row["Match"] == "yes") == (row["Recorded"] == row["Overall"])
    assert frame["Match"].tolist()[0] == "yes" and frame["Match"].tolist()[1] not in ("", "yes")


def test_iRECIST_has_its_column_and_several_criteria_are_told_apart(lesions: pd.DataFrame) -> None:
    both = recist.assess(lesions, ["recist_1_1", "irecist"])
    frame = response_listing(both, SUBJECTS).frame
    assert frame["Criteria"].tolist() == [
        "irecist",
        "irecist",
        "recist_1_1",
        "recist_1_1",
        "irecist",
        "recist_1_1",
    ]
    assert frame["With confirmation"].tolist() == ["iPR", "iUPD", "", "", "NE", ""]
    alone = response_listing(both[both["criteria"] == "irecist"], SUBJECTS).frame
    assert alone["iRECIST"].tolist() == ["iPR", "iUPD", "NE"]


def test_best_responses_of_everyone() -> None:
    best = pd.DataFrame(
        {"subject": ["2"], "best_response": ["PR"], "best_response_date": pd.to_datetime(["2024-02-27"])}
    )
    frame = best_response_listing(best, SUBJECTS, "arm").frame
    assert frame.values.tolist() == [["2", "A", "PR", "2024-02-27"], ["10", "B", "no assessment", ""]]


DAY = pd.Timestamp("2024-01-01")
TTE = pd.DataFrame(
    {
        "subject": ["10", "2"],
        "arm": ["B", "A"],
        "endpoint": "PFS",
        "time": [61, 32],
        "event": [False, True],
        "start_date": DAY,
        "date": [DAY + pd.Timedelta(days=60), DAY + pd.Timedelta(days=31)],
        "situation": ["P3", "P5"],
        "description": ["New therapy", "Progression documented"],
    }
)
ALSO = pd.DataFrame(
    {
        "subject": ["10", "10", "2"],
        "situation": ["P3", "P11", "P5"],
        "description": ["New therapy", "No progression", "Progression documented"],
        "outcome": ["censored", "censored", "event"],
        "date": [DAY + pd.Timedelta(days=60), DAY + pd.Timedelta(days=90), DAY + pd.Timedelta(days=31)],
        "chosen": [True, False, True],
    }
)


def test_endpoint_with_source_months_and_what_else_applied() -> None:
    listing = endpoint_listing(TTE, ALSO, "arm", sources={"P5": "progression"}, unit="months")
    frame = listing.frame
    event = ["2", "A", "2024-01-01", "2024-02-01", "32", "1.1", "event", "P5"]
    censored = ["10", "B", "2024-01-01", "2024-03-01", "61", "2.0", "censored", "P3"]
    assert frame.values.tolist() == [
        [*event, "Progression documented", "progression", ""],
        [*censored, "New therapy", "", "P11 No progression (censored, 2024-03-31)"],
    ]
    assert (
        "Days: date - start + 1, so that the start is day 1. Months: days / 30.4375."
        in listing.shell.footnotes
    )
    explained = [note.split(":")[0] for note in listing.shell.footnotes]
    assert explained == ["Days", "Rule", "Also applied"]
    with_record = endpoint_listing(TTE.assign(record="subjects.csv: death_date")).shell.footnotes
    assert [note.split(":")[0] for note in with_record] == ["Days", "Rule", "Record"]
    with pytest.raises(InputError, match="no column description"):
        endpoint_listing(TTE.drop(columns="description"))
    with pytest.raises(InputError, match="unit 'weeks' is not one of days, months"):
        endpoint_listing(TTE, unit="weeks")


def test_a_day_0_is_told_from_a_day_1() -> None:
    zero = TTE.assign(time=TTE["time"] - 1)
    assert endpoint_listing(zero).shell.footnotes[0] == "Days: date - start, so that the start is day 0."
    mixed = TTE.assign(time=[61, 31])
    assert not any(note.startswith("Days") for note in endpoint_listing(mixed).shell.footnotes)


def test_findings_by_severity_then_subject() -> None:
    found = pd.DataFrame(
        {
            "finding": list("abc"),
            "severity": ["note", "warning", "warning"],
            "subject": ["1", "10", "2"],
            "message": list("xyz"),
        }
    )
    frame = finding_listing(found.assign(row=[7, 12, pd.NA]).astype({"row": "Int64"})).frame
    assert frame.values.tolist() == [
        ["2", "warning", "c", "", "z"],
        ["10", "warning", "b", "12", "y"],
        ["1", "note", "a", "7", "x"],
    ]
    assert finding_listing(found[:0]).grid.notes[0] == "No subject to list."


def day(number: int) -> pd.Timestamp:
    return DAY + pd.Timedelta(days=number)


def test_questionnaires_with_their_changes() -> None:
    change = pd.DataFrame(
        [
            ("2", "BASELINE", day(1), "PA", 16.7, "baseline", None),
            ("2", "BASELINE", day(1), "QL2", 66.67, "baseline", None),
            ("2", "WEEK 8", day(50), "PA", None, "after", None),
            ("2", "WEEK 8", day(50), "QL2", 50.0, "after", -16.67),
            ("10", "BASELINE", day(3), "QL2", 100.0, "baseline", None),
            ("7", "BASELINE", day(3), "QL2", 100.0, "baseline", None),
        ],
        columns=["subject", "visit", "date", "scale", "score", "timing", "change"],
    )
    frame = qlq_listing(change, SUBJECTS, "arm").frame
    assert list(frame)[5:] == ["Global health status / QoL", "Pain"]
    assert frame.iloc[:, [0, 1, 2, 4, 5, 6]].values.tolist() == [
        ["2", "BASELINE", "A", "baseline", "66.7", "16.7"],
        ["2", "WEEK 8", "A", "after", "50.0 (-16.7)", ""],
        ["10", "BASELINE", "B", "baseline", "100.0", ""],
    ]


def test_order_is_that_of_people() -> None:
    frame = pd.DataFrame({"subject": pd.Categorical(["A-10", "A-9", "B-1", "A-9"]), "n": [1, 2, 0, 1]})
    assert in_order(frame, ["subject", "n"]).values.tolist() == [
        ["A-9", 1],
        ["A-9", 2],
        ["A-10", 1],
        ["B-1", 0],
    ]


def test_a_wide_listing_names_its_rows_on_every_panel(lesions: pd.DataFrame) -> None:
    many = pd.concat(
        [lesions[lesions["visit"] == "SCREENING"]]
        + [lesions[lesions["visit"] == "WEEK 8"].assign(visit=f"UNSCHEDULED {n}") for n in range(30)],
        ignore_index=True,
    )
    listing = lesion_listing(many, SUBJECTS)
    panels = layout(listing.grid, LETTER).panels
    assert len(panels) > 1 and all(panel.columns[:2] == (0, 1) for panel in panels)
    shown = [place for panel in panels for place in panel.columns[2:]]
    assert shown == list(range(2, len(listing.headings)))
