"""Names of arms as lines that fit their place."""

from __future__ import annotations

from recist import TEXT_PT, clip_text, plain_text, shorten_text, wrap_text


def name_lines(name: str, width: float, most: int) -> list[str]:
    """A name as lines; one too long for them loses its middle, since names differ at their ends."""
    text = plain_text(name)
    if len(wrap_text(text, width)) > most:
        text = shorten_text(text, width * (most - 0.15 * (most - 1)))
    return clip_text(text, width, TEXT_PT, most)
