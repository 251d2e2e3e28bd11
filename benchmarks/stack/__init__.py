"""A whole installation on this machine with servers of its own, for benchmarks and for tests of services. Linux only.

Everything listens on the address it is given, on ports of its own, and keeps its files in the folder it is given; what
runs beside it is not touched. A process started here ends with the thread that started it.
"""
