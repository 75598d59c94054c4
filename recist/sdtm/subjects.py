"""DM, DS, EX, AE and SUPPDM to one row per subject: arms, dates and population flags."""

from __future__ import annotations

from typing import Any

import pandas as pd

from recist.sdtm.domains import Domain
from recist.sdtm.notes import Notes, days

_DM = {
    "arm": "ARM",
    "actual_arm": "ACTARM",
    "sex": "SEX",
    "race": "RACE",
    "ethnicity": "ETHNIC",
    "country": "COUNTRY",
    "site": "SITEID",
}
_DM_DATES = {"reference_date": "RFSTDTC", "treatment_start_date": "RFXSTDTC", "death_date": "DTHDTC"}
CONTACTS = {  # a subject was seen or spoken to on these dates
    "AE": ("AESTDTC", "AEENDTC"),
    "EX": ("EXSTDTC", "EXENDTC"),
    "DM": ("RFSTDTC", "RFXSTDTC", "RFXENDTC"),
    "DS": ("DSSTDTC",),
    "TR": ("TRDTC",),
    "TU": ("TUDTC",),
    "RS": ("RSDTC",),
}
_STAYED = ("COMPLETED", "SCREEN FAILURE", "SCREENING NOT COMPLETED")


def subjects_from(domains: dict[str, Domain], notes: Notes) -> pd.DataFrame:
    """Every subject of DM (without DM, of any domain), screen failures too: see `randomized`."""
    dm = domains.get("DM")
    if dm is None:
        names = pd.concat([domain.text("USUBJID") for domain in domains.values()]).drop_duplicates()
        subjects = pd.DataFrame({"subject": names}).sort_values("subject").reset_index(drop=True)
    else:
        subjects = _demographics(dm, notes)
    subjects = _with_dates(subjects, domains, notes)
    if "SUPPDM" in domains:
        subjects = subjects.merge(_qualifiers(domains["SUPPDM"]), "left", "subject")
        flags = [str(c) for c in subjects if str(subjects[c].dtype) == "boolean"]
        subjects = subjects.assign(**{c: subjects[c].fillna(False).astype(bool) for c in flags})
    text = [str(c) for c in subjects if isinstance(subjects[c].dtype, pd.StringDtype)]
    blank = subjects.assign(**{c: subjects[c].mask(subjects[c] == "") for c in text})
    return blank.astype(dict.fromkeys(text, "category"))


def _demographics(dm: Domain, notes: Notes) -> pd.DataFrame:
    rows = pd.DataFrame({"subject": dm.text("USUBJID")} | {name: dm.text(c) for name, c in _DM.items()})
    age = pd.to_numeric(dm.text("AGE"), errors="coerce").astype("float64")
    failed = rows["arm"].str.upper().isin(["SCREEN FAILURE", "NOT ASSIGNED"]) | (dm.text("ARMNRS") != "")
    rows = rows.assign(age=age, screen_failure=failed.astype(bool))
    for name, column in _DM_DATES.items():
        given = dm.text(column)
        rows[name] = days(given)
        partial = rows.assign(given=given, row=dm.rows())[rows[name].isna() & (given != "")]
        sentence = f"{column} {{given!r}} has no day; the date is left blank"
        notes.add("date_without_day", "error", partial, sentence, "DM")
    again = rows[rows["subject"].duplicated()]
    notes.add("subject_repeated", "error", again, "occurs more than once in DM; the first is used", "DM")
    return rows.drop_duplicates("subject").reset_index(drop=True)


def _with_dates(subjects: pd.DataFrame, domains: dict[str, Domain], notes: Notes) -> pd.DataFrame:
    """Randomisation and discontinuation from DS, first dose from EX where DM lacks it, last contact."""
    if "EX" in domains:
        first = _per_subject(domains["EX"], ("EXSTDTC",)).min()
        given = subjects.get(
            "treatment_start_date", pd.Series(pd.NaT, subjects.index, dtype="datetime64[ns]")
        )
        subjects = subjects.assign(treatment_start_date=given.fillna(subjects["subject"].map(first)))
    if "DS" in domains:
        subjects = _disposition(subjects, domains["DS"], notes)
    contact = [
        _per_subject(domains[code], names).max() for code, names in CONTACTS.items() if code in domains
    ]
    last = pd.concat(contact).groupby(level=0).max()
    return subjects.assign(last_alive_date=last.reindex(subjects["subject"]).to_numpy("datetime64[ns]"))


def _per_subject(domain: Domain, names: tuple[str, ...]) -> Any:
    subject = domain.text("USUBJID")
    dates = [pd.Series(days(domain.text(name)).to_numpy(), index=subject.to_numpy()) for name in names]
    found = pd.concat(dates).dropna()
    return found.groupby(level=0)


def _disposition(subjects: pd.DataFrame, ds: Domain, notes: Notes) -> pd.DataFrame:
    events = pd.DataFrame(
        {
            "subject": ds.text("USUBJID"),
            "what": ds.text("DSDECOD").str.upper(),
            "category": ds.text("DSCAT").str.upper(),
            "given": ds.text("DSSTDTC"),
            "row": ds.rows(),
        }
    )
    events["date"] = days(events["given"])
    partial = events[events["date"].isna() & (events["given"] != "")]
    notes.add(
        "date_without_day", "error", partial, "{what} is dated {given!r}, without a day; not used", "DS"
    )
    randomized = events[events["what"].isin(["RANDOMIZED", "RANDOMISED"])]
    left = events[(events["category"] == "DISPOSITION EVENT") & ~events["what"].isin(_STAYED)]
    left = left.sort_values("date").drop_duplicates("subject").set_index("subject")
    chosen = randomized.groupby("subject")["date"].min()
    who = subjects["subject"]
    return subjects.assign(
        randomized=who.isin(randomized["subject"]).astype(bool),
        randomization_date=who.map(chosen).astype("datetime64[ns]"),
        discontinuation_date=who.map(left["date"]).astype("datetime64[ns]"),
        discontinuation_reason=who.map(left["what"]).astype("string"),
    )


def _qualifiers(supp: Domain) -> pd.DataFrame:
    """One column per QNAM, in lower case; Y/N qualifiers as flags, not set where not given."""
    rows = pd.DataFrame(
        {"subject": supp.text("USUBJID"), "name": supp.text("QNAM"), "value": supp.text("QVAL")}
    )
    wide = rows.drop_duplicates(["subject", "name"]).set_index(["subject", "name"])["value"].unstack("name")  # noqa: PD010
    wide.columns = pd.Index([name.lower() for name in wide.columns])
    flags = [str(c) for c in wide if wide[c].dropna().isin(["Y", "N"]).all()]
    return wide.assign(**{c: (wide[c] == "Y").fillna(False).astype("boolean") for c in flags}).reset_index()
