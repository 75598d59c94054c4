"""What a notebook shows of criteria, studies, endpoints and curves; text from data is text."""

import re
import subprocess
import sys

import pandas as pd
import pytest

import recist
import survival
from survival.notebook import study_html
from tests.shared import ROOT

STUDY = ROOT / "data" / "synthetic" / "nct05361174" / "study.toml"


def cells(html):
    return re.findall(r"<td[^>]*>(.*?)</td>", html)


def test_criteria_show_every_table_with_its_rules_and_the_citation():
    criteria = recist.get_criteria("recist_1_1")
    html = criteria._repr_html_()
    for table in criteria.printed():
        assert set(table.ids()) <= set(cells(html))
    assert "Eisenhauer 2009, Eur J Cancer 45:228-247" in html
    assert "Lencioni &amp; Llovet" in recist.get_criteria("mrecist_hcc")._repr_html_()


@pytest.mark.parametrize("name", recist.all_criteria())
def test_criteria_are_short_as_text(name):
    assert repr(recist.get_criteria(name)).endswith(f"({name})")


def test_an_edit_is_seen_in_the_name_and_in_the_table():
    criteria = recist.get_criteria("recist_1_1[cr_with_nt_ne=NE]")
    assert repr(criteria) == "Criteria(recist_1_1[cr_with_nt_ne=NE])"
    row = cells(criteria.in_force("time_point")._repr_html_())
    start = row.index("T1.3")
    assert row[start : start + 7] == ["T1.3", "N", "CR", "NE", "not Y", "*", "NE"]


def test_curves_show_groups_events_and_quartiles():
    tte = pd.DataFrame({"time": [2, 4, 6, 8, 9], "event": [True] * 4 + [False], "arm": list("AABBB")})
    html = survival.kaplan_meier(tte, by="arm")._repr_html_()
    assert cells(html)[:6] == ["A", "2", "2", "2 (2 to NE)", "3 (2 to NE)", "4 (2 to NE)"]
    assert cells(html)[6:9] == ["B", "3", "2"]
    assert html.count("<polyline") == 5  # two axes as one line, two curves, two keys
    first = re.findall(r'<polyline points="([^"]+)"', html)[1]
    assert [point.split(",")[1] for point in first.split()] == ["8.0"] * 3 + ["84.0"] * 2 + ["160.0"]


def test_text_of_the_data_is_escaped():
    tte = pd.DataFrame({"time": [2, 4], "event": True, "arm": ["<script>x</script>", "a & b"]})
    html = survival.kaplan_meier(tte, by="arm")._repr_html_()
    assert "<script>" not in html
    assert "&lt;script&gt;x&lt;/script&gt;" in html
    assert "a &amp; b" in html


def test_more_groups_than_lines_have_a_table_alone():
    tte = pd.DataFrame({"time": range(1, 9), "event": True, "arm": list("ABCDEFGH")})
    html = survival.kaplan_meier(tte, by="arm")._repr_html_()
    assert "<svg" not in html
    assert html.count("<tr>") == 8


def test_a_study_is_shown_in_sentences(tmp_path):
    html = survival.read_study(STUDY)._repr_html_()
    assert "<h5>Outcomes</h5>" in html
    assert "<p>Time is counted from treatment start, which is day 1.</p>" in html
    assert repr(survival.read_study(STUDY)) == "Study('NCT05361174': 6 endpoints, criteria recist_1_1)"
    text = STUDY.read_text(encoding="utf-8").replace("Phase 1/2", "<b>Phase 1/2</b>")
    (tmp_path / "study.toml").write_text(text, encoding="utf-8")
    assert "&lt;b&gt;Phase 1/2" in study_html(survival.read_study(tmp_path / "study.toml"))


def test_an_endpoint_shows_its_situations_in_full():
    html = survival.PFS._repr_html_()
    assert [cell for cell in cells(html) if re.fullmatch(r"P\d+", cell)] == [f"P{n}" for n in range(1, 12)]
    assert "Progression or death after two or more missed assessments" in html


def test_a_simulation_is_short_as_text():
    text = repr(recist.simulate("hs_it101", n_subjects=10, seed=1))
    assert text.startswith("Simulation(hs_it101: rows of lesions.csv ")
    assert "subjects.csv 10" in text


def test_showing_a_study_loads_no_figures():
    code = (
        "import sys, survival; survival.read_study(sys.argv[1])._repr_html_(); "
        "import recist; recist.get_criteria('irecist')._repr_html_(); print('matplotlib' in sys.modules)"
    )
    done = subprocess.run([sys.executable, "-c", code, STUDY], cwd=ROOT, capture_output=True, text=True)
    assert done.stdout.strip() == "False", done.stderr
