"""What the README of a folder says about the study's own data: readers, liver, product, targets, forms, events."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import pandas as pd

from recist.simulation.adjudication import criteria_of
from recist.simulation.design import Design

_READERS = """## Readers

{readers} read the same scans apart from each other; each measures with an error of its own, {second}
leaves out some lesions and sees some new ones later. {adjudicator} read the {n} subjects in whom the two
differ by best response, its first date or the date of progression under {criteria}
and has rows for these alone. `adjudication.csv` says for each of them and each of the criteria whose reading is
accepted: the one nearer to what the adjudicator measured. Either way of taking an accepted reading works:
`rule = "adjudicator_if_discordant"` on the adjudicator's own rows, or the table of adjudications."""
_LIVER = """## One lesion table for three criteria

`recist_1_1` and `irecist` sum `diameter_mm`. `mrecist_hcc` sums `viable_mm`, the arterially enhancing part
of a liver target (blank elsewhere: nodes and extrahepatic targets count by their diameter); it is never
larger than the diameter, and 0 in a tumour that is dead at an unchanged size. `pattern` says of a new liver
nodule whether it has arterial uptake and washout: mRECIST counts a nodule that is typical and 10 mm, or has
grown by 10 mm.

New lesions have the role `new target` (10 mm at first sight; a node 15 mm) or `new non-target` and are
followed at every later scan. `further_increase` says of a new non-target, and of a non-target that has
progressed, whether it grew again since the scan before.

Imaging goes on beyond the first progression in most subjects. In some of the experimental arm
(`pseudo_progression` in `truth_subjects.csv`) the tumours swell until week 8, some with a new lesion that
vanishes again, and then respond: progression by RECIST 1.1, unconfirmed and cancelled by iRECIST."""
_STRATA = """`subjects.csv` has strata (`vascular_invasion`, `afp_400`: alpha-fetoprotein of 400 ng/mL or
more, `region`) and subgroups (`age_group`, `sex`, `etiology`). Vascular invasion and a high AFP are more
frequent in faster disease. Arms come from permuted blocks of {block}, not stratified."""
_PRODUCT = """## Harvest and manufacture

The registration gives an enrolment of 53, and the product is made from a tumour sample resected from each
participant: the {n} subjects here are therefore all those harvested (`harvested`), of whom {treated} were
treated (`treated`, `safety`). `manufactured_as_planned` is false after a delay or a failure of manufacture
({failed} and {late} subjects); a delayed product is infused later, a failed one never. The share treated
without delay or failure among those harvested is `treated` and `manufactured_as_planned`, {planned} of {n}.
Some with a product are not treated either (`discontinuation_reason` `NOT TREATED AFTER HARVEST`). Who was
not treated has no `treatment_start_date` and no rows of lesions."""
_TARGETS = """## "Modified RECIST 1.1"

The registration says "modified RECIST 1.1" and does not say how it is modified. The candidates, each a
setting of the study file:

| candidate | in the study file | what differs |
|---|---|---|
| ten targets, five per organ | `[criteria.recist_1_1_ten_targets]` with `lesions.csv` | more targets in the sum |
| RECIST 1.1 itself | `[criteria.recist_1_1]` with `lesions_recist_1_1.csv` | the rest are non-targets |
| irRECIST | `[criteria.irrecist]` | measured new lesions join the sum; progression is confirmed |
| imRECIST | `[criteria.imrecist]` | as irRECIST, and non-targets do not progress |

`lesions.csv` has up to ten targets in a subject ({more} of {n} have more than five). Which lesions are
targets is written down at baseline and no criteria chooses again, so RECIST 1.1 has a lesion table of its
own from the same readings: the larger lesions stay targets, the others are followed as non-targets."""
_EVENTS = """## Adverse events

`adverse_events.csv` begins with the first dose and covers {length}: CTCAE grade, serious, related,
dose-limiting (always N here), dates. Events of grade 5 end on the day
of death. `n_adverse_events`, `n_serious_adverse_events` and `worst_grade` (0 = none) in `truth_subjects.csv` count
its rows."""
_FORMS = """## Quality of life

`qlq_c30.csv` has the EORTC QLQ-C30 at baseline and every {weeks} weeks until one form after the end of
treatment; some forms and some items are missing, some answers are a step beside the truth, some forms come
from a bad day."""
QUESTIONNAIRE_TRUTH = """`truth_qlq_c30.csv` holds per subject and scale the first due form from which the
score is at least 10 points worse than at baseline at two consecutive due forms, as the forms would have
been answered without a missing form, a missing item or a slip; a bad day is part of it.
`true_deterioration_date` in `truth_subjects.csv` is the latent day from which quality of life is worse for
good (it may lie after the end of participation)."""


def notes(design: Design, frames: Mapping[str, pd.DataFrame]) -> Iterator[str]:
    """The sections that this study needs."""
    subjects = frames["subjects.csv"]
    if design.adjudicator:
        yield _readers(design, frames["adjudication.csv"])
    if design.necrosis is not None:
        yield _LIVER
        yield _STRATA.format(block=design.block)
    if design.manufacturing is not None:
        failed = (subjects["discontinuation_reason"] == "MANUFACTURING FAILURE").sum()
        planned, treated = subjects["manufactured_as_planned"], subjects["treated"]
        yield _PRODUCT.format(
            n=len(subjects),
            treated=int(treated.sum()),
            failed=int(failed),
            late=int((~planned).sum() - failed),
            planned=int((planned & treated).sum()),
        )
    if design.targets_per_organ > 2:
        more = (frames["truth_subjects.csv"]["n_targets"] > 5).sum()
        yield _TARGETS.format(more=int(more), n=len(subjects))
    if (events := design.adverse_events) is not None:
        length = "treatment and 30 days after it" if events.days is None else f"{events.days} days"
        yield _EVENTS.format(length=length)
    if (forms := design.questionnaires) is not None:
        yield _FORMS.format(weeks=forms.every_weeks)


def _readers(design: Design, adjudication: pd.DataFrame) -> str:
    return _READERS.format(
        readers=" and ".join(design.evaluators),
        second=design.evaluators[-1],
        adjudicator=design.adjudicator,
        n=adjudication["subject"].nunique(),
        criteria=", ".join(f"`{name}`" for name in criteria_of(design)),
    )
