"""HEIC files without an encoder: HEVC whose blocks hold their samples as they are (I_PCM), in the least HEIF possible.

ITU-T H.265, sections 7.3 (syntax) and 9.3 (arithmetic coding); ISO 23008-12 (boxes). Sides are multiples of 32, and
there are at most 12 blocks of 32 x 32.
"""

import struct

import numpy as np
from PIL import Image

BLOCK = 32
LEAST_PROBABLE = (240, 227, 216, 205, 195, 185, 175, 166, 158, 150, 142, 135, 128)
"""Table 9-52 for a fresh range of 510, by state: each block says once more that it is not split."""


class Bits:
    """A string of bits, most significant first."""

    def __init__(self) -> None:
        self.text = ""

    def put(self, value: int, count: int) -> "Bits":
        """An unsigned number of `count` bits, u(n)."""
        self.text += format(value, f"0{count}b")
        return self

    def golomb(self, *values: int) -> "Bits":
        """Unsigned exponential Golomb codes, ue(v)."""
        for value in values:
            code = format(value + 1, "b")
            self.text += "0" * (len(code) - 1) + code
        return self

    def flags(self, text: str) -> "Bits":
        """Single bits, written as 0 and 1."""
        self.text += text
        return self

    def filled(self) -> bytes:
        """Zeros up to the next whole byte."""
        text = self.text + "0" * (-len(self.text) % 8)
        return int(text, 2).to_bytes(len(text) // 8, "big")


class Coder:
    """The arithmetic coder of 9.3.5, which here codes "not split", "as it is" and "last" only."""

    def __init__(self, bits: Bits) -> None:
        self.bits = bits
        self.restart()

    def restart(self) -> None:
        """After samples that were written as they are."""
        self.low, self.range, self.waiting, self.first = 0, 510, 0, True

    def likely(self, state: int) -> None:
        """The more probable value of a context in `state`."""
        quarter = (self.range >> 6) & 3
        assert quarter == 3
        self.range -= LEAST_PROBABLE[state]
        self._renew()

    def terminate(self, *, value: bool) -> None:
        """A terminating bin; true flushes the coder and ends with a bit 1."""
        self.range -= 2
        if not value:
            self._renew()
            return
        self.low += self.range
        self.range = 2
        self._renew()
        self._put((self.low >> 9) & 1)
        self.bits.put(((self.low >> 7) & 3) | 1, 2)

    def _renew(self) -> None:
        while self.range < 256:
            if self.low < 256:
                self._put(0)
            elif self.low >= 512:
                self.low -= 512
                self._put(1)
            else:
                self.low -= 256
                self.waiting += 1
            self.range <<= 1
            self.low <<= 1

    def _put(self, bit: int) -> None:
        if self.first:
            self.first = False
        else:
            self.bits.put(bit, 1)
        self.bits.flags(str(1 - bit) * self.waiting)
        self.waiting = 0


PROFILE = struct.pack(">BIHIB", 3, 0x70000000, 0x9000, 0, 90)
"""Main Still Picture, level 3: twelve bytes of general_profile_tier_level."""


def unit(kind: int, body: bytes) -> bytes:
    """A NAL unit with emulation prevention."""
    escaped, zeros = bytearray(), 0
    for byte in body:
        if zeros >= 2 and byte <= 3:
            escaped.append(3)
            zeros = 0
        escaped.append(byte)
        zeros = zeros + 1 if byte == 0 else 0
    return bytes([kind << 1, 1]) + bytes(escaped)


def parameter_sets(width: int, height: int) -> dict[int, bytes]:
    """Video, sequence and picture parameter sets by the type of their unit."""
    profile = int.from_bytes(PROFILE, "big")
    video = Bits().put(0, 4).flags("11").put(0, 6).put(0, 3).flags("1").put(0xFFFF, 16).put(profile, 96)
    video.flags("1").golomb(0, 0, 0).put(0, 6).golomb(0).flags("001")
    sequence = Bits().put(0, 4).put(0, 3).flags("1").put(profile, 96).golomb(0, 1, width, height).flags("0")
    sequence.golomb(0, 0, 0).flags("1").golomb(0, 0, 0).golomb(0, 2, 0, 3, 0, 0).flags("000")
    sequence.flags("1").put(7, 4).put(7, 4).golomb(0, 2).flags("1").golomb(0).flags("00000").flags("1")
    picture = Bits().golomb(0, 0).flags("00").put(0, 3).flags("00").golomb(0, 0, 0).flags("000").golomb(0, 0)
    picture.flags("0000").flags("00").flags("0").flags("101").flags("00").golomb(0).flags("00").flags("1")
    return {32: unit(32, video.filled()), 33: unit(33, sequence.filled()), 34: unit(34, picture.filled())}


def coded_slice(image: Image.Image) -> bytes:
    """The whole picture in one slice unit."""
    luma, blue, red = (np.asarray(plane) for plane in image.convert("YCbCr").split())
    halves = [plane.reshape(plane.shape[0] // 2, 2, -1, 2).mean(axis=(1, 3)).astype(np.uint8) for plane in (blue, red)]
    bits = Bits().flags("10").golomb(0, 2).golomb(0).flags("1")
    bits.flags("0" * (-len(bits.text) % 8))
    coder = Coder(bits)
    places = [(y, x) for y in range(0, image.height, BLOCK) for x in range(0, image.width, BLOCK)]
    for state, (y, x) in enumerate(places):
        coder.likely(state)
        coder.terminate(value=True)
        bits.flags("0" * (-len(bits.text) % 8))
        samples = luma[y : y + BLOCK, x : x + BLOCK].tobytes()
        for plane in halves:
            samples += plane[y // 2 : (y + BLOCK) // 2, x // 2 : (x + BLOCK) // 2].tobytes()
        bits.put(int.from_bytes(samples, "big"), 8 * len(samples))
        coder.restart()
        coder.terminate(value=state == len(places) - 1)
    return unit(20, bits.filled())


def box(kind: bytes, *parts: bytes) -> bytes:
    """An ISO base media box."""
    body = b"".join(parts)
    return struct.pack(">I", len(body) + 8) + kind + body


def heic(image: Image.Image, *, quarter_turns: int = 0, said: tuple[int, int] | None = None) -> bytes:
    """`image` as HEIC, to be shown turned counter-clockwise; `said` is a size to lie about in its container."""
    sets = parameter_sets(*image.size)
    arrays = b"".join(struct.pack(">BHH", 0x80 | kind, 1, len(body)) + body for kind, body in sets.items())
    hvcc = b"\1" + PROFILE + struct.pack(">HBBBBHBB", 0xF000, 0xFC, 0xFD, 0xF8, 0xF8, 0, 0x0F, 3) + arrays
    properties = box(
        b"ipco",
        box(b"hvcC", hvcc),
        box(b"ispe", struct.pack(">III", 0, *(said or image.size))),
        box(b"colr", b"nclx", struct.pack(">HHHB", 1, 13, 6, 0x80)),
        box(b"irot", bytes([quarter_turns])),
    )
    associations = box(b"ipma", struct.pack(">IIHB", 0, 1, 1, 4), b"\x81\x02\x03\x84")
    slice_unit = coded_slice(image)
    data = struct.pack(">I", len(slice_unit)) + slice_unit
    start = box(b"ftyp", b"heic", bytes(4), b"mif1", b"heic")

    def meta(offset: int) -> bytes:
        place = struct.pack(">IHHHHHII", 0, 0x4400, 1, 1, 0, 1, offset, len(data))
        entry = box(b"infe", struct.pack(">IHH", 2 << 24, 1, 0), b"hvc1\0")
        return box(
            b"meta",
            bytes(4),
            box(b"hdlr", bytes(8), b"pict", bytes(13)),
            box(b"pitm", struct.pack(">IH", 0, 1)),
            box(b"iinf", struct.pack(">IH", 0, 1), entry),
            box(b"iprp", properties, associations),
            box(b"iloc", place),
        )

    return start + meta(len(start) + len(meta(0)) + 8) + box(b"mdat", data)
