"""Only the fields that were asked for: `?fields=id,name,analysis.faces.age`."""

from typing import Any, Final, TypeAlias

from drf_spectacular.utils import OpenApiExample, OpenApiParameter
from rest_framework import serializers
from rest_framework.exceptions import ValidationError
from rest_framework.request import Request

PARAMETER: Final = "fields"

Tree: TypeAlias = dict[str, Any]
"""Names that were asked for, each with those below it; None: with all of it."""

FIELDS: Final = OpenApiParameter(
    PARAMETER,
    str,
    description=(
        "Answer with these fields only: names with commas between, dots for what is below, as in "
        "`id,name,analysis.status,analysis.faces.age`. A name that is not known is refused, with those that are. What "
        "surrounds a list stays."
    ),
    examples=[OpenApiExample("the smallest", value="id"), OpenApiExample("all of one thing", value="id,created_at")],
)


class Selection:
    """What an answer is to hold."""

    def __init__(self, tree: Tree | None = None) -> None:
        """None: everything."""
        self._tree = tree

    @classmethod
    def asked(cls, request: Request, serializer: type[serializers.Serializer[Any]]) -> "Selection":
        """By the query parameter. Raises ValidationError for names that `serializer` does not have."""
        written = request.query_params.get(PARAMETER)
        if written is None:
            return cls()
        tree: Tree = {}
        whole = serializer()
        for path in written.split(","):
            _add(tree, path.strip().split("."), whole, [])
        return cls(tree)

    def wants(self, path: str) -> bool:
        """Whether something of it, as "analysis.faces", is to be answered."""
        tree = self._tree
        for name in path.split("."):
            if tree is None:
                return True
            if name not in tree:
                return False
            tree = tree[name]
        return True

    def wants_any(self, *paths: str) -> bool:
        """Of several."""
        return any(map(self.wants, paths))

    def cut(self, serializer: Any) -> Any:
        """The serializer, which answers nothing else from now on."""
        _cut(_fields_of(serializer), self._tree)
        return serializer


def _fields_of(field: Any) -> Any:
    """Of a serializer or a list of them; None of a plain field."""
    return getattr(getattr(field, "child", field), "fields", None)


def _add(tree: Tree, names: list[str], parent: Any, way: list[str]) -> None:
    """Note the first of `names` in `tree`, and the others below it."""
    known = _fields_of(parent)
    name, *rest = names
    if known is None or name not in known:
        raise ValidationError({PARAMETER: _unknown(name, way, known)})
    if not rest:
        tree[name] = None
        return
    below = tree.setdefault(name, {})
    _add({} if below is None else below, rest, known[name], [*way, name])


def _unknown(name: str, way: list[str], known: Any) -> str:
    here = f" in {'.'.join(way)}" if way else ""
    if known is None:
        return f"There is nothing below {'.'.join(way)}. Ask for all of it."
    return f"There is no field {name[:40]!r}{here}. Known{' there' if way else ''} are {', '.join(known)}."


def _cut(fields: Any, tree: Tree | None) -> None:
    if tree is None or fields is None:
        return
    for name in list(fields):
        if name in tree:
            _cut(_fields_of(fields[name]), tree[name])
        else:
            del fields[name]
