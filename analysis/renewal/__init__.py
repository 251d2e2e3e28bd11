"""All photos of a person that lack something by now, read again in one go."""
