"""Rule -> words -> citation -> code -> cases."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cache
from importlib import import_module

from docs.pages import HEAD, published, table
from docs.pages.cases import anchor
from docs.pages.tables import tables_of
from recist import Criteria
from recist.best_response_tables import BEST_RESPONSE, CONFIRMED_BEST_RESPONSE
from recist.decision_table import DecisionTable, Rule
from recist.immune_best_tables import CONFIRMED_IMMUNE_BEST_RESPONSE, IMMUNE_BEST_RESPONSE
from tests.cases.read import Case, read_cases
from tests.cases.run import best_of_sequences, groups

SHOWN = 3
ASKED_IN = {  # table -> the functions that answer its inputs, in the order of the work
    "target": ("visits._target_facts", "sums.grew", "sums.shrank", "course.tests", "walk._target_inputs"),
    "non_target": ("visits.non_target_rows", "course.tests", "walk._non_target_inputs"),
    "new_lesion": ("rows.Block.recorded_new", "rows.Block.by_pet", "visits.new_lesion_rows"),
    "time_point": ("visits._back_dated", "visits._comparable", "walk.walk"),
    "confirmation": (
        "immune_step.immune_columns",
        "new_lesions.new_lesion_history",
        "immune_signs.new_signs",
        "immune.Visit",
    ),
    "best": ("counted.in_window", "counted.kinds_of"),
    "confirmed": ("counted.after_cr", "confirmation.confirmations", "counted.confirmed_kinds"),
    "immune_best": ("counted.in_window", "counted.kinds_of", "immune_best.immune_best_of"),
    "immune_confirmed": ("counted.after_cr", "confirmation.confirmations", "counted.confirmed_kinds"),
}
OWN = {  # table -> fields of the criteria that name functions of their own for it
    "target": ("join_sum", "ask"),
    "non_target": ("discount_non_target",),
    "new_lesion": ("temper_new",),
    "confirmation": ("confirm",),
}
INTRO = """\
Each row of the [tables](tables.md): what it asks, what it decides, where the paper says so, which
functions answer its questions, and which [worked cases](cases.md) it decides.  A rule without a case
fails the tests, unless `tests/tables/survivors.txt` says why no data reach it."""
Hits = dict[str, list[Case]]


def text() -> str:
    """A table per decision table."""
    parts = ["# Rules, their source, code and cases", HEAD, INTRO]
    everywhere = merged(cases_by_rule())
    seen: dict[int, str] = {}
    for criteria in published():
        parts.append(f"## {criteria.title}")
        for field, decision in tables_of(criteria).items():
            if known := seen.get(id(decision)):
                parts.append(f"### {decision.name}\n\nAs in {known}.")
            else:
                seen[id(decision)] = criteria.title
                parts.append(part(decision, field, everywhere, own_steps(criteria, field)))
    parts.append("## Best overall response")
    parts += [
        part(BEST_RESPONSE, "best", everywhere),
        part(CONFIRMED_BEST_RESPONSE, "confirmed", everywhere),
        part(IMMUNE_BEST_RESPONSE, "immune_best", everywhere),
        part(CONFIRMED_IMMUNE_BEST_RESPONSE, "immune_confirmed", everywhere),
    ]
    return "\n\n".join(parts) + "\n"


def own_steps(criteria: Criteria, field: str) -> list[str]:
    """The functions of its own by which a criteria answers the questions of a table."""
    steps = (getattr(criteria, name) for name in OWN.get(field, ()))
    return [f"{step.__module__.removeprefix('recist.')}.{step.__qualname__}" for step in steps if step]


def part(decision: DecisionTable, field: str, hits: Hits, own: Sequence[str] = ()) -> str:
    """One decision table: its code, then a row per rule."""
    names = own if field == "confirmation" and own else [*ASKED_IN[field], *own]
    code = ", ".join(f"`{located(name)}`" for name in names)
    rows = [
        [
            rule["rule"],
            words(decision, rule),
            outcome(decision, rule),
            rule["cite"],
            links(hits.get(rule["rule"], [])),
        ]
        for rule in decision.rules
    ]
    head = ["rule", "when", "then", "source", "cases"]
    return f"### {decision.name} ({decision.where})\n\nAsked in {code}.\n\n{table(head, rows)}"


def located(name: str) -> str:
    """The name, after a look whether it is there."""
    *folder, module, path = name.split(".") if name.startswith("criteria.") else name.split(".", 1)
    found = import_module(".".join(["recist", *folder, module]))
    for step in path.split("."):
        found = getattr(found, step)
    return f"recist.{name}"


def words(decision: DecisionTable, rule: Rule) -> str:
    """The cells that say something."""
    return (
        "; ".join(f"{column} {rule[column]}" for column in decision.inputs if rule[column] != "*") or "always"
    )


def outcome(decision: DecisionTable, rule: Rule) -> str:
    return ", ".join(rule[column] for column in decision.outputs)


def links(cases: list[Case]) -> str:
    """The first cases by title, and how many more there are."""
    shown = [f"[{case.title}](cases.md#{anchor(case)})" for case in cases[:SHOWN]]
    more = [f"and {len(cases) - SHOWN} more"] if len(cases) > SHOWN else []
    return "<br>".join([*shown, *more])


@cache
def cases_by_rule() -> dict[str, Hits]:
    """Criteria -> rule -> cases it decides, as the engine reports them."""
    cases = read_cases()
    by_subject = {case.subject: case for case in cases}
    fired: dict[str, set[str]] = {case.subject: set() for case in cases}
    bests = [best_of_sequences(cases)]
    for group in groups(cases):
        answers, best = group.answers()
        bests.append(best)
        for subject, records in answers.items():
            fired[subject] |= set().union(*(record["rules"] for record in records))
    for best in bests:
        for record in best.to_dict("records"):
            rules = {record["best_response_rule"], record["confirmed_best_response_rule"]}
            fired[record["subject"]] |= rules
    hits: dict[str, Hits] = defaultdict(lambda: defaultdict(list))
    for subject, rules in fired.items():
        for rule in rules:
            hits[by_subject[subject].criteria][rule].append(by_subject[subject])
    return hits


def merged(hits: dict[str, Hits]) -> Hits:
    """The cases of all criteria by rule, those that are about the best response first."""
    result: Hits = defaultdict(list)
    for of_criteria in hits.values():
        for rule, cases in of_criteria.items():
            result[rule] += cases
    return {rule: sorted(cases, key=lambda case: not case.is_sequence) for rule, cases in result.items()}
