"""`facet analyse`: send files, wait, write a table."""

import argparse
import time
from collections.abc import Sequence
from contextlib import suppress

from facet_client.answers import BATCH, INTERACTIVE, Photo
from facet_client.client import Facet
from facet_client.command.bar import Bar
from facet_client.command.exits import DONE, INTERRUPTED, REFUSED, SOME_FAILED, UNSIGNED, CommandError
from facet_client.command.output import opened, writer_of
from facet_client.command.rows import Result, result_of
from facet_client.command.session import connect
from facet_client.command.trying import Trial
from facet_client.command.words import complain, count
from facet_client.errors import FacetError, NotAuthenticated, NotFound, WaitTimedOut
from facet_client.sources import Sent


def analyse(options: argparse.Namespace) -> int:
    """Everything that is there is written, whatever ends the run; only then photos are deleted."""
    _refuse_what_contradicts(options)
    lane = BATCH if options.batch else INTERACTIVE
    with connect() as facet:
        run = Run(facet, options.files)
        trial = Trial(facet, options.files)
        with opened(options.out) as out:
            with Bar() as bar:
                if options.attempt:
                    code = trial.work(bar)
                else:
                    code = run.work(bar, lane=lane, label=options.label, wait=options.wait, seconds=options.timeout)
            results = trial.results() if options.attempt else run.results()
            writer_of(options)(results, out)
            out.flush()
        failed = [result for result in results if result.error_code]
        for result in failed:
            complain(f"{result.file}: {result.error}")
        if code == INTERRUPTED:
            trial.tell_what_was_sent() if options.attempt else complain(run.what_was_sent())
            return code
        good = run.delete() if options.delete else True
    return code or (DONE if good and not failed else SOME_FAILED)


def _refuse_what_contradicts(options: argparse.Namespace) -> None:
    if options.delete and not options.wait:
        raise CommandError("--delete removes photos once they are read, and --no-wait does not wait for that. Use one.")
    if options.attempt and (options.delete or options.batch or options.label or not options.wait or options.timeout):
        raise CommandError(
            "--try keeps nothing and reads while it sends, so there is nothing to delete, to label or to wait for. "
            "Leave out --delete, --batch, --label, --no-wait and --timeout."
        )


