"""Backup and restore: one archive with the database and every file that a row refers to.

archive.py   the tar file: writing, reading, checking; contents.py: its first member, `backup.json`
database.py  one door to sqlite.py and postgresql.py: a snapshot for the archive, and back
files.py     photos and thumbnails, from and into the default storage of Django, whichever that is
making.py    a backup; restoring.py: a restore; refusals.py: what stops one
"""
