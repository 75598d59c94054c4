"""Every parameter of ADRS and ADTTE that admiralonco derives for 10,000 subjects."""

from __future__ import annotations

import pandas as pd
import pytest

import recist
from survival import derive_endpoint
from survival.admiralonco import ADTTE_COLUMNS, PARAMETERS, derive_adtte
from survival.readings import EndpointError
from tests.presets import ten_thousand as data

NUMBER_OF_VALUES = 80_000
PARAMCDS = ("PD", "RSP", "CRSP", "CB", "BOR", "CBOR", "LSTA", "DEATH")


@pytest.fixture(scope="module")
def adrs() -> pd.DataFrame:
    return recist.derive_adrs(data.responses(), data.subjects(), recist.get_rules("admiralonco"))


@pytest.fixture(scope="module")
def adtte(adrs: pd.DataFrame) -> pd.DataFrame:
    return derive_adtte(adrs, data.subjects())


def by_subject(frame: pd.DataFrame, parameter: str, columns: list[str]) -> pd.DataFrame:
    """The rows of a parameter in the order of their subjects, as text and dates."""
    rows = frame[frame["PARAMCD"] == parameter]
    found = rows[columns].set_axis(rows["USUBJID"].astype(str), axis=0).rename_axis(None).sort_index()
    return found.astype({c: "string" for c in columns if not c.endswith("DT")})


@pytest.mark.parametrize("parameter", PARAMCDS)
def test_adrs(adrs: pd.DataFrame, parameter: str) -> None:
    found = by_subject(adrs, parameter, ["AVALC", "ADT"])
    expected = by_subject(data.expected("adrs"), parameter, ["AVALC", "ADT"])
    assert len(found) == 10_000
    pd.testing.assert_frame_equal(found, expected)


def test_these_are_all_parameters_of_the_expected_adrs() -> None:
    assert set(data.expected("adrs")["PARAMCD"]) == set(PARAMCDS)
    assert len(data.expected("adrs")) == NUMBER_OF_VALUES


@pytest.mark.parametrize("parameter", ["OS", "PFS", "RSD"])
def test_adtte(adtte: pd.DataFrame, parameter: str) -> None:
    columns = ["CNSR", "STARTDT", "ADT", "AVAL", "EVNTDESC"]
    expected = data.expected("adtte").assign(STARTDT=lambda f: pd.to_datetime(f["STARTDT"]).dt.as_unit("ns"))
    pd.testing.assert_frame_equal(
        by_subject(adtte, parameter, columns), by_subject(expected, parameter, columns)
    )
    assert set(data.expected("adtte")["PARAMCD"]) == {"OS", "PFS", "RSD"}
    assert list(adtte.columns) == list(ADTTE_COLUMNS)


@pytest.mark.parametrize("endpoint", PARAMETERS, ids=lambda e: e.name)
def test_the_endpoints_say_the_same_by_derive_endpoint(adtte: pd.DataFrame, endpoint: object) -> None:
    rules = recist.get_rules("admiralonco")
    start = data.subjects()[["subject", "randomization_date"]]
    responses = data.responses().merge(start.set_axis(["subject", "start_date"], axis=1), on="subject")
    best = recist.best_response(responses, rules, data.subjects())
    tte = derive_endpoint(endpoint, data.subjects(), responses, best)  # type: ignore[arg-type]
    ours = pd.DataFrame(
        {
            "PARAMCD": endpoint.name,  # type: ignore[attr-defined]
            "USUBJID": tte["subject"],
            "AVAL": tte["time"],
            "EVNTDESC": tte["description"],
            "ADT": tte["date"],
        }
    )
    columns = ["AVAL", "EVNTDESC", "ADT"]
    name = endpoint.name  # type: ignore[attr-defined]
    pd.testing.assert_frame_equal(by_subject(ours, name, columns), by_subject(adtte, name, columns))


def test_the_rest_of_adrs_follows_from_the_same_records(adrs: pd.DataFrame) -> None:
    """Parameters that the expected file lacks: each is a statement about those it has."""
    code = {p: by_subject(adrs, p, ["AVALC", "ADT"]) for p in (*PARAMCDS, "BCP", "CBCP", "CCB")}
    for flag, best in (("BCP", "BOR"), ("CBCP", "CBOR")):
        responded = code[best]["AVALC"].isin(["CR", "PR"])
        assert (code[flag]["AVALC"] == "Y").tolist() == responded.tolist()
        assert code[flag]["ADT"].equals(code[best]["ADT"].where(responded))
    assert set(code["CRSP"].index[code["CRSP"]["AVALC"] == "Y"]) == set(
        code["CBOR"].index[code["CBOR"]["AVALC"].isin(["CR", "PR"])]
    )
    assert set(code["CCB"].index[code["CCB"]["AVALC"] == "Y"]) <= set(
        code["CB"].index[code["CB"]["AVALC"] == "Y"]
    )
    ovr = adrs[adrs["PARAMCD"] == "OVR"]
    assert ovr["AVALC"].astype(str).tolist() == data.responses()["overall"].tolist()
    pd.testing.assert_series_equal(ovr["ADT"], data.responses()["date"], check_names=False)


def test_a_subject_table_that_lacks_a_subject_is_refused(adrs: pd.DataFrame) -> None:
    few = data.subjects().iloc[1:]
    with pytest.raises(recist.InputError, match="SYN-0000001, whom the table of subjects lacks, in row 2"):
        recist.derive_adrs(data.responses(), few)
    with pytest.raises(EndpointError, match="SYN-0000001"):
        derive_adtte(adrs, few)
    twice = pd.concat([data.subjects(), data.subjects().iloc[:1]])
    with pytest.raises(recist.InputError, match="SYN-0000001 has two rows"):
        recist.derive_adrs(data.responses(), twice)


def test_two_readings_have_no_adtte_until_one_is_chosen() -> None:
    subjects = data.subjects().iloc[:20]
    mine = data.responses()[data.responses()["subject"].isin(subjects["subject"])]
    both = pd.concat([mine.assign(evaluator="A"), mine.assign(evaluator="B")], ignore_index=True)
    adrs = recist.derive_adrs(both, subjects, recist.get_rules("admiralonco"))
    assert (adrs["PARAMCD"] == "BOR").sum() == 40
    assert (adrs["PARAMCD"] == "DEATH").sum() == 20
    with pytest.raises(EndpointError, match="PARCAT2"):
        derive_adtte(adrs, subjects)
    one = adrs[adrs["PARCAT2"] == "A"]
    assert (derive_adtte(one, subjects)["PARAMCD"] == "PFS").sum() == 20
