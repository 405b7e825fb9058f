from django.db import migrations, models

from resolutions.numbers import leading_zeros


def note_zeros(apps, schema_editor):
    """Note with how many zeros the serial of each number on record begins."""
    rows = apps.get_model('resolutions', 'Resolution').objects.filter(number_serial__isnull=False)
    for row in rows.only('number').order_by('pk').iterator():
        if zeros := leading_zeros(row.number):
            rows.filter(pk=row.pk).update(number_zeros=zeros)


class Migration(migrations.Migration):

    dependencies = [
        ('resolutions', '0019_offices'),
    ]

    operations = [
        migrations.RemoveConstraint(
            model_name='resolution',
            name='resolutions_resolution_number_once',
        ),
        migrations.RemoveConstraint(
            model_name='resolution',
            name='resolutions_resolution_running_number_once',
        ),
        migrations.RemoveConstraint(
            model_name='resolution',
            name='resolutions_resolution_number_with_its_year',
        ),
        migrations.AddField(
            model_name='historicalnumberingscheme',
            name='zeros_count',
            field=models.BooleanField(default=False, help_text='Check this if 2018-01 and 2018-1 are two different numbers.', verbose_name='leading zeros count'),
        ),
        migrations.AddField(
            model_name='historicalresolution',
            name='number_zeros',
            field=models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='leading zeros'),
        ),
        migrations.AddField(
            model_name='numberingscheme',
            name='zeros_count',
            field=models.BooleanField(default=False, help_text='Check this if 2018-01 and 2018-1 are two different numbers.', verbose_name='leading zeros count'),
        ),
        migrations.AddField(
            model_name='resolution',
            name='number_zeros',
            field=models.PositiveSmallIntegerField(default=0, editable=False, verbose_name='leading zeros'),
        ),
        migrations.RunPython(note_zeros, migrations.RunPython.noop, elidable=True),
        migrations.AddConstraint(
            model_name='resolution',
            constraint=models.UniqueConstraint(fields=('organization', 'kind', 'number_year', 'number_serial', 'number_suffix', 'number_zeros'), name='resolutions_resolution_number_once', violation_error_message='This organization already used this number in that year. A number is never used again.'),
        ),
        migrations.AddConstraint(
            model_name='resolution',
            constraint=models.UniqueConstraint(condition=models.Q(('number_serial__isnull', False), ('number_year__isnull', True)), fields=('organization', 'kind', 'number_serial', 'number_suffix', 'number_zeros'), name='resolutions_resolution_running_number_once', violation_error_message='This organization already used this number. A number is never used again.'),
        ),
        migrations.AddConstraint(
            model_name='resolution',
            constraint=models.CheckConstraint(condition=models.Q(models.Q(models.Q(models.Q(('number', ''), _negated=True), models.Q(('number_digits', ''), ('number_letters', '')), _connector='OR'), ('number_serial__isnull', True), ('number_suffix', ''), ('number_zeros', 0)), models.Q(models.Q(('number', ''), _negated=True), ('number_serial__gte', 0), ('number_serial__isnull', False), models.Q(('number_year__isnull', False), ('number_scheme__isnull', False), _connector='OR')), _connector='OR'), name='resolutions_resolution_number_with_its_year', violation_error_message='Enter the year of the number. The printed number does not include it.'),
        ),
    ]
