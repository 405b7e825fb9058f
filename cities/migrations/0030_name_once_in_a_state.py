from django.db import migrations, models


class Migration(migrations.Migration):

    dependencies = [
        ('cities', '0029_plain_names_of_cities'),
    ]

    operations = [
        migrations.AddConstraint(
            model_name='city',
            constraint=models.UniqueConstraint(condition=models.Q(('is_another_place', False), models.Q(('publication', 'withdrawn'), _negated=True)), fields=('plain_name', 'country', 'subdivision'), name='cities_city_name_once_in_a_state', violation_error_message='A city of this name is already on record there. Correct the name, the country or the state. If yours is another place, set “is_another_place”.'),
        ),
    ]
