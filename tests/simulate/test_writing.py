"""Files: the same bytes from the same seed, all or none, and the shipped ones are up to date."""

from pathlib import Path

import pytest

import recist
from recist.errors import InputError

ROOT = Path(__file__).parents[2]
SHIPPED = ["hs_it101", "nct07028008", "nct06559644", "nct05361174", "nct05962450"]


@pytest.mark.parametrize("study", SHIPPED)
def test_shipped_files_equal_a_fresh_simulation(study: str, tmp_path: Path) -> None:
    recist.simulate(study).write(tmp_path)
    shipped = ROOT / "data" / "synthetic" / study
    made = sorted(path.name for path in tmp_path.iterdir())
    assert made == sorted(path.name for path in shipped.iterdir() if path.suffix in (".csv", ".md"))
    for name in made:
        assert (shipped / name).read_bytes() == (tmp_path / name).read_bytes(), name


@pytest.mark.parametrize("study", ["nct05361174", "nct05962450", "nct06559644"])
def test_the_seed_decides(study: str, tmp_path: Path) -> None:
    for folder, seed in (("a", 5), ("b", 5), ("c", 6)):
        recist.simulate(study, 25, seed).write(tmp_path / folder)
    for name in recist.simulate(study, 25, 5).files():
        a, b, c = ((tmp_path / folder / name).read_bytes() for folder in "abc")
        assert a == b
        assert a != c or name in ("truth.csv", "truth_escalation.csv")  # may come out alike
        assert b"\r" not in a


def test_what_is_written_reads_back_as_it_was(tmp_path: Path) -> None:
    trial = recist.simulate("nct05361174")
    trial.write(tmp_path)
    lesions = recist.read_lesions(tmp_path / "lesions.csv")
    for column in trial.lesions:
        assert lesions[column].astype(str).tolist() == trial.lesions[column].astype(str).tolist(), column


def test_other_files_stay_and_a_failed_write_leaves_nothing(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "study.toml").write_text("kept")
    trial = recist.simulate("hs_it101", 3)
    trial.write(tmp_path)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}
    assert set(before) == {*trial.files(), "README.md", "study.toml"}
    assert before["study.toml"] == b"kept"

    def full_disk(*_: object, **__: object) -> str:
        raise OSError("no space left")

    monkeypatch.setattr("recist.simulation.result.readme", full_disk)
    with pytest.raises(OSError, match="no space"):
        recist.simulate("hs_it101", 4).write(tmp_path)
    monkeypatch.setattr("recist.simulation.result._write_csv", full_disk)
    monkeypatch.setattr("recist.simulation.result.readme", lambda *_: "")
    with pytest.raises(OSError, match="no space"):
        recist.simulate("hs_it101", 4).write(tmp_path)
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (("hs_it10",), "Did you mean hs_it101"),
        (("xyz",), "The studies are hs_it101, nct07028008"),
        (("phase3", 0), "number of subjects is 0"),
        (("phase3", 2.5), "whole number from 1"),
        (("phase3", True), "number of subjects is True"),
        (("phase3", 10, -1), "seed is -1"),
    ],
)
def test_a_wrong_call_is_told_what_to_give(arguments: tuple, words: str) -> None:
    with pytest.raises(InputError, match=words):
        recist.simulate(*arguments)


def test_readme_names_seed_size_and_cases(tmp_path: Path) -> None:
    recist.simulate("nct05361174", 30, 9).write(tmp_path)
    text = (tmp_path / "README.md").read_text()
    assert "recist simulate --study nct05361174 --subjects 30 --seed 9" in text
    assert "`nodal_cr`" in text
    assert "MELANOMA 15, NSCLC 15" in text
