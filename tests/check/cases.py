"""For every finding: how to put it into the study, where it points, and words its message must hold."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from tests.check.study import BASELINE, W8, W16, W24, Edit, add, both, course, drop, put, row, subjects


@dataclass(frozen=True)
class Case:
    """An edit of the study, the finding it causes (`place`: visit, lesion), and what it must also cause."""

    id: str
    edit: Edit
    place: tuple[str | None, str | None]
    words: tuple[str, ...]
    also: frozenset[str] = frozenset()
    more: dict[str, Any] = field(default_factory=dict)


def case(
    id: str, edit: Edit, place: tuple[str | None, str | None], *words: str, also: str = "", **more: Any
) -> Case:
    return Case(id, edit, place, words, frozenset(also.split()), more)


def liver(n: int, organ: str = "LIVER") -> Edit:
    """So many more targets, each in an organ of its own when none is named."""
    return add(
        *(r for i in range(n) for r in course(f"X{i}", "target", organ or f"ORGAN {i}", 20, 20, 20, 20))
    )


def visits(**values: Any) -> pd.DataFrame:
    return pd.DataFrame([{"subject": "01-007", "visit": W8, "imaging_done": True} | values])


nothing: Edit = lambda rows: rows  # noqa: E731
other_reader = add(
    *(r | {"evaluator": "READER 2"} for r in course("A", "target", "LIVER", 40, 32, 25, 21)),
)

SELECTION = [
    case(
        "too-many-targets",
        liver(3, ""),
        (BASELINE, None),
        "6 target lesions (T01, T02, T03, X0, X1, X2)",
        "RECIST 1.1 allows 5",
        "Which ones were selected as targets?",
    ),
    case(
        "too-many-targets-in-organ",
        add(
            *course("X", "target", "Lung right", 20, 20, 20, 20),
            *course("Y", "target", "LUNG", 20, 20, 20, 20),
        ),
        (BASELINE, None),
        "3 target lesions in one organ, LUNG (T03, X, Y)",
        "allows 2",
    ),
    case(
        "target-too-small",
        put(BASELINE, "T01", diameter_mm=14, slice_mm=7.5),
        (BASELINE, "T01"),
        "14 mm, recorded as a target; RECIST 1.1 asks for at least 15 mm by CT or MRI with slices of 7.5 mm",
    ),
    case(
        "target-too-small",
        put(BASELINE, "T01", diameter_mm=9.9),
        (BASELINE, "T01"),
        "at least 10 mm by CT or MRI.",
    ),
    case(
        "target-too-small",
        both(put(None, "T03", method="CXR"), put(BASELINE, "T03", diameter_mm=19)),
        (BASELINE, "T03"),
        "19 mm",
        "at least 20 mm on a chest X-ray",
    ),
    case(
        "target-node-too-small",
        put(BASELINE, "T02", diameter_mm=14.9),
        (BASELINE, "T02"),
        "short axis of 14.9 mm",
        "at least 15 mm",
        "non-target lesion?",
    ),
    case(
        "normal-node-as-disease",
        put(None, "NT01", node=True, diameter_mm=9.5, organ="NECK"),
        (BASELINE, "NT01"),
        "short axis of 9.5 mm",
        "recorded as non-target; below 10 mm a node is normal",
        also="size-contradicts-state",
    ),
    case(
        "method-does-not-measure",
        put(None, "T01", method="ULTRASOUND"),
        (BASELINE, "T01"),
        "measured by ULTRASOUND",
        "CT or MRI as well?",
    ),
    case(
        "target-not-measurable",
        put(BASELINE, "T01", prior_rt=True),
        (BASELINE, "T01"),
        "recorded as a target (LIVER)",
        "previously irradiated",
    ),
    case(
        "target-not-measurable",
        put(None, "T01", organ="PLEURAL EFFUSION"),
        (BASELINE, "T01"),
        "truly non-measurable",
    ),
    case(
        "bone-target",
        put(None, "T01", organ="BONE"),
        (BASELINE, "T01"),
        "soft-tissue component",
        "is 40 mm its size?",
    ),
    case(
        "measurable-non-target",
        put(BASELINE, "NT01", diameter_mm=25),
        (BASELINE, "NT01"),
        "25 mm and measurable",
        "there are 3 targets, 0 of them in PERITONEUM",
    ),
    case("organ-missing", put(None, "NT01", organ=None), (BASELINE, "NT01"), "Where is the lesion?"),
    case(
        "node-not-flagged", put(None, "T02", node=False), (BASELINE, "T02"), "organ LYMPH NODE", "short axis?"
    ),
]

CALENDAR = [
    case(
        "no-baseline",
        put(None, None, baseline=False),
        (None, None),
        f"the first visit is {BASELINE} on 2024-01-02",
        "Was baseline imaging done",
    ),
    case(
        "evaluator-without-baseline",
        both(
            other_reader,
            lambda rows: [r | {"baseline": r["baseline"] and r["evaluator"] != "READER 2"} for r in rows],
        ),
        (None, None),
        "READER 2 read follow-up visits (the first is BASELINE on 2024-01-02)",
    ),
    case(
        "two-baselines",
        put(W8, None, baseline=True),
        (W8, "T01"),
        f"a baseline row at {W8} and another at {BASELINE}",
        also="baseline-after-start target-node-too-small",
    ),
    case(
        "baseline-too-early",
        nothing,
        (BASELINE, None),
        "imaged on 2024-01-02, 30 days before the start on 2024-02-01",
        "allows 28",
        subjects=subjects(treatment_start_date="2024-02-01"),
    ),
    case(
        "baseline-after-start",
        nothing,
        (BASELINE, None),
        "2024-01-02, after the start on 2024-01-01",
        subjects=subjects(treatment_start_date="2024-01-01"),
    ),
    case(
        "visit-before-baseline",
        put(W8, None, date="2023-12-27"),
        (W8, None),
        "dated 2023-12-27, before baseline on 2024-01-02",
    ),
    case(
        "visit-order",
        put(W16, None, date="2024-02-01"),
        (W16, None),
        f"dated 2024-02-01, before {W8} on 2024-02-27",
        also="node-regrown",
    ),
    case(
        "visit-dates-apart",
        put(W8, "T01", date="2024-03-13"),
        (W8, None),
        "from 2024-02-27 to 2024-03-13, 15 days",
    ),
    case(
        "same-date-two-visits",
        put(W16, None, date="2024-02-27"),
        (W16, None),
        f"dated 2024-02-27, the same as {W8}",
    ),
    case(
        "after-death",
        nothing,
        (W24, None),
        "scan on 2024-06-18, after death on 2024-06-17",
        subjects=subjects(death_date="2024-06-17"),
    ),
    case(
        "after-cutoff",
        nothing,
        (W24, None),
        "scan on 2024-06-18, after the data cutoff on 2024-05-01",
        subjects=subjects(cutoff_date="2024-05-01"),
    ),
]

MEASUREMENTS = [
    case("exact-duplicate", add(row(W8, "T01", "target", "LIVER", 32)), (W8, "T01"), "the same as row 3"),
    case(
        "conflicting-duplicate",
        add(row(W8, "T01", "target", "LIVER", 35)),
        (W8, "T01"),
        "measured 35 mm on 2024-02-27, but measured 32 mm on 2024-02-27 in row 3",
        "Which one is right?",
    ),
    case(
        "missing-without-reason",
        put(W8, "T01", diameter_mm=None, state="not evaluable"),
        (W8, "T01"),
        "not evaluable, no reason given",
    ),
    case("target-without-value", put(W8, "T01", diameter_mm=None), (W8, "T01"), "neither a size nor a state"),
    case(
        "target-unmeasured-at-baseline",
        put(BASELINE, "T01", diameter_mm=None, state="not evaluable"),
        (BASELINE, "T01"),
        "a target that is not evaluable at baseline",
    ),
    case(
        "target-unmeasured-at-baseline",
        put(BASELINE, "T01", diameter_mm=0),
        (BASELINE, "T01"),
        "a target that is measured 0 mm at baseline",
    ),
    case(
        "size-contradicts-state",
        put(W8, "T01", diameter_mm=12, state="absent"),
        (W8, "T01"),
        "state absent, 12 mm. Which of the two is right?",
        also="lesion-reappeared",
    ),
    case(
        "size-contradicts-state",
        put(W24, "T01", diameter_mm=None, state="measured"),
        (W24, "T01"),
        "but no size",
    ),
    case(
        "size-contradicts-state",
        put(W24, "T01", state="not evaluable", reason="motion"),
        (W24, "T01"),
        "state not evaluable, 21.5 mm",
    ),
    case(
        "too-small-with-other-size",
        put(W16, "T03", diameter_mm=4),
        (W16, "T03"),
        "too small to measure, yet 4 mm",
        "such a lesion is 5 mm",
    ),
    case(
        "zero-as-measured",
        put(W24, "T01", diameter_mm=0),
        (W24, "T01"),
        "0 mm, recorded as measured",
    ),
    case(
        "implausible-size", put(W24, "T01", diameter_mm=1550), (W24, "T01"), "1550 mm is larger than 500 mm"
    ),
    case(
        "viable-larger-than-lesion",
        put(W8, "T01", viable_mm=33),
        (W8, "T01"),
        "viable part 33 mm, whole lesion 32 mm",
    ),
    case(
        "too-many-decimals",
        put(W8, "T01", diameter_mm=31.125),
        (W8, "T01"),
        "31.125 mm has more than two decimals",
    ),
    case(
        "unit-slip",
        put(W8, "T01", diameter_mm=3.2),
        (W8, "T01"),
        f"3.2 mm after 40 mm at {BASELINE}",
        "in cm?",
    ),
    case("unit-slip", put(W24, "T01", diameter_mm=215), (W24, "T01"), f"215 mm after 25 mm at {W16}"),
]

PRESENCE = [
    case("target-not-listed", drop(W8, "T02"), (W8, None), "no row for target lesion T02"),
    case("non-target-not-listed", drop(W8, "NT01"), (W8, None), "no row for non-target lesion NT01"),
    case(
        "only-new-lesions-listed",
        both(drop(W24, None), add(row(W24, "NL9", "new", "SKIN", "unequivocal"))),
        (W24, None),
        "new lesions only (NL9)",
    ),
    case(
        "non-target-without-state",
        put(W8, "NT01", state=None),
        (W8, "NT01"),
        "no state. Was the lesion present",
    ),
    case(
        "non-target-size-without-state",
        put(W8, "NT01", state=None, diameter_mm=12),
        (W8, "NT01"),
        "12 mm but no state",
    ),
    case(
        "method-changed", put(W8, "T01", method="MRI"), (W8, "T01"), f"measured by MRI, by CT at {BASELINE}"
    ),
]

IDENTITY = [
    case(
        "target-without-baseline",
        add(*course("T07", "target", "SKIN", None, 12, 12, 12)),
        (W8, "T07"),
        "a target without a baseline row. Is it a new lesion",
    ),
    case(
        "non-target-without-baseline",
        add(*course("NT07", "non-target", "SKIN", None, None, "present", "present")),
        (W16, "NT07"),
        "a non-target without a baseline row",
    ),
    case(
        "role-changed",
        put(W16, "NT01", role="target", diameter_mm=12, state=None),
        (W16, "NT01"),
        f"target here, non-target at {BASELINE} (row 14)",
    ),
    case(
        "organ-changed",
        put(W16, "T01", organ="SPLEEN"),
        (W16, "T01"),
        f"SPLEEN here, LIVER at {BASELINE} (row 2)",
    ),
    case(
        "node-flag-changed",
        put(W16, "T01", node=True),
        (W16, "T01"),
        f"a lymph node here, not a lymph node at {BASELINE}",
    ),
    case(
        "split-without-parent",
        add(*course("T01a", "target", "LIVER", None, None, 12, 12)),
        (W16, "T01a"),
        "Did it split from T01?",
    ),
    case(
        "parent-unknown",
        add(*course("F", "target", "LIVER", None, None, 12, 12, parent="T09")),
        (W16, "F"),
        "split from T09, which has no baseline row",
    ),
    case(
        "merged-into-nothing",
        put(W24, "T01", diameter_mm=None, state="merged"),
        (W24, "T01"),
        "merged, into no lesion",
    ),
    case(
        "merged-into-nothing",
        put(W24, "T01", diameter_mm=None, state="merged", merged_into="T09"),
        (W24, "T01"),
        "merged, into T09, which is not recorded",
    ),
    case(
        "merged-partner-not-measured",
        both(
            put(W24, "T01", diameter_mm=None, state="merged", merged_into="T02"),
            put(W24, "T02", diameter_mm=None),
        ),
        (W24, "T01"),
        "merged into T02, which has no size at this visit",
        also="target-without-value",
    ),
    case(
        "zero-after-local-treatment",
        put(W24, "T01", diameter_mm=0, reason="Resected"),
        (W24, "T01"),
        "0 mm after local treatment (Resected)",
        "not evaluable from then on",
    ),
    case(
        "zero-after-local-treatment",
        both(
            put(W16, "T01", diameter_mm=None, state="not evaluable", reason="SBRT"),
            put(W24, "T01", diameter_mm=None, state="absent"),
        ),
        (W24, "T01"),
        "absent after local treatment (at an earlier",
    ),
]

NEW_LESIONS = [
    case(
        "new-lesion-at-baseline",
        add(row(BASELINE, "NL1", "new", "SKIN", "unequivocal")),
        (BASELINE, "NL1"),
        "recorded as new at baseline",
    ),
    case(
        "new-lesion-known-at-baseline",
        both(drop(W24, "NT01"), add(row(W24, "NT01", "new", "PERITONEUM", "unequivocal"))),
        (W24, "NT01"),
        "known at baseline (row 14, non-target)",
    ),
    case(
        "new-lesion-not-seen",
        add(row(W24, "NL1", "new", "SKIN", "absent")),
        (W24, "NL1"),
        "first recorded as a new lesion that is absent",
    ),
    case(
        "new-lesion-on-pet-alone",
        add(row(W24, "NL1", "new", "SKIN", "unequivocal", method="FDG-PET")),
        (W24, "NL1"),
        "unequivocal on FDG-PET with no negative PET at baseline",
    ),
    case(
        "equivocal-not-resolved",
        add(row(W16, "NL1", "new", "SKIN", "equivocal")),
        (W16, "NL1"),
        "equivocal, and not mentioned at later visits",
    ),
    case(
        "new-node-below-target-size",
        add(row(W24, "NL1", "new", "NECK", "unequivocal", node=True) | {"diameter_mm": 12}),
        (W24, "NL1"),
        "new node of 12 mm",
        "below 15 mm",
    ),
]

gone = both(*(put(W8, lesion, state="absent", diameter_mm=None) for lesion in ("T01", "T03", "NT01")))
COURSE = [
    case(
        "lesion-reappeared",
        put(W8, "T01", state="absent", diameter_mm=None),
        (W16, "T01"),
        "measured 25 mm after it was absent",
    ),
    case(
        "node-regrown",
        put(W24, "T02", diameter_mm=11),
        (W24, "T02"),
        "short axis of 11 mm after it was below 10 mm",
    ),
    case(
        "absent-after-unequivocal-progression",
        both(put(W16, "NT01", state="unequivocal progression"), put(W24, "NT01", state="absent")),
        (W24, "NT01"),
        "absent after unequivocal progression",
    ),
    case(
        "lesser-response-after-cr",
        both(
            gone,
            put(W8, "T02", diameter_mm=9),
            put(W16, "T01", state="absent", diameter_mm=None),
            put(W16, "T03", state="absent"),
            put(W16, "NT01", state="absent"),
            put(W16, "T02", diameter_mm=10.5),
        ),
        (W16, None),
        f"PR after CR at {W8}",
        "did it come back?",
        also="lesion-reappeared node-regrown",
    ),
]

PEOPLE = [
    case(
        "subject-unknown",
        nothing,
        (None, None),
        "not in the subject table",
        subjects=pd.DataFrame({"subject": ["01-008"]}),
    ),
    case(
        "no-disease-at-baseline",
        both(drop(None, None), add(row(W8, "NL1", "new", "LIVER", "unequivocal"))),
        (None, None),
        "no target and no non-target lesion recorded",
    ),
    case(
        "evaluators-chose-differently",
        other_reader,
        (None, None),
        "INVESTIGATOR LIVER, LUNG, LYMPH NODES; READER 2 LIVER",
    ),
    case(
        "imaging-without-lesions",
        drop(W8, None),
        (W8, None),
        "imaging was done, but no lesion is recorded",
        visits=visits(),
    ),
    case(
        "lesions-without-imaging",
        nothing,
        (W8, None),
        "no imaging was done, yet lesions T01, T02, T03 have sizes",
        visits=visits(imaging_done="N"),
    ),
]

ATTENUATION_AND_INJECTION = [
    case(
        "implausible-attenuation",
        put(W8, "T01", attenuation_hu=1024),
        (W8, "T01"),
        "attenuation 1024 HU",
    ),
    case(
        "attenuation-missing",
        both(put(BASELINE, "T01", attenuation_hu=80), put(W16, "T01", attenuation_hu=40)),
        (W8, "T01"),
        "32 mm, but no attenuation",
    ),
    case(
        "injected-then-not",
        both(put(BASELINE, "T01", injected="Y"), put(W16, "T01", injected="N")),
        (W16, "T01"),
        "not injected, but injected before",
    ),
]

CASES = [
    *(*SELECTION, *CALENDAR, *MEASUREMENTS, *PRESENCE, *IDENTITY, *NEW_LESIONS, *COURSE, *PEOPLE),
    *ATTENUATION_AND_INJECTION,
]
