"""A small trial as text files, good in every respect, for tests that break one thing in it."""

import subprocess
import sys

import pytest

from recist.cli import main
from tests.shared import ROOT

LESIONS = """\
subject,visit,date,lesion,role,organ,diameter_mm,state
S-01,BASELINE,2024-01-02,T1,target,LIVER,50,
S-01,BASELINE,2024-01-02,N1,non-target,LUNG,,present
S-01,WEEK 8,2024-02-27,T1,target,LIVER,30,
S-01,WEEK 8,2024-02-27,N1,non-target,LUNG,,present
S-01,WEEK 16,2024-04-23,T1,target,LIVER,28,
S-01,WEEK 16,2024-04-23,N1,non-target,LUNG,,present
S-02,BASELINE,2024-01-03,T1,target,LUNG,40,
S-02,WEEK 8,2024-02-28,T1,target,LUNG,39,
S-02,WEEK 16,2024-04-24,T1,target,LUNG,52,
S-03,BASELINE,2024-01-04,T1,target,LIVER,25,
S-03,WEEK 8,2024-02-29,T1,target,LIVER,24,
S-04,BASELINE,2024-01-05,T1,target,LUNG,33,
S-04,WEEK 8,2024-03-01,T1,target,LUNG,12,
"""
SUBJECTS = """\
subject,arm,randomization_date,death_date,last_alive_date,cutoff_date,itt,region
S-01,NEW,2024-01-05,,2024-06-01,2024-06-30,Y,EAST
S-02,NEW,2024-01-06,2024-06-10,,2024-06-30,Y,WEST
S-03,CONTROL,2024-01-07,,2024-06-02,2024-06-30,Y,EAST
S-04,CONTROL,2024-01-08,2024-05-01,,2024-06-30,Y,WEST
"""
STUDY = """\
[study]
id = "T-1"
start_date = "randomization_date"

[data]
lesions = "lesions.csv"
subjects = "subjects.csv"

[criteria.recist_1_1]

[response]
evaluator = "INVESTIGATOR"

[arms]
column = "arm"
order = ["CONTROL", "NEW"]
reference = "CONTROL"

[populations.itt]
flag = "itt"

[[endpoint]]
name = "ORR"

[[endpoint]]
name = "PFS"

[analysis]
population = "itt"
times = [90]
"""
FILES = {"lesions.csv": LESIONS, "subjects.csv": SUBJECTS, "study.toml": STUDY}


def write_trial(folder):
    """The files of the trial in a folder."""
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def call(*words):
    """Exit code of one call of the command line."""
    with pytest.raises(SystemExit) as end:
        main([str(word) for word in words])
    return end.value.code


def modules_after(code):
    """Names of the modules that are loaded after a piece of code in a new interpreter."""
    asked = f"{code}\nimport sys\nprint(*sys.modules)"
    printed = subprocess.run(
        [sys.executable, "-c", asked], capture_output=True, text=True, check=True, cwd=ROOT
    )
    return set(printed.stdout.split())
