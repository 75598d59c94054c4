"""The time-to-event parameters of the R package admiralonco 1.4, as edits of our endpoints.

Vignette "Creating ADTTE" (https://pharmaverse.github.io/admiralonco): the earliest of the events, else the latest
censoring date; every assessment censors, NE too, and no missed visit or new therapy does.
"""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from survival.endpoint import Endpoint, Situation
from survival.endpoints.os import OS as OUR_OS
from survival.endpoints.pfs import PFS as OUR_PFS
from survival.endpoints.pfs import death_is_the_event, no_event
from survival.fact_sources import names, positions, subject_dates
from survival.outcomes import applies, outcome_dates, words
from survival.readings import EndpointError

CITE = "admiralonco, vignette Creating ADTTE"

OS = replace(
    OUR_OS.without("O2", "O3").edit("O1", text="Death", cite=CITE).edit("O4", text="Alive", cite=CITE),
    name="OS",
    cite=CITE,
)

PFS = replace(
    OUR_PFS.without("P1", "P2", "P3", "P4", "P6", "P8", "P9", "P10")
    .edit("P5", text="Disease Progression", cite=CITE)
    .edit("P7", text="Death", when=death_is_the_event, cite=CITE)
    .edit(
        "P11",
        text="Last Tumor Assessment",
        when=lambda f: no_event(f) & f["last_assessment_date"].notna(),
        date="last_assessment_date",
        cite=CITE,
    )
    .after(
        "P11",
        Situation("P12", "Randomization", when=no_event, date="start_date", outcome="censored", cite=CITE),
    ),
    name="PFS",
    cite=CITE,
    nact_rule="ignore",
)

RSD = replace(
    PFS.without("P12"),
    name="RSD",
    title="Duration of confirmed response",
    start=("confirmed_response_date",),
    only="confirmed_response_date",
)

PARAMETERS = (OS, PFS, RSD)
DESCRIPTIONS = list(dict.fromkeys(situation.text for one in PARAMETERS for situation in one.situations))
ADTTE_COLUMNS = {  # column -> sentence
    "USUBJID": "Who.",
    "PARAMCD": "OS, PFS or RSD.",
    "PARAM": "Parameter.",
    "STARTDT": "Day 1: randomisation, or for RSD the first date of the confirmed response.",
    "ADT": "Date of the event or of censoring, never before day 1.",
    "AVAL": "Days, ADT - STARTDT + 1.",
    "CNSR": "0: it happened; 1: censored.",
    "EVNTDESC": "The situation in words.",
}


def derive_adtte(adrs: pd.DataFrame, subjects: pd.DataFrame) -> pd.DataFrame:
    """OS, PFS and duration of confirmed response out of ADRS, in CDISC names, as admiralonco derives them.

    Parameters
    ----------
    adrs : DataFrame
        From `recist.derive_adrs`, of one evaluator and one criteria.
    subjects : DataFrame
        `subject`, `randomization_date`; `death_date` and `last_alive_date` where there.

    Returns
    -------
    DataFrame
        The columns of `survival.admiralonco.ADTTE_COLUMNS`: for each parameter a row per subject, RSD only
        for subjects with a confirmed response.

    Raises
    ------
    EndpointError
        When ADRS holds several readings, a subject that the subject table lacks, or a start date is missing.

    Examples
    --------
    >>> import recist
    >>> subjects = pd.DataFrame({"subject": ["01"], "randomization_date": pd.to_datetime(["2024-01-01"])})
    >>> responses = pd.DataFrame({"subject": "01", "overall": ["SD", "PD"],
    ...     "date": pd.to_datetime(["2024-02-26", "2024-04-22"])})
    >>> derive_adtte(recist.derive_adrs(responses, subjects), subjects)[["PARAMCD", "AVAL", "EVNTDESC"]].values.tolist()
    [['OS', 1, 'Alive'], ['PFS', 113, 'Disease Progression']]
    """
    facts = _facts(adrs, subjects)
    parts = [_parameter(endpoint, facts) for endpoint in PARAMETERS]
    return pd.concat(parts, ignore_index=True)


def _facts(adrs: pd.DataFrame, subjects: pd.DataFrame) -> pd.DataFrame:
    """The facts that the situations ask for, one row per subject."""
    who = names(subjects)
    dates = subject_dates(subjects)
    if dates["randomization_date"].isna().any():
        raise EndpointError("subjects lacks a randomization_date. Fill in the date, or take the subject out")
    place = positions(who, adrs["USUBJID"], "adrs")
    of_adrs = {
        fact: _date_of(adrs, parameter, place, len(who))
        for parameter, fact in {
            "PD": "progression_date",
            "CRSP": "confirmed_response_date",
            "LSTA": "last_assessment_date",
        }.items()
    }
    dates["last_known_alive_date"] = dates.pop("last_alive_date")
    dates["event_date"] = dates["death_date"].where(
        ~(of_adrs["progression_date"] <= dates["death_date"]) & dates["death_date"].notna(),
        of_adrs["progression_date"],
    )
    return pd.DataFrame({"subject": who, **dates, **of_adrs}, copy=False)


def _date_of(adrs: pd.DataFrame, parameter: str, of_row: npt.NDArray[np.intp], n: int) -> pd.Series[Any]:
    """Date of a parameter of ADRS, in the order of the subjects."""
    rows = np.flatnonzero((adrs["PARAMCD"] == parameter).to_numpy())
    place = of_row[rows]
    if len(place) != n or not (np.bincount(place, minlength=n) == 1).all():
        raise EndpointError(
            f"adrs has not one {parameter} for each subject. Keep one PARCAT2 (evaluator) and one PARCAT3 (criteria), "
            "and the subjects it was derived for"
        )
    found = np.empty(n, "datetime64[ns]")
    found[place] = adrs["ADT"].to_numpy("datetime64[ns]")[rows]
    return pd.Series(found)


def _parameter(endpoint: Endpoint, facts: pd.DataFrame) -> pd.DataFrame:
    """The rows of one parameter."""
    if endpoint.only is not None:
        facts = facts[facts[endpoint.only].notna()].reset_index(drop=True)
    facts = facts.assign(start_date=facts[endpoint.start[0]])
    first = applies(endpoint, facts).argmax(axis=1)
    date = outcome_dates(endpoint, facts)[np.arange(len(facts)), first]
    start = facts["start_date"].to_numpy("datetime64[ns]")
    censored = np.array([situation.outcome == "censored" for situation in endpoint.situations])
    number = np.full(len(facts), [one.name for one in PARAMETERS].index(endpoint.name), np.int8)
    return pd.DataFrame(
        {
            "USUBJID": facts["subject"],
            "PARAMCD": pd.Categorical.from_codes(number, pd.Index([one.name for one in PARAMETERS])),
            "PARAM": pd.Categorical.from_codes(number, pd.Index([one.title for one in PARAMETERS])),
            "STARTDT": start,
            "ADT": date,
            "AVAL": (date - start).astype("timedelta64[D]").astype(np.int64) + endpoint.first_day,
            "CNSR": censored[first].astype(np.int64),
            "EVNTDESC": words(endpoint, "text", first).set_categories(DESCRIPTIONS),
        },
        copy=False,
    )
