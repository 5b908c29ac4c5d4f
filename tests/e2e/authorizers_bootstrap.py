#!/usr/bin/python3
"""A runtime for the tests of authorizers. Asked as an authorizer it lets those in whose x-key begins with "yes", in the
form that MODE says, and counts how often it was asked; asked for anything else it answers with the event."""

import http.client
import json
import os

ROOT = "/2018-06-01/runtime/invocation/"
MODE = os.environ.get("MODE", "")
asked = 0


def decide(event):
    is_allowed = event["headers"].get("x-key", "").startswith("yes")
    context = {"asked": asked, "key": str(event["identitySource"])}
    if MODE == "simple":
        return {"isAuthorized": is_allowed, "context": {**context, "nested": {"list": [1]}}}
    if MODE == "malformed":
        return {"isAuthorized": "perhaps"}
    statement = {"Effect": "Allow" if is_allowed else "Deny", "Action": "execute-api:Invoke",
                 "Resource": event.get("routeArn") or event["methodArn"]}
    return {"principalId": "ann", "context": context,
            "policyDocument": {"Version": "2012-10-17", "Statement": [statement]}}


connection = http.client.HTTPConnection(os.environ["AWS_LAMBDA_RUNTIME_API"])
while True:
    connection.request("GET", ROOT + "next")
    received = connection.getresponse()
    request_id = received.headers["Lambda-Runtime-Aws-Request-Id"]
    event = json.load(received)
    if event.get("type") == "REQUEST":
        asked += 1
        answer = decide(event)
    else:
        answer = {"statusCode": 200, "headers": {"content-type": "application/json"}, "body": json.dumps(event)}
    connection.request("POST", f"{ROOT}{request_id}/response", json.dumps(answer))
    connection.getresponse().read()
