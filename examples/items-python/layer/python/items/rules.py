"""What an item may say; the messages are those of examples/items."""

import re
from decimal import Decimal

ID = re.compile(r"[A-Za-z0-9_-]{1,100}")
PRICE = re.compile(r"[0-9.]{1,20}")


class Invalid(Exception):
    """What is wrong with a request, naming the member."""


def _text(given, name, least, most, message):
    value = given.get(name)
    if value is None and not least:
        return None
    if not isinstance(value, str):
        raise Invalid(f"{name}: is required" if value is None else f"{name}: must be a string")
    if not least <= len(value.encode()) <= most:
        raise Invalid(f"{name}: must be {message} bytes long")
    return value


def _price(given):
    value = given.get("price")
    if value is None:
        return None
    if not isinstance(value, Decimal):
        raise Invalid("price: must be a number")
    if not PRICE.fullmatch(str(value)):
        raise Invalid("price: must be a number from 0, at most 20 digits long and without exponent")
    return value


def _tags(given):
    tags = given.get("tags")
    if tags is None:
        return None
    if not isinstance(tags, list) or not all(isinstance(tag, str) for tag in tags):
        raise Invalid("tags: must be an array of strings")
    if len(tags) > 20:
        raise Invalid("tags: must be at most 20")
    for at, tag in enumerate(tags):
        if tag in tags[:at]:
            raise Invalid(f"tags[{at}]: is in the set already")
        if not 1 <= len(tag.encode()) <= 50:
            raise Invalid("tags: each must be 1 to 50 bytes long")
    return set(tags) or None


def content(given, also):
    """The members that a client gives; `also` names what the endpoint takes besides."""
    if not isinstance(given, dict):
        raise Invalid("must be an object")
    for name in given:
        if name not in ("name", "description", "price", "tags", also):
            raise Invalid(f"{name}: is not expected")
    return {
        "name": _text(given, "name", 1, 200, "1 to 200"),
        "description": _text(given, "description", 0, 2000, "at most 2000"),
        "price": _price(given),
        "tags": _tags(given),
    }


def is_id(text):
    return isinstance(text, str) and ID.fullmatch(text) is not None


def version(given):
    value = given.get("version")
    if not isinstance(value, Decimal) or value != int(value):
        raise Invalid("version: is required" if value is None else "version: must be a whole number")
    return int(value)
