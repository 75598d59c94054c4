"""The survival statistics that R computed, and the data they were computed from."""

import json
from typing import Any

import numpy as np
import pandas as pd

from tests.shared import shared

DATASETS = ("colon_etype1", "ggsurvfit_ADTTE", "leukemia", "lung", "ovarian", "veteran")
CONF_TYPES = ("log-log", "log", "plain")


def reference(dataset: str) -> dict[str, Any]:
    """The reference values of one dataset."""
    return json.loads(shared(f"reference/survival_{dataset}.json").read_text(encoding="utf-8"))


def data(dataset: str) -> pd.DataFrame:
    """The dataset with `time`, `event`, `group` (reference level first) and `strata`."""
    frame = pd.read_csv(shared(f"reference/data/analysis_{dataset}.csv"))
    levels = reference(dataset)["meta"]["group_levels_reference_first"]
    return frame.assign(group=pd.Categorical(frame["group"], categories=levels))


def numbers(values: Any) -> np.ndarray:
    """An R vector; null is missing."""
    return np.array([np.nan if value is None else float(value) for value in np.atleast_1d(values)])
