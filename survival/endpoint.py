"""A time-to-event endpoint is an ordered table of situations; the first that applies to a subject wins.

FDA, Clinical Trial Endpoints for the Approval of Cancer Drugs and Biologics (2018), Appendix 3 prints
censoring rules as such tables.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Any, ClassVar, Literal, Unpack

import pandas as pd

from survival.fact_rules import FactRules, doc
from survival.facts import FACTS, subject_facts
from survival.leukaemia_facts import LEUKAEMIA_FACTS, leukaemia_facts
from survival.outcomes import every_situation, first_situations, prepare
from survival.readings import EndpointError, Reading
from survival.time_frame import FRAME_FACTS, in_frame

__all__ = ["TTE", "Endpoint", "EndpointError", "Situation", "all_situations", "derive_endpoint"]

KNOWN = FACTS | LEUKAEMIA_FACTS | FRAME_FACTS
TTE = {  # column -> (dtype, sentence); the columns of `subjects` follow
    "subject": ("text", "as in `subjects`"),
    "endpoint": ("category", "name of the endpoint"),
    "time": ("int64", "days, date - start_date + first_day"),
    "event": ("bool", "true: it happened; false: censored"),
    "start_date": ("datetime64", "day 1"),
    "date": ("datetime64", "date of the event or of censoring, never before the start"),
    "situation": ("category", "id of the row that decided"),
    "description": ("category", "that row in words"),
}
CAUSE = {  # after those of TTE where an endpoint has competing events
    "cause": ("category", "which of the competing events it was; missing when censored"),
}
ALL_SITUATIONS = {  # column -> (dtype, sentence)
    "subject": ("text", "as in `subjects`"),
    "endpoint": ("category", "name of the endpoint"),
    "situation": ("category", "id of a row that applies"),
    "description": ("category", "that row in words"),
    "outcome": ("category", "event or censored"),
    "date": ("datetime64", "the date that row would give"),
    "chosen": ("bool", "true for the first that applies, which decides"),
}


@dataclass(frozen=True)
class Situation:
    """One row of a censoring table: in the guidance's words, and as a condition on the facts.

    `when` takes the frame of `subject_facts` and returns yes or no for each row; `date` names the fact that
    holds the date.  A censoring date that is missing means the start date.
    """

    rule: str
    text: str
    when: Callable[[pd.DataFrame], Any]
    date: str
    outcome: Literal["event", "censored"]
    cite: str
    cause: str = ""  # which of competing events it is; with any, the outcome has a column `cause`

    def __post_init__(self) -> None:
        """The outcome is one of the two words; the endpoint checks the date, which may be a column of its own."""
        if self.outcome not in ("event", "censored"):
            raise EndpointError(
                f"situation {self.rule}: outcome {self.outcome!r} is not 'event' or 'censored'"
            )


@dataclass(frozen=True, kw_only=True)
class Endpoint(FactRules):
    """A time-to-event endpoint: settings with their sources, and situations in the order they are tried.

    A variant is an edit of one, best with a name of its own:

    >>> from dataclasses import replace
    >>> from survival.endpoints.pfs import PFS
    >>> PFS.without("P4").name
    'PFS without P4'
    >>> replace(PFS, name="PFS q12w", max_gap_days=182).max_gap_days
    182
    """

    own_facts: ClassVar[Mapping[str, Any]] = {}  # what a kind of endpoint knows beside `KNOWN`
    name: str
    title: str
    cite: str
    situations: tuple[Situation, ...]
    only: str | None = doc(None, "only subjects with this date have a row (duration of response)", "FDA 2018")
    first_day: int = doc(1, "time when the date is the start date", "CDISC ADaM: AVAL = ADT - STARTDT + 1")
    evaluator: str | None = doc(None, "whose reading counts; None: the frame holds one", "protocol")
    criteria: str | None = doc(None, "criteria the responses are of; None: the frame holds one", "protocol")
    frame_days: int | None = doc(
        None, "time frame: what comes at a time longer than this is censored at its end", "protocol"
    )
    frame_from: str | None = doc(
        None,
        "column of the subject table the time frame counts from; None: the start of the endpoint",
        "protocol",
    )

    def __post_init__(self) -> None:
        """Rows have ids of their own; dates named in the settings exist."""
        super().__post_init__()
        ids = [situation.rule for situation in self.situations]
        if not ids or len(set(ids)) < len(ids):
            raise EndpointError(f"{self.name}: situations need ids, each its own; they are {ids}")
        dated = [(f"situation {situation.rule}", situation.date) for situation in self.situations]
        dated += [(self.name, name) for name in (*self.events, *([self.only] if self.only else []))]
        known = (*KNOWN, *self.own_facts, *self.columns)
        for where, name in dated:
            if name not in known:
                raise EndpointError(f"{where}: {name!r} is not one of the facts {', '.join(known)}")
        if self.frame_days is not None and self.frame_days < 1:
            raise EndpointError(
                f"{self.name}: frame_days is {self.frame_days}; it is a number of days, 1 or more"
            )

    @property
    def compares_arms(self) -> bool:
        """Whether its arms are those that were randomised: everyone has a row, responders or not.

        A hazard ratio or p among responders alone compares groups that the treatment has chosen (FDA 2018,
        section III.B: duration of response is described, not compared).

        >>> from survival import DOR, PFS
        >>> PFS.compares_arms, DOR.compares_arms
        (True, False)
        """
        return self.only is None

    def facts(
        self, subjects: pd.DataFrame, responses: pd.DataFrame | None, best: pd.DataFrame | None
    ) -> pd.DataFrame:
        """What is known of the subjects, one row each: what the situations are conditions on."""
        find = leukaemia_facts if self.remission else subject_facts
        return find(subjects, responses, best, self)

    def situation(self, rule: str) -> Situation:
        """The row with that id."""
        return self.situations[self._place(rule)]

    def without(self, *rules: str) -> Endpoint:
        """The same endpoint with rows struck out: how a sensitivity analysis is written."""
        struck = {self._place(rule) for rule in rules}
        kept = tuple(s for n, s in enumerate(self.situations) if n not in struck)
        return replace(self, name=f"{self.name} without {', '.join(rules)}", situations=kept)

    def edit(self, rule: str, **cells: Any) -> Endpoint:
        """The same endpoint with fields of one situation changed."""
        place = self._place(rule)
        changed = replace(self.situations[place], **cells)
        rows = (*self.situations[:place], changed, *self.situations[place + 1 :])
        return replace(self, name=f"{self.name} with {changed.rule} edited", situations=rows)

    def before(self, rule: str, *situations: Situation) -> Endpoint:
        """The same endpoint with situations tried just before that one."""
        return self._insert(self._place(rule), situations)

    def after(self, rule: str, *situations: Situation) -> Endpoint:
        """The same endpoint with situations tried just after that one."""
        return self._insert(self._place(rule) + 1, situations)

    def _insert(self, place: int, added: tuple[Situation, ...]) -> Endpoint:
        rows = (*self.situations[:place], *added, *self.situations[place:])
        name = f"{self.name} with {', '.join(situation.rule for situation in added)}"
        return replace(self, name=name, situations=rows)

    def _place(self, rule: str) -> int:
        ids = [situation.rule for situation in self.situations]
        if rule not in ids:
            raise EndpointError(f"{self.name} has no situation {rule!r}; it has {', '.join(ids)}")
        return ids.index(rule)

    def __str__(self) -> str:
        """The table as text, columns aligned, with the settings below it."""
        head = ["rule", "situation", "date", "outcome", "source"]
        situations = in_frame(self).situations
        rows = [head, *([s.rule, s.text, s.date, s.outcome, s.cite] for s in situations)]
        width = [max(len(row[n]) for row in rows) for n in range(len(head))]
        lines = [" | ".join(c.ljust(w) for c, w in zip(row, width, strict=True)).rstrip() for row in rows]
        lines.insert(1, "-+-".join("-" * w for w in width))
        settings = f"start: {' or '.join(self.start)}; event: earliest of {', '.join(self.events)}"
        settings += f"; gap: more than {self.max_gap_days} days"
        return "\n".join([f"{self.name}: {self.title} ({self.cite})", *lines, settings])

    def _repr_html_(self) -> str:
        """The table of situations, for notebooks."""
        from survival.notebook import endpoint_html

        return endpoint_html(self)


def derive_endpoint(
    endpoint: str | Endpoint,
    subjects: pd.DataFrame,
    responses: pd.DataFrame | None = None,
    best: pd.DataFrame | None = None,
    **reading: Unpack[Reading],
) -> pd.DataFrame:
    """Time in days, event or censored, the date and the situation behind it, one row per subject.

    Parameters
    ----------
    endpoint : a name such as "pfs" or "os", or an `Endpoint`, perhaps edited.
    subjects : one row per subject; see `survival.facts.subject_facts`.
    responses : `subject date overall`, several evaluators and criteria possible; overall survival needs none.
    best : frame of `recist.best_response`; derived from `responses` when an endpoint needs one.
    reading : `evaluator=` and `criteria=`, which of several readings counts.

    Returns
    -------
    frame with the columns of `TTE` and those of `subjects`, in the order of `subjects`.

    Raises
    ------
    EndpointError : unknown endpoint or situation; several readings and none named; a subject that no
        situation covers, or whose dates are missing or impossible.

    Examples
    --------
    >>> subjects = pd.DataFrame({"subject": ["01", "02"],
    ...     "randomization_date": pd.to_datetime(["2024-01-01", "2024-01-01"]),
    ...     "death_date": pd.to_datetime(["2024-03-01", None])})
    >>> derive_endpoint("os", subjects)[["subject", "time", "event", "situation"]]
      subject  time  event situation
    0      01    61   True        O1
    1      02     1  False        O3
    """
    return first_situations(*prepare(endpoint, subjects, responses, best, reading))


def all_situations(
    endpoint: str | Endpoint,
    subjects: pd.DataFrame,
    responses: pd.DataFrame | None = None,
    best: pd.DataFrame | None = None,
    **reading: Unpack[Reading],
) -> pd.DataFrame:
    """Every situation that applies to each subject, in the order of the table; the first is the chosen one.

    Parameters and errors are those of `derive_endpoint`; the columns are those of `ALL_SITUATIONS`.

    Examples
    --------
    >>> subjects = pd.DataFrame({"subject": ["01"], "randomization_date": pd.to_datetime(["2024-01-01"]),
    ...     "death_date": pd.to_datetime(["2024-03-01"])})
    >>> all_situations("os", subjects)[["situation", "outcome", "chosen"]]
      situation outcome  chosen
    0        O1   event    True
    """
    chosen, facts, _ = prepare(endpoint, subjects, responses, best, reading)
    return every_situation(chosen, facts)


def derive_with_situations(
    endpoint: str | Endpoint,
    subjects: pd.DataFrame,
    responses: pd.DataFrame | None = None,
    best: pd.DataFrame | None = None,
    **reading: Unpack[Reading],
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """What `derive_endpoint` and `all_situations` give, from facts that are gathered once."""
    chosen, facts, columns = prepare(endpoint, subjects, responses, best, reading)
    return first_situations(chosen, facts, columns), every_situation(chosen, facts)
