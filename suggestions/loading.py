"""Brings the catalogue's files into the database, after every `migrate` and by `load_catalogue`.

Why after `migrate` and not in a data migration: a data migration would run once, so every later change of a file would
need another one, and a test that empties the tables would leave no catalogue behind. Django sends `post_migrate` after
`migrate` and after `flush` alike.

What an administrator changes stays: a row is written again only when its entry in the file has changed since, which
its digest tells, and `active` is left as it is. An entry that left the files becomes inactive, because feedback hangs
on it. Rows without a digest were made by hand and are not touched, also where a file uses the same slug.
"""

import hashlib
import json
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.db import transaction

from suggestions.models import CatalogueItem, Kind

FOLDER: Final = Path(__file__).parent / "catalogue"
RETIRED: Final = "retired"
"""In place of the digest of a row whose entry left the files; when the entry returns, so does the item."""

FIELDS: Final = {"slug", "title", "by", "about", "suits", "ages", "minimum_age", "minutes", "standing"}


@dataclass(frozen=True, slots=True)
class Loaded:
    """How many rows a load made, changed and retired."""

    created: int
    changed: int
    retired: int


def read_files(folder: Path = FOLDER) -> list[CatalogueItem]:
    """Every entry as an unsaved item. Raises ValidationError that names the file and the entry."""
    items: list[CatalogueItem] = []
    for path in sorted(folder.glob("*.toml")):
        content = tomllib.loads(path.read_text(encoding="utf-8"))
        items.extend(_item(entry, content.get("kind", ""), path.name) for entry in content.get("item", []))
    slugs = [item.slug for item in items]
    if twice := sorted({slug for slug in slugs if slugs.count(slug) > 1}):
        raise ValidationError(f"These slugs are used twice: {', '.join(twice)}.")
    return items


def _item(entry: dict[str, Any], kind: str, file: str) -> CatalogueItem:
    where = f"{file}, {entry.get('slug', 'an entry without slug')}"
    if unknown := sorted(set(entry) - FIELDS):
        raise ValidationError(f"{where}: unknown {', '.join(unknown)}.")
    age_from, age_to = entry["ages"]
    item = CatalogueItem(
        slug=entry["slug"],
        kind=Kind(kind),
        title=entry["title"],
        by=entry.get("by", ""),
        description=entry["about"],
        emotions=entry["suits"],
        age_from=age_from,
        age_to=age_to,
        minimum_age=entry["minimum_age"],
        minutes=entry.get("minutes"),
        standing=entry.get("standing", 0.5),
        source_digest=hashlib.sha256(json.dumps([kind, entry], sort_keys=True).encode()).hexdigest(),
    )
    try:
        item.clean_fields()
        item.clean()
        if not item.minimum_age <= item.age_from <= item.age_to:
            raise ValidationError("The ages must rise: minimum age, suits from, suits to.")
    except ValidationError as error:
        raise ValidationError(f"{where}: {' '.join(error.messages)}") from error
    return item


def load(folder: Path = FOLDER, *, using: str = "default") -> Loaded:
    """Make the table follow the files; a second load changes nothing."""
    wanted = {item.slug: item for item in read_files(folder)}
    with transaction.atomic(using=using):
        table = CatalogueItem.objects.using(using)
        present = table.in_bulk(field_name="slug")
        created = [item for slug, item in wanted.items() if slug not in present]
        changed = [
            _taken_over(item, present[slug])
            for slug, item in wanted.items()
            if slug in present and present[slug].source_digest not in {"", item.source_digest}
        ]
        gone = table.filter(active=True).exclude(source_digest="").exclude(slug__in=wanted)
        table.bulk_create(created)
        for item in changed:
            item.save(using=using)
        retired = gone.update(active=False, source_digest=RETIRED)
    return Loaded(created=len(created), changed=len(changed), retired=retired)


def _taken_over(item: CatalogueItem, present: CatalogueItem) -> CatalogueItem:
    """The new content in the row that is there, which keeps its key and whether it is active."""
    item.pk, item.active = present.pk, present.active or present.source_digest == RETIRED
    item._state.adding, item._state.db = False, present._state.db
    return item
