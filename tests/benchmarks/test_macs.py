"""Multiply-accumulates, counted by hand and in the released network."""

import pytest

from benchmarks.macs import multiply_accumulates, operation
from benchmarks.networks import packed, released
from vision.detectors.facescout import NARROWEST, STEP


@pytest.mark.parametrize(
    ("name", "inputs", "output", "count"),
    [
        ("CONV_2D", [(1, 8, 8, 3), (16, 3, 3, 3), (16,)], (1, 4, 4, 16), 4 * 4 * 16 * 27),
        ("CONV_2D", [(2, 8, 8, 3), (16, 1, 1, 3), (16,)], (2, 8, 8, 16), 2 * 64 * 16 * 3),
        ("DEPTHWISE_CONV_2D", [(1, 8, 8, 6), (1, 3, 3, 6), (6,)], (1, 8, 8, 6), 64 * 6 * 9),
        ("TRANSPOSE_CONV", [(4,), (5, 2, 2, 3), (1, 4, 4, 3)], (1, 8, 8, 5), 16 * 3 * 5 * 4),
        ("FULLY_CONNECTED", [(2, 32), (10, 32), (10,)], (2, 10), 2 * 10 * 32),
        ("BATCH_MATMUL", [(3, 4, 5), (3, 5, 6)], (3, 4, 6), 3 * 4 * 6 * 5),
        ("ADD", [(1, 8, 8, 3), (1, 8, 8, 3)], (1, 8, 8, 3), 0),
    ],
)
def test_operations_by_their_shapes(
    name: str, inputs: list[tuple[int, ...]], output: tuple[int, ...], count: int
) -> None:
    assert operation(name, inputs, output) == count


def test_the_released_networks_are_counted_for_their_shapes() -> None:
    """The first convolution alone, 3 x 3 over 64 x 64 grey by stride 2 to 16 channels, makes 147,456."""
    network = released()["attributes"]
    one = multiply_accumulates(network.model, network.shape)
    assert 147_456 < one < 1_000_000_000
    assert multiply_accumulates(network.model, (4, 64, 64, 1)) == 4 * one


def test_the_detectors_input_has_steps_and_a_least_side() -> None:
    assert packed(640, 512) == (1, 512, 160, 12)
    assert packed(640, 513)[1] == 512 + STEP
    assert packed(640, 100)[1] == NARROWEST
