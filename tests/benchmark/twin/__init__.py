"""The twin: the facts of our site as one would first publish them with Django and DRF.

Plain models with stored statuses, generic views, `ModelViewSet`s, `icontains`, the stock admin.
It has no drafts, no history of versions, no "as of a day", no rules and no cache: it is what all
that is measured against. It uses `select_related`, `prefetch_related` and pages wherever a
careful developer would, and is never made slow on purpose; indexes that only growth calls for it
does not have yet.
"""
