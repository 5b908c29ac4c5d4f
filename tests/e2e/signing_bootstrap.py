#!/usr/bin/python3
"""A function that calls AWS as its role: {"calls": [[TARGET, {...}], ...]}; answers the list of outcomes."""

import datetime
import hashlib
import hmac
import json
import os
import urllib.error
import urllib.request

API = f"http://{os.environ['AWS_LAMBDA_RUNTIME_API']}/2018-06-01/runtime/invocation"
ENDPOINT = os.environ["AWS_ENDPOINT_URL"]
REGION = os.environ["AWS_REGION"]


def mac(key, text):
    return hmac.new(key, text.encode(), hashlib.sha256).digest()


def signed_headers(target, body):
    now = datetime.datetime.utcnow().strftime("%Y%m%dT%H%M%SZ")
    headers = {"host": ENDPOINT.split("://")[1], "x-amz-date": now, "x-amz-target": target,
               "x-amz-security-token": os.environ["AWS_SESSION_TOKEN"]}
    names = ";".join(sorted(headers))
    canonical = "\n".join(["POST", "/", "", *(f"{name}:{headers[name]}" for name in sorted(headers)), "", names,
                           hashlib.sha256(body).hexdigest()])
    scope = f"{now[:8]}/{REGION}/dynamodb/aws4_request"
    to_sign = "\n".join(["AWS4-HMAC-SHA256", now, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    key = ("AWS4" + os.environ["AWS_SECRET_ACCESS_KEY"]).encode()
    for part in (now[:8], REGION, "dynamodb", "aws4_request"):
        key = mac(key, part)
    signature = mac(key, to_sign).hex()
    headers["authorization"] = (f"AWS4-HMAC-SHA256 Credential={os.environ['AWS_ACCESS_KEY_ID']}/{scope}, "
                                f"SignedHeaders={names}, Signature={signature}")
    return headers


def call(target, members):
    body = json.dumps(members).encode()
    headers = {**signed_headers("DynamoDB_20120810." + target, body), "content-type": "application/x-amz-json-1.0"}
    try:
        with urllib.request.urlopen(urllib.request.Request(ENDPOINT + "/", body, headers), timeout=10) as answer:
            answer.read()
            return "ok"
    except urllib.error.HTTPError as error:
        return json.loads(error.read())["__type"].split("#")[1]


while True:
    with urllib.request.urlopen(API + "/next") as event:
        request_id = event.headers["Lambda-Runtime-Aws-Request-Id"]
        outcomes = [call(*one) for one in json.loads(event.read()).get("calls", ())]
    answer = urllib.request.Request(f"{API}/{request_id}/response", json.dumps(outcomes).encode(), method="POST")
    urllib.request.urlopen(answer).close()
