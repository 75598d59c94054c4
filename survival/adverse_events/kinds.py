"""Kinds of adverse events: serious, related, severe ... and any combination of these words.

Severe is grade 3 or higher and death is grade 5: CTCAE version 5.0 (NCI 2017), Grades.  Serious: ICH E2A, II.B.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from difflib import get_close_matches
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from recist import InputError

Mask = npt.NDArray[np.bool_]
GRADES = (1, 2, 3, 4, 5)
FLAGS = {  # word -> (column, as printed)
    "serious": ("serious", "serious"),
    "related": ("related", "related"),
    "dose limiting": ("dose_limiting", "dose-limiting"),
    "led to discontinuation": ("led_to_discontinuation", "leading to discontinuation of treatment"),
}
WORDS = ("any", *FLAGS, "fatal", "grade 3+")
SUMMARY = (  # the kinds of the summary table, where the data have their columns
    "any",
    "grade 3+",
    "serious",
    "related",
    "related grade 3+",
    "related serious",
    "led to discontinuation",
    "fatal",
    "related fatal",
)
TITLES = {"any": "Any adverse event", "fatal": "Leading to death (grade 5)"}
_PART = re.compile(r"any|serious|related|dose[ -]limiting|led to discontinuation|fatal|grade ([1-5])(\+?)")


def _doc(default: Any, sentence: str, cite: str) -> Any:
    """A field with its default, what it means, and where that is said."""
    return field(default=default, metadata={"sentence": sentence, "cite": cite})


@dataclass(frozen=True, kw_only=True)
class Blanks:
    """What a blank flag of an event means.  A variant is an edit of it."""

    related: bool = _doc(
        True, "relation not recorded: counts as related", "the cautious reading, as analysis plans have it"
    )
    serious: bool = _doc(False, "seriousness not recorded: not serious", "house; `check_adverse_events` asks")
    dose_limiting: bool = _doc(False, "not recorded: not dose-limiting", "house")
    led_to_discontinuation: bool = _doc(False, "not recorded: treatment went on", "house")


BLANKS = Blanks()


def of_kind(events: pd.DataFrame, kind: str, blanks: Blanks = BLANKS) -> Mask:
    """Which events are of a kind.

    Parameters
    ----------
    events : frame of `as_adverse_events`.
    kind : `any`, `serious`, `related`, `dose limiting`, `led to discontinuation`, `fatal`, `grade 3`,
        `grade 3+`, or several of these words, all of which must hold: `related grade 3+`.
    blanks : what a blank flag means.

    Returns
    -------
    yes or no for each event.

    Raises
    ------
    InputError : an unknown word, or a word whose column the events do not have.

    Examples
    --------
    >>> from survival.adverse_events.frame import as_adverse_events
    >>> events = as_adverse_events(pd.DataFrame({"subject": ["1", "1"], "term": ["Fever", "Sepsis"],
    ...     "grade": [2, 4], "related": ["Y", None]}))
    >>> of_kind(events, "related grade 3+").tolist()
    [False, True]
    """
    found = np.ones(len(events), bool)
    for word in parts(kind):
        found &= _has(events, word, blanks)
    return found


def known_kinds(events: pd.DataFrame, kinds: tuple[str, ...] = SUMMARY) -> tuple[str, ...]:
    """Those of the kinds whose columns the events have."""
    return tuple(
        kind for kind in kinds if all(_column(word) in (None, *events.columns) for word in parts(kind))
    )


def parts(kind: str) -> list[str]:
    """The words of a kind; an unknown one is an error that lists the known ones."""
    text = " ".join(kind.lower().split())
    found = [match.group() for match in _PART.finditer(text)]
    rest = " ".join(_PART.sub(" ", text).replace(",", " ").split())
    if rest.replace("and", "").strip() or not found:
        near = get_close_matches(rest, WORDS, 1)
        hint = f" Did you mean {near[0]!r}?" if near else ""
        raise InputError(
            f"{kind!r} is no kind of adverse event; a kind is made of {', '.join(WORDS)} (or grade 1 to 5).{hint}"
        )
    return [word.replace("-", " ") for word in found]


def title(kind: str) -> str:
    """A kind as printed.

    Examples
    --------
    >>> title("any"), title("related grade 3+"), title("dose limiting")
    ('Any adverse event', 'Related, grade 3 or higher', 'Dose-limiting')
    """
    words = parts(kind)
    if len(words) == 1 and words[0] in TITLES:
        return TITLES[words[0]]
    printed = [_printed(word) for word in words if word != "any" or len(words) == 1]
    text = ", ".join(printed)
    return text[0].upper() + text[1:]


def worst_grade(events: pd.DataFrame) -> pd.Series[Any]:
    """The grade of each event where it is one of CTCAE, 0 where it is not known."""
    grade: pd.Series[Any] = events["grade"].where(events["grade"].isin(GRADES)).fillna(0).astype(np.int64)
    return grade


def _printed(word: str) -> str:
    if word.startswith("grade"):
        return f"{word[:-1]} or higher" if word.endswith("+") else word
    return {"fatal": "leading to death (grade 5)"}.get(word) or FLAGS[word][1]


def _column(word: str) -> str | None:
    """The column that a word asks, besides the grade."""
    return FLAGS[word][0] if word in FLAGS else None


def _has(events: pd.DataFrame, word: str, blanks: Blanks) -> Mask:
    """Whether one word holds for each event."""
    if word == "any":
        return np.ones(len(events), bool)
    if word == "fatal":
        dead = events["grade"].eq(5).to_numpy(bool)
        return dead | events["fatal"].fillna(False).to_numpy(bool) if "fatal" in events else dead
    if word.startswith("grade"):
        wanted, grade = int(word[6]), worst_grade(events).to_numpy()
        return np.asarray(grade >= wanted if word.endswith("+") else grade == wanted)
    column = FLAGS[word][0]
    if column not in events:
        has = ", ".join(map(str, events.columns))
        raise InputError(
            f"the adverse events have no column {column!r}, so none is known to be {word}; they have {has}"
        )
    return np.asarray(events[column].fillna(getattr(blanks, column)).to_numpy(bool))
