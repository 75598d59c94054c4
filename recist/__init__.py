"""Tumour response from lesion measurements: RECIST 1.1 and its family, each value with its rule."""

import sys
from importlib import import_module
from types import ModuleType
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from recist.adrs import derive_adrs
    from recist.against_recorded import RecordedComparison, compare_recorded
    from recist.assess import assess
    from recist.best_response import best_response
    from recist.brief import brief_reason
    from recist.check import check_lesions
    from recist.columns import Column, Dictionary, conform
    from recist.compare import CriteriaComparison, compare_criteria
    from recist.criteria import all_criteria, get_criteria
    from recist.criteria.base import BestResponseRules, Criteria
    from recist.decision_table import DecisionTable
    from recist.errors import InputError, LesionError, SubjectError
    from recist.explain import explain
    from recist.explain_all import explain_all
    from recist.figures.lesion_profile import lesion_profile_numbers, lesion_profile_plot
    from recist.figures.links import subject_link
    from recist.figures.look import FigureLook
    from recist.figures.palette import fill_style, in_order
    from recist.figures.response_over_time import response_over_time_numbers, response_over_time_plot
    from recist.figures.sheet import Entry, Sheet
    from recist.figures.spider import spider_numbers, spider_plot
    from recist.figures.style import (
        AXES_PT,
        PAGE_MM,
        POINTS_PER_MM,
        SMALL_PT,
        TEXT_PT,
        WIDTH_MM,
        JournalFigure,
        figure_style,
        line_style,
        new_figure,
        save_figure,
    )
    from recist.figures.swimmer import swimmer_numbers, swimmer_pages, swimmer_plot
    from recist.figures.text import (
        BOLD,
        clip_text,
        name_lines,
        plain_text,
        shorten_text,
        text_width,
        wrap_text,
    )
    from recist.figures.waterfall import waterfall_numbers, waterfall_plot
    from recist.lesions import as_lesions, read_lesions
    from recist.leukaemia.assess import assess_leukaemia
    from recist.leukaemia.best_response import best_leukaemia_response
    from recist.leukaemia.check import check_leukaemia
    from recist.leukaemia.criteria import all_leukaemia_criteria, get_leukaemia_criteria
    from recist.leukaemia.criteria.base import LeukaemiaCriteria
    from recist.leukaemia.explain import explain_leukaemia
    from recist.leukaemia.marrow import MarrowError, as_marrow, read_marrow
    from recist.readers import READING_RULES, Readers, accepted_reading, adjudication_of
    from recist.rules import all_rules, get_rules
    from recist.sdtm import read_sdtm
    from recist.simulation import simulate
    from recist.table_file import read_conformed, read_table
    from recist.terms import BESIDE, BEST, IMMUNE_BEST
    from recist.visit_table import VISITS

