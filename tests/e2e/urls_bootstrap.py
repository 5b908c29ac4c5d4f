#!/usr/bin/python3
"""A runtime for the tests of function URLs: the path of a request says what it answers."""

import http.client
import json
import os

ROOT = "/2018-06-01/runtime/invocation/"
INTEGRATION = "application/vnd.awslambda.http-integration-response"


def answer(event):
    path = event["rawPath"]
    if path == "/teapot":
        return {"statusCode": 418, "headers": {"X-Pot": "tea"}, "cookies": ["a=1; Secure", "b=2"],
                "body": "AP8=", "isBase64Encoded": True}
    if path == "/bare":
        return {"hello": "world"}
    if path == "/malformed":
        return {"statusCode": "many"}
    return {"statusCode": 200, "headers": {"content-type": "application/json"}, "body": json.dumps(event)}


def stream(connection, path):
    connection.putrequest("POST", path)
    for name, value in {"Lambda-Runtime-Function-Response-Mode": "streaming", "Transfer-Encoding": "chunked",
                        "Content-Type": INTEGRATION}.items():
        connection.putheader(name, value)
    connection.endheaders()
    prelude = json.dumps({"statusCode": 202, "headers": {"content-type": "text/plain"}, "cookies": ["s=1"]}).encode()
    for piece in (prelude, b"\0" * 8, b"first ", b"second"):
        connection.send(b"%x\r\n%s\r\n" % (len(piece), piece))
    connection.send(b"0\r\n\r\n")
    connection.getresponse().read()


connection = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
while True:
    connection.request("GET", ROOT + "next")
    received = connection.getresponse()
    request_id = received.headers["Lambda-Runtime-Aws-Request-Id"]
    event = json.load(received)
    if event["rawPath"] == "/stream":
        stream(connection, f"{ROOT}{request_id}/response")
        continue
    if event["rawPath"] == "/fail":
        connection.request("POST", f"{ROOT}{request_id}/error", json.dumps({"errorMessage": "no", "errorType": "No"}))
    else:
        connection.request("POST", f"{ROOT}{request_id}/response", json.dumps(answer(event)))
    connection.getresponse().read()
