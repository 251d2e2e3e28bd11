"""How good a face detector is: what is found, what is called a face and is none, and where the landmarks lie."""