_HOME = {  # public name -> module; loaded at first use, so that `import recist` stays light
    "assess": "assess",
    "best_response": "best_response",
    "brief_reason": "brief",
    "CriteriaComparison": "compare",
    "compare_criteria": "compare",
    "RecordedComparison": "against_recorded",
    "compare_recorded": "against_recorded",
    "Readers": "readers",
    "accepted_reading": "readers",
    "adjudication_of": "readers",
    "READING_RULES": "readers",
    "check_lesions": "check",
    "Column": "columns",
    "Dictionary": "columns",
    "conform": "columns",
    "all_criteria": "criteria",
    "get_criteria": "criteria",
    "get_rules": "rules",
    "all_rules": "rules",
    "derive_adrs": "adrs",
    "BestResponseRules": "criteria.base",
    "Criteria": "criteria.base",
    "DecisionTable": "decision_table",
    "InputError": "errors",
    "LesionError": "errors",
    "SubjectError": "errors",
    "explain": "explain",
    "explain_all": "explain_all",
    "FigureLook": "figures.look",
    "fill_style": "figures.palette",
    "subject_link": "figures.links",
    "in_order": "figures.palette",
    "Entry": "figures.sheet",
    "Sheet": "figures.sheet",
    "spider_numbers": "figures.spider",
    "spider_plot": "figures.spider",
    "lesion_profile_numbers": "figures.lesion_profile",
    "lesion_profile_plot": "figures.lesion_profile",
    "response_over_time_numbers": "figures.response_over_time",
    "response_over_time_plot": "figures.response_over_time",
    "swimmer_numbers": "figures.swimmer",
    "swimmer_pages": "figures.swimmer",
    "swimmer_plot": "figures.swimmer",
    "AXES_PT": "figures.style",
    "PAGE_MM": "figures.style",
    "POINTS_PER_MM": "figures.style",
    "SMALL_PT": "figures.style",
    "TEXT_PT": "figures.style",
    "WIDTH_MM": "figures.style",
    "JournalFigure": "figures.style",
    "figure_style": "figures.style",
    "line_style": "figures.style",
    "new_figure": "figures.style",
    "save_figure": "figures.style",
    "BOLD": "figures.text",
    "clip_text": "figures.text",
    "name_lines": "figures.text",
    "plain_text": "figures.text",
    "shorten_text": "figures.text",
    "text_width": "figures.text",
    "wrap_text": "figures.text",
    "waterfall_numbers": "figures.waterfall",
    "waterfall_plot": "figures.waterfall",
    "as_lesions": "lesions",
    "read_lesions": "lesions",
    "assess_leukaemia": "leukaemia.assess",
    "best_leukaemia_response": "leukaemia.best_response",
    "check_leukaemia": "leukaemia.check",
    "all_leukaemia_criteria": "leukaemia.criteria",
    "get_leukaemia_criteria": "leukaemia.criteria",
    "LeukaemiaCriteria": "leukaemia.criteria.base",
    "explain_leukaemia": "leukaemia.explain",
    "MarrowError": "leukaemia.marrow",
    "as_marrow": "leukaemia.marrow",
    "read_marrow": "leukaemia.marrow",
    "read_conformed": "table_file",
    "read_table": "table_file",
    "read_sdtm": "sdtm",
    "simulate": "simulation",
    "BEST": "terms",
    "BESIDE": "terms",
    "IMMUNE_BEST": "terms",
    "VISITS": "visit_table",
}

__version__ = "0.1.0"
__all__ = [  # noqa: RUF022  (the order of the work)
    "read_lesions",
    "as_lesions",
    "read_sdtm",
    "check_lesions",
    "assess",
    "best_response",
    "explain",
    "explain_all",
    "brief_reason",
    "compare_criteria",
    "CriteriaComparison",
    "Readers",
    "accepted_reading",
    "adjudication_of",
    "READING_RULES",
    "compare_recorded",
    "RecordedComparison",
    "all_criteria",
    "get_criteria",
    "get_rules",
    "all_rules",
    "derive_adrs",
    "Criteria",
    "BestResponseRules",
    "read_marrow",
    "as_marrow",
    "check_leukaemia",
    "assess_leukaemia",
    "best_leukaemia_response",
    "explain_leukaemia",
    "all_leukaemia_criteria",
    "get_leukaemia_criteria",
    "LeukaemiaCriteria",
    "waterfall_plot",
    "waterfall_numbers",
    "spider_plot",
    "spider_numbers",
    "swimmer_plot",
    "swimmer_pages",
    "swimmer_numbers",
    "lesion_profile_plot",
    "lesion_profile_numbers",
    "response_over_time_plot",
    "response_over_time_numbers",
    "FigureLook",
    "simulate",
    "Column",
    "Dictionary",
    "conform",
    "read_conformed",
    "read_table",
    "Sheet",
    "Entry",
    "fill_style",
    "in_order",
    "subject_link",
    "AXES_PT",
    "PAGE_MM",
    "POINTS_PER_MM",
    "TEXT_PT",
    "SMALL_PT",
    "WIDTH_MM",
    "JournalFigure",
    "figure_style",
    "line_style",
    "new_figure",
    "save_figure",
    "text_width",
    "plain_text",
    "BOLD",
    "clip_text",
    "name_lines",
    "shorten_text",
    "wrap_text",
    "BEST",
    "BESIDE",
    "IMMUNE_BEST",
    "VISITS",
    "DecisionTable",
    "InputError",
    "LesionError",
    "MarrowError",
    "SubjectError",
]


def __getattr__(name: str) -> Any:
    if name in _HOME:
        value = getattr(import_module(f"recist.{_HOME[name]}"), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module 'recist' has no attribute {name!r}")


class _Public(ModuleType):
    """Keeps `recist.assess` the function, whatever imports the module of that name."""

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in _HOME and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Public
