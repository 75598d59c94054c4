"""Medians, limits, hazard ratios and tests printed or computed elsewhere, from the same real data."""

import numpy as np
import pandas as pd
import pytest

import survival
from tests.shared import shared

MONTH = 365.25 / 12


def test_kmdata_436_medians_with_limits():
    """Individual data behind 218 published figures; R's survfit with log limits."""
    folder = shared("data/kmdata")
    subjects = pd.read_csv(folder / "ipd_all.csv")
    known = pd.read_csv(folder / "r_survfit_medians.csv")
    km = survival.kaplan_meier(subjects, by=["name", "arm"], conf_type="log", convention="r")
    both = known.merge(km.quantiles([0.5]), on=["name", "arm"], suffixes=("_r", ""), validate="1:1")
    assert len(both) == len(known) == 436
    for ours, theirs in [("time", "median"), ("lower", "lcl"), ("upper", "ucl")]:
        np.testing.assert_allclose(both[ours], both[theirs], rtol=0, atol=1e-6, err_msg=ours)
    assert both["n"].equals(both["n_r"])
    assert both["events"].equals(both["events_r"])


def test_kmdata_218_hazard_ratios_and_log_rank_tests():
    folder = shared("data/kmdata")
    trials = dict(list(pd.read_csv(folder / "ipd_all.csv").groupby("name")))
    known = pd.read_csv(folder / "r_coxph_hr.csv")
    found = [
        survival.compare_arms(trials[row.name], reference=row.ref).loc[0]
        for row in known.itertuples(name="R")
    ]
    ours = pd.DataFrame(found).reset_index(drop=True)
    assert len(ours) == 218
    assert ours["arm"].tolist() == known["test"].tolist()
    for mine, theirs in [("hazard_ratio", "hr"), ("lower", "lo"), ("upper", "hi")]:
        np.testing.assert_allclose(ours[mine], known[theirs], rtol=1e-6, err_msg=mine)
    np.testing.assert_allclose(ours["logrank_chi2"], known["logrank_chisq"], rtol=1e-8)


def test_bone_marrow_transplant_of_the_sas_lifetest_documentation():
    frame = pd.read_csv(shared("data/sas_lifetest_docs/bmt.csv")).rename(
        columns={"T": "time", "Status": "event"}
    )
    found = survival.kaplan_meier(frame, by="g").quantiles([0.5]).set_index("g")
    np.testing.assert_array_equal(
        found.loc["ALL", ["time", "lower", "upper"]].astype(float), [418, 192, np.nan]
    )
    np.testing.assert_array_equal(
        found.loc["AML-Low", ["time", "lower", "upper"]].astype(float), [2204, 641, np.nan]
    )
    np.testing.assert_array_equal(
        found.loc["AML-High", ["time", "lower", "upper"]].astype(float), [183, 113, 390]
    )
    test = survival.log_rank(frame, by="g")
    assert (round(test.chi2, 5), test.df) == (13.80372, 2)


def test_veteran_by_cell_type_of_the_sas_lifetest_documentation():
    frame = pd.read_csv(shared("data/sas_lifetest_docs/veteran.csv")).rename(columns={"status": "event"})
    test = survival.log_rank(frame, by="celltype")
    assert (round(test.chi2, 4), test.df) == (25.4037, 3)


def test_imvigor210_overall_survival():
    frame = pd.read_csv(shared("data/imvigor210/pData_IMvigor210.csv"))
    tte = frame.rename(columns={"os": "time", "censOS": "event"})
    found = survival.kaplan_meier(tte, convention="r").quantiles([0.5]).loc[0]
    assert [round(found[name], 2) for name in ("time", "lower", "upper")] == [8.77, 7.33, 10.55]
    assert found["n"] == 348


@pytest.mark.parametrize(("column", "published"), [("pfs", (3.9, 2.1, 5.1)), ("os", (6.3, 5.2, 8.5))])
def test_pancreatic_cancer_phase_2(column, published):
    """The paper has 44 subjects, the file 41: within 0.1 month."""
    frame = pd.read_csv(shared("data/asaur_pancreatic_gastric/pancreatic2.csv"))
    tte = pd.DataFrame({"time": frame[column], "event": frame["status"] == 1})
    found = survival.kaplan_meier(tte, conf_type="plain").quantiles([0.5]).loc[0, ["time", "lower", "upper"]]
    assert len(tte) == 41
    np.testing.assert_allclose(found.astype(float) / MONTH, published, atol=0.1)
