"""The form above a list: what was asked, what was wrong with it, and ways back."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.core.paginator import InvalidPage, Page, Paginator
from django.http import QueryDict
from django.utils.translation import gettext as _

SHORT_FORM = 4
"""So many conditions stand beside each other on a screen, and above each other on a phone."""

Options = Iterable[tuple[str, Any]]


def named(records: Any) -> Options:
    """Records with slug and name, as the choices of a select."""
    return records.order_by("name", "slug").values_list("slug", "name")


def requested_page(pages: Paginator, question: QueryDict) -> tuple[Page, str]:
    """The page asked for; where there is none such, the first, with a sentence that says so."""
    try:
        return pages.page(question.get("page") or 1), ""
    except InvalidPage:
        problem = _("There is no such page. The list has %(count)s; this is the first.")
        return pages.page(1), problem % {"count": pages.num_pages}


@dataclass(frozen=True)
class Field:
    """One condition: its choices, if it has some, and what is chosen."""

    name: str
    label: str
    value: str
    options: list[tuple[str, str]] | None
    hint: str
    problems: list[str]

    @property
    def described_by(self) -> str:
        """The elements that say more of it."""
        said = {"hint": self.hint, "problem": self.problems}
        return " ".join(f"ask-{self.name}-{what}" for what, there in said.items() if there)


@dataclass(frozen=True)
class Chip:
    """A condition in force, in words, and the question without it."""

    label: str
    words: str
    without: str


class ListForm:
    """A filter with the choices of its selects, and one page of what it finds.

    A condition that cannot be read is left out, with a sentence beside it: `status` is 400 then.
    """

    def __init__(
        self,
        question: QueryDict,
        filter_class: Any,
        records: Any,
        *,
        options: dict[str, Options],
        hints: dict[str, str] | None = None,
        order: Iterable[str] = (),
        at_once: int = 25,
    ) -> None:
        self.question = question
        filters = filter_class(question, records)
        self.problems: dict[str, list[str]] = {
            name: [str(problem) for problem in problems]
            for name, problems in filters.errors.items()
        }
        sound = question.copy()
        for name in self.problems:
            sound.pop(name, None)
        found = filter_class(sound, records).qs if self.problems else filters.qs
        filters.form.order_fields(list(order))
        self.fields = [
            self._field(name, condition, options, hints or {})
            for name, condition in filters.form.fields.items()
        ]
        self.page = self._page(Paginator(found, at_once))

    def _field(
        self, name: str, condition: Any, options: dict[str, Options], hints: dict[str, str]
    ) -> Field:
        given = options.get(name, getattr(condition, "choices", None))
        chosen = [(str(value), str(words)) for value, words in given if value] if given else None
        if given is not None and chosen is None:
            chosen = []
        return Field(
            name,
            str(condition.label),
            self.question.get(name, ""),
            chosen,
            hints.get(name, ""),
            self.problems.get(name, []),
        )

    def _page(self, pages: Paginator) -> Page:
        page, problem = requested_page(pages, self.question)
        if problem:
            self.problems["page"] = [problem]
        return page

    @property
    def more(self) -> list[Field]:
        """The conditions that a long form folds away: all but the first. None of a short form."""
        return self.fields[1:] if len(self.fields) > SHORT_FORM else []

    @property
    def at_hand(self) -> list[Field]:
        """The conditions that are always shown."""
        return self.fields[: len(self.fields) - len(self.more)]

    @property
    def more_in_use(self) -> bool:
        return any(field.value for field in self.more)

    @property
    def count(self) -> int:
        return self.page.paginator.count

    @property
    def status(self) -> int:
        return 400 if self.problems else 200

    @property
    def chips(self) -> list[Chip]:
        """The conditions in force."""
        return [
            Chip(
                field.label,
                dict(field.options or []).get(field.value, field.value),
                self.address(field.name, "page"),
            )
            for field in self.fields
            if field.value and not field.problems
        ]

    @property
    def conditions(self) -> str:
        """The question without its page, for the links to other pages and to the data."""
        return self.address("page").removeprefix("?")

    def address(self, *without: str) -> str:
        """The question without some of its conditions, as the end of an address."""
        rest = self.question.copy()
        for name in (*without, *(name for name in rest if not rest[name])):
            rest.pop(name, None)
        return f"?{rest.urlencode()}" if rest else "?"
