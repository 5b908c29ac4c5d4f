#!/usr/bin/python3
"""A runtime for the tests of integrations: the last segment of a request's path says what it answers."""

import http.client
import json
import os
import time

ROOT = "/2018-06-01/runtime/invocation/"


def answer(event):
    version = event["version"]
    kind = (event["rawPath"] if version == "2.0" else event["path"]).rsplit("/", 1)[-1]
    if kind == "binary":
        return {"statusCode": 200, "headers": {"content-type": "image/png"}, "body": "AP8=", "isBase64Encoded": True}
    if kind == "multi":
        return {"statusCode": 200, "multiValueHeaders": {"Set-Cookie": ["a=1", "b=2"], "X-One": ["1"]}, "body": "multi"}
    if kind == "bare":
        return {"bare": True}
    if kind == "empty":
        return {"statusCode": 204}
    if kind == "malformed":
        return {"statusCode": "many"}
    if kind == "slow":
        time.sleep(3)
    return {"statusCode": 200, "headers": {"content-type": "application/json"}, "body": json.dumps(event)}


connection = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
while True:
    connection.request("GET", ROOT + "next")
    received = connection.getresponse()
    request_id = received.headers["Lambda-Runtime-Aws-Request-Id"]
    event = json.load(received)
    if (event.get("rawPath") or event["path"]).endswith("/fail"):
        connection.request("POST", f"{ROOT}{request_id}/error", json.dumps({"errorMessage": "no", "errorType": "No"}))
    else:
        connection.request("POST", f"{ROOT}{request_id}/response", json.dumps(answer(event)))
    connection.getresponse().read()
