"""Download my data: one archive with what each app holds about a person, made by a chore.

models.py    where an archive is on its way
archive.py   what goes into it
making.py    claimed under a lease, made, stored; ended ones go
services.py  asked for, deleted, fetched
"""
