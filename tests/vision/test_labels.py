"""The eight age groups of the original system."""

import pytest

from vision.labels import AGE_BUCKETS, nearest_bucket


@pytest.mark.parametrize(
    ("years", "bucket"),
    [
        (0, (0, 2)), (2.9, (0, 2)), (3.0, (0, 2)), (3.1, (4, 6)), (7.5, (8, 12)), (13, (8, 12)), (14, (15, 20)),
        (20.4, (15, 20)), (28, (21, 28)), (29.2, (30, 40)), (41, (30, 40)), (50, (44, 54)), (90, (55, 75)),
    ],
)  # fmt: skip
def test_an_age_belongs_to_the_nearest_group(years: float, bucket: tuple[int, int]) -> None:
    assert nearest_bucket(years) == bucket


def test_every_end_of_a_group_belongs_to_it() -> None:
    for bucket in AGE_BUCKETS:
        assert [nearest_bucket(end) for end in bucket] == [bucket, bucket]
