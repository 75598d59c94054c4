"""A folder of results is replaced whole or not at all."""

import json

import pandas as pd
import pytest

from survival.study.output import MANIFEST, OutputError, sha256, whole_folder, write_frame, write_manifest


def fill(out, word):
    with whole_folder(out) as folder:
        (folder / "results.csv").write_text(word)
        write_manifest(folder, {}, {"study": "X"})


def test_a_finished_folder_takes_the_place_of_the_earlier_one(tmp_path):
    out = tmp_path / "out"
    fill(out, "first")
    fill(out, "second")
    assert (out / "results.csv").read_text() == "second"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


@pytest.mark.parametrize("fault", [ValueError, KeyboardInterrupt, SystemExit])
def test_an_interrupted_run_leaves_the_earlier_results_untouched(tmp_path, fault):
    out = tmp_path / "out"
    fill(out, "first")
    with pytest.raises(fault), whole_folder(out) as folder:
        (folder / "results.csv").write_text("half")
        raise fault
    assert (out / "results.csv").read_text() == "first"
    assert [path.name for path in tmp_path.iterdir()] == ["out"]


def test_an_interrupted_first_run_leaves_nothing(tmp_path):
    with pytest.raises(ValueError), whole_folder(tmp_path / "deep" / "out"):
        raise ValueError
    assert not (tmp_path / "deep" / "out").exists()


def test_a_folder_that_holds_other_files_is_refused_and_kept(tmp_path):
    (tmp_path / "thesis.docx").write_text("years of work")
    with (
        pytest.raises(OutputError, match=r"not earlier results.*Nothing was written"),
        whole_folder(tmp_path),
    ):
        pytest.fail("nothing may be written")
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.docx"]


def test_an_empty_folder_may_be_used(tmp_path):
    (tmp_path / "out").mkdir()
    fill(tmp_path / "out", "first")
    assert (tmp_path / "out" / "results.csv").read_text() == "first"


def test_a_file_in_the_place_is_refused(tmp_path):
    (tmp_path / "out").write_text("a file")
    with pytest.raises(OutputError, match="is a file"), whole_folder(tmp_path / "out"):
        pytest.fail("nothing may be written")


def test_the_manifest_has_the_sha256_of_every_input_and_output(tmp_path):
    given = tmp_path / "lesions.csv"
    given.write_text("abc")
    out = tmp_path / "out"
    with whole_folder(out) as folder:
        (folder / "tables").mkdir()
        (folder / "tables" / "t.csv").write_text("")
        write_manifest(folder, {"lesions.csv": given}, {"study": {"id": "X"}})
    manifest = json.loads((out / MANIFEST).read_text())
    assert manifest["study"] == {"id": "X"}
    # sha256 of "abc" and of nothing: NIST FIPS 180-4 examples
    assert manifest["inputs"] == {
        "lesions.csv": "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
    }
    assert manifest["outputs"] == {
        "tables/t.csv": "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"
    }
    assert manifest["versions"].keys() >= {"python", "numpy", "pandas"}


def test_frames_are_written_as_csv_and_parquet_with_iso_dates_and_full_precision(tmp_path):
    frame = pd.DataFrame({"date": pd.to_datetime(["2024-03-15", None]), "value": [1 / 3, 2.0]})
    write_frame(frame, tmp_path, "best")
    assert (tmp_path / "best.csv").read_bytes() == b"date,value\n2024-03-15,0.3333333333333333\n,2.0\n"
    pd.testing.assert_frame_equal(pd.read_parquet(tmp_path / "best.parquet"), frame, check_dtype=False)


def test_the_same_frame_gives_the_same_bytes(tmp_path):
    frame = pd.DataFrame({"a": pd.Categorical(["x", "y"]), "b": [1.5, None]})
    for name in ("one", "two"):
        write_frame(frame, tmp_path, name)
    assert sha256(tmp_path / "one.parquet") == sha256(tmp_path / "two.parquet")
