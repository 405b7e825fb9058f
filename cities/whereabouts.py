"""Whether coordinates lie in a country, as far as a coarse table of the world’s land can say."""

from collections.abc import Iterator
from functools import cache
from math import floor
from pathlib import Path

SLACK = 0.25
"""Degrees around a place in which the country may be: coasts in the table are coarse."""

Spans = dict[int, list[tuple[int, int]]]
"""By the degree of latitude at the south, from which to which longitude there is land."""


def lies_in(country: str, latitude: float, longitude: float) -> bool | None:
    """Return whether a place can lie in a country; None where the table does not know it."""
    spans = _countries().get(country)
    if spans is None:
        return None
    degrees = {floor(latitude + north) for north in (-SLACK, 0, SLACK)}
    return any(
        west - SLACK <= east_of <= east + SLACK
        for degree in degrees
        for west, east in spans.get(degree, [])
        for east_of in (longitude - 360, longitude, longitude + 360)
    )


@cache
def _countries() -> dict[str, Spans]:
    return dict(_read())


def _read() -> Iterator[tuple[str, Spans]]:
    for line in Path(__file__).with_name("country_spans.txt").read_text("utf-8").splitlines():
        if not line.startswith("#"):
            country, *rows = line.split()
            yield country, dict(map(_row, rows))


def _row(row: str) -> tuple[int, list[tuple[int, int]]]:
    degree, spans = row.split(":")
    return int(degree), [_span(span) for span in spans.split(",")]


def _span(span: str) -> tuple[int, int]:
    west, east = span.split("~")
    return int(west), int(east)
