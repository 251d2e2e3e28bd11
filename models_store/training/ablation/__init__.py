"""Does knowing age and gender help to read the expression? Trained and measured several ways from several seeds."""
