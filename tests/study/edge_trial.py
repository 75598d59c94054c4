"""A small randomised trial of every table, as text, to be bent into the edges of small trials."""

from survival import run_study
from survival.run import _derive
from survival.study import read_study
from survival.study.check import findings_of
from survival.study.display import Material
from survival.study.displays import all_displays
from survival.study.load import load
from survival.study.populations import refuse_unknown_columns
from survival.study.show import shown

LESIONS = """\
subject,visit,date,lesion,role,organ,diameter_mm,state
S-01,BASELINE,2024-01-02,T1,target,LIVER,50,
S-01,WEEK 8,2024-02-27,T1,target,LIVER,30,
S-01,WEEK 16,2024-04-23,T1,target,LIVER,28,
S-02,BASELINE,2024-01-03,T1,target,LUNG,40,
S-02,WEEK 8,2024-02-28,T1,target,LUNG,39,
S-02,WEEK 16,2024-04-24,T1,target,LUNG,52,
S-03,BASELINE,2024-01-04,T1,target,LIVER,25,
S-03,WEEK 8,2024-02-29,T1,target,LIVER,24,
S-03,WEEK 16,2024-04-25,T1,target,LIVER,24,
S-04,BASELINE,2024-01-05,T1,target,LUNG,33,
S-04,WEEK 8,2024-03-01,T1,target,LUNG,12,
S-04,WEEK 16,2024-04-26,T1,target,LUNG,11,
"""
SUBJECTS = """\
subject,arm,randomization_date,treatment_start_date,death_date,last_alive_date,cutoff_date,itt,region,planned
S-01,NEW,2024-01-05,2024-01-08,,2024-06-01,2024-06-30,Y,EAST,Y
S-02,NEW,2024-01-06,2024-01-09,2024-06-10,,2024-06-30,Y,WEST,N
S-03,CONTROL,2024-01-07,2024-01-10,,2024-06-02,2024-06-30,Y,EAST,Y
S-04,CONTROL,2024-01-08,2024-01-11,2024-05-01,,2024-06-30,Y,WEST,Y
"""
EVENTS = """\
subject,term,system_organ_class,grade,serious,related,dose_limiting,start_date,end_date
S-01,Fatigue,General disorders,1,N,N,N,2024-01-20,2024-02-01
S-02,Sepsis,Infections and infestations,4,Y,Y,Y,2024-02-10,2024-02-20
S-03,Fatigue,General disorders,2,N,Y,N,2024-02-01,
S-04,Nausea,Gastrointestinal disorders,1,N,Y,N,2024-01-11,2024-01-12
"""
_ITEMS = ",".join(f"q{number}" for number in range(1, 31))
_WELL, _ILL = ",".join(["1"] * 28 + ["6", "6"]), ",".join(["3"] * 28 + ["2", "2"])
QLQ = f"""\
subject,visit,date,{_ITEMS}
S-01,BASELINE,2024-01-04,{_WELL}
S-01,WEEK 8,2024-02-27,{_ILL}
S-01,WEEK 16,2024-04-23,{_ILL}
S-02,BASELINE,2024-01-05,{_WELL}
S-02,WEEK 8,2024-02-28,{_WELL}
S-03,BASELINE,2024-01-06,{_WELL}
S-03,WEEK 8,2024-02-29,{_ILL}
S-04,BASELINE,2024-01-07,{_WELL}
"""
ARMS = """\
[arms]
column = "arm"
order = ["CONTROL", "NEW"]
reference = "CONTROL"
"""
STUDY = f"""\
[study]
id = "E-1"
start_date = "randomization_date"

[data]
lesions = "lesions.csv"
subjects = "subjects.csv"
adverse_events = "adverse_events.csv"
qlq_c30 = "qlq_c30.csv"

[schedule]
every_weeks = 8

[response]
confirmation = false

{ARMS}
[populations.itt]
flag = "itt"

[populations.treated]
has = ["treatment_start_date"]

[adverse_events]
population = "treated"
frame = "6 months"
dose_limiting_frame = "28 days"

[qlq_c30]
scales = ["QL2"]

[[proportion]]
name = "Planned"
flag = "planned"

[[endpoint]]
name = "ORR"

[[endpoint]]
name = "DCR"
frame = "6 months"

[[endpoint]]
name = "CBR"

[[endpoint]]
name = "PFS"
[endpoint.sensitivity]
"Every event counts" = {{ endpoint = "pfs_ema" }}

[[endpoint]]
name = "OS"
frame = "2 years"

[[endpoint]]
name = "DOR"
endpoint = "dor_any"
[endpoint.sensitivity.Confirmed]
confirmation = true

[[endpoint]]
name = "TTR"
endpoint = "ttr_any"

[[endpoint]]
name = "TTD"
endpoint = "ttd"
settings = {{ scale = "QL2" }}

[[endpoint]]
name = "First serious event"
endpoint = "time_to_first"
settings = {{ events = ["first_serious_adverse_event_date"], stops = ["death_date"] }}

[analysis]
population = "itt"
unit = "months"
times = [3]
rmst = 3
strata = []
subgroups = ["region"]
"""
FILES = {
    "lesions.csv": LESIONS,
    "subjects.csv": SUBJECTS,
    "adverse_events.csv": EVENTS,
    "qlq_c30.csv": QLQ,
    "study.toml": STUDY,
}


def run_trial(folder, **instead):
    """Run the trial with some of its files replaced: `run_trial(folder, lesions="...")`."""
    for name, text in FILES.items():
        text = instead.get(name.split(".")[0], text)
        (folder / name).write_text(text, encoding="utf-8")
    return run_study(folder / "study.toml", folder / "out")


def only(text, *words):
    """The header and the lines that hold one of the words."""
    head, *lines = text.splitlines(keepends=True)
    return head + "".join(line for line in lines if any(word in line for word in words))


DOT = bytes.fromhex(  # a png of one point
    "89504e470d0a1a0a0000000d49484452000000010000000108000000003a7e9b55"
    "0000000a49444154789c6368000000820081dd436af40000000049454e44ae426082"
)


def drawn_alone(figure, path):
    """Stands for `save_figure` where only the drawing is tested: everything is laid out, nothing is painted."""
    if path.suffix == ".svg":
        figure.draw_without_rendering()
    if path.suffix == ".png":
        path.write_bytes(DOT)
    else:
        path.write_text('<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 9 9"></svg>', encoding="utf-8")


def material_of(folder, **instead):
    """What the displays of the trial are made from, without making them."""
    for name, text in FILES.items():
        (folder / name).write_text(instead.get(name.split(".")[0], text), encoding="utf-8")
    study = read_study(folder / "study.toml")
    data = load(study)
    refuse_unknown_columns(study, data.subjects)
    findings = findings_of(study, data)
    return Material(study, *_derive(study, data, lambda line: None), findings)


def displayed(material, kind, name=None):
    """The display of a kind, of one outcome where there are several."""
    found = [one for one in shown(material) if one.kind == kind and (name is None or name in one.names)]
    return all_displays()[kind].make(material, found[0])
