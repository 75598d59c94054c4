"""Read a study file and hold it against what the packages know."""

from __future__ import annotations

import os
from collections.abc import Sequence

from pydantic import ValidationError

from survival.study.model import Study
from survival.study.names import name_faults
from survival.study.shape import shape_faults
from survival.study.source import Fault, StudyError, StudyFile, read_toml


def read_study(path: str | os.PathLike[str]) -> Study:
    """Read a study file (TOML) and check every key, name and setting in it.

    Parameters
    ----------
    path
        The study file.  Paths inside it are relative to the file; `${NAME}` in them is an environment
        variable.

    Returns
    -------
    Study
        The study as a frozen value.

    Raises
    ------
    StudyError
        When the file cannot be read or says something unknown: one line per fault, each with file, line,
        key and the nearest known word.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder, "study.toml")
    ...     _ = file.write_text('[study]\\nid = "X"\\n[data]\\nlesions = "l.csv"\\nsubjects = "s.csv"\\n')
    ...     read_study(file).study.id
    'X'
    """
    source = read_toml(path)
    try:
        study = Study.model_validate(source.says)
    except ValidationError as error:
        raise _all(source, list(shape_faults([dict(e) for e in error.errors()]))) from None
    study._source = source
    if faults := list(name_faults(study)):
        raise _all(source, faults)
    return study


def _all(source: StudyFile, faults: Sequence[Fault]) -> StudyError:
    """One error for all faults of the file, in the order of its lines."""
    messages = [str(source.error(key, message)) for key, message in faults]
    return StudyError("\n".join(dict.fromkeys(messages)))