class Run:
    """One run: the files, what became of them, and the photos that have been read."""

    def __init__(self, facet: Facet, files: Sequence[str]) -> None:
        """Nothing is sent yet."""
        self._facet = facet
        self._files = files
        self._groups: list[Sequence[Sent]] = []
        self._read: dict[str, Photo | None] = {}
        self._unsent = "not_sent", "Not sent."

    def work(self, bar: Bar, *, lane: str, label: str, wait: bool, seconds: float | None) -> int:
        """Send and wait; DONE, INTERRUPTED, or what an error makes of it. Raises FacetError when nothing was sent."""
        try:
            self._send(bar, lane, label)
            if wait:
                self._wait(bar, seconds)
        except KeyboardInterrupt:
            return INTERRUPTED
        except WaitTimedOut as late:
            complain(late.detail)
            return SOME_FAILED
        except FacetError as error:
            if not self._sent_photos():
                raise
            complain(error.detail)
            return UNSIGNED if isinstance(error, NotAuthenticated) else REFUSED
        return DONE

    def _send(self, bar: Bar, lane: str, label: str) -> None:
        bar.show("Sending", 0, len(self._files))
        try:
            for group in self._facet.photos.upload_each(self._files, lane=lane, label=label):
                self._groups.append(group)
                bar.show("Sending", sum(map(len, self._groups)), len(self._files))
        except FacetError as error:
            if not self._sent_photos():
                raise
            self._unsent = error.code or "not_sent", f"Not sent: {error.detail}"

    def _wait(self, bar: Bar, seconds: float | None) -> None:
        """One request tells how far all are, whatever their number; what is there is fetched at the end."""
        batches = list(dict.fromkeys(one.batch for group in self._groups for one in group if one.batch))
        until = None if seconds is None else time.monotonic() + seconds
        try:
            for batch in batches:
                left = None if until is None else max(until - time.monotonic(), 0.0)
                for state in self._facet.batches.watch(batch, left):
                    bar.show("Reading", state.finished, state.total, state.seconds_left)
        except (KeyboardInterrupt, WaitTimedOut):
            with suppress(FacetError, KeyboardInterrupt):
                self._fetch_all(batches)
            raise
        self._fetch_all(batches)

    def _fetch_all(self, batches: Sequence[str]) -> None:
        for batch in batches:
            self._fetch(batch)

    def _fetch(self, batch: str) -> None:
        there = {photo.id: photo for photo in self._facet.photos.list(batch=batch)}
        sent = {one.photo.id for group in self._groups for one in group if one.photo and one.batch == batch}
        self._read |= dict.fromkeys(sent - there.keys())  # deleted meanwhile
        self._read |= {uuid: photo for uuid, photo in there.items() if uuid in sent}

    def _sent_photos(self) -> list[Photo]:
        return [one.photo for group in self._groups for one in group if one.photo is not None]

    def results(self) -> list[Result]:
        """In the order in which the files were given."""
        told = {id(one): one for group in self._groups for one in group}
        by_file: dict[str, list[Sent]] = {}
        for one in told.values():
            by_file.setdefault(one.source, []).append(one)
        return [self._result(file, by_file[file].pop(0) if by_file.get(file) else None) for file in self._files]

    def _result(self, file: str, sent: Sent | None) -> Result:
        if sent is None:
            return Result(file, "not_sent", None, *self._unsent)
        if sent.rejected is not None:
            return Result(file, "rejected", None, sent.rejected.code, sent.rejected.detail)
        if sent.photo is None:
            raise TypeError("a file became neither a photo nor a reason")
        photo = self._read.get(sent.photo.id, sent.photo)
        if photo is None:
            return Result(file, "deleted", None, "deleted", "The photo was deleted before its result was fetched.")
        return result_of(photo, file)

    def what_was_sent(self) -> str:
        """For whoever stopped it."""
        photos = self._sent_photos()
        done = sum(photo is not None and photo.is_finished for photo in self._read.values())
        return (
            f"Stopped. {len(photos)} of {count(len(self._files))} had been sent and stay at {self._facet.url}; "
            f"{done} had been read. A request under way may have arrived as well. "
            "Run the same command again to go on: a photo that was sent before is not kept twice."
        )

    def delete(self) -> bool:
        """Remove the photos that this run brought and that are finished; False when some could not be."""
        kept = 0
        good = True
        for group in self._groups:
            for one in group:
                photo = self._read.get(one.photo.id) if one.photo else None
                if photo is None or not photo.is_finished:
                    continue
                if not one.new:
                    kept += 1
                    continue
                good = self._gone(one.source, photo) and good
        good = good and self._forget_batches()
        if kept:
            complain(f"{count(kept)} had been sent before this run, and {'stays' if kept == 1 else 'stay'}.")
        return good

    def _forget_batches(self) -> bool:
        """They have a label, and the names of files that were rejected."""
        sent = [one for group in self._groups for one in group if one.batch]
        unfinished = {one.batch for one in sent if not self._is_read(one)}
        return all(self._forgotten(batch) for batch in {one.batch for one in sent} - unfinished if batch)

    def _forgotten(self, batch: str) -> bool:
        try:
            self._facet.batches.delete(batch)
        except NotFound:
            return True
        except FacetError as error:
            complain(f"The batch could not be forgotten at {self._facet.url}: {error.detail}")
            return False
        return True

    def _is_read(self, one: Sent) -> bool:
        photo = self._read.get(one.photo.id, one.photo) if one.photo else None
        return photo is None or photo.is_finished

    def _gone(self, file: str, photo: Photo) -> bool:
        try:
            self._facet.photos.delete(photo.id)
        except NotFound:
            return True
        except FacetError as error:
            complain(f"{file}: could not be deleted at {self._facet.url}: {error.detail}")
            return False
        return True
