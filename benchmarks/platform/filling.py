"""A PostgreSQL database filled as years of use would fill it, by the database itself: a million analyses in minutes.

`python -m benchmarks.platform.filling --analyses 1000000` fills the migrated, empty database of DATABASE_URL. Columns
come from the models: a few hundred rows are made by them and copied with a number, an owner and a moment of their own.
"""

import argparse
import io
import json
import time
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from django.db import models
    from django.db.backends.utils import CursorWrapper

    from benchmarks.platform.variants import Variant

SEED: Final = 5
OWNER, ADMINISTRATOR, PASSWORD = "owner@example.org", "administrator@example.org", "correct horse battery"
YEARS: Final = timedelta(days=3 * 365)
"""Back to the first upload."""
NEWER_SINCE: Final = timedelta(days=90)
"""Newer weights began to read old photos again then; one analysis of AGAIN_EVERY is such a second reading."""
AGAIN_EVERY: Final = 32
AGAIN_STEP: Final = 29
"""Of so many photos one is read again. Under AGAIN_EVERY, so that there are enough; a prime, to meet every owner."""
PHOTOS_A_PERSON: Final = 1000
TABLES: Final = (
    "analysis_photo", "analysis_analysis", "analysis_face", "analysis_correction", "analysis_review",
    "analysis_historicalreview", "accounts_consent", "accounts_consententry",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Filled:
    """Who to sign in as, what is there, and how long it took."""

    owner: str
    administrator: str
    password: str
    photos: int
    analyses: int
    faces: int
    owned: int
    seconds: float


def fill(*, analyses: int, everything: bool = False, files: int = 0, seed: int = SEED) -> Filled:
    """Fill the empty database with that many analyses, a tenth of the photos or `everything` owned by OWNER.

    OWNER's newest `files` photos get files. Raises ValueError when the database is no PostgreSQL or not empty.
    """
    from django.db import connection, transaction

    from analysis.models import Face, Photo

    if connection.vendor != "postgresql" or Photo.objects.exists():
        raise ValueError(
            "Only an empty PostgreSQL database can be filled. Make one, migrate it, name it in DATABASE_URL."
        )
    began = time.perf_counter()
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SET LOCAL synchronous_commit = off")
        cursor.execute("SET LOCAL maintenance_work_mem = '512MB'")
        cursor.execute(
            "SET LOCAL session_replication_role = replica"
        )  # rows refer to rows that come in the same breath
        with _without_indexes(cursor):
            _rows(cursor, analyses, everything, seed)
        _set_sequences(cursor)
    with connection.cursor() as cursor:
        cursor.execute(f"VACUUM ANALYZE {', '.join(TABLES)}")
    _write_files(files)
    return Filled(
        owner=OWNER,
        administrator=ADMINISTRATOR,
        password=PASSWORD,
        photos=Photo.objects.count(),
        analyses=analyses,
        faces=Face.objects.count(),
        owned=Photo.objects.filter(owner__email=OWNER).count(),
        seconds=round(time.perf_counter() - began, 1),
    )


def _rows(cursor: "CursorWrapper", analyses: int, everything: bool, seed: int) -> None:
    from django.utils import timezone

    from accounts.models import User
    from analysis.models import Analysis, Correction, Face, Photo, Review
    from benchmarks.platform.variants import variants

    owner = User.objects.create_user(OWNER, PASSWORD)
    administrator = User.objects.create_superuser(ADMINISTRATOR, PASSWORD)
    count = max(analyses // PHOTOS_A_PERSON, 9)
    User.objects.bulk_create(User(email=f"person{n}@example.org", password="!") for n in range(count))
    _agree()
    made = list(variants(timezone.now(), administrator, seed))
    _plan(cursor, analyses=analyses, owner=owner.pk, everything=everything)
    _prepare(cursor, made)
    _copy(cursor, Photo, {"id": "plan.photo", **_photo_columns(), "owner_id": "plan.owner"}, first=True)
    _copy(cursor, Analysis, {
        "id": "plan.n", "uuid": _uuid("analysis", "plan.n"), "photo_id": "plan.photo", "owner_id": "plan.owner",
        "turn": "plan.n", "earlier_id": "CASE WHEN plan.n <> plan.photo THEN plan.photo END",
    })  # fmt: skip
    face = "plan.n * 4 + t.face"
    _copy(cursor, Face, {"id": face, "uuid": _uuid("face", face), "analysis_id": "plan.n"})
    _copy(cursor, Correction, {"id": face, "face_id": face, "author_id": "plan.owner"})
    _copy(cursor, Review, {"id": face, "face_id": face})
    _copy(cursor, Review.history.model, {"history_id": face, "id": face, "face_id": face})


def _agree() -> None:
    """Everybody to everything, so that reviewers see all of it."""
    from accounts.consent.models import Consent, ConsentEntry, Via
    from accounts.consent.purposes import Purpose
    from accounts.models import User

    people = list(User.objects.values_list("pk", flat=True))
    said = [(person, purpose) for person in people for purpose in Purpose]
    Consent.objects.bulk_create(Consent(person_id=person, purpose=purpose, granted=True) for person, purpose in said)
    ConsentEntry.objects.bulk_create(
        ConsentEntry(person_id=person, purpose=purpose, granted=True, via=Via.PAGE) for person, purpose in said
    )


def _plan(cursor: "CursorWrapper", *, analyses: int, owner: int, everything: bool) -> None:
    """The table `plan`: a row for each analysis with its photo, owner, shift back in time and variant to copy.

    Photos are numbered from the oldest; what waits and what is being read is among the newest, and as much in a
    database of any size.
    """
    from benchmarks.platform.variants import AGAIN, KINDS, QUEUED, RUNNING

    photos = analyses - analyses // AGAIN_EVERY
    cursor.execute(
        """
        CREATE TEMP TABLE plan ON COMMIT DROP AS
        WITH others AS (SELECT array_agg(id ORDER BY id) AS ids FROM accounts_user WHERE email LIKE 'person%%'),
        numbers AS (
            SELECT n, CASE WHEN n <= %(photos)s THEN n ELSE %(step)s * (n - %(photos)s) END AS photo
            FROM generate_series(1, %(analyses)s) AS n
        )
        SELECT n, photo,
            CASE WHEN %(everything)s OR photo %% 10 = 0 THEN %(owner)s
                 ELSE ids[1 + (photo - photo / 10) %% cardinality(ids)] END AS owner,
            CASE WHEN n <> photo THEN %(newer)s::interval * (0.9 * (n - %(photos)s) / (%(analyses)s - %(photos)s) - 1)
                 ELSE %(years)s::interval * ((photo / 4 * 4)::float / %(photos)s - 1) END AS shift,
            CASE WHEN n <> photo THEN %(again)s + photo %% %(kinds)s
                 WHEN %(photos)s - photo < 180 AND (%(photos)s - photo) %% 9 = 3 THEN %(queued)s
                 WHEN %(photos)s - photo < 180 AND (%(photos)s - photo) %% 77 = 5 THEN %(running)s
                 ELSE photo %% %(kinds)s END AS variant
        FROM numbers, others
        """,
        {
            "analyses": analyses, "photos": photos, "step": AGAIN_STEP, "owner": owner, "everything": everything,
            "years": str(YEARS), "newer": str(NEWER_SINCE),
            "kinds": KINDS, "again": AGAIN, "queued": QUEUED, "running": RUNNING,
        },
    )  # fmt: skip
    cursor.execute("ANALYZE plan")


def _prepare(cursor: "CursorWrapper", made: Iterable["Variant"]) -> None:
    """For each model a table of what its rows are copied from."""
    from analysis.models import Analysis, Correction, Face, Photo, Review

    made = list(made)
    _keep(cursor, Photo, ((each.number, 0, each.photo) for each in made))
    _keep(cursor, Analysis, ((each.number, 0, each.analysis) for each in made))
    _keep(cursor, Face, ((each.number, face.index, face) for each in made for face in each.faces))
    _keep(cursor, Correction, ((each.number, index, said) for each in made for index, said in each.corrections))
    reviews = [(each.number, index, review) for each in made for index, review in each.reviews]
    _keep(cursor, Review, reviews)
    _keep(cursor, Review.history.model, ((number, index, _event(review)) for number, index, review in reviews))


def _event(review: Any) -> Any:
    """The line that the history holds about a new review."""
    names = ("verdict", "age_years", "gender", "emotion", "note", "reviewer_id", "reviewed_at")
    values = {name: getattr(review, name) for name in names}
    return type(review).history.model(
        history_date=review.reviewed_at, history_type="+", history_user=review.reviewer, **values
    )


def _keep(cursor: "CursorWrapper", model: "type[models.Model]", rows: Iterable[tuple[int, int, Any]]) -> None:
    """The table `of_MODEL`: the columns of `model` as its field write them, the variant and the face they belong to."""
    from django.db import connection

    fields = model._meta.concrete_fields
    table = f"of_{model._meta.model_name}"
    cursor.execute(f"CREATE TEMP TABLE {table} ON COMMIT DROP AS SELECT * FROM {model._meta.db_table} WITH NO DATA")
    cursor.execute(f"ALTER TABLE {table} ADD variant int, ADD face int")
    columns = ", ".join(f'"{field.column}"' for field in fields)
    values = [
        [*(field.get_db_prep_save(getattr(row, field.attname), connection) for field in fields), variant, face]
        for variant, face, row in rows
    ]
    marks = ", ".join(["%s"] * (len(fields) + 2))
    cursor.executemany(f"INSERT INTO {table} ({columns}, variant, face) VALUES ({marks})", values)
    cursor.execute(f"ANALYZE {table}")


def _copy(
    cursor: "CursorWrapper", model: "type[models.Model]", changes: Mapping[str, str], *, first: bool = False
) -> None:
    """Rows of `model` for the whole plan, or for the `first` analyses of the photos; every time shifted."""
    from django.db import models

    unknown = set(changes) - {field.column for field in model._meta.concrete_fields}
    if unknown:
        raise ValueError(
            f"{model.__name__} has no column {', '.join(sorted(unknown))}: mend benchmarks.platform.filling."
        )
    columns: dict[str, str] = {}
    for field in model._meta.concrete_fields:
        name = str(field.column)
        moved = isinstance(field, models.DateTimeField)
        columns[name] = changes.get(name, f't."{name}"' + (" + plan.shift" if moved else ""))
    names = ", ".join(f'"{name}"' for name in columns)
    cursor.execute(
        f"INSERT INTO {model._meta.db_table} ({names}) SELECT {', '.join(columns.values())} "
        f"FROM plan JOIN of_{model._meta.model_name} AS t USING (variant) "
        f"{'WHERE plan.n = plan.photo' if first else ''} ORDER BY plan.n"
    )


def _uuid(what: str, number: str) -> str:
    """SQL for an identifier that looks drawn and is the same in every filling."""
    return f"md5('{what}' || ({number}))::uuid"


def _photo_columns() -> dict[str, str]:
    uuid = _uuid("photo", "plan.photo")
    path = f"left({uuid}::text, 2) || '/' || {uuid}::text || '.jpg'"
    return {
        "uuid": uuid,
        "name": "'IMG_' || plan.photo || '.jpg'",
        "sha256": "encode(sha256(plan.photo::text::bytea), 'hex')",
        "image": f"'photos/' || {path}",
        "thumbnail": f"'thumbnails/' || {path}",
    }


@contextmanager
def _without_indexes(cursor: "CursorWrapper") -> Iterator[None]:
    """Rows first, indexes after: sorting them once is several times as fast. Those of constraints stay."""
    cursor.execute(
        "SELECT indexname, indexdef FROM pg_indexes WHERE schemaname = 'public' AND tablename = ANY(%s) AND NOT EXISTS "
        "(SELECT FROM pg_constraint WHERE conname = indexname)",
        [list(TABLES)],
    )
    found = cursor.fetchall()
    for name, _ in found:
        cursor.execute(f'DROP INDEX "{name}"')
    yield
    for _, definition in found:
        cursor.execute(definition)


def _set_sequences(cursor: "CursorWrapper") -> None:
    """Rows came with their numbers; the next one must not meet them."""
    from django.apps import apps
    from django.core.management.color import no_style
    from django.db import connection

    models = [model for model in apps.get_app_config("analysis").get_models() if model._meta.db_table in TABLES]
    for statement in connection.ops.sequence_reset_sql(no_style(), models):
        cursor.execute(statement)


def _write_files(count: int) -> None:
    """Pictures for the owner's newest photos: deleting a photo takes its files along."""
    from django.core.files.base import ContentFile
    from PIL import Image

    from analysis.models import Photo

    if not count:
        return
    picture = io.BytesIO()
    Image.effect_noise((1200, 900), 24).save(picture, "JPEG", quality=85)
    for photo in Photo.objects.filter(owner__email=OWNER)[:count]:
        for kept in (photo.image, photo.thumbnail):
            kept.storage.save(kept.name, ContentFile(picture.getvalue()))


def main() -> None:
    """Fill, and print what there is as a line of JSON."""
    import django

    parser = argparse.ArgumentParser(prog="python -m benchmarks.platform.filling", description=__doc__)
    parser.add_argument("--analyses", type=int, required=True, metavar="COUNT")
    parser.add_argument("--everything", action="store_true", help="one person owns all photos, not a tenth of them")
    parser.add_argument("--files", type=int, default=0, metavar="COUNT", help="of that person's newest photos")
    options = parser.parse_args()
    django.setup()
    print(json.dumps(asdict(fill(analyses=options.analyses, everything=options.everything, files=options.files))))


if __name__ == "__main__":
    main()
