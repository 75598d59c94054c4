"""Time to deterioration of several scales at once."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import pandas as pd

from recist import InputError
from survival.endpoint import derive_endpoint
from survival.qlq_c30.endpoint import Deterioration
from survival.qlq_c30.scales import SCALES, scale_of


def time_to_deterioration(
    scores: pd.DataFrame,
    subjects: pd.DataFrame,
    endpoint: Deterioration | None = None,
    scales: Sequence[str] = tuple(SCALES),
) -> pd.DataFrame:
    """Time to deterioration of each scale, one below the other.

    Parameters
    ----------
    scores : from `survival.score_qlq`.
    subjects : as for `survival.derive_endpoint`.
    endpoint : conventions; None is `survival.TTD`.
    scales : codes of the scales, in the order wanted.

    Returns
    -------
    frame as `survival.derive_endpoint` gives it, one row per scale and subject; `endpoint` names the scale
    (`TTD PF2`), and the column `scale` holds its code.

    Raises
    ------
    InputError : no scale, or an unknown one; what `survival.derive_endpoint` refuses.

    Examples
    --------
    >>> scores = pd.DataFrame({"subject": "01", "scale": ["QL2"] * 3 + ["PA"] * 3,
    ...     "date": pd.to_datetime(["2023-12-28", "2024-02-26", "2024-04-22"] * 2),
    ...     "score": [75.0, 50.0, 50.0, 0.0, 0.0, 16.7]})
    >>> subjects = pd.DataFrame({"subject": ["01"], "randomization_date": pd.to_datetime(["2024-01-01"])})
    >>> tte = time_to_deterioration(scores, subjects, scales=["QL2", "PA"])
    >>> tte[["endpoint", "time", "event", "situation"]].values.tolist()
    [['TTD QL2', 57, True, 'Q4'], ['TTD PA', 113, False, 'Q8']]
    """
    from survival.endpoints.ttd import TTD

    chosen = endpoint or TTD
    if not scales:
        raise InputError(f"name at least one scale of {', '.join(SCALES)}")
    codes = [scale_of(code).code for code in ([scales] if isinstance(scales, str) else scales)]
    parts = [derive_endpoint(chosen.of(code), subjects, scores).assign(scale=code) for code in codes]
    whole = pd.concat([part.astype({"endpoint": "str"}) for part in parts], ignore_index=True)
    names: dict[str, Any] = {"endpoint": [chosen.of(code).name for code in codes], "scale": codes}
    return whole.assign(**{name: pd.Categorical(whole[name], words) for name, words in names.items()})
