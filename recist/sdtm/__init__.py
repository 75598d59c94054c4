"""A submission's SDTM folder to the frames we work with: TU, TR, RS, DM, DS, EX, AE, SUPPDM.

SDTMIG 3.4.  CDISC names live here and in the ADaM output, nowhere else.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pandas as pd

from recist.errors import InputError
from recist.sdtm.domains import Domain, read_domains
from recist.sdtm.lesions import lesions_from, visits_from
from recist.sdtm.notes import Notes
from recist.sdtm.responses import responses_from
from recist.sdtm.subjects import subjects_from

__all__ = ["Sdtm", "read_sdtm"]


@dataclass(frozen=True)
class Sdtm:
    """What an SDTM folder holds.

    `lesions` is the lesion table derived from TU and TR; `undated` its rows whose day is not known;
    `responses` what RS recorded; `subjects` one row per subject; `visits` one row per subject, evaluator and
    visit; `findings` everything doubtful or left out, in the columns of `check_lesions`; `adverse_events` and
    `exposure` are AE and EX as they are; `files` are the files that were read.  A frame whose domain is
    absent is None.
    """

    lesions: pd.DataFrame | None
    undated: pd.DataFrame | None
    responses: pd.DataFrame | None
    subjects: pd.DataFrame
    visits: pd.DataFrame | None
    findings: pd.DataFrame
    adverse_events: pd.DataFrame | None
    exposure: pd.DataFrame | None
    files: tuple[Path, ...]


def read_sdtm(
    folder: str | Path,
    evaluator: str | None = None,
    suffix: str | None = None,
    names: Mapping[str, str] | None = None,
) -> Sdtm:
    """Read the SDTM domains of a study (csv, xpt, sas7bdat, parquet or xlsx; plain or .gz).

    Parameters
    ----------
    folder : str or Path
        Holds `tu.*` and `tr.*`, or `rs.*`, or all; `dm ds ex ae suppdm` where there.
    evaluator : str, optional
        Keep one evaluator only, written as --EVAL and --EVALID with a blank between them.
    suffix : str, optional
        ``"onco"`` reads `tu_onco.csv` rather than `tu.csv`, for every domain that has such a file.
    names : mapping, optional
        Domain -> file name, where neither rule finds the file.

    Returns
    -------
    Sdtm
        Lesions in mm; dates without a day are kept apart in `undated` and named in `findings`.

    Raises
    ------
    InputError
        When a file cannot be found, told from another or read, or no such evaluator is there.

    Notes
    -----
    SDTMIG 3.4, sections TU, TR and RS; RECIST 1.1 section 3.1.1 (short axis of nodes).

    Examples
    --------
    >>> import tempfile, pathlib
    >>> folder = pathlib.Path(tempfile.mkdtemp())
    >>> _ = (folder / "tu.csv").write_text("USUBJID,TULNKID,TUSTRESC,TULOC,VISIT\\n"
    ...     "01,N1,TARGET,LYMPH NODE,BASE\\n")
    >>> _ = (folder / "tr.csv").write_text("USUBJID,TRLNKID,TRTESTCD,TRSTRESN,TRSTRESU,VISIT,TRDTC\\n"
    ...     "01,N1,LDIAM,30,mm,BASE,2024-03-15\\n01,N1,LPERP,21,mm,BASE,2024-03-15\\n")
    >>> read_sdtm(folder).lesions[["subject", "lesion", "diameter_mm"]].values.tolist()
    [['01', 'N1', 21.0]]
    """
    domains = read_domains(folder, suffix, names or {})
    notes = Notes()
    reference = pd.Series(dtype="string")
    if "DM" in domains:
        dm = domains["DM"]
        reference = dm.text("RFSTDTC").set_axis(dm.text("USUBJID").to_numpy())
        reference = reference[~reference.index.duplicated()]
    lesions = undated = responses = None
    if {"TU", "TR"} <= domains.keys():
        lesions, undated = lesions_from(domains["TU"], domains["TR"], reference, notes)
    if "RS" in domains:
        responses = responses_from(domains["RS"], notes)
    if evaluator is not None:
        lesions, undated, responses = _only(evaluator, (lesions, undated, responses))
    return Sdtm(
        lesions=lesions,
        undated=undated,
        responses=responses,
        subjects=subjects_from(domains, notes),
        visits=None if lesions is None else visits_from(lesions),
        findings=notes.frame(),
        adverse_events=_as_is(domains, "AE"),
        exposure=_as_is(domains, "EX"),
        files=tuple(domain.file for domain in domains.values()),
    )


def _as_is(domains: dict[str, Domain], code: str) -> pd.DataFrame | None:
    return domains[code].frame if code in domains else None


def _only(evaluator: str, frames: tuple[pd.DataFrame | None, ...]) -> list[pd.DataFrame | None]:
    """The records of one evaluator; an unknown name is refused, because no rows would pass for no disease."""
    there: set[Any] = set().union(*(f["evaluator"].dropna().unique() for f in frames if f is not None))
    if evaluator not in there:
        raise InputError(f"no evaluator {evaluator!r}. There are {', '.join(sorted(there))}")
    return [None if f is None else f[f["evaluator"] == evaluator].reset_index(drop=True) for f in frames]
