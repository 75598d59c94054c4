"""Response rates with their limits and, between arms, differences and odds ratios, within strata too.

Rates: RECIST 1.1, section 4.6.  Methods: `survival.tables.proportion`.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Unpack

import pandas as pd

from recist import InputError
from survival.response_rate import CONFIRMED, RATES, flagged_rates, rates_of
from survival.shares import Share
from survival.tables.proportion import Settings, proportion_table
from survival.tables.table import Shell, Table

RESPONSE_RATES = Shell(title="Response rates")


def response_rate_table(
    best: pd.DataFrame,
    subjects: pd.DataFrame,
    by: str | Sequence[str] | None = None,
    shell: Shell = RESPONSE_RATES,
    rates: Sequence[str] | None = None,
    **settings: Unpack[Settings],
) -> Table:
    """Objective response, complete response, disease control and clinical benefit, compared between arms.

    Parameters
    ----------
    best, subjects, by : as in `survival.response_rate`; percentages are of all rows of `subjects`.
    shell : title, population, footnotes, and the label of a total column (empty for none).
    rates : which, in order, of those that the columns of `best` allow (`ORR`, `CR`, `DCR`, `CBR`, each also as
        `ORR confirmed` ...); None for all.
    **settings : as in `survival.proportion_table`: `reference` (arm; with it differences by Miettinen and Nurminen,
        odds ratios and a test), `difference_conf_type`, `test`, `strata` (with them the Cochran-Mantel-Haenszel test,
        the common odds ratio and difference), `conf_type`, `level`.

    Returns
    -------
    Table with `.results` and `.frame`; NE: not estimable.

    Raises
    ------
    InputError : as `survival.response_rate` and `survival.proportion_table`, or a rate is unknown.

    Examples
    --------
    >>> best = pd.DataFrame({"subject": list("1234"), "best_response": ["PR", "SD", "CR", "PD"]})
    >>> subjects = pd.DataFrame({"subject": list("123456"), "arm": list("AABBBB")})
    >>> table = response_rate_table(best, subjects, by="arm", reference="A", rates=["ORR"])
    >>> table.frame.iloc[2].tolist()
    ['  Difference to A (95% CI)', '', '-25.0% (-80.7, 48.5)']
    """
    everyone = flagged_rates(best, subjects)
    known = rates_of(best)
    asked = known if rates is None else list(rates)
    if unknown := [name for name in asked if name not in known]:
        raise InputError(
            f"rate {unknown[0]!r} is not among those of these best responses: {', '.join(known)}"
        )
    titles = {
        rate.name + ending: rate.title + (", confirmed" if ending else "")
        for ending in CONFIRMED.values()
        for rate in RATES
    }
    wanted = [Share(name=name, title=titles[name], flag=f"rate {name}") for name in asked]
    return proportion_table(everyone, wanted, by, shell, **settings)
