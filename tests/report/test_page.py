"""The page as text: one file, nothing from elsewhere, text of the data as text, numbers as in the results."""

from __future__ import annotations

import json
import re
from html import unescape
from html.parser import HTMLParser

import pytest

import recist
from survival.report.coded import SLOT, Texts, json_text
from survival.report.figures import font_faces, inline_svg
from survival.report.page import report_html
from survival.run import run_study
from tests.report.conftest import Ran
from tests.report.trial import ARMS, END, NAMES, TAG

ASIDE = {"href", "src", "action", "data", "poster", "srcset"}


class Page(HTMLParser):
    """The elements of a page, and its texts."""

    def __init__(self, text: str) -> None:
        super().__init__()
        self.elements: list[tuple[str, dict[str, str | None]]] = []
        self.scripts: list[str] = []
        self._inside = ""
        self.feed(text)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.elements.append((tag, dict(attrs)))
        self._inside = tag
        if tag == "script":
            self.scripts.append("")

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        if self._inside == "script":
            self.scripts[-1] += data


def data_of(trial: Ran) -> dict[str, object]:
    """What the page knows of its subjects."""
    found: dict[str, object] = json.loads(Page(trial.html).scripts[0])
    return found


def test_the_page_is_written_with_the_results(trial: Ran) -> None:
    assert trial.said.index("Report") == trial.said.index("Writing") - 1
    manifest = json.loads((trial.page.parent / "manifest.json").read_text(encoding="utf-8"))
    assert "report.html" in manifest["outputs"]


def test_nothing_comes_from_elsewhere(trial: Ran) -> None:
    page = Page(trial.html)
    places = [value for _, attributes in page.elements for name, value in attributes.items() if name in ASIDE]
    assert {place for place in places if place and not place.startswith("#")} == {"data:,"}
    assert [tag for tag, _ in page.elements if tag in ("iframe", "object", "embed", "img")] == []
    assert "@import" not in trial.html and "url(http" not in trial.html
    policy = next(given["content"] for tag, given in page.elements if given.get("http-equiv"))
    assert policy is not None and policy.startswith("default-src 'none';")


def test_words_of_the_data_make_no_element(trial: Ran) -> None:
    page = Page(trial.html)
    assert [tag for tag, _ in page.elements if tag == "script"] == ["script", "script"]
    assert not any(tag in ("i", "u") for tag, _ in page.elements)
    assert not any(name.startswith("on") for _, given in page.elements for name in given)
    assert [one["id"] for one in data_of(trial)["subjects"]][: len(NAMES)] == NAMES  # type: ignore[index]


def test_every_link_inside_has_its_place(trial: Ran) -> None:
    page = Page(trial.html)
    names = [given["id"] for _, given in page.elements if "id" in given]
    assert len(names) == len(set(names))
    links = {
        given.get("href") or given.get("xlink:href") for tag, given in page.elements if tag in ("a", "use")
    }
    inside = {link[1:] for link in links if link and not re.match(r"#subjects?(=|&|$)", link)}
    assert inside <= set(names) and len(inside) > 20
    used = set(re.findall(r"url\(#([^)]*)\)", trial.html))
    assert used <= set(names) and used


def test_key_results_are_those_of_the_results(trial: Ran) -> None:
    results = trial.run.results
    section = trial.html.split('id="key-results"')[1].split("</section>")[0]
    shown = unescape(re.sub(r"<[^>]*>", " ", section)).replace("\N{NO-BREAK SPACE}", " ")
    for display, row in (
        ("response_rate", "ORR"),
        ("time_to_event-os", "Median"),
        ("time_to_event-pfs", "Median"),
    ):
        mine = results[(results["display"] == display) & (results["row"] == row)]
        for arm in ARMS:
            text = mine[mine["group"] == arm].set_index("statistic")["text"]
            limits = f"({text['lower']}, {text['upper']})".replace("%", "")
            expected = f"({text['proportion']})" if row == "ORR" else f"median {text['estimate']} {limits}"
            assert expected in shown
            assert limits in shown
    assert all(arm in unescape(section) for arm in ARMS)


def test_listings_and_bars_lead_to_subjects(trial: Ran) -> None:
    for name in NAMES:
        link = recist.subject_link(name)
        assert link == f"#subject={link[9:]}"
        assert not set(link[9:]) & set("#&<>\"' =+")
        assert f'href="{link.replace(chr(39), "&#x27;")}"' in trial.html
    bars = re.search(r'<article id="figure-waterfall">.*?</article>', trial.html, re.DOTALL)
    assert bars is not None
    evaluable = trial.run.responses["subject"].nunique()
    assert 0 < len(re.findall(r'<a tabindex="-1" href="#subject=', bars.group(0))) <= evaluable
    assert "_blank" not in trial.html


