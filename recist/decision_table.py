"""Decision tables, written the way the papers print them.

One line is one rule.  In a cell, `*` is "any", `a, b` is "a or b", `not a` is "anything but a".
A lookup returns rule *numbers*, so every derived value knows which line of which paper produced it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

import numpy as np
import numpy.typing as npt

from recist.errors import TableError

Codes = npt.NDArray[np.integer[Any]]
Rule = Mapping[str, str]


@dataclass(frozen=True)
class DecisionTable:
    """A table of rules: input terms on the left, outcome on the right, one citation per row.

    `text` has the columns `rule`, the inputs, the outputs and `cite`; `where` names the paper, `cite`
    the place in it.  Raises TableError unless every combination of input terms is decided, by rows
    that agree, and every row decides at least one combination.
    """

    name: str
    where: str
    inputs: Mapping[str, tuple[str, ...]]
    outputs: Mapping[str, tuple[str, ...]]
    text: str
    rules: tuple[Rule, ...] = field(init=False, repr=False)
    hit: npt.NDArray[np.int16] = field(init=False, repr=False)  # input codes -> rule number

    def __post_init__(self) -> None:
        rules = self._rows()
        hit = np.full([len(terms) for terms in self.inputs.values()], -1, np.int16)
        for number, rule in enumerate(rules):
            self._enter(hit, rules, number, rule)
        if (hit < 0).any():
            gap = tuple(np.argwhere(hit < 0)[0])
            raise TableError(f"{self.name}: {self._at(gap)} is decided by no rule")
        if idle := sorted({rule["rule"] for n, rule in enumerate(rules) if n not in hit}):
            raise TableError(f"{self.name}: {', '.join(idle)} decides nothing that an earlier row does not")
        object.__setattr__(self, "rules", rules)
        object.__setattr__(self, "hit", hit)

    def _rows(self) -> tuple[Rule, ...]:
        lines = [line for line in self.text.strip().splitlines() if line.strip()]
        head, *rows = [[cell.strip() for cell in line.split("|")] for line in lines]
        if head != (expected := ["rule", *self.inputs, *self.outputs, "cite"]):
            raise TableError(f"{self.name}: columns are {head}, expected {expected}")
        if bad := [row[0] for row in rows if len(row) != len(head)]:
            raise TableError(f"{self.name}: row {bad[0]} does not have {len(head)} cells")
        rules = tuple(dict(zip(head, row, strict=True)) for row in rows)
        ids = [rule["rule"] for rule in rules]
        if len(set(ids)) < len(ids) or not all(rule["cite"] for rule in rules):
            raise TableError(f"{self.name}: every row needs an id of its own and a citation")
        for rule in rules:
            self._check_outputs(rule)
        return rules

    def _check_outputs(self, rule: Rule) -> None:
        for column, allowed in self.outputs.items():
            if rule[column] not in allowed:
                raise TableError(f"{self.name}, {rule['rule']}: {rule[column]!r} is not one of {allowed}")

    def _enter(self, hit: npt.NDArray[np.int16], rules: tuple[Rule, ...], number: int, rule: Rule) -> None:
        """Claim the combinations of one row; those an earlier row has must have the same outcome."""
        chosen = [[self.inputs[c].index(t) for t in self._terms(c, rule)] for c in self.inputs]
        cells = hit[np.ix_(*chosen)]
        for earlier in set(cells.ravel().tolist()) - {-1}:
            if any(rules[earlier][o] != rule[o] for o in self.outputs):
                cell = tuple(chosen[i][k] for i, k in enumerate(np.argwhere(cells == earlier)[0]))
                both = f"{rules[earlier]['rule']} and {rule['rule']}"
                raise TableError(f"{self.name}: {self._at(cell)} is decided by {both}, which disagree")
        hit[np.ix_(*chosen)] = np.where(cells < 0, number, cells)

    def _at(self, cell: tuple[int, ...]) -> str:
        return ", ".join(f"{c} {self.inputs[c][i]}" for c, i in zip(self.inputs, cell, strict=True))

    def _terms(self, column: str, rule: Rule) -> tuple[str, ...]:
        allowed, cell = self.inputs[column], rule[column]
        if cell == "*":
            return allowed
        negated = cell.startswith("not ") and cell not in allowed  # "not evaluable" is a term of its own
        names = (cell.removeprefix("not ") if negated else cell).split(", ")
        if unknown := set(names) - set(allowed):
            raise TableError(f"{self.name}, {rule['rule']}: {sorted(unknown)} not among {allowed}")
        return tuple(term for term in allowed if (term in names) != negated)

    def decide(self, *codes: npt.ArrayLike) -> npt.NDArray[np.int16]:
        """Rule number for every element of the input code arrays (positions in `inputs`, in order)."""
        arrays = [np.asarray(code) for code in codes]
        fixed = tuple(
            slice(None) if code.ndim else int(code) for code in arrays
        )  # no pass over all for these
        hit = self.hit[fixed] if len(fixed) == self.hit.ndim else np.zeros(())
        flat: Any = np.zeros((), np.intp)
        for size, code in zip(hit.shape, [code for code in arrays if code.ndim], strict=True):
            flat = flat * size + code
        found: npt.NDArray[np.int16] = hit.ravel()[flat]
        return found

    def outcome(self, column: str, rule: npt.ArrayLike) -> npt.NDArray[np.int8]:
        """Codes of one output column for an array of rule numbers."""
        terms = self.outputs[column]
        of_rule = np.array([terms.index(r[column]) for r in self.rules], np.int8)
        codes: npt.NDArray[np.int8] = of_rule[np.asarray(rule)]
        return codes

    @property
    def paper(self) -> str:
        """The paper whose sections and tables the rows cite."""
        return self.where.split(" section")[0].split(" Table")[0]

    def ids(self) -> tuple[str, ...]:
        """Rule ids in row order: the categories of a `*_rule` column."""
        return tuple(rule["rule"] for rule in self.rules)

    def rule(self, rule_id: str) -> Rule:
        """The row with that id."""
        return self.rules[self.ids().index(rule_id)]

    def edit(self, rule_id: str, **cells: str) -> DecisionTable:
        """The same table with cells of one row changed: how a convention or a variant is written."""
        lines = self.text.strip().splitlines()
        head = [c.strip() for c in lines[0].split("|")]
        row = dict(self.rule(rule_id)) | cells
        where = next(n for n, line in enumerate(lines) if line.split("|")[0].strip() == rule_id)
        lines[where] = " | ".join(row[column] for column in head)
        return replace(self, text="\n".join(lines))

    def __str__(self) -> str:
        """The table as text, columns aligned, as one would lay it beside the paper."""
        head = ["rule", *self.inputs, *self.outputs, "cite"]
        rows = [head, *([rule[c] for c in head] for rule in self.rules)]
        width = [max(len(row[i]) for row in rows) for i in range(len(head))]
        lines = [" | ".join(c.ljust(w) for c, w in zip(row, width, strict=True)).rstrip() for row in rows]
        lines.insert(1, "-+-".join("-" * w for w in width))
        return "\n".join([f"{self.name} ({self.where})", *lines])

    def _repr_html_(self) -> str:
        """The table as printed, for notebooks."""
        from recist.notebook import decision_table_html

        return decision_table_html(self)
