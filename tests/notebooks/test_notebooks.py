"""The notebooks run from top to bottom, show their figures, and print what their prose says."""

import base64
from importlib.util import module_from_spec, spec_from_file_location

import pytest

from tests.shared import ROOT

pytestmark = pytest.mark.notebooks
FOLDER = ROOT / "notebooks"
EXPECTED = {  # notebook -> number of figures, and what stands somewhere in its outputs
    "01_assess": (
        2,
        [
            "(970, 53)",
            "nadir 35.0 mm (WEEK 12, 2023-02-02): +21.43 %, +7.5 mm",
            "Overall response PD by rule T1.7",
            "PR at WEEK 6 is not confirmed: PD at WEEK 18 came before",
            "Overall response at a time point (RECIST 1.1 Tables 1 and 2)",  # the criteria as html
        ],
    ),
    "02_criteria_compared": (
        2,
        [
            "NCT5962-021",
            "mRECIST     PR by T1.4",
            "['recist_1_1[pr_pct=25]'], 77, 69",
        ],
    ),
    "03_endpoints": (
        3,
        [
            "Progression-free survival",
            "New anticancer therapy before progression or death",  # the endpoint as html
            "140 (114 to 175)",  # median of the control arm, in the display of the curves
            "EMA: every event counts",
            "(56, 55, 730)",
        ],
    ),
    "04_tables_figures_listings": (
        4,
        [
            "10 subjects with 62 responses, 4 times to events",
            "Time is counted from treatment start, which is day 1.",  # the study in sentences
            r"{\rtf1\ansi",
            "Swimmer plot: one lane for each subject",
            "Table 14.2.1",
            "0.868",
        ],
    ),
}


def test_every_notebook_is_expected():
    assert sorted(path.stem for path in FOLDER.glob("*.ipynb")) == sorted(EXPECTED)


@pytest.mark.parametrize("name", EXPECTED)
def test_a_notebook_is_kept_without_outputs(name):
    spec = spec_from_file_location("clean", FOLDER / "clean.py")
    clean = module_from_spec(spec)
    spec.loader.exec_module(clean)
    text = (FOLDER / f"{name}.ipynb").read_text(encoding="utf-8")
    assert text == clean.cleaned(text), "run `python notebooks/clean.py`"


@pytest.mark.parametrize("name", EXPECTED)
def test_a_notebook_runs(name, monkeypatch):
    for package in ("nbformat", "nbclient", "ipykernel"):
        pytest.importorskip(package, reason=f"{package} runs the notebooks; pip install '.[test]'")
    import nbformat
    from nbclient import NotebookClient

    monkeypatch.setenv("PYTHONPATH", str(ROOT))  # an installation is not asked for
    notebook = nbformat.read(FOLDER / f"{name}.ipynb", as_version=4)
    place = {"metadata": {"path": str(FOLDER)}}
    NotebookClient(notebook, timeout=300, kernel_name="python3", resources=place).execute()

    outputs = [output for cell in notebook.cells if cell.cell_type == "code" for output in cell.outputs]
    assert [output.text for output in outputs if output.get("name") == "stderr"] == []
    figures, texts = EXPECTED[name]
    drawn = [
        base64.b64decode(output.data["image/png"])
        for output in outputs
        if "image/png" in output.get("data", {})
    ]
    assert len(drawn) == figures
    assert all(png.startswith(b"\x89PNG") and len(png) > 20_000 for png in drawn)
    looks = [output.metadata["image/png"] for output in outputs if "image/png" in output.get("data", {})]
    assert all(300 < look["width"] < 900 and len(look["alt"]) > 80 for look in looks)  # on a page, with words
    shown = "\n".join(_texts(outputs))
    assert [text for text in texts if text not in shown] == []
    assert str(ROOT) not in shown


def _texts(outputs):
    """Everything that a notebook shows as text or html."""
    for output in outputs:
        yield output.get("text", "")
        for kind in ("text/plain", "text/html"):
            yield output.get("data", {}).get(kind, "")
