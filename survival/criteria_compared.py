"""The same endpoint under several criteria, one below the other."""

from __future__ import annotations

import pandas as pd

from survival.endpoint import Endpoint, EndpointError, derive_endpoint


def endpoint_by_criteria(
    endpoint: str | Endpoint,
    subjects: pd.DataFrame,
    responses: pd.DataFrame,
    best: pd.DataFrame | None = None,
    evaluator: str | None = None,
) -> pd.DataFrame:
    """An endpoint of every subject under each criteria, for example progression-free survival.

    Parameters
    ----------
    endpoint, subjects, responses, best : as in `survival.derive_endpoint`; `responses` (and `best`) hold
        several criteria.
    evaluator : whose reading counts; none: the frame holds one.

    Returns
    -------
    frame of `derive_endpoint` with the column `criteria` after `endpoint`, in the order of the criteria in
    `responses`; `kaplan_meier(tte, by="criteria")` puts them side by side.  The subjects are the same under
    each, so a test between criteria as between arms would be wrong.

    Raises
    ------
    EndpointError : as `derive_endpoint`; or `responses` has no column `criteria`.

    Examples
    --------
    >>> import recist
    >>> lesions = pd.DataFrame({"subject": "01", "visit": ["BASELINE", "WEEK 8"], "lesion": "T1",
    ...     "role": "target", "date": ["2024-01-02", "2024-02-27"], "organ": "LIVER",
    ...     "diameter_mm": [50, 61]})
    >>> subjects = pd.DataFrame({"subject": ["01"], "randomization_date": pd.to_datetime(["2024-01-05"])})
    >>> responses = recist.assess(lesions, ["recist_1_1", "recist_1_1[pd_pct=25]"])
    >>> endpoint_by_criteria("pfs", subjects, responses)[["criteria", "time", "event"]].values.tolist()
    [['recist_1_1', 54, True], ['recist_1_1[pd_pct=25]', 54, False]]
    """
    if "criteria" not in responses:
        raise EndpointError("responses has no column criteria, so there is nothing to tell apart")
    labels = [str(name) for name in responses["criteria"].unique()]
    if not labels:
        raise EndpointError("responses is empty, so no criteria is known")
    pieces = []
    for name in labels:
        tte = derive_endpoint(endpoint, subjects, responses, best, evaluator=evaluator, criteria=name)
        tte.insert(2, "criteria", name)
        pieces.append(tte)
    whole = pd.concat(pieces, ignore_index=True)
    text = [name for name in ("situation", "description", "endpoint") if name in whole]
    order = pd.CategoricalDtype(labels)
    return whole.astype(dict.fromkeys(text, "category")).astype({"criteria": order})
