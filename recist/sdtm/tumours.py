"""TU and TR to the lesion table: linked by identifier, one size or state per lesion and visit.

SDTMIG 3.4 (TU, TR): TULNKID = TRLNKID within subject and evaluator.  RECIST 1.1 section 3.1.1: short axis of
nodes.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from recist.organs import LYMPH_NODES, organ_name
from recist.sdtm.domains import Domain
from recist.sdtm.notes import Notes, stack
from recist.spellings import ROLE_SPELLINGS, plain

LESION = ["subject", "evaluator", "lesion"]
VISIT = ["subject", "evaluator", "visit"]
_SIZE = ("LDIAM", "LPERP", "DIAMETER")
_STATE = ("TUMSTATE", "LNSTATE")
_RANK = {False: {"LDIAM": 0, "DIAMETER": 1}, True: {"LPERP": 0, "DIAMETER": 1}}  # node? -> test -> preference


def identified(tu: Domain, notes: Notes) -> pd.DataFrame:
    """One row per lesion: its role, organ, and where and when it was identified."""
    found = pd.DataFrame(
        {
            "subject": tu.text("USUBJID"),
            "evaluator": tu.evaluator(),
            "lesion": tu.column("LNKID"),
            "visit": tu.visit(),
            "date_text": tu.column("DTC"),
            "word": tu.column("STRESC").where(tu.column("STRESC") != "", tu.column("ORRES")),
            "organ": tu.column("LOC").str.upper(),
            "method": tu.column("METHOD"),
            "accepted": tu.flagged("ACPTFL"),
            "flagged": tu.flagged("BLFL", "LOBXFL"),
            "row": tu.rows(),
        }
    )
    found["role"] = found["word"].map({w: ROLE_SPELLINGS.get(plain(w), "") for w in found["word"].unique()})
    no_link, no_role = found["lesion"] == "", found["role"] == ""
    notes.add("link_missing", "error", found[no_link], "no TULNKID, so no measurement can be linked", "TU")
    sentence = "{word!r} is not target, non-target or new; the lesion takes no part"
    notes.add("role_unknown", "warning", found[no_role & ~no_link], sentence, "TU")
    found = found[~no_link]
    first = found.drop_duplicates(LESION)
    again = found.merge(first[[*LESION, "role", "organ"]], on=LESION, suffixes=("", "_first"))
    other = (again["role"] != again["role_first"]) & (again["role"] != "")
    sentence = "identified as {role}, but first as {role_first}; the first is used"
    notes.add("role_changed", "warning", again[other], sentence, "TU")
    return first.reset_index(drop=True)


def measurements(tr: Domain, notes: Notes) -> pd.DataFrame:
    """The records of TR about a lesion, exact repeats once; the others are counted in findings."""
    keep = [c for c in tr.frame.columns if c != "TRSEQ"]
    repeated = tr.frame.duplicated(keep).to_numpy()
    records = pd.DataFrame(
        {
            "subject": tr.text("USUBJID"),
            "evaluator": tr.evaluator(),
            "lesion": tr.column("LNKID"),
            "visit": tr.visit(),
            "visit_number": pd.to_numeric(tr.text("VISITNUM"), errors="coerce").astype("float64"),
            "date_text": tr.column("DTC"),
            "test": tr.column("TESTCD").str.upper(),
            "result": tr.column("STRESC").where(tr.column("STRESC") != "", tr.column("ORRES")),
            "collected": tr.column("ORRES"),
            "number": tr.column("STRESN").where(tr.column("STRESN") != "", tr.column("STRESC")),
            "unit": tr.column("STRESU"),
            "collected_unit": tr.column("ORRESU"),
            "status": tr.column("STAT"),
            "reason": tr.column("REASND"),
            "group": tr.column("GRPID"),
            "method": tr.column("METHOD"),
            "accepted": tr.flagged("ACPTFL"),
            "flagged": tr.flagged("BLFL", "LOBXFL"),
            "seq": pd.to_numeric(tr.column("SEQ"), errors="coerce").astype("Int64"),
            "row": tr.rows(),
        }
    )
    sentence = "repeats an earlier {test} record word for word; used once"
    notes.add("repeated_record", "note", records[repeated], sentence, "TR")
    records = records[~repeated]
    for test, count in records.loc[records["lesion"] == "", "test"].value_counts().items():
        about = pd.DataFrame({"test": [test], "count": [count]})
        sentence = "{count} {test} records name no lesion and are not read"
        notes.add("not_of_a_lesion", "note", about, sentence, "TR")
    return records[records["lesion"] != ""].reset_index(drop=True)


def link(records: pd.DataFrame, lesions: pd.DataFrame, notes: Notes) -> pd.DataFrame:
    """Each record with the role, organ and node flag of its lesion; without TU, the role by its group."""
    known = lesions[[*LESION, "role", "organ", "flagged"]].rename(columns={"flagged": "flagged_tu"})
    linked = records.merge(known, "left", LESION)
    alone = linked["role"].isna()
    by_group = linked["group"].map({g: ROLE_SPELLINGS.get(plain(g), "") for g in linked["group"].unique()})
    sentence = "no TU record has this link; role {role!r} is taken from TRGRPID"
    lost = linked.assign(role=by_group)[alone].drop_duplicates(LESION)
    notes.add("lesion_not_identified", "warning", lost[lost["role"] != ""], sentence, "TR")
    sentence = "no TU record has this link and TRGRPID {group!r} names no role; its records take no part"
    notes.add("lesion_not_identified", "error", lost[lost["role"] == ""], sentence, "TR")
    linked["role"] = linked["role"].where(~alone, by_group)
    linked["organ"] = linked["organ"].fillna("")
    organs = {word: organ_name(word) == LYMPH_NODES for word in linked["organ"].unique()}
    return linked.assign(node=linked["organ"].map(organs).astype(bool))[linked["role"] != ""]


def one_per_visit(linked: pd.DataFrame, notes: Notes) -> pd.DataFrame:
    """Short axis of a node, longest diameter of the rest, the state of what has no size; never two."""
    rank = np.full(len(linked), 9.0)
    for node, order in _RANK.items():
        for test, place in order.items():
            rank[((linked["node"] == node) & (linked["test"] == test)).to_numpy(bool)] = place
    rank[linked["test"].isin(_STATE).to_numpy(bool)] = 5
    ranked = linked.assign(rank=rank)
    best = ranked.groupby([*VISIT, "lesion"], sort=False, observed=True)["rank"].transform("min")
    chosen = ranked[(ranked["rank"] == best) & (best < 9)]
    wrong = ranked[(best == 9) & ranked["test"].isin(_SIZE)].drop_duplicates([*VISIT, "lesion"])
    needed = np.where(wrong["node"], "LPERP, the short axis of a node,", "LDIAM, the longest diameter,")
    notes.add(
        *("size_of_wrong_axis", "error", wrong.assign(needed=needed)),
        *("{needed} is not recorded, only {test}; the row is kept without a size", "TR"),
    )
    wrong = wrong.assign(result="", collected="", number="")
    fallback = _state_instead(chosen, ranked)
    columns = list(linked.columns)
    return stack(fallback[columns], wrong[columns]).sort_values("row").reset_index(drop=True)


def _state_instead(chosen: pd.DataFrame, ranked: pd.DataFrame) -> pd.DataFrame:
    """Where the size record is empty, the state record of the same lesion and visit speaks."""
    state = ranked[ranked["rank"] == 5].drop_duplicates([*VISIT, "lesion"])
    state = state.set_index([*VISIT, "lesion"])[["result", "collected"]]
    empty = (chosen["rank"] < 5) & (chosen["result"] == "") & (chosen["status"] == "")
    spoken = chosen.loc[empty, [*VISIT, "lesion"]].join(state, on=[*VISIT, "lesion"])
    for name in ("result", "collected"):
        chosen = chosen.assign(
            **{name: chosen[name].where(~empty, spoken[name].reindex(chosen.index).fillna(""))}
        )
    return chosen


def only_identified(lesions: pd.DataFrame, rows: pd.DataFrame) -> pd.DataFrame:
    """Lesions whose identifying visit has no measurement: the identification itself is the row.

    A new lesion is then unequivocal, a non-target present; a target has no size.
    """
    keys = [*VISIT, "lesion"]
    here = lesions[lesions["role"] != ""].merge(rows[keys].drop_duplicates(), "left", keys, indicator="seen")
    here = here[here["seen"] == "left_only"].drop(columns="seen")
    numbers = rows.drop_duplicates(VISIT).set_index(VISIT)[["visit_number", "date_text"]]
    here = here.join(numbers.rename(columns={"date_text": "visit_date"}), on=VISIT)
    here["date_text"] = here["date_text"].where(here["date_text"] != "", here["visit_date"].fillna(""))
    state = here["role"].map({"non-target": "present", "new": "unequivocal"}).fillna("")
    node = here["organ"].map(lambda word: organ_name(word) == LYMPH_NODES).astype(bool)
    blank: dict[str, Any] = {"reason": "", "merged_with": "", "source": "TU", "diameter_mm": np.nan}
    seq = pd.array([pd.NA] * len(here), "Int64")
    return here.assign(state=state, node=node, flagged_tu=here["flagged"], seq=seq, **blank)
