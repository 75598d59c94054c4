"""The second implementation by hand where the worked cases are silent: house decisions, rarer conventions."""

import datetime as dt
from typing import Any

import pytest

from tests.reference import assess, assess_best, best_response

pytestmark = pytest.mark.pandas_once

START = dt.date(2024, 1, 1)
Row = dict[str, Any]


def row(day: int, lesion: str, mm: float | None = None, state: str = "", **known: Any) -> Row:
    """A row at visit `D<day>`; the role follows from the identifier, day 0 is baseline."""
    role = "target" if lesion[0] == "T" else "non-target" if lesion.startswith("NT") else "new"
    plain = {"visit": f"D{day}", "date": START + dt.timedelta(days=day), "role": role, "node": False}
    return {"lesion": lesion, "diameter_mm": mm, "state": state, "baseline": day == 0} | plain | known


def targets(*sums: float, **known: Any) -> list[Row]:
    """One target lesion measured every 42 days."""
    return [row(42 * k, "T1", mm, "measured", **known) for k, mm in enumerate(sums)]


def words(rows: list[Row], name: str = "overall", /, **conventions: Any) -> str:
    return " ".join(record[name] for record in assess(rows, None, conventions))


def test_fragments_add_up_and_one_unmeasured_makes_the_lesion_missing() -> None:
    split = [row(0, "T1", 30), row(42, "T1.1", 12, parent="T1"), row(42, "T1.2", 8.5, parent="T1")]
    assert assess(split)[0]["sum_mm"] == 20.5
    split[2] |= {"diameter_mm": None, "state": "not evaluable"}
    assert (assess(split)[0]["sum_mm"], words(split)) == (None, "NE")
    split[1]["diameter_mm"] = 36  # the measured fragment alone is 20 % and 6 mm over nadir
    assert words(split) == "PD"


def test_a_target_without_baseline_stays_out_of_the_sum() -> None:
    assert words([*targets(30, 30), row(42, "T7", 90)]) == "SD"


def test_a_target_or_non_target_without_a_row_is_missing() -> None:
    assert words([row(0, "T1", 30), row(0, "T2", 30), row(42, "T1", 10)]) == "NE"
    rows = [*targets(30, 0), row(0, "NT1", state="present"), row(0, "NT2", state="present")]
    assert words([*rows, row(42, "NT1", state="absent")], "non_target") == "NE"


def test_back_dating_passes_a_visit_without_the_lesion_but_no_visit_where_it_was_absent() -> None:
    seen = [row(42, "N1", state="equivocal"), row(126, "N1", state="unequivocal")]
    assert words([*targets(30, 30, 30, 30), *seen], "new_lesion") == "Y N Y"
    absent = [*targets(30, 30, 30, 30), *seen, row(84, "N1", state="absent")]
    assert words(absent, "new_lesion") == "E N Y"
    assert words(absent) == "SD SD PD"


def test_pet_without_a_word_goes_by_the_baseline_pet() -> None:
    for baseline_pet, expected in (("negative", "Y"), ("positive", "N"), ("", "E"), ("not done", "E")):
        pet = row(42, "N1", method="FDG-PET", baseline_pet=baseline_pet)
        assert words([*targets(30, 30), pet], "new_lesion") == expected
    assert words([*targets(30, 30), row(42, "N1", 0.0)], "new_lesion") == "N"


def test_reappearance_takes_any_size_in_a_partial_sum_too() -> None:
    rows = [row(0, "T1", 30), row(0, "T2", 30), row(42, "T1", 0), row(42, "T2", 0), row(84, "T1", 2)]
    assert words(rows) == "CR PD"
    assert words(rows, reappearance_after_cr="off") == "CR NE"


def test_a_node_back_at_10_mm_in_three_conventions() -> None:
    node = targets(20, 9.9, 10, node=True)
    assert words(node) == "CR PR"
    assert words(node, node_regrowth_after_cr="ge10") == "CR PD"
    assert words(node, node_regrowth_after_cr="ge10", reappearance_after_cr="off") == "CR PR"


def test_a_scaled_sum_can_be_pr_or_pd_but_never_cr_and_never_a_nadir() -> None:
    base = [row(0, lesion, 20) for lesion in ("T1", "T2", "T3")]
    two = [
        *base,
        row(42, "T1", 14),
        row(42, "T2", 14),
        row(84, "T1", 20),
        row(84, "T2", 20),
        row(84, "T3", 20),
    ]
    assert words(two, missing_target="scale_up_third") == "PR SD"
    gone = [*base, row(42, "T1", 0), row(42, "T2", 0)]
    assert words(gone, missing_target="scale_up_third") == "PR"
    one = [*base, row(42, "T1", 2)]
    assert words(one, missing_target="scale_up_third") == "NE"


