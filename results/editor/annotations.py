"""Types of arguments and results that forms and admin classes share."""

from collections.abc import Mapping, MutableMapping
from typing import TYPE_CHECKING, Any, Generic, TypeAlias, TypedDict, TypeVar

from django.core.files.uploadedfile import UploadedFile
from django.db.models import Field, ForeignKey, ManyToManyField, Model
from django.forms import ModelChoiceField, ModelForm, ModelMultipleChoiceField
from django.forms.models import BaseInlineFormSet
from django.forms.renderers import BaseRenderer
from django.forms.utils import ErrorList
from django.utils.datastructures import MultiValueDict

if TYPE_CHECKING:
    # Of the stubs, which have these under private names only.
    from django.contrib.admin.options import _FieldGroups, _FieldsetSpec, _ListFilterT
    from django.utils.datastructures import _ListOrTuple

M = TypeVar("M", bound=Model)

#: Context of a template.
Context = dict[str, Any]
#: Return type of a form's `clean`.
CleanedData = dict[str, Any]
#: Data and files of a form: `request.POST` and `request.FILES`.
FormData = Mapping[str, Any]
FormFiles = MultiValueDict[str, UploadedFile[Any]]

DbField = Field[Any, Any]
DbForeignKey = ForeignKey[Any, Any]
DbManyToMany = ManyToManyField[Any, Any]
ChoiceField = ModelChoiceField[Any]
MultipleChoiceField = ModelMultipleChoiceField[Any]
InlineFormSet = BaseInlineFormSet[Any, Any, ModelForm[Any]]

#: Return types of `get_fields`, `get_fieldsets` and `get_list_filter` of a ModelAdmin.
FieldGroups: TypeAlias = "_FieldGroups"
Fieldsets: TypeAlias = "_FieldsetSpec"
ListFilters: TypeAlias = "_ListOrTuple[_ListFilterT]"

#: Attributes of an HTML element.
Attributes = dict[str, Any]
#: As `ChoiceWidget.optgroups` returns them: label, options, index.
OptGroups = list[tuple[str | None, list[dict[str, Any]], int | None]]


class FormOptions(TypedDict, total=False):
    """Arguments of a form's constructor besides data and files."""

    auto_id: bool | str
    prefix: str | None
    initial: MutableMapping[str, Any] | None
    error_class: type[ErrorList]
    label_suffix: str | None
    empty_permitted: bool
    use_required_attribute: bool | None
    renderer: BaseRenderer | None


class ModelFormOptions(FormOptions, Generic[M], total=False):
    """Arguments of a model form's constructor besides data and files."""

    instance: M | None
