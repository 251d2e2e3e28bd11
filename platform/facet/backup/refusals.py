"""What stops a restore before anything is touched."""

from django.db import DatabaseError, OperationalError, connection
from django.db.migrations.loader import MigrationLoader

from accounts.models import User
from analysis import workers
from analysis.models import Photo
from facet.backup.contents import Contents
from facet.backup.database import VENDORS, vendor
from facet.backup.errors import BackupError

NAMES: dict[str, str] = {"sqlite": "SQLite", "postgresql": "PostgreSQL"}


def refuse_other_vendor(contents: Contents) -> None:
    """Raises BackupError when the archive's database is not of the configured kind."""
    vendor()
    if contents.vendor != connection.vendor or contents.database != VENDORS[connection.vendor].MEMBER:
        raise BackupError(
            f"The archive holds a database of {NAMES.get(contents.vendor, contents.vendor)}, this installation uses "
            f"{NAMES[connection.vendor]}. Set DATABASE_URL to a database of that kind, then restore."
        )


def refuse_newer(contents: Contents) -> None:
    """Raises BackupError when the archive has migrations that this code does not know."""
    loader = MigrationLoader(None)
    replaced = {old for migration in loader.disk_migrations.values() for old in migration.replaces}
    unknown = contents.migrations_known_as - set(loader.disk_migrations) - replaced
    if unknown:
        app, name = min(unknown)
        raise BackupError(
            f"The archive is of a newer Facet ({contents.facet}): this code does not know its migration {app}.{name}. "
            "Take the code of that version or a newer one, then restore."
        )


def refuse_while_it_runs() -> None:
    """Raises BackupError when somebody uses the database; the supervisor's lock is asked for by the caller."""
    vendor().make_sure_nobody_uses_it()
    if connection.vendor != "sqlite" and _worker_seen():
        raise BackupError(
            f"A worker was seen in the last {workers.MISSED_AFTER.total_seconds():.0f} seconds. Stop web, worker and "
            "beat, wait as long, then restore."
        )


def _worker_seen() -> bool:
    try:
        return "analysis_worker" in connection.introspection.table_names() and workers.any_there()
    except OperationalError:
        raise
    except DatabaseError:
        return False  # tables of another version


def refuse_to_lose() -> None:
    """Raises BackupError when people or photos are there, or when nobody can tell."""
    if _holds_something():
        raise BackupError(
            "This installation is not empty. With --replace everything in it is replaced by the archive, and its "
            "photos are removed; make a backup of it first."
        )


def _holds_something() -> bool:
    """A first start makes an administrator: that alone is nothing."""
    try:
        tables = connection.introspection.table_names()
        if "analysis_photo" not in tables or "accounts_user" not in tables:
            return False
        return Photo.objects.exists() or User.objects.exclude(is_superuser=True).exists() or User.objects.count() > 1
    except OperationalError:
        if connection.vendor != "sqlite":
            raise
        return True
    except DatabaseError:  # damaged, or tables of another version
        return True
