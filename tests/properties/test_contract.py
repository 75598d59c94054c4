"""What holds for every criteria, on generated subjects: nothing here needs to know the right answer."""

from __future__ import annotations

from dataclasses import fields, replace

import numpy as np
import pandas as pd
import pytest

from recist import Criteria, all_criteria, as_lesions, assess, best_response, get_criteria
from tests.generate import ALTERNATIVES, START, random_trial, random_visits

SUBJECTS = 250
KEYS = ["subject", "evaluator", "visit"]
EDITS = [
    "equivocal_backdate=False",
    *(
        f"equivocal_backdate=False, {name}={value}"
        for name, values in ALTERNATIVES.items()
        for value in values[1:]
        if name != "equivocal_backdate"
    ),
]
Trial = tuple[pd.DataFrame, pd.DataFrame]
every_criteria = pytest.mark.parametrize("criteria", list(all_criteria().values()), ids=lambda c: c.name)


@pytest.fixture(scope="module", params=(11, 12))
def trial(request: pytest.FixtureRequest) -> Trial:
    """Lesions and visit facts; every length serves every criteria."""
    lesions = random_trial(request.param, SUBJECTS)
    last = lesions["lesion"].astype(str).str[-1]
    return (
        lesions.assign(
            viable_mm=lesions["diameter_mm"],
            attenuation_hu=(20 + 7 * lesions["diameter_mm"] % 60).where(last != "4"),
            injected=last.isin(["1", "3"]),
        ),
        random_visits(request.param, SUBJECTS),
    )


def responses(lesions: pd.DataFrame, visits: pd.DataFrame, criteria: Criteria) -> pd.DataFrame:
    """Responses as plain text, numbers and dates, in an order that does not depend on the input's."""
    found = assess(lesions, criteria, visits=visits)
    texts = dict.fromkeys(found.select_dtypes("category"), str)
    return found.astype(texts).sort_values([*KEYS, "date"], ignore_index=True)


