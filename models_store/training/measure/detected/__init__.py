"""How good the answers are when a detector has to find the face first."""
