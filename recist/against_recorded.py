"""Derived responses against recorded ones: every disagreement with its reason, and how many of each kind.

What is compared is the response at a visit (SDTM RS, OVRLRESP) of the same subject, evaluator and criteria.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

import pandas as pd

from recist.brief import brief_reason
from recist.compare import shown_response
from recist.disagreement import KINDS, kinds_of
from recist.errors import InputError
from recist.terms import DEFAULT_EVALUATOR

SERIES = ["subject", "evaluator", "criteria"]
AGREE = "agree"
LISTING = {  # column -> sentence
    "subject": "Who.",
    "evaluator": "Who read the scans.",
    "criteria": "Name of the criteria.",
    "visit": "Label of the visit.",
    "date": "Date of the derived response.",
    "recorded_date": "Date of the recorded one.",
    "derived": "Response that the lesions give; missing when there is none at this visit.",
    "recorded": "Response that was recorded; missing when there is none.",
    "kind": "Kind of disagreement, one of `recist.disagreement.KINDS`.",
    "reason": "Rule and numbers behind the derived response.",
    "query": "A question to whoever recorded it.",
}
SUMMARY = {
    "kind": "`agree`, or the kind of disagreement.",
    "meaning": "The kind in words.",
    "n": "Visits of a reader.",
}


@dataclass(frozen=True)
class RecordedComparison:
    """What derived and recorded responses have in common and where they part.

    `listing` has one row per disagreement (`LISTING`), `summary` one per kind that occurs, agreement first
    (`SUMMARY`).  `compared` counts visits of a reader with either response, `agreeing` those with the same
    one on the same day.
    """

    listing: pd.DataFrame
    summary: pd.DataFrame
    compared: int
    agreeing: int


def compare_recorded(derived: pd.DataFrame, recorded: pd.DataFrame) -> RecordedComparison:
    """Every disagreement between derived and recorded responses, with a reason, and a summary by kind.

    Parameters
    ----------
    derived : DataFrame
        From `recist.assess`.
    recorded : DataFrame
        `subject visit date overall` (and `evaluator`, `criteria`, `overall_given`, `overall_recorded`,
        `date_text`), as `recist.read_sdtm(...).responses` has them.

    Returns
    -------
    RecordedComparison
        Visits are matched by label and date, then by label, then by date.

    Raises
    ------
    InputError
        When a column is missing, or no subject and evaluator is in both frames.

    Examples
    --------
    >>> import recist
    >>> lesions = pd.DataFrame({"subject": "01", "visit": ["BASELINE", "WEEK 8"], "lesion": "T1",
    ...     "role": "target", "date": ["2024-01-02", "2024-02-27"], "organ": "LIVER",
    ...     "diameter_mm": [50, 35]})
    >>> recorded = pd.DataFrame({"subject": ["01"], "visit": "WEEK 8", "overall": "SD",
    ...     "date": pd.Timestamp("2024-02-27")})
    >>> compared = compare_recorded(recist.assess(lesions), recorded)
    >>> compared.listing[["derived", "recorded", "kind"]].values.tolist()
    [['PR', 'SD', 'response differs']]
    """
    ours, theirs = _derived(derived), _recorded(recorded)
    _refuse_strangers(ours, theirs)
    rows = _side_by_side(ours, theirs)
    kind = kinds_of(rows)
    differ = rows.assign(kind=kind)[kind != ""]
    reason = list(_reasons(derived, differ))
    listing = differ.assign(reason=reason, query=list(_queries(differ, reason)))
    listing = listing.sort_values([*SERIES, "day"], kind="stable").reset_index(drop=True)
    agreeing = len(rows) - len(differ)
    return RecordedComparison(listing[list(LISTING)], _summary(agreeing, kind), len(rows), agreeing)


def _derived(responses: pd.DataFrame) -> pd.DataFrame:
    """What is compared of a derived response, with its position."""
    _need(responses, "derived", ("subject", "evaluator", "criteria", "visit", "date", "overall_rule"))
    rows = _named(responses)[[*SERIES, "visit", "date"]]
    return rows.assign(
        derived=shown_response(responses).to_numpy(),
        label=responses["criteria"].astype("string").to_numpy(),
        position=range(len(rows)),
        **{name: responses[name].to_numpy() for name in _NUMBERS},
        **{name: responses[name].astype("string").to_numpy() for name in _WORDS},
    )


_NUMBERS = ("sum_mm", "baseline_mm", "change_from_baseline_pct", "n_targets_missing")
_WORDS = ("target", "target_rule", "non_target", "non_target_rule", "new_lesion", "overall_rule")


def _recorded(responses: pd.DataFrame) -> pd.DataFrame:
    """What is compared of a recorded response."""
    _need(responses, "recorded", ("subject", "visit", "date", "overall"))
    rows = _named(responses)
    given = rows["overall"].notna() if "overall_given" not in rows else rows["overall_given"]
    word = rows["overall"] if "overall_recorded" not in rows else rows["overall_recorded"]
    text = rows["date"].dt.strftime("%Y-%m-%d") if "date_text" not in rows else rows["date_text"]
    return rows[[*SERIES, "visit"]].assign(
        recorded_date=rows["date"],
        recorded=shown_response(rows),
        given=given.astype(bool),
        word=word.astype("string"),
        date_text=text.astype("string"),
    )


def _need(frame: pd.DataFrame, name: str, columns: tuple[str, ...]) -> None:
    if absent := [column for column in columns if column not in frame]:
        raise InputError(f"The {name} responses have no column {absent[0]!r}; it takes {', '.join(columns)}.")


def _named(responses: pd.DataFrame) -> pd.DataFrame:
    """Keys as text; criteria by name without edits, because recorded data know no conventions."""
    rows = responses.reset_index(drop=True)
    defaults = {"evaluator": DEFAULT_EVALUATOR, "criteria": "recist_1_1"}
    rows = rows.assign(**{name: value for name, value in defaults.items() if name not in rows})
    text = {name: rows[name].astype("string") for name in (*SERIES, "visit")}
    date = pd.to_datetime(rows["date"]).astype("datetime64[ns]")
    return rows.assign(**text | {"criteria": text["criteria"].str.partition("[")[0], "date": date})


def _refuse_strangers(ours: pd.DataFrame, theirs: pd.DataFrame) -> None:
    """Frames without one series in common would list everything and say nothing."""
    if ours.empty or theirs.empty:
        return
    if ours[SERIES].drop_duplicates().merge(theirs[SERIES].drop_duplicates()).empty:
        one, other = (", ".join(frame.iloc[0][SERIES]) for frame in (ours, theirs))
        raise InputError(
            f"No subject, evaluator and criteria is in both frames: derived begins with {one}; recorded with "
            f"{other}. Are they written alike?"
        )


def _side_by_side(ours: pd.DataFrame, theirs: pd.DataFrame) -> pd.DataFrame:
    """One row per visit of a reader that has either response."""
    theirs = theirs.reset_index(names="other")
    pieces = []
    for left, right in (
        (["visit", "date"], ["visit", "recorded_date"]),
        (["visit"],) * 2,
        (["date"], ["recorded_date"]),
    ):
        here = ours.dropna(subset=left).drop_duplicates([*SERIES, *left])
        there = theirs.dropna(subset=right).drop_duplicates([*SERIES, *right])
        found = here.merge(
            there, "inner", left_on=[*SERIES, *left], right_on=[*SERIES, *right], suffixes=("", "_recorded")
        )
        pieces.append(found)
        ours = ours[~ours["position"].isin(found["position"])]
        theirs = theirs[~theirs["other"].isin(found["other"])]
    rows = pd.concat([*pieces, _alone(ours, pieces[0]), _alone(theirs, pieces[0])], ignore_index=True)
    return rows.assign(day=rows["date"].fillna(rows["recorded_date"]))


def _alone(rows: pd.DataFrame, like: pd.DataFrame) -> pd.DataFrame:
    """Rows without a partner, with the columns and dtypes of those that have one."""
    whole = rows.reindex(columns=like.columns)
    kinds = {name: kind for name, kind in like.dtypes.items() if getattr(kind, "kind", "O") not in "iub"}
    return whole.astype(kinds)


def _reasons(derived: pd.DataFrame, differ: pd.DataFrame) -> Iterator[str]:
    """The short explanation of the derived response; for one that was only recorded, what is lacking."""
    there = differ["position"].notna().to_numpy()
    rows = derived.iloc[differ.loc[there, "position"].astype(int)]
    brief = iter([brief_reason(row) for row in rows.itertuples()])
    row: Any
    for row in differ.itertuples():
        if not pd.isna(row.position):
            yield next(brief) + _addition(row)
        elif pd.isna(row.recorded_date):
            yield f"recorded on {row.date_text!r}, a date without a day: no visit can be placed there"
        else:
            yield "no lesion records at this visit"


def _addition(row: Any) -> str:
    """What a progression from the nadir looks like from baseline."""
    if row.kind != "progression from nadir":
        return ""
    return f"; from baseline only {row.change_from_baseline_pct:+.1f} %"


def _queries(differ: pd.DataFrame, reasons: list[str]) -> Iterator[str]:
    """A question about each disagreement, for the site or the reader."""
    row: Any
    for row, reason in zip(differ.itertuples(), reasons, strict=True):
        _, question = KINDS[row.kind]
        facts = {
            "recorded": row.word if pd.isna(row.recorded) else row.recorded,
            "derived": row.derived,
            "reason": reason,
            "date": f"{row.date:%Y-%m-%d}" if not pd.isna(row.date) else "",
            "recorded_date": row.date_text,
        }
        yield f"{row.subject}, {row.evaluator}, {row.visit}: {question.format(**facts)}"


def _summary(agreeing: int, kind: pd.Series) -> pd.DataFrame:
    """How many of each kind that occurs, in the order of `KINDS`."""
    count = kind[kind != ""].value_counts()
    rows = [(AGREE, "the same response on the same day", agreeing)]
    rows += [(name, meaning, int(count[name])) for name, (meaning, _) in KINDS.items() if name in count]
    return pd.DataFrame(rows, columns=list(SUMMARY))
