"""`facet analyse`: send files, wait, write a table."""

import argparse
from collections.abc import Sequence

from facet_client.answers import BATCH, INTERACTIVE, Photo
from facet_client.client import Facet
from facet_client.command.bar import Bar
from facet_client.command.exits import DONE, INTERRUPTED, REFUSED, SOME_FAILED, UNSIGNED, CommandError
from facet_client.command.output import opened, writer_of
from facet_client.command.rows import Result, result_of
from facet_client.command.session import connect
from facet_client.command.words import complain, count
from facet_client.errors import FacetError, NotAuthenticated, NotFound, WaitTimedOut
from facet_client.sources import Sent
from facet_client.watching import Progress


def analyse(options: argparse.Namespace) -> int:
    """Everything that is there is written, whatever ends the run; only then photos are deleted."""
    if options.delete and not options.wait:
        raise CommandError("--delete removes photos once they are read, and --no-wait does not wait for that. Use one.")
    lane = BATCH if options.batch else INTERACTIVE
    with connect() as facet:
        run = Run(facet, options.files)
        with opened(options.out) as out:
            with Bar() as bar:
                code = run.work(bar, lane=lane, wait=options.wait, seconds=options.timeout)
            results = run.results()
            writer_of(options)(results, out)
            out.flush()
        failed = [result for result in results if result.error_code]
        for result in failed:
            complain(f"{result.file}: {result.error}")
        if code == INTERRUPTED:
            complain(run.what_was_sent())
            return code
        good = run.delete() if options.delete else True
    return code or (DONE if good and not failed else SOME_FAILED)


class Run:
    """One run: the files, what became of them, and the photos that have been read."""

    def __init__(self, facet: Facet, files: Sequence[str]) -> None:
        """Nothing is sent yet."""
        self._facet = facet
        self._files = files
        self._groups: list[Sequence[Sent]] = []
        self._read: dict[str, Photo | None] = {}
        self._unsent = "not_sent", "Not sent."

    def work(self, bar: Bar, *, lane: str, wait: bool, seconds: float | None) -> int:
        """Send and wait; DONE, INTERRUPTED, or what an error makes of it. Raises FacetError when nothing was sent."""
        try:
            self._send(bar, lane)
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

    def _send(self, bar: Bar, lane: str) -> None:
        bar.show("Sending", 0, len(self._files))
        try:
            for group in self._facet.photos.upload_each(self._files, lane=lane):
                self._groups.append(group)
                bar.show("Sending", sum(map(len, self._groups)), len(self._files))
        except FacetError as error:
            if not self._sent_photos():
                raise
            self._unsent = error.code or "not_sent", f"Not sent: {error.detail}"

    def _wait(self, bar: Bar, seconds: float | None) -> None:
        def show(progress: Progress) -> None:
            bar.show("Reading", progress.finished, progress.total, progress.seconds_left)

        for uuid, photo in self._facet.photos.watch(self._sent_photos(), seconds, show):
            self._read[uuid] = photo

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
        done = sum(photo is not None for photo in self._read.values())
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
                if photo is None:
                    continue
                if not one.new:
                    kept += 1
                    continue
                good = self._gone(one.source, photo) and good
        if kept:
            complain(f"{count(kept)} had been sent before this run, and {'stays' if kept == 1 else 'stay'}.")
        return good

    def _gone(self, file: str, photo: Photo) -> bool:
        try:
            self._facet.photos.delete(photo.id)
        except NotFound:
            return True
        except FacetError as error:
            complain(f"{file}: could not be deleted at {self._facet.url}: {error.detail}")
            return False
        return True
