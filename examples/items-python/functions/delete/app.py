"""DELETE /items/{id} removes an item."""

from items import http, rules, store

table = store.connect()


@http.endpoint
def handler(event):
    item_id = http.item_id(event)
    try:
        if not rules.is_id(item_id):
            raise store.Missing(item_id)
        table.delete(item_id)
    except store.Missing as missing:
        raise http.no_such_item(item_id) from missing
    return http.answer(204)
