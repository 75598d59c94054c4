"""RS: the responses that somebody recorded, in our words, beside the words they used.

SDTMIG 3.4 (RS) and codelist ONCRTSCD: TRGRESP, NTRGRESP, NEWLPROG, NEWLIND, OVRLRESP, SYMPTDTR.
"""

from __future__ import annotations

import pandas as pd

from recist.sdtm.domains import Domain
from recist.sdtm.notes import Notes, days
from recist.spellings import plain
from recist.terms import NEW_LESION, NON_TARGET, OVERALL, TARGET

IMMUNE = ("iCR", "iPR", "iSD", "NON-iCR/NON-iUPD", "iUPD", "iCPD")  # iRECIST (Seymour 2017)
TESTS = {"TRGRESP": "target", "NTRGRESP": "non_target", "OVRLRESP": "overall"}
WORDS = {
    "target": TARGET + tuple(word for word in IMMUNE if word != "NON-iCR/NON-iUPD"),
    "non_target": NON_TARGET + tuple(word for word in IMMUNE if word not in ("iPR", "iSD")),
    "overall": OVERALL + IMMUNE,
}
_NEW = {"unequivocal": "Y", "y": "Y", "yes": "Y", "equivocal": "E", "n": "N", "no": "N"}
_SAME = {
    "ned": "NED",
    "no evidence of disease": "NED",
    "inevaluable": "NE",
    "not evaluable": "NE",
    "na": "NA",
}
_CRITERIA = {
    "recist 1.1": "recist_1_1",
    "recist1.1": "recist_1_1",
    "recist v1.1": "recist_1_1",
    "": "recist_1_1",
}
KEY = ["subject", "evaluator", "criteria", "visit", "date_text"]


def responses_from(rs: Domain, notes: Notes) -> pd.DataFrame:
    """One row per subject, evaluator, criteria, visit and date; `overall_recorded` is the original text.

    `overall` is missing where nothing or no known word was recorded; `overall_given` tells the two apart.
    Blank RSCAT is taken as RECIST 1.1.
    """
    records = _records(rs, notes)
    rows = records[[*KEY, "visit_number"]].drop_duplicates(KEY).reset_index(drop=True)
    for test, name in TESTS.items():
        rows = rows.merge(_one_test(records, test, name, notes), "left", KEY)
    rows = rows.merge(_new_lesions(records, notes), "left", KEY)
    for name, words in WORDS.items():
        rows[name] = pd.Categorical(rows[name], list(words))
    rows["new_lesion"] = pd.Categorical(rows["new_lesion"], list(NEW_LESION))
    rows["accepted"] = rows["accepted"].isin([True])
    rows["overall_given"] = (rows["overall_recorded"].fillna("") != "").astype(bool)
    rows["date"] = days(rows["date_text"])
    partial = rows[rows["date"].isna()]
    sentence = "response dated {date_text!r}: without a day it cannot be placed"
    notes.add("date_without_day", "error", partial.rename(columns={"source_row": "row"}), sentence, "RS")
    order = ["subject", "evaluator", "criteria", "visit", "visit_number", "date", "target", "non_target"]
    order += ["new_lesion", "overall", "accepted", "overall_given", "overall_recorded", "date_text"]
    rows = rows.sort_values(["subject", "evaluator", "criteria", "date_text"])[
        [*order, "source_row", "source_seq"]
    ]
    text = dict.fromkeys(("subject", "evaluator", "criteria", "visit"), "category")
    return rows.astype(text).reset_index(drop=True)


def _records(rs: Domain, notes: Notes) -> pd.DataFrame:
    repeated = rs.frame.duplicated([c for c in rs.frame.columns if c != "RSSEQ"]).to_numpy()
    category = rs.column("CAT")
    records = pd.DataFrame(
        {
            "subject": rs.text("USUBJID"),
            "evaluator": rs.evaluator(),
            "criteria": category.map({c: _CRITERIA.get(c.lower(), plain(c)) for c in category.unique()}),
            "visit": rs.visit(),
            "visit_number": pd.to_numeric(rs.text("VISITNUM"), errors="coerce").astype("float64"),
            "date_text": rs.column("DTC"),
            "test": rs.column("TESTCD").str.upper(),
            "result": rs.column("ORRES").where(rs.column("ORRES") != "", rs.column("STRESC")),
            "accepted": rs.flagged("ACPTFL"),
            "source_row": rs.rows(),
            "source_seq": pd.to_numeric(rs.column("SEQ"), errors="coerce").astype("Int64"),
        }
    )
    sentence = "repeats an earlier {test} record word for word; used once"
    notes.add("repeated_record", "note", _row(records[repeated]), sentence, "RS")
    return records[~repeated]


def _row(records: pd.DataFrame) -> pd.DataFrame:
    return records.rename(columns={"source_row": "row"})


def _one_test(records: pd.DataFrame, test: str, name: str, notes: Notes) -> pd.DataFrame:
    """The records of one test as a column; a word that is no response of this test is a finding."""
    known = {plain(word): word for word in WORDS[name]} | _SAME
    found = records[records["test"] == test]
    value = found["result"].map({w: known.get(plain(w)) for w in found["result"].unique()})
    odd = found[value.isna() & (found["result"] != "")]
    sentence = "{test} is {result!r}, not a response; it is left blank"
    notes.add("unknown_response", "error", _row(odd), sentence, "RS")
    twice = found[found.duplicated(KEY)]
    notes.add("two_responses", "error", _row(twice), "a second, different {test} on the same day", "RS")
    columns = found.assign(**{name: value})[[*KEY, name]]
    if name == "overall":
        kept = found[["accepted", "source_row", "source_seq"]]
        columns = pd.concat([columns, found["result"].rename("overall_recorded"), kept], axis=1)
    return columns


def _new_lesions(records: pd.DataFrame, notes: Notes) -> pd.DataFrame:
    """NEWLPROG and NEWLIND: unequivocal counts before equivocal, and that before none."""
    found = records[records["test"].isin(["NEWLPROG", "NEWLIND"])]
    value = found["result"].map({w: _NEW.get(plain(w)) for w in found["result"].unique()})
    odd = found[value.isna() & (found["result"] != "")]
    notes.add("unknown_response", "error", _row(odd), "{test} is {result!r}, not Y, N or EQUIVOCAL", "RS")
    code = value.map({word: n for n, word in enumerate(NEW_LESION)})
    worst = found.assign(code=code).dropna(subset=["code"]).groupby(KEY)["code"].max()
    return worst.map(dict(enumerate(NEW_LESION))).rename("new_lesion").reset_index()
