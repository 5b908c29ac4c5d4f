"""Requests and answers of an HTTP API (payload format 2.0), and the frame around every endpoint."""

import base64
import json
import logging
import re
from decimal import Decimal, InvalidOperation

from items.rules import Invalid
from items.store import TableFailed

log = logging.getLogger("items")


class Refused(Exception):
    def __init__(self, status, message):
        super().__init__(message)
        self.status = status


def body_of(event):
    """The request's body as JSON, its numbers as exact as they came."""
    text = event.get("body") or ""
    if event.get("isBase64Encoded"):
        text = base64.b64decode(text)
    if not text:
        raise Invalid("the body is missing")
    try:
        return json.loads(text, parse_float=Decimal, parse_int=Decimal)
    except (ValueError, InvalidOperation) as problem:
        raise Invalid(f"is not JSON: {problem}") from problem


def item_id(event):
    return (event.get("pathParameters") or {}).get("id", "")


def _plain(value):
    if isinstance(value, set):
        return sorted(value)
    return f"\0{value}\0"  # a number: written as its digits, below


def answer(status, value=None, headers=None):
    if value is None:
        return {"statusCode": status, "headers": headers or {}}
    if isinstance(value, dict):
        value = {name: each for name, each in value.items() if each is not None}
    text = json.dumps(value, default=_plain, ensure_ascii=False)
    text = re.sub(r'"\\u0000([0-9.E+-]+)\\u0000"', r"\1", text)
    return {"statusCode": status, "body": text,
            "headers": {"content-type": "application/json", **(headers or {})}}


def without_nothing(item):
    return {name: value for name, value in item.items() if value is not None}


def no_such_item(wanted):
    return Refused(404, f"there is no item {wanted}")


def endpoint(function):
    """Turns what an endpoint raises into answers; the log says why the table failed."""
    def handler(event, _context):
        try:
            return function(event)
        except Invalid as problem:
            return answer(400, {"message": str(problem)})
        except Refused as refusal:
            return answer(refusal.status, {"message": str(refusal)})
        except TableFailed as problem:
            log.error("the table failed: %s", problem)
            return answer(503, {"message": "the table cannot be reached; try again"})
    return handler
