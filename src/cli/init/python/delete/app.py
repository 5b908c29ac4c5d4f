"""DELETE /items/{id}"""

from store import ConditionFailed, answer, endpoint, table


@endpoint
def handler(event):
    item_id = event["pathParameters"]["id"]
    try:
        table.delete_item(Key={"id": item_id}, ConditionExpression="attribute_exists(id)")
    except ConditionFailed:
        return answer(404, {"message": f"there is no item {item_id}"})
    return answer(204)
