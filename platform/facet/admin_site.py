"""The admin's first page: what there is to do, in groups by who does it, and not by the library it comes from."""

from typing import Any, Final

from django.contrib.admin import AdminSite
from django.http import HttpRequest

GROUPS: Final[dict[str, dict[str, tuple[str, str]]]] = {
    "Review": {
        "analysis.Face": ("Faces", "look at what was estimated, and say whether it is right"),
        "analysis.Review": ("Reviews", "what was decided so far, by whom, and how it changed"),
        "analysis.Analysis": ("Analyses", "each reading of a photo: what waits, what failed and why"),
    },
    "Keep it running": {
        "analysis.Worker": ("System at a glance", "what waits, who reads, what failed, how much room is left"),
        "analysis.DeadLetter": ("Given up", "photos that failed every attempt and wait for you"),
        "suggestions.CatalogueItem": ("Catalogue", "what can be suggested, and how people liked it"),
    },
    "People": {
        "accounts.User": ("People", "accounts and roles; delete somebody who asks for it"),
        "accounts.AccessEntry": ("Who looked at whose data", "every look of the staff at what is not theirs"),
    },
    "How people sign in": {
        "account.EmailAddress": ("E-mail addresses", "which are confirmed"),
        "mfa.Authenticator": ("Second factors", "authenticator apps, passkeys and recovery codes"),
        "usersessions.UserSession": ("Sessions", "which browsers are signed in"),
        "socialaccount.SocialAccount": ("Single sign-on: accounts", "who signs in through your identity provider"),
        "socialaccount.SocialToken": ("Single sign-on: tokens", "none are kept as Facet is set up"),
        "socialaccount.SocialApp": ("Single sign-on: providers", "empty: yours is set in the environment"),
        "auth.Group": ("Groups", "sets of rights; roles need none but that of the reviewers"),
    },
}
"""By group the models with their name there, and what one does with them."""

REST: Final = "More"


class FacetSite(AdminSite):
    """Without the bar of all tables beside every page, which left pictures and filters too little room."""

    site_title = "Facet"
    site_header = "Facet review"
    index_title = "Review and administration"
    enable_nav_sidebar = False

    def get_app_list(self, request: HttpRequest, app_label: str | None = None) -> list[dict[str, Any]]:
        """Django's list for one app; for the first page the groups of which who asks may see something."""
        apps: list[dict[str, Any]] = super().get_app_list(request, app_label)
        if app_label is not None:
            return apps
        models = {one["model"]._meta.label: one for app in apps for one in app["models"]}
        groups = [
            (name, [models.pop(label) | {"name": said, "words": words} for label, (said, words) in group.items()
                    if label in models])
            for name, group in GROUPS.items()
        ]  # fmt: skip
        groups.append((REST, list(models.values())))
        return [{"name": name, "app_label": "", "app_url": "", "models": found} for name, found in groups if found]
