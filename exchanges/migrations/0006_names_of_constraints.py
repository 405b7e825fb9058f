"""Constraints go by the words of the records they hold."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cities', '0012_names_of_constraints'),
        ('exchanges', '0005_plain_sentences'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='exchange',
            name='exchanges_exchange_picture_told_of_is_there',
        ),
        migrations.AddConstraint(
            model_name='exchange',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(('picture', ''), _negated=True), models.Q(('picture_alt', ''), ('picture_credit', '')), _connector='OR'), name='exchanges_exchange_picture_described_is_there', violation_error_message='There is no picture. Add one, or clear what it shows and its credit.'),
        ),
    ]
