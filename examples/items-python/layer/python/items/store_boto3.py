"""The table by boto3."""

import os

import boto3
from boto3.dynamodb.types import TypeDeserializer, TypeSerializer
from botocore.exceptions import BotoCoreError, ClientError

from items.store import Missing, Stale, TableFailed, Taken, cursor_of, key_of, now

_table = os.environ["TABLE_NAME"]
_client = boto3.client(
    "dynamodb", region_name=os.environ.get("AWS_REGION"),
    endpoint_url=os.environ.get("AWS_ENDPOINT_URL_DYNAMODB") or os.environ.get("AWS_ENDPOINT_URL"))
_pack = TypeSerializer().serialize
_NAMES = ("id", "name", "description", "price", "tags", "version", "created_at", "updated_at")


def _plain(attributes):
    unpack = TypeDeserializer().deserialize
    item = {name: unpack(attributes[name]) if name in attributes else None for name in _NAMES}
    item["version"] = int(item["version"])
    return item


def _ask(operation, **request):
    """The answer, or None when the condition did not hold."""
    try:
        return getattr(_client, operation)(TableName=_table, **request)
    except ClientError as problem:
        if problem.response["Error"]["Code"] == "ConditionalCheckFailedException":
            return None
        raise TableFailed(problem) from problem
    except BotoCoreError as problem:
        raise TableFailed(problem) from problem


def create(item):
    moment = now()
    made = {**item, "version": 1, "created_at": moment, "updated_at": moment}
    attributes = {name: _pack(value) for name, value in made.items() if value is not None}
    if _ask("put_item", Item=attributes, ConditionExpression="attribute_not_exists(id)") is None:
        raise Taken(item["id"])
    return made


def get(item_id):
    found = _ask("get_item", Key={"id": {"S": item_id}}).get("Item")
    return _plain(found) if found else None


def page(limit, cursor):
    start = {"ExclusiveStartKey": key_of(cursor)} if cursor else {}
    found = _ask("scan", Limit=limit, **start)
    return [_plain(item) for item in found["Items"]], cursor_of(found.get("LastEvaluatedKey"))


def replace(item_id, content, version):
    names, values, sets, removes = {"#version": "version"}, {":one": {"N": "1"}, ":read": {"N": str(version)}}, [], []
    for at, (name, value) in enumerate({**content, "updated_at": now()}.items()):
        names[f"#{at}"] = name
        if value is None:
            removes.append(f"#{at}")
        else:
            values[f":{at}"] = _pack(value)
            sets.append(f"#{at} = :{at}")
    expression = "SET " + ", ".join(sets) + (" REMOVE " + ", ".join(removes) if removes else "")
    done = _ask("update_item", Key={"id": {"S": item_id}}, UpdateExpression=expression + " ADD #version :one",
                ConditionExpression="#version = :read", ExpressionAttributeNames=names,
                ExpressionAttributeValues=values, ReturnValues="ALL_NEW")
    if done is None:
        present = get(item_id)
        if present is None:
            raise Missing(item_id)
        raise Stale(present["version"])
    return _plain(done["Attributes"])


def delete(item_id):
    if _ask("delete_item", Key={"id": {"S": item_id}}, ConditionExpression="attribute_exists(id)") is None:
        raise Missing(item_id)
