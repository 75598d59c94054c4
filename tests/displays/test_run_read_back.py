"""Every table and listing of the shipped studies, read back from every format that a run writes.

Every number of every table is the result of its line and group in `results.csv`; every listing is, row by row, the
frame that it comes from.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import pandas as pd
import pytest

import survival.run
from survival import run_study
from survival.listings.best_response import HEADINGS
from survival.study.displays import all_displays
from survival.study.show import made
from survival.tables.table import Table
from tests.displays.read_back import cells_of, read_file
from tests.displays.read_numbers import Values, fault, values_of
from tests.shared import ROOT

STUDIES = ("hs_it101", "nct07028008", "nct06559644", "nct05361174", "nct05962450")
FORMATS = (".html", ".rtf", ".csv", ".docx")
SIZE = re.compile(r"\s*\(N=\d+\)$")


@dataclass
class Ran:
    """A run: its folder, its results, and the lines of its tables."""

    study: str
    out: Path
    results: dict[str, Values]
    lines: dict[str, Table]

    def frame(self, name: str) -> pd.DataFrame:
        return pd.read_parquet(self.out / f"{name}.parquet")


def file_of(study: str, folder: Path) -> Path:
    """The study file with docx asked for and without figures, the data beside it where they lie."""
    home = ROOT / "data" / "synthetic" / study
    text = (home / "study.toml").read_text("utf-8")
    text = re.sub(r'"([a-z0-9_]+\.csv)"', lambda hit: f'"{(home / hit[1]).as_posix()}"', text)
    kinds = [name for name, kind in all_displays().items() if kind.form != "figure"]
    (folder / "study.toml").write_text(f"{text}\n[displays]\ndocx = true\nonly = {kinds}\n", encoding="utf-8")
    return folder / "study.toml"


@pytest.fixture(scope="module", params=STUDIES)
def ran(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Ran:
    folder, lines = tmp_path_factory.mktemp(request.param), {}

    def kept(material, one):
        display = made(material, one)
        if isinstance(display, Table):
            lines[one.id] = display
        return display

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(survival.run, "made", kept)
        out = run_study(file_of(request.param, folder), folder / "out").out
    results = pd.read_csv(
        out / "results.csv", dtype={"text": str}, keep_default_na=False, na_values={"value": ""}
    )
    return Ran(request.param, out, values_of(results), lines)


def faults(shown: dict[str, list[str]], table: Table, values: Values) -> list[str]:
    """Every cell of a table that does not say what the results hold."""
    stub, *groups = shown
    assert shown[stub] == [line.title for line in table.lines]
    assert [SIZE.sub("", heading) for heading in groups] == list(table.columns)
    return [
        f"{line.title}, {group}: {said}"
        for heading, group in zip(groups, table.columns, strict=True)
        for line, cell in zip(table.lines, shown[heading], strict=True)
        if (said := fault(cell, line.row, line.form, group, values))
    ]


def test_every_cell_of_every_table_is_a_result(ran: Ran) -> None:
    files = [path for path in sorted((ran.out / "tables").iterdir()) if path.suffix in FORMATS]
    assert {path.stem for path in files} == set(ran.lines) and len(files) == len(FORMATS) * len(ran.lines)
    cells = 0
    for path in files:
        shown = cells_of(path)
        assert faults(shown, ran.lines[path.stem], ran.results[path.stem]) == [], path.name
        cells += sum(len(column) for column in shown.values())
    assert cells > 1000


@pytest.mark.parametrize("suffix", [".html", ".rtf", ".docx"])
def test_the_list_of_displays_names_the_files_of_its_own_format(ran: Ran, suffix: str) -> None:
    named = cells_of(ran.out / f"contents{suffix}")["File"]
    assert len(named) > len(ran.lines)
    pictures = ".svg" if suffix == ".html" else suffix
    assert all(name.endswith(pictures if name.startswith("figures/") else suffix) for name in named)
    assert all((ran.out / name).is_file() for name in named)


def test_every_table_names_the_data_cutoff_once(ran: Ran) -> None:
    found = {
        name: sum(note.startswith("Data cutoff: ") for note in notes_of(ran, name)) for name in ran.lines
    }
    assert len(found) > 10 and set(found.values()) == {1}, found


def test_tables_of_times_say_from_which_date_they_count(ran: Ran) -> None:
    kinds = ("time_to_event", "landmark", "censoring", "progression_reason", "subgroup", "sensitivity")
    asked = [name for name in ran.lines if name.startswith(kinds)]
    start = re.compile(r"(Main analysis: t|T)ime from [a-z ]+\. Events and censoring: ")
    found = {name: sum(bool(start.match(note)) for note in notes_of(ran, name)) for name in asked}
    assert len(found) > 3 and set(found.values()) == {1}, found


def notes_of(ran: Ran, name: str) -> tuple[str, ...]:
    return ran.lines[name].shell.footnotes


def test_a_changed_digit_is_found(ran: Ran) -> None:
    """Each number of the rtf of each table in turn, changed in its last digit, is a fault; blank and NE too."""
    tried = 0
    for name, table in ran.lines.items():
        shown = cells_of(ran.out / "tables" / f"{name}.rtf")
        for heading in list(shown)[1:]:
            for place, cell in enumerate(shown[heading]):
                for hit in re.finditer(r"\d(?!\.?\d)", cell):
                    other = cell[: hit.start()] + str((int(hit[0]) + 1) % 10) + cell[hit.end() :]
                    line, group = table.lines[place], SIZE.sub("", heading)
                    if line.form == "words" or cell[max(hit.start() - 6, 0)] in "<>":
                        continue
                    assert fault(other, line.row, line.form, group, ran.results[name]), (
                        name,
                        line.title,
                        cell,
                    )
                    tried += 1
    assert tried > 300


def test_every_format_of_a_listing_says_the_same(ran: Ran) -> None:
    files = [path for path in sorted((ran.out / "listings").iterdir()) if path.suffix in FORMATS]
    assert len(files) >= 5 * len(FORMATS)
    for path in files:
        wanted = cells_of(path.with_suffix(".csv"))
        assert cells_of(path) == wanted, path.name


# ---------------------------------------------------------------- listings against the frames they come from


def listings(ran: Ran, start: str) -> dict[str, pd.DataFrame]:
    """The listings whose name begins so, as they are in the rtf."""
    return {
        path.stem: pd.DataFrame(cells_of(path)).astype(str)
        for path in sorted((ran.out / "listings").glob(f"{start}*.rtf"))
    }


def text(column: pd.Series, decimals: int | None = None) -> list[str]:
    """A column of a frame in words: dates as days, numbers rounded as by hand, nothing for nothing."""
    if pd.api.types.is_datetime64_any_dtype(column):
        column = column.dt.strftime("%Y-%m-%d")
    if decimals is None:
        return column.astype("string").fillna("").tolist()
    return ["" if pd.isna(value) else value for value in column.astype("Float64")]


def same_numbers(told: list[str], values: pd.Series, decimals: int) -> bool:
    """Whether each printed number is the value rounded, and blank where there is none."""
    return all(
        one == "" if pd.isna(value) else abs(float(one) - value) <= 0.5 * 10.0**-decimals + 1e-9
        for one, value in zip(told, values, strict=True)
    )


def matched(listing: pd.DataFrame, frame: pd.DataFrame, keys: dict[str, str]) -> pd.DataFrame:
    """The rows of the frame in the order of the listing, by columns that name a row: heading -> column."""
    there = {heading: name for heading, name in keys.items() if heading in listing}
    rows = frame.assign(**{name: text(frame[name]) for name in there.values()})
    assert not rows.duplicated(list(there.values())).any()
    key = pd.MultiIndex.from_frame(rows[list(there.values())])
    places = key.get_indexer(pd.MultiIndex.from_frame(listing[list(there)]))
    assert (places >= 0).all()
    return rows.iloc[places]


def under(frame: pd.DataFrame, name: str, start: str) -> pd.DataFrame:
    """The rows of the criteria that a listing is of, when its file is named after them."""
    label = name.removeprefix(start).removeprefix("-")
    return frame[frame["criteria"].astype(str) == label] if label else frame


def test_responses_are_those_of_the_frame(ran: Ran) -> None:
    frame = ran.frame("responses").assign(day=lambda rows: rows["day"].astype(str))
    numbers = {"Sum (mm)": "sum_mm", "From baseline (%)": "change_from_baseline_pct"}
    numbers |= {"From nadir (%)": "change_from_nadir_pct", "From nadir (mm)": "change_from_nadir_mm"}
    words = {"Target": "target", "Non-target": "non_target", "Overall": "overall", "iRECIST": "ioverall"}
    for name, listing in listings(ran, "response").items():
        listing[["date", "day"]] = listing["Date (day)"].str.extract(r"^(\S+) \((-?\d+)\)$")
        keys = {
            "Subject": "subject",
            "Evaluator": "evaluator",
            "Visit": "visit",
            "date": "date",
            "day": "day",
        }
        rows = matched(listing, under(frame, name, "response"), keys)
        assert len(rows) == len(listing) > 0
        for heading, column in numbers.items():
            if heading in listing:
                assert same_numbers(listing[heading].tolist(), rows[column], 1), (name, heading)
        for heading, column in words.items():
            if heading in listing:
                assert listing[heading].tolist() == text(rows[column]), (name, heading)
        rule = rows["ioverall_rule"] if "iRECIST" in listing else rows["overall_rule"]
        assert all(one in reason for one, reason in zip(text(rule), listing["Reason"], strict=True))


def test_best_responses_are_those_of_the_frame(ran: Ran) -> None:
    frame = ran.frame("best_response")
    words = {heading: column for column, heading in HEADINGS.items()}
    for name, listing in listings(ran, "best_response").items():
        keys = {"Subject": "subject", "Evaluator": "evaluator"}
        rows = under(frame, name, "best_response")
        if "Evaluator" not in listing:
            rows = rows[rows["best_response_date"].notna() | ~rows["subject"].duplicated(keep=False)]
        rows = matched(listing, rows, keys)
        assert len(rows) == len(listing) > 0
        told = {heading: column for heading, column in words.items() if heading in listing}
        assert len(told) >= 5 and set(listing) <= {*told, *keys, "Arm", "Cohort", "Dose level"}
        for heading, column in told.items():
            assert listing[heading].tolist() == text(rows[column]), (name, heading)


def test_endpoints_are_those_of_the_frame(ran: Ran) -> None:
    frame = ran.frame("endpoints")
    names = {
        re.sub(r"[^a-z0-9_]+", "-", str(one).lower()).strip("-"): one for one in frame["endpoint"].unique()
    }
    found = listings(ran, "endpoint")
    assert {name.removeprefix("endpoint-") for name in found} == set(names)
    for name, listing in found.items():
        rows = frame[frame["endpoint"] == names[name.removeprefix("endpoint-")]]
        assert len(rows) == len(listing) > 0
        rows = matched(listing, rows, {"Subject": "subject"})
        assert listing["Days"].tolist() == text(rows["time"])
        assert listing["Outcome"].tolist() == ["event" if one else "censored" for one in rows["event"]]
        for heading, column in {"Start": "start_date", "Date": "date", "Rule": "situation"}.items():
            assert listing[heading].tolist() == text(rows[column]), (name, heading)
        assert listing["Situation"].tolist() == text(rows["description"])
        assert same_numbers(listing["Months"].tolist(), rows["time"] / 30.4375, 1)


def test_findings_are_those_of_the_frame(ran: Ran) -> None:
    frame, listing = ran.frame("findings"), listings(ran, "findings")["findings"]
    assert len(frame) == len(listing)
    if len(frame):
        said = zip(text(frame["severity"]), text(frame["finding"]), text(frame["message"]), strict=True)
        shown = listing[["Severity", "Finding", "Question"]].itertuples(index=False, name=None)
        assert sorted(said) == sorted(shown)


def test_sizes_of_lesions_are_those_of_the_data(ran: Ran) -> None:
    found = listings(ran, "lesions")
    file = ROOT / "data" / "synthetic" / ran.study / "lesions.csv"
    assert bool(found) == file.is_file()
    if not found:
        return
    listing = found["lesions"]
    rows = pd.read_csv(file, dtype={"subject": str, "visit": str, "lesion": str})
    rows = rows[rows["state"].fillna("measured").eq("measured") & rows["diameter_mm"].notna()]
    keys = ["Subject", *(["Evaluator"] if "Evaluator" in listing else []), "Lesion"]
    cells = listing.set_index(keys)
    compared = 0
    for row in rows.itertuples():
        key = tuple(str(getattr(row, name.lower())) for name in keys)
        visit = "Baseline" if row.baseline else row.visit
        if key in cells.index:
            sizes = re.split("[; ]+", cells.loc[key, visit])
            assert f"{row.diameter_mm:.1f}".removesuffix(".0") in sizes, (key, visit, row.diameter_mm)
            compared += 1
    assert compared > 40


def test_the_source_of_a_table_is_the_listing_of_its_outcome(ran: Ran) -> None:
    numbers = {}
    for path in (ran.out / "listings").glob("*.rtf"):
        numbers |= {title: path.stem for title in read_file(path).titles if title.startswith("Listing ")}
    named = {
        path.stem: [note for note in read_file(path).notes if note.startswith("Source: ")]
        for path in (ran.out / "tables").glob("*.rtf")
    }
    for name, notes in named.items():
        if name.startswith(("time_to_event-", "landmark-", "censoring-")):
            wanted = f"endpoint-{name.partition('-')[2]}"
            if wanted not in numbers.values():
                continue  # a display of a population or reading of its own
            assert [numbers[note.removeprefix("Source: ").removesuffix(".")] for note in notes] == [wanted], (
                name
            )
    assert sum(map(len, named.values())) >= 6


def test_reasons_of_ne_add_up_to_ne(ran: Ran) -> None:
    results = ran.frame("results")
    counts = results[(results["statistic"] == "count") & results["row"].str.contains("best_response NE")]
    whole = counts["row"].str.replace(": .*", "", regex=True)
    told = counts.assign(head=whole, told=counts["row"] != whole).groupby(["display", "group", "head"])
    for key, part in told:
        if part["told"].any():
            assert part.loc[part["told"], "value"].sum() == part.loc[~part["told"], "value"].sum(), key
    assert len(told) > 0 or ran.study in ("hs_it101", "nct06559644")  # small, or leukaemia: no such table
