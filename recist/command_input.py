"""What the commands that take a lesion table have in common: their options, and the tables behind them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, fields
from functools import wraps
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from recist.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from recist.criteria.base import Criteria

FILE = click.Path(path_type=Path)


@dataclass(frozen=True, kw_only=True)
class LesionOptions:
    """The words of one call about its lesion table."""

    lesions: Path
    criteria: str
    start: Path | None
    visits: Path | None
    suffix: str | None


def lesion_options(command: Callable[..., int]) -> Callable[..., int]:
    """The argument LESIONS and the options that go with it, handed to the command as one value."""

    @wraps(command)  # the options below it too
    def gathered(**words: Any) -> int:
        mine = LesionOptions(**{field.name: words.pop(field.name) for field in fields(LesionOptions)})
        return command(mine, **words)

    for option in reversed(
        (
            click.argument("lesions", type=FILE),
            click.option(
                "--criteria", default="recist_1_1", show_default=True, help="See `recist criteria`."
            ),
            click.option(
                "--start", type=FILE, help="Subject table with start dates; without it baseline dates."
            ),
            click.option("--visits", type=FILE, help="Table of facts about visits."),
            click.option("--suffix", help="SDTM folder: `onco` reads tu_onco.csv rather than tu.csv."),
        )
    ):
        gathered = option(gathered)
    return gathered


@dataclass(frozen=True)
class Tables:
    """The tables that a command was given, and what reading them already found."""

    lesions: pd.DataFrame
    visits: pd.DataFrame | None
    findings: pd.DataFrame | None

    def assess(self, criteria: Criteria, subjects: pd.DataFrame | None) -> pd.DataFrame:
        """Responses under the criteria."""
        import recist

        return recist.assess(self.lesions, criteria=criteria, start=subjects, visits=self.visits)


def read_tables(options: LesionOptions) -> Tables:
    """The lesion table of a file or of a folder of SDTM, and the table of visits."""
    import recist

    visits = None
    if options.visits is not None:
        visits = recist.read_conformed(
            options.visits, None, lambda frame: recist.conform(frame, recist.VISITS)
        )
    if not options.lesions.is_dir():
        if options.suffix is not None:
            raise InputError(
                f"--suffix is for a folder of SDTM, and {options.lesions} is none. Leave it out."
            )
        return Tables(recist.read_lesions(options.lesions), visits, None)
    read = recist.read_sdtm(options.lesions, suffix=options.suffix)
    if read.lesions is None:
        raise InputError(f"{options.lesions}: there are no lesions (TU and TR) in this folder.")
    return Tables(read.lesions, visits, read.findings)
