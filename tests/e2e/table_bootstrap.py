#!/usr/bin/python3
"""A function that calls DynamoDB as its role: {"target": OPERATION, "members": {...}}; answers what it got."""

import json
import os
import urllib.request

import sigv4

API = f"http://{os.environ['AWS_LAMBDA_RUNTIME_API']}/2018-06-01/runtime/invocation"


def main():
    while True:
        with urllib.request.urlopen(f"{API}/next") as answer:
            request_id, event = answer.headers["Lambda-Runtime-Aws-Request-Id"], json.load(answer)
        status, headers, text = sigv4.call_json(
            os.environ["AWS_ENDPOINT_URL"], "dynamodb", "DynamoDB_20120810." + event["target"], event["members"],
            sigv4.environment_keys())
        result = {"status": status, "request_id": headers["x-amzn-requestid"], "body": json.loads(text)}
        urllib.request.urlopen(f"{API}/{request_id}/response", json.dumps(result).encode()).read()


main()
