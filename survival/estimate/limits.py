"""Pointwise limits of a survival curve by three transformations.

Kalbfleisch and Prentice, The Statistical Analysis of Failure Time Data, 2nd ed. (2002), section 1.4; the
log-log limits are the default of SAS PROC LIFETEST, the log limits that of R's survival::survfit.
"""

import numpy as np

from survival.estimate.observations import FloatArray

CONF_TYPES = ("log-log", "log", "plain")
CONVENTIONS = ("sas", "r")


def normal_quantile(level: float) -> float:
    """The two-sided standard normal quantile, 1.96 for 0.95."""
    from scipy.special import ndtri

    return float(ndtri(0.5 + level / 2))


def survival_limits(
    survival: FloatArray, relative_se: FloatArray, conf_type: str, level: float
) -> tuple[FloatArray, FloatArray]:
    """Lower and upper limits; 1 and 1 where nobody had an event yet, missing where nobody is left.

    `relative_se` is the standard error of log S, the square root of Greenwood's sum: zero variance at S = 1,
    undefined at S = 0.
    """
    wide = normal_quantile(level) * relative_se
    with np.errstate(divide="ignore", invalid="ignore"):
        if conf_type == "plain":
            wide *= survival
            lower, upper = survival - wide, survival + wide
        elif conf_type == "log":
            np.exp(wide, out=wide)
            lower, upper = survival / wide, survival * wide
        else:
            hazard = -np.log(survival)
            np.exp(np.divide(wide, hazard, out=wide), out=wide)
            lower, upper = np.exp(-hazard * wide), np.exp(-hazard / wide)
    np.clip(lower, 0, 1, out=lower)
    np.clip(upper, 0, 1, out=upper)
    lower[survival == 1] = upper[survival == 1] = 1
    lower[survival == 0] = upper[survival == 0] = np.nan
    return lower, upper


def chi2_tail(chi2: float, df: int) -> float:
    """The chance of a chi-square at least this large; missing for a missing one."""
    from scipy.special import chdtrc

    return float(chdtrc(df, chi2)) if df else np.nan
