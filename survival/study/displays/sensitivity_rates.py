"""The sensitivity grid of a response rate: its edits beside the main analysis, and the subjects whom they move."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from functools import partial
from typing import Any

import pandas as pd

from survival.study.display import (
    READING,
    DisplayKind,
    Material,
    Shown,
    one_display,
    shell_of,
    spec_of,
    title_of,
)
from survival.study.displays.best_response import best_counted
from survival.study.known import RATE_KEYS, edited_spec
from survival.study.outcomes import rate_endpoints
from survival.study.reading import reading

MAIN = "Main analysis"


def _wanted(kind: str, material: Material) -> Iterator[Shown]:
    for spec in rate_endpoints(material.study):
        if spec.sensitivity:
            which = reading(material.study, spec, material.data)
            name = f"{kind.rsplit('_', 1)[0]}-{spec.name}"
            yield one_display(kind, material.study, (spec.name,), which, name)


def _flags(material: Material, one: Shown) -> dict[str, pd.DataFrame]:
    """Analysis -> its subjects with the best response and whether it counts."""
    from survival.response_rate import flagged_rates

    study, spec = material.study, spec_of(material.study, one.names[0])
    edits = {MAIN: (spec, study.response.confirmation)}
    for name, edit in spec.sensitivity.items():
        confirmed = study.response.confirmation if edit.confirmation is None else edit.confirmation
        edits[name] = (edited_spec(spec, name), confirmed)
    found = {}
    for name, (edited, confirmed) in edits.items():
        response = study.response.model_copy(update={"confirmation": confirmed})
        under = replace(material, study=study.model_copy(update={"response": response}))
        shown = replace(one, reading=reading(study, edited, material.data))
        flagged = flagged_rates(best_counted(under, shown, edited.key), under.subjects(shown.reading))
        ending, prefix = (" confirmed", "confirmed_") if confirmed else ("", "")
        counts = flagged[f"rate {RATE_KEYS[edited.key]}{ending}"]
        found[name] = flagged.assign(counts=counts, best=flagged[f"{prefix}best_response"].astype("string"))
    return found


def _table(material: Material, one: Shown) -> Any:
    """Responders, their share and limits under each analysis."""
    from survival import Share, proportion_table
    from survival.tables.proportion import PROPORTION

    study, found = material.study, _flags(material, one)
    columns = ["subject", *material.by]
    everyone = pd.concat([frame[columns].astype({"subject": str}) for frame in found.values()])
    everyone = everyone.drop_duplicates("subject").reset_index(drop=True)
    asked = []
    for number, (name, frame) in enumerate(found.items()):
        counts = frame.set_index(frame["subject"].astype(str))["counts"]
        among = f"analysed under {name}"
        everyone[among] = everyone["subject"].isin(counts.index)
        everyone[f"counts_{number}"] = everyone["subject"].map(counts).eq(True)
        whole = bool(everyone[among].all())  # the same subjects in every analysis
        flag = f"counts_{number}"
        asked.append(Share(name=name, title=name, flag=flag, among=None if whole else among))
    settings: dict[str, Any] = {"conf_type": study.analysis.rate_conf_type}
    if (reference := material.reference(everyone)) is not None:
        settings |= {"reference": reference, "difference_conf_type": study.analysis.difference}
    shell = shell_of(material, one, PROPORTION, f"Sensitivity analyses: {title_of(study, one.names[0])}")
    return proportion_table(everyone, asked, material.by or None, shell, **settings)


def _listing(material: Material, one: Shown) -> Any:
    """Every subject who counts in one analysis and not in another."""
    from survival.listings.listing import Listing
    from survival.tables.sensitivity import MOVED

    found = _flags(material, one)
    plain = {name: frame.assign(subject=frame["subject"].astype(str)) for name, frame in found.items()}
    frames = []
    for name, frame in plain.items():
        columns = ["subject", "counts", "best"]
        both = plain[MAIN][columns].merge(frame[columns], on="subject", how="outer", suffixes=("", "_other"))
        differs = (
            both["counts"].ne(both["counts_other"]) | both["counts"].isna() | both["counts_other"].isna()
        )
        frames.append(both[differs].assign(analysis=name))
    data = pd.concat(frames, ignore_index=True)
    words = {True: "yes", False: "no"}
    data = data.assign(**{name: data[name].map(words) for name in ("counts", "counts_other")})
    headings = {
        "analysis": "Analysis",
        "subject": "Subject",
        "counts": f"{MAIN}: counts",
        "best": f"{MAIN}: best response",
        "counts_other": "Sensitivity analysis: counts",
        "best_other": "Sensitivity analysis: best response",
    }
    title = f"Subjects moved by a sensitivity analysis: {title_of(material.study, one.names[0])}"
    return Listing(shell_of(material, one, MOVED, title), headings, data)


DISPLAYS = (
    DisplayKind(
        name="rate_sensitivity_table",
        form="table",
        place=15,
        sentence="One response rate under several sets of rules, with limits and differences.",
        outcome="rate",
        takes=READING,
        wanted=partial(_wanted, "rate_sensitivity_table"),
        make=_table,
    ),
    DisplayKind(
        name="rate_sensitivity_listing",
        form="listing",
        place=239,
        sentence="Every subject who counts as a responder in one analysis and not in another.",
        outcome="rate",
        takes=READING,
        wanted=partial(_wanted, "rate_sensitivity_listing"),
        make=_listing,
    ),
)
