"""The study file as text: its path, the line of each key, and errors that name them."""

from __future__ import annotations

import os
import re
import tomllib
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from pathlib import Path
from typing import Any

from recist import InputError
from survival.study.lines import Lines

Key = tuple[str | int, ...]
Fault = tuple[Key, str]

_VARIABLE = re.compile(r"\$\{([A-Za-z_][A-Za-z0-9_]*)\}")


class StudyError(InputError):
    """The study file says something that cannot be carried out; the message names file, line and remedy."""


@dataclass(frozen=True)
class StudyFile:
    """Path and text of a study file, and what it says as nested dictionaries."""

    path: Path
    text: str
    says: dict[str, Any] = field(repr=False, default_factory=dict)

    def place(self, key: Sequence[str | int]) -> str:
        """File and line of a key, as an error begins."""
        line = Lines(self.text).line(key)
        return f"{self.path.name}, line {line}" if line else self.path.name

    def error(self, key: Sequence[str | int], message: str) -> StudyError:
        """The error for what stands at a key."""
        return StudyError(f"{self.place(key)}: {message}")

    def resolve(self, key: Sequence[str | int], written: str) -> Path:
        """A path of the study file, relative to it; `${NAME}` is an environment variable."""

        def value(found: re.Match[str]) -> str:
            if found.group(1) not in os.environ:
                raise self.error(
                    key, f"the environment variable {found.group(1)} is not set. Set it, or write the path."
                )
            return os.environ[found.group(1)]

        return self.path.parent / Path(_VARIABLE.sub(value, written))


def read_toml(path: str | os.PathLike[str]) -> StudyFile:
    """The study file, parsed; a file that is absent, unreadable or no TOML gives a StudyError."""
    where = Path(path)
    try:
        text = where.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        raise StudyError(f"{where}: no such file. Give the path of a study file (TOML).") from None
    except IsADirectoryError:
        raise StudyError(f"{where} is a folder. Give the study file in it: {where / 'study.toml'}") from None
    except UnicodeDecodeError:
        raise StudyError(f"{where}: not a text file in UTF-8. Save the study file as UTF-8.") from None
    except OSError as error:
        raise StudyError(f"{where} cannot be read: {error.strerror}.") from None
    try:
        return StudyFile(where, text, tomllib.loads(text))
    except tomllib.TOMLDecodeError as error:
        raise StudyError(_syntax(where, str(error))) from None


def _syntax(path: Path, message: str) -> str:
    """What the TOML parser says, with the line first and the commonest remedy after it."""
    at = re.search(r"\(at line (\d+), column (\d+)\)", message)
    what = message[: at.start()].strip() if at else message.replace("(at end of document)", "").strip()
    place = f", line {at.group(1)}, column {at.group(2)}" if at else ", last line"
    return (
        f"{path.name}{place}: not valid TOML: {what}. "
        'Texts stand in quotes ("..."), lists in [ ], and each key once in its table.'
    )


def nearest(word: str, known: Iterable[str]) -> str:
    """` Did you mean ...?` for a close word, and the known words: the end of an error message."""
    words = list(dict.fromkeys(str(k) for k in known))
    small = {w.lower(): w for w in words}
    close = get_close_matches(word.lower(), small, n=1, cutoff=0.6)
    guess = f" Did you mean '{small[close[0]]}'?" if close else ""
    return f"{guess} Known: {', '.join(words) or 'none'}."
