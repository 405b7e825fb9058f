"""The kinds of work that are measured, and where each site does them."""

from collections.abc import Callable
from dataclasses import dataclass
from math import ceil

from tests.benchmark import facts

PER_PAGE, PER_API_PAGE, PER_ADMIN_PAGE = 25, 50, 50
STRIDE = 7919
"""A prime: steps of it meet every record once before they meet one again."""

Address = Callable[[int], str]
"""Takes how many questions of its kind came before; a first answer is never asked for twice."""


@dataclass(frozen=True)
class Work:
    """One kind of work.

    `first_limit` is the target for the CPU of a first answer, in times of the twin's;
    `growth_limit` the one for the p50 at 100,000 resolutions, in times of that at 100. Either is
    None where there is no target.
    """

    name: str
    ours: Address
    twin: Address | None
    first_limit: float | None = None
    growth_limit: float | None = 1.5
    is_signed_in: bool = False
    is_conditional: bool = False
    """Ask with the tag of what the client has, so that the answer is 304 and empty."""

    @property
    def is_kept(self) -> bool:
        """Return whether the answer may be served again without being made."""
        return not self.is_signed_in


def fixed(address: str) -> Address:
    return lambda turn: address


def works(size: facts.Size) -> list[Work]:
    """Return all kinds of work, in the order of the report."""
    total = size.records + len(facts.register()["resolutions"])
    last, last_of_api = ceil(total / PER_PAGE), ceil(total / PER_API_PAGE)
    middle = min(500, max(last // 2, 1))
    partners = [partner for __, partner in facts.relationships(size)]

    def record(turn: int) -> str:
        return facts.slug_of(turn * STRIDE % size.records)

    def same(name: str, address: str, **more: float | None) -> Work:
        return Work(name, fixed(address), fixed(address), **more)  # type: ignore[arg-type]

    def of_each(name: str, address: Address, **more: float | None) -> Work:
        return Work(name, address, address, **more)  # type: ignore[arg-type]

    def page(turn: int) -> str:
        return f"/resolutions/{record(turn)}/"

    def answer(turn: int) -> str:
        return f"/api/v1/resolutions/{record(turn)}/"

    def city(turn: int) -> str:
        return f"/cities/{partners[turn % len(partners)]}/"

    return [
        same("home", "/", first_limit=1.5),
        same("partners’ list", "/cities/", first_limit=1.5),
        of_each("one city", city, first_limit=1.5),
        same("resolutions, page 1", "/resolutions/", first_limit=1.5, growth_limit=3),
        same("resolutions, middle page", f"/resolutions/?page={middle}", growth_limit=3),
        same(
            "resolutions, last page",
            f"/resolutions/?page={last}",
            first_limit=0.5,
            growth_limit=3,
        ),
        of_each("one resolution", page, first_limit=3),
        same("search, common word", f"/search/?q={facts.COMMON_WORD}", growth_limit=5),
        same("search, rare word", f"/search/?q={facts.RARE_WORD}", growth_limit=5),
        same("API list, page 1", "/api/v1/resolutions/", first_limit=1.5, growth_limit=3),
        same(
            "API list, last page",
            f"/api/v1/resolutions/?page={last_of_api}",
            first_limit=0.5,
            growth_limit=3,
        ),
        of_each("API, one resolution", answer, first_limit=3),
        Work("304 of a page", page, None, is_conditional=True),
        Work("304 of an API answer", answer, None, is_conditional=True),
        Work(
            "admin list",
            fixed("/admin/resolutions/resolution/"),
            fixed("/admin/twin/resolution/"),
            first_limit=1,
            is_signed_in=True,
        ),
        Work(
            "admin search",
            fixed(f"/admin/resolutions/resolution/?q={facts.COMMON_WORD}"),
            fixed(f"/admin/twin/resolution/?q={facts.COMMON_WORD}"),
            first_limit=0.5,
            growth_limit=5,
            is_signed_in=True,
        ),
        same("changes", "/changes/", growth_limit=3),
        same("changes, feed", "/changes/feed.atom"),
        same("changes, API", "/api/v1/changes/", growth_limit=3),
        same("sitemap", "/sitemap.xml"),
        # It lists every resolution, so it grows with them.
        same("sitemap of resolutions", "/sitemap-resolution.xml", growth_limit=None),
        same("timeline", "/timeline/", growth_limit=3),
        same("gaps", "/gaps/", growth_limit=3),
    ]