def same(one: pd.DataFrame, other: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(one, other, check_dtype=False)


def of(frame: pd.DataFrame, subjects: pd.Series) -> pd.DataFrame:
    return frame[frame["subject"].isin(subjects)].reset_index(drop=True)


def visit_number(frame: pd.DataFrame) -> pd.Series:
    """Place of each row's visit among the visits of its subject, by date."""
    first = frame.groupby(["subject", "visit"], observed=True)["date"].transform("min")
    return first.groupby(frame["subject"], observed=True).rank("dense")


@every_criteria
def test_the_generated_subjects_meet_every_response(criteria: Criteria, trial: Trial) -> None:
    found = responses(*trial, criteria)
    assert set(found["overall"]) >= {"CR", "PR", "SD", "PD", "NE", "NON-CR/NON-PD", "NED"}
    assert found["overall_rule"].nunique() > 12


@pytest.fixture(scope="module")
def ended_early(trial: Trial) -> Trial:
    """The trial (`0`) and the same subjects in studies that ended after 2, 3 and 5 visits, named in the subject."""
    lesions, visits = trial
    number = visit_number(lesions)
    studies = {0: trial}
    for last in (2, 3, 5):
        early = lesions[number <= last]
        studies[last] = early, visits.merge(early[["subject", "visit"]].drop_duplicates())
    named = [
        [frame.assign(subject=frame["subject"].astype(str) + f"/{last}") for frame in study]
        for last, study in studies.items()
    ]
    together = [pd.concat(frames, ignore_index=True) for frames in zip(*named, strict=True)]
    return as_lesions(together[0]), together[1]


@pytest.mark.parametrize("edits", EDITS)
@every_criteria
def test_no_look_ahead(criteria: Criteria, edits: str, ended_early: Trial) -> None:
    """The responses of the first visits are those of a study that ended there."""
    found = responses(*ended_early, get_criteria(f"{criteria.name}[{edits}]"))
    named = found.pop("subject").str.rpartition("/")
    found.insert(0, "subject", named[0])
    last = named[2].astype(int)
    whole, early = (found[mine].reset_index(drop=True) for mine in (last == 0, last > 0))
    assert set(last) == {0, 2, 3, 5}
    same(early, whole.merge(early[KEYS], "right", KEYS))


@every_criteria
def test_row_order_changes_nothing(criteria: Criteria, trial: Trial) -> None:
    lesions, visits = trial
    shuffled = (frame.sample(frac=1, random_state=5).reset_index(drop=True) for frame in trial)
    same(responses(*shuffled, criteria), responses(lesions, visits, criteria))


@every_criteria
def test_names_of_subjects_change_nothing(criteria: Criteria, trial: Trial) -> None:
    """New names sort in another order than the old ones."""
    names = sorted(set(trial[0]["subject"]))
    renamed = {name: f"P{k:05d}" for k, name in enumerate(np.random.default_rng(3).permutation(names))}
    found = responses(*(frame.assign(subject=frame["subject"].map(renamed)) for frame in trial), criteria)
    back = {new: old for old, new in renamed.items()}
    plain = found.assign(subject=found["subject"].map(back)).sort_values([*KEYS, "date"], ignore_index=True)
    same(plain, responses(*trial, criteria))


@every_criteria
def test_a_trial_in_several_files_is_the_same_trial(criteria: Criteria, trial: Trial) -> None:
    names = pd.Series(sorted(set(trial[0]["subject"])))
    parts = [responses(*(of(frame, names[k::3]) for frame in trial), criteria) for k in range(3)]
    together = pd.concat(parts).sort_values([*KEYS, "date"], ignore_index=True)
    same(together, responses(*trial, criteria))


@every_criteria
def test_another_subject_changes_nothing(criteria: Criteria, trial: Trial) -> None:
    """One with more visits than anyone, read by someone else."""
    lesions, visits = trial
    dates = pd.date_range("2023-12-20", periods=25, freq="28D")
    extra = lesions.iloc[[0] * 25].assign(
        subject="A GUEST",
        evaluator="READER 2",
        lesion="T1",
        visit=[f"GUEST {k}" for k in range(25)],
        date=dates.to_numpy(lesions["date"].dtype),
        role="target",
        state="measured",
        diameter_mm=np.arange(40.0, 15.0, -1.0),
        viable_mm=np.arange(40.0, 15.0, -1.0),
        attenuation_hu=np.arange(80.0, 55.0, -1.0),
        baseline=[True, *([False] * 24)],
    )
    found = responses(pd.concat([extra, lesions], ignore_index=True), visits, criteria)
    assert (found["subject"] == "A GUEST").sum() == 24
    same(found[found["subject"] != "A GUEST"].reset_index(drop=True), responses(lesions, visits, criteria))


@every_criteria
def test_evaluators_are_kept_apart(criteria: Criteria, trial: Trial) -> None:
    """A second reader with other subjects' courses leaves the first reader's responses as they are."""
    lesions, visits = trial
    names = sorted(set(lesions["subject"]))
    onto = dict(zip(names, names[1:] + names[:1], strict=True))
    second = [
        frame.assign(evaluator="READER 2", subject=frame["subject"].map(onto)) for frame in (lesions, visits)
    ]
    both = [pd.concat(pair, ignore_index=True) for pair in zip((lesions, visits), second, strict=True)]
    found = responses(*both, criteria)
    first = found[found["evaluator"] == "INVESTIGATOR"].reset_index(drop=True)
    same(first, responses(lesions, visits, criteria))


@every_criteria
def test_centimetres_with_limits_in_centimetres_give_the_same_responses(
    criteria: Criteria, trial: Trial
) -> None:
    lesions, visits = trial
    tenths = {name: lesions[name].round(1) for name in ("diameter_mm", "viable_mm")}
    in_mm = responses(lesions.assign(**tenths), visits, criteria)
    in_mm_limits = {
        field.name: getattr(criteria, field.name)
        for field in fields(criteria)
        if field.metadata.get("sentence", "").endswith(", mm")
    }
    # 0.01 is the smallest length there is: RECIST 1.0 calls a node of that size enlarged
    limits = {name: max(limit / 10, 0.01) if limit else 0 for name, limit in in_mm_limits.items()}
    assert set(limits) >= {"pd_abs_mm", "node_normal_lt", "node_target_min", "tstm_mm"}
    in_cm = responses(
        lesions.assign(**{name: (mm / 10).round(2) for name, mm in tenths.items()}),
        visits,
        replace(criteria, **limits),
    )
    decided = [
        name for name in in_mm if name.endswith("_rule") or name in ("target", "non_target", "overall")
    ]
    same(in_cm[decided], in_mm[decided])
    assert (in_mm["sum_mm"] - 10 * in_cm["sum_mm"]).abs().max() < 1e-9


def empty_visits(lesions: pd.DataFrame, where: str) -> pd.DataFrame:
    """One visit per subject that nobody imaged, apart from all others by a week at least."""
    number, by_subject = visit_number(lesions), lesions.groupby("subject", observed=True)["date"]
    second = lesions[number == 3].groupby("subject", observed=True)["date"].min() - pd.Timedelta(7, "D")
    date = {
        "before the first": pd.Series(pd.Timestamp(START) + pd.Timedelta(3, "D"), by_subject.max().index),
        "after the first": second,
        "after the last": by_subject.max() + pd.Timedelta(20, "D"),
    }[where]
    extra = date.rename("date").reset_index().astype({"subject": str})
    return extra.assign(visit="NOT IMAGED", evaluator="INVESTIGATOR", imaging_done=False)


@pytest.mark.parametrize("where", ["before the first", "after the first", "after the last"])
@every_criteria
def test_a_visit_without_data_is_not_evaluable_and_changes_no_other(
    criteria: Criteria, where: str, trial: Trial
) -> None:
    lesions, visits = trial
    extra = empty_visits(lesions, where)
    found = responses(lesions, pd.concat([visits, extra], ignore_index=True), criteria)
    added = found["visit"] == "NOT IMAGED"
    assert added.sum() == len(extra)
    progressed = found["overall_rule"].eq("T0")
    assert set(found.loc[added & ~progressed, "overall"]) == {"NE"}
    assert not (where == "before the first" and (added & progressed).any())
    same(found[~added].reset_index(drop=True), responses(lesions, visits, criteria))


@every_criteria
def test_order_of_responses_does_not_change_the_best(criteria: Criteria, trial: Trial) -> None:
    found = assess(trial[0], criteria, visits=trial[1])
    shuffled = found.sample(frac=1, random_state=6).reset_index(drop=True)
    one, other = (
        best_response(frame).astype({"subject": str}).sort_values("subject", ignore_index=True)
        for frame in (found, shuffled)
    )
    same(one, other)
