"""The command line: each command parses, calls one public function and writes.

Exit codes: 0 fine; 1 done, and there are findings of severity error; 2 bad input or wrong usage, nothing
written; 3 a fault in this program; 130 interrupted.  Heavy imports happen inside the commands.
"""

from __future__ import annotations

import signal
import sys
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from recist import __version__
from recist.command_input import FILE, LesionOptions, lesion_options, read_tables
from recist.errors import InputError

if TYPE_CHECKING:
    import pandas as pd

FINE, FINDINGS, BAD_INPUT, FAULT, INTERRUPTED = 0, 1, 2, 3, 130


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
@lesion_options
@click.option("--out", type=FILE, help="Also write the findings to this file (csv or parquet).")
def check(options: LesionOptions, out: Path | None) -> int:
    """Print what is doubtful in LESIONS (a lesion table, or a folder of SDTM)."""
    import pandas as pd

    from recist import check_lesions, get_criteria
    from recist.write import write_frames

    chosen, tables = get_criteria(options.criteria), read_tables(options)
    found = check_lesions(tables.lesions, chosen, _subjects(options.start), tables.visits)
    if tables.findings is not None:
        found = pd.concat([tables.findings.astype(object), found.astype(object)], ignore_index=True)
        found = found.astype({"row": "Int64"})
    if out is not None:
        write_frames({out: found})
    for severity, name, message in found[["severity", "finding", "message"]].itertuples(index=False):
        click.echo(f"{severity:8}{name}: {message}")
    errors = int((found["severity"] == "error").sum())
    click.echo(f"{_count(len(found), 'finding')}, {errors} of severity error", err=True)
    return _code(found)


@commands.command()
@lesion_options
@click.option("--out", type=FILE, required=True, help="File for the responses (csv or parquet).")
def assess(options: LesionOptions, out: Path) -> int:
    """Derive the responses at every visit and the best responses of LESIONS (a table, or a folder of SDTM).

    The best responses go beside --out: responses.csv and responses_best.csv.
    """
    import recist
    from recist.write import refuse_path, write_frames

    refuse_path(out)
    chosen, subjects = recist.get_criteria(options.criteria), _subjects(options.start)
    responses = read_tables(options).assess(chosen, subjects)
    best = recist.best_response(responses, subjects=subjects)
    beside = out.with_name(f"{out.stem}_best{out.suffix}")
    write_frames({out: responses, beside: best})
    made = f"{_count(len(responses), 'response')} in {out}, {_count(len(best), 'best response')} in {beside}"
    click.echo(made)
    return FINE


@commands.command()
@lesion_options
@click.option("--subject", required=True, help="Subject identifier.")
@click.option("--visit", help="One visit; without it the best response and all visits.")
@click.option("--evaluator", help="Whose reading, when there are several.")
def explain(options: LesionOptions, subject: str, visit: str | None, evaluator: str | None) -> int:
    """Say why a subject of LESIONS has this response, with the rule and the paper."""
    import recist

    chosen, tables = recist.get_criteria(options.criteria), read_tables(options)
    responses = tables.assess(chosen, _subjects(options.start))
    click.echo(recist.explain(responses, subject, visit, evaluator, lesions=tables.lesions))
    return FINE


@commands.command()
@click.argument("name", required=False)
def criteria(name: str | None) -> int:
    """List the criteria, or print the tables and conventions of one of them."""
    from recist import all_criteria, get_criteria

    if name is None:
        for key in all_criteria():
            one = get_criteria(key)
            click.echo(f"{key}  {one.title}. {one.citation}")
        return FINE
    chosen = get_criteria(name)
    click.echo(f"{chosen.title}\n{chosen.citation}\n")
    for table in chosen.printed():
        click.echo(f"{table}\n")
    click.echo("Conventions (each can be edited: NAME[field=value])")
    width = max(map(len, chosen.conventions()))
    for field, value in chosen.conventions().items():
        click.echo(f"  {field.ljust(width)} = {value}")
    return FINE


@commands.command("study")
@click.argument("name", required=False)
@click.option("--schema", is_flag=True, help="Print the JSON schema of study files, for an editor.")
def study_command(name: str | None, schema: bool) -> int:
    """Print the study file NAME as a protocol would say it, in sentences.

    NAME is a study file, a folder with a study.toml, or the name of such a folder in data/synthetic.
    """
    import json

    from survival.study import read_study, study_schema, study_text

    if schema:
        click.echo(json.dumps(study_schema(), indent=2))
        return FINE
    if name is None:
        raise click.UsageError("Name a study file, or ask for --schema.")
    click.echo(study_text(read_study(_study_file(name))), nl=False)
    return FINE


def _study_file(name: str) -> Path:
    """The file itself, the one in that folder, or the one of that name in data/synthetic."""
    places = [Path(name), Path("data", "synthetic", name)]
    folders = [place / "study.toml" for place in places if (place / "study.toml").is_file()]
    return folders[0] if folders and not places[0].is_file() else places[0]


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
