#!/usr/bin/python3
"""A function that prints the lines of its event, then answers how many; {"exit": CODE} ends it instead."""

import json
import os
import sys
import urllib.request

API = f"http://{os.environ['AWS_LAMBDA_RUNTIME_API']}/2018-06-01/runtime/invocation"

while True:
    with urllib.request.urlopen(f"{API}/next") as answer:
        request_id = answer.headers["Lambda-Runtime-Aws-Request-Id"]
        event = json.load(answer)
    for line in event.get("lines", []):
        print(line, flush=True)
    if "exit" in event:
        sys.exit(event["exit"])
    variables = {name: os.environ.get(name) for name in ("AWS_LAMBDA_LOG_FORMAT", "AWS_LAMBDA_LOG_LEVEL")}
    urllib.request.urlopen(f"{API}/{request_id}/response", data=json.dumps(variables).encode()).close()
