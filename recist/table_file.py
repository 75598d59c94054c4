"""A table from a file, by its suffix: text stays text, and whatever goes wrong is said in one sentence."""

from __future__ import annotations

import gzip
import shutil
import tempfile
import warnings
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

import pandas as pd

from recist.errors import InputError

Error = type[InputError]


def read_table(path: str | Path, error: Error = InputError) -> pd.DataFrame:
    """Read a csv, parquet, xlsx, xpt or sas7bdat file, plain or with .gz behind the suffix.

    Parameters
    ----------
    path : str or Path
        The file; its suffix decides how it is read.
    error : subclass of InputError
        What is raised when the file cannot be read.

    Returns
    -------
    DataFrame
        The columns of the file in its order.  Text is categorical and never turned into numbers, so that
        an identifier keeps its leading zeros; SAS dates are datetime64.

    Raises
    ------
    InputError
        (or `error`) when the path is missing, a folder, empty, damaged, of an unknown suffix or encoding, or
        when a column name occurs twice.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "subjects.csv"
    >>> _ = file.write_text("subject,arm\\n007,A\\n")
    >>> read_table(file)["subject"].tolist()
    ['007']
    """
    file = Path(path)
    _refuse_what_is_no_file(file, error)
    suffix = [part.lower() for part in file.suffixes]
    kind = suffix[-2] if suffix[-1:] == [".gz"] and len(suffix) > 1 else "".join(suffix[-1:])
    if kind not in _READERS:
        known = ", ".join(_READERS)
        raise error(f"{file}: the suffix {kind or '(none)'} is not known. Known are {known}, also with .gz")
    try:
        frame = _read_unpacked(file, _READERS[kind]) if suffix[-1] == ".gz" else _READERS[kind](file)
    except UnicodeDecodeError as e:
        raise error(f"{file}: not UTF-8 text (byte {e.start}). Save it as UTF-8 (Excel: CSV UTF-8)") from e
    except pd.errors.EmptyDataError as e:
        raise error(f"{file}: the file is empty. The first line must name the columns") from e
    except PermissionError as e:
        raise error(f"{file}: may not be read. Change its permissions, or copy it elsewhere") from e
    except _damage() as e:
        said = str(e).strip().splitlines()[-1] if str(e).strip() else type(e).__name__
        raise error(f"{file}: cannot be read as {kind} ({said}). Is it complete, and of that kind?") from e
    if repeated := sorted({str(c) for c in frame.columns[frame.columns.duplicated()]}):
        raise error(f"{file}: column {repeated[0]!r} occurs more than once. Rename or remove one of them")
    return frame


def read_conformed(
    path: str | Path,
    columns: Mapping[str, str] | None,
    conformed: Callable[[pd.DataFrame], pd.DataFrame],
    error: Error = InputError,
) -> pd.DataFrame:
    """Read a table, rename its columns and bring it into the form of its data dictionary.

    Parameters
    ----------
    path : str or Path
        The file, as for `read_table`.
    columns : mapping or None
        Their column name -> ours.
    conformed : callable
        Frame in, frame in the form wanted out; what it refuses is an `error`.
    error : subclass of InputError
        What is raised when the file, a column or a value cannot be used.

    Returns
    -------
    DataFrame
        What `conformed` makes of the table.

    Raises
    ------
    InputError
        (or `error`) with the path in front.

    Examples
    --------
    >>> import tempfile, pathlib
    >>> file = pathlib.Path(tempfile.mkdtemp()) / "subjects.csv"
    >>> _ = file.write_text("USUBJID,arm\\n007,A\\n")
    >>> list(read_conformed(file, {"USUBJID": "subject"}, lambda frame: frame))
    ['subject', 'arm']
    """
    frame = read_table(path, error)
    try:
        if absent := [theirs for theirs in columns or {} if theirs not in frame]:
            names = ", ".join(map(str, frame.columns))
            raise error(f"no column {absent[0]!r} to rename. The columns are {names}")
        return conformed(frame.rename(columns=dict(columns or {})))
    except error as e:
        raise error(f"{path}: {e}") from None


def _refuse_what_is_no_file(file: Path, error: Error) -> None:
    if file.is_dir():
        raise error(f"{file}: is a folder. Name the file inside it (SDTM folders: read_sdtm)")
    if not file.exists():
        beside = sorted(f.name for f in file.parent.glob("*") if f.stem == file.stem and f != file)
        hint = f"Did you mean {beside[0]}?" if beside else "Check the spelling and the folder"
        raise error(f"{file}: no such file. {hint}")
    if file.stat().st_size == 0:
        raise error(f"{file}: the file is empty. The first line must name the columns")


