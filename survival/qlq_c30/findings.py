"""The findings of `check_qlq`: what may be wrong in a table of QLQ-C30 answers."""

from __future__ import annotations

from dataclasses import KW_ONLY, dataclass

from survival.qlq_c30.evidence import (
    LONG_BEFORE_DAYS,
    Find,
    after,
    all_alike,
    blank,
    day_twice,
    impossible,
    long_before,
    no_baseline,
    no_date,
    order,
    unknown,
    unscored,
    visit_twice,
)

SEVERITY = ("error", "warning", "note")
_HEAD = """\
# Findings in QLQ-C30 answers

`check_qlq` asks; it never changes data. A finding is an **error** when scores are wrong or cannot be trusted, a
**warning** when something is probably wrong or an analysis loses the assessment, a **note** when it is worth a look.
The sentence is put to the site after the place (subject, visit) and before the spreadsheet row.

What cannot be read at all (a missing column, an answer that is no number, a date without a day, two answers to a
question on one day) is refused by `read_qlq` with an error of its own.

This page is written from the declarations in `survival/qlq_c30/findings.py` by its `markdown()`.
"""


@dataclass(frozen=True)
class QlqFinding:
    """One finding: how it is found, what it means, why it matters; `{word}` is filled in."""

    find: Find
    _: KW_ONLY
    id: str
    severity: str
    meaning: str
    why: str
    sentence: str


FINDINGS = (
    QlqFinding(
        impossible,
        id="answer-impossible",
        severity="error",
        meaning="An answer that is none of the choices: 1 to 4, and 1 to 7 for questions 29 and 30.",
        why="It counts as not answered: the scale loses the item, or its score",
        sentence="{answers}. What was ticked?",
    ),
    QlqFinding(
        visit_twice,
        id="visit-twice",
        severity="error",
        meaning="Two rows of one subject and visit.",
        why="Tables count the first of them; on one day, with different answers, no change can be derived",
        sentence="filled in on {day}, and on {first_day} in row {first}. Which one belongs to this visit?",
    ),
    QlqFinding(
        day_twice,
        id="day-twice",
        severity="error",
        meaning="Two rows of one subject and day under different visits.",
        why="One may be another's baseline or confirmation; with different answers no change can be derived",
        sentence="filled in on {day}, as was row {first}. Is one of the dates wrong?",
    ),
    QlqFinding(
        unknown,
        id="subject-unknown",
        severity="error",
        meaning="Answers of a subject who is not in the subject table.",
        why="Without a start date there is no baseline and no time to deterioration",
        sentence="not in the subject table. Is the identifier right?",
    ),
    QlqFinding(
        after("death_date"),
        id="after-death",
        severity="error",
        meaning="A questionnaire dated after death.",
        why="One of the dates is wrong; the questionnaire does not count for time to deterioration",
        sentence="filled in on {date}, died on {death_date}. Which date is right?",
    ),
    QlqFinding(
        no_date,
        id="no-date",
        severity="warning",
        meaning="No date.",
        why="The answers are scored, but are no baseline and no change",
        sentence="no date. When was it filled in?",
    ),
    QlqFinding(
        no_baseline,
        id="no-baseline",
        severity="warning",
        meaning="A subject with questionnaires, none of them answered up to the start date.",
        why="There is no change from baseline, and time to deterioration is censored at the start",
        sentence="first questionnaire on {date}, start on {start_date}. Was one filled in before?",
    ),
    QlqFinding(
        order,
        id="visit-order",
        severity="warning",
        meaning="A visit dated before one that comes earlier in most subjects, the baseline visit for example.",
        why="One of the dates, or of the labels, is probably wrong",
        sentence="dated {date}, before {other} on {other_date}. Which date is right?",
    ),
    QlqFinding(
        long_before,
        id="long-before-start",
        severity="warning",
        meaning=f"A questionnaire more than {LONG_BEFORE_DAYS} days before the start date.",
        why="It may become the baseline; often the year is wrong",
        sentence="filled in on {date}, start on {start_date}. Is the date right?",
    ),
    QlqFinding(
        blank,
        id="all-blank",
        severity="warning",
        meaning="A questionnaire without any answer.",
        why="It is no assessment; time to deterioration passes over it",
        sentence="no answer at all. Was the questionnaire filled in?",
    ),
    QlqFinding(
        unscored,
        id="scale-not-scored",
        severity="note",
        meaning="Fewer than half of the items of a scale are answered.",
        why="The scale has no score at this visit",
        sentence="{answered} of 30 items answered; no score for {scales}. Is a page missing?",
    ),
    QlqFinding(
        all_alike,
        id="all-answers-alike",
        severity="note",
        meaning="Questions 1 to 28 all have the same answer, and it is not 1.",
        why="The questions are about different things; a column may have been filled down",
        sentence="questions 1 to 28 are all {answer}. Is it as ticked?",
    ),
    QlqFinding(
        after("cutoff_date"),
        id="after-cutoff",
        severity="note",
        meaning="A questionnaire after the data cutoff.",
        why="It does not count",
        sentence="filled in on {date}, cutoff {cutoff_date}. Is the date right?",
    ),
)


def markdown() -> str:
    """The page docs/findings_qlq_c30.md."""
    lines = [_HEAD]
    for severity in SEVERITY:
        chosen = [f for f in FINDINGS if f.severity == severity]
        lines.append(f"\n## {severity.capitalize()}s ({len(chosen)})\n")
        lines += ["| finding | what it means | why it matters | asked of the site |", "|---|---|---|---|"]
        lines += [f"| `{f.id}` | {f.meaning} | {f.why}. | {f.sentence} |" for f in chosen]
    return "\n".join(lines) + "\n"
