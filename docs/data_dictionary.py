"""Writes data_dictionary.md from the data dictionaries in the code: `python docs/data_dictionary.py`."""

from pathlib import Path

import recist.lesions
import recist.sdtm.subjects
import recist.visit_table
import survival.adverse_events.frame
import survival.qlq_c30.answers
import survival.subjects

PAGE = Path(__file__).with_suffix(".md")
HEAD = """\
# Data dictionary

Generated from the code by `python docs/data_dictionary.py`; change it there.

Files are csv (UTF-8, commas), parquet, xlsx (one sheet), xpt or sas7bdat, plain or with `.gz`.  Text columns
become `category`, so that identifiers keep their leading zeros; dates are written 2024-03-15, a time of day
is dropped, a date without a day is refused (kept as written among the adverse events).  Column names must be
as below; `columns={"theirs": "ours"}` renames while reading.  Case, blanks, hyphens and underscores do not
matter in controlled words.
"""


def text() -> str:
    """The page as Markdown."""
    contacts = [f"`{c}`" for names in recist.sdtm.subjects.CONTACTS.values() for c in names]
    sdtm = (
        "`read_sdtm` makes both tables from a folder of SDTM.  `last_alive_date` is then the latest of "
        f"{', '.join(contacts)} that has a day.  `read_adverse_events` reads the domain AE."
    )
    parts = [
        HEAD,
        "## Lesions: one row per subject, evaluator, visit and lesion\n",
        recist.lesions.dictionary_markdown() + "\n",
        "## Visits: one row per subject, evaluator and visit (optional)\n",
        recist.visit_table.VISITS.markdown() + "\n",
        "## Subjects: one row per subject\n",
        survival.subjects.dictionary_markdown() + "\n",
        "## Adverse events: one row per event\n",
        survival.adverse_events.frame.dictionary_markdown() + "\n",
        "## QLQ-C30: one row per subject and questionnaire\n",
        survival.qlq_c30.answers.dictionary_markdown() + "\n",
        "## From SDTM\n",
        sdtm,
    ]
    return "\n".join(parts) + "\n"


if __name__ == "__main__":
    PAGE.write_text(text(), encoding="utf-8")
