"""English as it is written here, not as in the United States."""
