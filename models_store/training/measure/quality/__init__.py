"""How errors grow with each measure of a face's quality, and what follows: limits, wider intervals, fewer answers."""
