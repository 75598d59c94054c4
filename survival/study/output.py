"""Write a folder of results whole or not at all, with a manifest of what went in and what came out."""

from __future__ import annotations

import hashlib
import json
import os
import platform
import shutil
import tempfile
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any

import pandas as pd

from recist import InputError

MANIFEST = "manifest.json"
_PACKAGES = ("recist", "numpy", "pandas", "pyarrow", "scipy", "matplotlib", "great_tables")


class OutputError(InputError):
    """The results cannot be written where they were asked for."""


@contextmanager
def whole_folder(out: str | os.PathLike[str]) -> Iterator[Path]:
    """A new folder beside `out` that takes its place when the block ends without an error.

    An interrupted block leaves `out` as it was.  Raises OutputError when `out` is a file, or a folder that
    holds something else than earlier results.
    """
    target = Path(out).absolute()
    refuse_to_replace(target)
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        fresh = Path(tempfile.mkdtemp(prefix=f".{target.name}.partial-", dir=target.parent))
    except OSError as error:
        raise OutputError(f"{out} cannot be written: {error.strerror}. Choose another --out.") from None
    try:
        fresh.chmod(0o755)
        yield fresh
        _swap(fresh, target)
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def refuse_to_replace(target: Path) -> None:
    """Raise OutputError unless the place is free, empty or holds earlier results."""
    if not target.exists() and not target.is_symlink():
        return
    if not target.is_dir():
        raise OutputError(f"{target} is a file. Give a folder for the results (--out).")
    if any(target.iterdir()) and not (target / MANIFEST).is_file():
        raise OutputError(
            f"{target} holds files that are not earlier results (there is no {MANIFEST}). "
            "Nothing was written. Give an empty or a new folder (--out)."
        )


def _swap(fresh: Path, target: Path) -> None:
    """Put the finished folder in place of the earlier one, by renaming."""
    if not target.exists():
        fresh.rename(target)
        return
    earlier = Path(tempfile.mkdtemp(prefix=f".{target.name}.previous-", dir=target.parent))
    earlier.rmdir()  # the name is ours now; renaming over a folder is not possible everywhere
    target.rename(earlier)
    try:
        fresh.rename(target)
    except OSError:
        earlier.rename(target)
        raise
    shutil.rmtree(earlier)


def write_frame(frame: pd.DataFrame, folder: Path, name: str) -> None:
    """A frame as NAME.csv and NAME.parquet: dates as YYYY-MM-DD, numbers at full precision."""
    write_csv(frame, folder / f"{name}.csv")
    frame.to_parquet(folder / f"{name}.parquet", index=False)


def write_csv(frame: pd.DataFrame, path: Path) -> None:
    """A frame as csv in UTF-8 with the same line ends on every system."""
    frame.to_csv(path, index=False, date_format="%Y-%m-%d", lineterminator="\n", encoding="utf-8")


def sha256(path: Path) -> str:
    """The sha256 of a file, in hexadecimal."""
    with path.open("rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def write_manifest(folder: Path, inputs: Mapping[str, Path], says: Mapping[str, Any]) -> None:
    """manifest.json: what `says` holds, sha256 of inputs and of every file written so far, versions."""
    written = sorted(path for path in folder.rglob("*") if path.is_file())
    content = {
        **says,
        "inputs": {name: sha256(path) for name, path in sorted(inputs.items())},
        "outputs": {path.relative_to(folder).as_posix(): sha256(path) for path in written},
        "versions": {"python": platform.python_version(), **_versions()},
    }
    text = json.dumps(content, indent=2, ensure_ascii=False, default=str) + "\n"
    (folder / MANIFEST).write_text(text, encoding="utf-8", newline="\n")


def _versions() -> dict[str, str]:
    """Versions of the packages that the numbers and the bytes depend on."""
    found = {}
    for name in _PACKAGES:
        try:
            found[name] = version(name)
        except PackageNotFoundError:  # run from a source tree that is not installed
            found[name] = "not installed"
    return found
