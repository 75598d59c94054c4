"""Why subjects progressed: growth of targets, non-targets, new lesions, or none of these: death, clinical signs.

RECIST 1.1, sections 4.3.1 to 4.3.5; iRECIST (Seymour, Lancet Oncol 2017; 18: e143): what made the iUPD.
"""

from __future__ import annotations

import pandas as pd

from recist import InputError
from survival.endpoint import Endpoint
from survival.readings import overall_of

CAUSES = {  # target, non-target, new lesion -> reason
    (True, False, False): "Target lesions only",
    (False, True, False): "Non-target lesions only",
    (False, False, True): "New lesions only",
    (True, True, False): "Target and non-target lesions",
    (True, False, True): "Target and new lesions",
    (False, True, True): "Non-target and new lesions",
    (True, True, True): "Target, non-target and new lesions",
}
UNTOLD = "Not told by the record"
DEATH = "Death without documented progression"
CLINICAL = "Clinical progression"
CLAIMED = "Treatment stopped for progression that was not documented"  # situation P8 of PFS and its kin
KINDS = {"progression_date": "progression", "death_date": DEATH}
PROGRESSED = ("PD", "iUPD", "iCPD")
NEEDED = ("subject", "date", "overall", "target", "non_target", "new_lesion")
REASONS = {  # column -> sentence
    "subject": "who had the event",
    "reason": "one of `CAUSES`, or death, clinical progression, or that the record does not tell",
    "new_lesion": "whether a new lesion was among the causes",
    "evaluator": "whose record it is",
    "visit": "visit of the response that is the progression; missing without one",
}


def progression_reasons(tte: pd.DataFrame, responses: pd.DataFrame, endpoint: Endpoint) -> pd.DataFrame:
    """What made the event of every subject who has one.

    Parameters
    ----------
    tte : of `survival.derive_endpoint`, of an endpoint that counts progression.
    responses : of `recist.assess`, of the reading that `tte` is made of.
    endpoint : the endpoint; its situations tell death and clinical progression from documented progression.

    Returns
    -------
    frame with the columns of `REASONS`, one row per subject with an event.  The response is the progression (PD,
    iUPD or iCPD) on the day of the event; where a rule moved that day, the first progression.

    Raises
    ------
    InputError : a column is missing.

    Examples
    --------
    >>> from survival import PFS
    >>> day = pd.to_datetime(["2024-02-01"])
    >>> tte = pd.DataFrame({"subject": ["1"], "event": [True], "date": day, "situation": ["P5"]})
    >>> seen = pd.DataFrame({"subject": ["1"], "date": day, "overall": ["PD"], "target": ["PD"],
    ...     "non_target": ["CR"], "new_lesion": ["Y"], "visit": ["WEEK 8"]})
    >>> progression_reasons(tte, seen, PFS)["reason"].tolist()
    ['Target and new lesions']
    """
    if missing := [name for name in NEEDED if name not in responses]:
        raise InputError(f"responses has no column {', '.join(missing)}; make it with recist.assess")
    if missing := [name for name in ("subject", "event", "date", "situation") if name not in tte]:
        raise InputError(f"the times have no column {', '.join(missing)}; make them with derive_endpoint")
    events = tte[tte["event"].astype(bool)][["subject", "date", "situation"]].astype({"subject": str})
    kinds = {situation.rule: KINDS.get(situation.date, CLINICAL) for situation in endpoint.situations}
    events = events.assign(kind=events["situation"].astype(str).map(kinds))
    found = events.merge(causes_at_progression(responses, events), on="subject", how="left")
    documented = found["kind"] == "progression"
    told = found["reason"].astype("string").fillna(UNTOLD)
    reason = told.where(documented, found["kind"].astype("string"))
    new = found["new_lesion"].eq(True) & documented
    return found.assign(reason=reason, new_lesion=new)[list(REASONS)].reset_index(drop=True)


def causes_at_progression(responses: pd.DataFrame, events: pd.DataFrame) -> pd.DataFrame:
    """The progression of each subject in `events` (`subject date`): that of the day, else the first."""
    said = overall_of(responses)
    seen = responses[said.isin(PROGRESSED).to_numpy(bool)].astype({"subject": str})
    seen = seen.merge(events[["subject", "date"]].rename(columns={"date": "event_date"}), on="subject")
    seen = seen.assign(away=seen["date"] != seen["event_date"]).sort_values(["away", "date"], kind="stable")
    first = seen.drop_duplicates("subject")
    parts = [first["target"].eq("PD"), first["non_target"].eq("PD"), first["new_lesion"].eq("Y")]
    texts = [CAUSES.get((bool(a), bool(b), bool(c)), UNTOLD) for a, b, c in zip(*parts, strict=True)]
    who = (
        first["evaluator"].astype("string")
        if "evaluator" in first
        else pd.Series(pd.NA, first.index, "string")
    )
    if "read_by" in first:  # an accepted reading: the records are those of the reader it was taken from
        who = first["read_by"].astype("string").fillna(who)
    visit = first["visit"].astype("string") if "visit" in first else pd.Series(pd.NA, first.index, "string")
    return pd.DataFrame(
        {
            "subject": first["subject"],
            "reason": texts,
            "new_lesion": parts[2].astype(bool),
            "evaluator": who,
            "visit": visit,
        }
    ).reset_index(drop=True)


def new_lesion_sites(reasons: pd.DataFrame, lesions: pd.DataFrame) -> pd.DataFrame:
    """Organs of the new lesions on record at the visit of progression: `subject organ`, one row each.

    Lesions that are equivocal at that visit count where the same lesion is unequivocal at any visit.

    Examples
    --------
    >>> reasons = pd.DataFrame({"subject": ["1"], "new_lesion": [True], "evaluator": ["A"], "visit": ["WEEK 8"]})
    >>> lesions = pd.DataFrame({"subject": ["1"], "evaluator": ["A"], "visit": ["WEEK 8"], "lesion": ["L1"],
    ...     "role": ["new"], "state": ["unequivocal"], "organ": ["LUNG"]})
    >>> new_lesion_sites(reasons, lesions).values.tolist()
    [['1', 'LUNG']]
    """
    key = ["subject", "evaluator", "lesion"]
    text = lesions[[*key, "visit", "role", "state", "organ"]].astype("string")
    new = text[text["role"].str.startswith("new") & text["state"].isin(["unequivocal", "equivocal"])]
    certain = new.loc[new["state"].eq("unequivocal"), key].drop_duplicates()
    wanted = reasons[reasons["new_lesion"].astype(bool)][["subject", "evaluator", "visit"]].astype("string")
    sites = new.merge(certain, on=key).merge(wanted, on=["subject", "evaluator", "visit"])
    return sites[["subject", "organ"]].drop_duplicates().reset_index(drop=True)
