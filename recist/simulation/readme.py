"""The README that lies beside simulated data: design, seed, numbers, dictionary, known truth."""

from __future__ import annotations

from collections.abc import Mapping

import pandas as pd

from recist.simulation.adjudication import criteria_of
from recist.simulation.design import Design
from recist.simulation.leukaemia_course import LeukaemiaDesign
from recist.simulation.readme_leukaemia import leukaemia_parts
from recist.simulation.readme_notes import QUESTIONNAIRE_TRUTH, notes
from recist.simulation.scripted import read_scripts
from recist.simulation.true_responses import MIN_SD_DAYS

_TEXT = """# {name}: synthetic data

{title}.

These subjects do not exist. The files come from `recist simulate --study {name} --subjects {n} --seed {seed}
--out DIR` (in Python `recist.simulate("{name}", {n}, {seed}).write(DIR)`), byte for byte.

Taken from the trial's registration: {registered}.

Every rate, size and speed is an assumption of the simulator (`{where}`).

| number | value |
|---|---|
{numbers}

## Files

| file | rows | one row is |
|---|---|---|
{files}

{dictionaries}

{further}## Known truth

{truth}
"""
_DICTIONARIES = """Columns of `lesions.csv`, `subjects.csv` and `visits.csv`: the data dictionaries of
`recist.lesions` and `survival.subjects`. Lengths are millimetres, short axis for nodes. A visit without
rows was missed."""
_KINETICS = """`truth_subjects.csv` holds what no reader sees: how the tumours behave (`kinetics`: complete,
partial, stable, progressive), sum and growth of the first target (d(t) = d0 [(1 - f) exp(-k t) + f exp(g (t
- tau)+)] with `t1_decay_per_day` k, `t1_resistant_fraction` f, `t1_growth_per_day` g and
`true_resistance_date` the end of tau), and the dates of events without measurement error, censoring or
visits: `true_progression_date` is the first week in which the error-free sum is 20 % and 5 mm above its
nadir, or a new lesion or progression of a non-target if earlier; `true_death_date` may lie after the
cutoff. Dates in `subjects.csv` are what the trial recorded until the cutoff."""
_RESPONSES = """`truth_responses.csv` and `truth_best.csv` hold what a reading without error of the scans
that took place gives under {criteria}: every lesion measured at its latent size, to a tenth of a
millimetre, nothing missed, no doubt about new lesions. They are worked out in
`recist/simulation/true_responses.py` and `true_immune.py`, not by the engine. `true_best_response` asks for
no confirmation and for {min_sd} days of stable disease; what is dated after a new anticancer therapy does
not count.

Which derived values the truth determines: all of them in a design without reader error
(`recist.simulation.readings.without_error`; the tests compare subject by subject). Here readers err, so a
derived response can differ from the truth of the same visit by measurement error, a lesion not read or
called too small, a new lesion seen later or called equivocal first, and (second reader) a lesion not
chosen. Without any error are: `subjects.csv` (death, therapy and contact up to the cutoff),
`adverse_events.csv`, and the hand-written subjects."""
_SCRIPTS = """`truth.csv` holds, for the subjects written by hand, the overall response that RECIST 1.1
gives at every visit under the default conventions (`truth_subjects.csv` has their best responses):

| subject | case | best | confirmed |
|---|---|---|---|
{scripts}"""


def readme(design: Design | LeukaemiaDesign, frames: Mapping[str, pd.DataFrame]) -> str:
    """The text for a simulated study and its files."""
    if isinstance(design, LeukaemiaDesign):
        parts = leukaemia_parts(design, frames)
    else:
        parts = {
            "where": "recist/simulation/designs.py",
            "numbers": _numbers(design, frames),
            "dictionaries": _DICTIONARIES,
            "further": "".join(f"{note}\n\n" for note in notes(design, frames)),
            "truth": _truth(design, frames),
        }
    numbers: Mapping[str, str] = parts.pop("numbers")
    return _TEXT.format(
        name=design.name,
        title=design.title,
        n=design.n_subjects,
        seed=design.seed,
        registered=design.registered,
        numbers="\n".join(f"| {what} | {value} |" for what, value in numbers.items()),
        files="\n".join(f"| `{name}` | {len(frame)} | {_ROW[name]} |" for name, frame in frames.items()),
        **parts,
    )


