"""Constraints go by the words of the records they hold."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cities', '0011_plain_sentences'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='city',
            name='cities_city_picture_told_of_is_there',
        ),
        migrations.RemoveConstraint(
            model_name='entry',
            name='cities_entry_only_moving_lines_decide',
        ),
        migrations.AddConstraint(
            model_name='city',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('picture', ''), _negated=True), models.Q(('picture_alt', ''), ('picture_credit', '')), _connector='OR'), name='cities_city_picture_described_is_there', violation_error_message='There is no picture. Add one, or clear what it shows and its credit.'),
        ),
        migrations.AddConstraint(
            model_name='entry',
            constraint=models.CheckConstraint(condition=models.Q(('kind__in', ('proposed', 'approved', 'signed', 'concluded', 'renewed', 'resumed', 'reaffirmed', 'attested', 'dormant', 'suspended', 'terminated', 'lapsed', 'partner_ceased', 'superseded')), models.Q(('decided_by__isnull', True), ('partner__isnull', True), ('type__isnull', True)), _connector='OR'), name='cities_entry_only_moving_entries_decide', violation_error_message='A visit, a note or a dispute does not change the relationship. Leave “decided by”, “new type” and “new partner” blank.'),
        ),
    ]
