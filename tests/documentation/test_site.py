"""What the site is made of: every public name, every decision, a display of every kind; links lead somewhere."""

import re
from pathlib import Path

import pandas as pd
import pytest

import recist
import survival
from docs.site import decisions, gallery, reference
from survival.study.displays import all_displays
from survival.study.show import shown
from tests.shared import ROOT

pytestmark = [pytest.mark.pandas_once, pytest.mark.lifelines]  # the reference asks for every public name
NAV = (ROOT / "mkdocs.yml").read_text(encoding="utf-8")


@pytest.mark.parametrize("package", [recist, survival], ids=lambda package: package.__name__)
def test_every_public_function_and_class_is_in_the_reference(package):
    page = reference.pages()[f"reference/{package.__name__}.md"]
    names = getattr(package, "__all__", None) or package._HOME
    missing = [name for name in names if callable(getattr(package, name)) and f"\n## `{name}`" not in page]
    assert missing == []


def test_a_docstring_becomes_lists_and_code():
    page = reference.pages()["reference/survival.md"]
    section = page.split("\n## `kaplan_meier`")[1].split("\n## ")[0]
    assert "* `by`: Column or columns that name the groups; None for one curve." in section
    assert "* `EstimateError`: For a missing column" in section
    assert "```pycon\n>>> tte = pd.DataFrame" in section
    assert "    tte: pd.DataFrame,\n    by: str | Sequence[str] | None = None,\n" in section


def test_signs_of_html_in_a_docstring_stay_signs():
    assert reference.markdown("A <b> and 3 < 4 * 5") == "A &lt;b> and 3 < 4 \\* 5"


def test_every_decision_has_a_row_with_its_question():
    text = decisions.text()
    for path in (ROOT / "docs" / "decisions").glob("*.md"):
        (row,) = [line for line in text.splitlines() if f"]({path.name})" in line]
        assert len(row.split(" | ")[1]) > 20, f"{path.name} has no **Question.**"


def test_the_gallery_has_a_figure_and_a_table_of_a_small_study():
    made_from = gallery.material("hs_it101", ("ORR", "PFS"))
    known = {name for name in all_displays() if name not in {"km_plot", "best_response_table"}}
    found = {kind.name: (kind, display) for kind, display in gallery.displays(made_from, known)}
    assert set(found) == {"km_plot", "best_response_table"}
    kind, figure = found["km_plot"]
    assert gallery.drawn(figure).startswith(b"<?xml")
    assert 'src="x.svg" alt="Kaplan-Meier' in gallery.entry(kind, "x.svg", figure)
    assert b"Objective response" in gallery.printed(found["best_response_table"][1])


def test_the_gallery_has_every_kind_with_its_function() -> None:
    there = set()
    for name in gallery.STUDIES:
        if there != set(all_displays()):
            there |= {one.kind for one in shown(gallery.material(name))}
    assert sorted(set(all_displays()) - there) == []
    for kind in all_displays().values():
        package, name = gallery.function_of(kind).split(".")
        assert f"\n## `{name}` {{ #{name} }}" in reference.pages()[f"reference/{package}.md"]


def test_the_gallery_says_which_kind_no_study_shows(monkeypatch) -> None:
    monkeypatch.setattr(gallery, "STUDIES", ())
    with pytest.raises(ValueError, match="no shipped study has adverse_event_listing, "):
        gallery.files()


def test_every_page_of_the_navigation_is_there():
    pages = re.findall(r": ([a-z_0-9/]+\.md)$", NAV, re.MULTILINE)
    made = {"gallery.md", "decisions/index.md", *reference.pages()}
    assert [page for page in pages if page not in made and not (ROOT / "docs" / page).exists()] == []
    assert {f"howto/{path.name}" for path in Path(ROOT, "docs", "howto").glob("*.md")} <= set(pages)


def test_the_picture_of_the_readme_shows_the_run_of_today():
    found = gallery.material("nct05962450", ("PFS",)).derived.tte["PFS"]
    events = [f"{int(part['event'].sum())}/{len(part)}" for _, part in found.groupby("arm", observed=True)]
    picture = (ROOT / "docs" / "images" / "km-pfs.svg").read_text(encoding="utf-8")
    assert sorted(re.findall(r">(\d+/42)<", picture)) == sorted(events)


def test_functions_named_on_pages_are_in_the_reference() -> None:
    for page in ("sas.md", "validation.md", "admiralonco.md"):
        text = (ROOT / "docs" / page).read_text(encoding="utf-8")
        for package, name in re.findall(r"reference/(recist|survival)\.md#(\w+)", text):
            assert f"{{ #{name} }}" in reference.pages()[f"reference/{package}.md"], f"{page}: {name}"


def test_defaults_that_the_page_for_sas_names() -> None:
    from inspect import signature

    text = (ROOT / "docs" / "sas.md").read_text(encoding="utf-8")
    kept = {name: value.default for name, value in signature(survival.kaplan_meier).parameters.items()}
    assert (kept["conf_type"], kept["convention"]) == ("log-log", "sas") and "are the defaults" in text
    assert signature(survival.compare_arms).parameters["ties"].default == "efron"
    assert signature(survival.rate_difference).parameters["conf_type"].default == "miettinen-nurminen"
    assert signature(survival.response_rate).parameters["conf_type"].default == "clopper-pearson"
    tte = pd.DataFrame({"time": [2, 2, 4, 6], "event": True, "arm": ["A", "B", "A", "B"]})
    assert len(survival.compare_arms(tte, reference="A", ties="breslow")) == 1
