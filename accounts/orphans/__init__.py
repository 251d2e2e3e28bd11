"""Files without rows and rows without files: a nightly look at both sides, in a folder as in a bucket.

models.py  what the last looks found
names.py   all names at once, on the disk rather than in memory
looking.py the look itself
"""
