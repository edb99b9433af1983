"""What people may type about a customer, and the words for when it is wrong."""

from apps.accounts.forms.account import AccountForm
from apps.accounts.forms.contact import ContactForm, PermissionForm
from apps.accounts.forms.custom_field import CustomFieldForm, CustomValue
from apps.accounts.forms.identity import BlockedForm, IdentityForm
from apps.accounts.forms.standing import OwnerForm, StageForm, TierForm
from apps.accounts.forms.story import (
    AnnotationForm,
    ExpectationForm,
    FactForm,
    HandOverForm,
    InsightForm,
)
from apps.accounts.forms.threshold import ThresholdForm

__all__ = [
    "AccountForm",
    "AnnotationForm",
    "BlockedForm",
    "ContactForm",
    "CustomFieldForm",
    "CustomValue",
    "ExpectationForm",
    "FactForm",
    "HandOverForm",
    "IdentityForm",
    "InsightForm",
    "OwnerForm",
    "PermissionForm",
    "StageForm",
    "ThresholdForm",
    "TierForm",
]
