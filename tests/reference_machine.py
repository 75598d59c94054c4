"""NORMAL and PENDING of iRECIST (RULES B.3), for the second implementation (tests/reference_irecist.py).

The numbers of decisions are those of the list there.
"""

from __future__ import annotations

import datetime as dt
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from tests.reference import overall_response
from tests.reference_lesions import change_pct, is_pd
from tests.reference_new import NewLesions

FURTHER_MM = 5
TERMS = {
    "CR": "iCR",
    "PR": "iPR",
    "SD": "iSD",
    "NON-CR/NON-PD": "NON-iCR/NON-iUPD",
    "NED": "NED",
    "NE": "NE",
}
RANK = {"CR": 0, "PR": 1, "SD": 2, "NON-CR/NON-PD": 2, "NED": 2, "PD": 3}


@dataclass
class Seen:
    """What one visit shows, all visits before it known."""

    at: int
    record: Mapping[str, Any]
    date: dt.date  # that of a progression at this visit
    known_mm: Fraction  # sum of the targets that are available
    non_target_further: bool
    new_symptoms: bool

    @property
    def sum_mm(self) -> Fraction | None:
        total: Fraction | None = self.record["sum_mm"]
        return total


@dataclass
class Block:
    """PENDING: the visits from the first iUPD on, and what drove it."""

    anchor: Seen
    drivers: set[str]
    base: str
    visits: list[Seen]

    def sums(self) -> list[Fraction]:
        return [seen.sum_mm for seen in self.visits if seen.sum_mm is not None]


