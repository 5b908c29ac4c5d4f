"""PUT /items/{id} replaces what an item says."""

from store import ConditionFailed, answer, body_of, endpoint, table


@endpoint
def handler(event):
    item = {**body_of(event), "id": event["pathParameters"]["id"]}
    try:
        table.put_item(Item=item, ConditionExpression="attribute_exists(id)")
    except ConditionFailed:
        return answer(404, {"message": f"there is no item {item['id']}"})
    return answer(200, item)
