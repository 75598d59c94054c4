"""`report.html`: the study, its key results, every display and a browser of its subjects, in one file.

Nothing is loaded from elsewhere: style, program, figures and data are inside, and a content security policy
forbids the rest.  All text of the data is written as text: escaped in html, and without `<` in json.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from importlib.resources import files
from pathlib import Path

from survival.formats.grid import printable
from survival.formats.html import escaped
from survival.report.coded import json_text
from survival.report.parts import Part, Report
from survival.report.readings import in_brief
from survival.report.subjects import study_findings, subject_data
from survival.results import NOT_ESTIMABLE
from survival.study.model import Study
from survival.study.sentences import study_text

PROGRAM = (
    "lookup.js",
    "readings.js",
    "list.js",
    "profile.js",
    "subject.js",
    "download.js",
    "contents.js",
    "start.js",
)
POPULATION = "Population "  # how `study_text` begins what it says of each
FORMS = {"table": "Tables", "figure": "Figures", "listing": "Listings"}
_SLOT = re.compile(r"\{\{(\w+)\}\}")


def write_report(path: Path, report: Report) -> None:
    """Write the page of a run.

    Parameters
    ----------
    path : where it is written; the same run gives the same bytes.
    report : the displays of the run, and what they were made from.
    """
    path.write_text(report_html(report), encoding="utf-8", newline="\n")


def report_html(report: Report) -> str:
    """The page as text."""
    study = report.material.study
    slots = {
        "title": escaped(printable(_title(study))),
        "id": escaped(printable(study.study.id)),
        "style": "\n".join([_own("report.css"), *report.fonts]),
        "study": "\n".join(_study(report)),
        "groups": "".join(_groups(report.parts)),
        "findings": "\n".join(_findings(report)),
        "key_results": "\n".join(_key_results(report)),
        "contents": "\n".join(_contents(report.parts)),
        "displays": "\n".join(_displays(report.parts)),
        "data": json_text(subject_data(report.material)),
        "program": "\n".join(map(_own, PROGRAM)),
    }
    return _SLOT.sub(lambda hit: slots[hit.group(1)], _own("page.html"))


def _own(name: str) -> str:
    """A file that stands beside this module."""
    return (files("survival.report") / name).read_text(encoding="utf-8")


def _title(study: Study) -> str:
    about = study.study
    return f"{about.id}: {about.title}" if about.title else about.id


def _study(report: Report) -> Iterable[str]:
    """The study in a paragraph, and all that its file says behind it."""
    study = report.material.study
    _, *blocks = printable(study_text(study)).strip().split("\n\n")
    about = study.study
    yield f"<h1>{escaped(printable(about.title or about.id))}</h1>"
    sections: dict[str, list[str]] = {}
    title = ""
    for block in blocks:
        if block.isupper() and len(block) < 40:
            title = block
            sections[title] = []
        elif title:
            sections[title].append(" ".join(block.split()))
    design, *rest = sections.items()
    lead = [_sentence(text) for text in design[1] if not text.startswith(POPULATION)]
    yield f'<p class="lead">{escaped(" ".join(lead))}</p>'
    yield f"<p>{escaped(printable(in_brief(report.material)))}</p>"
    yield "<details><summary>Definitions: populations, responses, outcomes and analysis</summary>"
    who = [text for text in design[1] if text.startswith(POPULATION)]
    for name, paragraphs in [("POPULATIONS", who), *rest]:
        if paragraphs:
            yield f"<h2>{escaped(name.capitalize())}</h2>"
        yield from (f"<p>{escaped(text)}</p>" for text in paragraphs)
    yield "</details>"


def _sentence(text: str) -> str:
    """A text that ends as a sentence does."""
    return text if text.endswith((".", "!", "?", "。")) else f"{text}."


def _findings(report: Report) -> Iterable[str]:
    """How many findings there are by severity, those without a subject in full."""
    found = report.material.findings
    counts = found["severity"].astype("string").value_counts()
    if not len(found):
        yield "<p>The checks of the data found nothing to ask.</p>"
        return
    order = [name for name in ("error", "warning", "note", *sorted(counts.index)) if name in counts]
    told = [
        f'<a href="#subjects&amp;finding={escaped(name)}">{counts[name]:,} of severity {escaped(name)}</a>'
        for name in dict.fromkeys(order)
    ]
    yield f"<p>The checks of the data have {len(found):,} findings: {', '.join(told)}.</p>"
    alone = study_findings(report.material)
    if len(alone):
        said = "".join(f"<li>{escaped(printable(str(text)))}</li>" for text in alone["message"])
        yield f"<p>Of the data as a whole:</p><ul>{said}</ul>"


def _key_results(report: Report) -> Iterable[str]:
    """A line for each outcome, a column for each group."""
    if not report.keys:
        yield "<p>No outcome is estimated.</p>"
        return
    groups = list(dict.fromkeys(group for _, key in report.keys for group in key.cells))
    compared = any(key.compared for _, key in report.keys)
    heads = ["Outcome", *groups, *(["Comparison (95% CI)"] if compared else []), "Source"]
    parts = {part.name: part for part in report.parts}
    yield '<div class="scroll" tabindex="0" role="region" aria-labelledby="key-results-title">'
    yield '<table class="key" aria-labelledby="key-results-title"><thead><tr>'
    yield (
        "".join(f'<th scope="col">{escaped(printable(head))}</th>' for head in heads) + "</tr></thead><tbody>"
    )
    for name, key in report.keys:
        texts = [key.cells.get(group, "") for group in groups]
        texts += ["\n".join(key.compared)] if compared else []
        cells = [escaped(printable(text)).replace("\n", "<br>") for text in texts]
        about = f"<small>{escaped(parts[name].population)}</small>" if parts[name].population else ""
        cells.append(f'<a href="#{name}">{escaped(parts[name].number)}</a>{about}')
        title = f"{escaped(printable(key.title))}<small>{escaped(key.measure)}</small>"
        yield f'<tr><th scope="row">{title}</th>{"".join(f"<td>{cell}</td>" for cell in cells)}</tr>'
    yield "</tbody></table></div>"
    yield (
        '<div class="notes"><p>How limits and p-values are computed stands below each source table. '
        f"{NOT_ESTIMABLE}: not estimable. p-values are not adjusted for the number of outcomes.</p></div>"
    )


def _contents(parts: list[Part]) -> Iterable[str]:
    """The table of contents, tables, figures and listings each by themselves."""
    for form, heading in FORMS.items():
        if mine := [part for part in parts if part.form == form]:
            yield f'<p class="head"><a href="#{form}s">{heading}</a></p><ol>'
            for part in mine:
                number = escaped(part.number.removeprefix(form.capitalize()).strip())
                yield f'<li><a href="#{part.name}"><b>{number}</b> <span>{escaped(part.title)}</span></a></li>'
            yield "</ol>"


def _groups(parts: list[Part]) -> Iterable[str]:
    """The kinds of displays with how many there are, for the head of the contents."""
    for form, heading in FORMS.items():
        if n := sum(part.form == form for part in parts):
            yield f'<li><a href="#{form}s">{heading} ({n})</a></li>'


def _displays(parts: list[Part]) -> Iterable[str]:
    """Every display under its heading."""
    for form, heading in FORMS.items():
        if mine := [part for part in parts if part.form == form]:
            yield f'<section class="group" id="{form}s"><h2>{heading}</h2>'
            for part in mine:
                about = f'<p class="population">{escaped(part.population)}</p>' if part.population else ""
                yield (
                    f'<article id="{part.name}"><h3 id="{part.name}-title"><span class="number">'
                    f"{escaped(part.number)}</span> {escaped(part.title)}</h3>{about}\n{part.html}</article>"
                )
            yield "</section>"