def _damage() -> tuple[type[Exception], ...]:
    """What the libraries raise for a file that is not what its suffix says."""
    import zipfile

    import pyarrow as pa
    import pyreadstat

    return (
        *(
            pd.errors.ParserError,
            pa.ArrowInvalid,
            pa.ArrowNotImplementedError,
            zlib.error,
            zipfile.BadZipFile,
        ),
        *(pyreadstat.ReadstatError, pyreadstat.PyreadstatError, EOFError, OSError, KeyError, ValueError),
    )


def _read_unpacked(file: Path, read: Callable[[Path], pd.DataFrame]) -> pd.DataFrame:
    """Unpack beside nothing of the user's, read, and leave nothing behind."""
    with tempfile.TemporaryDirectory() as folder:
        plain = Path(folder) / file.with_suffix("").name
        with gzip.open(file) as packed, plain.open("wb") as out:
            shutil.copyfileobj(packed, out)
        if plain.stat().st_size == 0:
            raise pd.errors.EmptyDataError
        return read(plain)


def _csv(file: Path) -> pd.DataFrame:
    with file.open("rb") as f:
        if b"\0" in f.read(4096):
            raise ValueError("it holds bytes that no text file has")
    with file.open(encoding="utf-8-sig") as f:
        names = f.readline().rstrip("\r\n")
    if "," not in names and (mark := next((m for m in (";", "\t", "|") if m in names), None)):
        raise ValueError(f"the columns are separated by {mark!r}: save it separated by commas")
    head = pd.read_csv(file, header=None, nrows=1, dtype=str, encoding="utf-8-sig").iloc[0]
    # Text first: asked for categories at once, pandas 3 makes numbers of identifiers and drops leading zeros.
    with warnings.catch_warnings():
        warnings.simplefilter("error", pd.errors.ParserWarning)  # pandas would drop what has no heading
        try:
            body = pd.read_csv(
                file, dtype=str, keep_default_na=False, na_values=[""], encoding="utf-8-sig", index_col=False
            ).astype("category")
        except pd.errors.ParserWarning:
            raise ValueError(
                f"its rows hold more values than the {len(head)} columns of its first line"
            ) from None
    body.columns = pd.Index(
        [str(name).strip() for name in head]
    )  # pandas renames a repeated column; we refuse it
    return body


def _parquet(file: Path) -> pd.DataFrame:
    import pyarrow as pa
    import pyarrow.parquet as pq

    schema = pq.read_schema(file)
    text = [f.name for f in schema if pa.types.is_string(f.type) or pa.types.is_large_string(f.type)]
    table = pq.read_table(file, read_dictionary=text)
    frame: pd.DataFrame = table.to_pandas(date_as_object=False, ignore_metadata=False)
    return frame


def _xlsx(file: Path) -> pd.DataFrame:
    sheets = pd.read_excel(
        file, sheet_name=None, header=None, dtype=str, keep_default_na=False, na_values=[""]
    )
    filled = {name: sheet for name, sheet in sheets.items() if len(sheet)}
    if not filled:
        raise pd.errors.EmptyDataError
    if len(filled) > 1:
        raise ValueError(f"it has {len(filled)} sheets with content, {', '.join(filled)}: keep one")
    sheet = next(iter(filled.values()))
    body = sheet.iloc[1:].reset_index(drop=True)
    body.columns = pd.Index([str(name).strip() for name in sheet.iloc[0]])
    return body.astype("category")


def _sas(read: str) -> Callable[[Path], pd.DataFrame]:
    def reader(file: Path) -> pd.DataFrame:
        import pyreadstat

        if read == "read_xport" and file.stat().st_size % 80:  # SAS TS-140: records of 80 bytes
            raise ValueError("its length is no multiple of 80 bytes, so it is cut")
        frame, meta = getattr(pyreadstat, read)(str(file))
        promised = meta.number_rows  # None where the format does not store it
        if promised is not None and promised != len(frame):
            raise ValueError(f"it promises {promised} rows and holds {len(frame)}")
        typed: pd.DataFrame = frame
        return typed.astype({c: "category" for c in typed.columns if _is_text(typed[c])})

    return reader


def _is_text(column: pd.Series[Any]) -> bool:
    return isinstance(column.dtype, pd.StringDtype) or column.dtype == object


_READERS: dict[str, Callable[[Path], pd.DataFrame]] = {
    ".csv": _csv,
    ".parquet": _parquet,
    ".xlsx": _xlsx,
    ".xpt": _sas("read_xport"),
    ".sas7bdat": _sas("read_sas7bdat"),
}
