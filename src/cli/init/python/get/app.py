"""GET /items/{id}"""

from store import answer, endpoint, table


@endpoint
def handler(event):
    item_id = event["pathParameters"]["id"]
    item = table.get_item(Key={"id": item_id}, ConsistentRead=True).get("Item")
    return answer(200, item) if item else answer(404, {"message": f"there is no item {item_id}"})
