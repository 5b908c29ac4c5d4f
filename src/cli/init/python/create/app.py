"""POST /items"""

import uuid

from store import answer, body_of, endpoint, table


@endpoint
def handler(event):
    item = {**body_of(event), "id": str(uuid.uuid4())}
    table.put_item(Item=item)
    return answer(201, item)
