"""The study file: what a protocol says about data, criteria, endpoints and analyses, as TOML."""

from survival.study.model import Study
from survival.study.read import read_study
from survival.study.source import StudyError

__all__ = ["Study", "StudyError", "read_study"]
