"""What all figures share: files with words and fonts in them, the same twice; light imports; no pyplot."""

from __future__ import annotations

import base64
import io
import re
import subprocess
import sys
import tempfile
from dataclasses import replace
from itertools import pairwise
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest
from fontTools.ttLib import TTFont

from recist import (
    PAGE_MM,
    FigureLook,
    assess,
    best_response,
    response_over_time_plot,
    save_figure,
    simulate,
    spider_plot,
    subject_link,
    text_width,
    waterfall_plot,
    wrap_text,
)
from recist.figures.font_faces import font_faces
from recist.figures.style import figure_style
from tests.displays.ink import assert_tidy, words

pytestmark = pytest.mark.pandas_once

ARMS = pd.DataFrame({"subject": ["Ω-<1>\x08&\n", "中文 $x_1$"], "arm": ["A", "B"]})
START = pd.Timestamp("2024-01-01")
RESPONSES = pd.DataFrame(
    {
        "subject": ["Ω-<1>\x08&\n", "Ω-<1>\x08&\n", "中文 $x_1$"],
        "date": [START + pd.Timedelta(days=n) for n in (56, 112, 56)],
        "start_date": START,
        "day": [56, 112, 56],
        "change_from_baseline_pct": [-20.0, -40.0, 30.0],
        "new_lesion": "N",
        "overall": ["SD", "PR", "PD"],
    }
)


def test_an_svg_keeps_text_as_text_and_holds_the_description(tmp_path: Path) -> None:
    file = save_figure(spider_plot(RESPONSES), tmp_path / "a.svg")
    texts = [node.text or "" for node in ElementTree.parse(file).iter() if node.tag.endswith("}text")]
    assert "中文 $x_1$" in texts and "Ω-<1> &" in texts
    assert "Spider plot: change of the sum" in file.read_text(encoding="utf-8")


def faces(svg: str) -> list[tuple[str, str, TTFont]]:
    """Family, weight and font of each `@font-face` of an svg."""
    rule = re.compile(
        r"@font-face \{font-family: '([^']*)'; font-weight: (\w+);[^}]*base64,([^)]*)\) format\('woff'\);\}"
    )
    return [
        (name, weight, TTFont(io.BytesIO(base64.b64decode(content))))
        for name, weight, content in rule.findall(svg)
    ]


def test_an_svg_holds_the_letters_of_its_fonts(tmp_path: Path) -> None:
    svg = save_figure(spider_plot(RESPONSES), tmp_path / "a.svg").read_text(encoding="utf-8")
    found = faces(svg)
    held = {chr(code) for _, _, font in found for code in font.getBestCmap()}
    assert {*"Change of the sum from baseline, %\N{MINUS SIGN}<&$_", "Ω"} <= held
    assert {weight for _, weight, _ in found} == {"normal"}  # nothing in bold, so no bold font
    assert svg.count("@font-face") == len(found) <= 3 and "unicode-range: U+3A9;" in svg
    first = found[0][0]
    assert f"font-family: '{first}', " in svg  # the font inside comes first
    by_arm = spider_plot(RESPONSES, subjects=ARMS, by="arm")
    bold = save_figure(by_arm, tmp_path / "b.svg").read_text(encoding="utf-8")
    assert {weight for _, weight, _ in faces(bold)} == {"normal", "bold"}


def test_a_font_that_may_not_be_embedded_stays_a_name() -> None:
    from matplotlib.font_manager import findfont

    def rules(file: Path) -> str:
        svg = '<text style="font-size: 7px">ab</text>'
        return font_faces(svg, ["DejaVu Sans"], lambda name, bold: (str(file), 0))

    free = Path(findfont("DejaVu Sans"))
    assert "@font-face {font-family: 'DejaVu Sans'; font-weight: normal;" in rules(free)
    font = TTFont(free)
    font["OS/2"].fsType = 2  # restricted
    with tempfile.TemporaryDirectory() as place:
        font.save(Path(place) / "restricted.ttf")
        assert rules(Path(place) / "restricted.ttf") == ""


def test_a_pdf_holds_its_fonts(tmp_path: Path) -> None:
    content = save_figure(spider_plot(RESPONSES), tmp_path / "a.pdf").read_bytes()
    assert b"/FontFile2" in content and b"/Type3" not in content


def test_a_png_holds_the_description(tmp_path: Path) -> None:
    from PIL import Image

    with Image.open(save_figure(spider_plot(RESPONSES), tmp_path / "a.png")) as image:
        assert image.info["Description"].startswith("Spider plot")


@pytest.mark.parametrize("kind", ["png", "svg", "pdf"])
def test_files_are_the_same_twice_and_letters_without_a_font_are_no_warning(
    kind: str, tmp_path: Path, recwarn: pytest.WarningsRecorder
) -> None:
    one, two = (save_figure(spider_plot(RESPONSES), tmp_path / f"{n}.{kind}").read_bytes() for n in "ab")
    assert one == two
    assert not [str(warning.message) for warning in recwarn if "Glyph" in str(warning.message)]


