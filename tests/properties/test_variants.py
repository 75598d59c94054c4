"""What the variants share with RECIST 1.1, and what they add, counted again by plain loops on generated subjects."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from recist import LesionError, all_criteria, as_lesions, assess, best_response, explain, get_criteria
from tests.generate import random_trial, random_visits
from tests.generate_irecist import random_irecist_cohort, to_frame, to_visits

SUBJECTS = 400
KEYS = ["subject", "visit"]
GONE = ("absent", "not new")
UNSEEN = ("not evaluable", "not done")


@pytest.fixture(scope="module")
def trial() -> tuple[pd.DataFrame, pd.DataFrame]:
    return as_lesions(random_trial(21, SUBJECTS)), random_visits(21, SUBJECTS)


@pytest.fixture(scope="module")
def immune_trial() -> tuple[pd.DataFrame, pd.DataFrame]:
    """Subjects whose new lesions are measured and followed."""
    cohort = random_irecist_cohort(77, SUBJECTS)
    lesions = [to_frame(rows, subject) for subject, (rows, _, _) in cohort.items()]
    facts = [to_visits(known, subject) for subject, (_, known, _) in cohort.items() if known]
    visits = pd.concat(facts, ignore_index=True)
    return as_lesions(pd.concat(lesions, ignore_index=True)), visits


def plain(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.astype(dict.fromkeys(frame.select_dtypes("category"), str)).set_index(KEYS).sort_index()


def burden_of_new_lesions(
    lesions: pd.DataFrame, visits: pd.DataFrame
) -> dict[tuple[str, str], tuple[float, bool]]:
    """(subject, visit) -> mm of measured new lesions, and whether each of them has a value."""
    pictured = {(r.subject, r.visit): getattr(r, "imaging_done", True) for r in visits.itertuples()}
    found: dict[tuple[str, str], tuple[float, bool]] = {}
    for subject, mine in lesions.groupby("subject", observed=True):
        first = mine.groupby("visit", observed=True)["date"].min()
        rows: dict[tuple[str, str], Any] = {}  # (visit, lesion) -> its first row about a new lesion
        for row in mine[mine["role"].isin(["new", "new target", "new non-target"])].itertuples():
            rows.setdefault((row.visit, row.lesion), row)
        measured: set[str] = set()
        judged: set[str] = set()
        for visit in sorted(
            first.index, key=lambda v: (first[v], list(lesions["visit"].cat.categories).index(v))
        ):
            if pictured.get((subject, visit)) is False:
                found[subject, visit] = (0.0, not measured)
                continue
            sizes: dict[str, float] = {}
            for row in (row for (seen_at, _), row in rows.items() if seen_at == visit):
                by_pet = "PET" in str(row.method)
                said = row.state in ("unequivocal", "equivocal")  # else listed without a remark
                zero = row.diameter_mm == 0 and row.state != "not new"
                if row.state in GONE or zero:
                    sizes[row.lesion] = 0.0
                    continue
                if row.state in UNSEEN:
                    continue
                if row.state == "too small":
                    sizes[row.lesion] = 5.0
                elif not pd.isna(row.diameter_mm):
                    sizes[row.lesion] = row.diameter_mm
                by_itself = not said and (not by_pet or str(row.baseline_pet) == "negative")
                sure = row.state == "unequivocal" or by_itself
                if sure and row.lesion not in judged:
                    judged.add(row.lesion)
                    large = not pd.isna(row.diameter_mm) and row.diameter_mm >= (15 if row.node else 10)
                    if row.role == "new target" or (row.role == "new" and large):
                        measured.add(row.lesion)
            total = sum(sizes.get(lesion, 0.0) for lesion in measured)
            found[subject, visit] = (round(total, 2), all(lesion in sizes for lesion in measured))
    return found


def test_the_burden_is_the_sum_of_the_targets_and_the_measured_new_lesions(immune_trial) -> None:
    lesions, visits = immune_trial
    edits = "[equivocal_backdate=False]"
    targets = plain(assess(lesions, "recist_1_1" + edits, visits=visits))
    burden = plain(assess(lesions, "irrecist" + edits, visits=visits))
    wanted = burden_of_new_lesions(lesions, visits)
    compared = 0
    for key, row in burden.iterrows():
        if row["n_targets"] == 0 or np.isnan(row["baseline_mm"]):
            continue
        new, complete = wanted[key]
        expected = targets.loc[key, "sum_mm"] + new if complete else np.nan
        assert row["new_lesion_sum_mm"] == pytest.approx(new), key
        assert row["sum_mm"] == pytest.approx(expected, nan_ok=True), key
        compared += new > 0
    assert compared > 30


@pytest.mark.parametrize("name", ["irrecist", "imrecist"])
def test_confirmation_told_by_a_plain_loop(name: str, trial, immune_trial) -> None:
    frames = [assess(lesions, name, visits=visits) for lesions, visits in (trial, immune_trial)]
    found = pd.concat([frames[0], frames[1].assign(subject="I" + frames[1]["subject"].astype(str))])
    seen: dict[str, int] = defaultdict(int)
    for _, mine in found.groupby("subject", observed=True):
        pending, confirmed = None, False
        for row in mine.itertuples():
            word = {"CR": "iCR", "PR": "iPR", "SD": "iSD", "NON-CR/NON-PD": "NON-iCR/NON-iUPD"}.get(
                row.overall, row.overall
            )
            if confirmed:
                as_it_is = name == "imrecist" and row.overall != "PD"
                word = word if as_it_is else "iCPD"
            elif pending is not None and row.overall != "NE":
                late = (pending_gap := (row.date - pending).days) >= 28
                if row.overall == "PD":
                    confirmed, word = late, "iCPD" if late else "iUPD"
                elif late or pending_gap < 0:
                    pending = None
                else:
                    word = "iUPD"
            elif row.overall == "PD":
                pending, word = row.date, "iUPD"
            if row.ioverall != word:
                # a response is dated at the last scan of its visit, a progression at the first
                assert word == "iUPD" or abs((row.date - pending).days - 28) < 10, (row.subject, row.visit)
            else:
                seen[word] += 1
    assert len(seen) == 8 and seen["iCPD"] > 100 and sum(seen.values()) > 0.98 * len(found)


def test_without_new_lesions_the_burden_is_the_sum_of_the_targets(trial) -> None:
    lesions, visits = trial
    old = lesions[~lesions["role"].astype(str).str.startswith("new")].reset_index(drop=True)
    known = visits.merge(old[KEYS].drop_duplicates().astype(str))
    one = plain(assess(old, "irrecist", visits=known))
    other = plain(assess(old, "recist_1_1[reappearance_after_cr=off]", visits=known))
    for column in ("sum_mm", "nadir_mm", "target", "target_rule", "non_target"):
        pd.testing.assert_series_equal(one[column], other[column])


def test_choi_with_the_limits_of_recist_and_no_change_of_attenuation_is_recist(trial) -> None:
    lesions, visits = trial
    choi = replace(get_criteria("choi"), pr_pct=30, pd_pct=20, pd_abs_mm=5)
    one = plain(assess(lesions.assign(attenuation_hu=60.0), choi, visits=visits))
    other = plain(assess(lesions, "recist_1_1", visits=visits))
    complete = other["n_targets_missing"].eq(0)
    assert complete.sum() > 800
    for column in ("target", "sum_mm", "nadir_mm"):
        pd.testing.assert_series_equal(one.loc[complete, column], other.loc[complete, column])


@pytest.mark.parametrize(("flag", "group"), [(True, "injected"), (False, "non_injected")])
def test_a_group_of_all_lesions_is_the_whole(flag: bool, group: str, trial) -> None:
    lesions, visits = trial
    label = "itrecist[reappearance_after_cr=off, post_pd=as_assessed]"
    found = plain(assess(lesions.assign(injected=flag), label, visits=visits))
    for part, whole in (("target", "target"), ("target_rule", "target_rule"), ("sum_mm", "sum_mm")):
        pd.testing.assert_series_equal(found[f"{group}_{part}"], found[whole], check_names=False)
    has_baseline = found["baseline_mm"].notna()
    for part in ("baseline_mm", "nadir_mm"):
        pd.testing.assert_series_equal(
            found.loc[has_baseline, f"{group}_{part}"], found.loc[has_baseline, part], check_names=False
        )
    if group == "non_injected":
        marked = visits.set_index(KEYS)["tumour_marker_elevated"].reindex(found.index).fillna(False)
        same = ~marked.astype(bool) & ~found["non_injected_response"].eq("NA")
        pd.testing.assert_series_equal(
            found.loc[same, "non_injected_response"], found.loc[same, "overall"], check_names=False
        )


def test_a_lesion_stays_injected() -> None:
    rows = [
        ("BL", "2024-01-01", 50.0, True),
        ("W6", "2024-02-12", 30.0, None),
        ("W12", "2024-03-25", 20.0, False),
    ]
    lesions = pd.DataFrame(rows, columns=["visit", "date", "diameter_mm", "injected"]).assign(
        subject="01", lesion="T1", role="target", organ="SKIN"
    )
    assert assess(lesions, "itrecist")["injected_sum_mm"].tolist() == [30.0, 20.0]


@pytest.mark.parametrize(("name", "column"), [("choi", "attenuation_hu"), ("itrecist", "injected")])
def test_a_column_that_is_needed_is_asked_for(name: str, column: str) -> None:
    lesions = as_lesions(random_trial(3, 2))
    with pytest.raises(LesionError, match=f"no column '{column}'.*Add it, or choose other criteria"):
        assess(lesions, name)


def test_attenuation_may_be_negative_and_is_a_number() -> None:
    row = {
        "subject": "1",
        "visit": "V1",
        "date": "2024-03-15",
        "lesion": "T1",
        "role": "target",
        "organ": "LIVER",
    }
    frame = pd.DataFrame([row | {"diameter_mm": 20, "attenuation_hu": -30}])
    assert as_lesions(frame)["attenuation_hu"].tolist() == [-30.0]
    with pytest.raises(LesionError, match="attenuation_hu 'dense' is not a number"):
        as_lesions(frame.assign(attenuation_hu="dense"))


@pytest.mark.parametrize("name", list(all_criteria()))
def test_subjects_without_lesions_or_without_later_visits(name: str) -> None:
    """Nothing to assess is no reason to fail."""
    row = {
        "subject": "1",
        "visit": "BL",
        "date": "2024-03-15",
        "lesion": "T1",
        "role": "target",
        "organ": "LIVER",
    }
    given = {"diameter_mm": 20.0, "viable_mm": 20.0, "attenuation_hu": 50.0, "injected": True}
    alone = pd.DataFrame([row | given])
    assert assess(alone, name).empty
    visits = pd.DataFrame({"subject": "1", "visit": ["BL", "W8"], "date": ["2024-03-15", "2024-05-10"]})
    found = assess(alone, name, visits=visits.assign(baseline=[True, False]))
    assert found["overall"].tolist() == ["NE"]
    assert "NE" in explain(found, "1", "W8")
    assert best_response(found).loc[0, "best_response"] == "NE"