def _truth(design: Design, frames: Mapping[str, pd.DataFrame]) -> str:
    named = [f"`{name}`" for name in criteria_of(design)]
    criteria = named[0] if len(named) == 1 else f"{', '.join(named[:-1])} and {named[-1]}"
    parts = [_KINETICS, _RESPONSES.format(criteria=criteria, min_sd=MIN_SD_DAYS)]
    if "truth_qlq_c30.csv" in frames:
        parts.append(QUESTIONNAIRE_TRUTH)
    parts.append(_SCRIPTS.format(scripts=_scripts(frames["truth_subjects.csv"])))
    return "\n\n".join(parts)


_ROW = {
    "lesions.csv": "a subject, evaluator, visit and lesion",
    "lesions_recist_1_1.csv": "the same readings with at most 5 targets, 2 per organ; the other targets are non-targets",
    "marrow.csv": "a subject and assessment of marrow and blood",
    "adjudication.csv": "a subject and criteria in which the readers differ: whose reading the adjudicator accepts",
    "qlq_c30.csv": "a subject and form handed in: answers to the 30 items, blank = not answered",
    "adverse_events.csv": "an event: term, class, CTCAE grade, flags, dates (blank end = ongoing)",
    "truth_responses.csv": "a subject, criteria and visit: response of a reading without error",
    "truth_best.csv": "a subject and criteria: best response and dates that follow from these",
    "truth_qlq_c30.csv": "a subject and scale: true date of deterioration, blank = none",
    "truth_escalation.csv": "a cohort of the escalation: level, subjects, toxicities, decision",
    "subjects.csv": "a subject: arm or cohort, strata, dates, flags",
    "visits.csv": "a subject and planned or unscheduled visit in follow-up, imaged or not",
    "truth.csv": "a hand-written subject, evaluator and visit: expected overall response",
    "truth_subjects.csv": "a subject: latent kinetics, true dates, expected best responses",
}


def _numbers(design: Design, frames: Mapping[str, pd.DataFrame]) -> dict[str, str]:
    subjects, truth = frames["subjects.csv"], frames["truth_subjects.csv"]
    groups = subjects[design.group_column].value_counts(sort=False)
    kinetics = truth["kinetics"].value_counts(sort=False)
    missed = ~frames["visits.csv"]["imaging_done"]
    return {
        "seed": str(design.seed),
        "subjects": ", ".join(f"{name} {count}" for name, count in groups.items()),
        "evaluators": ", ".join(design.evaluators),
        "planned scans, weeks": ", ".join(map(str, design.weeks)),
        "cutoff": f"{subjects['cutoff_date'].iloc[0]:%Y-%m-%d}",
        "deaths recorded": str(int(subjects["death_date"].notna().sum())),
        "new anticancer therapy": str(int(subjects["new_therapy_date"].notna().sum())),
        "missed scans": str(int(missed.sum())),
        "kinetics": ", ".join(f"{name} {count}" for name, count in kinetics.items()),
    }


def _scripts(truth: pd.DataFrame) -> str:
    known = read_scripts()
    rows = truth.loc[truth["script"].notna()]
    lines = [
        f"| {subject} | `{name}`: {known[name].sentence} | {best} | {confirmed} |"
        for subject, name, best, confirmed in zip(
            rows["subject"],
            rows["script"],
            rows["expected_best_response"],
            rows["expected_confirmed_best_response"],
            strict=True,
        )
    ]
    return "\n".join(lines) or "| none | | | |"
