#!/usr/bin/python3
"""A runtime that streams, and an extension, both from the documentation of their APIs and nothing else.
As `bootstrap` it streams what its event lists; under another name it is an external extension."""

import base64
import http.client
import http.server
import json
import os
import sys
import threading

API = os.environ["AWS_LAMBDA_RUNTIME_API"]


class Telemetry(http.server.BaseHTTPRequestHandler):
    """Says which types of event it was told of."""

    protocol_version = "HTTP/1.1"

    def do_POST(self):
        for event in json.loads(self.rfile.read(int(self.headers["Content-Length"]))):
            if event["type"] != "function":
                print("telemetry", event["type"], flush=True)
            elif "heard" in event["record"]:
                print("telemetry has a line of", event["record"].split()[0], flush=True)
        self.send_response(200)
        self.send_header("Content-Length", "0")
        self.end_headers()

    def log_message(self, *_):
        pass


def subscribe(connection, identifier):
    server = http.server.HTTPServer(("sandbox.localdomain", 8080), Telemetry)
    threading.Thread(target=server.serve_forever, daemon=True).start()
    connection.request("PUT", "/2022-07-01/telemetry", json.dumps({
        "schemaVersion": "2022-07-01", "types": ["platform", "function"], "buffering": {"timeoutMs": 25},
        "destination": {"protocol": "HTTP", "URI": "http://sandbox.localdomain:8080"}}),
        {"Lambda-Extension-Identifier": identifier})
    answer = connection.getresponse()
    print("subscribed", answer.status, answer.read().decode(), flush=True)


def extension(name):
    connection = http.client.HTTPConnection(API)
    connection.request("POST", "/2020-01-01/extension/register", json.dumps({"events": ["INVOKE", "SHUTDOWN"]}),
                       {"Lambda-Extension-Name": name, "Lambda-Extension-Accept-Feature": "accountId"})
    answer = connection.getresponse()
    identifier = answer.headers["Lambda-Extension-Identifier"]
    print(f"{name} registered for", json.load(answer)["accountId"], flush=True)
    subscribe(connection, identifier)
    while True:
        connection.request("GET", "/2020-01-01/extension/event/next", headers={"Lambda-Extension-Identifier": identifier})
        event = json.load(connection.getresponse())
        print(f"{name} heard", event["eventType"], event.get("requestId", event.get("shutdownReason")), flush=True)
        if event["eventType"] == "SHUTDOWN":
            return


def pieces(event):
    for piece in event.get("pieces", []) * event.get("times", 1):
        yield piece.encode()
    if event.get("exit"):
        os._exit(event["exit"])


def runtime():
    connection = http.client.HTTPConnection(API)
    root = "/2018-06-01/runtime/invocation/"
    while True:
        connection.request("GET", root + "next")
        answer = connection.getresponse()
        request_id = answer.headers["Lambda-Runtime-Aws-Request-Id"]
        event = json.load(answer)
        connection.putrequest("POST", f"{root}{request_id}/response")
        for name, value in {"Lambda-Runtime-Function-Response-Mode": "streaming", "Transfer-Encoding": "chunked",
                            "Content-Type": event.get("type", "text/plain"),
                            "Trailer": "Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body"}.items():
            connection.putheader(name, value)
        connection.endheaders()
        for piece in pieces(event):
            connection.send(b"%x\r\n%s\r\n" % (len(piece), piece))
        connection.send(b"0\r\n")
        if "error" in event:
            body = base64.b64encode(json.dumps(event["error"]).encode())
            connection.send(b"Lambda-Runtime-Function-Error-Type: Function.Broken\r\n"
                            b"Lambda-Runtime-Function-Error-Body: " + body + b"\r\n")
        connection.send(b"\r\n")
        connection.getresponse().read()


if os.path.basename(sys.argv[0]) == "bootstrap":
    runtime()
else:
    extension(os.path.basename(sys.argv[0]))