@dataclass
class Machine:
    """NORMAL and PENDING (RULES B.3), visit by visit."""

    seen: list[Seen]
    new: NewLesions
    rule: Mapping[str, Any]
    key: str  # which target response drives it: `target`, or `target_as_assessed` before PR is carried on
    block: Block | None = None

    def run(self) -> list[tuple[str, bool]]:
        """(ioverall, whether the confirmation came late) per visit."""
        out: list[tuple[str, bool]] = []
        for visit in self.seen:
            if out and out[-1][0] == "iCPD":
                out.append(("iCPD", False))
            elif self.block is None:
                out.append((self.normal(visit), False))
            else:
                gap = (visit.date - self.block.anchor.date).days
                term = self.pending(visit, self.block, gap)
                if self.block is not None:
                    self.block.visits.append(visit)
                out.append((term, term == "iCPD" and gap > self.rule["i_max_days"]))
        return out

    def base(self, visit: Seen, target: str) -> str:
        """Tables 1 and 2 without regard to new lesions."""
        return overall_response(dict(visit.record) | {"new_lesion": "N"}, target, self.rule)

    def term(self, visit: Seen, base: str) -> str:
        """Decision 17: complete response needs the new lesions gone."""
        if base in ("CR", "NED") and self.new.not_gone(visit.at):
            has_targets = visit.record[self.key] != "NA"
            return "iPR" if has_targets else "NON-iCR/NON-iUPD"
        return TERMS[base]

    def progressing(self, visit: Seen) -> set[str]:
        """Categories that progress at this visit as they would without a block."""
        found = {name for name, key in (("T", self.key), ("NT", "non_target")) if visit.record[key] == "PD"}
        if self.new.fresh(visit.at) or self.old_growth(visit.at):
            found.add("NL")
        return found

    def old_growth(self, at: int) -> bool:
        """Decision 7: lesions known before this visit that progress by themselves."""
        nadir = self.new.nadir(at)
        by_sum = nadir is not None and is_pd(self.new.isom_available(at), nadir, self.rule)
        return by_sum or any(
            self.new.flag(at, lesion) is True for lesion in self.new.known(at, "NLNT", at - 1)
        )

    def normal(self, visit: Seen) -> str:
        base = self.base(visit, visit.record[self.key])
        drivers = self.progressing(visit)
        if drivers:
            self.block = Block(visit, drivers, base, [visit])
            return "iUPD"
        return self.term(visit, base)

    def pending(self, visit: Seen, block: Block, gap: int) -> str:
        additional = [n for n in self.new.present(visit.at) if self.new.first[n] > block.anchor.at]
        if additional or self.grew(visit, block) or self.another_category(visit, block):
            early = gap < self.rule["i_min_days"] - self.rule["i_tol_days"]
            exception = self.rule["i_early_exception"] and visit.new_symptoms and additional
            return "iUPD" if early and not exception else "iCPD"
        return self.unconfirmed(visit, block)

    def grew(self, visit: Seen, block: Block) -> bool:
        """Decision 9 to 11: the category that drove the block went on."""
        sums = block.sums()
        target = visit.record[self.key] == "PD" and self.further(visit.known_mm, sums)
        isoms = [isom for earlier in block.visits if (isom := self.new.isom(earlier.at)) is not None]
        new = self.further(self.new.isom_available(visit.at), isoms) or any(
            self.grew_unmeasured(visit.at, lesion, block)
            for lesion in self.new.known(visit.at, "NLNT", block.anchor.at)
        )
        went_on = {"T": target, "NT": visit.non_target_further, "NL": new}
        return any(went_on[driver] for driver in block.drivers)

    def reference(self, earlier: Sequence[Fraction]) -> Fraction:
        return min(earlier) if self.rule["i_increase_ref"] == "min_since_iupd" else earlier[0]

    def further(self, now: Fraction, earlier: Sequence[Fraction]) -> bool:
        return bool(earlier) and now - self.reference(earlier) >= FURTHER_MM

    def grew_unmeasured(self, at: int, lesion: str, block: Block) -> bool:
        """Any increase of a new non-target."""
        flag, now = self.new.flag(at, lesion), self.new.size(at, lesion)
        sizes = [size for v in block.visits if (size := self.new.size(v.at, lesion)) is not None]
        if lesion not in self.new.present(at) or flag is not None:
            return flag is True
        return now is not None and bool(sizes) and now > self.reference(sizes)

    def another_category(self, visit: Seen, block: Block) -> bool:
        return bool(self.progressing(visit) - block.drivers - {"NL"}) or (
            "NL" not in block.drivers and self.old_growth(visit.at)
        )

    def unconfirmed(self, visit: Seen, block: Block) -> str:
        """Reset, NE or iUPD."""
        base = self.base(visit, self.target_now(visit, block))
        old = self.new.present(block.anchor.at)
        here = self.new.present(visit.at)
        strict = self.rule["i_new_lesion_policy"] == "strict_table2"
        if base == "PD" or (strict and here):
            return "iUPD"
        by_non_target = "NT" in block.drivers and visit.record["non_target"] == "NE"
        by_new = "NL" in block.drivers and old & self.new.not_evaluated(visit.at)
        if base == "NE" or by_non_target or by_new:
            return "NE"
        if "NL" in block.drivers and old & here and not self.improved(visit, block, base):
            return "iUPD"
        self.block = None
        return self.term(visit, base)

    def target_now(self, visit: Seen, block: Block) -> str:
        """Decision 14: a sum that has fallen since the iUPD may be PR against baseline."""
        target = str(visit.record[self.key])
        sums, now, baseline = block.sums(), visit.sum_mm, visit.record["baseline_mm"]
        if target != "PD" or self.rule["i_reset_rule"] != "pr_vs_baseline_wins":
            return target
        if now is None or not sums or not baseline or now >= sums[0]:
            return target
        if change_pct(now, baseline, self.rule) <= -self.rule["pr_pct"]:
            return "PR"
        return target

    def improved(self, visit: Seen, block: Block, base: str) -> bool:
        """Decision 15."""
        sums, now = block.sums(), visit.sum_mm
        isoms = [isom for earlier in block.visits if (isom := self.new.isom(earlier.at)) is not None]
        isom = self.new.isom(visit.at)
        better = base in RANK and block.base in RANK and RANK[base] < RANK[block.base]
        lower = now is not None and bool(sums) and now < sums[0]
        smaller = isom is not None and bool(isoms) and isom < isoms[0]
        gone = self.new.present(block.anchor.at) & self.new.gone(visit.at)
        return better or lower or smaller or bool(gone)
