"""How good the estimates are, as a page: the committed record of figures turned into pictures, tables and sentences.

`record` reads `models_store/cards/metrics.json`, `papers` the manifest; one module per kind of picture works out its
geometry; `page` puts everything together. No Django but the settings, no numbers of its own.
"""
