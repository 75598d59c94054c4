"""Write frames to files by their suffix, all of them or none."""

from __future__ import annotations

import os
from pathlib import Path
from typing import TYPE_CHECKING

from recist.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

SUFFIXES = (".csv", ".parquet")


def write_frames(frames: dict[Path, pd.DataFrame]) -> None:
    """Write each frame to its path, csv or parquet; an error leaves every earlier file as it was."""
    for path in frames:
        refuse_path(path)
    fresh = {path: path.with_name(f".{path.name}.{os.getpid()}.partial") for path in frames}
    try:
        for path, frame in frames.items():
            if path.suffix == ".csv":
                frame.to_csv(fresh[path], index=False, date_format="%Y-%m-%d", lineterminator="\n")
            else:
                frame.to_parquet(fresh[path], index=False)
        for path in frames:
            fresh[path].replace(path)
    except OSError as error:
        raise InputError(f"{next(iter(frames))} cannot be written: {error.strerror or error}.") from None
    finally:
        for path in fresh.values():
            if path.parent.is_dir():
                path.unlink(missing_ok=True)


def refuse_path(path: Path) -> None:
    """Raise InputError for a path that no frame can be written to."""
    if path.suffix not in SUFFIXES:
        raise InputError(f"{path}: tables are written as .csv or .parquet. Give one of these suffixes.")
    if path.is_dir():
        raise InputError(f"{path} is a folder. Give a file name (--out).")
    if not path.parent.is_dir():
        raise InputError(f"{path}: there is no folder {path.parent}. Make it first, or choose another --out.")
