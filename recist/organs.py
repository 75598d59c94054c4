"""Which organ a location belongs to when targets are counted: paired organs once, all lymph nodes one.

RECIST 1.1 (Eisenhauer 2009) section 4.2; EORTC RECIST FAQ "Paired organs".
"""

from __future__ import annotations

import re

import numpy as np
import numpy.typing as npt
import pandas as pd

LYMPH_NODES = "LYMPH NODES"
_NODE = re.compile(r"\bLYMPH(ATIC)?[- ]?(NODES?|GLANDS?)\b|\bNODES?\b|\bLN\b|\bNODAL\b")
_SIDE = re.compile(r"\b(LEFT|RIGHT|BILATERAL|BOTH|LT|RT|L|R)\b")
_PART = re.compile(r"\b((UPPER|LOWER|MIDDLE) LOBES?|LOBES?|GLANDS?|SEGMENTS?( [IVX\d]+[AB]?)?|LINGULA)\b")
_BONE = re.compile(r"\b(BONE|SKELET\w*|VERTEBRA\w*|RIBS?|FEMUR|SACRUM|ILIUM|STERNUM)\b")
_LUNG = re.compile(r"LUNG|PULMON|BRONCH")
_ONE_NAME = {
    "LUNGS": "LUNG",
    "KIDNEYS": "KIDNEY",
    "ADRENALS": "ADRENAL",
    "BREASTS": "BREAST",
    "OVARIES": "OVARY",
    "TESTES": "TESTIS",
    "BONES": "BONE",
}


def plain(text: str) -> str:
    """Upper case, punctuation as blanks, single blanks: so that spellings of one place compare equal."""
    return " ".join(re.sub(r"[^A-Z0-9]+", " ", text.upper()).split())


def organ_name(text: str) -> str:
    """The organ of one location without its side or part; lymph nodes of any station are one organ."""
    place = plain(text)
    if _NODE.search(place):
        return LYMPH_NODES
    whole = " ".join(_PART.sub(" ", _SIDE.sub(" ", place)).split()) or place
    return " ".join(_ONE_NAME.get(word, word) for word in whole.split())


def organ_key(organ: pd.Series, node: npt.NDArray[np.bool_]) -> pd.Series:
    """The organ that each row counts for, missing where unknown; worked out once per distinct location.

    Parameters
    ----------
    organ : Series
        Location as recorded, n rows.
    node : bool array of length n
        Whether the row is a lymph node.

    Returns
    -------
    Series
        Category, index of `organ`.

    Examples
    --------
    >>> import numpy as np, pandas as pd
    >>> where = pd.Series(["LUNG, LEFT", "Right lung", "MEDIASTINUM"])
    >>> list(organ_key(where, np.array([False, False, True])))
    ['LUNG', 'LUNG', 'LYMPH NODES']
    """
    distinct = pd.Categorical(organ.astype("category"))
    names = [organ_name(str(word)) for word in distinct.categories]
    organs = list(dict.fromkeys([LYMPH_NODES, *names]))
    place = {name: code for code, name in enumerate(organs)}
    codes = np.array([place[name] for name in names] + [-1])[distinct.codes]
    kept = pd.CategoricalDtype(organs)
    return pd.Series(pd.Categorical.from_codes(np.where(node, 0, codes), dtype=kept), index=organ.index)


def is_bone(key: pd.Series) -> npt.NDArray[np.bool_]:
    """Whether each organ key is bone."""
    return _matches(key, _BONE)


def is_lung(key: pd.Series) -> npt.NDArray[np.bool_]:
    """Whether each organ key is lung."""
    return _matches(key, _LUNG)


def is_lymph_node(organ: pd.Series) -> npt.NDArray[np.bool_]:
    """Whether the location itself says lymph node."""
    return np.asarray(organ_key(organ, np.zeros(len(organ), bool)) == LYMPH_NODES)


def _matches(key: pd.Series, pattern: re.Pattern[str]) -> npt.NDArray[np.bool_]:
    distinct = pd.Categorical(key.astype("category"))
    hit = np.array([bool(pattern.search(str(word))) for word in distinct.categories] + [False])
    return np.asarray(hit[distinct.codes])
