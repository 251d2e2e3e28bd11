"""Which square to cut for a face whose landmarks are known: measured, and written down for the decision."""
