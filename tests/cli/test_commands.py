"""What each command prints, writes and exits with."""

import contextlib
import io
import json
import os
import shutil
import signal
import subprocess
import sys

import pandas as pd
import pytest

import survival.run
from recist.cli import main
from tests.cli.trial import LESIONS, call, modules_after, write_trial
from tests.shared import ROOT

HEAVY = {"matplotlib", "scipy", "lifelines", "great_tables"}


@pytest.fixture
def trial(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return write_trial(tmp_path)


@pytest.fixture(scope="module")
def ran(tmp_path_factory):
    """Folder of the trial with the results of one run in `out`, its exit code, what it printed and its progress."""
    folder = write_trial(tmp_path_factory.mktemp("trial"))
    out, err = io.StringIO(), io.StringIO()
    with contextlib.chdir(folder), contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = call("run", "study.toml", "--out", "out")
    return folder, code, out.getvalue(), err.getvalue()


def files_of(folder):
    return {
        path.relative_to(folder).as_posix(): path.read_bytes() for path in folder.rglob("*") if path.is_file()
    }


def test_import_recist_and_import_survival_are_light():
    for package in ("recist", "survival"):
        assert not HEAVY & modules_after(f"import {package}")


def test_help_and_version_load_no_pandas():
    for word in ("--help", "--version"):
        loaded = modules_after(f"from recist.cli import _run\n_run(['{word}'])")
        assert "click" in loaded
        assert not (HEAVY | {"pandas", "numpy", "pydantic"}) & loaded


def test_python_m_recist_is_the_same_command():
    printed = subprocess.run(
        [sys.executable, "-m", "recist", "--help"], capture_output=True, text=True, cwd=ROOT
    )
    assert printed.returncode == 0
    for command in ("run", "check", "assess", "explain", "criteria", "simulate"):
        assert f"\n  {command} " in printed.stdout


def test_run_writes_every_file_that_is_promised(ran):
    folder, code, printed, progress = ran
    assert code == 0
    assert "Results: out" in printed
    assert "Deriving responses" in progress  # progress does not mix with what may be piped
    found = set(files_of(folder / "out"))
    assert found >= {
        *(f"{name}.{kind}" for kind in ("csv", "parquet") for name in (
            "findings", "responses", "best_response", "endpoints", "situations", "results"
        )),
        *(f"tables/{name}.{kind}" for kind in ("csv", "html", "rtf") for name in (
            "best_response", "response_rate", "time_to_event-pfs"
        )),
        *(f"figures/{name}.{kind}" for kind in ("png", "svg", "rtf") for name in ("km-pfs", "waterfall", "swimmer")),
        "listings/best_response.csv",
    }  # fmt: skip
    manifest = json.loads((folder / "out" / "manifest.json").read_text(encoding="utf-8"))
    assert found == {*manifest["outputs"], "manifest.json"}


def test_run_derives_what_the_lesions_say(ran, monkeypatch):
    folder, *_ = ran
    monkeypatch.chdir(folder)
    best = pd.read_csv("out/best_response.csv").set_index("subject")["best_response"]
    assert best.to_dict() == {"S-01": "PR", "S-02": "SD", "S-03": "SD", "S-04": "PR"}
    tte = pd.read_csv("out/endpoints.csv").set_index("subject")
    # S-02: 52 mm against 39 mm on 24 April is day 110 from 6 January; S-04 died on 1 May
    assert tte.loc["S-02", ["time", "event"]].tolist() == [110, True]
    assert tte.loc["S-04", ["time", "event"]].tolist() == [115, True]
    assert tte.loc["S-03", ["time", "event"]].tolist() == [54, False]
    results = pd.read_csv("out/results.csv").set_index(["display", "row", "group", "statistic"])["value"]
    assert results["best_response", "ORR", "Total", "count"] == 2
    assert json.loads((folder / "out" / "manifest.json").read_text())["responses"] == "derived"


def test_the_same_inputs_give_the_same_bytes(ran, trial):
    folder, *_ = ran
    call("run", "study.toml", "--out", "two")
    assert files_of(folder / "out") == files_of(trial / "two")


def test_an_earlier_result_is_replaced_only_by_a_complete_one(ran, trial, monkeypatch, capsys):
    folder, *_ = ran
    shutil.copytree(folder / "out", trial / "out")
    before = files_of(trial / "out")

    def interrupt(*anything):
        raise KeyboardInterrupt

    monkeypatch.setattr(survival.run, "write_manifest", interrupt)
    assert call("run", "study.toml", "--out", "out") == 130
    assert "interrupted; nothing was written" in capsys.readouterr().err
    assert files_of(trial / "out") == before
    assert sorted(path.name for path in trial.iterdir()) == [
        "lesions.csv",
        "out",
        "study.toml",
        "subjects.csv",
    ]


def test_a_terminated_run_leaves_no_half_written_folder(trial, monkeypatch):
    def terminate(*anything):
        os.kill(os.getpid(), signal.SIGTERM)

    monkeypatch.setattr(survival.run, "write_manifest", terminate)
    assert call("run", "study.toml", "--out", "out") == 130
    assert sorted(path.name for path in trial.iterdir()) == ["lesions.csv", "study.toml", "subjects.csv"]


def test_an_unexpected_error_is_one_line_and_debug_shows_the_traceback(trial, monkeypatch, capsys):
    def fail(*anything):
        raise RuntimeError("something nobody thought of\nin detail")

    monkeypatch.setattr(survival.run, "load", fail)
    assert call("run", "study.toml", "--out", "out") == 3
    assert capsys.readouterr().err.splitlines()[-1] == (
        "recist: unexpected RuntimeError: something nobody thought of (recist --debug ... shows the place)"
    )
    with pytest.raises(RuntimeError):
        main(["--debug", "run", "study.toml", "--out", "out"])


def test_check_prints_findings_and_exits_with_1_for_errors(trial, capsys):
    assert call("check", "lesions.csv") == 0
    (trial / "lesions.csv").write_text(LESIONS.replace("LIVER,30,", "LIVER,1550,"))
    assert call("check", "lesions.csv", "--out", "findings.csv") == 1
    printed = capsys.readouterr()
    assert "error   implausible-size: Subject S-01, WEEK 8, lesion T1: 1550 mm" in printed.out
    assert "1 of severity error" in printed.err
    assert "implausible-size" in (trial / "findings.csv").read_text()


def test_assess_writes_responses_and_best_responses(trial):
    assert call("assess", "lesions.csv", "--start", "subjects.csv", "--out", "responses.parquet") == 0
    responses = pd.read_parquet("responses.parquet")
    assert responses["overall"].astype(str).tolist() == ["PR", "PR", "SD", "PD", "SD", "PR"]
    assert pd.read_parquet("responses_best.parquet")["best_response"].astype(str).tolist() == [
        "PR",
        "SD",
        "SD",
        "PR",
    ]


def test_assess_takes_criteria_with_edits(trial):
    assert call("assess", "lesions.csv", "--criteria", "recist_1_1[pr_pct=50]", "--out", "responses.csv") == 0
    responses = pd.read_csv("responses.csv")
    assert responses["overall"].tolist() == ["SD", "SD", "SD", "PD", "SD", "PR"]
    assert set(responses["criteria"]) == {"recist_1_1[pr_pct=50]"}


def test_explain_names_the_numbers_the_rule_and_the_paper(trial, capsys):
    assert call("explain", "lesions.csv", "--subject", "S-02", "--visit", "WEEK 16") == 0
    said = capsys.readouterr().out
    assert "PD" in said.splitlines()[0]
    assert "52.0 mm" in said
    assert "nadir 39.0 mm" in said
    assert "TL-PD" in said
    assert "Eisenhauer 2009" in said


def test_explain_without_a_visit_is_about_the_best_response(trial, capsys):
    assert call("explain", "lesions.csv", "--subject", "S-01") == 0
    said = capsys.readouterr().out
    assert "best overall response" in said
    assert "PR at WEEK 8 is confirmed by PR at WEEK 16, 56 days later" in said


def test_a_folder_of_sdtm_takes_the_place_of_a_lesion_table(tmp_path, capsys):
    (tmp_path / "tu_onco.csv").write_text(
        "USUBJID,TULNKID,TUSTRESC,TULOC,VISIT\n01,T1,TARGET,LIVER,BASELINE\n02,T1,PERHAPS,LUNG,BASELINE\n"
    )
    (tmp_path / "tr_onco.csv").write_text(
        "USUBJID,TRLNKID,TRTESTCD,TRSTRESN,TRSTRESU,VISIT,TRDTC\n"
        "01,T1,LDIAM,50,mm,BASELINE,2024-01-02\n01,T1,LDIAM,3,cm,WEEK 8,2024-02-27\n"
    )
    assert call("check", tmp_path, "--suffix", "onco") == 0
    assert "role_unknown: 02" in capsys.readouterr().out  # found while reading
    assert call("assess", tmp_path, "--suffix", "onco", "--out", tmp_path / "r.csv") == 0
    responses = pd.read_csv(tmp_path / "r.csv")
    assert responses[["sum_mm", "overall"]].values.tolist() == [[30.0, "PR"]]


def test_criteria_are_listed_and_printed(capsys):
    assert call("criteria") == 0
    assert "recist_1_1" in capsys.readouterr().out
    assert call("criteria", "recist_1_1[min_sd_days=56]") == 0
    said = capsys.readouterr().out
    assert "T1.Ha" in said
    assert "min_sd_days" in said
    assert "= 56" in said


def test_simulate_writes_the_shipped_bytes(tmp_path):
    assert call("simulate", "--study", "hs_it101", "--out", tmp_path / "x") == 0
    shipped = files_of(ROOT / "data" / "synthetic" / "hs_it101")
    made = files_of(tmp_path / "x")
    assert made == {name: shipped[name] for name in made}


def test_a_reader_that_stops_early_is_no_error():
    command = f"{sys.executable} -m recist criteria recist_1_1 | head -n 1"
    printed = subprocess.run(
        ["bash", "-o", "pipefail", "-c", command], capture_output=True, text=True, cwd=ROOT
    )
    assert printed.returncode == 0
    assert "Traceback" not in printed.stderr
    assert "BrokenPipe" not in printed.stderr
