"""Why the engine cannot start. A bad photo is never one of these: it is a `ReadingError` in its `Reading`."""


class EngineError(Exception):
    """The engine cannot be loaded; the message says what to do."""


class ModelMissingError(EngineError):
    """A file that the manifest names is not there."""


class ModelCorruptError(EngineError):
    """A file differs from the one that was released: its sha256 is not the manifest's."""


class ModelIncompatibleError(EngineError):
    """The files are whole, but not for this version of the engine."""
