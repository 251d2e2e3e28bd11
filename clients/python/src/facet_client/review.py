"""For reviewers: faces of others, and what you decide about them."""

import uuid
from collections.abc import Iterator

from facet_client.addresses import id_in_path
from facet_client.resources import Id, pages
from facet_client.review_answers import ReviewFace, ReviewFacePage
from facet_client.transport import Transport, decoded


class Review:
    """The review queue; the token needs the scope `review`, and its owner must be a reviewer.

    Owners are told that a reviewer saw their faces. Every method raises FacetError, and ValueError for what is no id.
    """

    def __init__(self, transport: Transport) -> None:
        """Made by `Facet`."""
        self._transport = transport

    def list(
        self,
        *,
        reviewed: str | None = None,
        confidence: str | None = None,
        reason: str | None = None,
        gender: str | None = None,
        emotion: str | None = None,
        model: str | None = None,
        page_size: int = 25,
    ) -> Iterator[ReviewFace]:
        """All that match, newest first, fetched a page at a time.

        `reviewed`: open, contested (the owner says it is wrong), accepted, corrected or unusable. `confidence`:
        not_sure or low. `reason`, what makes a face hard to read: any, none, or a code. `gender` and `emotion` as
        estimated.
        """
        query = {
            "reviewed": reviewed,
            "confidence": confidence,
            "reason": reason,
            "gender": gender,
            "emotion": emotion,
            "model": model,
            "page_size": page_size,
        }
        for page in pages(self._transport, "review/faces/", ReviewFacePage, query):
            yield from page.results

    def get(self, face: Id) -> ReviewFace:
        """A face as it is now."""
        return self._transport.get(self._path(face), ReviewFace)

    def image(self, face: Id | ReviewFace) -> bytes:
        """The face alone, a JPEG. Raises FacetError with not_kept when there is no picture of it."""
        path = f"{self._path(_id_of(face))}image/"
        return self._transport.send("GET", path, headers={"Accept": "*/*"}).content

    def judge(
        self,
        face: ReviewFace,
        verdict: str,
        *,
        age_years: int | None = None,
        gender: str = "",
        emotion: str = "",
        note: str = "",
    ) -> ReviewFace:
        """Decide about a face as you saw it: `accepted`, `unusable`, or `corrected` with what is right.

        Raises Conflict when somebody else has decided meanwhile: get the face again, and judge that if you disagree.
        """
        body = {
            "verdict": verdict,
            "age_years": age_years,
            "gender": gender,
            "emotion": emotion,
            "note": note,
            "reviewed_at": face.review.reviewed_at.isoformat() if face.review else None,
        }
        path = f"{self._path(face.id)}verdict/"
        return decoded(self._transport.send("POST", path, json=body, repeat=True), ReviewFace)

    def _path(self, face: Id) -> str:
        return f"review/faces/{id_in_path(face)}/"


def _id_of(face: "str | uuid.UUID | ReviewFace") -> Id:
    return face.id if isinstance(face, ReviewFace) else face
