"""From responses to the outcomes a trial is judged by, and the estimates and displays of them."""

import sys
from importlib import import_module
from types import ModuleType
from typing import Any

_HOME: dict[str, str] = {  # public name -> module; loaded at first use, so that `import survival` stays light
    "kaplan_meier": "estimate.kaplan_meier",
    "compare_arms": "estimate.compare",
    "log_rank": "estimate.log_rank",
    "cox_model": "estimate.cox",
    "cox_profile": "estimate.cox_profile",
    "cox_firth": "estimate.cox_profile",
    "proportional_hazards": "estimate.proportional_hazards",
    "cumulative_incidence": "estimate.competing",
    "gray_test": "estimate.gray",
    "fine_gray": "estimate.fine_gray",
    "rmst": "estimate.rmst",
    "rmst_difference": "estimate.rmst",
    "milestone_difference": "estimate.milestone",
    "follow_up": "estimate.follow_up",
    "landmark_analysis": "estimate.landmark",
    "to_lifelines_cox": "estimate.to_lifelines",
    "EstimateError": "estimate.observations",
    "response_rate": "response_rate",
    "proportion": "proportion",
    "rate_difference": "difference",
    "rate_tests": "difference_tests",
    "rate_ratio": "difference_ratios",
    "mantel_haenszel": "stratified",
    "common_odds_ratio": "stratified",
    "subgroup_analysis": "subgroups",
    "subgroup_rates": "subgroups",
    "cohen_kappa": "agreement",
    "fleiss_kappa": "agreement",
    "concordance": "concordance",
    "Comparison": "concordance",
    "discordances": "listings.discordance",
    "discordance_listing": "listings.discordance",
    "concordance_table": "tables.concordance",
    "endpoint_by_criteria": "criteria_compared",
    "read_subjects": "subjects",
    "as_subjects": "subjects",
    "derive_endpoint": "endpoint",
    "all_situations": "endpoint",
    "time_to_first": "time_to_first",
    "read_adverse_events": "adverse_events.frame",
    "as_adverse_events": "adverse_events.frame",
    "AdverseEventError": "adverse_events.frame",
    "sdtm_adverse_events": "adverse_events.sdtm",
    "check_adverse_events": "adverse_events.check",
    "Window": "adverse_events.window",
    "mark_window": "adverse_events.window",
    "events_within": "adverse_events.window",
    "incidence": "adverse_events.incidence",
    "exposure_adjusted": "adverse_events.exposure",
    "with_first_adverse_event": "adverse_events.first",
    "time_to_first_adverse_event": "adverse_events.first",
    "dose_limiting": "adverse_events.dose_limiting",
    "mtd": "adverse_events.dose_limiting",
    "Share": "shares",
    "shares": "shares",
    "adverse_event_summary_table": "tables.adverse_event_summary",
    "adverse_event_table": "tables.adverse_events",
    "worst_grade_table": "tables.worst_grade",
    "dose_limiting_table": "tables.dose_limiting",
    "proportion_table": "tables.proportion",
    "adverse_event_listing": "listings.adverse_events",
    "Endpoint": "endpoint",
    "Situation": "endpoint",
    "EndpointError": "endpoint",
    "all_endpoints": "endpoints",
    "get_endpoint": "endpoints",
    "OS": "endpoints.os",
    "PFS": "endpoints.pfs",
    "PFS_FDA_B": "endpoints.pfs_fda_b",
    "PFS_FDA_C": "endpoints.pfs_fda_c",
    "PFS_EMA": "endpoints.pfs_ema",
    "TTP": "endpoints.ttp",
    "DOR": "endpoints.dor",
    "DOR_ANY": "endpoints.dor_any",
    "TTR": "endpoints.ttr",
    "TTR_ANY": "endpoints.ttr_any",
    "TTR_ALL": "endpoints.ttr_all",
    "IPFS": "endpoints.ipfs",
    "ITTP": "endpoints.ittp",
    "IDOR": "endpoints.idor",
    "IDOR_ANY": "endpoints.idor_any",
    "DOCR": "endpoints.docr",
    "DOCR_ANY": "endpoints.docr_any",
    "DOSD": "endpoints.dosd",
    "DOSD_ANY": "endpoints.dosd_any",
    "DFS": "endpoints.dfs",
    "EFS": "endpoints.efs",
    "TTF": "endpoints.ttf",
    "RFS": "endpoints.rfs",
    "CIR": "endpoints.cir",
    "FOLLOW_UP": "endpoints.follow_up",
    "EFS_ELN2017": "endpoints.efs_eln2017",
    "EFS_ELN2022": "endpoints.efs_eln2022",
    "subject_facts": "facts",
    "leukaemia_facts": "leukaemia_facts",
    "benefit_flags": "clinical_benefit",
    "km_plot": "figures.km",
    "km_numbers": "figures.km",
    "KmLook": "figures.look",
    "best_response_table": "tables.best_response",
    "time_to_event_table": "tables.time_to_event",
    "read_study": "study",
    "run_study": "run",
}


def __getattr__(name: str) -> Any:
    if name in _HOME:
        value = getattr(import_module(f"survival.{_HOME[name]}"), name)
        globals()[name] = value
        return value
    raise AttributeError(f"module 'survival' has no attribute {name!r}")


class _Public(ModuleType):
    """Keeps `survival.response_rate` the function, whatever imports the module of that name."""

    def __setattr__(self, name: str, value: Any) -> None:
        if not (name in _HOME and isinstance(value, ModuleType)):
            super().__setattr__(name, value)


sys.modules[__name__].__class__ = _Public