def test_pr_carried_forward_from_the_first_or_from_the_confirmed_one_until_pd() -> None:
    rows = targets(100, 70, 80, 70, 80, 90)
    assert words(rows) == "PR SD PR SD PD"
    assert words(rows, sticky_pr="after_pr") == "PR PR PR PR PD"
    assert words(rows, sticky_pr="after_confirmed_pr") == "PR SD PR PR PD"
    assert words(rows, sticky_pr="after_confirmed_pr", max_sd_between_pr=0) == "PR SD PR SD PD"
    best = assess_best(targets(100, 70, 80), None, {"sticky_pr": "after_pr"}, start=START)
    assert (best["best_response"], best["confirmed_best_response"]) == ("PR", "SD")


def test_pd_is_carried_on_in_the_overall_response_only() -> None:
    rows = targets(50, 60, 50)
    assert (words(rows), words(rows, "target")) == ("PD PD", "PD SD")
    assert words(rows, post_pd="as_assessed") == "PD SD"


def test_rounded_percentages_move_the_limits() -> None:
    assert words(targets(100, 70.04)) == "SD"
    assert words(targets(100, 70.04), pct_decimals=1) == "PR"
    assert words(targets(50, 59.98), pct_decimals=1) == "PD"
    assert words(targets(50, 59.97), pct_decimals=1) == "SD"


def test_a_visit_without_imaging_is_ne_in_everything() -> None:
    rows = [*targets(50, 50), row(0, "NT1", state="present"), row(42, "NT1", state="present")]
    record = assess(rows, {"D42": {"imaging_done": False}})[0]
    assert [record[name] for name in ("target", "non_target", "overall", "sum_mm")] == [
        "NE",
        "NE",
        "NE",
        None,
    ]


def test_the_trigger_of_pd_is_the_earliest_of_what_showed_it() -> None:
    late = {"date": START + dt.timedelta(days=47)}
    rows = [*targets(50, 70), row(0, "T2", 9), row(42, "T2", 9) | {"date": START + dt.timedelta(days=44)}]
    rows += [row(42, "N1", 8, "unequivocal") | late]

    def day(rows: list[Row], rule: str) -> int:
        date: dt.date = assess(rows, None, {"pd_date_rule": rule})[0]["date"]
        return (date - START).days

    assert [day(rows, rule) for rule in ("earliest_in_visit", "trigger", "latest_in_visit")] == [42, 44, 47]
    rows[1]["diameter_mm"] = 50
    assert day(rows, "trigger") == 47


def best(*records: tuple[int, str], **rules: Any) -> dict[str, Any]:
    therapy = rules.pop("new_therapy", None)
    dated = [(START + dt.timedelta(days=day), response) for day, response in records]
    new_therapy = None if therapy is None else START + dt.timedelta(days=therapy)
    return best_response(dated, rules, new_therapy, START)


def days(found: dict[str, Any], *names: str) -> list[int | None]:
    return [None if found[name] is None else (found[name] - START).days for name in names]


def test_dates_are_those_of_the_first_record_that_carries_the_response() -> None:
    found = best((40, "SD"), (50, "PR"), (78, "CR"), (120, "CR"), (150, "PD"), (180, "CR"))
    names = ("best_response_date", "confirmed_best_response_date", "response_date", "confirmed_response_date")
    assert days(found, *names, "progression_date") == [78, 78, 50, 50, 150]
    assert days(best((30, "PR"), (60, "SD")), *names) == [30, 60, 30, None]


def test_pr_and_cr_may_be_confirmed_over_one_ne_and_one_sd() -> None:
    def confirmed(*terms: str, **rules: Any) -> str:
        found = best(*((42 + 28 * k, term) for k, term in enumerate(terms)), **rules)
        return str(found["confirmed_best_response"])

    assert confirmed("PR", "SD", "PR") == confirmed("PR", "SD", "NE", "CR") == "PR"
    assert confirmed("PR", "SD", "SD", "PR") == confirmed("CR", "PD") == confirmed("CR", "SD", "CR") == "SD"
    assert confirmed("CR", "SD", "CR", cr_then_lesser="downgrade_cr") == "PR"
    assert confirmed("NON-CR/NON-PD", "CR", "PD") == "NON-CR/NON-PD"
    assert confirmed("NON-CR/NON-PD", "CR", "PD", unconfirmed_cr_nt_only="SD") == "SD"


def test_new_therapy_cuts_on_before_or_never() -> None:
    def at(rule: str, therapy: int) -> str:
        return str(best((42, "SD"), (84, "PR"), nact_rule=rule, new_therapy=therapy)["best_response"])

    assert [at(rule, 84) for rule in ("on_or_before", "before", "ignore")] == ["PR", "SD", "PR"]
    assert [at(rule, 83) for rule in ("on_or_before", "before", "ignore")] == ["SD", "SD", "PR"]
    assert at("on_or_before", 20) == "NE"
