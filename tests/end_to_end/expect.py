"""Comparing answers with what a table expects: objects may carry more members, lists may not carry more items."""


class Anything:
    """Matches every present value but null."""

    def __repr__(self):
        return "anything"


class AnyOrder:
    """A list with these items, in whatever order."""

    def __init__(self, *items):
        self.items = items

    def __repr__(self):
        return f"in any order {list(self.items)}"


class Mentions:
    """A value whose text holds this."""

    def __init__(self, word):
        self.word = word

    def __repr__(self):
        return f"something that mentions {self.word!r}"


class Not:
    """Anything but this."""

    def __init__(self, value):
        self.value = value

    def __repr__(self):
        return f"anything but {self.value!r}"


anything = Anything()


def difference(expected, actual, where="$"):
    """None when `actual` is as expected, else the first place where it is not."""
    if isinstance(expected, Anything):
        return None if actual is not None else f"{where}: expected a value, got null"
    if isinstance(expected, Mentions):
        return None if expected.word in str(actual) else f"{where}: expected {expected}, got {actual!r}"
    if isinstance(expected, Not):
        return f"{where}: expected {expected}" if difference(expected.value, actual, where) is None else None
    if isinstance(expected, AnyOrder):
        if not isinstance(actual, list) or len(actual) != len(expected.items):
            return f"{where}: expected {len(expected.items)} items {expected}, got {actual!r}"
        left = list(actual)
        for item in expected.items:
            found = next((n for n, other in enumerate(left) if difference(item, other) is None), None)
            if found is None:
                return f"{where}: expected an item {item!r} among {left!r}"
            left.pop(found)
        return None
    if isinstance(expected, dict):
        if not isinstance(actual, dict):
            return f"{where}: expected an object, got {actual!r}"
        for name, value in expected.items():
            if name not in actual:
                return f"{where}.{name}: missing; there are {sorted(actual)}"
            found = difference(value, actual[name], f"{where}.{name}")
            if found:
                return found
        return None
    if isinstance(expected, list):
        if not isinstance(actual, list) or len(actual) != len(expected):
            return f"{where}: expected {len(expected)} items {expected!r}, got {actual!r}"
        return next(filter(None, (difference(e, a, f"{where}[{n}]")
                                  for n, (e, a) in enumerate(zip(expected, actual)))), None)
    return None if expected == actual and isinstance(expected, bool) == isinstance(actual, bool) else (
        f"{where}: expected {expected!r}, got {actual!r}")
