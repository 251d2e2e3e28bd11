"""Who asks and what is asked for: everything of ann's is marked, so that it can be recognised wherever it turns up."""

import copy
import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any, Final

from allauth.account.models import EmailAddress
from allauth.mfa.models import Authenticator
from allauth.socialaccount.models import SocialAccount, SocialApp, SocialToken
from allauth.usersessions.models import UserSession
from django.contrib.auth.models import Group
from django.core.files.base import ContentFile
from django.test import Client
from django.utils import timezone

from accounts.accesslog.models import AccessEntry, Place
from accounts.accesslog.models import Kind as Look
from accounts.consent import services as consent
from accounts.consent.models import Via
from accounts.consent.purposes import offered
from accounts.erasure.models import Kind
from accounts.exports.models import State
from accounts.models import ApiToken, DataExport, ErasureReceipt, User, Webhook, WebhookDelivery
from accounts.roles import REVIEWERS
from accounts.scopes import Scope
from accounts.webhooks import vault
from accounts.webhooks.models import State as DeliveryState
from analysis.models import (
    Analysis,
    Batch,
    BatchPhoto,
    BatchRejection,
    Correction,
    Face,
    Photo,
    Renewal,
    Review,
    Status,
    UploadKey,
    Verdict,
    Worker,
)
from suggestions.models import CatalogueItem, Feedback, FeedbackKind
from tests.conftest import face_fields, jpeg

NOBODY: Final = "anonymous"
PEOPLE: Final = (NOBODY, "ann", "ben", "ada", "rob")
"""Nobody, the owner, a stranger, a reviewer, an administrator."""
PROGRAMS: Final = tuple(f"token-{scope}" for scope in Scope.values)
"""Each with a token of ann's that has one scope; the one for reviews is of ada's, since ann is no reviewer."""
EVERYTHING: Final = "token"
"""A program with a token of ann's that has every scope: where tokens count for nothing, this one does not either."""
ROLES: Final = (*PEOPLE, EVERYTHING, *PROGRAMS)
ELSEWHERE: Final = "q7x browser elsewhere"
BACKEND: Final = "django.contrib.auth.backends.ModelBackend"


@dataclass
class World:
    """Ann's things. `markers` are what nobody else may read, by what they are."""

    people: dict[str, User]
    tokens: dict[str, str]
    things: dict[str, Any]
    markers: dict[str, str]
    clients: dict[str, Client] = field(default_factory=dict)
    cookies: dict[str, Any] = field(default_factory=dict)

    def client_of(self, role: str, *, enforce_csrf_checks: bool = False) -> Client:
        """The same one again, as it was after signing in, which takes longer than most answers."""
        self.clients[role].handler.enforce_csrf_checks = enforce_csrf_checks
        self.clients[role].cookies = copy.deepcopy(self.cookies[role])
        return self.clients[role]

    def client(self, role: str, **options: Any) -> Client:
        """A browser of this person's, or a program."""
        client = Client(**options)
        if role in self.tokens:
            client.defaults["HTTP_AUTHORIZATION"] = f"Token {self.tokens[role]}"
        elif role != "anonymous":
            client.force_login(self.people[role], backend=BACKEND)
        return client

    def anns(self) -> list[Any]:
        """Everything that is kept for ann: the same before and after whatever others ask for."""
        ann = self.people["ann"]
        found = (
            User.objects.filter(pk=ann.pk).values_list("email", "password", "is_active", "is_staff", "is_superuser"),
            Photo.objects.filter(owner=ann).values_list(),
            Analysis.objects.filter(owner=ann).values_list(),
            Face.objects.filter(analysis__owner=ann).values_list(),
            Correction.objects.filter(face__analysis__owner=ann).values_list(),
            Review.objects.filter(face__analysis__owner=ann).values_list(),
            Feedback.objects.filter(person=ann).values_list(),
            Batch.objects.filter(owner=ann).values_list(),
            BatchPhoto.objects.filter(batch__owner=ann).values_list(),
            BatchRejection.objects.filter(batch__owner=ann).values_list(),
            UploadKey.objects.filter(owner=ann).values_list(),
            Renewal.objects.filter(person=ann, asked_at__isnull=False).values_list("asked_at"),
            EmailAddress.objects.filter(user=ann).values_list(),
            DataExport.objects.filter(person=ann, state=State.READY).values_list(),
            Webhook.objects.filter(person=ann).values_list(),
            WebhookDelivery.objects.filter(webhook__person=ann).values_list(),
            Authenticator.objects.filter(user=ann).values_list("type", "data"),
            UserSession.objects.filter(user=ann, user_agent=ELSEWHERE).values_list("session_key"),
            SocialAccount.objects.filter(user=ann).values_list(),
            ApiToken.objects.filter(user=ann).values_list("token_key", "digest", "name", "expiry"),
        )
        return [sorted(rows, key=str) for rows in found]


