"""Takes out of log lines what says who somebody is or lets somebody in. The second fence: our own code logs neither."""

import re
from typing import Final

PASSWORD: Final = re.compile(r"(?<=://)[^\s/@]{0,200}:[^\s/@]{0,200}@")
"""In the address of a broker, a database or a mail server."""

EMAIL: Final = re.compile(r"(?<![\w.+-])[\w.+-]{1,64}(?:@|%40)[\w-]{1,63}(?:\.[\w-]{1,63}){1,8}")
KEY: Final = re.compile(r"(?<=/key/)[^\s/?#]+|(?<=/confirm-email/)[^\s/?#]+")
"""In the links that are mailed to set a password or to confirm an address."""

TOKEN: Final = re.compile(r"\b[0-9a-f]{64}\b|(?<=Token )\S+|(?<=Bearer )\S+")
"""API tokens; also the sha256 of a photo, which tells whether somebody has a certain picture."""

PICTURE: Final = r"(?:jpe?g|jfif|png|gif|webp|avif|hei[cf])"
UPLOADED: Final = re.compile(r"(?<=UploadedFile: ).{1,300}? \(")
QUOTED: Final = re.compile(rf"'[^'\n]{{1,200}}\.{PICTURE}'|\"[^\"\n]{{1,200}}\.{PICTURE}\"", re.IGNORECASE)
NAME: Final = re.compile(rf"(?<![^\s/\\'\"()<>:,])[^\s/\\'\"()<>:,]{{1,200}}\.{PICTURE}\b", re.IGNORECASE)
OURS: Final = re.compile(r"[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\.jpg['\"]?\Z")
"""The names that we give to pictures say nothing."""


def scrub(text: str) -> str:
    """`text` without passwords, e-mail addresses, tokens and names of uploaded pictures."""
    text = PASSWORD.sub("[secret]@", text)
    text = EMAIL.sub("[e-mail]", text)
    text = KEY.sub("[key]", text)
    text = TOKEN.sub("[token]", text)
    text = UPLOADED.sub("[file] (", text)
    text = QUOTED.sub(_unless_ours, text)
    return NAME.sub(_unless_ours, text)


def _unless_ours(found: re.Match[str]) -> str:
    return found[0] if OURS.search(found[0]) else "[file]"
