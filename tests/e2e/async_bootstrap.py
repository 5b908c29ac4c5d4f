#!/usr/bin/python3
"""A function that is invoked asynchronously. It notes each event in the table of its environment's TABLE, once
more each time: under the event's "id", or the request id of the invocation record or dead letter that it is.
{"fail": true} fails, {"sleep": SECONDS} takes its time first."""

import json
import os
import time
import urllib.request

import sigv4

API = f"http://{os.environ['AWS_LAMBDA_RUNTIME_API']}/2018-06-01/runtime/invocation"


def name_of(event):
    if "id" in event:
        return event["id"]
    if "requestContext" in event:
        return "record " + event["requestPayload"]["id"]
    return "letter " + json.loads(event["Records"][0]["body"])["id"]


def note(event):
    members = {"TableName": os.environ["TABLE"], "Key": {"pk": {"S": name_of(event)}},
               "UpdateExpression": "ADD seen :one SET event = :event",
               "ExpressionAttributeValues": {":one": {"N": "1"}, ":event": {"S": json.dumps(event)}}}
    status, _, text = sigv4.call_json(os.environ["AWS_ENDPOINT_URL"], "dynamodb", "DynamoDB_20120810.UpdateItem",
                                      members, sigv4.environment_keys())
    assert status == 200, text


def main():
    while True:
        with urllib.request.urlopen(f"{API}/next") as answer:
            request_id, event = answer.headers["Lambda-Runtime-Aws-Request-Id"], json.load(answer)
        time.sleep(event.get("sleep", 0))
        note(event)
        if event.get("fail"):
            body = {"errorMessage": "told to fail", "errorType": "Told"}
            urllib.request.urlopen(f"{API}/{request_id}/error", json.dumps(body).encode()).read()
        else:
            urllib.request.urlopen(f"{API}/{request_id}/response", b'"noted"').read()


main()
