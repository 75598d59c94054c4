"""Counts for docs/admiralonco.md: subjects whose best response differs between the preset and our rules.

    python -m docs.admiralonco

Needs the folder of shared data (environment variable RECIST_SHARED, default ../shared).
"""

from __future__ import annotations

from dataclasses import fields, replace
from typing import Any

import pandas as pd

import recist
from docs.pages import table
from tests.presets import fuzz, ten_thousand

KINDS = ("best_response", "confirmed_best_response")
SHOWN = {  # field -> how the difference is told
    "first_record": "records up to the start date count",
    "not_done": "ND stands apart from NE",
    "max_sd_between_pr": "no SD between a PR and its confirmation",
    "cr_then_lesser": "nothing follows from PR, SD or NON-CR/NON-PD after CR, but PR-CR-PR confirms nothing",
    "unconfirmed_cr_nt_only": "an unconfirmed CR without target lesions is SD",
    "no_assessment": "no assessment is MISSING",
    "nact_rule": "records after new therapy count unless they are filtered out first",
}


def changed_fields() -> dict[str, tuple[Any, Any]]:
    """Convention -> (theirs, ours) where the two differ."""
    theirs, ours = recist.get_rules("admiralonco"), recist.get_rules("recist_1_1")
    names = [f.name for f in fields(recist.BestResponseRules) if "sentence" in f.metadata]
    return {
        name: (getattr(theirs, name), getattr(ours, name))
        for name in names
        if getattr(theirs, name) != getattr(ours, name)
    }


def answers(responses: pd.DataFrame, subjects: pd.DataFrame, rules: recist.BestResponseRules) -> pd.DataFrame:
    """Both best responses by subject."""
    best = recist.best_response(responses, rules, subjects)
    return best.set_index(best["subject"].astype(str))[list(KINDS)].astype(str).sort_index()


def studies() -> dict[str, tuple[pd.DataFrame, pd.DataFrame]]:
    """The random subjects and the 10,000."""
    start = ten_thousand.subjects()[["subject", "randomization_date"]]
    start = start.set_axis(["subject", "start_date"], axis=1)
    return {
        "500 random": (fuzz.responses(), fuzz.subjects()),
        "10,000": (ten_thousand.responses().merge(start, on="subject"), ten_thousand.subjects()),
    }


def page_table() -> str:
    """One row per difference; the last for all of them together."""
    theirs, ours = recist.get_rules("admiralonco"), recist.get_rules("recist_1_1")
    columns: list[list[int]] = []
    for responses, subjects in studies().values():
        base = answers(responses, subjects, theirs)
        edits = [replace(theirs, **{name: value}) for name, (_, value) in changed_fields().items()]
        others = [answers(responses, subjects, rules) for rules in (*edits, ours)]
        columns += [[int((other[kind] != base[kind]).sum()) for other in others] for kind in KINDS]
    heads = [f"{study}: {kind}" for study in studies() for kind in ("BOR", "CBOR")]
    rows = [
        [f"`{name}`", SHOWN[name], f"`{theirs_}`", f"`{ours_}`", *(str(column[n]) for column in columns)]
        for n, (name, (theirs_, ours_)) in enumerate(changed_fields().items())
    ]
    rows.append(["all", "", "", "", *(str(column[-1]) for column in columns)])
    return table(["field", "in admiralonco", "theirs", "ours", *heads], rows)


if __name__ == "__main__":
    print(page_table())
