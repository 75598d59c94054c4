"""Hard but plausible subjects for iRECIST; see tests/generate.py for the recipe.

A story of the target sum (pseudo-progression, an iUPD that is cancelled, +4 mm then +2 mm, two blocks) and
new lesions that appear, grow, shrink, vanish, come back and go unread.  In a calm subject targets shrink and
new lesions are read at nearly every visit, so that what is new decides.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import numpy as np
import pandas as pd
from hypothesis import strategies as st

from tests import generate
from tests.generate import ALTERNATIVES, BEST_ALTERNATIVES, START, Facts, Row, Subject
from tests.generate_visits import SPREAD, Course, Pick

I_ALTERNATIVES: dict[str, tuple[Any, ...]] = {
    "i_min_days": (28, 21),
    "i_tol_days": (0, 2),
    "i_max_days": (56, 84),
    "i_early_exception": (True, False),
    "i_increase_ref": ("iupd", "min_since_iupd"),
    "i_reset_rule": ("pr_vs_baseline_wins", "nadir_strict"),
    "i_new_lesion_policy": ("faq_improvement", "strict_table2"),
    "i_unconfirmed_is_event": (True, False),
}
GAPS = (56, 28, 27, 42, 14, 29, 26, 57, 84)
# Sums in the order of the visits; "mark" is the sum at the last "pd".
STORIES: tuple[tuple[str, ...], ...] = (
    (),
    ("pd", "mark + 4", "mark + 6", "half"),
    ("pd", "sd", "pd", "mark + 5"),
    ("pd", "sd", "sd", "pd", "pr", "pr"),
    ("pd", "half", "same", "short of 5", "pd", "mark + 4.99", "pr", "same"),
    ("pr", "same", "pd", "mark - 4", "pr", "same", "half"),
    ("half", "pd", "mark - 4", "mark + 2", "mark + 5"),
    ("pd", "mark + 5", "pr"),
    ("pr", "pd", "pr", "pd", "mark"),
    ("half", "half", "pd", "low rise", "low rise", "pd", "mark + 5"),
    ("cr", "return small", "mark", "one back"),
    ("same", "pd", "mark", "mark + 4.99", "mark + 5"),
    ("sd", "sd", "pr", "pr", "cr", "pd"),
    ("same", "sd", "pr", "same", "half", "same", "half"),
)
CALM = ("sd", "pr", "pr", "half", "half", "half", "half", "half")
LATER = ("same", "mark + 4", "mark + 5", "mark - 4", "pd", "pr", "sd", "mark + 2", "cr", "each its own way")
NEW_MM = (1200, 600, 1000, 999, 1500, 400, 2000)
NEW_ROLES = ("new target", "new non-target", "new")
STEPS = (0, 0, 500, 400, 200, -200, -400, 0, -100, 0, -300)
HIDDEN: tuple[dict[str, Any] | None, ...] = (
    {"state": "not evaluable"},
    {"state": "not done"},
    None,  # no row
    {"state": "not new"},
    {"state": "absent", "diameter_mm": None},
    {"state": "absent", "diameter_mm": 0.0},
    {"state": "", "diameter_mm": 0.0},
)
SEQUENCES = (
    ("iPR", "iUPD", "iSD", "NE", "iCR", "iUPD", "iPR", "iCPD"),
    ("NON-iCR/NON-iUPD", "iCR", "iUPD", "NE", "iCR", "iCPD"),
    ("iUPD", "NE", "iSD", "iUPD"),
    ("iCR", "iCR", "NE", "iPR", "iSD", "iUPD"),
    ("NED", "NE", "iUPD", "NON-iCR/NON-iUPD", "iCPD"),
)
# (state, further_increase) of a non-target lesion once it has progressed
AFTER_PROGRESSION: tuple[tuple[str, bool | None], ...] = (
    ("unequivocal progression", None),
    ("present", None),
    ("unequivocal progression", True),
    ("present", None),
    ("increased", None),
    ("unequivocal progression", None),
    ("present", False),
    ("present", True),
    ("increased", False),
    ("not evaluable", None),
    ("unequivocal progression", False),
    ("absent", None),
    ("not evaluable", True),
)


@dataclass
class NewCourse:
    """Where a new lesion stands."""

    role: str
    wait: int
    node: bool
    size: int = 0
    last: int = 0


@dataclass
class ImmuneCourse(Course):
    """A subject under iRECIST."""

    mark: int = 0
    calm: bool = False
    progressed: set[str] = field(default_factory=set)
    lesions: dict[str, NewCourse] = field(default_factory=dict)

    @classmethod
    def begin(cls, pick: Pick) -> ImmuneCourse:
        """A subject of `Course` with 0-3 new lesions, each with its role and first visit."""
        self = cls(**vars(Course.start(pick)))
        self.mark = self.baseline
        self.calm = pick(4) == 3
        for k in range(max((1, 0, 0, 2, 1, 0, 3)[pick(7)], len(self.new))):
            name = f"N{k + 1}"
            self.organs.setdefault(name, ("LUNG", "LIVER", "BONE")[k])
            wait = pick(2) + 2 * k if self.calm else pick(7)
            self.lesions[name] = NewCourse(NEW_ROLES[pick(3)], wait, pick(8) == 7)
        return self

    def move(self, mode: str, pick: Pick) -> None:
        rise = -(-self.nadir * 120 // 100)
        low = max(self.mark - 300 - 100 * pick(9), 0)
        totals = {"sd": self.baseline * 90 // 100, "low rise": low, "mark": self.mark}
        if mode.startswith("mark ") and self.live():
            self.set_total(max(self.mark + round(100 * float(mode[5:].replace(" ", ""))), 0))
        elif mode in totals and self.live():
            self.set_total(totals[mode])
        elif mode == "pd" and self.live():
            self.set_total(max(rise, self.nadir + 500) + (0, 0, 700)[pick(3)])
            self.mark = sum(self.sizes.values())
        else:
            super().move(mode, pick)

    def non_target_rows(self, mode: str, pick: Pick) -> list[Row]:
        """Most stay present until one progresses; what follows says whether it went on."""
        rows = []
        for row in super().non_target_rows(mode, pick):
            name = row["lesion"]
            if self.calm:
                row |= {"state": "present", "diameter_mm": None}
            elif name in self.progressed:
                state, flag = AFTER_PROGRESSION[pick(len(AFTER_PROGRESSION))]
                row |= {"state": state, "further_increase": flag, "diameter_mm": None}
            elif mode != "cr" and pick(12) < 11:
                row |= {"state": ("present", "unequivocal progression")[pick(16) == 15], "diameter_mm": None}
            if row["state"] == "unequivocal progression":
                self.progressed.add(name)
            rows.append(row)
        return rows

    def new_rows(self, pick: Pick) -> list[Row]:
        rows = []
        for name, lesion in self.lesions.items():
            known = self.new_state(lesion, pick)
            if known is not None:
                plain = {"node": lesion.node, "method": "CT"}
                rows.append(self.row(name, lesion.role, **(plain | known)))
        return rows

    def new_state(self, lesion: NewCourse, pick: Pick) -> Row | None:
        """What this visit shows of one new lesion; None = no row."""
        lesion.wait -= 1
        if lesion.wait >= 0:
            early = lesion.wait == 0 and pick(6) == 5
            return {"state": "equivocal", "diameter_mm": 7.0} if early else None
        if lesion.size == 0:
            lesion.size = NEW_MM[pick(len(NEW_MM))]
        else:
            lesion.size = max(lesion.size + STEPS[pick(len(STEPS))], 100)
        if pick(20 if self.calm else 5) == 4:
            hidden = HIDDEN[pick(len(HIDDEN))]
            if hidden is not None and hidden["state"] in ("absent", ""):
                lesion.size = 0
            return hidden
        states = ["unequivocal", "unequivocal", "", "", "equivocal", "unequivocal"]
        known: Row = {"diameter_mm": lesion.size / 100}
        if lesion.role == "new target":
            states += ["measured", "too small" if lesion.size <= 1000 else "measured"]
        else:
            flags = (None, True, False) if lesion.size > lesion.last > 0 else (*[None] * 7, True)
            known["further_increase"] = flags[pick(len(flags))]
        known["state"] = states[pick(len(states))]
        if known["state"] == "too small" or pick(12) == 11:
            known["diameter_mm"] = None
        if known["state"] == "measured" and known["diameter_mm"] is None:
            known["state"] = "not evaluable"
        lesion.last = lesion.size
        return known


def build_irecist_subject(pick: Pick) -> Subject:
    """Lesion rows, visit facts and conventions of one subject under iRECIST."""
    others = {name: values for name, values in ALTERNATIVES.items() if name != "post_pd"}
    conventions = generate.pick_conventions(pick, I_ALTERNATIVES | others | BEST_ALTERNATIVES)
    course = ImmuneCourse.begin(pick)
    rows = course.baseline_rows(START - dt.timedelta(days=1 + pick(28)))
    story = CALM if course.calm else STORIES[pick(len(STORIES))]
    facts, date = Facts(), START
    for k in range(2 + pick(7)):
        gap = GAPS[pick(len(GAPS))]
        date += dt.timedelta(days=gap)
        label = f"UNSCHEDULED {k + 1}" if gap == 14 else f"VISIT {k + 1}"
        imaged = pick(14) != 13
        mode = story[k] if k < len(story) else LATER[pick(len(LATER))]
        rows += immune_rows(course, label, date, mode if imaged else "", pick)
        known: dict[str, Any] = {} if imaged else {"imaging_done": False}
        if pick(2 if gap < 28 else 8) == 1:
            known["new_symptoms"] = True
        if pick(12) == 11:
            known["tumour_marker_elevated"] = True
        if known:
            facts[label] = known
    return rows, facts, conventions


def immune_rows(course: ImmuneCourse, label: str, date: dt.date, mode: str, pick: Pick) -> list[Row]:
    """All rows of one visit; without a mode nothing was scanned."""
    if not mode:
        return [{"visit": label, "date": date} | row for row in course.not_done_rows()]
    course.move(mode, pick)
    rows = course.target_rows(not course.calm and pick(6) == 5, pick)
    rows += course.non_target_rows(mode, pick) + course.new_rows(pick)
    spread = pick(4) == 3
    return [
        {"visit": label, "date": date + dt.timedelta(days=SPREAD[pick(6)] if spread else 0)} | row
        for row in rows or course.not_done_rows()
    ]


def build_iresponses(pick: Pick) -> dict[str, Any]:
    """Arguments of `tests.reference_irecist.ibor`."""
    terms = SEQUENCES[pick(len(SEQUENCES))]
    date, records = START, []
    for _ in range(pick(10)):
        date += dt.timedelta(days=(28, 42, 27, 14, 56)[pick(5)] if pick(2) == 0 else 3 + pick(58))
        records.append((date, terms[pick(len(terms))]))
    new_therapy = None
    if pick(4) == 3:
        near = records[pick(len(records))][0] if records else date
        new_therapy = near + dt.timedelta(days=pick(3) - 1)
    counts = {"i_unconfirmed_is_event": I_ALTERNATIVES["i_unconfirmed_is_event"]}
    return {
        "records": records,
        "rules": generate.pick_conventions(pick, counts | BEST_ALTERNATIVES),
        "new_therapy_date": new_therapy,
        "start": START,
        "no_targets": "NON-iCR/NON-iUPD" in terms,
    }


# ---------------------------------------------------------------- drawing and frames


def random_irecist_subject(rng: np.random.Generator) -> Subject:
    """(rows, facts, conventions) of one subject."""
    return build_irecist_subject(generate.numpy_pick(rng))


def random_iresponses(rng: np.random.Generator) -> dict[str, Any]:
    """Keyword arguments of tests.reference_irecist.ibor."""
    return build_iresponses(generate.numpy_pick(rng))


def random_irecist_cohort(seed: int, n: int) -> dict[str, Subject]:
    """`n` subjects by identifier."""
    rng = np.random.default_rng(seed)
    return {f"S{k + 1:05d}": random_irecist_subject(rng) for k in range(n)}


@st.composite
def irecist_subjects(draw: st.DrawFn) -> Subject:
    """The subjects of `random_irecist_subject`, drawn by Hypothesis."""
    return build_irecist_subject(lambda n: draw(st.integers(0, n - 1)))


@st.composite
def iresponses(draw: st.DrawFn) -> dict[str, Any]:
    """The sequences of `random_iresponses`, drawn by Hypothesis."""
    return build_iresponses(lambda n: draw(st.integers(0, n - 1)))


def to_frame(rows: Sequence[Row], subject: str, evaluator: str = "INVESTIGATOR") -> pd.DataFrame:
    """Lesion frame of one subject with the columns that iRECIST and mRECIST ask for."""
    frame = generate.to_frame(rows, subject, evaluator)
    names = ("cytology_positive", "further_increase")
    booleans = {name: pd.array([row.get(name) for row in rows], dtype="boolean") for name in names}
    return frame.assign(
        viable_mm=pd.Series([row.get("viable_mm") for row in rows], dtype="float64"),
        pattern=pd.Series([row.get("pattern") for row in rows], dtype="str"),
        **booleans,
    )


def to_visits(facts: Facts, subject: str, evaluator: str = "INVESTIGATOR") -> pd.DataFrame:
    """Visit frame of one subject, new symptoms included."""
    known = [bool(said.get("new_symptoms", False)) for said in facts.values()]
    return generate.to_visits(facts, subject, evaluator).assign(new_symptoms=known)
