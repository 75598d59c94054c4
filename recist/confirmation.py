"""Is a response confirmed by a later one?  RECIST 1.1 sections 4.4.4 and 4.6.1, Table 3."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from recist.criteria.base import BestResponseRules
from recist.terms import OVERALL

Ints = npt.NDArray[np.integer[Any]]
Mask = npt.NDArray[np.bool_]
CR, PR, SD, NN, NE = (OVERALL.index(term) for term in ("CR", "PR", "SD", "NON-CR/NON-PD", "NE"))


def confirmations(overall: Ints, day: Ints, response: int, rules: BestResponseRules) -> tuple[Mask, Mask]:
    """Which records are confirmed, and which confirm: two subjects x records masks.

    A CR is confirmed by a CR with nothing but CR and NE between; a PR by a PR or CR with nothing but CR, PR, NE
    and SD between, and, where records stay as recorded after a CR, no PR after a CR.  `day` counts days; a
    record past the last one, or that does not count, has the code -1.
    """
    better = (CR,) if response == CR else (CR, PR)
    between = {NE: rules.max_ne_between}
    if response == PR:
        between[SD] = rules.max_sd_between_pr
    lost_cr = response == PR and rules.cr_then_lesser == "as_recorded"
    is_better = np.isin(overall, better)
    allowed = is_better | np.isin(overall, list(between))
    confirmed, confirming = np.zeros(overall.shape, bool), np.zeros(overall.shape, bool)
    for i in range(overall.shape[1] - 1):
        open_ = np.flatnonzero(overall[:, i] == response)
        seen = {term: np.zeros(len(open_), np.int16) for term in between}
        had_cr = np.zeros(len(open_), bool)
        for j in range(i + 1, overall.shape[1]):
            here = overall[open_, j]
            fits = ~(had_cr & (here == PR))
            found = fits & is_better[open_, j] & (day[open_, j] - day[open_, i] >= rules.confirm_days)
            confirmed[open_[found], i] = True
            confirming[open_[found], j] = True
            go_on = fits & allowed[open_, j]
            for term in between:
                seen[term] = seen[term] + (here == term)
                go_on &= seen[term] <= between[term]
            open_, had_cr = open_[go_on], (had_cr | (here == CR) & lost_cr)[go_on]
            seen = {term: count[go_on] for term, count in seen.items()}
            if not len(open_):
                break
    return confirmed, confirming
