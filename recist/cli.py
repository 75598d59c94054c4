"""The command line: each command parses, calls one public function and writes.

Exit codes: 0 fine; 1 done, and there are findings of severity error; 2 bad input or wrong usage, nothing
written; 3 a fault in this program; 130 interrupted.  Heavy imports happen inside the commands.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from recist import __version__
from recist.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

    from recist.criteria.base import Criteria

FINE, FINDINGS, BAD_INPUT, FAULT, INTERRUPTED = 0, 1, 2, 3, 130
FILE = click.Path(path_type=Path)


@click.group(context_settings={"help_option_names": ["-h", "--help"]})
@click.option("--debug", is_flag=True, help="Show the traceback of an error.")
@click.version_option(__version__, prog_name="recist")
def commands(debug: bool) -> None:
    """Tumour response and trial endpoints from lesion measurements, each value with its rule.

    Exit codes: 0 fine, 1 findings of severity error, 2 bad input or usage, 3 a fault in this program.
    """


@commands.command()
@click.argument("study", type=FILE)
@click.option("--out", type=FILE, default=Path("out"), show_default=True, help="Folder for the results.")
def run(study: Path, out: Path) -> int:
    """Derive everything that the study file STUDY asks for, into a folder of results.

    The folder is written whole or not at all; an earlier result in it is replaced only when the new one is
    complete.  With findings of severity error the results are written all the same and the exit code is 1.
    """
    from survival.run import run_study
    from survival.study import read_study

    written = run_study(read_study(study), out=out, progress=_progress)
    click.echo(f"{written.summary}\nResults: {out}")
    return _code(written.findings)


@commands.command()
@click.argument("lesions", type=FILE)
@click.option(
    "--criteria", default="recist_1_1", show_default=True, help="Criteria the limits are taken from."
)
@click.option("--start", type=FILE, help="Subject table, for findings about dates.")
@click.option("--visits", type=FILE, help="Table of facts about visits.")
@click.option("--out", type=FILE, help="Also write the findings to this file (csv or parquet).")
def check(lesions: Path, criteria: str, start: Path | None, visits: Path | None, out: Path | None) -> int:
    """Print what is doubtful in a lesion table (a file, or a folder of SDTM)."""
    from recist import check_lesions, get_criteria
    from recist.write import write_frames

    chosen, tables = get_criteria(criteria), _tables(lesions, start, visits)
    found = check_lesions(tables.lesions, chosen, tables.subjects, tables.visits)
    if out is not None:
        write_frames({out: found})
    for severity, name, message in found[["severity", "finding", "message"]].itertuples(index=False):
        click.echo(f"{severity:8}{name}: {message}")
    errors = int((found["severity"] == "error").sum())
    click.echo(f"{_count(len(found), 'finding')}, {errors} of severity error", err=True)
    return _code(found)


@commands.command()
@click.argument("lesions", type=FILE)
@click.option("--criteria", default="recist_1_1", show_default=True, help="See `recist criteria`.")
@click.option("--start", type=FILE, help="Subject table with the start dates; without it baseline dates.")
@click.option("--visits", type=FILE, help="Table of facts about visits.")
@click.option("--out", type=FILE, required=True, help="File for the responses (csv or parquet).")
def assess(lesions: Path, criteria: str, start: Path | None, visits: Path | None, out: Path) -> int:
    """Derive the responses at every visit and the best responses of LESIONS (a file, or a folder of SDTM).

    The best responses go beside --out: responses.csv and responses_best.csv.
    """
    import recist
    from recist.write import refuse_path, write_frames

    refuse_path(out)
    chosen = recist.get_criteria(criteria)
    responses = _tables(lesions, start, visits).assess(chosen)
    best = recist.best_response(responses)
    beside = out.with_name(f"{out.stem}_best{out.suffix}")
    write_frames({out: responses, beside: best})
    click.echo(
        f"{_count(len(responses), 'response')} in {out}, {_count(len(best), 'best response')} in {beside}"
    )
    return FINE


@commands.command()
@click.argument("lesions", type=FILE)
@click.option("--subject", required=True, help="Subject identifier.")
@click.option("--visit", help="One visit; without it the best response and all visits.")
@click.option("--evaluator", help="Whose reading, when there are several.")
@click.option("--criteria", default="recist_1_1", show_default=True, help="See `recist criteria`.")
@click.option("--start", type=FILE, help="Subject table with the start dates; without it baseline dates.")
@click.option("--visits", type=FILE, help="Table of facts about visits.")
def explain(
    lesions: Path,
    subject: str,
    visit: str | None,
    evaluator: str | None,
    **settings: Any,
) -> int:
    """Say why a subject of LESIONS has this response, with the rule and the paper."""
    import recist

    chosen = recist.get_criteria(settings["criteria"])
    tables = _tables(lesions, settings["start"], settings["visits"])
    said = recist.explain(tables.assess(chosen), subject, visit, evaluator, lesions=tables.lesions)
    click.echo(said)
    return FINE


@commands.command()
@click.argument("name", required=False)
def criteria(name: str | None) -> int:
    """List the criteria, or print the tables and conventions of one of them."""
    from recist import all_criteria, get_criteria

    if name is None:
        for key in all_criteria():
            click.echo(f"{key}  {get_criteria(key).title}")
        return FINE
    chosen = get_criteria(name)
    click.echo(f"{chosen.title}\n{chosen.citation}\n")
    for table in (chosen.target, chosen.non_target, chosen.new_lesion, chosen.time_point):
        click.echo(f"{table}\n")
    click.echo("Conventions (each can be edited: NAME[field=value])")
    width = max(map(len, chosen.conventions()))
    for field, value in chosen.conventions().items():
        click.echo(f"  {field.ljust(width)} = {value}")
    return FINE


@commands.command()
@click.option("--study", required=True, help="Which trial to imitate.")
@click.option("--subjects", type=click.IntRange(min=1), help="Number of subjects; without it the trial's.")
@click.option("--seed", type=int, help="The same seed gives the same bytes; without it the trial's.")
@click.option("--out", type=FILE, required=True, help="Folder for the data.")
def simulate(study: str, subjects: int | None, seed: int | None, out: Path) -> int:
    """Write a synthetic study with known truth."""
    import recist

    recist.simulate(study, n_subjects=subjects, seed=seed).write(out)
    click.echo(f"Synthetic study {study} in {out}")
    return FINE


# ---------------------------------------------------------------- what the commands share


@dataclass(frozen=True)
class _Tables:
    """The tables that a command was given."""

    lesions: pd.DataFrame
    subjects: pd.DataFrame | None
    visits: pd.DataFrame | None

    def assess(self, criteria: Criteria) -> pd.DataFrame:
        """Responses under the criteria."""
        import recist

        return recist.assess(self.lesions, criteria=criteria, start=self.subjects, visits=self.visits)


def _tables(lesions: Path, start: Path | None, visits: Path | None) -> _Tables:
    """The lesion table of a file or of a folder of SDTM, and what belongs to it."""
    import recist

    facts = None if visits is None else recist.conform(recist.read_table(visits), recist.VISITS)
    if not lesions.is_dir():
        return _Tables(recist.read_lesions(lesions), _subjects(start), facts)
    read = recist.read_sdtm(lesions)
    if read.lesions is None:
        raise InputError(f"{lesions}: there are no lesions (TU and TR) in this folder.")
    return _Tables(read.lesions, _subjects(start), facts)


def _subjects(path: Path | None) -> pd.DataFrame | None:
    """The subject table, where one is given."""
    if path is None:
        return None
    from survival import read_subjects

    frame: pd.DataFrame = read_subjects(path)
    return frame


def _count(number: int, noun: str) -> str:
    """`1 finding`, `2 findings`."""
    return f"{number} {noun}{'' if number == 1 else 's'}"


def _code(findings: pd.DataFrame) -> int:
    """Exit code that the findings ask for."""
    return FINDINGS if (findings["severity"] == "error").any() else FINE


def _progress(message: str) -> None:
    """One line of progress on the error stream, so that results can be piped."""
    click.echo(message, err=True)


# ---------------------------------------------------------------- the front door


def main(arguments: Sequence[str] | None = None) -> None:
    """Run the command line and leave with its exit code; bad input never shows a traceback."""
    words = list(sys.argv[1:] if arguments is None else arguments)
    with _terminated_like_interrupted():
        code = _run(words)
    sys.exit(code)


def _run(words: list[str]) -> int:
    """The exit code of one call."""
    try:
        code = commands.main(args=words, prog_name="recist", standalone_mode=False)
        sys.stdout.flush()
        return int(code or FINE)
    except click.exceptions.Abort:
        return _say("interrupted; nothing was written", INTERRUPTED)
    except click.ClickException as error:
        error.show()
        return BAD_INPUT
    except SystemExit as end:  # click's answer to a reader, such as `head`, that has seen enough
        return FINE if end.code == 1 else BAD_INPUT
    except KeyboardInterrupt:
        return _say("interrupted; nothing was written", INTERRUPTED)
    except Exception as error:  # the last resort of the front door: no traceback unless asked for
        if "--debug" in words:
            raise
        if isinstance(error, InputError):
            return _say(str(error), BAD_INPUT)
        what = str(error).strip().splitlines()[0] if str(error).strip() else "no message"
        return _say(f"unexpected {type(error).__name__}: {what} (recist --debug ... shows the place)", FAULT)


def _say(message: str, code: int) -> int:
    """A message for the user on the error stream."""
    click.echo(f"recist: {message}", err=True)
    return code


@contextmanager
def _terminated_like_interrupted() -> Iterator[None]:
    """Let SIGTERM unwind like Ctrl-C, so that half-written folders are removed."""

    def interrupt(number: int, frame: Any) -> None:
        raise KeyboardInterrupt

    try:
        earlier = signal.signal(signal.SIGTERM, interrupt)
    except ValueError:  # not the main thread: leave the signals alone
        yield
        return
    try:
        yield
    finally:
        signal.signal(signal.SIGTERM, earlier)
