"""The tables and the groups of a new database, as the migrations that this one replaces would
make them.
"""

from importlib import import_module

import django.db.models.deletion
from django.conf import settings
from django.db import migrations, models

from cities.migrations._operations import CreateModels

search = import_module("lrscc.migrations.0005_search_documents")
roles, *later = (
    import_module(f"lrscc.migrations.{name}")
    for name in (
        "0001_roles",
        "0002_clerks_rights",
        "0003_exchanges_rights",
        "0004_rights_on_summaries",
        "0008_rights_on_register",
        "0010_rights_on_vote_requirements",
        "0011_rights_on_other_numbers",
        "0012_rights_on_numbering_schemes",
        "0016_rights_on_offices",
        "0018_rights_on_populations",
        "0019_rights_on_former_countries",
    )
)


def give(apps, schema_editor):
    for rights in (roles, *later):
        rights.give(apps, schema_editor)


class Migration(migrations.Migration):

    replaces = [('lrscc', '0001_roles'), ('lrscc', '0002_clerks_rights'), ('lrscc', '0003_exchanges_rights'), ('lrscc', '0004_rights_on_summaries'), ('lrscc', '0005_search_documents'), ('lrscc', '0006_plain_kinds_of_document'), ('lrscc', '0007_rights_on_programs'), ('lrscc', '0008_rights_on_register'), ('lrscc', '0009_derived_versions'), ('lrscc', '0010_rights_on_vote_requirements'), ('lrscc', '0011_rights_on_other_numbers'), ('lrscc', '0012_rights_on_numbering_schemes'), ('lrscc', '0013_tries'), ('lrscc', '0014_accounts'), ('lrscc', '0015_sign_in_links'), ('lrscc', '0016_rights_on_offices'), ('lrscc', '0017_sessions_since'), ('lrscc', '0018_rights_on_populations'), ('lrscc', '0019_rights_on_former_countries'), ('lrscc', '0020_sent_forms')]

    initial = True

    dependencies = [
        migrations.swappable_dependency(settings.AUTH_USER_MODEL),
        ('auth', '0012_alter_user_first_name_max_length'),
        ('cities', '0031_former_countries'),
        ('contenttypes', '0002_remove_content_type_name'),
        ('exchanges', '0003_plain_names_in_rules'),
        ('resolutions', '0019_offices'),
    ]

    operations = [
        CreateModels(
            models=[
                migrations.CreateModel(
                    name='DerivedVersion',
                    fields=[
                        ('name', models.CharField(max_length=100, primary_key=True, serialize=False)),
                        ('version', models.PositiveIntegerField()),
                    ],
                    options={
                        'default_permissions': (),
                    },
                ),
                migrations.CreateModel(
                    name='SearchDocument',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(max_length=20)),
                        ('object_id', models.BigIntegerField()),
                        ('slug', models.CharField(max_length=130)),
                        ('url', models.CharField(max_length=200)),
                        ('title', models.TextField()),
                        ('also', models.JSONField(default=list)),
                        ('names', models.TextField()),
                        ('places', models.TextField()),
                        ('dated', models.CharField(max_length=120)),
                        ('day', models.DateField(null=True)),
                        ('text', models.TextField()),
                        ('head', models.TextField()),
                        ('body', models.TextField()),
                    ],
                    options={
                        'ordering': ['kind', 'url'],
                        'default_permissions': (),
                        'constraints': [models.UniqueConstraint(fields=('kind', 'object_id'), name='lrscc_searchdocument_once_per_record')],
                    },
                ),
                migrations.CreateModel(
                    name='Tries',
                    fields=[
                        ('key', models.CharField(max_length=64, primary_key=True, serialize=False)),
                        ('number', models.PositiveIntegerField()),
                        ('last', models.DateTimeField(db_index=True)),
                    ],
                    options={
                        'default_permissions': (),
                    },
                ),
                migrations.CreateModel(
                    name='Account',
                    fields=[
                        ('user', models.OneToOneField(on_delete=django.db.models.deletion.CASCADE, primary_key=True, serialize=False, to=settings.AUTH_USER_MODEL)),
                        ('is_printed', models.BooleanField(default=False)),
                        ('sessions_since', models.DateTimeField(null=True)),
                    ],
                    options={
                        'default_permissions': (),
                    },
                ),
                migrations.CreateModel(
                    name='SignInLink',
                    fields=[
                        ('id', models.BigAutoField(auto_created=True, primary_key=True, serialize=False, verbose_name='ID')),
                        ('kind', models.CharField(choices=[('invitation', 'Invitation'), ('reset', 'Reset')], max_length=10)),
                        ('digest', models.CharField(max_length=64, unique=True)),
                        ('expires_at', models.DateTimeField()),
                        ('used_at', models.DateTimeField(null=True)),
                        ('user', models.ForeignKey(on_delete=django.db.models.deletion.CASCADE, to=settings.AUTH_USER_MODEL)),
                    ],
                    options={
                        'default_permissions': (),
                    },
                ),
                migrations.CreateModel(
                    name='SentForm',
                    fields=[
                        ('key', models.CharField(max_length=64, primary_key=True, serialize=False)),
                        ('led_to', models.TextField()),
                        ('sent_at', models.DateTimeField(db_index=True)),
                    ],
                    options={
                        'default_permissions': (),
                    },
                ),
            ],
        ),
        migrations.RunPython(search.make, search.take),
        migrations.RunPython(give, roles.take),
    ]
