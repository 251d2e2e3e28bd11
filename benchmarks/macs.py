"""How many multiply-accumulates a .tflite network makes."""

from collections.abc import Sequence
from math import prod

from ai_edge_litert.interpreter import Interpreter, OpResolverType

Shape = Sequence[int]


def operation(name: str, inputs: Sequence[Shape], output: Shape) -> int:
    """Multiply-accumulates of one operation, by TensorFlow Lite's name and layouts; 0 for one that has none.

    Filters are (out, height, width, in), of depthwise convolutions (1, height, width, out), of dense layers (out, in).
    """
    if name == "CONV_2D":
        return prod(output) * prod(inputs[1][1:])
    if name == "DEPTHWISE_CONV_2D":
        return prod(output) * prod(inputs[1][1:3])
    if name == "TRANSPOSE_CONV":  # inputs: the output's shape, the filter, the pixels
        return prod(inputs[2]) * prod(inputs[1][:3])
    if name in {"FULLY_CONNECTED", "BATCH_MATMUL"}:
        return prod(output) * inputs[1 if name == "FULLY_CONNECTED" else 0][-1]
    return 0


def multiply_accumulates(model: bytes, shape: Shape | None = None) -> int:
    """Of one run of a network whose one input has `shape`, by default the one that its file names."""
    plain = OpResolverType.BUILTIN_WITHOUT_DEFAULT_DELEGATES  # a delegate would put its own node for many operations
    interpreter = Interpreter(model_content=model, experimental_op_resolver_type=plain)
    if shape is not None:
        interpreter.resize_tensor_input(interpreter.get_input_details()[0]["index"], shape)
    interpreter.allocate_tensors()
    shapes = {detail["index"]: [int(side) for side in detail["shape"]] for detail in interpreter.get_tensor_details()}
    total = 0
    for step in interpreter._get_ops_details():
        inputs = [shapes.get(int(index), []) for index in step["inputs"]]
        total += operation(step["op_name"], inputs, shapes[int(step["outputs"][0])])
    return total
