"""The course of one generated subject, visit by visit; lengths inside are hundredths of a millimetre."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

Row = dict[str, Any]
Pick = Callable[[int], int]

ORGANS = ("LIVER", "LUNG", "ADRENAL", "BRAIN", "SKIN")
BASELINE_MM = (20, 10, 50, 14, 27, 30, 25, 100, 36, 61)
NODE_MM = (20, 15, 16, 25, 18)
MODES = (
    *("same", "pr", "short of pr", "pd", "short of pd", "nadir + 5", "short of 5", "cr", "cr", "hover"),
    *("one gone", "one back", "return small", "nodes at the limit", "nodes below it", "each its own way"),
    *("pr", "half", "hover", "same"),
)
NON_TARGET_STATES = (
    *("present", "absent", "present", "absent", "present", "absent", "present", "increased", "increased"),
    *("present", "", "not evaluable", "not done", "no row", "absent", "unequivocal progression"),
)
NODE_SIZES = (1200, 999, 1000, 800, 0, 1340)
NEW_STATES = (
    *("no row", "equivocal", "absent", "equivocal", "not new", "equivocal", "not evaluable", "not done"),
    *("unequivocal", "unequivocal", "blank", "blank at 0 mm", "PET", "PET", "no row", "equivocal"),
)
BASELINE_PET = ("negative", "positive", "", "not done")
SPREAD = (0, 0, 0, 1, 2, 5)  # days between the first scan of a visit and another


@dataclass
class Course:
    """What a subject has, and where its target lesions stand."""

    sizes: dict[str, int]
    nodes: dict[str, bool]
    non_targets: dict[str, bool]
    new: dict[str, int]  # lesion -> number of visits before it may be seen
    organs: dict[str, str]
    merged: dict[str, str] = field(default_factory=dict)
    split: dict[str, int] = field(default_factory=dict)  # lesion -> style of its rows
    baseline: int = 0
    nadir: int = 0

    @classmethod
    def start(cls, pick: Pick) -> Course:
        """0-5 targets, 0-3 non-targets, 0-2 new lesions."""
        n_targets = (1, 2, 3, 4, 5, 0)[pick(6)]
        nodes = {f"T{k + 1}": pick(4) == 3 for k in range(n_targets)}
        sizes = {}
        for lesion, node in nodes.items():
            menu = NODE_MM if node else BASELINE_MM
            sizes[lesion] = 100 * menu[pick(len(menu))] if pick(4) < 3 else 1500 + pick(4000)
        non_targets = {f"NT{k + 1}": pick(3) == 2 for k in range(pick(4))}
        new = {f"N{k + 1}": pick(5) for k in range((0, 0, 0, 1, 2)[pick(5)])}
        if not sizes and not non_targets:
            new = {"N1": 0} | new
        is_node = nodes | non_targets
        names = [*sizes, *non_targets, *new]
        organs = {n: "LYMPH NODE" if is_node.get(n) else ORGANS[k % 5] for k, n in enumerate(names)}
        whole = sum(sizes.values())
        return cls(sizes, nodes, non_targets, new, organs, baseline=whole, nadir=whole)

    def row(self, lesion: str, role: str, **known: Any) -> Row:
        """A lesion row without visit and date."""
        plain = {"role": role, "organ": self.organs[lesion], "node": False, "diameter_mm": None, "state": ""}
        return {"lesion": lesion} | plain | {"baseline": False} | known

    def baseline_rows(self, date: dt.date) -> list[Row]:
        """Every lesion of the subject at baseline; without any, one row that says nothing is there."""
        rows = [
            self.row(name, "target", node=self.nodes[name], diameter_mm=size / 100, state="measured")
            for name, size in self.sizes.items()
        ]
        for name, node in self.non_targets.items():
            known = {"node": True, "diameter_mm": 13.0} if node else {"state": "present"}
            rows.append(self.row(name, "non-target", **known))
        rows = rows or [self.row("N1", "new", state="absent")]
        return [{"visit": "BASELINE", "date": date} | row | {"baseline": True} for row in rows]

    def live(self) -> list[str]:
        return [name for name in self.sizes if name not in self.merged]

    def set_total(self, wanted: int) -> None:
        """Share a wanted sum out over the lesions in proportion to what they are now."""
        names, whole = self.live(), sum(self.sizes.values())
        if whole == 0:
            self.sizes[names[0]] = wanted
            return
        for name in names:
            self.sizes[name] = self.sizes[name] * wanted // whole
        largest = max(names, key=lambda name: self.sizes[name])
        self.sizes[largest] += wanted - sum(self.sizes.values())

    def move(self, mode: str, pick: Pick) -> None:
        """Change the target lesions for the next visit; sums are put on or just off a limit."""
        names = self.live()
        if not names:
            return
        totals = {
            "pr": self.baseline * 70 // 100,
            "short of pr": self.baseline * 70 // 100 + 1,
            "pd": -(-self.nadir * 120 // 100),
            "short of pd": -(-self.nadir * 120 // 100) - 1,
            "nadir + 5": self.nadir + 500,
            "short of 5": self.nadir + 499,
            "hover": self.baseline * 74 // 100,
            "half": sum(self.sizes.values()) // 2,
        }
        one = names[pick(len(names))]
        if mode in totals:
            self.set_total(max(totals[mode], 0))
        for name in names:
            node, size = self.nodes[name], self.sizes[name]
            if mode == "cr" or mode.startswith("nodes"):
                limit = {"cr": (300, 850, 999, 0)[pick(4)], "nodes at the limit": 1000, "nodes below it": 999}
                self.sizes[name] = limit[mode] if node else 0
            elif mode == "one gone" and name == one:
                self.sizes[name] = 0
            elif mode in ("return small", "one back") and size == 0 and (name == one or mode != "one back"):
                self.sizes[name] = (300, 500, 1000, 1200)[pick(4)]
            elif mode == "each its own way":
                self.sizes[name] = size * (50 + pick(91)) // 100

    def target_rows(self, trouble: bool, pick: Pick) -> list[Row]:
        """Rows of the target lesions; in a troubled visit some are missing, merge or split."""
        rows: list[Row] = []
        value, missing = 0, False
        for name in list(self.sizes):
            event = pick(16) if trouble else 0
            others = [other for other in self.live() if other != name and not self.nodes[other]]
            if event == 15 and others and name in self.live() and not self.nodes[name]:
                into = others[pick(len(others))]
                self.sizes[into] += self.sizes.pop(name)
                self.sizes = {n: self.sizes.get(n, 0) for n in self.nodes}
                self.merged[name] = into
                # The partner may stand earlier in the table: its row follows at this visit's new size.
                for row in rows:
                    if row["lesion"] == into and row["state"] == "measured":
                        value += round(100 * (self.sizes[into] / 100 - row["diameter_mm"]))
                        row["diameter_mm"] = self.sizes[into] / 100
            if event == 14 and not self.nodes[name] and name not in self.merged:
                self.split.setdefault(name, pick(2))
            added, worth = self.rows_of_target(name, event, pick)
            rows += added
            missing = missing or worth is None
            value += worth or 0
        if not missing:
            self.nadir = min(self.nadir, value)
        return rows

    def rows_of_target(self, name: str, event: int, pick: Pick) -> tuple[list[Row], int | None]:
        """Rows of one target, and what they add to the sum (None = missing)."""
        size, node = self.sizes[name], self.nodes[name]
        if name in self.merged:
            known: Row = {"state": "merged", "merged_into": self.merged[name]}
            return [self.row(name, "target", node=node, **known)], 0
        gone: dict[int, Row] = {
            9: {"state": "not evaluable", "reason": "RADIOTHERAPY"},
            10: {"state": "not done"},
            11: {"state": "not evaluable", "diameter_mm": size / 100},
            12: {},  # nothing entered at all
        }
        if name in self.split and size > 1:
            names = [(f"{name}.1", f"{name}.2"), (name, f"{name}.2")][self.split[name]]
            parts = [size // 3, size - size // 3]
            rows = []
            for fragment, part in zip(names, parts, strict=True):
                parent = None if fragment == name else name
                self.organs[fragment] = self.organs[name]
                known = {"parent": parent, "diameter_mm": part / 100, "state": "measured"}
                rows.append(self.row(fragment, "target", **known))
            if event in gone:
                rows[pick(2)] |= {"state": "", "diameter_mm": None} | gone[event]
            return rows, None if event in gone else size
        if event in gone:
            return [self.row(name, "target", node=node, **gone[event])], None
        if event == 13:
            return [], None
        if event == 8 and 0 < size < 1000:
            return [self.row(name, "target", node=node, state="too small")], 500
        if size == 0 and pick(3) < 2:
            known = {"state": "absent", "diameter_mm": (0.0, None)[pick(2)]}
            return [self.row(name, "target", node=node, **known)], 0
        state = "" if event == 7 else "measured"
        return [self.row(name, "target", node=node, state=state, diameter_mm=size / 100)], size

    def non_target_rows(self, mode: str, pick: Pick) -> list[Row]:
        """Rows of the non-target lesions; mostly absent when the targets are in complete response."""
        rows = []
        for name, node in self.non_targets.items():
            responds = mode == "cr" and pick(6) < 5
            state = "absent" if responds else NON_TARGET_STATES[pick(len(NON_TARGET_STATES))]
            known: Row = {"state": state, "node": node}
            if node and pick(3) < 2 and state in ("present", "absent", ""):
                sizes = NODE_SIZES[1::2] if responds else NODE_SIZES
                known |= {"state": "", "diameter_mm": sizes[pick(2 if responds else len(sizes))] / 100}
                if responds and known["diameter_mm"] >= 10:
                    known["diameter_mm"] = 9.99
            elif state == "" and pick(2) == 1:
                known["diameter_mm"] = (0.0, 12.5)[pick(2)]
            if state != "no row":
                rows.append(self.row(name, "non-target", **known))
        return rows

    def new_rows(self, pick: Pick) -> list[Row]:
        """Rows of the new lesions that may be seen by now."""
        rows = []
        for name, wait in self.new.items():
            self.new[name] = wait - 1
            state = NEW_STATES[pick(len(NEW_STATES))] if wait <= 0 else "no row"
            known: Row = {"state": state, "diameter_mm": (8.0, None)[pick(2)], "method": "CT"}
            if state.startswith("blank"):
                known |= {"state": "", "diameter_mm": 0.0 if "0" in state else 7.0}
            if state == "PET":
                known |= {"state": "", "diameter_mm": None, "method": "FDG-PET"}
                known["baseline_pet"] = BASELINE_PET[pick(4)]
            if state == "absent":
                known["diameter_mm"] = (0.0, None)[pick(2)]
            if state != "no row":
                rows.append(self.row(name, "new", **known))
        return rows

    def not_done_rows(self) -> list[Row]:
        """The visit took place on paper only."""
        rows = [self.row(n, "target", node=node, state="not done") for n, node in self.nodes.items()]
        rows += [self.row(n, "non-target", node=x, state="not done") for n, x in self.non_targets.items()]
        return rows or [self.row("N1", "new", state="not done")]


def visit_rows(course: Course, label: str, date: dt.date, imaged: bool, pick: Pick) -> list[Row]:
    """All rows of one visit; never none, because a visit without rows is not in the table."""
    if not imaged:
        return [{"visit": label, "date": date} | row for row in course.not_done_rows()]
    mode = MODES[pick(len(MODES))]
    course.move(mode, pick)
    rows = course.target_rows(pick(3) == 2, pick)
    rows += course.non_target_rows(mode, pick) + course.new_rows(pick)
    if course.sizes and pick(24) == 23:
        course.organs["T9"] = "LIVER"  # a target that was not there at baseline
        rows.append(course.row("T9", "target", state="measured", diameter_mm=33.0))
    spread = pick(3) == 2
    return [
        {"visit": label, "date": date + dt.timedelta(days=SPREAD[pick(6)] if spread else 0)} | row
        for row in rows or course.not_done_rows()
    ]
