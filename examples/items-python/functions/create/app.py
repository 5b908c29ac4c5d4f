"""POST /items stores a new item, under the client's id or one of our making."""

import uuid

from items import http, rules, store

table = store.connect()


@http.endpoint
def handler(event):
    given = http.body_of(event)
    content = rules.content(given, also="id")
    item_id = given.get("id") or str(uuid.uuid4())
    if not rules.is_id(item_id):
        raise rules.Invalid("id: must be 1 to 100 of A-Z a-z 0-9 - _")
    try:
        item = table.create({"id": item_id, **content})
    except store.Taken as taken:
        raise http.Refused(409, f"there is an item {item_id} already") from taken
    return http.answer(201, item, {"location": f"/items/{item_id}"})
