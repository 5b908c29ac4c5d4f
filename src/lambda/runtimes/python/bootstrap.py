"""The runtime of Python functions: takes events from the Runtime API and hands them to the handler.

What runs before the first event is kept small, because every cold start pays for it: a bare socket
instead of http.client, the C parts of json without the package, and everything that most functions
never need (errors, logging, botocore) in _stator_more, which is imported when it is needed. The
interpreter is started with -S, so that no .pth file of the machine runs inside functions.

https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html
"""

import os
import sys
import time

from _socket import AF_INET, IPPROTO_TCP, SOCK_STREAM, socket

_TCP_NODELAY = 1
_API = "/2018-06-01/runtime"
_HEAD_BYTES_MAX = 1 << 20

environ = os.environ
request_id = ""  # of the present invocation; log lines carry it


def asked_version():
    """(3, 12) where the function's Runtime is python3.12; the interpreter's own may be another."""
    name = environ.get("AWS_EXECUTION_ENV", "")
    prefix = "AWS_Lambda_python3."
    if name.startswith(prefix) and name[len(prefix):].isdigit():
        return 3, int(name[len(prefix):])
    return sys.version_info[:2]


def more():
    """The module with what is seldom needed. It reads this one's state through the argument."""
    import _stator_more
    _stator_more.runtime = sys.modules["__main__"]
    return _stator_more


class Fault(Exception):
    """A failure that has a name of AWS's own: Runtime.ImportModuleError and its like."""

    def __init__(self, error_type, message, trace=None):
        super().__init__(message)
        self.error_type, self.message, self.trace = error_type, message, trace or []


# JSON ------------------------------------------------------------------------------------------

class _Decoding:
    strict = True
    object_hook = object_pairs_hook = None
    parse_float, parse_int, parse_constant = float, int, float


class _NeedsMore(Exception):
    pass


def _not_serializable(value):
    decimal = sys.modules.get("decimal")
    if decimal is not None and isinstance(value, decimal.Decimal):
        raise _NeedsMore
    raise TypeError(f"Object of type {type(value).__name__} is not JSON serializable")


try:
    import _json
    _scan = _json.make_scanner(_Decoding)
    # Since 3.12 text leaves as it is; before, everything beyond ASCII was escaped.
    encode_text = _json.encode_basestring if asked_version() >= (3, 12) else _json.encode_basestring_ascii
    _json.make_encoder({}, _not_serializable, encode_text, None, ": ", ", ", False, False, True)({}, 0)
except (ImportError, AttributeError, TypeError):
    _json = _scan = encode_text = None  # an interpreter without these parts: slower, the same results


def loads(data):
    if _scan is not None:
        try:
            text = str(data, "utf-8")
            value, end = _scan(text, len(text) - len(text.lstrip(" \t\r\n")))
            if not text[end:].strip(" \t\r\n"):
                return value
        except (ValueError, StopIteration):
            pass  # json says what is wrong
    import json
    return json.loads(data)


def dumps(value):
    if _json is not None:
        encoder = _json.make_encoder({}, _not_serializable, encode_text, None, ": ", ", ", False, False, True)
        try:
            return "".join(encoder(value, 0))
        except _NeedsMore:
            pass
    return more().dumps(value)


# The Runtime API -------------------------------------------------------------------------------

class Api:
    """One connection, kept open. The server never closes it before the instance ends."""

    def __init__(self, address):
        self._host = address
        host, _, port = address.rpartition(":")
        self._socket = socket(AF_INET, SOCK_STREAM)
        self._socket.connect((host, int(port)))
        self._socket.setsockopt(IPPROTO_TCP, _TCP_NODELAY, 1)
        self._pending = b""

    def _receive(self):
        got = self._socket.recv(1 << 16)
        if not got:
            raise SystemExit(1)  # the server is gone, and this instance with it
        return got

    def _answer(self):
        """(status, {lower-case name: value}, body)"""
        data = self._pending
        while b"\r\n\r\n" not in data:
            if len(data) > _HEAD_BYTES_MAX:
                raise Fault("Runtime.InvalidResponse", "the head of an answer of the Runtime API is too large")
            data += self._receive()
        head, _, body = data.partition(b"\r\n\r\n")
        first, *lines = head.decode("latin-1").split("\r\n")
        headers = {}
        for line in lines:
            name, _, value = line.partition(":")
            headers[name.lower()] = value.strip()
        length = int(headers.get("content-length", 0))
        if len(body) < length:
            pieces, missing = [body], length - len(body)
            while missing > 0:
                pieces.append(self._receive())
                missing -= len(pieces[-1])
            body = b"".join(pieces)
        self._pending = body[length:]
        return int(first.split(" ", 2)[1]), headers, body[:length]

    def next(self):
        self._socket.sendall(f"GET {_API}/invocation/next HTTP/1.1\r\nHost: {self._host}\r\n\r\n".encode())
        status, headers, body = self._answer()
        if status != 200:
            raise SystemExit(1)  # there is no more work for this instance
        return headers, body

    def post(self, path, body, headers=""):
        self._socket.sendall(
            f"POST {_API}/{path} HTTP/1.1\r\nHost: {self._host}\r\n{headers}"
            f"Content-Length: {len(body)}\r\n\r\n".encode() + body)
        self._answer()  # a refusal (413 and its like) has been turned into the function's error there

    def post_error(self, path, error):
        self.post(path, dumps(error).encode("utf-8", "replace"),
                  "Content-Type: application/vnd.aws.lambda.error+json\r\n"
                  f"Lambda-Runtime-Function-Error-Type: {error['errorType']}\r\n")


