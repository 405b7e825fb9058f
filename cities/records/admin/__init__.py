"""What the admin of any record is made of; an app's own admin says what is special to it."""

from cities.records.admin.change_sets import ChangeSetAdmin
from cities.records.admin.forms import NumberedForm, RecordForm
from cities.records.admin.parts import PartFormSet, PartInline
from cities.records.admin.permissions import UsedChoicesFilter, VisibleRelatedFilter, may
from cities.records.admin.pictures import PicturedAdmin
from cities.records.admin.publishing import PublishableAdmin
from cities.records.admin.record import RARE, RecordAdmin

__all__ = [
    "RARE",
    "ChangeSetAdmin",
    "NumberedForm",
    "PartFormSet",
    "PartInline",
    "PicturedAdmin",
    "PublishableAdmin",
    "RecordAdmin",
    "RecordForm",
    "UsedChoicesFilter",
    "VisibleRelatedFilter",
    "may",
]
