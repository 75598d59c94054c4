"""Names of arms as lines that fit their place."""

from __future__ import annotations

from recist import TEXT_PT, clip_text, plain_text, shorten_text, wrap_text

BOLD = 1.12  # bold letters are wider by up to this
STEP = 0.1  # of a line


def name_lines(name: str, width: float, most: int) -> list[str]:
    """A name as lines; one too long for them loses its middle, since names differ at their ends."""
    text = plain_text(name)
    lines, room = wrap_text(text, width), most * width
    while (
        len(lines) > most and room >= width
    ):  # words that are not broken leave lines half empty: how much is tried
        lines = wrap_text(shorten_text(text, room), width)
        room -= STEP * width
    return clip_text(" ".join(lines), width, TEXT_PT, most) if len(lines) > most else lines
