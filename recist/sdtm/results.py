"""One tumour result (TR) in our terms: millimetres or a state, from what was collected and standardised.

SDTMIG 3.4 sections 6.3.12.2 (TR) and the CDISC RECIST 1.1 disease-response supplement: TRSTRESN holds 5
beside TOO SMALL TO MEASURE in TRORRES; TRSTAT NOT DONE comes with TRREASND.
"""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

from recist.sdtm.notes import Notes
from recist.spellings import STATE_SPELLINGS, plain

_MM = {"mm": 1.0, "millimeter": 1.0, "cm": 10.0, "centimeter": 10.0, "": 1.0}
_NODE_STATE = {"pathological": "present", "non pathological": "absent", "nonpathological": "absent"}
_UNSEEN = r"NOT ASSESSABLE|NOT EVALUABLE|UNEVALUABLE|INEVALUABLE|OBSCURED|ARTE?IFACT|POOR|QUALITY"


def add_results(records: pd.DataFrame, notes: Notes) -> pd.DataFrame:
    """The records with `diameter_mm` and `state` ("" where none); what cannot be read is a finding."""
    states = _states(records)
    size = _millimetres(records, notes).mask(states != "")
    unread = (states == "") & size.isna() & (records["result"] != "")
    sentence = "{test} is {result!r}, neither a number nor a known word; the row is kept without a value"
    notes.add("result_unreadable", "error", records[unread], sentence, "TR")
    return records.assign(diameter_mm=size, state=states)


def _states(records: pd.DataFrame) -> pd.Series[Any]:
    """TOO SMALL TO MEASURE beside a standardised 5 stays too small; NOT DONE says why in its reason."""
    words = {w: _state(w) for w in pd.unique(pd.concat([records["result"], records["collected"]]))}
    standard, collected = records["result"].map(words), records["collected"].map(words)
    state = collected.where(collected != "", standard).astype("string")
    reason = records["reason"].str.upper()
    undone = records["status"].str.upper().isin(["NOT DONE", "ND"]).astype(bool)
    why = pd.Series(
        np.select(
            [reason.str.contains("MERGE|COALESC"), reason.str.contains(_UNSEEN)],
            ["merged", "not evaluable"],
            "not done",
        ),
        index=records.index,
        dtype="string",
    )
    state = state.where(~(undone & (state == "")), why)
    lost = (records["role"] == "non-target") & (state == "unequivocal")  # progression, not a new lesion
    seen = records["role"].str.startswith("new") & (state == "present")  # TUMSTATE PRESENT of a new lesion
    return state.mask(lost, "unequivocal progression").mask(seen, "unequivocal")


def _state(word: str) -> str:
    return _NODE_STATE.get(plain(word)) or STATE_SPELLINGS.get(plain(word), "")


def _millimetres(records: pd.DataFrame, notes: Notes) -> pd.Series[Any]:
    """Standardised number and unit where given, else the collected ones; rounded to a millionth of a mm."""
    standard = pd.to_numeric(records["number"], errors="coerce").astype("float64")
    collected = pd.to_numeric(records["collected"], errors="coerce").astype("float64")
    unit = records["unit"].where(standard.notna(), records["collected_unit"])
    number = standard.fillna(collected)
    given = unit.str.lower().str.replace("millimetre", "millimeter").str.replace("centimetre", "centimeter")
    factor = given.map(_MM).astype("float64")
    sized = number.notna()
    notes.add(
        *("unit_unknown", "error", records.assign(unit=unit)[sized & factor.isna()]),
        *("{test} is in {unit!r}, not mm or cm; the row is kept without a value", "TR"),
    )
    notes.add(
        *("unit_missing", "warning", records[sized & (given == "") & (number != 0)]),
        *("{test} {result} has no unit; taken as mm", "TR"),
    )
    return (number * factor).round(6)
