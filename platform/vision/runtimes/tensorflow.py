"""The Keras model itself: the reference that the parity test holds LiteRT to. Slow to load; never the default."""

import numpy as np

from vision.errors import EngineError
from vision.manifest import Manifest
from vision.preprocessing import INPUT_SIZE, Batch
from vision.runtimes import Logits


class TensorFlowRuntime:
    """A traced function over the Keras model. Make it in the process that uses it: TensorFlow hangs after a fork."""

    name = "tensorflow"

    def __init__(self, manifest: Manifest) -> None:
        """Verify the weights, import TensorFlow and trace. Raises EngineError."""
        path = manifest.weights("tensorflow").verified()
        try:
            import keras
            import tensorflow as tf
        except ImportError as error:
            raise EngineError("FACET_RUNTIME=tensorflow needs the extra `train`: run `make install-dev`.") from error
        model = keras.saving.load_model(path, compile=False)
        signature = [tf.TensorSpec((None, INPUT_SIZE, INPUT_SIZE, 1), tf.float32)]
        self._call = tf.function(lambda batch: model(batch, training=False), input_signature=signature)
        self._constant = tf.constant

    def run(self, batch: Batch) -> Logits:
        """See `Runtime.run`."""
        outputs = self._call(self._constant(batch))
        return {name: np.asarray(outputs[name], dtype=np.float32) for name in ("age", "gender", "emotion")}
