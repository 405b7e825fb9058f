"""What the site's engines know of programs and exchanges."""

from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from cities.models import Relationship
from cities.records.record_types import Changes, RecordType, registry
from exchanges import register_tables, search_fields
from exchanges.models import AwardCategory, Exchange, PopulationBand, Program


def _programs_with_city(pk: int) -> Q:
    return Q(relationships__in=Relationship.objects.public().filter(partner=pk))


def _exchanges_with_city(pk: int) -> Q:
    programs = Program.objects.public().filter(_programs_with_city(pk))
    return _programs_with_city(pk) | Q(program__in=programs)


registry.register(
    RecordType(
        Program,
        _("program"),
        _("Programs"),
        key="exchanges.programme",
        route="exchanges:program",
        followed_with={"city": _programs_with_city},
        changes=Changes(),
        search=search_fields.PROGRAM,
        table=register_tables.PROGRAMS,
    ),
    RecordType(
        Exchange,
        _("exchange"),
        _("Exchanges"),
        route="exchanges:exchange",
        followed_with={"city": _exchanges_with_city},
        changes=Changes(),
        search=search_fields.EXCHANGE,
        table=register_tables.EXCHANGES,
    ),
    RecordType(
        AwardCategory,
        _("award category"),
        _("Award categories"),
        table=register_tables.AWARD_CATEGORIES,
    ),
    RecordType(
        PopulationBand,
        _("population band"),
        _("Population bands"),
        table=register_tables.POPULATION_BANDS,
    ),
)
