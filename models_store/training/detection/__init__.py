"""The recipe of the face detector `facescout`: data, network, training, export and measurement."""
