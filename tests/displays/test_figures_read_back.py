"""Every number that a figure of a run prints is a result of the run: the svg files are read back."""

from __future__ import annotations

import shutil
from pathlib import Path

import pandas as pd
import pytest

from survival import run_study
from survival.study.display import file_name
from tests.displays.read_back import read_file
from tests.displays.read_figure import Word, description_of, lines_of, prose_of, words_of

DATA = Path(__file__).parents[2] / "data" / "synthetic" / "nct05962450"
ONLY = (
    *("time_to_event_table", "km_plot", "cumulative_incidence_table", "cumulative_incidence_plot"),
    *("subgroup_table", "forest_plot", "rate_subgroup_table", "rate_forest_plot"),
    *("concordance_table", "agreement_plot", "qlq_table", "qlq_plot"),
)
ARMS = ("Experimental", "Control")
MONTH = 30.4375
LABELS = {
    "Age, years": "age_group",
    "Sex": "sex",
    "Etiology": "etiology",
    "Vascular invasion": "vascular_invasion",
    "AFP at least 400 ng/mL": "afp_400",
}
TIMES = ["PFS", "iPFS", "OS", "DOR", "iDOR", "TTP", "iTTP", "TTD, pain"]


@pytest.fixture(scope="module")
def out(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("figures")
    for path in DATA.glob("*.csv"):
        shutil.copy(path, folder)
    listed = ", ".join(f'"{kind}"' for kind in ONLY)
    study = (DATA / "study.toml").read_text(encoding="utf-8")
    (folder / "study.toml").write_text(f"{study}\n[displays]\nonly = [{listed}]\n", encoding="utf-8")
    return run_study(folder / "study.toml", folder / "out").out


@pytest.fixture(scope="module")
def results(out: Path) -> dict[tuple[str, str, str, str], str]:
    """(display, row, group, statistic) -> the number as printed."""
    frame = pd.read_csv(out / "results.csv", dtype=str, keep_default_na=False)
    keys = frame[["display", "row", "group", "statistic"]].itertuples(index=False, name=None)
    return dict(zip(keys, frame["text"], strict=True))


def svg(out: Path, name: str) -> str:
    return (out / "figures" / f"{name}.svg").read_text(encoding="utf-8")


class Results:
    """The texts of one table."""

    def __init__(self, results: dict[tuple[str, str, str, str], str], display: str) -> None:
        self.results, self.display = results, display

    def __call__(self, row: str, group: str, statistic: str = "estimate") -> str:
        return self.results[self.display, row, group, statistic]

    def has(self, row: str, group: str) -> bool:
        return (self.display, row, group, "estimate") in self.results

    def limited(self, row: str, group: str, sign: str = "–") -> str:
        """'8.6 (7.1–10.4)' of the table's numbers; NE for what is not estimable."""
        value, lower, upper = (self(row, group, name) for name in ("estimate", "lower", "upper"))
        if lower == upper == "NE":
            return value if value == "NE" else f"{value} (NE)"
        return f"{value} ({lower}{sign}{upper})"


@pytest.mark.parametrize("name", TIMES)
def test_key_of_the_curves(out: Path, results: dict[tuple[str, str, str, str], str], name: str) -> None:
    drawn, told = svg(out, f"km-{file_name(name)}"), Results(results, f"time_to_event-{file_name(name)}")
    head, *lines = lines_of(drawn)
    assert head[:2] == ["Events/n", "Median (95% CI), months"]
    landmarks = [text.removeprefix("At ").removesuffix(" (95% CI)") for text in head[2:]]
    assert landmarks == ([] if name in ("DOR", "iDOR") else ["6 months", "12 months"])
    for group, line in zip(ARMS, lines, strict=False):
        counts = f"{told('Events', group, 'count')}/{told('Subjects', group, 'count')}"
        rates = [told.limited(f"Rate at {landmark}", group) for landmark in landmarks]
        assert line == [group, counts, told.limited("Median", group), *rates]
    if told.has("Hazard ratio", "Experimental"):
        ratio = told.limited("Hazard ratio", "Experimental").replace("(", "(95% CI ")
        p = told("Log-rank", "Experimental", "p_value")
        said = f"Experimental vs Control: hazard ratio {ratio}, log-rank p={p}"
        assert said.replace("p=<", "p<") in prose_of(drawn)
    else:
        assert name in ("DOR", "iDOR") and "hazard ratio" not in prose_of(drawn)


@pytest.mark.parametrize("name", [*TIMES, "CIP"])
def test_numbers_at_risk_are_counted_from_the_times(out: Path, name: str) -> None:
    kind = "cumulative_incidence" if name == "CIP" else "km"
    lines = lines_of(svg(out, f"{kind}-{file_name(name)}"))
    tte = pd.read_csv(out / "endpoints.csv").query("endpoint == @name")
    place = lines.index(["Number at risk"])
    ticks = next(line for line in reversed(lines[:place]) if len(line) > 3 and line[0] == "0")
    for group, line in zip(ARMS, lines[place + 1 :], strict=False):
        times = tte.loc[tte["arm"] == group, "time"]
        assert line == [group, *(str(int((times >= float(tick) * MONTH - 1e-6).sum())) for tick in ticks)]


def test_cumulative_incidence(out: Path, results: dict[tuple[str, str, str, str], str]) -> None:
    drawn, told = prose_of(svg(out, "cumulative_incidence-cip")), Results(results, "cumulative_incidence-cip")
    causes = ("progression", "death without progression")
    for group in ARMS:
        counted = ", ".join(f"{cause} {told(f'{cause}: events', group, 'count')}" for cause in causes)
        assert f"{group} (n={told('Subjects', group, 'count')}; {counted})" in drawn
    for cause in causes:
        p = told(f"{cause}: Gray's test", "Control", "p_value")
        assert f"Gray's test, {cause}: p={p}." in drawn


@pytest.mark.parametrize("name", ["forest-pfs", "forest-ipfs", "forest-os", "rate_forest-orr"])
def test_lines_of_the_forests(out: Path, results: dict[tuple[str, str, str, str], str], name: str) -> None:
    rates = name.startswith("rate")
    told = Results(results, name.replace("forest", "subgroup"))
    counted, effect = ("responders", "difference") if rates else ("events", "hazard ratio")
    variable, seen = "", 0
    for line in lines_of(svg(out, name)):
        if line[0] in LABELS:
            variable = LABELS[line[0]]
            assert line[1:] == [told(f"{variable}: interaction", "Experimental", "p_value")]
        elif len(line) == 4 and "/" in line[1] and line[0] != "Subgroup":
            row = line[0] if line[0] == "All subjects" else f"{variable}: {line[0]}"
            for group, text in zip(ARMS, line[1:3], strict=True):
                counts = told(f"{row}: {counted}", group, "count"), told(f"{row}: subjects", group, "count")
                assert text == "/".join(counts)
            limits = told.limited(f"{row}: {effect}", "Experimental", ", " if rates else "–")
            assert line[3] == limits.replace("%", "").replace("-", "\N{MINUS SIGN}")
            seen += 1
    assert seen == 12


def cells(words: list[Word]) -> dict[str, list[str]]:
    """Row of one table of the agreement figure -> its counts, and per cents below them."""
    found = {}
    labels = [
        word for word in words if word.size < 7 and word.text.replace("/", "").replace("-", "").isupper()
    ]
    for label in labels:
        right = [word for word in words if word.x > label.x and abs(word.y - label.y) < 6 and word != label]
        numbers = [word for word in right if word.text.rstrip("%").isdigit()]
        if len(numbers) > 2:
            found[label.text] = [word.text for word in sorted(numbers, key=lambda word: (word.x, word.y))]
    return found


def test_where_the_data_of_a_figure_come_from_is_said_below_it(out: Path) -> None:
    derived = "Responses derived from lesion measurements."
    notes = {path.stem: read_file(path).notes for path in (out / "figures").glob("*.rtf")}
    assert derived in notes["agreement"] and derived in notes["km-pfs"]
    assert derived not in notes["km-os"] and derived not in notes["qlq"]


def test_cells_of_the_agreement(out: Path, results: dict[tuple[str, str, str, str], str]) -> None:
    told, drawn = Results(results, "concordance"), svg(out, "agreement")
    middle = next(word.x for word in words_of(drawn) if word.text.startswith("Control ("))
    for group, side in zip(ARMS, (False, True), strict=True):
        rows = cells([word for word in words_of(drawn) if (word.x >= middle) == side])
        assert list(rows) == ["CR", "PR", "SD", "NON-CR/NON-PD", "PD"]
        for first, texts in rows.items():
            wanted, total = [], 0
            for second in rows:
                key = ("concordance", f"best {first} / {second}", group, "count")
                count, share = int(results.get(key, "0")), results.get((*key[:3], "proportion"), "0.0%")
                total += count
                wanted += [str(count)] if count == 0 else [str(count), share]
            shown = texts[:-1]
            assert texts[-1] == str(total) and len(shown) == len(wanted)
            for text, exact in zip(shown, wanted, strict=True):
                if text.endswith("%"):  # whole per cents of those with one decimal
                    assert abs(float(text[:-1]) - float(exact[:-1])) <= 0.55
                else:
                    assert text == exact
        agreed = [told("agreeing", group, name) for name in ("proportion", "lower", "upper")]
        kappas = [told.limited(name, group, ", ") for name in ("kappa", "weighted_kappa")]
        both = results["concordance", "agreeing", group, "count"]
        assert both.isdigit()
        said = (
            f"agreement {agreed[0]} ({agreed[1]}, {agreed[2]}), kappa {kappas[0]}, weighted kappa {kappas[1]}"
        )
        assert said in description_of(drawn)
        halves = [word for word in words_of(drawn) if (word.x >= middle) == side and word.size < 7]
        assert said[1:] in " ".join(word.text for word in sorted(halves, key=lambda word: word.y))


def test_numbers_of_the_questionnaires(out: Path, results: dict[tuple[str, str, str, str], str]) -> None:
    told, drawn = Results(results, "qlq"), svg(out, "qlq")
    words = [word for word in words_of(drawn) if word.size == 7]
    scales = {word.text.rsplit("(", 1)[1].rstrip(")"): word for word in words if word.text.endswith(")")}
    assert sorted(scales) == ["FA", "PA", "PF2", "QL2", "RF2"]
    for code, title in scales.items():
        nearer = [other.x for other in scales.values() if other.x > title.x + 1]
        end = min(nearer, default=1000.0) - 40
        below = [word for word in words if title.x - 3 < word.x < end and 0 < word.y - title.y < 165]
        rows: dict[float, list[Word]] = {}
        for word in (word for word in below if word.text.isdigit()):
            rows.setdefault(round(word.y), []).append(word)
        lines = [[word.text for word in sorted(rows[y], key=lambda word: word.x)] for y in sorted(rows)]
        ticks, *counts = [line for line in lines if len(line) > 4][:3]
        visits = ["Baseline", *(f"WEEK {week}" for week in ticks[1:])]
        for group, line in zip(ARMS, counts, strict=True):
            assert line == [told(f"{code} {visit}", group, "count") for visit in visits]


def test_words_of_the_questionnaires_are_the_last_means(
    out: Path, results: dict[tuple[str, str, str, str], str]
) -> None:
    told, said = Results(results, "qlq"), description_of(svg(out, "qlq"))
    for title, code in (("Fatigue", "FA"), ("Pain", "PA"), ("Physical functioning", "PF2")):
        for group in ARMS:
            mean, lower, upper = (told(f"{code} WEEK 56", group, name) for name in ("mean", "lower", "upper"))
            n = told(f"{code} WEEK 56", group, "count")
            assert f"{title}, {group}: {mean} ({lower} to {upper}) points at week 56, {n} subjects." in said