# The context object ----------------------------------------------------------------------------

class _Members:
    """Attributes of a fixed list, None where nothing is known."""
    _names = ()

    def __init__(self, values):
        for name in self._names:
            setattr(self, name, values.get(name))

    def __repr__(self):
        return f"{type(self).__name__}([" + ",".join(f"{n}={getattr(self, n)}" for n in self._names) + "])"


class CognitoIdentity(_Members):
    _names = ("cognito_identity_id", "cognito_identity_pool_id")


class Client(_Members):
    _names = ("installation_id", "app_title", "app_version_name", "app_version_code", "app_package_name")


class ClientContext(_Members):
    _names = ("custom", "env", "client")


class LambdaContext:
    """https://docs.aws.amazon.com/lambda/latest/dg/python-context.html"""

    def __init__(self, headers):
        self.aws_request_id = headers["lambda-runtime-aws-request-id"]
        self.log_group_name = environ.get("AWS_LAMBDA_LOG_GROUP_NAME")
        self.log_stream_name = environ.get("AWS_LAMBDA_LOG_STREAM_NAME")
        self.function_name = environ.get("AWS_LAMBDA_FUNCTION_NAME")
        self.memory_limit_in_mb = environ.get("AWS_LAMBDA_FUNCTION_MEMORY_SIZE")
        self.function_version = environ.get("AWS_LAMBDA_FUNCTION_VERSION")
        self.invoked_function_arn = headers.get("lambda-runtime-invoked-function-arn")
        self.tenant_id = headers.get("lambda-runtime-aws-tenant-id")
        self.client_context = None
        given = headers.get("lambda-runtime-client-context")
        if given:
            self.client_context = ClientContext(self._parsed(given, "Client Context"))
            if self.client_context.client is not None:
                self.client_context.client = Client(self.client_context.client)
        identity = headers.get("lambda-runtime-cognito-identity")
        identity = self._parsed(identity, "Cognito Identity") if identity else {}
        self.identity = CognitoIdentity({"cognito_identity_id": identity.get("cognitoIdentityId"),
                                         "cognito_identity_pool_id": identity.get("cognitoIdentityPoolId")})
        self._deadline_ms = int(headers.get("lambda-runtime-deadline-ms", 0))

    @staticmethod
    def _parsed(text, what):
        try:
            value = loads(text.encode("latin-1"))
            if isinstance(value, dict):
                return value
            raise ValueError("it is not an object")
        except ValueError as error:
            raise Fault("Runtime.LambdaContextUnmarshalError", f"Unable to parse {what} JSON: {error}") from None

    def get_remaining_time_in_millis(self):
        return max(0, self._deadline_ms - int(time.time() * 1000))

    def log(self, message):
        sys.stdout.write(str(message))

    def __repr__(self):
        return "LambdaContext([" + ",".join(f"{n}={v}" for n, v in vars(self).items() if n[0] != "_") + "])"


# Before the first event ------------------------------------------------------------------------

def set_paths():
    """The function's code first, then its layers, then what the machine has, boto3 among it."""
    asked, own = "python%d.%d" % asked_version(), "python%d.%d" % sys.version_info[:2]
    paths = [environ["LAMBDA_TASK_ROOT"]]
    for root in environ.get("_STATOR_LAYERS", "/opt").split(":"):
        for version in dict.fromkeys((asked, own)):
            paths.append(f"{root}/python/lib/{version}/site-packages")
        paths.append(f"{root}/python")
    own_directory = os.path.dirname(sys.argv[0])
    given = [path for path in sys.path if path != own_directory]  # PYTHONPATH and the standard library
    installed = [f"{sys.prefix}/lib/{own}/site-packages", f"/usr/local/lib/{own}/dist-packages",
                 "/usr/lib/python3/dist-packages"]
    sys.path[:] = dict.fromkeys(paths + given + installed)
    runtime = environ.get("LAMBDA_RUNTIME_DIR", "/var/runtime")
    if runtime not in sys.path:
        sys.path.append(runtime)
    # -S also leaves out sitecustomize, with which tracing layers begin; they set PYTHONPATH.
    added = [path for path in environ.get("PYTHONPATH", "").split(":") if path and path != runtime]
    if any(os.path.exists(path + "/sitecustomize.py") for path in added):
        import sitecustomize  # noqa: F401


