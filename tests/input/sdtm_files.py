"""Small SDTM folders made up for tests."""

from pathlib import Path

from recist.sdtm import Sdtm, read_sdtm

TU_HEAD = "USUBJID,TULNKID,TUTESTCD,TUORRES,TULOC,TUEVAL,TUEVALID,VISIT,TUDTC"
TR_HEAD = (
    "USUBJID,TRSEQ,TRLNKID,TRTESTCD,TRORRES,TRORRESU,TRSTRESC,TRSTRESN,TRSTRESU,TRSTAT,TRREASND,"
    "TREVAL,TREVALID,VISIT,VISITNUM,TRDTC"
)
DATES = {"BASELINE": "2024-01-01", "WEEK 8": "2024-02-26", "WEEK 16": "2024-04-22"}


def tu(lesion: str, role: str = "TARGET", organ: str = "LIVER", visit: str = "BASELINE", **more: str) -> str:
    """One TU record of subject 01."""
    cells = {"TUEVAL": "INVESTIGATOR", "TUEVALID": "", "TUDTC": DATES[visit]} | more
    return (
        f"01,{lesion},TUMIDENT,{role},{organ},{cells['TUEVAL']},{cells['TUEVALID']},{visit},{cells['TUDTC']}"
    )


def tr(lesion: str, visit: str, result: str, test: str = "LDIAM", **more: str) -> str:
    """One TR record of subject 01; the standardised result repeats the collected one unless it is given."""
    number = result if result.replace(".", "").isdigit() else ""
    cells = {"TRSEQ": "", "TRORRESU": "mm" if number else "", "TRSTRESC": result, "TRSTRESN": number}
    cells |= {"TRSTAT": "", "TRREASND": "", "TREVAL": "INVESTIGATOR", "TREVALID": "", "TRDTC": DATES[visit]}
    cells |= {"USUBJID": "01", "TRLNKID": lesion, "TRTESTCD": test, "TRORRES": result, "VISIT": visit}
    cells |= {"VISITNUM": str(list(DATES).index(visit)), "TRSTRESU": more.get("TRORRESU", cells["TRORRESU"])}
    return ",".join((cells | more)[name] for name in TR_HEAD.split(","))


def folder(path: Path, identified: list[str], measured: list[str], **others: str) -> Path:
    """A folder with TU and TR, and other domains as csv text."""
    (path / "tu.csv").write_text("\n".join([TU_HEAD, *identified]) + "\n", encoding="utf-8")
    (path / "tr.csv").write_text("\n".join([TR_HEAD, *measured]) + "\n", encoding="utf-8")
    for name, text in others.items():
        (path / f"{name}.csv").write_text(text, encoding="utf-8")
    return path


def read(path: Path, identified: list[str], measured: list[str], **others: str) -> Sdtm:
    """The folder read."""
    return read_sdtm(folder(path, identified, measured, **others))


def found(sdtm: Sdtm, finding: str) -> list[str]:
    """The messages of one finding."""
    return sdtm.findings.loc[sdtm.findings["finding"] == finding, "message"].tolist()
