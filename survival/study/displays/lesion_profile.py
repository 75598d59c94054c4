"""Lesion profiles of the subjects that the study file names, a page each."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

import pandas as pd

from survival.study.derive import up_to_cutoff
from survival.study.display import DisplayKind, Material, Shown, figure_look, file_name
from survival.study.displays.progression import main_reading
from survival.study.model import Display
from survival.study.notes import reading_text
from survival.study.populations import ALL
from survival.study.reading import Reading, labels

KIND = "lesion_profile_plot"
TAKES = ("evaluator", "criteria", "subjects")
DERIVED = ("sum_mm", "nadir_mm", "baseline_mm")  # what the profile needs of responses


def _wanted(material: Material) -> Iterator[Shown]:
    """Those that the study file lists; a study without responses or lesions has none."""
    drawable = material.data.lesions is not None and set(DERIVED) <= set(material.derived.responses)
    for asked in material.study.display:
        if asked.kind != KIND or asked.apart or not drawable:
            continue
        if (which := main_reading(material)) is not None:
            under = replace(which, population=ALL, frame_days=None)
            yield Shown(KIND, asked.id or _name(asked), (), under, asked)


def _name(asked: Display) -> str:
    """The name of the file: of the subject, where there is one."""
    return file_name(f"lesion_profile-{asked.subjects[0]}" if len(asked.subjects) == 1 else "lesion_profile")


def _plots(material: Material, one: Shown) -> Any:
    """One page per subject, responses under each criteria of the study below the sum of the first."""
    from recist import lesion_profile_plot

    seen, lesions = _responses(material, one.reading), material.data.lesions
    assert lesions is not None  # not wanted otherwise
    lesions = up_to_cutoff(lesions, material.data.subjects)
    look = replace(figure_look(material, one), caption=f"{reading_text(material.study, one.reading)}.")
    drawn = []
    for subject in one.words.subjects:
        mine = seen[(seen["subject"].astype(str) == subject).to_numpy()]
        read = _lesions(material, one, lesions, mine, subject)
        drawn.append(lesion_profile_plot(read, mine, subject, look))
    return drawn


def _responses(material: Material, which: Reading) -> pd.DataFrame:
    """The responses of the reading under every criteria, those of its own first."""
    others = [label for label in labels(material.study).values() if label != which.criteria]
    frames = [material.responses(replace(which, criteria=label)) for label in (which.criteria, *others)]
    return pd.concat(frames, ignore_index=True)


def _lesions(
    material: Material, one: Shown, lesions: pd.DataFrame, seen: pd.DataFrame, subject: str
) -> pd.DataFrame:
    """The lesions of a subject as the evaluator read them; of the accepted reading, as the one who is accepted did."""
    evaluators = [one.reading.evaluator]
    own = seen["criteria"].astype(str) == one.reading.criteria
    if "read_by" in seen and seen.loc[own, "read_by"].notna().any():
        evaluators = sorted(seen.loc[own, "read_by"].dropna().astype(str).unique())
    error, key = material.study.source.error, ("display", _number(material, one))
    if len(evaluators) > 1:
        read = " and ".join(evaluators)
        raise error(key, f"the accepted reading of subject {subject} is of {read}. Say whose: evaluator.")
    rows = (lesions["subject"].astype(str) == subject) & (lesions["evaluator"].astype(str) == evaluators[0])
    if not rows.any():
        raise error(key, f"subject {subject} has no lesions read by {evaluators[0]}. Leave the subject out.")
    reader = pd.Categorical([one.reading.evaluator] * int(rows.sum()))
    return lesions[rows.to_numpy()].assign(evaluator=reader)


def _number(material: Material, one: Shown) -> int:
    """The place of the display in the study file."""
    said = {"kind": KIND} | {name: getattr(one.words, name) for name in TAKES}
    listed = material.study.source.says.get("display", [])
    return next(
        place for place, asked in enumerate(listed) if said == {name: asked.get(name) for name in said}
    )


DISPLAYS = (
    DisplayKind(
        name=KIND,
        form="figure",
        place=114,
        sentence="Each lesion of a subject, their sum against its limits, and the responses under each criteria.",
        takes=TAKES,
        wanted=_wanted,
        make=_plots,
    ),
)
