"""GET /items/{id} is one item."""

from items import http, rules, store

table = store.connect()


@http.endpoint
def handler(event):
    item_id = http.item_id(event)
    item = table.get(item_id) if rules.is_id(item_id) else None
    if item is None:
        raise http.no_such_item(item_id)
    return http.answer(200, item)
