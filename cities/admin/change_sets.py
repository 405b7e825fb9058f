"""Change sets, which the kit keeps for every kind of record."""

from django.contrib import admin

from cities.models import ChangeSet
from cities.records.admin import ChangeSetAdmin

admin.site.register(ChangeSet, ChangeSetAdmin)
