"""The table, by PynamoDB where the layer has it, and by boto3 where it has that alone.

Both make the same requests for the same calls; which one it is, the layer decides:
`create(item)`, `get(id)`, `page(limit, cursor)`, `replace(id, content, version)`, `delete(id)`. Items
are dicts; numbers in them Decimals.
"""

import base64
import binascii
import datetime
import json


class TableFailed(Exception):
    """The table could not be asked."""


class Taken(Exception):
    """There is an item with that id."""


class Missing(Exception):
    """There is no item with that id."""


class Stale(Exception):
    """The item is at another version by now: `present`."""

    def __init__(self, present):
        super().__init__(present)
        self.present = present


class BadCursor(Exception):
    """A cursor that no page ended with."""


def now():
    return datetime.datetime.now(datetime.timezone.utc).strftime("%Y-%m-%dT%H:%M:%S.%fZ")


def cursor_of(key):
    """A page's last key, as it may stand in a URL; None on the last page."""
    if not key:
        return None
    return base64.urlsafe_b64encode(json.dumps(key["id"]["S"]).encode()).decode().rstrip("=")


def key_of(cursor):
    if not cursor:
        return None
    try:
        found = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
    except (ValueError, binascii.Error) as problem:
        raise BadCursor(cursor) from problem
    if not isinstance(found, str) or not found:
        raise BadCursor(cursor)
    return {"id": {"S": found}}


def connect():
    """The store that this layer can have."""
    try:
        from items import store_pynamodb as chosen
    except ModuleNotFoundError as missing:
        if missing.name != "pynamodb":
            raise
        from items import store_boto3 as chosen
    return chosen
