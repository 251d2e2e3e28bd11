"""SQLite's write-ahead journal holds old pages until it is written over; this empties it.

Pages themselves are overwritten when rows go (`secure_delete` in the settings). PostgreSQL drops old rows by itself
(autovacuum); neither can be seen through the database.
"""

from django.db import connection


def empty() -> None:
    """Bring it into the database file and cut it to nothing; when somebody reads just now, as much as can be done."""
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA busy_timeout = 1000")
            cursor.execute("PRAGMA wal_checkpoint(TRUNCATE)")
            cursor.execute(f"PRAGMA busy_timeout = {int(connection.settings_dict['OPTIONS'].get('timeout', 5)) * 1000}")
