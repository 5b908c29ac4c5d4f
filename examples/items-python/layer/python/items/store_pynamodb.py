"""The table by PynamoDB."""

import os
from decimal import Decimal

from pynamodb.attributes import Attribute, UnicodeAttribute, UnicodeSetAttribute, VersionAttribute
from pynamodb.constants import NUMBER
from pynamodb.exceptions import PynamoDBException
from pynamodb.models import Model

from items.store import Missing, Stale, TableFailed, Taken, cursor_of, key_of, now


class DecimalAttribute(Attribute[Decimal]):
    """An exact number; NumberAttribute reads floats."""

    attr_type = NUMBER

    def serialize(self, value):
        return str(value)

    def deserialize(self, value):
        return Decimal(value)


class Item(Model):
    class Meta:
        table_name = os.environ["TABLE_NAME"]
        region = os.environ.get("AWS_REGION")
        host = os.environ.get("AWS_ENDPOINT_URL_DYNAMODB") or os.environ.get("AWS_ENDPOINT_URL")

    id = UnicodeAttribute(hash_key=True)
    name = UnicodeAttribute()
    description = UnicodeAttribute(null=True)
    price = DecimalAttribute(null=True)
    tags = UnicodeSetAttribute(null=True)
    version = VersionAttribute()
    created_at = UnicodeAttribute()
    updated_at = UnicodeAttribute()

    def plain(self):
        return {name: getattr(self, name) for name in ("id", "name", "description", "price", "tags", "version",
                                                       "created_at", "updated_at")}


def _asked(call):
    try:
        return call()
    except PynamoDBException as problem:
        if problem.cause_response_code == "ConditionalCheckFailedException":
            raise
        raise TableFailed(problem) from problem


def create(item):
    moment = now()
    made = Item(**{name: value for name, value in item.items() if value is not None},
                created_at=moment, updated_at=moment)
    try:
        _asked(lambda: made.save(condition=Item.id.does_not_exist()))
    except PynamoDBException as problem:
        raise Taken(made.id) from problem
    return made.plain()


def get(item_id):
    try:
        return _asked(lambda: Item.get(item_id)).plain()
    except Item.DoesNotExist:
        return None


def page(limit, cursor):
    found = Item.scan(limit=limit, page_size=limit, last_evaluated_key=key_of(cursor))
    items = _asked(lambda: [item.plain() for item in found])
    return items, cursor_of(found.last_evaluated_key)


def replace(item_id, content, version):
    item = Item(item_id, version=version)
    actions = [Item.updated_at.set(now())]
    for name, value in content.items():
        attribute = getattr(Item, name)
        actions.append(attribute.remove() if value is None else attribute.set(value))
    try:
        # The version's condition and its count are the attribute's own.
        _asked(lambda: item.update(actions=actions, condition=Item.id.exists()))
    except PynamoDBException as problem:
        present = get(item_id)
        if present is None:
            raise Missing(item_id) from problem
        raise Stale(present["version"]) from problem
    return item.plain()


def delete(item_id):
    try:
        _asked(lambda: Item(item_id).delete(condition=Item.id.exists(), add_version_condition=False))
    except PynamoDBException as problem:
        raise Missing(item_id) from problem
