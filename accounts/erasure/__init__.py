"""Deleting for sure: rows, files, sessions, caches, the admin's log; and a receipt that identifies nobody.

accounting.py  what goes is counted, and the receipt made
files.py       files are noted in the transaction that deletes their rows, and removed until they are gone
people.py      a person
sessions.py    every session of theirs, also those that were never finished
caches.py      counters of attempts and requests
adminlog.py    Django admin's own log, which keeps names of things
"""
