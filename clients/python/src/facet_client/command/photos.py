"""`facet list`, `show` and `delete`."""

import argparse
import itertools
import json
import sys
import textwrap
from pathlib import Path

from facet_client.answers import Photo
from facet_client.command.each import each
from facet_client.command.exits import DONE, CommandError
from facet_client.command.output import opened, writer_of
from facet_client.command.rows import result_of
from facet_client.command.session import connect
from facet_client.command.words import face_words, plain_line, summary, waiting_words


def listing(options: argparse.Namespace) -> int:
    """Photos that are at the server."""
    names = ("status", "emotion", "gender", "age_from", "age_to", "unsure", "since", "until")
    filters = {name: getattr(options, name) for name in names}
    with connect() as facet, opened(options.out) as out:
        found = facet.photos.list(**filters, page_size=min(options.limit, 100))
        photos = itertools.islice(found, options.limit)
        if options.csv or options.json:
            writer_of(options)(map(result_of, photos), out)
            return DONE
        for photo in photos:
            when = f"{photo.created_at:%Y-%m-%d %H:%M}" if photo.created_at else ""
            out.write(plain_line(f"{photo.id}  {when}  {photo.name}: {summary(photo)}") + "\n")
    return DONE


def show(options: argparse.Namespace) -> int:
    """One photo."""
    with connect() as facet:
        try:
            photo = facet.photos.get(options.id)
        except ValueError as error:
            raise CommandError(str(error)) from None
        if options.image:
            _save(Path(options.image), facet.photos.image(options.id))
    if options.json:
        json.dump(dict(photo.raw), sys.stdout, indent=2)
        print()
    else:
        _describe(photo)
    return DONE


def delete(options: argparse.Namespace) -> int:
    """Photos and everything read from them."""
    with connect() as facet:
        return each(options.ids, facet.photos.delete, "Deleted {}.")


def _save(path: Path, picture: bytes) -> None:
    try:
        with path.open("xb") as file:
            file.write(picture)
    except FileExistsError:
        raise CommandError(f"{path} is there already. Name another file for the picture.") from None
    except OSError as error:
        raise CommandError(f"{path} cannot be written: {error.strerror}.") from None


def _describe(photo: Photo) -> None:
    size = f", {photo.width} x {photo.height} pixels" if photo.width else ""
    when = f", sent {photo.created_at:%Y-%m-%d %H:%M %Z}" if photo.created_at else ""
    print(plain_line(f"{photo.name}{size}{when}"))
    print(plain_line(f"{summary(photo)}, read by {photo.analysis.model_version}" if photo.faces else summary(photo)))
    for number, face in enumerate(photo.faces, start=1):
        print(plain_line(f"  {number}  {face_words(face)}"))
        for reason in face.quality.reasons if face.quality else ():
            print(textwrap.fill(plain_line(reason.detail), 100, initial_indent="     ", subsequent_indent="     "))
    if photo.pending is not None:
        print(plain_line(f"A later reading: {waiting_words(photo.pending)}"))
