"""The situations of an endpoint put to the facts of the subjects: which apply, with which dates."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from survival.facts import BEST_RESPONSES, RESPONSE_DATES, before
from survival.readings import EndpointError, Reading, check_reading, listed, one_reading
from survival.time_frame import add_frame, in_frame

if TYPE_CHECKING:
    from survival.endpoint import Endpoint

IMMUNE_PROGRESSION = ("iUPD", "iCPD")
TAKEN = ("endpoint", "time", "event", "start_date", "date", "situation", "description")


def prepare(
    endpoint: str | Endpoint,
    subjects: pd.DataFrame,
    responses: pd.DataFrame | None,
    best: pd.DataFrame | None,
    reading: Reading,
) -> tuple[Endpoint, pd.DataFrame, pd.DataFrame]:
    """The endpoint, the facts of the subjects it is about, and their other columns, with one index."""
    check_reading(reading)
    chosen = _named(endpoint)
    own = (*TAKEN, "cause") if any(situation.cause for situation in chosen.situations) else TAKEN
    if taken := [name for name in own if name in subjects]:
        raise EndpointError(
            f"subjects has a column {', '.join(taken)}, as the result has; rename it in subjects"
        )
    reading = {"evaluator": chosen.evaluator, "criteria": chosen.criteria, **reading}
    if responses is None and "progression_date" in chosen.events:
        raise EndpointError(f"{chosen.name} needs responses; derive_endpoint(endpoint, subjects, responses)")
    if responses is not None:
        responses = one_reading(responses, "responses", reading)
        _check_words(chosen, responses)
    if best is not None:
        best = one_reading(best, "best", reading)
    elif _asks_for_response(chosen):
        best = _best_response(chosen, subjects, responses)
    _check_best(chosen, best)
    facts = chosen.facts(subjects, responses, best)
    columns = subjects.drop(columns="subject").reset_index(drop=True)
    add_frame(facts, subjects, chosen)
    if chosen.only is not None:
        has = facts[chosen.only].notna() & ~before(facts["frame_end_date"], facts[chosen.only])
        facts, columns = facts[has].reset_index(drop=True), columns[has].reset_index(drop=True)
    return in_frame(chosen), facts, columns


def _named(endpoint: str | Endpoint) -> Endpoint:
    """The endpoint of that name, or the one handed in."""
    from survival.endpoints import get_endpoint

    return get_endpoint(endpoint) if isinstance(endpoint, str) else endpoint


def _asks_for_response(endpoint: Endpoint) -> bool:
    """Whether a start, an event or the population is a date of response."""
    return bool({*endpoint.start, *endpoint.events, endpoint.only} & set(RESPONSE_DATES))


def _check_words(endpoint: Endpoint, responses: pd.DataFrame) -> None:
    """Progression in words the endpoint does not know would be none, and iPR with PD two criteria in one outcome."""
    if endpoint.progression_dated != "first" or "progression_date" not in endpoint.events:
        return
    remedy = f"Take the endpoint by iRECIST, such as i{endpoint.name.lower()}, or responses of RECIST 1.1"
    immune = "overall" in responses and bool(responses["overall"].isin(IMMUNE_PROGRESSION).any())
    if immune and not set(endpoint.progression) & set(IMMUNE_PROGRESSION):
        raise EndpointError(
            f"{endpoint.name} looks for {', '.join(endpoint.progression)}, and these responses are of iRECIST (iUPD, "
            f"iCPD). {remedy}"
        )
    if "ioverall" in responses and responses["ioverall"].notna().any() and _asks_for_response(endpoint):
        raise EndpointError(
            f"{endpoint.name} starts with a response of iRECIST here and would end with the PD of RECIST 1.1. {remedy}"
        )


def _check_best(endpoint: Endpoint, best: pd.DataFrame | None) -> None:
    """A date of a kind of best response needs the best response beside its date."""
    for name in {*endpoint.start, *endpoint.events, endpoint.only} & set(BEST_RESPONSES):
        column = BEST_RESPONSES[str(name)][0]
        if missing := [each for each in (column, f"{column}_date") if best is None or each not in best]:
            raise EndpointError(
                f"{endpoint.name}: best has no column {', '.join(missing)}; derive it with recist.best_response"
            )


def _best_response(
    endpoint: Endpoint, subjects: pd.DataFrame, responses: pd.DataFrame | None
) -> pd.DataFrame:
    """Best responses out of the assessments up to the cutoff, and up to new anticancer therapy."""
    import recist

    if responses is None:
        raise EndpointError(f"{endpoint.name} needs responses, or best from recist.best_response")
    if "cutoff_date" in subjects:
        cutoff = subjects.set_index(subjects["subject"].astype(str))["cutoff_date"]
        limit = responses["subject"].astype(str).map(cutoff[~cutoff.index.duplicated()])
        responses = responses[~before(limit, responses["date"]).to_numpy(bool)]
    found: pd.DataFrame = recist.best_response(responses, subjects=subjects)
    return found


def applies(endpoint: Endpoint, facts: pd.DataFrame) -> npt.NDArray[np.bool_]:
    """One row per subject, one column per situation; a subject that none covers is an error."""
    found = np.zeros((len(facts), len(endpoint.situations)), bool)
    for place, situation in enumerate(endpoint.situations):
        answer = np.asarray(situation.when(facts))
        if answer.dtype != bool or answer.shape != (len(facts),):
            raise EndpointError(
                f"{endpoint.name}, {situation.rule}: `when` must give yes or no for each of {len(facts)} "
                f"subjects; it gave {answer.dtype} of shape {answer.shape}"
            )
        found[:, place] = answer
    if not (covered := found.any(axis=1)).all():
        lost = facts["subject"].to_numpy()[~covered]
        raise EndpointError(f"{endpoint.name}: no situation covers {listed(lost)}. Add a row that does")
    return found


def outcome_dates(endpoint: Endpoint, facts: pd.DataFrame) -> npt.NDArray[np.datetime64]:
    """The date each situation gives each subject; censoring is never before the start, nor undated."""
    start = facts["start_date"].to_numpy("datetime64[ns]")
    if missing := facts["subject"][facts["start_date"].isna()].tolist():
        raise EndpointError(f"{endpoint.name}: no start date for {listed(missing)}")
    dates = np.empty((len(facts), len(endpoint.situations)), "datetime64[ns]")
    for place, situation in enumerate(endpoint.situations):
        date = facts[situation.date].to_numpy("datetime64[ns]")
        if situation.outcome == "event":
            _check_event_dates(endpoint, facts, place)
        dates[:, place] = np.fmax(date, start)
    return dates


def _check_event_dates(endpoint: Endpoint, facts: pd.DataFrame, place: int) -> None:
    """An event needs its date."""
    situation = endpoint.situations[place]
    undated = np.asarray(situation.when(facts)) & facts[situation.date].isna().to_numpy()
    if undated.any():
        raise EndpointError(
            f"{endpoint.name}, {situation.rule}: an event without {situation.date} for "
            f"{listed(facts['subject'][undated])}. Its condition must ask for that date"
        )


def causes(endpoint: Endpoint, place: npt.NDArray[np.intp]) -> pd.Categorical[Any]:
    """Which of the competing events the situations at the given places are; missing where none."""
    terms = [situation.cause for situation in endpoint.situations]
    unique = pd.Index(dict.fromkeys(term for term in terms if term))
    return pd.Categorical.from_codes(unique.get_indexer(pd.Index(terms))[place], unique)


def words(endpoint: Endpoint, part: str, place: npt.NDArray[np.intp]) -> pd.Categorical[Any]:
    """A field of the situations (`rule`, `text`, `outcome`) at the given places, as categories in order."""
    terms = [str(getattr(situation, part)) for situation in endpoint.situations]
    unique = pd.Index(dict.fromkeys(terms))
    codes = unique.get_indexer(pd.Index(terms)).astype(np.int16)
    return pd.Categorical.from_codes(codes[place], unique)


def first_situations(chosen: Endpoint, facts: pd.DataFrame, columns: pd.DataFrame) -> pd.DataFrame:
    """The first situation that applies to each subject, with its time."""
    first = applies(chosen, facts).argmax(axis=1)
    date = outcome_dates(chosen, facts)[np.arange(len(facts)), first]
    start = facts["start_date"].to_numpy("datetime64[ns]")
    happened = np.array([situation.outcome == "event" for situation in chosen.situations])
    tte = pd.DataFrame(
        {
            "subject": facts["subject"],
            "endpoint": pd.Categorical([chosen.name] * len(facts)),
            "time": (date - start).astype("timedelta64[D]").astype(np.int64) + chosen.first_day,
            "event": happened[first],
            "start_date": start,
            "date": date,
            "situation": words(chosen, "rule", first),
            "description": words(chosen, "text", first),
        }
    )
    if any(situation.cause for situation in chosen.situations):
        tte["cause"] = causes(chosen, first)
    return pd.concat([tte, columns], axis=1)


def every_situation(chosen: Endpoint, facts: pd.DataFrame) -> pd.DataFrame:
    """Every situation that applies."""
    found = applies(chosen, facts)
    row, place = np.nonzero(found)
    return pd.DataFrame(
        {
            "subject": facts["subject"].to_numpy()[row],
            "endpoint": pd.Categorical([chosen.name] * len(row)),
            "situation": words(chosen, "rule", place),
            "description": words(chosen, "text", place),
            "outcome": words(chosen, "outcome", place),
            "date": outcome_dates(chosen, facts)[row, place],
            "chosen": found.argmax(axis=1)[row] == place,
        }
    )