class Watcher:
    """A finder that waits for modules that need a word from us once they are imported."""
    waiting = {"logging": "set_up_logging", "botocore.session": "set_up_botocore"}

    @classmethod
    def find_spec(cls, name, path=None, target=None):
        hook = cls.waiting.pop(name, None)
        if hook is None:
            return None
        for finder in sys.meta_path:
            spec = None if finder is cls else finder.find_spec(name, path, target)
            if spec is not None:
                break
        else:
            return None
        loader = spec.loader

        def exec_module(module):
            del loader.exec_module
            loader.exec_module(module)
            getattr(more(), hook)(module)

        loader.exec_module = exec_module
        return spec


def find_handler(name):
    module_name, dot, function_name = name.rpartition(".")
    if not dot:
        raise Fault("Runtime.MalformedHandlerName",
                    f"Bad handler '{name}': not enough values to unpack (expected 2, got 1)")
    if module_name.split(".")[0] in sys.builtin_module_names:
        raise Fault("Runtime.BuiltInModuleConflict",
                    f"Cannot use built-in module {module_name} as a handler module")
    dotted = module_name.replace("/", ".")
    try:
        __import__(dotted)
    except ImportError as error:
        raise Fault("Runtime.ImportModuleError", f"Unable to import module '{module_name}': {error}") from error
    except SyntaxError as error:
        raise Fault("Runtime.UserCodeSyntaxError", f"Syntax error in module '{module_name}': {error}",
                    [f'  File "{error.filename}" Line {error.lineno}\n    {error.text}']) from error
    try:
        return getattr(sys.modules[dotted], function_name)
    except AttributeError:
        raise Fault("Runtime.HandlerNotFound",
                    f"Handler '{function_name}' missing on module '{module_name}'") from None


def initialize(api):
    """The handler. A failure is told to the Runtime API and ends the process."""
    try:
        set_paths()
        sys.meta_path.insert(0, Watcher)
        if "logging" in sys.modules:
            more().set_up_logging(sys.modules["logging"])
        return find_handler(environ["_HANDLER"])
    except Exception as error:
        report = more().error_report(error)
        more().log_error(report)
        flush()
        api.post_error("init/error", report)
        sys.exit(1)


# Events ----------------------------------------------------------------------------------------

def flush():
    for stream in (sys.stdout, sys.stderr):
        try:
            stream.flush()
        except Exception:  # the function may have put anything there
            pass


def encode_result(value):
    if isinstance(value, bytes):
        return value, "Content-Type: application/unknown\r\n"
    try:
        return dumps(value).encode(), "Content-Type: application/json\r\n"
    except Exception as error:
        raise Fault("Runtime.MarshalError", f"Unable to marshal response: {error}") from None


def decode_event(body):
    try:
        return loads(body)
    except Exception as error:
        raise Fault("Runtime.UnmarshalError", f"Unable to unmarshal input: {error}") from None


def serve(api, handler):
    global request_id
    while True:
        headers, body = api.next()
        request_id = headers["lambda-runtime-aws-request-id"]
        trace_id = headers.get("lambda-runtime-trace-id")
        if trace_id is not None:
            environ["_X_AMZN_TRACE_ID"] = trace_id
        else:
            environ.pop("_X_AMZN_TRACE_ID", None)
        path = f"invocation/{request_id}/"
        # What is no Exception (SystemExit, KeyboardInterrupt) ends the process, as on AWS.
        try:
            result, content_type = encode_result(handler(decode_event(body), LambdaContext(headers)))
        except Exception as error:
            report = more().error_report(error, request_id)
            more().log_error(report)
            flush()
            api.post_error(path + "error", report)
            del report
        else:
            flush()
            api.post(path + "response", result, content_type)
            del result
        del headers, body


def main():
    for stream in (sys.stdout, sys.stderr):
        stream.reconfigure(line_buffering=True, errors="backslashreplace")
    import builtins

    import _sitebuiltins
    builtins.exit, builtins.quit = (_sitebuiltins.Quitter(name, "Ctrl-D") for name in ("exit", "quit"))
    api = Api(environ["AWS_LAMBDA_RUNTIME_API"])
    serve(api, initialize(api))


main()
