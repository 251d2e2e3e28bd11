"""The suggestions app."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class SuggestionsConfig(AppConfig):
    """Catalogue, ranking and feedback."""

    name = "suggestions"

    def ready(self) -> None:
        """Say what is held about people, and keep the catalogue in step with its files (see `suggestions.loading`)."""
        from suggestions import holdings

        holdings.register_all()
        post_migrate.connect(load_after_migrate, sender=self, dispatch_uid="suggestions.load_catalogue")


def load_after_migrate(*, using: str, **_: Any) -> None:
    """Load the files, unless the table is not there or not yet as the code knows it."""
    from django.db import connections

    from suggestions.loading import load
    from suggestions.models import CatalogueItem

    connection = connections[using]
    table = CatalogueItem._meta.db_table
    with connection.cursor() as cursor:
        if table not in connection.introspection.table_names(cursor):
            return
        present = {column.name for column in connection.introspection.get_table_description(cursor, table)}
    if {field.column for field in CatalogueItem._meta.local_concrete_fields} <= present:
        load(using=using)
