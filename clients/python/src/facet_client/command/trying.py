"""`facet analyse --try`: what photos show, without anything being kept of them."""

from collections.abc import Sequence

from facet_client.client import Facet
from facet_client.command.bar import Bar
from facet_client.command.exits import DONE, INTERRUPTED, REFUSED, UNSIGNED
from facet_client.command.rows import Result
from facet_client.command.words import complain
from facet_client.errors import FacetError, Invalid, NotAuthenticated, TooLarge
from facet_client.sources import Sent, item_of


class Trial:
    """One run: photos are read one after the other while they are sent; the server remembers nothing of them."""

    def __init__(self, facet: Facet, files: Sequence[str]) -> None:
        """Nothing is sent yet."""
        self._facet = facet
        self._files = files
        self._results: list[Result] = []
        self._untried = "not_tried", "Not tried."

    def work(self, bar: Bar) -> int:
        """Send and read; DONE, INTERRUPTED, or what an error makes of it. Raises FacetError when nothing was read."""
        bar.show("Reading", 0, len(self._files))
        try:
            for file in self._files:
                self._results.append(self._one(file))
                bar.show("Reading", len(self._results), len(self._files))
        except KeyboardInterrupt:
            return INTERRUPTED
        except FacetError as error:
            if not self._results:
                raise
            self._untried = error.code or "not_tried", f"Not tried: {error.detail}"
            return UNSIGNED if isinstance(error, NotAuthenticated) else REFUSED
        return DONE

    def _one(self, file: str) -> Result:
        found = item_of(file, 0)
        if isinstance(found, Sent):
            code, detail = (found.rejected.code, found.rejected.detail) if found.rejected else ("", "")
            return Result(file, "rejected", None, code, detail)
        try:
            return Result(file, "done", tried=self._facet.photos.try_one(file))
        except (Invalid, TooLarge) as error:
            return Result(file, "rejected", None, error.code, error.detail)

    def results(self) -> list[Result]:
        """In the order in which the files were given."""
        untried = [Result(file, "not_sent", None, *self._untried) for file in self._files[len(self._results) :]]
        return [*self._results, *untried]

    def tell_what_was_sent(self) -> None:
        """For whoever stopped it."""
        complain(f"Stopped. {len(self._results)} of {len(self._files)} had been read, and nothing of them is kept.")
