"""New lesions after they were found, for the second implementation of iRECIST (tests/reference_irecist.py).

The numbers of decisions are those of the list there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from tests.reference_lesions import Row, Visit, blank, is_new, length, new_lesions, new_state, word, yes

MEASURABLE_MM = 10


def as_new_row(row: Row, rule: Mapping[str, Any]) -> Row:
    """Decision 5: a new target in the words of a target is unequivocal."""
    state = word(row.get("state"))
    if word(row["role"]) != "new target" or state not in ("measured", "too small"):
        return row
    size = row.get("diameter_mm") if state == "measured" else rule["tstm_mm"]
    return {**row, "state": "unequivocal", "diameter_mm": size}


class NewLesions:
    """The new lesions of one subject: when each became known, and what each later visit shows of it."""

    def __init__(self, visits: Sequence[Visit], rule: Mapping[str, Any]) -> None:
        codes = new_lesions(visits, rule)
        self.rows: list[dict[str, Row]] = [
            {row["lesion"]: row for row in visit.rows if is_new(row)} if visit.imaged else {}
            for visit in visits
        ]
        self.first: dict[str, int] = {}
        self.kind: dict[str, str] = {}
        for k, rows in enumerate(self.rows):
            for lesion, row in rows.items():
                if codes[k][lesion] == "Y" and lesion not in self.first:
                    self.first[lesion] = k
                    self.kind[lesion] = kind_of(row, rule)

    def known(self, at: int, kind: str | None = None, since: int | None = None) -> set[str]:
        """Lesions known at a visit; of one kind; known at `since` already."""
        limit = at if since is None else since
        return {n for n, k in self.first.items() if k <= limit and kind in (None, self.kind[n])}

    def fresh(self, at: int) -> set[str]:
        return {name for name, first in self.first.items() if first == at}

    def status(self, at: int, lesion: str) -> str:
        """Decision 3."""
        row = self.rows[at].get(lesion)
        state = "" if row is None else new_state(row)
        if state in ("absent", "not new"):
            return "gone"
        return "present" if state in ("unequivocal", "equivocal") else "not evaluated"

    def _with(self, at: int, status: str) -> set[str]:
        return {lesion for lesion in self.known(at) if self.status(at, lesion) == status}

    def present(self, at: int) -> set[str]:
        return self._with(at, "present")

    def gone(self, at: int) -> set[str]:
        return self._with(at, "gone")

    def not_evaluated(self, at: int) -> set[str]:
        return self._with(at, "not evaluated")

    def not_gone(self, at: int) -> set[str]:
        return self.known(at) - self.gone(at)

    def size(self, at: int, lesion: str) -> Fraction | None:
        status = self.status(at, lesion)
        if status == "gone":
            return Fraction(0)
        return length(self.rows[at][lesion].get("diameter_mm")) if status == "present" else None

    def flag(self, at: int, lesion: str) -> bool | None:
        """further_increase of a lesion that is present; None = nothing said."""
        if self.status(at, lesion) != "present":
            return None
        flag = self.rows[at][lesion].get("further_increase")
        return None if blank(flag) else bool(flag)

    def isom(self, at: int) -> Fraction | None:
        """Decision 6; None without new targets, or when one is not measured."""
        sizes = [self.size(at, lesion) for lesion in self.known(at, "NLT")]
        known = [size for size in sizes if size is not None]
        return sum(known, Fraction(0)) if known and len(known) == len(sizes) else None

    def isom_available(self, at: int) -> Fraction:
        """Sum of the new targets that are measured: a lower bound of iSOM."""
        sizes = [self.size(at, lesion) for lesion in self.known(at, "NLT")]
        return sum((size for size in sizes if size is not None), Fraction(0))

    def nadir(self, at: int) -> Fraction | None:
        """Smallest complete iSOM of the same lesions at earlier visits."""
        members = self.known(at, "NLT")
        since = max((self.first[lesion] for lesion in members), default=at)
        earlier = [isom for k in range(since, at) if (isom := self.isom(k)) is not None]
        return min(earlier, default=None)


def kind_of(row: Row, rule: Mapping[str, Any]) -> str:
    """Decision 4: NLT is measured, NLNT is not."""
    role = word(row["role"])
    if role != "new":
        return "NLT" if role == "new target" else "NLNT"
    size = length(row.get("diameter_mm"))
    least = rule["node_target_min"] if yes(row.get("node")) else MEASURABLE_MM
    return "NLT" if size is not None and size >= Fraction(least) else "NLNT"
