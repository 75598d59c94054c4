"""Cells of the agreement of two readers by hand; and that the ink is tidy."""

from __future__ import annotations

import pandas as pd
import pytest

from recist import InputError
from survival import AgreementLook, agreement_numbers, agreement_pages, agreement_plot, concordance
from tests.displays.ink import assert_tidy, words

FIRST = ["CR", "PR", "PR", "SD", "SD", "PD", "SD"]
SECOND = ["PR", "PR", "PR", "SD", "PD", "PD", None]
NAMES = [str(n) for n in range(len(FIRST))]
SUBJECTS = pd.DataFrame({"subject": NAMES, "arm": list("XXXYYYY")})
READERS = ("Reader 1", "Reader 2")


def best(readers: tuple[str, str] = READERS) -> pd.DataFrame:
    frames = [
        pd.DataFrame({"subject": NAMES, "evaluator": name, "best_response": terms})
        for name, terms in zip(readers, (FIRST, SECOND), strict=True)
    ]
    both = pd.concat(frames, ignore_index=True).dropna(subset=["best_response"])
    return both.assign(best_response_date=pd.Timestamp("2024-03-01"), progression_date=pd.NaT)


def test_every_pair_of_the_responses_that_occur_from_best_to_worst() -> None:
    numbers = agreement_numbers(concordance(best(), SUBJECTS, READERS))
    cells = numbers[numbers["part"] == "cell"]
    assert cells["first"].drop_duplicates().tolist() == ["CR", "PR", "SD", "PD"]
    assert cells["n"].tolist() == [0, 1, 0, 0, 0, 2, 0, 0, 0, 0, 1, 1, 0, 0, 0, 1]
    assert cells["share"].sum() == pytest.approx(1) and cells["share"].iloc[5] == pytest.approx(2 / 6)


def test_measures_are_those_of_the_concordance() -> None:
    found = concordance(best(), SUBJECTS, READERS, "arm")
    numbers = agreement_numbers(found)
    measures = numbers[numbers["part"] == "agreement"]
    assert measures["group"].tolist() == ["X", "Y"] and measures["n"].tolist() == [3, 3]
    assert measures["estimate"].tolist() == [pytest.approx(2 / 3), pytest.approx(2 / 3)]
    kappa = numbers[numbers["part"] == "kappa"]["estimate"].tolist()
    assert kappa == found.agreement["kappa"].tolist()


def test_who_was_not_read_by_both_and_shares_are_rounded_as_by_hand() -> None:
    found = concordance(best(), SUBJECTS, READERS, "arm")
    measures = agreement_numbers(found).query("part == 'agreement'")
    assert measures[["n", "total"]].values.tolist() == [[3, 3], [3, 4]]
    figure = agreement_plot(found, AgreementLook(width="double"))
    assert "X (3 of 3 read by both)" in words(figure) and "Y (3 of 4 read by both)" in words(figure)
    assert "6 of 7 read by both." in words(agreement_plot(concordance(best(), SUBJECTS, READERS)))


def test_a_half_of_a_per_cent_is_rounded_up() -> None:
    subjects = pd.DataFrame({"subject": [str(n) for n in range(40)]})
    rows = [
        {"subject": name, "evaluator": reader, "best_response": "PR" if int(name) < 1 else "SD"}
        for name in subjects["subject"]
        for reader in READERS
    ]
    dates = {"best_response_date": pd.Timestamp("2024-03-01"), "progression_date": pd.NaT}
    said = words(agreement_plot(concordance(pd.DataFrame(rows).assign(**dates), subjects, READERS))).split()
    assert "3%" in said and "98%" in said  # 1 of 40 is 2.5 per cent, 39 of 40 are 97.5


@pytest.mark.parametrize("width", ["single", "double"])
@pytest.mark.parametrize("by", [None, "arm"])
def test_ink_is_tidy(width: str, by: str | None) -> None:
    look = AgreementLook(width=width, caption="RECIST 1.1.")  # type: ignore[arg-type]
    figure = agreement_plot(concordance(best(), SUBJECTS, READERS, by), look)
    assert_tidy(figure)
    assert "in brackets 95% CI" in words(figure) and "PR and PR 2" in figure.alt_text


@pytest.mark.parametrize("width", ["single", "double"])
def test_long_and_hostile_names(width: str) -> None:
    long = "$x_1$ <b> {\\rtf} Ωμ 中文 =cmd() " * 10
    readers = (long + "1", long + "2")
    arms = SUBJECTS.assign(arm=SUBJECTS["arm"] + long)
    look = AgreementLook(width=width)  # type: ignore[arg-type]
    assert_tidy(agreement_plot(concordance(best(readers), arms, readers, "arm"), look))


def test_arms_whose_names_differ_at_the_end_are_told_apart() -> None:
    name = "Pembrolizumab 200 mg every three weeks plus carboplatin AUC 5 and pemetrexed 500 mg/m2 for four cycles, arm "
    arms = SUBJECTS.assign(arm=name + SUBJECTS["arm"])
    figure = agreement_plot(concordance(best(), arms, READERS, "arm"), AgreementLook(width="double"))
    heads = [text.get_text() for text in figure.texts]
    for arm in SUBJECTS["arm"].unique():
        assert any(f"arm {arm} (" in head for head in heads), arm


def test_nobody_read_by_both_and_all_alike() -> None:
    apart = best()
    apart = apart[(apart["evaluator"] == "Reader 1") ^ apart["subject"].isin(NAMES[:3])]
    figure = agreement_plot(concordance(apart, SUBJECTS, READERS))
    assert_tidy(figure)
    assert "Nobody was read by both." in words(figure)
    one = best()[best()["subject"] == "1"]
    assert_tidy(agreement_plot(concordance(one, SUBJECTS, READERS)))


@pytest.mark.parametrize(("width", "counts"), [("single", [2, 2, 2]), ("double", [4, 2])])
def test_six_arms_go_on_to_further_pages(width: str, counts: list[int]) -> None:
    many = pd.concat([best().assign(subject=lambda frame, n=n: frame["subject"] + f"-{n}") for n in range(6)])
    subjects = pd.DataFrame({"subject": many["subject"].unique()})
    subjects["arm"] = "Arm " + subjects["subject"].str[-1]
    found, look = concordance(many, subjects, READERS, "arm"), AgreementLook(width=width)  # type: ignore[arg-type]
    pages = agreement_pages(found, look)
    assert [words(page).count("read by both)") for page in pages] == counts
    for page in pages:
        assert_tidy(page)
        assert page.get_size_inches()[1] * 25.4 <= 247
    with pytest.raises(InputError, match=f"room for {counts[0]} groups, not 6; agreement_pages"):
        agreement_plot(found, look)
