"""What a set of response criteria is: limits and conventions as named fields, and its tables."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, fields
from typing import Any, Literal

from recist.best_response_tables import RECIST_TABLES, BestTables
from recist.decision_table import DecisionTable


def doc(default: Any, sentence: str, cite: str) -> Any:
    """A field with its default, what it means, and where that is said."""
    return field(default=default, metadata={"sentence": sentence, "cite": cite})


@dataclass(frozen=True, kw_only=True)
class BestResponseRules:
    """How the best overall response is drawn from a sequence of responses.

    A variant is an edit: `dataclasses.replace(rules, min_sd_days=56)`.
    """

    name: str
    title: str
    citation: str
    tables: BestTables = RECIST_TABLES
    first_record: Literal["after_start", "any"] = doc(
        "after_start",
        "the first record that counts: the first one dated after the start date, or the first of all",
        "RECIST 1.1 section 4.5: from the start of the study treatment",
    )
    last_record: Literal["first_pd", "any"] = doc(
        "first_pd",
        "the last record that counts: the first PD, or the last of all",
        "RECIST 1.1 section 4.5: until disease progression",
    )
    not_done: Literal["NE", "apart"] = doc(
        "NE",
        "a record ND (not done): counts as NE, or stands apart: not one of the NE allowed before a confirmation, "
        "and no assessment",
        "house: CDISC has both terms, RECIST 1.1 section 4.4.2 only not evaluable",
    )
    min_sd_days: int = doc(
        42,
        "SD (and NON-CR/NON-PD) counts only when dated at least this many days after the start date",
        "RECIST 1.1 section 4.6.3; the number is the protocol's",
    )
    confirm_days: int = doc(
        28,
        "CR and PR are confirmed by a response at least this many days later",
        "RECIST 1.1 section 4.6.1: not less than 4 weeks",
    )
    max_ne_between: int = doc(
        1,
        "NE records allowed between a response and the one that confirms it",
        "RECIST 1.1 section 4.4.4",
    )
    max_sd_between_pr: int = doc(
        1, "SD records allowed between a PR and the response that confirms it", "RECIST 1.1 Appendix III"
    )
    cr_then_lesser: Literal["table3_strict", "downgrade_cr", "as_recorded"] = doc(
        "table3_strict",
        "PR, SD or NON-CR/NON-PD after a CR: read as PD at that record, or the CR is corrected to PR, or both "
        "stay as recorded and no PR is confirmed across a CR followed by PR",
        "RECIST 1.1 Table 3, footnote a; as recorded: admiralonco, derive_param_confirmed_bor",
    )
    unconfirmed_cr_nt_only: Literal["NON-CR/NON-PD", "SD"] = doc(
        "NON-CR/NON-PD",
        "what an unconfirmed CR falls back to in a subject without target lesions",
        "RECIST 1.1 Tables 2 and 3",
    )
    no_assessment: Literal["NE", "MISSING"] = doc(
        "NE", "best response of a subject without any assessment", "convention; CDISC uses either"
    )
    nact_rule: Literal["on_or_before", "before", "ignore"] = doc(
        "on_or_before",
        "responses that count when new anticancer therapy began: dated on or before its start, before it, all",
        "FDA 2018 endpoints guidance, Appendix 3",
    )

    def conventions(self) -> dict[str, Any]:
        """Field -> value for everything that can be edited, in the order of the definition."""
        return {f.name: getattr(self, f.name) for f in fields(self) if "sentence" in f.metadata}


@dataclass(frozen=True)
class ConventionCell:
    """A convention that is one cell of a table: under `value` of `convention`, `rule` decides `outcome`."""

    convention: str
    value: str
    table: str
    rule: str
    outcome: str


@dataclass(frozen=True)
class FurtherColumns:
    """Columns of the responses that a criteria adds, what computes them and what says them in an explanation.

    `compute(seen, asked, course)` gives one element per visit after baseline; `explain(row, criteria)` lines.
    """

    dictionary: Mapping[str, tuple[str, str, str]]  # column -> (dtype, unit, sentence)
    terms: Mapping[str, tuple[str, ...]]  # words of the columns of dtype category
    compute: Callable[..., dict[str, Any]]
    explain: Callable[..., list[str]] | None = None


@dataclass(frozen=True, kw_only=True, repr=False)
class Criteria(BestResponseRules):
    """Response criteria as one value: limits, conventions and the tables that apply them.

    Every convention that the paper leaves open is a field with our default, its meaning and its source
    (`criteria.conventions()`).  `criteria.label` names the criteria and every edit of its fields.
    """

    target: DecisionTable
    non_target: DecisionTable
    new_lesion: DecisionTable
    time_point: DecisionTable
    convention_cells: tuple[ConventionCell, ...] = ()
    confirmation: DecisionTable | None = None  # of progression: iRECIST and its kin
    temper_new: Callable[..., Any] | None = None  # further conditions on new lesions; see mrecist_hcc
    tempering: str = ""  # what those conditions are, in words
    discount_non_target: Callable[..., Any] | None = None  # progression of non-targets that does not count
    needs: tuple[str, ...] = ()  # optional columns of the lesion table that these criteria cannot do without
    join_sum: Callable[..., Any] | None = None  # what joins the sum of the targets; see irrecist
    ask: Callable[..., Any] | None = None  # answers of its own to the questions of the tables; see choi
    confirm: Callable[..., Any] | None = (
        None  # walk over `confirmation` when it is not iRECIST's; see irrecist
    )
    explain_target: Callable[..., list[str]] | None = None  # what was and was not reached, when not RECIST's
    further: FurtherColumns | None = None  # columns of its own in the responses; see choi, itrecist
    measure: Literal["diameter_mm", "viable_mm"] = doc(
        "diameter_mm", "column of the lesion table that is summed", "RECIST 1.1 section 4.3.1"
    )
    pr_pct: int = doc(
        30, "decrease of the sum from baseline that is PR, per cent", "RECIST 1.1 section 4.3.1"
    )
    pd_pct: int = doc(20, "increase of the sum from nadir that is PD, per cent", "RECIST 1.1 section 4.3.1")
    pd_abs_mm: float = doc(5, "and at least this absolute increase, mm", "RECIST 1.1 section 4.3.1")
    node_normal_lt: float = doc(
        10, "a node with a short axis below this is normal, mm", "RECIST 1.1 section 3.1.1"
    )
    node_target_min: float = doc(
        15, "smallest short axis of a target node at baseline, mm", "RECIST 1.1 section 3.1.1"
    )
    max_targets: int = doc(5, "largest number of target lesions", "RECIST 1.1 section 4.2")
    max_per_organ: int = doc(2, "largest number of target lesions in an organ", "RECIST 1.1 section 4.2")
    baseline_window_days: int = doc(
        28, "baseline imaging lies at most this long before the start date, days", "RECIST 1.1 section 4.2"
    )
    tstm_mm: float = doc(
        5, "value of a lesion too small to measure but believed present, mm", "RECIST 1.1 section 4.3.2"
    )
    pct_decimals: int | None = doc(
        None, "decimals the percentages are rounded to before comparing; None compares exactly", "house"
    )
    missing_target: Literal["ne_unless_pd", "scale_up_third"] = doc(
        "ne_unless_pd",
        "target response when some targets are missing: NE unless PD is already provable, or the sum scaled up",
        "RECIST 1.1 section 4.4.2; scaling: sponsors' analysis plans",
    )
    nt_partial_missing: Literal["NE", "present_wins"] = doc(
        "NE",
        "non-target response when some are not evaluated and another is still present",
        "RECIST 1.1 Tables 1 and 2 (not all evaluated)",
    )
    cr_with_nt_ne: Literal["PR", "NE"] = doc(
        "PR", "overall response of target CR with non-targets not evaluated", "RECIST 1.1 Table 1, row 3"
    )
    reappearance_after_cr: Literal["overall_cr", "target_cr", "off"] = doc(
        "overall_cr",
        "after which complete response a lesion that comes back is PD at any size",
        "RECIST 1.1 Appendix III; EORTC FAQ",
    )
    node_regrowth_after_cr: Literal["ge10_and_sum_rule", "ge10"] = doc(
        "ge10_and_sum_rule",
        "when a target node that grew back after CR is PD: at the normal limit, or with the sum rule too",
        "EORTC FAQ; Schwartz 2016",
    )
    sticky_pr: Literal["none", "after_pr", "after_confirmed_pr"] = doc(
        "none", "whether PR continues until PD although the sum slips above the PR limit", "EORTC FAQ"
    )
    equivocal_backdate: bool = doc(
        True,
        "an equivocal new lesion that is later unequivocal dates progression at the first scan",
        "RECIST 1.1 section 4.3.5",
    )
    post_pd: Literal["carry_pd", "as_assessed"] = doc(
        "carry_pd", "overall response of the visits after progression", "RECIST 1.1 section 4.3.5"
    )
    pd_date_rule: Literal["earliest_in_visit", "trigger", "latest_in_visit"] = doc(
        "earliest_in_visit",
        "date of a PD whose scans span several days: first scan, or the scan that showed it",
        "convention; trigger: FDA 2018 endpoints guidance, Appendix 2",
    )
    response_date_rule: Literal["latest_in_visit", "earliest_in_visit"] = doc(
        "latest_in_visit", "date of any other response whose scans span several days", "convention"
    )

    def printed(self) -> tuple[DecisionTable, ...]:
        """Every table of the criteria as it is in force, in the order of the work."""
        names = ["target", "non_target", "new_lesion", "time_point"]
        names += ["confirmation"] if self.confirmation is not None else []
        best = (self.tables.best_response, self.tables.confirmed_best_response)
        return (*(self.in_force(name) for name in names), *best)

    def in_force(self, table: str) -> DecisionTable:
        """One of the tables with the cells that this value's conventions change."""
        result: DecisionTable = getattr(self, table)
        for cell in self.convention_cells:
            if cell.table == table and getattr(self, cell.convention) == cell.value:
                output = next(iter(result.outputs))
                result = result.edit(cell.rule, **{output: cell.outcome})
        return result

    @property
    def label(self) -> str:
        """The name, with every field that differs from the published one: `recist_1_1[sticky_pr=after_pr]`."""
        from recist.criteria import label_of

        return label_of(self)

    def __repr__(self) -> str:
        return f"{type(self).__name__}({self.label})"

    def _repr_html_(self) -> str:
        """The tables as printed, for notebooks."""
        from recist.notebook import criteria_html

        return criteria_html(self)


@dataclass(frozen=True, kw_only=True, repr=False)
class ConfirmedProgression(Criteria):
    """Criteria under which new lesions are measured and progression counts once a later scan confirms it."""

    i_min_days: int = doc(
        28,
        "progression is confirmed at the earliest this many days after it was first seen",
        "Seymour 2017: 4 to 8 weeks; Nishino 2013, Hodi 2018: at least 4 weeks",
    )
    i_tol_days: int = doc(0, "days by which a protocol lets a confirming scan come earlier", "EORTC FAQ")
    i_max_days: int = doc(
        56,
        "a confirmation later than this is accepted and flagged",
        "Seymour 2017: 4 to 8 weeks; irRECIST: up to 12 weeks (PMC6600249, Table 2)",
    )
    new_target_min_mm: float = doc(
        10,
        "a lesion listed as `new` without more is a measured new target from this size on, mm",
        "Seymour 2017: new lesions are classified as at baseline",
    )
    i_unconfirmed_is_event: bool = doc(
        True, "progression that is neither confirmed nor cancelled counts as progression", "Seymour 2017"
    )
