"""Registers accounts in our own way, and no groups: their rights come with the version."""

from django.contrib import admin
from django.contrib.auth.models import Group, User

from lrscc.accounts.account_admin import AccountAdmin

admin.site.unregister(User)
admin.site.unregister(Group)
admin.site.register(User, AccountAdmin)
