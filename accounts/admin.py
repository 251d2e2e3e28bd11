"""People in the admin."""

from collections.abc import Iterable
from typing import Any

from allauth.mfa.utils import is_mfa_enabled
from django import forms
from django.contrib import admin, messages
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.forms import AdminUserCreationForm, UserChangeForm
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.html import format_html

from accounts.accesslog import ways_in
from accounts.accesslog.admin import NotedAdmin
from accounts.accesslog.models import Kind
from accounts.accesslog.noting import Seen
from accounts.erasure.people import erase_person
from accounts.models import User
from accounts.receipts import address_of
from accounts.roles import Role, is_last_administrator, role_of, set_role


class PersonCreationForm(AdminUserCreationForm):
    """A person by e-mail address."""

    class Meta:
        model = User
        fields = ("email",)


class PersonForm(UserChangeForm):
    """A person with one role instead of the four fields that make it."""

    role = forms.ChoiceField(
        choices=Role.choices,
        help_text="Reviewers judge photos of others. Administrators may do everything. A change replaces all rights.",
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        """The role that the person has."""
        super().__init__(*args, **kwargs)
        self.fields["role"].initial = role_of(self.instance)

    def clean(self) -> dict[str, Any]:
        """Raises ValidationError where nobody would be left to administer."""
        cleaned: dict[str, Any] = super().clean() or {}
        stays = cleaned.get("role") == Role.ADMINISTRATOR and cleaned.get("is_active")
        if not stays and is_last_administrator(User.objects.get(pk=self.instance.pk)):
            raise forms.ValidationError("This is the only administrator. Make somebody else one first.")
        return cleaned


class RoleFilter(admin.SimpleListFilter):
    """By what somebody may do, instead of by the two columns that make it."""

    title = "role"
    parameter_name = "role"

    def lookups(self, request: HttpRequest, model_admin: Any) -> list[tuple[str, str]]:
        """The choices."""
        return [(str(value), str(label)) for value, label in Role.choices]

    def queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> QuerySet[User]:
        """Narrowed people."""
        match self.value():
            case Role.ADMINISTRATOR:
                return queryset.filter(is_superuser=True)
            case Role.REVIEWER:
                return queryset.filter(is_superuser=False, is_staff=True)
            case Role.PERSON:
                return queryset.filter(is_superuser=False, is_staff=False)
            case _:
                return queryset


@admin.register(User)
class PersonAdmin(NotedAdmin, UserAdmin):
    """Django's own page for people, without the user name that ours do not have; only for administrators."""

    shown_as = Kind.ACCOUNT
    form = PersonForm
    add_form = PersonCreationForm
    ordering = ("email",)
    list_display = ("email", "role", "has_second_factor", "is_active", "date_joined", "last_login")
    list_filter = (RoleFilter, "is_active")
    show_facets = admin.ShowFacets.NEVER
    search_fields = ("email",)
    readonly_fields = ("date_joined", "last_login", "has_second_factor")
    fieldsets = (
        (None, {"fields": ("email", "password", "has_second_factor")}),
        ("Rights", {"fields": ("role", "is_active")}),
        ("Rights of their own", {"fields": ("groups", "user_permissions"), "classes": ("collapse",)}),
        ("Dates", {"fields": ("last_login", "date_joined")}),
    )
    add_fieldsets = ((None, {"classes": ("wide",), "fields": ("email", "usable_password", "password1", "password2")}),)

    def sights(self, thing: User, kind: Kind) -> Iterable[Seen]:
        """The account itself."""
        yield Seen(thing.pk, kind, thing.uuid)

    def get_deleted_objects(
        self, objs: Iterable[User], request: HttpRequest
    ) -> tuple[list[str], dict[str, int], set[str], list[str]]:
        """For the question before: how much goes, and not each thing by name, which may be hundreds of thousands."""
        people = list(objs)
        self.note(request, people)
        counts = {str(User._meta.verbose_name_plural): len(people)}
        for relation in User._meta.related_objects:
            of_them = {f"{relation.field.name}__in": people}
            if count := relation.related_model._base_manager.filter(**of_them).count():
                counts[str(relation.related_model._meta.verbose_name_plural)] = count
        return [str(person) for person in people], counts, set(), []

    def delete_model(self, request: HttpRequest, obj: User) -> None:
        """With a receipt, which can be handed to the person."""
        receipt = erase_person(obj)
        messages.info(request, format_html('<a href="{}">The receipt of the erasure</a>', address_of(receipt)))

    def delete_queryset(self, request: HttpRequest, queryset: QuerySet[User]) -> None:
        """One by one, as each takes care of what it owns."""
        for person in queryset:
            self.delete_model(request, person)

    def has_change_permission(self, request: HttpRequest, obj: User | None = None) -> bool:
        """Whoever could change roles could give every right away, to themselves too."""
        return bool(request.user.is_active and request.user.is_superuser)

    has_add_permission = has_change_permission
    has_delete_permission = has_change_permission

    @admin.display(description="role")
    def role(self, person: User) -> str:
        """For the list."""
        return str(role_of(person).label)

    @admin.display(description="second factor", boolean=True)
    def has_second_factor(self, person: User) -> bool:
        """Whether a stolen password is not enough."""
        return bool(is_mfa_enabled(person))

    def save_related(self, request: HttpRequest, form: PersonForm, formsets: Any, change: bool) -> None:
        """The role last: it replaces the groups that were on the page as well."""
        super().save_related(request, form, formsets, change)
        if change and "role" in form.changed_data:
            set_role(person=form.instance, role=Role(form.cleaned_data["role"]), by=f"person {request.user.pk}")


ways_in.register_all()
