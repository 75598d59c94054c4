"""The files of an SDTM folder: which file is which domain, and its columns as text."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from recist.errors import InputError
from recist.table_file import read_table
from recist.terms import DEFAULT_EVALUATOR
from recist.values import categories

DOMAINS = ("DM", "SUPPDM", "DS", "EX", "AE", "TU", "TR", "RS")
_ENDINGS = (".csv", ".xpt", ".sas7bdat", ".parquet", ".xlsx")
Names = Mapping[str, str]


@dataclass(frozen=True)
class Domain:
    """One SDTM domain: its code, its file, and its columns under their SDTM names in capitals."""

    code: str
    file: Path
    frame: pd.DataFrame

    def text(self, name: str) -> pd.Series[Any]:
        """A column as text, trimmed; empty text where nothing is given or the column is absent."""
        if name not in self.frame:
            return pd.Series("", index=self.frame.index, dtype="string")
        codes, words = categories(self.frame[name])
        table = np.array([word or "" for word in words] + [""], dtype=object)
        return pd.Series(table[codes], index=self.frame.index, dtype="string")

    def column(self, name: str) -> pd.Series[Any]:
        """A column by its name without the domain prefix: `column("TESTCD")` is TRTESTCD in TR."""
        return self.text(self.code + name)

    def evaluator(self) -> pd.Series[Any]:
        """--EVAL and --EVALID together, so that two readers stay two; blank is the investigator."""
        both = (self.column("EVAL") + " " + self.column("EVALID")).str.strip()
        return both.where(both != "", DEFAULT_EVALUATOR)

    def visit(self) -> pd.Series[Any]:
        """The visit's label; `VISIT 3` where only its number is given."""
        number, label = self.text("VISITNUM"), self.text("VISIT")
        return label.where((label != "") | (number == ""), "VISIT " + number)

    def flagged(self, *names: str) -> pd.Series[Any]:
        """Whether any of these flags (names without prefix) is Y."""
        flag = pd.Series(False, index=self.frame.index)
        for name in names:
            flag = flag | self.column(name).isin(["Y", "y"]).astype(bool)
        return flag

    def rows(self) -> pd.Series[Any]:
        """Spreadsheet row of each record: the header is row 1."""
        return pd.Series(np.arange(len(self.frame)) + 2, index=self.frame.index)


def read_domains(folder: str | Path, suffix: str | None, names: Names) -> dict[str, Domain]:
    """Every domain that the folder has; InputError when it is no folder, or a file cannot be told or read."""
    place = Path(folder)
    if not place.is_dir():
        what = (
            "is a file; name the folder it lies in"
            if place.exists()
            else "no such folder. Check the spelling"
        )
        raise InputError(f"{place}: {what}")
    if unknown := [code for code in names if code.upper() not in DOMAINS]:
        raise InputError(
            f"names: {unknown[0]!r} is not a domain that is read. Known are {', '.join(DOMAINS)}"
        )
    chosen = {code.upper(): name for code, name in names.items()}
    found: dict[str, Domain] = {}
    for code in DOMAINS:
        file = place / chosen[code] if code in chosen else _file_of(place, code, suffix)
        if file is not None:
            found[code] = _read(code, file)
    if not ({"TU", "TR"} <= found.keys() or "RS" in found):
        files = ", ".join(sorted(f.name for f in place.iterdir())) or "no file"
        raise InputError(
            f"{place}: neither TU and TR nor RS is there, but {files}. Name them with names={{...}}"
        )
    return found


def _read(code: str, file: Path) -> Domain:
    frame = read_table(file)
    frame.columns = pd.Index([str(name).strip().upper() for name in frame.columns])
    if "USUBJID" not in frame:
        there = ", ".join(map(str, frame.columns))
        raise InputError(f"{file}: no column USUBJID. Is it the {code} domain? Its columns are {there}")
    return Domain(code, file, frame)


def _file_of(place: Path, code: str, suffix: str | None) -> Path | None:
    """`tu.csv` (xpt, .gz ...), or with suffix="onco" `tu_onco.csv`; otherwise the only `tu_*`."""
    files = sorted(f for f in place.iterdir() if f.name.lower().removesuffix(".gz").endswith(_ENDINGS))
    stem = {f: f.name.lower().split(".")[0] for f in files}
    wanted = [f"{code.lower()}_{suffix.lower()}"] if suffix else []
    for name in [*wanted, code.lower()]:
        same = [f for f in files if stem[f] == name]
        if len(same) == 1:
            return same[0]
        if same:
            raise InputError(_ambiguous(place, code, same))
    others = [f for f in files if stem[f].startswith(code.lower() + "_")]
    if len(others) > 1 and not suffix:
        raise InputError(_ambiguous(place, code, others))
    return others[0] if len(others) == 1 and not suffix else None


def _ambiguous(place: Path, code: str, files: list[Path]) -> str:
    listed = ", ".join(f.name for f in files)
    return (
        f"{place}: {len(files)} files could be {code}: {listed}. "
        f'Choose with names={{"{code}": "{files[0].name}"}} or, for a common ending, suffix="..."'
    )
