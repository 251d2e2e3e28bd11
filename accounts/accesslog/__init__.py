"""Who looked at what is another's: written where it is shown, read by whose it is."""
