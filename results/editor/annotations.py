"""Types of arguments and results that methods of admin classes share."""

from typing import Any

from django.db.models import Field, ForeignKey, ManyToManyField
from django.forms import ModelChoiceField, ModelForm, ModelMultipleChoiceField
from django.forms.models import BaseInlineFormSet

#: What is passed to a template.
Context = dict[str, Any]
#: What `clean` of a form returns.
CleanedData = dict[str, Any]

DbField = Field[Any, Any]
DbForeignKey = ForeignKey[Any, Any]
DbManyToMany = ManyToManyField[Any, Any]
ChoiceField = ModelChoiceField[Any]
MultipleChoiceField = ModelMultipleChoiceField[Any]
InlineFormSet = BaseInlineFormSet[Any, Any, ModelForm[Any]]

#: Attributes of an HTML element.
Attributes = dict[str, Any]
#: As `ChoiceWidget.optgroups` returns them: label, options, index.
OptGroups = list[tuple[str | None, list[dict[str, Any]], int | None]]
