"""A trial of every table whose words are hostile to every format: subjects, arms, visits, organs, titles, notes."""

from __future__ import annotations

import csv
import io
import json
from pathlib import Path

from tests.study.edge_trial import FILES

LONG = "N" * 300
WORDS = {  # word of the small trial -> what stands for it
    "S-01": "=cmd|'/C calc'!A0 <script>window.hit=1</script>",
    "S-02": "{\\rtf1 \\par \\cell\\row \\b S}",
    "S-03": "受试者 一 Ωμέγα 🙂 \u202eabc",
    "S-04": LONG,
    "NEW": "<img src=x onerror='window.hit=2'> {\\b New}",
    "CONTROL": '@SUM(1+1)*cmd 对照 Δ $x^2$ &amp; "quoted"',
    "WEEK 8": "-2+3 <b>WEEK</b> 8 \\par} 第八周",
    "WEEK 16": 'WEEK 16, "sixteen" $\\frac{1}{0}$ 🙂',
    "LIVER": "肝 {\\i LIVER} <u>",
    "LUNG": "=LUNG() ]]>",
    "T1": "T1 $_{1}$ </td>",
    "Fatigue": '=HYPERLINK("http://x.example") <i>Fatigue</i> {\\f1',
    "Sepsis": LONG.lower(),
    "General disorders": "General & <disorders> \\'e9",
    "EAST": "+EAST \\u945? 東",
}
NOTE = "Note {\\rtf1 \\b} <script>window.hit=3</script> =cmd() 脚注 Ωμέγα 🙂 & </svg> $x_1$"
TITLE = "PFS <b>title</b> {\\b \\par} =1+1 标题 Ω 🙂 </title>"
SUFFIX = """
[[display]]
kind = "best_response_table"
title = {title}
footnotes = [{note}]

[[display]]
kind = "km_plot"
endpoint = "PFS"
title = {title}
footnotes = [{note}]

[displays]
docx = true
"""


def write_trial(folder: Path) -> Path:
    """The files of the trial; the path of its study file."""
    for name, text in FILES.items():
        if name.endswith(".csv"):
            rows = [[WORDS.get(cell, cell) for cell in row] for row in csv.reader(io.StringIO(text))]
            out = io.StringIO()
            csv.writer(out, lineterminator="\n").writerows(rows)
            text = out.getvalue()
        else:
            for word in ("NEW", "CONTROL"):
                text = text.replace(f'"{word}"', toml(WORDS[word]))
            text = text.replace('name = "PFS"\n', f'name = "PFS"\ntitle = {toml(TITLE)}\n')
            text = text.replace(
                'id = "E-1"', f"id = {toml('E <1> {' + chr(92) + 'b} 试')}\ntitle = {toml(TITLE)}"
            )
            text = text.replace("[populations.itt]", f"[populations.itt]\nlabel = {toml(NOTE)}")
            text += SUFFIX.format(title=toml(TITLE), note=toml(NOTE))
        (folder / name).write_text(text, encoding="utf-8")
    return folder / "study.toml"


def toml(text: str) -> str:
    """A text as TOML: its basic strings are those of JSON."""
    return json.dumps(text, ensure_ascii=False)
