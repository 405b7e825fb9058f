"""How each database finds the documents that have words."""

from dataclasses import dataclass

from django.db import connection
from django.db.models import Q
from django.db.models.expressions import RawSQL

from cities.records.folding import stem


@dataclass(frozen=True)
class Dialect:
    """How one database finds documents that have words."""

    anywhere: str
    in_names: str
    all_of: str
    word: str
    beginning: str
    only_names: str
    bytewise: str


_SQLITE = "SELECT rowid FROM lrscc_searchdocument_words WHERE lrscc_searchdocument_words MATCH %s"
_POSTGRESQL = "SELECT id FROM lrscc_searchdocument WHERE {} @@ %s::tsquery"
DIALECTS = {
    "sqlite": Dialect(
        anywhere=_SQLITE,
        in_names=_SQLITE,
        all_of=" AND ",
        word='"{}"',
        beginning='"{}"*',
        only_names="{{head}} : ({})",
        bytewise="BINARY",
    ),
    # A cast reads the words as they are; `to_tsquery` would cut them again.
    "postgresql": Dialect(
        anywhere=_POSTGRESQL.format("in_all"),
        in_names=_POSTGRESQL.format("in_head"),
        all_of=" & ",
        word="'{}'",
        beginning="'{}':*",
        only_names="{}",
        bytewise='"C"',
    ),
}


def having(words: list[str], *, in_names: bool = False, last_begins: bool = False) -> Q:
    """Return documents that have all of the words, which are `terms`, at least one.

    With `last_begins` the last one may be the beginning of a word.
    """
    dialect = DIALECTS[connection.vendor]
    *exact, last = words
    wanted = [dialect.word.format(stem(word)) for word in exact]
    wanted.append(
        dialect.beginning.format(last) if last_begins else dialect.word.format(stem(last))
    )
    expression = dialect.all_of.join(wanted)
    if in_names:
        return Q(pk__in=RawSQL(dialect.in_names, [dialect.only_names.format(expression)]))
    return Q(pk__in=RawSQL(dialect.anywhere, [expression]))
