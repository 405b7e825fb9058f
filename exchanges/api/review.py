"""The review of a year, in the shape of `exchanges.review`."""

from rest_framework import serializers

from cities.records.api import LinkField, NameField
from exchanges.states import State


class TotalSerializer(serializers.Serializer):
    """A sum of what is known, and how many exchanges reported it and how many did not."""

    known = serializers.IntegerField(allow_null=True)
    reported = serializers.IntegerField()
    missing = serializers.IntegerField()


class ReportRowSerializer(serializers.Serializer):
    """The exchanges of one kind, with one partner, or for one award."""

    slug = serializers.CharField()
    name = serializers.CharField()
    exchanges = serializers.IntegerField()
    people_sent = TotalSerializer()
    people_hosted = TotalSerializer()
    students = TotalSerializer()
    volunteers = TotalSerializer()
    volunteer_hours = TotalSerializer()
    home_stays = TotalSerializer()


class SumSerializer(serializers.Serializer):
    currency = serializers.CharField()
    amount = serializers.DecimalField(max_digits=None, decimal_places=2, coerce_to_string=True)
    gifts = serializers.IntegerField()


class GivingSerializer(serializers.Serializer):
    """What was given, by currency, and how many gifts are of unknown amount."""

    sums = SumSerializer(many=True)
    gifts = serializers.IntegerField()
    unknown = serializers.IntegerField()


class BandSerializer(serializers.Serializer):
    least = serializers.IntegerField()
    most = serializers.IntegerField(allow_null=True)


class GiftSerializer(serializers.Serializer):
    organization = LinkField("api:organization-detail")
    name = NameField("name", source="organization")
    given = serializers.CharField()


class IncompleteReportSerializer(serializers.Serializer):
    """What is missing in the report of one exchange."""

    exchange = LinkField("api:exchange-detail")
    missing = serializers.ListField(child=serializers.CharField())


class NotCountedSerializer(serializers.Serializer):
    """An exchange that the totals leave out."""

    exchange = LinkField("api:exchange-detail", source="*")
    state = serializers.ChoiceField(choices=State.choices)


class ReviewSerializer(serializers.Serializer):
    """The exchanges held in a year, with their totals."""

    held = serializers.ListField(child=LinkField("api:exchange-detail"))
    not_counted = NotCountedSerializer(many=True, source="other")
    total = ReportRowSerializer()
    kinds = ReportRowSerializer(many=True)
    partners = ReportRowSerializer(many=True)
    awards_year = serializers.IntegerField()
    awards = ReportRowSerializer(many=True)
    band = BandSerializer(allow_null=True)
    money = GivingSerializer()
    in_kind = GivingSerializer()
    gifts = GiftSerializer(many=True)
    unfunded = serializers.IntegerField()
    lacks = IncompleteReportSerializer(many=True, source="incomplete")
