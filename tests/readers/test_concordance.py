"""Concordance of two evaluators: counts by hand, the rates of Amit 2011, the table and the listing."""

import numpy as np
import pandas as pd
import pytest

from recist import InputError, assess, best_response
from survival import (
    Comparison,
    concordance,
    concordance_table,
    discordance_listing,
    discordances,
    rate_difference,
)
from survival.progression_status import PROGRESSION, discrepancy_rates, progression_status
from tests.readers.frames import lesions

DAY = pd.Timestamp("2024-01-01")
PAIR = ("INV", "IRC")
# subject: (arm, best INV, best IRC, progression INV, progression IRC), days after DAY
FOUND = {
    "01": ("A", "PR", "PR", 100, 100),  # a1
    "02": ("A", "PR", "SD", 150, 100),  # a2
    "03": ("A", "SD", "SD", 100, 156),  # a3
    "04": ("A", "SD", "PR", 100, None),  # b
    "05": ("A", "CR", "PR", None, 100),  # c
    "06": ("A", "SD", "SD", None, None),  # d
    "07": ("B", "PD", "PD", 50, 50),  # a1
    "08": ("B", "PD", "PD", 50, 53),  # a3
    "09": ("B", "NE", "SD", None, None),  # d
    "10": ("B", "PR", "MISSING", 90, None),  # read by the first only
    "11": ("B", None, None, None, None),  # not read
}
SUBJECTS = pd.DataFrame({"subject": list(FOUND), "arm": [row[0] for row in FOUND.values()]})


def best():
    rows = []
    for subject, (_, inv, irc, first, second) in FOUND.items():
        for name, response, day in (("INV", inv, first), ("IRC", irc, second)):
            if response is not None:
                date = pd.NaT if day is None else DAY + pd.Timedelta(days=day)
                rows.append((subject, name, response, response, date))
    names = ["subject", "evaluator", "best_response", "confirmed_best_response", "progression_date"]
    frame = pd.DataFrame(rows, columns=names)
    date = frame["progression_date"].fillna(DAY + pd.Timedelta(days=40))
    date = date.mask(frame["best_response"] == "MISSING")
    return frame.assign(best_response_date=date, confirmed_best_response_date=date)


def found(by=None, **rules):
    return concordance(best(), SUBJECTS, PAIR, by, Comparison(**rules))


def test_status_of_progression_is_told_from_the_two_dates():
    status = found().subjects.set_index("subject")["status"].astype("object")
    assert status.iloc[:9].tolist() == ["a1", "a2", "a3", "b", "c", "d", "a1", "a3", "d"]
    assert status.iloc[9:].isna().all()


@pytest.mark.parametrize(("tolerance", "status"), [(2, "a3"), (3, "a1")])
def test_dates_no_further_apart_than_the_tolerance_agree(tolerance, status):
    assert found(tolerance_days=tolerance).subjects.loc[7, "status"] == status


def test_rates_of_early_and_late_discrepancy_by_hand():
    """EDR = (b + a3)/(a + b), LDR = (c + a2)/(b + c + a2 + a3), per arm, and their difference."""
    compared = found("arm", reference="B")
    a, b = compared.progression.to_dict("records")
    assert [a[name] for name in ("n", "a1", "a2", "a3", "b", "c", "d")] == [6, 1, 1, 1, 1, 1, 1]
    assert (a["early"], a["progressions"], a["edr"]) == (2, 4, 0.5)
    assert (a["late"], a["discrepancies"], a["ldr"]) == (2, 4, 0.5)
    assert a["agreement"] == pytest.approx(4 / 6)
    assert [b[name] for name in ("n", "a1", "a2", "a3", "b", "c", "d")] == [3, 1, 0, 1, 0, 0, 1]
    assert (b["edr"], b["ldr"]) == (0.5, 0.0)
    assert compared.difference[["arm", "reference", "edr_difference", "ldr_difference"]].values.tolist() == [
        ["A", "B", 0.0, 0.5]
    ]


def test_days_between_the_dates_of_progression():
    row = found().progression.iloc[0]
    assert (row["dated"], row["median_days"]) == (5, 0.0)
    assert (row["minimum_days"], row["maximum_days"]) == (-50.0, 56.0)


def test_rates_without_progression_are_not_estimable():
    none = pd.Series(pd.to_datetime([None, None]))
    read = pd.DataFrame({"status": progression_status(none, none), "difference_days": np.nan})
    row = discrepancy_rates(read).iloc[0]
    assert np.isnan(row["edr"])
    assert np.isnan(row["ldr"])
    assert row["agreement"] == 1.0
    assert list(discrepancy_rates(read).columns) == list(PROGRESSION)


def test_agreement_on_best_response_is_of_those_whom_both_read():
    row = found().agreement.iloc[0]
    assert [row[name] for name in ("n", "only_first", "only_second", "neither")] == [9, 1, 0, 1]
    assert (row["agreeing"], row["agreement"]) == (5, pytest.approx(5 / 9))
    assert row["ordered"] == 8  # NE is no grade of response
    # by hand: INV PR 2, SD 3, CR 1, PD 2, NE 1; IRC PR 3, SD 4, PD 2
    chance = (2 * 3 + 3 * 4 + 2 * 2) / 81
    assert row["kappa"] == pytest.approx((5 / 9 - chance) / (1 - chance))
    assert row["kappa_lower"] < row["kappa"] < row["kappa_upper"]


