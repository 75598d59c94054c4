"""mRECIST for hepatocellular carcinoma: of a liver tumour only the arterially enhancing, viable part is measured.

Lencioni R, Llovet JM. Modified RECIST (mRECIST) assessment for hepatocellular carcinoma. Semin Liver Dis
2010;30:52-60, doi:10.1055/s-0030-1247132.  Llovet JM, Lencioni R. J Hepatol 2020;72:288-306.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from recist.criteria import recist_1_1
from recist.criteria.base import Criteria, doc
from recist.terms import NEW_LESION, RECORDED_NEW

Ints = npt.NDArray[np.integer[Any]]
Mask = npt.NDArray[np.bool_]
FLUID, SEROUS = ("EFFUSION", "ASCITES"), ("PERITONE", "PLEURA", "PERICARDI")


@dataclass(frozen=True, kw_only=True, repr=False)
class LiverCriteria(Criteria):
    """RECIST 1.1 on viable tumour, with the rules of the liver for new nodules, effusions and hilar nodes."""

    mrecist_new_min_mm: float = doc(
        10, "a new liver nodule counts from this size on, when typical", "Lencioni & Llovet 2010"
    )
    mrecist_growth_mm: float = doc(
        10, "or, whatever its pattern, once it has grown by this much", "Lencioni & Llovet 2010"
    )
    hilar_node_mm: float = doc(
        20, "a new node at the porta hepatis counts from this short axis on", "Lencioni & Llovet 2010"
    )


def tempered_new_lesions(block: Any, rows: Ints, found: Ints, criteria: LiverCriteria) -> Ints:
    """What the reader calls unequivocal but the liver's rules do not yet accept is equivocal.

    A nodule needs size and pattern, or growth; an effusion cytology; a node at the porta hepatis its size; any
    other lesion the reader's word.  What was shown once stays shown until the lesion is absent.
    """
    seen = _history(block, rows)
    sure = found[seen["row"].to_numpy()] == NEW_LESION.index("Y")
    organ, node, size = seen["organ"].to_numpy(str), seen["node"].to_numpy(bool), seen["size"].to_numpy()
    fluid = (
        _holds(organ, FLUID) | (_holds(organ, SEROUS) & np.isnan(size)) | seen["cytology_given"].to_numpy()
    )
    nodule = _holds(organ, ("LIVER",)) & ~node & ~fluid
    hilar = _holds(organ, ("PORTA HEPATIS",)) & node
    first = seen.groupby("spell")["size"].transform("first").to_numpy()
    with np.errstate(invalid="ignore"):
        typical = (seen["pattern"].to_numpy(str) == "typical") & (size >= criteria.mrecist_new_min_mm * 100)
        grown = size - first >= criteria.mrecist_growth_mm * 100
        large = size >= criteria.hilar_node_mm * 100
    hilar &= ~np.isnan(size)
    accepted = np.select([fluid, nodule, hilar], [seen["cytology"].to_numpy(), typical | grown, large], sure)
    lasting = pd.Series(accepted.astype(int)).groupby(seen["spell"].to_numpy()).cummax().to_numpy() > 0
    result = found.copy()
    order = seen["row"].to_numpy()
    result[order[sure & ~lasting]] = NEW_LESION.index("E")
    return result


def _history(block: Any, rows: Ints) -> pd.DataFrame:
    """The rows of new lesions, each lesion's visits in order; a spell ends where the lesion was absent."""
    frame = pd.DataFrame(
        {
            "row": np.arange(len(rows)),
            "key": block.series[rows].astype(np.int64) * block.arrays.labels + block.label[rows],
            "visit": block.visit[rows],
            "organ": _words(block, "organ", rows, str.upper),
            "node": block.arrays.values("node", block.rows)[rows],
            "size": np.where(block.sized[rows], block.size[rows], np.nan),
            "pattern": _words(block, "pattern", rows, str.lower),
            "cytology": _flag(block, rows) == 1,
            "cytology_given": _flag(block, rows) >= 0,
            "gone": _recorded(block, rows, "absent", "not new"),
            "read": ~_recorded(block, rows, "absent", "not new", "not evaluated"),
        }
    ).sort_values(["key", "visit"], kind="stable", ignore_index=True)
    named = frame["organ"].where(frame["organ"] != "")
    frame["organ"] = named.groupby(frame["key"]).transform("first").fillna("")
    frame["node"] = frame["node"].groupby(frame["key"]).transform("first")
    starts = frame["key"].ne(frame["key"].shift()) | frame["gone"].shift(fill_value=False)
    frame["spell"] = starts.cumsum()
    for column in ("cytology", "cytology_given"):
        frame[column] = frame[column].astype(int).groupby(frame["key"]).cummax() > 0
    frame.loc[~frame["read"], "size"] = np.nan  # a scan not evaluated shows nothing; cytology is no scan
    return frame


def _recorded(block: Any, rows: Ints, *words: str) -> Mask:
    return np.isin(block.recorded_new[rows], [RECORDED_NEW.index(word) for word in words])


def _words(block: Any, column: str, rows: Ints, spell: Any) -> npt.NDArray[np.str_]:
    if not block.arrays.has(column):
        return np.full(len(rows), "")
    words = np.array([*(spell(str(w)) for w in block.arrays.categories(column)), ""], dtype=str)
    chosen: npt.NDArray[np.str_] = words[block.arrays.codes(column, block.rows)[rows]]
    return chosen


def _flag(block: Any, rows: Ints) -> Ints:
    if not block.arrays.has("cytology_positive"):
        return np.full(len(rows), -1, np.int8)
    flags: Ints = block.arrays.flags("cytology_positive", block.rows)[rows]
    return flags


def _holds(organ: npt.NDArray[np.str_], words: tuple[str, ...]) -> Mask:
    found = np.zeros(len(organ), bool)
    for word in words:
        found |= np.char.find(organ, word) >= 0
    return found


def untested_progression(block: Any, rows: Ints) -> Mask:
    """Non-target effusions called progressing without positive cytology now or before: that is no progression."""
    lesion = block.lesion[rows]
    organ = _words(block, "organ", block.base_rows, str.upper)[lesion]
    at_baseline = (_flag(block, block.base_rows) == 1)[lesion]
    since = pd.Series((_flag(block, rows) == 1).astype(int)).groupby(lesion).cummax().to_numpy() > 0
    return np.asarray(_holds(organ, FLUID) & ~at_baseline & ~since)


CRITERIA = LiverCriteria(
    **{f.name: getattr(recist_1_1.CRITERIA, f.name) for f in fields(recist_1_1.CRITERIA)}
    | {
        "name": "mrecist_hcc",
        "title": "mRECIST (HCC)",
        "citation": "Lencioni & Llovet 2010, Semin Liver Dis 30:52-60, doi:10.1055/s-0030-1247132",
        "measure": "viable_mm",
        "temper_new": tempered_new_lesions,
        "tempering": "of a nodule of the liver its size and typical pattern, or growth; of an effusion positive "
        "cytology; of a node at the porta hepatis its short axis",
        "discount_non_target": untested_progression,
    }
)
