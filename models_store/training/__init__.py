"""The recipes that make the weights: data, training, export, calibration, evaluation, card."""
