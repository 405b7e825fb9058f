"""Constraints go by the words of the records they hold."""

from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cities', '0012_names_of_constraints'),
        ('resolutions', '0005_plain_sentences'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='effect',
            name='resolutions_effect_one_for_a_ledger_line',
        ),
        migrations.AddConstraint(
            model_name='effect',
            constraint=models.UniqueConstraint(condition=models.Q(('publication', 'withdrawn'), _negated=True), fields=('entry',), name='resolutions_effect_one_for_an_entry', violation_error_message='This entry already belongs to another resolution.'),
        ),
    ]
