"""The presets as values: found, named, edited, explained."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest

import recist

START = pd.Timestamp("2024-01-01")


def sequence(*records: tuple[int, str]) -> pd.DataFrame:
    """Responses of one subject: days after the start, and terms."""
    days, overall = zip(*records, strict=True)
    date = START + pd.to_timedelta(list(days), unit="D")
    return pd.DataFrame({"subject": "01", "start_date": START, "date": date, "overall": overall})


def best(rules: recist.BestResponseRules, *records: tuple[int, str]) -> tuple[str, str]:
    """Best response, and the confirmed one."""
    row = recist.best_response(sequence(*records), rules).iloc[0]
    return str(row["best_response"]), str(row["confirmed_best_response"])


def test_presets_are_found_by_walking_the_folder() -> None:
    assert list(recist.all_rules()) == ["admiralonco"]
    assert recist.all_rules()["admiralonco"] is recist.get_rules("admiralonco")


def test_the_edit_of_the_interface_works_by_value_and_by_name() -> None:
    by_value = replace(recist.get_rules("admiralonco"), min_sd_days=56)
    assert recist.get_rules("admiralonco[min_sd_days=56]") == by_value
    assert best(by_value, (50, "SD")) == ("NE", "NE")
    assert best(recist.get_rules("admiralonco"), (50, "SD")) == ("SD", "SD")


@pytest.mark.parametrize(
    ("name", "said"),
    [
        ("admiralonko", "Did you mean 'admiralonco'"),
        ("admiralonco[min_sd=3]", "admiralonco has no convention 'min_sd'. Did you mean 'min_sd_days'"),
        ("admiralonco[not_done=off]", "not_done = 'off' is not one of NE, apart"),
        ("mrecist", "names several criteria"),
    ],
)
def test_a_name_that_is_not_known_is_refused_with_the_nearest(name: str, said: str) -> None:
    with pytest.raises(recist.InputError) as error:
        recist.get_rules(name)
    assert said in str(error.value)


@pytest.mark.parametrize(
    ("records", "theirs", "ours"),
    [
        (((50, "CR"), (80, "PR"), (110, "PD")), "SD", "SD"),
        (((20, "CR"), (50, "SD"), (80, "PD")), "SD", "PD"),  # CR too early for SD, what follows is PD
        (((50, "CR"), (80, "PR"), (110, "PR")), "PR", "SD"),  # the later PR confirm each other
        (((50, "PR"), (60, "CR"), (90, "PR")), "SD", "SD"),  # PR is not confirmed by PR across a CR
        (((50, "PR"), (80, "SD"), (110, "PR")), "SD", "PR"),  # one SD between is allowed in Appendix III
        (((50, "CR"), (60, "NON-CR/NON-PD")), "SD", "NON-CR/NON-PD"),  # a subject without targets
        (((50, "PR"), (64, "ND"), (90, "PR")), "SD", "PR"),  # not done is not the one NE allowed
        (((0, "CR"), (50, "CR")), "CR", "SD"),  # a record on the start date
    ],
)
def test_where_the_two_differ(records: tuple[tuple[int, str], ...], theirs: str, ours: str) -> None:
    assert best(recist.get_rules("admiralonco"), *records)[1] == theirs
    assert best(recist.get_rules("recist_1_1"), *records)[1] == ours


def test_not_done_alone_ranks_between_ne_and_missing() -> None:
    rules = recist.get_rules("admiralonco")
    assert best(rules, (50, "ND")) == ("MISSING", "ND")
    assert best(replace(rules, no_assessment="NE"), (50, "ND")) == ("NE", "ND")
    assert best(rules, (50, "ND"), (60, "NE")) == ("NE", "NE")


def test_an_explanation_quotes_the_tables_of_the_preset() -> None:
    responses = sequence((19, "SD"), (56, "PR"), (69, "CR"), (115, "PR"), (140, "ND"), (170, "PD"))
    text = recist.explain(responses, "01", rules=recist.get_rules("admiralonco"))
    assert text.startswith("admiralonco 1.4, subject 01")
    assert "by rule A.1: admiralonco 1.4, Details, notes 1 and 4" in text
    assert "Confirmation required: SD, 2024-02-26, by rule AC.3" in text
    assert "PR at 2024-02-26 is not confirmed: PR at 2024-04-25 follows a CR." in text
    assert "CR at 2024-03-10 is not confirmed: PR at 2024-04-25 stands in between." in text
    assert "less than an earlier CR: both stay as recorded" in text
    assert "not done: no assessment" in text
    assert "read as PD" in recist.explain(responses, "01")


def test_what_is_kept_after_progression_counts_when_asked_for() -> None:
    records = ((50, "PD"), (80, "CR"), (120, "CR"))
    rules = recist.get_rules("admiralonco")
    assert best(rules, *records) == ("PD", "PD")
    kept = replace(rules, last_record="any")
    assert best(kept, *records) == ("CR", "CR")
    text = recist.explain(sequence(*records), "01", rules=kept)
    assert "after progression" not in text
    assert "CR at 2024-03-21 is confirmed by CR at 2024-04-30, 40 days later." in text


def test_the_response_rate_takes_what_the_preset_gives() -> None:
    from survival import response_rate

    frame = recist.best_response(sequence((50, "ND")), recist.get_rules("admiralonco"))
    rates = response_rate(frame, pd.DataFrame({"subject": ["01"]}))
    assert rates["responders"].eq(0).all()
