"""The findings of `check_adverse_events`: what may be wrong in a table of adverse events.

CTCAE version 5.0 (NCI 2017): grades 1 to 5, 5 being death.  ICH E2A, II.B: what is serious.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import KW_ONLY, dataclass

from survival.adverse_events import evidence
from survival.adverse_events.evidence import Mask, Table

Find = Callable[[Table], Mask]


@dataclass(frozen=True)
class AdverseFinding:
    """One finding: how it is found, what it means, why it matters; `{column}` is filled in."""

    find: Find
    _: KW_ONLY
    id: str
    severity: str  # error, warning or note, as in recist.findings
    meaning: str
    why: str
    cite: str
    sentence: str


CTCAE, E2A = "CTCAE 5.0, Grades", "ICH E2A, section II.B"
FINDINGS = (
    AdverseFinding(
        evidence.unknown_subject,
        id="adverse-event-subject-unknown",
        severity="error",
        meaning="A subject has adverse events but is not in the subject table.",
        why="The event drops out of every analysis",
        cite="house",
        sentence="not in the subject table. Is the identifier right?",
    ),
    AdverseFinding(
        evidence.grade_outside,
        id="grade-outside",
        severity="error",
        meaning="A grade is not one of 1 to 5.",
        why="The worst grade of the subject is not known",
        cite=CTCAE,
        sentence="grade {grade}; grades are 1, 2, 3, 4 and 5. Which one is it?",
    ),
    AdverseFinding(
        evidence.grade_missing,
        id="grade-missing",
        severity="warning",
        meaning="An event has no grade.",
        why="It counts among all events but not among the severe ones",
        cite=CTCAE,
        sentence="no grade. What was the worst grade?",
    ),
    AdverseFinding(
        evidence.start_missing,
        id="adverse-event-start-missing",
        severity="error",
        meaning="An event has no start date.",
        why="Whether it began during treatment is not known; a convention decides whether it counts",
        cite="ICH E9, glossary: treatment emergent",
        sentence="no start date. When did it begin?",
    ),
    AdverseFinding(
        evidence.start_partial,
        id="adverse-event-start-partial",
        severity="warning",
        meaning="The start date of an event lacks its day or month.",
        why="A day is never guessed; a convention decides where the event may lie on either side of the window",
        cite="ICH E9, glossary: treatment emergent",
        sentence="began {start_date_reported}, the day is not known. On which day did it begin?",
    ),
    AdverseFinding(
        evidence.end_before_start,
        id="adverse-event-end-before-start",
        severity="error",
        meaning="An event ends before it begins.",
        why="One of the dates is wrong",
        cite="house",
        sentence="began on {start_date}, ended on {end_date}. Which date is right?",
    ),
    AdverseFinding(
        evidence.death_unknown,
        id="grade-5-without-death",
        severity="error",
        meaning="An event of grade 5 in a subject without a date of death.",
        why="Grade 5 is death; it is missing from survival, or the grade is wrong",
        cite=CTCAE,
        sentence="grade 5, but no date of death. Did the subject die, and when?",
    ),
    AdverseFinding(
        evidence.ongoing_at_death,
        id="death-without-grade-5",
        severity="note",
        meaning="A subject died with an event of grade 3 or 4 going on, and has no event of grade 5.",
        why="An event that led to death has grade 5",
        cite=CTCAE,
        sentence="grade {grade}, going on at death on {death_date}. Did it lead to death?",
    ),
    AdverseFinding(
        evidence.fatal_other_grade,
        id="fatal-not-grade-5",
        severity="error",
        meaning="An event led to death but has another grade than 5.",
        why="It counts as leading to death, but not as grade 5",
        cite=CTCAE,
        sentence="led to death, grade {grade}. Is the grade 5?",
    ),
    AdverseFinding(
        evidence.fatal_denied,
        id="grade-5-not-fatal",
        severity="error",
        meaning="An event of grade 5 is said not to have led to death.",
        why="It counts as leading to death",
        cite=CTCAE,
        sentence="grade 5, yet it did not lead to death. Which of the two is right?",
    ),
    AdverseFinding(
        evidence.fatal_not_serious,
        id="grade-5-not-serious",
        severity="error",
        meaning="An event of grade 5 is said not to be serious.",
        why="An event that results in death is serious",
        cite=E2A,
        sentence="grade 5 and not serious. Which of the two is right?",
    ),
    AdverseFinding(
        evidence.fatal_ends_otherwise,
        id="grade-5-end-not-death",
        severity="warning",
        meaning="An event of grade 5 ends on another day than that of death.",
        why="A fatal event ends with death",
        cite="house",
        sentence="grade 5, ended on {end_date}; died on {death_date}. Which date is right?",
    ),
    AdverseFinding(
        evidence.start_after_death,
        id="adverse-event-after-death",
        severity="error",
        meaning="An event begins after death.",
        why="One of the dates is wrong",
        cite="house",
        sentence="began on {start_date}, after death on {death_date}. Which date is right?",
    ),
    AdverseFinding(
        evidence.end_after_death,
        id="adverse-event-end-after-death",
        severity="warning",
        meaning="An event ends after death.",
        why="One of the dates is wrong",
        cite="house",
        sentence="ended on {end_date}, after death on {death_date}. Which date is right?",
    ),
    AdverseFinding(
        lambda t: t.blank("serious"),
        id="seriousness-missing",
        severity="warning",
        meaning="It is not recorded whether an event is serious.",
        why="Blank counts as not serious, and serious events are reported one by one",
        cite=E2A,
        sentence="not recorded whether it is serious. Is it?",
    ),
    AdverseFinding(
        lambda t: t.blank("related"),
        id="relation-missing",
        severity="warning",
        meaning="It is not recorded whether an event is related to treatment.",
        why="Blank counts as related",
        cite="ICH E2A, section III.A.1: the investigator judges the relation",
        sentence="relation to treatment not recorded. Is it related?",
    ),
    AdverseFinding(
        evidence.duplicate,
        id="adverse-event-duplicate",
        severity="error",
        meaning="Two rows have the same subject, term, grade and dates.",
        why="Events are counted twice; subjects are not",
        cite="house",
        sentence="the same term, grade and dates as in an earlier row. Is it one event?",
    ),
    AdverseFinding(
        evidence.overlapping,
        id="adverse-event-overlap",
        severity="warning",
        meaning="The same term begins again, at the same grade, before it has ended.",
        why="Events are counted twice; subjects are not",
        cite="house",
        sentence="grade {grade} began on {start_date}, while the same term and grade was going on. Is it one event?",
    ),
    AdverseFinding(
        evidence.several_classes,
        id="term-in-two-classes",
        severity="warning",
        meaning="A term stands in another system organ class than where it occurs first.",
        why="Its subjects are spread over two lines of the table; a term has one primary class",
        cite="MedDRA, primary system organ class",
        sentence="in {system_organ_class}, elsewhere in another class. Which one is right?",
    ),
    AdverseFinding(
        evidence.limiting_low_grade,
        id="dose-limiting-low-grade",
        severity="note",
        meaning="A dose-limiting toxicity of grade 1 or 2.",
        why="Protocols usually ask for grade 3 at least",
        cite="Le Tourneau, Lee and Siu, J Natl Cancer Inst 2009; 101: 708",
        sentence="dose-limiting at grade {grade}. Does it meet the protocol's definition?",
    ),
    AdverseFinding(
        evidence.limiting_not_related,
        id="dose-limiting-not-related",
        severity="warning",
        meaning="A dose-limiting toxicity that is not related to treatment.",
        why="What treatment did not cause does not limit its dose",
        cite="Le Tourneau, Lee and Siu, J Natl Cancer Inst 2009; 101: 708",
        sentence="dose-limiting and not related. Which of the two is right?",
    ),
    AdverseFinding(
        evidence.before_treatment,
        id="adverse-event-before-treatment",
        severity="note",
        meaning="An event begins before the first dose.",
        why="It is not treatment-emergent and does not count from treatment on",
        cite="ICH E9, glossary: treatment emergent",
        sentence="began on {start_date}, before the first dose on {treatment_start_date}. Are the dates right?",
    ),
    AdverseFinding(
        evidence.after_cutoff,
        id="adverse-event-after-cutoff",
        severity="note",
        meaning="An event begins after the data cutoff.",
        why="It does not count in the analysis",
        cite="house",
        sentence="began on {start_date}, after the data cutoff on {cutoff_date}. Is the date right?",
    ),
)
