"""Compares every name in the rows with every file in the storage, both ways."""

from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import PurePosixPath
from typing import Any, Final

from django.apps import apps
from django.core.files.storage import default_storage
from django.db.models import FileField, Model
from django.utils import timezone

from accounts.erasure.models import FileToRemove
from accounts.orphans.models import OrphanCheck
from accounts.orphans.names import Names

YOUNG: Final = timedelta(hours=1)
"""A file is there before its row, by less than this."""

KEPT: Final = 30
"""Results that are remembered."""

Say = Callable[[str], object]


@dataclass(slots=True)
class Look:
    """One look at both sides; `say` hears a line for each row without a file and each file without a row."""

    remove: bool
    say: Say
    files: int = 0
    names: int = 0
    without_rows: int = 0
    without_files: int = 0
    removed: int = 0
    _names: Names = field(default_factory=Names)

    def all(self) -> None:
        """Rows first: what is uploaded meanwhile is then a young file and no row without one."""
        with closing(self._names):
            for model, file_field in file_fields():
                self.names += self._names.add(_in_rows(model, file_field))
            for folder in sorted({first_folder(model, file_field) for model, file_field in file_fields()}):
                for name in below(folder):
                    self._file(name)
            for name, whose in self._names.unseen():
                self._row(name, whose)

    def _file(self, name: str) -> None:
        self.files += 1
        if self._names.see(name) or not is_orphan(name):
            return
        self.without_rows += 1
        if self.remove:
            default_storage.delete(name)
            self.removed += 1
        self.say(f"file without a row{', removed' if self.remove else ''}: {name}")

    def _row(self, name: str, whose: str) -> None:
        """Once more: it may have been deleted, or its picture given up, since the rows were read."""
        label, field_name, pk = whose.split(" ")
        row = apps.get_model(label)._base_manager.filter(pk=pk, **{field_name: name}).first()
        if row is not None and not default_storage.exists(name):
            self.without_files += 1
            self.say(f"row without its file: {label} {getattr(row, 'uuid', pk)}, {field_name}")


def look(*, remove: bool = False, say: Say = lambda _: None) -> OrphanCheck:
    """Compare, remove files without rows if asked to, and remember the result. Raises what the storage raises."""
    begun, found = timezone.now(), Look(remove, say)
    found.all()
    check = OrphanCheck.objects.create(
        begun_at=begun,
        ended_at=timezone.now(),
        files=found.files,
        names=found.names,
        files_without_rows=found.without_rows,
        rows_without_files=found.without_files,
        removed=found.removed,
    )
    old = OrphanCheck.objects.order_by("-pk").values_list("pk", flat=True)[KEPT:]
    OrphanCheck.objects.filter(pk__in=list(old)).delete()
    return check


def file_fields() -> Iterator[tuple[type[Model], FileField]]:
    """Every field of every model that names a file; all are kept in the default storage."""
    for model in apps.get_models():
        if model._meta.proxy:
            continue
        for file_field in model._meta.local_concrete_fields:
            if isinstance(file_field, FileField):
                yield model, file_field


def first_folder(model: type[Model], file_field: FileField) -> str:
    """Where the files of this field are."""
    return PurePosixPath(file_field.generate_filename(model(), "name")).parts[0]


def _in_rows(model: type[Model], file_field: FileField) -> Iterator[tuple[str, str]]:
    named = model._base_manager.exclude(**{file_field.name: ""}).order_by()
    for pk, name in named.values_list("pk", file_field.name).iterator(chunk_size=2000):
        yield name, f"{model._meta.label_lower} {file_field.name} {pk}"


def below(folder: str) -> Iterator[str]:
    """Every file, a folder at a time; in a bucket each is one question for up to a thousand names."""
    try:
        folders, files = default_storage.listdir(folder)
    except FileNotFoundError:
        return
    for name in files:
        if name:
            yield f"{folder}/{name}"
    for inner in folders:
        yield from below(f"{folder}/{inner}")


def is_orphan(name: str) -> bool:
    """A file that no row had: whether it is old enough, there, and nobody else's to remove."""
    try:
        changed: Any = default_storage.get_modified_time(name)
    except FileNotFoundError:
        return False
    if timezone.now() - changed < YOUNG:
        return False
    return not FileToRemove.objects.filter(name=name).exists()
