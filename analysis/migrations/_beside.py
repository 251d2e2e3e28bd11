"""Indexes on tables that may be large, made beside the work."""

from typing import Any

from django.db import migrations


class AddIndexBesideWork(migrations.AddIndex):
    """On PostgreSQL the table can be written to meanwhile; SQLite knows no such thing.

    Django's own AddIndexConcurrently needs psycopg to be imported, which an embedded installation does not have. When
    it is cut off, drop the index that PostgreSQL calls INVALID and migrate again.
    """

    atomic = False

    def database_forwards(self, app_label: str, schema_editor: Any, from_state: Any, to_state: Any) -> None:
        """Add it."""
        model = to_state.apps.get_model(app_label, self.model_name)
        if self.allow_migrate_model(schema_editor.connection.alias, model):
            beside = {"concurrently": True} if schema_editor.connection.vendor == "postgresql" else {}
            schema_editor.add_index(model, self.index, **beside)
