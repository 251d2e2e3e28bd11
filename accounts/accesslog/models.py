"""One line for each look at what is another's."""

from django.conf import settings
from django.db import models
from django.utils import timezone


class Kind(models.TextChoices):
    """What was seen or done; the label follows who it was, as in "A reviewer looked at the picture".

    No page hands out the archive of another person: one that will has a word for it here.
    """

    LISTED = "listed", "saw it in a list"
    PICTURE = "picture", "looked at the picture"
    FACE = "face", "looked at a face cut out of it"
    RESULT = "result", "looked at the results"
    CORRECTION = "correction", "read a correction"
    REVIEW = "review", "judged a face"
    ACCOUNT = "account", "looked into the account"
    RESCUED = "rescued", "ended password, second factors and sessions, for a new password"
    WORK = "work", "had it read again or stopped"
    DELETED = "deleted", "deleted something"
    EXPORT = "export", "fetched an archive"


class Place(models.TextChoices):
    """From where."""

    ADMIN = "admin", "in the admin"
    API = "api", "with a program"
    COMMAND = "command", "on the server"


class AccessEntry(models.Model):
    """Somebody of the staff saw or did something about another person's data; one line an hour for the same.

    `thing` is the uuid of what it was: a photo, an analysis, a face, or the account. `photo` is the photo that it
    belongs to, which may be gone by now. A list of several photos is one line: `photos` says which, `photo` none, and
    `thing` is made from them. Nobody changes a line; the chore "access log" removes old ones.

    Personal data: who looked and whose it was. Erased with whose it was; of who looked and leaves, the role stays.
    """

    actor = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        null=True,
        on_delete=models.SET_NULL,
        related_name="accesses",
        db_index=False,  # the constraint begins with it, and the first index with whose it was
        help_text="Who looked.",
    )
    role = models.CharField(max_length=13, help_text="Of who looked, at that time: a word of `accounts.roles.Role`.")
    person = models.ForeignKey(
        settings.AUTH_USER_MODEL,
        on_delete=models.CASCADE,
        related_name="looks",
        db_index=False,
        help_text="Whose it was.",
    )
    kind = models.CharField(max_length=10, choices=Kind)
    place = models.CharField(max_length=7, choices=Place)
    thing = models.UUIDField()
    photo = models.UUIDField(null=True)
    photos = models.JSONField(default=list, db_default=[], help_text="Those of a list, as uuids.")
    at = models.DateTimeField("when", default=timezone.now, help_text="The first time within the hour.")
    hour = models.DateTimeField(help_text="The beginning of the hour, by which looks are taken together.")

    class Meta:
        verbose_name = "look at another's data"
        verbose_name_plural = "looks at others' data"
        ordering = ("-at", "-id")
        default_permissions = ("view",)
        indexes = (
            models.Index(fields=("person", "-at", "-id"), name="access_of_person"),
            models.Index(fields=("at", "id"), name="access_age"),
        )
        constraints = (
            models.UniqueConstraint(fields=("actor", "thing", "kind", "place", "hour"), name="access_once_an_hour"),
        )

    def __str__(self) -> str:
        return f"look {self.pk}"
