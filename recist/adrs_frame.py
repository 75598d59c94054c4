"""The frame of the CDISC analysis data set ADRS: its parameters, its columns and how it is put together.

CDISC ADaM basic data structure; parameters and values are those of the admiralonco vignettes "Creating ADRS" and
"Creating ADRS with iRECIST endpoints".
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from recist.records import as_dates
from recist.terms import BEST, IMMUNE_BEST

Ints = npt.NDArray[np.integer[Any]]
TUMOUR, REFERENCE = "Tumor Response", "Reference Event"

PARAMETERS = {  # PARAMCD -> (PARAM, PARCAT1)
    "OVR": ("Overall Response", TUMOUR),
    "PD": ("Disease Progression", TUMOUR),
    "RSP": ("Response (confirmation not required)", TUMOUR),
    "CRSP": ("Confirmed Response", TUMOUR),
    "CB": ("Clinical Benefit (confirmation of response not required)", TUMOUR),
    "CCB": ("Confirmed Clinical Benefit", TUMOUR),
    "BOR": ("Best Overall Response (confirmation not required)", TUMOUR),
    "CBOR": ("Best Confirmed Overall Response", TUMOUR),
    "BCP": ("Best Overall Response of CR/PR (confirmation not required)", TUMOUR),
    "CBCP": ("Best Confirmed Overall Response of CR/PR", TUMOUR),
    "LSTA": ("Last Disease Assessment", TUMOUR),
    "MDIS": ("Measurable Disease at Baseline", TUMOUR),
    "DEATH": ("Death", REFERENCE),
    "IOVR": ("iRECIST Overall Response", TUMOUR),
    "ICPD": ("iRECIST Confirmation of Disease Progression", TUMOUR),
    "IUPD": ("iRECIST Unconfirmed Disease Progression", TUMOUR),
    "IRSP": ("iRECIST Response (confirmation not required)", TUMOUR),
    "ICRSP": ("iRECIST Confirmed Response", TUMOUR),
    "ICB": ("iRECIST Clinical Benefit (confirmation of response not required)", TUMOUR),
    "ICCB": ("iRECIST Confirmed Clinical Benefit", TUMOUR),
    "IBOR": ("iRECIST Best Overall Response (confirmation not required)", TUMOUR),
    "ICBOR": ("iRECIST Best Confirmed Overall Response", TUMOUR),
}
ADRS_COLUMNS = {  # column -> sentence
    "USUBJID": "Who.",
    "PARAMCD": "Parameter, short.",
    "PARAM": "Parameter.",
    "PARCAT1": "Tumor Response or Reference Event.",
    "PARCAT2": "Who read the scans.",
    "PARCAT3": "Name of the criteria and every edit of its conventions.",
    "ADT": "Date; missing when the answer is N, or there is no record.",
    "AVALC": "Response, or Y and N; missing for the last assessment of a subject without any.",
    "AVAL": "CR 1, PR 2, SD 3, NON-CR/NON-PD 4, PD 5, NE 6, MISSING 7; iCPD 1, iUPD 2, NON-iCR/NON-iUPD 3, "
    "iSD 4, iPR 5, iCR 6, MISSING 7, NE 8; Y 1, N 0.",
    "ANL01FL": "Y; for OVR and IOVR only where the record counts for the best response.",
    "RULEID": "BOR, CBOR, BCP, CBCP, IBOR, ICBOR: row of the table of the rules that decided.",
}
AVALC = tuple(dict.fromkeys((*BEST, "Y", "N", *IMMUNE_BEST)))
YES, NO = np.int8(AVALC.index("Y")), np.int8(AVALC.index("N"))
_NUMBER = {"CR": 1, "PR": 2, "SD": 3, "NON-CR/NON-PD": 4, "PD": 5, "NE": 6, "MISSING": 7, "Y": 1, "N": 0}
_IMMUNE_NUMBER = {
    "iCPD": 1,
    "iUPD": 2,
    "NON-iCR/NON-iUPD": 3,
    "iSD": 4,
    "iPR": 5,
    "iCR": 6,
    "MISSING": 7,
    "NE": 8,
}


@dataclass(frozen=True)
class Block:
    """The rows of one parameter: position of the series, day, answer, rule."""

    parameter: str
    who: Ints
    day: Ints
    answer: npt.NDArray[np.int8]
    rule: Ints | None = None
    counts: npt.NDArray[np.bool_] | None = None


def frame_of(blocks: list[Block], keys: pd.DataFrame, ids: list[str]) -> pd.DataFrame:
    """The blocks below each other."""
    sizes = [len(block.who) for block in blocks]

    def spread(values: list[int]) -> npt.NDArray[np.int8]:
        return np.repeat(np.array(values, np.int8), sizes)

    def category(codes: npt.NDArray[Any], words: list[str]) -> pd.Categorical:
        return pd.Categorical.from_codes(codes, pd.Index(words, dtype="str"))

    who = np.concatenate([block.who for block in blocks])
    answer = np.concatenate([block.answer for block in blocks])
    number = spread([list(PARAMETERS).index(block.parameter) for block in blocks])
    groups = [TUMOUR, REFERENCE]
    of_subject = np.repeat([block.parameter in ("DEATH", "MDIS") for block in blocks], sizes)
    reading = {}
    for name, column in (("PARCAT2", "evaluator"), ("PARCAT3", "criteria")):
        codes = np.where(of_subject, -1, keys[column].cat.codes.to_numpy()[who])
        reading[name] = pd.Categorical.from_codes(codes, keys[column].cat.categories)
    immune = np.repeat([block.parameter.startswith("I") for block in blocks], sizes)
    value, immune_value = (
        np.array([*(number.get(term, np.nan) for term in AVALC), np.nan])[answer]
        for number in (_NUMBER, _NUMBER | _IMMUNE_NUMBER)
    )
    counts = [np.ones(len(b.who), bool) if b.counts is None else b.counts for b in blocks]
    rule = [np.full(len(b.who), -1, np.int16) if b.rule is None else b.rule for b in blocks]
    return pd.DataFrame(
        {
            "USUBJID": pd.Categorical.from_codes(
                keys["subject"].cat.codes.to_numpy()[who], keys["subject"].cat.categories
            ),
            "PARAMCD": category(number, list(PARAMETERS)),
            "PARAM": category(number, [param for param, _ in PARAMETERS.values()]),
            "PARCAT1": category(spread([groups.index(PARAMETERS[b.parameter][1]) for b in blocks]), groups),
            **reading,
            "ADT": as_dates(np.concatenate([block.day for block in blocks])),
            "AVALC": category(answer, list(AVALC)),
            "AVAL": np.where(immune, immune_value, value) if immune.any() else value,
            "ANL01FL": category(np.where(np.concatenate(counts), np.int8(0), np.int8(-1)), ["Y"]),
            "RULEID": category(np.concatenate(rule), ids),
        },
        copy=False,
    )
