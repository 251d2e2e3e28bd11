"""For the admin's first page: what waits for an administrator."""

from django import template

from analysis import metrics

register = template.Library()


@register.simple_tag
def given_up() -> int:
    """How many analyses failed every attempt."""
    return metrics.given_up()