def test_every_explanation_can_be_put_together_again(trial: Ran) -> None:
    data = data_of(trial)
    responses = trial.run.responses.sort_values("date", kind="stable").reset_index(drop=True)
    texts = recist.explain_all(responses)
    fields = [field[0] for field in data["fields"]["responses"]]  # type: ignore[index]
    place = {name: fields.index(name) for name in ("evaluator", "criteria", "visit", "explanation")}
    told = {}
    for one in data["subjects"]:  # type: ignore[attr-defined]
        for row in one.get("responses", []):
            key = tuple(data["texts"][row[place[name]]] for name in ("evaluator", "criteria", "visit"))  # type: ignore[index]
            told[one["id"], *key] = _together(data, row[place["explanation"]])
    assert len(told) == len(responses)
    for row, text in zip(responses.itertuples(), texts, strict=True):
        visit = str(row.visit).replace("\x01", "␁")
        said = told[str(row.subject), str(row.evaluator), str(row.criteria), visit]
        assert said == text.replace("\x01", "␁").split("\n", 1)[1].strip("\n")


def _together(data: dict[str, object], number: int) -> str:
    form, joined = data["told"][number]  # type: ignore[index]
    values = iter(str(joined).split("|"))
    lines = [data["lines"][number] for number in data["forms"][form]]  # type: ignore[index]
    return "\n".join(re.sub(SLOT, lambda _: next(values), line) for line in lines)


def test_numbers_of_a_line_are_kept_apart() -> None:
    texts = Texts()
    first = texts.explanation("Sum 35.5 mm at 2024-02-27: -30.0 %\nTable 1.2\nno number")
    second = texts.explanation("Sum 9 mm at 2024-03-27: -30.0 %\nTable 1.2\nno number")
    assert [first, second, texts.explanation("no number")] == [0, 1, 2]
    assert texts.explanation("Sum 9 mm at 2024-03-27: -30.0 %\nTable 1.2\nno number") == second
    assert texts.explanations() == {
        "lines": [
            f"Sum {SLOT} mm at {SLOT}: -30.0 %",
            "Table 1.2",
            "no number",
        ],  # what is the same is in the line
        "forms": [[0, 1, 2], [2]],
        "told": [[0, "35.5|2024-02-27"], [0, "9|2024-03-27"], [1, ""]],
    }


def test_json_holds_no_tag() -> None:
    assert "<" not in json_text([TAG, END])
    assert json.loads(json_text([TAG, END])) == [TAG, END]


def test_names_of_two_figures_stay_apart() -> None:
    svg = '<?xml version="1.0"?><svg viewBox="0 0 1 1"><defs><style type="text/css">*{}</style></defs>'
    svg += '<path id="p" clip-path="url(#c)"/><use xlink:href="#p"/></svg>'
    shown = inline_svg(svg, "km", 'words "and" <more>')
    assert shown.startswith("<svg ") and 'aria-label="words &quot;and&quot; &lt;more&gt;"' in shown
    assert 'id="km-p"' in shown and "url(#km-c)" in shown and 'xlink:href="#km-p"' in shown
    assert "<style" not in shown
    with pytest.raises(ValueError, match="viewBox"):
        inline_svg("<p></p>", "km", "")


def test_a_page_holds_the_font_of_its_figures_once(trial: Ran) -> None:
    figures = [
        file.read_text(encoding="utf-8") for file in sorted((trial.page.parent / "figures").glob("*.svg"))
    ]
    rules = {rule for svg in figures for rule in font_faces(svg)}
    page = trial.html
    assert rules and {page.count(rule) for rule in rules} == {1}
    assert page.count("@font-face") == len(rules) and "font-src data:" in page


def test_the_same_run_gives_the_same_bytes(trial: Ran, monkeypatch: pytest.MonkeyPatch) -> None:
    kept = []
    monkeypatch.setattr("survival.run.write_report", lambda path, report: kept.append(report_html(report)))
    run_study(trial.study, trial.page.parent.parent / "again")
    assert kept == [trial.html]


def test_findings_are_counted_by_severity(trial: Ran) -> None:
    counts = trial.run.findings["severity"].astype(str).value_counts()
    section = trial.html.split('id="data-checks"')[1].split("</section>")[0]
    for severity, count in counts.items():
        assert f"{count} of severity {severity}" in section