def test_responders_by_both_by_one_and_by_neither():
    row = found().agreement.iloc[0]
    cells = [row[f"response_{name}"] for name in ("both", "first", "second", "neither")]
    assert cells == [2, 1, 1, 5]
    assert row["positive_agreement"] == pytest.approx(4 / 6)
    assert row["negative_agreement"] == pytest.approx(10 / 12)
    assert row["response_agreement"] == pytest.approx(7 / 9)
    chance = (3 * 3 + 6 * 6) / 81
    assert row["response_kappa"] == pytest.approx((7 / 9 - chance) / (1 - chance))


def test_pairs_of_best_responses_are_counted_in_the_order_of_the_terms():
    counts = found().counts.astype({"first_best": str, "second_best": str})
    assert counts.values.tolist() == [
        ["CR", "PR", 1],
        ["PR", "PR", 1],
        ["PR", "SD", 1],
        ["SD", "PR", 1],
        ["SD", "SD", 2],
        ["PD", "PD", 2],
        ["NE", "SD", 1],
    ]


def test_confirmed_responses_are_compared_when_asked():
    changed = best().assign(confirmed_best_response="SD")
    row = concordance(changed, SUBJECTS, PAIR, rules=Comparison(response="confirmed_best_response"))
    assert row.agreement.loc[0, "agreement"] == 1.0
    assert np.isnan(row.agreement.loc[0, "kappa"])


def test_responses_of_irecist_are_compared_in_its_own_words():
    immune = {"CR": "iCR", "PR": "iPR", "SD": "iSD", "PD": "iUPD"}
    row = concordance(best().replace({"best_response": immune}), SUBJECTS, PAIR).agreement.iloc[0]
    plain = found().agreement.iloc[0]
    counted = [
        "agreeing",
        "ordered",
        "response_both",
        "response_first",
        "response_second",
        "response_neither",
    ]
    assert row[counted].tolist() == plain[counted].tolist()
    assert row["weighted_kappa"] == pytest.approx(plain["weighted_kappa"])


def test_a_subject_without_any_assessment_is_not_read_whatever_its_best_response_is_called():
    unread = best().replace({"best_response": {"MISSING": "NE"}})
    assert concordance(unread, SUBJECTS, PAIR).agreement.loc[0, "only_first"] == 1


def test_the_order_of_the_evaluators_exchanges_early_and_late():
    one = found().progression.iloc[0]
    other = concordance(best(), SUBJECTS, PAIR[::-1]).progression.iloc[0]
    assert (one["a2"], one["a3"], one["b"], one["c"]) == (other["a3"], other["a2"], other["c"], other["b"])
    assert (one["edr"], other["edr"]) == (3 / 6, 2 / 6)
    assert one["agreement"] == other["agreement"]


def test_the_table_prints_what_the_frames_hold():
    table = concordance_table(found("arm", reference="B")).frame.set_index("")
    table.index = table.index.str.strip()
    assert table.columns.tolist() == ["A (N=6)", "B (N=3)"]
    assert table.loc["Agreement on best response, n (%)"].tolist() == ["3 (50.0%)", "2 (66.7%)"]
    assert table.loc["INV only (b)"].tolist() == ["1 (16.7%)", "0"]
    assert table.loc["Both, INV earlier (a3)"].tolist() == ["1 (16.7%)", "1 (33.3%)"]
    early, late = (
        "Early discrepancy rate, (b + a3)/(a + b)",
        "Late discrepancy rate, (c + a2)/(b + c + a2 + a3)",
    )
    assert table.loc[f"{early} (95% CI)"].tolist() == ["50.0% (6.8, 93.2)", "50.0% (1.3, 98.7)"]
    assert table.loc[f"{late} (95% CI)"].tolist() == ["50.0% (6.8, 93.2)", "0.0% (0.0, 97.5)"]
    assert table.loc["Difference from B (95% CI)"].values.tolist() == [
        ["0.0% (-66.5, 66.5)", ""],
        ["50.0% (-51.9, 86.9)", ""],
    ]
    assert table.loc["Quartiles"].tolist() == ["-25 to 28", "0.8 to 2.3"]
    assert table.loc["IRC earlier by more than 28 days"].tolist() == ["1 (33.3%)", "0"]
    assert table.loc["Same day"].tolist() == ["1 (33.3%)", "1 (50.0%)"]
    assert table.loc["IRC later by 1 to 28 days"].tolist() == ["0", "1 (50.0%)"]
    assert table.loc["Range"].tolist() == ["-50 to 56", "0 to 3"]
    assert table.loc["Read by INV only, n"].tolist() == ["0", "1"]


