"""What the functions share: the table, and answers of the API. A layer, so that it is deployed once."""

import decimal
import json
import os

import boto3

table = boto3.resource("dynamodb").Table(os.environ["TABLE_NAME"])
ConditionFailed = table.meta.client.exceptions.ConditionalCheckFailedException


class BadRequest(Exception):
    """What is wrong with what the client sent."""


def body_of(event):
    """The item that the client sent: a name, and anything else but an id."""
    try:
        body = json.loads(event.get("body") or "", parse_float=decimal.Decimal)
    except ValueError as error:
        raise BadRequest(f"the body is no JSON: {error}") from error
    if not isinstance(body, dict) or not isinstance(body.get("name"), str) or not body["name"]:
        raise BadRequest("name: must be a text")
    return {name: value for name, value in body.items() if name != "id"}


def answer(status, value=None):
    """The answer of an HTTP API."""
    if value is None:
        return {"statusCode": status}
    return {"statusCode": status, "headers": {"content-type": "application/json"},
            "body": json.dumps(value, default=_number)}


def _number(value):
    if isinstance(value, decimal.Decimal):
        return int(value) if value == value.to_integral_value() else float(value)
    raise TypeError(f"no JSON for {type(value).__name__}")


def endpoint(function):
    """Makes a handler of a function that may raise BadRequest."""
    def handler(event, _context):
        try:
            return function(event)
        except BadRequest as error:
            return answer(400, {"message": str(error)})
    return handler
