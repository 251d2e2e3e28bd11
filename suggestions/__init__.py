"""Content suggestions for one finished analysis, with reasons, and never by gender."""
