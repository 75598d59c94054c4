"""Scores of the QLQ-C30: raw scores, and scores from 0 to 100, of the fifteen scales.

Fayers and others, EORTC QLQ-C30 Scoring Manual, 3rd edition (2001), scoring procedure and missing items:
a scale with at least half of its items answered has the mean of those as its raw score.
"""

from __future__ import annotations

import numpy as np
import numpy.typing as npt
import pandas as pd

from survival.qlq_c30.answers import ITEMS, answers_of, as_qlq
from survival.qlq_c30.scales import HIGHEST, SCALES, Scale

SCORES = {  # column -> (dtype, unit, sentence)
    "subject": ("category", "", "Who."),
    "visit": ("category", "", "Label of the visit."),
    "date": ("datetime64", "", "Day the questionnaire was filled in; may be missing."),
    "scale": (
        "category",
        "",
        "Code of the scale: QL2, PF2, RF2, EF, CF, SF, FA, NV, PA, DY, SL, AP, CO, DI, FI.",
    ),
    "items": ("int8", "items", "Items the scale has."),
    "answered": ("int8", "items", "Items of the scale with a possible answer."),
    "impossible": (
        "int8",
        "items",
        "Items of the scale with an answer that is none of the choices; not counted.",
    ),
    "raw_score": ("float64", "", "Mean of the answered items; missing when fewer than half are answered."),
    "score": ("float64", "score", "From 0 to 100; high is good for QL2 and functions, bad for symptoms."),
}
CODES = pd.CategoricalDtype(list(SCALES), ordered=False)


def score_qlq(qlq: pd.DataFrame) -> pd.DataFrame:
    """Raw score and score from 0 to 100 of the fifteen scales at every assessment.

    Parameters
    ----------
    qlq : DataFrame
        The table of answers (`survival.read_qlq`), wide or long.

    Returns
    -------
    DataFrame
        Fifteen rows per assessment, in the order of the assessments and of the manual's Table 1; the columns
        of `survival.qlq_c30.scores.SCORES`.  Scales that cannot be scored have a row with a missing score.

    Raises
    ------
    QlqError
        When the table cannot be read as one of answers.

    Notes
    -----
    EORTC QLQ-C30 Scoring Manual, 3rd edition: raw score RS = mean of the answered items, if at least half are
    answered; functional scales (1 - (RS - 1) / range) x 100, symptom scales and global health status
    (RS - 1) / range x 100.

    Examples
    --------
    >>> answers = {f"q{n}": [1] for n in range(1, 31)} | {"q29": [5], "q30": [6]}
    >>> scores = score_qlq(pd.DataFrame({"subject": ["01"], "date": ["2024-01-01"]} | answers))
    >>> scores.loc[:1, ["scale", "raw_score", "score"]].values.tolist()
    [['QL2', 5.5, 75.0], ['PF2', 1.0, 100.0]]
    """
    given = as_qlq(qlq)
    answers = answers_of(given)
    possible = is_possible(answers)
    impossible = ~np.isnan(answers) & ~possible
    column = {"answered": _counts(possible), "impossible": _counts(impossible)}
    raw, score = _scored(answers, possible)
    scales = np.tile(np.arange(len(SCALES), dtype=np.int8), len(given))
    sizes = np.array([len(scale.items) for scale in SCALES.values()], np.int8)
    frame = {name: given[name].repeat(len(SCALES)).array for name in ("subject", "visit", "date")}
    return pd.DataFrame(
        {
            **frame,
            "scale": pd.Categorical.from_codes(scales, dtype=CODES),
            "items": sizes[scales],
            **column,
            "raw_score": raw,
            "score": score,
        },
        copy=False,
    )


def is_possible(answers: npt.NDArray[np.float64]) -> npt.NDArray[np.bool_]:
    """Answers that are one of the choices: whole, from 1 to 4, or to 7 for questions 29 and 30."""
    highest = np.array([HIGHEST[item] for item in range(1, len(ITEMS) + 1)])
    found: npt.NDArray[np.bool_] = (answers >= 1) & (answers <= highest) & (answers == np.floor(answers))
    return found


def _items(scale: Scale) -> list[int]:
    """Columns of the matrix of answers that belong to a scale."""
    return [item - 1 for item in scale.items]


def _counts(which: npt.NDArray[np.bool_]) -> npt.NDArray[np.int8]:
    """Number of items of each scale, assessment by assessment."""
    counts = [which[:, _items(scale)].sum(axis=1) for scale in SCALES.values()]
    return np.stack(counts, axis=1).astype(np.int8).ravel()


def _scored(
    answers: npt.NDArray[np.float64], possible: npt.NDArray[np.bool_]
) -> tuple[npt.NDArray[np.float64], npt.NDArray[np.float64]]:
    """Raw scores and scores, assessment by assessment.

    Each is one division of whole numbers, so that it is the float nearest to the manual's value.
    """
    raw = np.full((len(answers), len(SCALES)), np.nan)
    score = raw.copy()
    counted = np.where(possible, answers, 0.0)
    for n, scale in enumerate(SCALES.values()):
        columns = _items(scale)
        total, answered = counted[:, columns].sum(axis=1), possible[:, columns].sum(axis=1)
        enough = answered >= scale.needed
        total, answered = total[enough], answered[enough]
        above = total - answered  # answered x (RS - 1)
        most = answered * scale.range
        raw[enough, n] = total / answered
        score[enough, n] = 100 * (most - above if scale.kind == "functional" else above) / most
    return raw.ravel(), score.ravel()
