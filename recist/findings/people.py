"""Findings about subjects, evaluators and visits as wholes, against the subject and visit tables."""

from __future__ import annotations

import numpy as np
import pandas as pd

from recist.candidates import flag
from recist.findings.base import finding, hits
from recist.findings.evidence import Evidence, Ints, first_of
from recist.findings.selection import chosen


@finding(
    id="subject-unknown",
    severity="error",
    place="subject",
    meaning="A subject has lesions but is not in the subject table.",
    why="Without a start date and an arm the subject drops out of every analysis",
    cite="house",
    sentence="not in the subject table. Is the identifier right?",
)
def subject_unknown(e: Evidence) -> pd.DataFrame:
    if e.subjects is None:
        return hits([])
    known = set(e.subjects["subject"].astype(str).str.strip())
    return hits(first_of(e.codes("subject"), e.by_word("subject", lambda word: word not in known)))


@finding(
    id="subject-without-lesions",
    severity="note",
    place="subject",
    meaning="A subject of the subject table has no row in the lesion table.",
    why="Such a subject counts as not evaluable in response rates and is censored at the start",
    cite="RECIST 1.1 section 4.6.1; FDA 2018 endpoints guidance, Appendix 3",
    sentence="no row in the lesion table. Was the subject's disease assessed?",
)
def subject_without_lesions(e: Evidence) -> pd.DataFrame:
    listed = (
        [] if e.subjects is None else e.subjects["subject"].dropna().astype(str).str.strip().unique().tolist()
    )
    known = set(e.text("subject", first_of(e.codes("subject"), np.ones(len(e.lesions), bool))))
    absent = [subject for subject in listed if subject not in known]
    return hits(np.full(len(absent), -1), subject=absent)


@finding(
    id="no-disease-at-baseline",
    severity="note",
    place="evaluator",
    meaning="A subject has no target and no non-target lesion at any visit.",
    why="No table of the criteria applies: the response is NED until a new lesion appears",
    cite="RECIST 1.1 section 4.2; house rule for adjuvant studies",
    sentence="no target and no non-target lesion recorded. Was there no disease at baseline?",
)
def no_disease_at_baseline(e: Evidence) -> pd.DataFrame:
    return hits(first_of(e.series, ~e.in_group(e.series, ~e.new)))


def _organs_of_targets(e: Evidence) -> pd.DataFrame:
    """Organs of the targets of each series, sorted: what two readers' choices are compared by."""
    at = np.flatnonzero(chosen(e))
    frame = pd.DataFrame({"series": e.series[at], "subject": e.codes("subject")[at]})
    frame["reader"] = e.text("evaluator", at)
    frame["organ"] = [str(name) for name in e.organ.astype("object").fillna("unknown").iloc[at]]
    frame = frame.sort_values(["series", "organ"], kind="stable")
    return frame.groupby(["subject", "series", "reader"])[["organ"]].agg(", ".join).reset_index()


@finding(
    id="evaluators-chose-differently",
    severity="note",
    place="subject",
    meaning="The evaluators of a subject chose targets in different organs, or a different number of them.",
    why="Their sums are not comparable, which is the first cause of discordant responses",
    cite="RECIST 1.1 section 4.2; each reader chooses alone",
    sentence="targets differ between evaluators: {choices}. Were these the lesions each of them chose?",
)
def evaluators_chose_differently(e: Evidence) -> pd.DataFrame:
    if len(e.words("evaluator")) < 2:
        return hits([], choices=[])
    organs = _organs_of_targets(e)
    differ = organs[organs.groupby("subject")["organ"].transform("nunique") > 1]
    text = (differ["reader"] + " " + differ["organ"]).groupby(differ["subject"]).agg("; ".join)
    first = first_of(e.codes("subject"), np.isin(e.codes("subject"), text.index.to_numpy()))
    return hits(first, choices=text.reindex(e.codes("subject")[first]).to_numpy())


def _visit_rows(e: Evidence) -> tuple[pd.DataFrame, Ints]:
    """Rows of the visit table that say whether imaging was done, and where the lesion table has that visit.

    A row that names no evaluator speaks for every evaluator; the first one stands for them.
    """
    if e.visits is None or "imaging_done" not in e.visits:
        return pd.DataFrame({"subject": [], "visit": []}), np.zeros(0, np.int64)
    keys = [key for key in ("subject", "evaluator", "visit") if key in e.visits]
    asked = e.visits.loc[e.visits["imaging_done"].notna(), [*keys, "imaging_done"]].reset_index(drop=True)
    asked = asked.assign(**{key: asked[key].astype(str).str.strip() for key in keys})
    at = np.sort(e.slots["at"].to_numpy(np.int64))
    slots = pd.DataFrame({key: e.text(key, at) for key in keys} | {"at": at}).drop_duplicates(keys)
    place = asked.merge(slots, on=keys, how="left")["at"].fillna(-1).to_numpy(np.int64)
    return asked, place


@finding(
    id="imaging-without-lesions",
    severity="warning",
    place="visit",
    meaning="Imaging was done at a visit, but no lesion of it is recorded for a subject with disease at "
    "baseline.",
    why="The visit counts as not evaluable although there are scans",
    cite="RECIST 1.1 section 4.4.2",
    sentence="imaging was done, but no lesion is recorded. What did the scans show?",
)
def imaging_without_lesions(e: Evidence) -> pd.DataFrame:
    asked, at = _visit_rows(e)
    diseased = set(e.text("subject", first_of(e.codes("subject"), e.baseline & ~e.new)))
    wrong = (at < 0) & flag(asked, "imaging_done") & asked["subject"].isin(diseased).to_numpy(bool)
    found = asked[wrong]
    reader = found["evaluator"] if "evaluator" in found else [None] * len(found)
    return hits(at[wrong], subject=found["subject"], evaluator=list(reader), visit=found["visit"])


@finding(
    id="lesions-without-imaging",
    severity="error",
    place="visit",
    meaning="A visit says that no imaging was done, but sizes are recorded.",
    why="One of the two is wrong: the visit is either NE or a response",
    cite="RECIST 1.1 section 4.4.2",
    sentence="no imaging was done, yet lesions {lesions} have sizes. Was imaging done?",
)
def lesions_without_imaging(e: Evidence) -> pd.DataFrame:
    asked, at = _visit_rows(e)
    denied = np.unique(at[(at >= 0) & ~flag(asked, "imaging_done")])
    sized = e.sized & (e.diameter > 0)
    first = denied[np.isin(e.slot[denied], e.slot[sized])]
    return hits(first, lesions=e.listed(e.slot, sized, e.slot[first]))
