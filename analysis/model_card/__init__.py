"""How good the estimates are, as a page: the committed record of figures turned into pictures, tables and sentences.

`record` reads `models_store/cards/metrics.json` and, where there are any, `detection.json` and `conditioning.json`;
`papers` the manifest; one module per kind of picture works out its geometry; `page` puts everything together, but for
`finding` and `conditioning`, which stand on their own records. No Django but the settings, no numbers of its own.
"""
