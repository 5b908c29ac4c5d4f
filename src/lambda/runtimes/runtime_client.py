"""Runs a runtime client as a function's process against a Runtime API of the test's own."""

import http.server
import json
import os
import pathlib
import queue
import subprocess
import tempfile
import threading

HERE = pathlib.Path(__file__).parent
PATIENCE_S = 30


class _Server(http.server.ThreadingHTTPServer):
    daemon_threads = True

    def handle_error(self, *_):
        pass  # clients are killed in the middle of things


class _Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_):
        pass

    def _send(self, status, body=b"", headers=()):
        # Head and body together: a client waits for both.
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        self.send_header("Content-Length", str(len(body)))
        self._headers_buffer.append(b"\r\n" + body)
        self.flush_headers()

    def do_GET(self):
        assert self.path == "/2018-06-01/runtime/invocation/next", self.path
        event = self.server.events.get()
        if event is None:
            return self._send(500)
        body, headers = event
        self._send(200, body, headers)

    def do_POST(self):
        trailers = {}
        if self.headers.get("Transfer-Encoding") == "chunked":
            pieces = []
            while True:
                size = int(self.rfile.readline(), 16)
                if size == 0:
                    break
                pieces.append(self.rfile.read(size))
                self.rfile.readline()
            while (line := self.rfile.readline().strip()):
                name, _, value = line.decode().partition(": ")
                trailers[name] = value
            body = b"".join(pieces)
        else:
            body = self.rfile.read(int(self.headers["Content-Length"]))
        self.server.answers.put((self.path.removeprefix("/2018-06-01/runtime/"), body, self.headers, trailers))
        self._send(202, b'{"status":"OK"}')


class Client:
    """`with Client(command, files, handler) as client:`; `files` become the function's package."""

    def __init__(self, command, files, handler, environment=None, layer=None):
        self._root = tempfile.TemporaryDirectory(prefix="stator-runtime-")
        task, layer_root = pathlib.Path(self._root.name, "task"), pathlib.Path(self._root.name, "layer")
        for root, contents in ((task, files), (layer_root, layer or {})):
            root.mkdir()
            for name, text in contents.items():
                (root / name).parent.mkdir(parents=True, exist_ok=True)
                (root / name).write_text(text)
        self._server = _Server(("127.0.0.1", 0), _Handler)
        self._server.events, self._server.answers = queue.Queue(), queue.Queue()
        threading.Thread(target=self._server.serve_forever, args=(0.02,), daemon=True).start()
        self.task, self.layer = str(task), str(layer_root)
        self.process = subprocess.Popen(command, cwd=task, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, env={
            "PATH": os.environ["PATH"], "LANG": "en_US.UTF-8", "_HANDLER": handler, "LAMBDA_TASK_ROOT": str(task),
            "AWS_LAMBDA_RUNTIME_API": f"127.0.0.1:{self._server.server_port}", "_STATOR_LAYERS": str(layer_root),
            "AWS_LAMBDA_FUNCTION_NAME": "f", "AWS_LAMBDA_FUNCTION_VERSION": "$LATEST",
            "AWS_LAMBDA_FUNCTION_MEMORY_SIZE": "128", "AWS_LAMBDA_LOG_GROUP_NAME": "/aws/lambda/f",
            "AWS_LAMBDA_LOG_STREAM_NAME": "stream", **(environment or {})})

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.kill()
        self.process.communicate()
        self._server.shutdown()
        self._server.server_close()
        self._root.cleanup()

    def send(self, event, request_id="r1", headers=()):
        body = event if isinstance(event, bytes) else json.dumps(event).encode()
        self._server.events.put((body, [("Lambda-Runtime-Aws-Request-Id", request_id),
                                        ("Lambda-Runtime-Deadline-Ms", "9999999999999"),
                                        ("Lambda-Runtime-Invoked-Function-Arn", "arn:f"), *headers]))

    def answer(self):
        """(path, body, headers, trailers) of the next POST."""
        return self._server.answers.get(timeout=PATIENCE_S)

    def invoke(self, event, request_id="r1", headers=()):
        """(what was posted as JSON, "response" or "error")"""
        self.send(event, request_id, headers)
        path, body, _, _ = self.answer()
        assert path.startswith(f"invocation/{request_id}/"), path
        return json.loads(body), path.rpartition("/")[2]

    def init_error(self):
        path, body, headers, _ = self.answer()
        assert path == "init/error", (path, body)
        report = json.loads(body)
        assert headers["Lambda-Runtime-Function-Error-Type"] == report["errorType"]
        return report

    def output(self):
        """Everything it printed, once it has ended: by itself, or because there is no more work."""
        self._server.events.put(None)
        return self.process.communicate(timeout=PATIENCE_S)[0].decode()