def test_limits_of_a_difference_of_discrepancy_are_those_of_two_proportions():
    """2 of 4 early in A, 1 of 2 in B; 2 of 4 late in A, 0 of 1 in B; counted out again for `rate_difference`."""
    for name, counts in {"edr": {"A": "1100", "B": "10"}, "ldr": {"A": "1100", "B": "0"}}.items():
        rows = [(arm, int(one)) for arm, ones in counts.items() for one in ones]
        subjects = pd.DataFrame(rows, columns=["arm", "response"]).assign(subject=range(len(rows)))
        wanted = rate_difference(subjects, response="response", by="arm", reference="B").iloc[0]
        ours = found("arm", reference="B").difference.iloc[0]
        for end, column in (("", "estimate"), ("_lower", "lower"), ("_upper", "upper")):
            assert ours[f"{name}_difference{end}"] == pytest.approx(wanted[column], abs=1e-6)


def test_the_table_is_html_and_the_same_each_time():
    tables = [concordance_table(found("arm")).to_html() for _ in range(2)]
    assert tables[0] == tables[1]
    assert "Kappa (95% CI)" in tables[0]


READ = lesions(
    {
        ("01", "INV"): [50, 35, 42],  # PR, then PD: 42 is 20 % and 7 mm above 35
        ("01", "IRC"): [50, 36, 40],  # SD throughout
        ("02", "INV"): [50, 50, 50],
        ("02", "IRC"): [50, 50, 50],
        ("03", "INV"): [50, 61, 61],
        ("03", "IRC"): [50, 55, 61],
    }
)


def listed(**columns):
    responses = assess(READ)
    subjects = pd.DataFrame({"subject": ["01", "02", "03"]} | columns)
    compared = concordance(best_response(responses), subjects, PAIR, list(columns) or None)
    return compared, responses


def test_every_discordance_is_explained_from_both_readings():
    rows = discordances(*listed()).set_index(["subject", "outcome"])
    assert rows.index.tolist() == [
        ("01", "best response"),
        ("01", "progression"),
        ("03", "best response"),
        ("03", "progression"),
    ]
    response = rows.loc[("01", "best response")]
    assert (response["first"], response["second"]) == ("PR (2024-02-27)", "SD (2024-02-27)")
    assert response["category"] == "responder by the first only"
    target = "target PR (TL-PR), sum 35.0 mm, -30.0 % from baseline 50.0 mm"
    assert response["first_reason"] == f"WEEK 8 (2024-02-27): PR by T1.Hb: {target}"
    assert "-28.0 % from baseline 50.0 mm" in response["second_reason"]
    progression = rows.loc[("01", "progression")]
    assert (progression["first"], progression["second"]) == ("PD (2024-04-23)", "none")
    assert progression["category"] == "b: the first evaluator only"
    assert "+20.0 % and +7.0 mm from nadir 35.0 mm" in progression["first_reason"]
    assert "+11.11 % and +4.0 mm from nadir 36.0 mm" in progression["second_reason"]
    later = rows.loc[("03", "progression")]
    assert (later["difference_days"], later["category"]) == (56, "a3: both, the first evaluator earlier")


def test_the_listing_names_the_evaluators_and_prints_dates_as_days():
    listing = discordance_listing(*listed(arm=["A", "A", "B"]))
    frame = listing.frame
    assert frame.columns.tolist()[:5] == ["Subject", "Arm", "Outcome", "INV", "IRC"]
    assert frame["Difference (days)"].tolist() == ["", "", "", "56"]
    assert frame["Arm"].tolist() == ["A", "A", "B", "B"]
    html = listing.to_html()
    assert html == discordance_listing(*listed(arm=["A", "A", "B"])).to_html()
    assert "Finding: IRC" in html
    assert listing.to_csv().count("\n") == 5


def test_a_listing_without_discordance_says_so():
    compared, responses = listed()
    same = best_response(responses)[lambda rows: rows["subject"] == "02"]
    compared = concordance(same, pd.DataFrame({"subject": ["02"]}), PAIR)
    listing = discordance_listing(compared, responses)
    assert len(listing.frame) == 0
    assert "No subject to list." in listing.to_html()


def test_what_cannot_be_compared_is_named():
    with pytest.raises(InputError, match="best has no evaluator 'BICR'; it has INV, IRC"):
        concordance(best(), SUBJECTS, ("INV", "BICR"))
    with pytest.raises(InputError, match="cannot be compared with itself"):
        concordance(best(), SUBJECTS, ("INV", "INV"))
    with pytest.raises(InputError, match="has no column 'progression_date'"):
        concordance(best().drop(columns="progression_date"), SUBJECTS, PAIR)
    two = pd.concat([best().assign(criteria="x"), best().assign(criteria="y")])
    with pytest.raises(InputError, match=r"several criteria \(x, y\)"):
        concordance(two, SUBJECTS, PAIR)
    with pytest.raises(InputError, match="no arm 'C' was read by both; there are A, B"):
        found("arm", reference="C")
    with pytest.raises(InputError, match="needs one grouping column"):
        found(reference="B")
    with pytest.raises(InputError, match="01, INV has more than one row in best"):
        concordance(pd.concat([best(), best()]), SUBJECTS, PAIR)
    with pytest.raises(InputError, match="01 has more than one row in subjects"):
        concordance(best(), pd.concat([SUBJECTS, SUBJECTS]), PAIR)
