"""A simulated study: its frames, and how they are written to a folder."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import pandas as pd

from recist.simulation.design import Design
from recist.simulation.readme import readme


@dataclass(frozen=True)
class Simulation:
    """What `simulate` returns; lengths in mm, dates as datetime64."""

    design: Design  # with the number of subjects and the seed that were used
    lesions: pd.DataFrame  # subject evaluator visit date lesion role organ node diameter_mm state ...
    subjects: pd.DataFrame  # one row per subject: arm, strata, dates, flags
    truth: pd.DataFrame  # subject evaluator visit expected_overall remark, hand-written subjects
    subject_truth: pd.DataFrame  # one row per subject: kinetics, latent dates, expected best responses
    visits: pd.DataFrame  # subject visit date imaging_done symptomatic_deterioration

    def write(self, folder: str | Path) -> Path:
        """Write the frames as CSV with a README into `folder`, all files or none.

        Other files in the folder (a study file) are left alone.  Returns the folder.
        """
        into = Path(folder)
        into.mkdir(parents=True, exist_ok=True)
        frames = {
            "lesions.csv": self.lesions,
            "subjects.csv": self.subjects,
            "visits.csv": self.visits,
            "truth.csv": self.truth,
            "truth_subjects.csv": self.subject_truth,
        }
        texts = {"README.md": readme(self.design, frames)}
        drafts = {name: into / f".{name}.part" for name in (*frames, *texts)}
        try:
            for name, frame in frames.items():
                _write_csv(frame, drafts[name], decimals=1 if name == "lesions.csv" else None)
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
