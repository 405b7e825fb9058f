"""What a link to the site looks like where somebody shares it: a card of 1200 × 630 pixels."""

import json
from dataclasses import asdict, dataclass
from functools import lru_cache
from pathlib import Path

import typst

from resolutions.typesetting import SHUT, known_fonts, undrawn_of

_TEMPLATE = Path(__file__).with_suffix(".typ")


@dataclass(frozen=True)
class Card:
    """What a card says; `postmark` is a drawing (SVG), `color` that of the sentence."""

    sender: tuple[str, str]
    title: str
    sentence: str
    native: str = ""
    color: str = "#1b1f24"
    postmark: str = ""


def can_draw(text: str, *, machine_fonts: bool = True) -> bool:
    """Whether the fonts at hand have every letter: those of the East come from the machine."""
    beyond_ascii = {letter for letter in text if not letter.isascii()}
    return not beyond_ascii or not undrawn_of(beyond_ascii, known_fonts(machine_fonts))


@lru_cache(maxsize=64)
def drawn(card: Card, *, machine_fonts: bool = True) -> bytes:
    """The card as PNG: the same bytes every time."""
    return typst.compile(
        _TEMPLATE.read_bytes(),
        format="png",
        ppi=72,  # a point is a pixel
        sys_inputs={"card": json.dumps(asdict(card))},
        font_paths=known_fonts(machine_fonts),
        **SHUT,
    )
