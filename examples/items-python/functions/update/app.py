"""PUT /items/{id} replaces what an item says, if nobody has since the client read it."""

from items import http, rules, store

table = store.connect()


@http.endpoint
def handler(event):
    given = http.body_of(event)
    content = rules.content(given, also="version")
    version = rules.version(given)
    item_id = http.item_id(event)
    if not rules.is_id(item_id):
        raise http.no_such_item(item_id)
    try:
        return http.answer(200, table.replace(item_id, content, version))
    except store.Missing as missing:
        raise http.no_such_item(item_id) from missing
    except store.Stale as stale:
        raise http.Refused(409, f"version: the item is at version {stale.present} by now") from stale
