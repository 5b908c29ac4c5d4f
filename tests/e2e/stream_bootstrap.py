#!/usr/bin/python3
"""A function on a table's stream: counts each record it is given in the table "seen". Items with a "poison"
attribute make it fail, before anything is counted."""

import json
import os
import urllib.request

import sigv4

API = f"http://{os.environ['AWS_LAMBDA_RUNTIME_API']}/2018-06-01/runtime/invocation"


def count(record):
    status, _, text = sigv4.call_json(
        os.environ["AWS_ENDPOINT_URL"], "dynamodb", "DynamoDB_20120810.UpdateItem",
        {"TableName": "seen", "Key": {"id": record["dynamodb"]["Keys"]["id"]},
         "UpdateExpression": "SET #r = :r ADD #n :one",
         "ExpressionAttributeNames": {"#n": "times", "#r": "record"},
         "ExpressionAttributeValues": {":one": {"N": "1"}, ":r": {"S": json.dumps(record)}}},
        sigv4.environment_keys())
    if status != 200:
        raise RuntimeError(text)


def main():
    while True:
        with urllib.request.urlopen(f"{API}/next") as answer:
            request_id, event = answer.headers["Lambda-Runtime-Aws-Request-Id"], json.load(answer)
        path, body = "response", None
        try:
            if any("poison" in record["dynamodb"].get("NewImage", {}) for record in event["Records"]):
                raise RuntimeError("poison")
            for record in event["Records"]:
                count(record)
        except RuntimeError as error:
            path, body = "error", {"errorType": "Failed", "errorMessage": str(error)}
        urllib.request.urlopen(f"{API}/{request_id}/{path}", json.dumps(body).encode()).read()


main()