def make_world() -> World:
    """The cast, and of each kind of thing one of ann's; files go where the settings say."""
    people = {name: User.objects.create_user(f"{name}.q7x@example.org", "correct horse") for name in ("ann", "ben")}
    people["ada"] = User.objects.create_user("ada.q7x@example.org", "correct horse", is_staff=True)
    people["ada"].groups.add(Group.objects.get(name=REVIEWERS))
    people["rob"] = User.objects.create_superuser("rob.q7x@example.org", "correct horse")
    for person in people.values():
        consent.decide(person, dict.fromkeys(offered(), True), via=Via.PAGE)
    ann = people["ann"]
    tokens = {f"token-{scope}": _token(people["ada" if scope == Scope.REVIEW else "ann"], scope) for scope in Scope}
    tokens[EVERYTHING] = _token(ann, *Scope)
    kept, _ = ApiToken.objects.create(user=ann, name="q7x garden program")
    photos = {status: make_photo(ann, status) for status in (Status.DONE, Status.FAILED, Status.QUEUED)}
    done, face = photos[Status.DONE], Face.objects.get(analysis__photo=photos[Status.DONE])
    correction = Correction.objects.create(face=face, author=ann, age_years=41, note="q7x note of ann's")
    address = EmailAddress.objects.create(user=ann, email=ann.email, verified=True, primary=True)
    door = _ways_in(ann)
    item = CatalogueItem.objects.filter(active=True).first() or _item()
    Feedback.objects.create(person=ann, item=item, kind=FeedbackKind.LIKED, analysis=done.newest)
    review = Review.objects.create(face=face, reviewer=people["ada"], verdict=Verdict.ACCEPTED, note="q7x by ada")
    export = DataExport(person=ann, state=State.READY, size=9, expires_at=timezone.now() + timedelta(days=7))
    export.file.save("data.zip", ContentFile(b"q7x archive"))
    receipt = ErasureReceipt.objects.create(kind=Kind.PHOTO, erased_at=timezone.now(), counts={"rows": {"photos": 1}})
    access = AccessEntry.objects.create(
        actor=people["ada"], role="reviewer", person=ann, kind=Look.PICTURE, place=Place.ADMIN, thing=done.uuid,
        photo=done.uuid, hour=timezone.now() - timedelta(hours=2),
    )  # fmt: skip
    worker = Worker.objects.create(
        host="w", pid=1, seen_at=timezone.now() + timedelta(hours=1), engine_version="newer/2", model_version="newer-2"
    )
    batch = _batch(ann, done, photos[Status.FAILED])
    webhook, delivery = _webhook(ann, done)
    things = {
        "photo": done, "batch": batch, "failed": photos[Status.FAILED], "queued": photos[Status.QUEUED], "face": face,
        "analysis": done.newest, "correction": correction, "item": item, "token": kept, "worker": worker,
        "review": review, "review of then": review.history.first(), "dead letter": photos[Status.FAILED].newest,
        "group": Group.objects.get(name=REVIEWERS), "person": ann, "address": address, "export": export,
        "receipt": receipt, "access": access, "webhook": webhook,
        "delivery": delivery, **door,
    }  # fmt: skip
    markers = {
        "name of a photo": done.name,
        "sha256 of a photo": done.sha256,
        "uuid of a photo": str(done.uuid),
        "uuid of a photo that failed": str(photos[Status.FAILED].uuid),
        "uuid of a photo that waits": str(photos[Status.QUEUED].uuid),
        "uuid of a batch": str(batch.uuid),
        "label of a batch": batch.label,
        "name of a file that was not kept": batch.rejections.get().name,
        "uuid of a face": str(face.uuid),
        "uuid of an analysis": str(things["analysis"].uuid),
        "e-mail address": ann.email,
        "uuid of the person": str(ann.uuid),
        "name of a token": kept.name,
        "key of a token": kept.token_key,
        "note": correction.note,
        "note of a review": review.note,
        "a picture": jpeg().decode("latin-1"),
        "key of a second factor": door["second factor"].data["secret"],
        "key of a session": door["session"].session_key,
        "name at the identity provider": door["link"].uid,
        "uuid of a webhook": str(webhook.uuid),
        "address of a webhook": webhook.url,
        "secret of a webhook": "cTd4LXdlYmhvb2stc2VjcmV0",
        "answer to a webhook": delivery.answer,
        "content of an archive": "q7x archive",
        "token of the identity provider": door["link token"].token,
    }
    world = World(people, tokens, things, markers)
    world.clients = {role: world.client(role) for role in ROLES}
    world.cookies = {role: copy.deepcopy(client.cookies) for role, client in world.clients.items()}
    return world


