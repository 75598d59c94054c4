"""Where the data behind a table or figure stand subject by subject: the number of its listing, as a last note."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Any

from survival.study.display import Material, Shown

BEST, RESPONSES, ENDPOINT = "best_response_listing", "response_listing", "endpoint_listing"
LISTINGS = {  # kind -> the kind of listing that holds what it counts
    "best_response_table": BEST,
    "response_rate_table": BEST,
    "rate_subgroup_table": BEST,
    "rate_forest_plot": BEST,
    "leukaemia_response_table": BEST,
    "depth_table": RESPONSES,
    "waterfall_plot": RESPONSES,
    "spider_plot": RESPONSES,
    "response_over_time_plot": RESPONSES,
    "time_to_event_table": ENDPOINT,
    "landmark_table": ENDPOINT,
    "censoring_table": ENDPOINT,
    "progression_reason_table": ENDPOINT,
    "cumulative_incidence_table": ENDPOINT,
    "subgroup_table": ENDPOINT,
    "km_plot": ENDPOINT,
    "forest_plot": ENDPOINT,
    "cumulative_incidence_plot": ENDPOINT,
    "sensitivity_table": "sensitivity_listing",
    "rate_sensitivity_table": "rate_sensitivity_listing",
    "concordance_table": "discordance_listing",
    "agreement_plot": "discordance_listing",
    "qlq_table": "qlq_listing",
    "qlq_plot": "qlq_listing",
}


def source_note(material: Material, one: Shown, displays: Sequence[Shown]) -> str:
    """The listing that a display counts out of; empty where the study has none."""
    kind = LISTINGS.get(one.kind)
    found = [
        other.words.number
        for other in displays
        if other.kind == kind and _same(one, other) and _holds(material, other, one)
    ]
    return f"Source: {found[0]}." if found else ""


def _same(one: Shown, listing: Shown) -> bool:
    """Whether the listing is of the same outcome or criteria, and of the same data."""
    if listing.material is not None or one.material is not None:
        return False
    if listing.kind in (BEST, RESPONSES):
        return listing.reading.criteria == one.reading.criteria
    return not listing.names or listing.names == one.names


def _holds(material: Material, listing: Shown, one: Shown) -> bool:
    """Whether every subject of a display is in the population of the listing."""
    listed, counted = (material.subjects(each.reading)["subject"] for each in (listing, one))
    return bool(counted.isin(listed).all())


def with_source(material: Material, display: Any, one: Shown, displays: Sequence[Shown]) -> Any:
    """A table with its source as the last note; anything else as it is."""
    said = source_note(material, one, displays)
    if not said or not hasattr(display, "shell") or display.shell.source:
        return display
    return replace(display, shell=replace(display.shell, source=said))
