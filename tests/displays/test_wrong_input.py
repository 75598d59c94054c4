"""What the grid of sensitivity and the table of incidence answer to frames they cannot use."""

import pandas as pd
import pytest

from recist import InputError
from survival import cumulative_incidence_table, moved, moved_listing, sensitivity_table

TTE = pd.DataFrame(
    {"subject": ["1", "2"], "time": [10, 20], "event": [True, False], "cause": ["relapse", None]}
)


@pytest.mark.parametrize(
    ("call", "says"),
    [
        (lambda: sensitivity_table({}), "there is no analysis to show"),
        (lambda: moved_listing({}), "there is no analysis to show"),
        (
            lambda: sensitivity_table({"Main": TTE, "EMA": TTE.drop(columns="event")}),
            "the times of 'EMA' have no column event",
        ),
        (
            lambda: moved_listing({"Main": TTE.drop(columns=["time", "subject"])}),
            "the times of 'Main' have no column subject, time",
        ),
        (lambda: moved(TTE, TTE.drop(columns="time")), "the times of 'other' have no column time"),
        (
            lambda: cumulative_incidence_table(TTE.drop(columns="cause")),
            "no column cause; derive an endpoint with causes, such as cip or cir",
        ),
        (lambda: cumulative_incidence_table(TTE, unit="weeks"), "unit 'weeks' is not one of days, months"),
    ],
)
def test_the_answer_names_the_place_and_the_remedy(call, says):
    with pytest.raises(InputError, match=says):
        call()
