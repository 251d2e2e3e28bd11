"""How fast the engine and the product are. `make bench` runs `python -m benchmarks`; the tests never do.

`groups/` holds the measurements, one file each, and `contenders/` what is compared, each in a process of its own.
Machines differ and are shared, so contenders take turns and the ratios of one run mean more than the milliseconds.
"""
