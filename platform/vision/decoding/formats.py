"""Which kinds of photo are read: the one list that sentences, pages and the API's description are made from."""

from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from typing import Final

from PIL import features

from vision.decoding.limits import PhotoError


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of photo. `pixel_cost` is the most bytes that decoding a pixel takes, see docs/decisions/0007."""

    name: str
    media_type: str
    extensions: tuple[str, ...]
    pixel_cost: int


JPEG: Final = Format("JPEG", "image/jpeg", (".jpg", ".jpeg"), 8)
PNG: Final = Format("PNG", "image/png", (".png",), 8)
WEBP: Final = Format("WebP", "image/webp", (".webp",), 18)
GIF: Final = Format("GIF", "image/gif", (".gif",), 8)
AVIF: Final = Format("AVIF", "image/avif", (".avif",), 24)
HEIC: Final = Format("HEIC", "image/heic", (".heic", ".heif"), 11)

_HEIC_BRANDS: Final = {b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx"}
_AVIF_BRANDS: Final = {b"avif", b"avis"}


@cache
def accepted() -> tuple[Format, ...]:
    """What this installation reads: AVIF needs a Pillow that was built with it, HEIC the extra `heic`."""
    kinds = [JPEG, PNG, WEBP, GIF]
    if features.check("avif"):
        kinds.append(AVIF)
    if find_spec("pi_heif") is not None:
        kinds.append(HEIC)
    return tuple(kinds)


def accepted_words(last: str = "or") -> str:
    """The accepted formats in words: "JPEG, PNG or WebP"."""
    *most, final = [kind.name for kind in accepted()]
    return f"{', '.join(most)} {last} {final}"


def accepted_media_types() -> str:
    """For a file input's `accept`. Types and extensions: browsers that do not know a type go by the extension."""
    kinds = accepted()
    names = [kind.media_type for kind in kinds]
    return ",".join(names + [ending for kind in kinds if kind in {AVIF, HEIC} for ending in kind.extensions])


def sniff(data: bytes) -> Format:
    """The format by its first bytes, never by a name. Raises PhotoError (unsupported) for what is not accepted."""
    kind = _by_signature(data)
    if kind is None:
        raise PhotoError("unsupported", f"This is not a {accepted_words()} photo. Save it as one of these.")
    if kind not in accepted():
        raise PhotoError("unsupported", _WAYS_OUT[kind])
    return kind


_WAYS_OUT: Final = {
    HEIC: "This is a HEIC photo, which needs an extra that is not installed here. Save it as JPEG and send that, or "
    "ask whoever runs Facet to install its extra called heic.",
    AVIF: "This is an AVIF photo, which cannot be read here. Save it as JPEG and send that.",
}


def _by_signature(data: bytes) -> Format | None:
    if data.startswith(b"\xff\xd8\xff"):
        return JPEG
    if data.startswith(b"\x89PNG\r\n\x1a\n"):
        return PNG
    if data.startswith((b"GIF87a", b"GIF89a")):
        return GIF
    if data[:4] == b"RIFF" and data[8:12] == b"WEBP":
        return WEBP
    return _by_brand(data) if data[4:8] == b"ftyp" else None


def _by_brand(data: bytes) -> Format | None:
    """ISO 14496-12: the first box names a major and some compatible brands; `mif1` alone says neither AV1 nor HEVC."""
    end = min(int.from_bytes(data[:4], "big"), 256)
    brands = {data[8:12], *(data[at : at + 4] for at in range(16, end, 4))}
    if brands & _AVIF_BRANDS:
        return AVIF
    return HEIC if brands & (_HEIC_BRANDS | {b"mif1", b"msf1"}) else None
