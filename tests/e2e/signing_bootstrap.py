#!/usr/bin/python3
"""A function that calls AWS as its role: {"calls": [[SERVICE, METHOD, PATH, HEADERS, BODY], ...]};
answers the list of outcomes."""

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


def signed_headers(service, method, path, headers, body):
    now = datetime.datetime.utcnow().strftime("%Y%m%dT%H%M%SZ")
    body_hash = hashlib.sha256(body).hexdigest()
    headers = {"host": ENDPOINT.split("://")[1], "x-amz-date": now, "x-amz-content-sha256": body_hash,
               "x-amz-security-token": os.environ["AWS_SESSION_TOKEN"], **headers}
    names = ";".join(sorted(headers))
    canonical = "\n".join([method, path, "", *(f"{name}:{headers[name]}" for name in sorted(headers)), "", names,
                           body_hash])
    scope = f"{now[:8]}/{REGION}/{service}/aws4_request"
    to_sign = "\n".join(["AWS4-HMAC-SHA256", now, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    key = ("AWS4" + os.environ["AWS_SECRET_ACCESS_KEY"]).encode()
    for part in (now[:8], REGION, service, "aws4_request"):
        key = mac(key, part)
    signature = mac(key, to_sign).hex()
    return {**headers, "authorization": f"AWS4-HMAC-SHA256 Credential={os.environ['AWS_ACCESS_KEY_ID']}/{scope}, "
                                        f"SignedHeaders={names}, Signature={signature}"}


def call(service, method, path, headers, body):
    """"ok", "denied", or what else went wrong."""
    body = body.encode()
    request = urllib.request.Request(ENDPOINT + path, body if body else None,
                                     signed_headers(service, method, path, headers, body), method=method)
    try:
        with urllib.request.urlopen(request, timeout=10) as answer:
            answer.read()
            return "ok"
    except urllib.error.HTTPError as error:
        text = error.headers.get("x-amzn-errortype", "") + error.read().decode()
        return "denied" if "AccessDenied" in text else f"{error.code} {text}"


while True:
    with urllib.request.urlopen(API + "/next") as event:
        request_id = event.headers["Lambda-Runtime-Aws-Request-Id"]
        outcomes = [call(*one) for one in json.loads(event.read()).get("calls", ())]
    answer = urllib.request.Request(f"{API}/{request_id}/response", json.dumps(outcomes).encode(), method="POST")
    urllib.request.urlopen(answer).close()
