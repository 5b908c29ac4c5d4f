"""GET /items?after=ID: a page of all items, in no particular order."""

from store import answer, endpoint, table

PAGE = 50


@endpoint
def handler(event):
    after = (event.get("queryStringParameters") or {}).get("after")
    start = {"ExclusiveStartKey": {"id": after}} if after else {}
    page = table.scan(Limit=PAGE, **start)
    last = page.get("LastEvaluatedKey")
    return answer(200, {"items": page["Items"], **({"after": last["id"]} if last else {})})