def test_numbers_load_no_matplotlib_and_ink_no_pyplot() -> None:
    code = (
        "import sys\n"
        "from recist.figures import lesion_profile, response_over_time, spider, swimmer, waterfall\n"
        "from survival.figures import agreement, cumulative_incidence, forest, km\n"
        "assert 'matplotlib' not in sys.modules\n"
        "from recist.figures import lesion_profile_ink, response_over_time_ink, spider_ink, swimmer_ink\n"
        "from recist.figures import waterfall_ink\n"
        "from survival.figures import agreement_ink, cumulative_incidence_ink, forest_ink, km_ink\n"
        "assert 'matplotlib.pyplot' not in sys.modules\n"
    )
    subprocess.run([sys.executable, "-c", code], check=True)


def test_dots_of_hatching_are_two_arcs_each_with_the_same_place_and_size(tmp_path: Path) -> None:
    from matplotlib.figure import Figure
    from matplotlib.patches import Rectangle

    figure = Figure(figsize=(1, 1))
    figure.add_artist(Rectangle((0, 0), 1, 1, hatch=".."))
    with figure_style():
        figure.savefig(tmp_path / "long.svg")
    long = (tmp_path / "long.svg").read_text(encoding="utf-8")
    short = save_figure(figure, tmp_path / "short.svg").read_text(encoding="utf-8")
    tops = re.findall(r"M (\S+) (\S+) \nC", long.split("<pattern")[1].split("</pattern>")[0])
    arcs = re.findall(r"M(\S+) (\S+)a(\S+) \3 0 1 0 0 (\S+)a\3 \3 0 1 0 0 \S+z", short)
    assert [arc[:2] for arc in arcs] == tops and len(arcs) > 50
    assert {arc[2:] for arc in arcs} == {("0.6", "-1.2")}  # radius, and from the top to the bottom
    assert len(short) < len(long) / 4


def test_responses_of_every_criteria_stand_from_best_to_worst() -> None:
    from recist.figures.palette import ORDER, in_order
    from recist.terms import BEST, IMMUNE_BEST

    assert {*ORDER} == {*BEST, *IMMUNE_BEST} and len(ORDER) == len({*ORDER})
    assert in_order({"NE", "iCPD", "iPR", "iUPD", "iCR", "iSD"}) == [
        "iCR",
        "iPR",
        "iSD",
        "iUPD",
        "iCPD",
        "NE",
    ]


def test_lines_are_broken_where_the_whole_line_is_measured_too_wide() -> None:
    said = "AVAVA To. Ty, fi W iiii ,,, (95% CI) HR=0.7; 中文 العربية Ελλάς — f] T: a I'j of subjects"
    words = said.split(" ")
    for n in range(60):
        text = " ".join(words[(n * k * k + k) % len(words)] for k in range(n % 25 + 2))
        width = 30.0 + 7 * n
        lines = wrap_text(text, width)
        for line, after in pairwise(lines):
            assert text_width(line) <= width or " " not in line
            if after.split(" ")[0] in words:  # not a piece of a word
                assert text_width(f"{line} {after.split(' ')[0]}") > width


@pytest.mark.parametrize("width", ["single", "double"])
@pytest.mark.parametrize("arms", [4, 5, 6])
def test_figures_of_many_arms_fit_a_page(width: str, arms: int) -> None:
    trial = simulate("nct05962450", 60)
    lesions = trial.lesions[trial.lesions["evaluator"].astype(str) == "READER 1"]
    subjects = trial.subjects.assign(arm=[f"Dose level {n % arms}" for n in range(len(trial.subjects))])
    responses = assess(lesions, criteria="irecist")
    best = best_response(responses)
    look = FigureLook(width=width, origin="randomization")  # type: ignore[arg-type]
    figures = (
        waterfall_plot(
            responses, best.merge(subjects[["subject", "arm"]], on="subject"), by="arm", look=look
        ),
        spider_plot(responses, best, subjects, "arm", look),
        response_over_time_plot(responses, subjects, "arm", look=look),
        spider_plot(responses, best, subjects, look=replace(look, panels="response")),
    )
    for figure in figures:
        assert figure.get_figheight() * 25.4 <= PAGE_MM
        assert_tidy(figure)
    assert "randomization" in words(figures[1])


def test_a_line_of_the_spider_leads_to_its_subject(tmp_path: Path) -> None:
    svg = save_figure(spider_plot(RESPONSES), tmp_path / "a.svg").read_text(encoding="utf-8")
    assert re.findall(r'<a xlink:href="([^"]*)"', svg) == [
        subject_link(name) for name in RESPONSES["subject"].unique()
    ]
