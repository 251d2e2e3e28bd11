"""What people call the browser that a session is of."""

from typing import Final

# The first that is found counts: most browsers also claim to be those below them.
BROWSERS: Final = {
    "Edg": "Edge", "OPR/": "Opera", "SamsungBrowser": "Samsung Internet", "Firefox": "Firefox", "FxiOS": "Firefox",
    "CriOS": "Chrome", "Chrome": "Chrome", "Safari": "Safari",
}  # fmt: skip
SYSTEMS: Final = {
    "iPhone": "an iPhone", "iPad": "an iPad", "Android": "Android", "Windows": "Windows", "CrOS": "ChromeOS",
    "Macintosh": "a Mac", "Linux": "Linux",
}  # fmt: skip


def browser_name(user_agent: str) -> str:
    """A few words, such as "Firefox on Linux"; what is not known is shown as it came, cut short."""
    browser = next((name for mark, name in BROWSERS.items() if mark in user_agent), "")
    system = next((name for mark, name in SYSTEMS.items() if mark in user_agent), "")
    if browser and system:
        return f"{browser} on {system}"
    return user_agent[:60] or "Another program"
