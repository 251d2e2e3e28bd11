"""The second look: a network that sees one face upright and tells where its five points are."""
