"""What all figures share: files with words and fonts in them, the same twice; light imports; no pyplot."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from xml.etree import ElementTree

import pandas as pd
import pytest

from recist import save_figure, spider_plot
from recist.figures.style import figure_style

pytestmark = pytest.mark.pandas_once

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
