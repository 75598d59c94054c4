"""Time to response, confirmed or not, among responders."""

from __future__ import annotations

from dataclasses import replace

from survival.endpoints.ttr import TTR

TTR_ANY = replace(
    TTR,
    name="TTR_ANY",
    title="Time to response, confirmed or not, responders",
    events=("response_date",),
    only="response_date",
)
