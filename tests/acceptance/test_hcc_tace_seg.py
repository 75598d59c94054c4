"""HCC-TACE-Seg (TCIA, CC BY 4.0): the recorded RECIST and mRECIST categories of two readers, from their sums.

Data: reader_pairs.csv; 1 CR, 2 PR, 3 SD, 4 PD.  Each sum of diameters is one lesion of that size.
"""

import pandas as pd
import pytest

from recist import all_criteria, assess
from survival import cohen_kappa
from tests.shared import shared

CATEGORY = {1: "CR", 2: "PR", 3: "SD", 4: "PD"}
KAPPA = {"RECIST": (87, 0.509), "mRECIST": (66, 0.3135)}  # subjects in agreement of 95, Cohen's kappa
CRITERIA = {"RECIST": "recist_1_1", "mRECIST": "mrecist_hcc"}  # name in the data -> ours


def pairs(name):
    data = pd.read_csv(shared("data/hcc_tace_seg") / "reader_pairs.csv", dtype={"id": str})
    rows = data[data["crit"] == name]
    return rows.assign(evaluator="READER " + rows["reader"].astype(str), recorded=rows["cat"].map(CATEGORY))


def as_one_lesion(rows):
    """A lesion table whose only target has the size of the sum, at baseline and at follow-up."""
    visits = []
    for visit, date, column in (("BASELINE", "2010-01-04", "bl"), ("FOLLOW-UP", "2010-03-01", "fu")):
        size = rows[column]
        visits.append(
            pd.DataFrame(
                {"subject": rows["id"], "evaluator": rows["evaluator"], "visit": visit, "date": date}
            ).assign(lesion="T1", role="target", organ="LIVER", diameter_mm=size, viable_mm=size)
        )
    return pd.concat(visits, ignore_index=True)


def derived(name):
    """One row per subject and reader with the recorded and the derived category."""
    criteria = CRITERIA[name]
    if criteria not in all_criteria():
        pytest.skip(f"no criteria {criteria}")
    rows = pairs(name)
    responses = assess(as_one_lesion(rows), criteria)[["subject", "evaluator", "overall", "target"]]
    responses = responses.astype({"subject": str, "evaluator": str, "overall": str})
    return rows.merge(responses, left_on=["id", "evaluator"], right_on=["subject", "evaluator"])


@pytest.mark.parametrize("name", CRITERIA)
def test_every_recorded_category_follows_from_the_sums(name):
    rows = derived(name)
    assert len(rows) == 192
    wrong = rows[rows["overall"] != rows["recorded"]]
    assert wrong[["id", "reader", "bl", "fu", "recorded", "overall"]].values.tolist() == []


@pytest.mark.parametrize(
    ("name", "reader", "subject", "change", "category"),
    [
        ("RECIST", 1, "HCC_101", -29.92, "SD"),
        ("mRECIST", 1, "HCC_016", -30.27, "PR"),
        ("RECIST", 1, "HCC_020", 19.04, "SD"),
        ("RECIST", 1, "HCC_044", 20.44, "PD"),
    ],
)
def test_the_changes_nearest_to_a_limit_are_on_the_recorded_side(name, reader, subject, change, category):
    rows = derived(name)
    row = rows[(rows["id"] == subject) & (rows["reader"] == reader)].iloc[0]
    assert (round(row["pct"], 2), row["overall"], row["recorded"]) == (change, category, category)


@pytest.mark.parametrize("name", CRITERIA)
def test_kappa_on_objective_response_is_that_of_the_recorded_categories(name):
    """Derived and recorded give the same two-by-two table; kappa by hand from its counts."""
    rows = derived(name)
    tables = {}
    for column in ("overall", "recorded"):
        responder = rows.assign(responder=rows[column].isin(["CR", "PR"]))
        both = responder.set_index(["id", "reader"])["responder"].unstack().dropna()  # noqa: PD010
        tables[column] = both.astype(bool)  # one subject of each reader was not read by the other
    assert tables["overall"].equals(tables["recorded"])
    one, two = tables["overall"][1], tables["overall"][2]
    n, agree = len(one), int((one == two).sum())
    chance = one.mean() * two.mean() + (1 - one.mean()) * (1 - two.mean())
    kappa = cohen_kappa(one, two)
    assert kappa.loc[0, "n"] == n == 95
    assert kappa.loc[0, "observed_agreement"] == pytest.approx(agree / n)
    assert kappa.loc[0, "estimate"] == pytest.approx((agree / n - chance) / (1 - chance))
    assert (agree, round(kappa.loc[0, "estimate"], 4)) == KAPPA[name]
