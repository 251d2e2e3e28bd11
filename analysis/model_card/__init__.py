"""How good the estimates are, as a page: the committed record of figures turned into pictures, tables and sentences.

`record` reads `models_store/cards/metrics.json` and, where there is one, `conditioning.json`; `papers` the manifest;
one module per kind of picture works out its geometry; `page` puts everything together, but for `conditioning`, which
stands on its own record. No Django but the settings, no numbers of its own.
"""
