"""The study file: what a protocol says about data, criteria, endpoints and analyses, as TOML."""

from survival.study.model import Study
from survival.study.read import read_study
from survival.study.schema import study_schema
from survival.study.sentences import study_text
from survival.study.source import StudyError

__all__ = ["Study", "StudyError", "read_study", "study_schema", "study_text"]
