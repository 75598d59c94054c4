"""Who responded, whose disease was controlled, who had clinical benefit: one row per subject of yes and no.

RECIST 1.1 sections 4.6.1 to 4.6.3 (best response, duration of stable disease); the rates made of these
flags are in `survival.response_rate`.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any, Literal

import pandas as pd

from recist import BESIDE, InputError
from survival.readings import overall_of

SERIES = ("subject", "evaluator", "criteria")
NON_TARGET_ONLY = "NON-CR/NON-PD"

FLAGS = {  # column -> (dtype, what it says)
    "subject": ("text", "as in `best`"),
    "evaluator": ("text", "who read the scans; only when `best` has it"),
    "criteria": ("text", "response criteria; only when `best` has it"),
    "objective_response": ("bool", "best response is CR or PR"),
    "confirmed_objective_response": ("bool", "confirmed best response is CR or PR"),
    "disease_control": ("bool", "best response is one of `rules.controlled`"),
    "confirmed_disease_control": ("bool", "confirmed best response is one of `rules.controlled`"),
    "clinical_benefit": ("bool", "best response CR or PR, or stable at least `rules.stable_days`"),
    "confirmed_clinical_benefit": ("bool", "the same with the confirmed best response"),
    "stable_until": ("datetime64", "last record without progression that counts; missing when there is none"),
    "stable_days": ("float64", "days from the start date to `stable_until`"),
}


def _doc(default: Any, sentence: str, cite: str) -> Any:
    """A field with its default, what it means, and where that is said."""
    return field(default=default, metadata={"sentence": sentence, "cite": cite})


@dataclass(frozen=True, kw_only=True)
class BenefitRules:
    """What counts as response, disease control and clinical benefit.  A variant is an edit of it.

    Examples
    --------
    >>> from dataclasses import replace
    >>> replace(BENEFIT, stable_days=112).stable_days
    112
    """

    response: tuple[str, ...] = _doc(
        ("CR", "PR"),
        "best responses that are a response; iCR and iPR count as CR and PR",
        "RECIST 1.1, 4.6.1; iRECIST, Table 3",
    )
    disease_control: tuple[str, ...] = _doc(
        ("CR", "PR", "SD"),
        "best responses that are disease control; iCR, iPR and iSD count as CR, PR and SD",
        "convention; iRECIST, Table 3",
    )
    non_target_only: Literal["apart", "disease_control"] = _doc(
        "apart",
        "a best response of NON-CR/NON-PD (NON-iCR/NON-iUPD): not counted as disease control, or counted",
        "convention; it is not SD (RECIST 1.1, Table 2)",
    )
    stable: tuple[str, ...] = _doc(
        ("CR", "PR", "SD", "NON-CR/NON-PD"),
        "responses at a visit that document disease without progression",
        "RECIST 1.1, Tables 1 and 2; iRECIST, Tables 1 and 2",
    )
    stable_days: int = _doc(
        168,
        "clinical benefit without a response: last documented free of progression at least this many days "
        "after the start date",
        "convention, 24 weeks; RECIST 1.1, 4.6.3 leaves the number to the protocol",
    )

    def __post_init__(self) -> None:
        """A convention is one of its words."""
        if self.non_target_only not in ("apart", "disease_control"):
            raise InputError(
                f"non_target_only is {self.non_target_only!r}; it is one of apart, disease_control"
            )

    @property
    def controlled(self) -> tuple[str, ...]:
        """Best responses that are disease control, with the convention on non-target disease alone."""
        return self.disease_control + (
            (NON_TARGET_ONLY,) if self.non_target_only == "disease_control" else ()
        )


BENEFIT = BenefitRules()


def benefit_flags(
    responses: pd.DataFrame,
    best: pd.DataFrame,
    subjects: pd.DataFrame | None = None,
    rules: BenefitRules = BENEFIT,
) -> pd.DataFrame:
    """Objective response, disease control and clinical benefit, yes or no, for every row of `best`.

    Parameters
    ----------
    responses : frame with `subject date start_date overall` (and `evaluator`, `criteria`), one row per visit; under
        iRECIST `ioverall` counts.
    best : frame with `subject best_response confirmed_best_response` (and `evaluator`, `criteria`;
        `progression_date`, where there, ends stable disease as a PD record does).
    subjects : frame of subjects; its `new_therapy_date` and `cutoff_date`, where there, end the records that
        document stable disease.  A subject without a row in `best` gets a row with every flag false.
    rules : what counts; an edit of `BENEFIT`.

    Returns
    -------
    frame with the columns of `FLAGS`, in the order of `best`, then subjects that `best` does not have.

    Raises
    ------
    InputError : a needed column is missing, or a subject has two rows in `subjects`.

    Notes
    -----
    Stable disease lasts as long as it is documented: the last record that is not PD or NE, before the first
    PD, no later than the start of new anticancer therapy and the cutoff, is at least `stable_days` after the
    start date.  PD at day 224 after SD at day 112 documents 112 days (docs/decisions/0201).

    Examples
    --------
    >>> responses = pd.DataFrame({"subject": "01", "overall": ["SD", "SD", "PD"],
    ...     "start_date": pd.Timestamp("2024-01-01"),
    ...     "date": pd.to_datetime(["2024-02-26", "2024-06-17", "2024-08-12"])})
    >>> best = pd.DataFrame({"subject": ["01"], "best_response": "SD", "confirmed_best_response": "SD"})
    >>> flags = benefit_flags(responses, best)
    >>> bool(flags["objective_response"][0]), bool(flags["clinical_benefit"][0])
    (False, True)
    """
    _need(responses, "responses", ("subject", "date", "start_date", "overall"))
    _need(best, "best", ("subject", "best_response", "confirmed_best_response"))
    keys = [name for name in SERIES if name in best and name in responses]
    rows = _with_all_subjects(best, subjects)
    seen = _before_the_end(_visits(responses, keys), rows, subjects, keys)
    rows = rows.merge(_stable(seen, rules, keys), on=keys, how="left", validate="m:1")
    long_stable = (rows["stable_days"] >= rules.stable_days).fillna(False).to_numpy(bool)
    flags = rows[[name for name in SERIES if name in best]].copy()
    for prefix, column in (("", "best_response"), ("confirmed_", "confirmed_best_response")):
        given = rows[column].astype("string").replace(BESIDE)  # iCR as CR ...
        response = given.isin(rules.response).to_numpy(bool)
        flags[f"{prefix}objective_response"] = response
        flags[f"{prefix}disease_control"] = given.isin(rules.controlled).to_numpy(bool)
        flags[f"{prefix}clinical_benefit"] = response | long_stable
    flags["stable_until"], flags["stable_days"] = rows["stable_until"], rows["stable_days"]
    return flags[[name for name in FLAGS if name in flags]]


def _need(frame: pd.DataFrame, name: str, columns: tuple[str, ...]) -> None:
    if missing := [column for column in columns if column not in frame]:
        raise InputError(
            f"{name} has no column {', '.join(missing)}; it has {', '.join(map(str, frame.columns))}"
        )


def _with_all_subjects(rows: pd.DataFrame, subjects: pd.DataFrame | None) -> pd.DataFrame:
    """Rows of `best`, subjects as text, and a row for each subject that has none."""
    rows = rows.assign(subject=rows["subject"].astype(str))
    if subjects is None:
        return rows
    _need(subjects, "subjects", ("subject",))
    known = subjects["subject"].astype(str)
    if known.duplicated().any():
        twice = known[known.duplicated()].iloc[0]
        raise InputError(f"subject {twice} has more than one row in subjects; keep one row per subject")
    absent = pd.DataFrame({"subject": known[~known.isin(rows["subject"])].drop_duplicates()})
    for name in [name for name in SERIES[1:] if name in rows]:
        absent = absent.merge(rows[[name]].drop_duplicates(), how="cross")
    return pd.concat([rows, absent], ignore_index=True)


def _visits(responses: pd.DataFrame, keys: list[str]) -> pd.DataFrame:
    """Date, start and response of each visit, in words of RECIST; an iUPD documents nothing and ends nothing."""
    overall = overall_of(responses)
    seen = responses[[*keys, "date", "start_date"]].assign(subject=responses["subject"].astype(str))
    return seen.assign(overall=overall.replace(BESIDE))


def _before_the_end(
    seen: pd.DataFrame, rows: pd.DataFrame, subjects: pd.DataFrame | None, keys: list[str]
) -> pd.DataFrame:
    """Responses dated before progression and no later than new anticancer therapy and the cutoff."""
    is_pd = seen["overall"].eq("PD").fillna(False).to_numpy(bool)
    first_pd = seen["date"].where(is_pd).groupby([seen[key] for key in keys], observed=True).transform("min")
    counts = seen["date"].notna() & (first_pd.isna() | (seen["date"] < first_pd))
    if "progression_date" in rows:
        ends = seen[keys].merge(rows[[*keys, "progression_date"]], on=keys, how="left")["progression_date"]
        ends = ends.set_axis(seen.index)
        counts &= ends.isna() | (seen["date"] < ends)
    for name in ("new_therapy_date", "cutoff_date"):
        if subjects is not None and name in subjects:
            limit = seen["subject"].map(subjects.set_index(subjects["subject"].astype(str))[name])
            counts &= limit.isna() | (seen["date"] <= limit)
    return seen[counts]


def _stable(seen: pd.DataFrame, rules: BenefitRules, keys: list[str]) -> pd.DataFrame:
    """Last record of each series that documents disease without progression, and its day."""
    stable = seen[seen["overall"].isin(rules.stable)].groupby(keys, observed=True)
    last = stable.agg(stable_until=("date", "max"), start=("start_date", "first")).reset_index()
    days = (last["stable_until"] - last["start"]).dt.days
    return last.drop(columns="start").assign(stable_days=days.astype("float64"))