def _token(owner: User, *scopes: Scope) -> str:
    """Used just now, so that no request has to note it."""
    scoped = {"scopes": [scope.value for scope in scopes], "last_used_at": timezone.now() + timedelta(hours=1)}
    return str(ApiToken.objects.create(user=owner, name=" ".join(scopes), **scoped)[1])


def make_photo(owner: User, status: Status) -> Photo:
    """A photo of `owner` in that state, with a face when it is done."""
    data = jpeg()
    sha256 = uuid.uuid4().hex * 2
    photo = Photo(owner=owner, name=f"q7x-{status}.jpg", sha256=sha256, width=96, height=72, size=len(data))
    photo.image.save("image.jpg", ContentFile(data), save=False)
    photo.thumbnail.save("thumbnail.jpg", ContentFile(data), save=False)
    photo.save()
    ended = timezone.now() if status in {Status.DONE, Status.FAILED} else None
    why = {"failure_code": "gave_up", "failure_sentence": "It failed."} if status == Status.FAILED else {}
    versions = {"engine_version": "old/1", "model_version": "old-1"} if status == Status.DONE else {}
    job = Analysis.objects.create(photo=photo, owner=owner, status=status, finished_at=ended, **why, **versions)
    if status == Status.DONE:
        Face.objects.create(analysis=job, index=0, **face_fields())
    return photo


def _batch(owner: User, *photos: Photo) -> Batch:
    """With a file that was not kept, and the key of its upload."""
    batch = Batch.objects.create(owner=owner, label="q7x garden party")
    for photo in photos:
        BatchPhoto.objects.create(batch=batch, photo=photo, is_new=True)
    BatchRejection.objects.create(batch=batch, name="q7x-notes.txt", code="unsupported", sentence="No photo.")
    UploadKey.objects.create(owner=owner, key="q7x-key", fingerprint="0" * 64, batch=batch.uuid, status_code=202)
    return batch


def _webhook(owner: User, photo: Photo) -> tuple[Webhook, WebhookDelivery]:
    """With a message that was delivered."""
    webhook = Webhook.objects.create(
        person=owner,
        url="https://q7x-hooks.example.org/facet",
        site="https://testserver",
        events=["photo.done"],
        secret=vault.seal("whsec_cTd4LXdlYmhvb2stc2VjcmV0"),
    )
    delivery = WebhookDelivery.objects.create(
        webhook=webhook, event="photo.done", about=photo.uuid, body=f'{{"id":"{photo.uuid}"}}', attempts=1,
        state=DeliveryState.DELIVERED, ended_at=timezone.now(), status_code=200, answer="q7x thanks",
    )  # fmt: skip
    return webhook, delivery


def _ways_in(owner: User) -> dict[str, Any]:
    """A second factor, a session in another browser, and an account at an identity provider."""
    app = SocialApp.objects.create(provider="openid_connect", name="q7x", client_id="q7x")
    elsewhere = Client()
    elsewhere.force_login(owner, backend=BACKEND)
    link = SocialAccount.objects.create(user=owner, provider="openid_connect", uid="q7x-at-the-provider")
    return {
        "second factor": Authenticator.objects.create(
            user=owner, type=Authenticator.Type.TOTP, data={"secret": "q7x-second-factor"}
        ),
        "session": UserSession.objects.create(
            user=owner, session_key=elsewhere.session.session_key, ip="192.0.2.77", user_agent=ELSEWHERE
        ),
        "provider": app,
        "link": link,
        "link token": SocialToken.objects.create(account=link, app=app, token="q7x-provider-token"),
    }


def _item() -> CatalogueItem:
    return CatalogueItem.objects.create(
        slug="q-item", kind="book", title="A book", description="One.", emotions={"happiness": 1.0}, age_from=0,
        age_to=120,
    )  # fmt: skip
