"""Why a face is hard to read, in words."""

from pathlib import Path

import pytest
from django.conf import settings

from analysis.engine import QUALITY_CODES
from analysis.models import Face
from analysis.reasons import WORDS, reasons_of


def test_every_code_of_the_engine_has_words_and_a_picture() -> None:
    assert tuple(WORDS) == QUALITY_CODES
    pictures = {path.stem for path in (Path(settings.BASE_DIR) / "templates/icons/reasons").glob("*.svg")}
    assert pictures == set(QUALITY_CODES)


@pytest.mark.parametrize("code", QUALITY_CODES)
def test_a_reason_says_what_is_wrong_and_what_to_do(code: str) -> None:
    face = Face(width=30, height=30, quality={"reasons": [code], "size": 20.4, "cut": 0.256, "highlights": 0.5})
    (reason,) = reasons_of(face)
    assert reason.code == code
    assert reason.what.endswith(".")
    assert reason.advice.endswith(".")
    assert "{" not in reason.sentence


def test_a_code_of_a_later_engine_is_passed_over() -> None:
    assert reasons_of(Face(width=30, height=30, quality={"reasons": ["sneezing"]})) == ()
