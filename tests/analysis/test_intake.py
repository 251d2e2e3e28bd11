"""From an upload to what is kept: every accepted format, and a sentence for every reason."""

from io import BytesIO

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from PIL import Image

from analysis.engine import accepted_media_types, accepted_words
from analysis.intake import CleanPhoto, Rejected, clean, receive
from tests.vision.crafting import VARIANTS, encoded, jpeg_of_scans, jpeg_resized, scenery


def taken_in(data: bytes, name: str = "photo.jpg") -> CleanPhoto | Rejected:
    return clean(receive(SimpleUploadedFile(name, data)))


@pytest.mark.parametrize("name", VARIANTS)
def test_every_format_is_kept_as_a_jpeg_whatever_it_was_called(name: str) -> None:
    kept = taken_in(VARIANTS[name](scenery()), "report.pdf")
    assert isinstance(kept, CleanPhoto)
    assert (kept.name, kept.width, kept.height) == ("report.pdf", 96, 72)
    for data in (kept.image, kept.thumbnail):
        with Image.open(BytesIO(data)) as image:
            assert (image.format, image.size) == ("JPEG", (96, 72))


@pytest.mark.parametrize(("width", "kept_width"), [(8064, 4032), (7000, 4096), (4096, 4096), (4032, 4032)])
def test_what_is_kept_is_at_most_4096_pixels_and_resized_once(width: int, kept_width: int) -> None:
    kept = taken_in(encoded(scenery(width, 200), "JPEG"))
    assert isinstance(kept, CleanPhoto)
    assert kept.width == kept_width
    assert abs(kept.height - 200 * kept_width / width) <= 1


@pytest.mark.parametrize(
    ("data", "code", "words"),
    [
        (b"", "empty", "Choose the photo again"),
        (b"%PDF-1.7", "unsupported", "Save it as one of these"),
        (encoded(scenery(), "JPEG")[:900], "unreadable", "Send the original photo"),
        (encoded(scenery(8, 8), "PNG"), "too_small", "Send a larger one"),
        (encoded(scenery(3000, 20), "PNG"), "too_small", "too narrow for a face"),
        (jpeg_resized(encoded(scenery(), "JPEG"), 9000, 9000), "too_large", "megapixels"),
        (jpeg_of_scans(100), "too_complex", "as an ordinary JPEG"),
    ],
)
def test_every_reason_has_a_sentence_that_says_what_to_do(data: bytes, code: str, words: str) -> None:
    rejected = taken_in(data)
    assert isinstance(rejected, Rejected)
    assert rejected.code == code
    assert words in rejected.sentence


def test_page_and_api_name_the_formats_that_are_read(ann_client: Client) -> None:
    page = ann_client.get("/").content.decode()
    assert f'accept="{accepted_media_types()}"' in page
    assert f"{accepted_words()}, up to" in page
    schema = ann_client.get("/api/schema/").content.decode()
    assert f"{accepted_words()}." in schema
