"""GET /items?limit=20&cursor=... is one page of all items, in no particular order."""

from items import http, rules, store

table = store.connect()


@http.endpoint
def handler(event):
    query = event.get("queryStringParameters") or {}
    limit = query.get("limit", "20")
    if not (limit.isascii() and limit.isdigit() and 1 <= int(limit) <= 100):
        raise rules.Invalid("limit: must be 1 to 100")
    try:
        items, cursor = table.page(int(limit), query.get("cursor"))
    except store.BadCursor as bad:
        raise rules.Invalid("cursor: must be one that a page of items ended with") from bad
    return http.answer(200, {"items": [http.without_nothing(item) for item in items], "cursor": cursor})
