"""What people agree to: the notice they read, what they said and when, and what follows from a withdrawal.

Everything that works something out about a person asks here first. Nothing is agreed to by default.
"""
