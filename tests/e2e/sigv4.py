"""Signature Version 4 by Python's standard library alone, for tests and for the functions that they deploy."""

import datetime
import hashlib
import hmac
import json
import os
import urllib.error
import urllib.parse
import urllib.request


def signed_headers(url, body, service, keys, headers):
    """The headers of a POST to the root of `url`, signed with `keys`: (id, secret, token or None)."""
    key_id, secret, token = keys
    now = datetime.datetime.now(datetime.timezone.utc).strftime("%Y%m%dT%H%M%SZ")
    signed = {**{name.lower(): value for name, value in headers.items()},
              "host": urllib.parse.urlsplit(url).netloc, "x-amz-date": now}
    if token:
        signed["x-amz-security-token"] = token
    names = ";".join(sorted(signed))
    canonical = "\n".join(["POST", "/", "", *(f"{name}:{signed[name]}" for name in sorted(signed)), "", names,
                           hashlib.sha256(body).hexdigest()])
    scope = f"{now[:8]}/us-east-1/{service}/aws4_request"
    key = ("AWS4" + secret).encode()
    for part in scope.split("/"):
        key = hmac.new(key, part.encode(), hashlib.sha256).digest()
    text = "\n".join(["AWS4-HMAC-SHA256", now, scope, hashlib.sha256(canonical.encode()).hexdigest()])
    signature = hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
    signed["authorization"] = (f"AWS4-HMAC-SHA256 Credential={key_id}/{scope}, SignedHeaders={names}, "
                               f"Signature={signature}")
    return signed


def post(url, service, body, headers, keys):
    """(status, headers, text) of a signed request."""
    signed = signed_headers(url, body, service, keys, headers)
    request = urllib.request.Request(url + "/", data=body, headers=signed, method="POST")
    try:
        with urllib.request.urlopen(request, timeout=30) as answer:
            return answer.status, answer.headers, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.headers, error.read().decode()


def call_json(url, service, target, members, keys):
    """An operation of a json protocol."""
    return post(url, service, json.dumps(members).encode(),
                {"Content-Type": "application/x-amz-json-1.0", "X-Amz-Target": target}, keys)


def call_query(url, service, action, version, members, keys):
    """An operation of the query protocol."""
    form = urllib.parse.urlencode({"Action": action, "Version": version, **members}).encode()
    return post(url, service, form, {"Content-Type": "application/x-www-form-urlencoded"}, keys)


def environment_keys(environment=os.environ):
    return (environment["AWS_ACCESS_KEY_ID"], environment["AWS_SECRET_ACCESS_KEY"],
            environment.get("AWS_SESSION_TOKEN"))
