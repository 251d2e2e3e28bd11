"""How good the weights are: what is measured, on whom, and how it is told."""
