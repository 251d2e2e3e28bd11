"""How fast the whole platform is: web server, broker, database and worker together. `make bench-platform` runs it.

Each group starts an installation of its own in a temporary folder, on ports of its own, and leaves nothing behind.
"""
