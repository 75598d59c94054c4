"""A simulated study: its frames, and how they are written to a folder."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path

import pandas as pd

from recist.simulation.design import Design
from recist.simulation.leukaemia_course import LeukaemiaDesign
from recist.simulation.readme import readme

FILES = {  # file -> field of the simulation
    "lesions.csv": "lesions",
    "lesions_recist_1_1.csv": "lesions_recist_1_1",
    "marrow.csv": "marrow",
    "subjects.csv": "subjects",
    "visits.csv": "visits",
    "adjudication.csv": "adjudication",
    "qlq_c30.csv": "questionnaires",
    "adverse_events.csv": "adverse_events",
    "truth.csv": "truth",
    "truth_subjects.csv": "subject_truth",
    "truth_responses.csv": "response_truth",
    "truth_best.csv": "best_truth",
    "truth_qlq_c30.csv": "questionnaire_truth",
    "truth_escalation.csv": "escalation",
}
_DECIMALS = {"lesions.csv": 1, "lesions_recist_1_1.csv": 1}


def _none() -> pd.DataFrame:
    return pd.DataFrame()


@dataclass(frozen=True, kw_only=True, repr=False)
class Simulation:
    """What `simulate` returns; lengths in mm, dates as datetime64.  What a study does not have is empty."""

    design: Design | LeukaemiaDesign  # with the number of subjects and the seed that were used
    subjects: pd.DataFrame  # one row per subject: arm, strata, dates, flags
    subject_truth: pd.DataFrame  # one row per subject: what is latent, true dates
    lesions: pd.DataFrame = field(default_factory=_none)  # subject evaluator visit date lesion role organ ...
    lesions_recist_1_1: pd.DataFrame = field(default_factory=_none)  # at most 5 targets, 2 per organ
    marrow: pd.DataFrame = field(default_factory=_none)  # subject visit date blasts_pct neutrophils ...
    visits: pd.DataFrame = field(default_factory=_none)  # subject visit date imaging_done ...
    adjudication: pd.DataFrame = field(default_factory=_none)  # subject criteria accepted
    questionnaires: pd.DataFrame = field(default_factory=_none)  # subject visit date q1 ... q30
    adverse_events: pd.DataFrame = field(default_factory=_none)  # subject term grade start_date ...
    truth: pd.DataFrame = field(default_factory=_none)  # hand-written subjects: expected overall responses
    response_truth: pd.DataFrame = field(default_factory=_none)  # responses of a reading without error
    best_truth: pd.DataFrame = field(default_factory=_none)  # and what follows from them per subject
    questionnaire_truth: pd.DataFrame = field(default_factory=_none)  # deterioration per subject and scale
    escalation: pd.DataFrame = field(default_factory=_none)  # one row per cohort of a dose escalation

    def __repr__(self) -> str:
        sizes = ", ".join(f"{name} {len(frame)}" for name, frame in self.files().items())
        return f"Simulation({self.design.name}: rows of {sizes})"

    def files(self) -> dict[str, pd.DataFrame]:
        """File name -> frame, of the frames that this study has."""
        frames = {name: getattr(self, attribute) for name, attribute in FILES.items()}
        return {name: frame for name, frame in frames.items() if len(frame.columns)}

    def write(self, folder: str | Path) -> Path:
        """Write the frames as CSV with a README into `folder`, all files or none.

        Other files in the folder (a study file) are left alone.  Returns the folder.
        """
        into = Path(folder)
        into.mkdir(parents=True, exist_ok=True)
        frames = self.files()
        texts = {"README.md": readme(self.design, frames)}
        drafts = {name: into / f".{name}.part" for name in (*frames, *texts)}
        try:
            for name, frame in frames.items():
                _write_csv(frame, drafts[name], decimals=_DECIMALS.get(name))
            for name, text in texts.items():
                drafts[name].write_text(text, encoding="utf-8", newline="\n")
            for name, draft in drafts.items():
                draft.replace(into / name)
        finally:
            for draft in drafts.values():
                draft.unlink(missing_ok=True)
        return into


def _write_csv(frame: pd.DataFrame, path: Path, decimals: int | None) -> None:
    """The same bytes on every system: line feeds, ISO dates, diameters with one decimal."""
    frame.to_csv(
        path,
        index=False,
        encoding="utf-8",
        lineterminator="\n",
        date_format="%Y-%m-%d",
        float_format=None if decimals is None else f"%.{decimals}f",
    )
