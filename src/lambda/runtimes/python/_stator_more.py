"""What a Python function needs seldom: reports of errors, AWS's log format, and older botocores."""

import os
import sys
import time

runtime = None  # the bootstrap's module

_JSON_LOGS = os.environ.get("AWS_LAMBDA_LOG_FORMAT", "").upper() == "JSON"
_NO_BREAK_SPACE = "\u00a0"
# Within an event of the log, lines are parted by this; a line feed would end the event.
_LINE_BREAK = "\r"


# JSON ------------------------------------------------------------------------------------------

def dumps(value):
    """As json.dumps, but a Decimal is a number with all its digits."""
    import json
    decimal = sys.modules.get("decimal")

    class Number(float):
        text = ""

    def default(given):
        if decimal is not None and isinstance(given, decimal.Decimal):
            number = Number("nan" if given.is_nan() else given)
            number.text = "NaN" if given.is_nan() else str(given)
            return number
        raise TypeError(f"Object of type {type(given).__name__} is not JSON serializable")

    def number_text(given):
        if isinstance(given, Number):
            return given.text
        if given != given:
            return "NaN"
        if given in (float("inf"), float("-inf")):
            return "Infinity" if given > 0 else "-Infinity"
        return float.__repr__(given)

    as_ascii = runtime.asked_version() < (3, 12)
    encode_text = json.encoder.encode_basestring_ascii if as_ascii else json.encoder.encode_basestring
    pieces = json.encoder._make_iterencode({}, default, encode_text, None, number_text, ": ", ", ", False, False, False)
    return "".join(pieces(value, 0))


# Errors ----------------------------------------------------------------------------------------

def error_report(error, request_id=""):
    """{"errorMessage", "errorType", "requestId", "stackTrace"}, without the runtime's own frames."""
    if isinstance(error, runtime.Fault):
        error_type, message, trace = error.error_type, error.message, error.trace
    else:
        import traceback
        frames = traceback.extract_tb(error.__traceback__)
        own = runtime.main.__code__.co_filename
        while frames and frames[0].filename == own:
            frames.pop(0)
        error_type, message, trace = type(error).__name__, str(error), traceback.format_list(frames)
    return {"errorMessage": message, "errorType": error_type, "requestId": request_id, "stackTrace": trace}


def log_error(report):
    if _JSON_LOGS:
        stamp = time.strftime("%Y-%m-%dT%H:%M:%SZ", time.gmtime())
        write_event(runtime.dumps({"timestamp": stamp, "level": "ERROR", **report}))
        return
    first = "[ERROR] " + report["errorType"]
    if report["errorMessage"]:
        first += ": " + report["errorMessage"]
    lines = [first, "Traceback (most recent call last):"]
    for entry in report["stackTrace"]:
        for line in entry.splitlines():
            text = line.lstrip(" ")
            lines.append(_NO_BREAK_SPACE * (len(line) - len(text)) + text)
    write_event("\n".join(lines))


def write_event(text):
    """One event of the log, however many lines it has."""
    sys.stdout.write(text.rstrip("\r\n").replace("\r\n", "\n").replace("\n", _LINE_BREAK) + "\n")


# logging ---------------------------------------------------------------------------------------

_OF_EVERY_RECORD = frozenset(
    "name msg args levelname levelno pathname filename module exc_info exc_text stack_info lineno funcName created "
    "msecs relativeCreated thread threadName processName process taskName aws_request_id".split())


def set_up_logging(logging):
    """Gives the root logger the handler that AWS's runtime gives it."""

    class LambdaLoggerHandler(logging.Handler):
        def emit(self, record):
            try:
                write_event(self.format(record))
            except Exception:
                self.handleError(record)

    class LambdaLoggerFilter(logging.Filter):
        def filter(self, record):
            record.aws_request_id = runtime.request_id
            return True

    class JsonFormatter(logging.Formatter):
        def format(self, record):
            stamp = time.strftime("%Y-%m-%dT%H:%M:%S", time.gmtime(record.created))
            members = {"timestamp": f"{stamp}.{int(record.msecs):03d}Z", "level": record.levelname,
                       "message": record.getMessage(), "logger": record.name}
            if record.exc_info:
                import traceback
                kind, value, trace = record.exc_info
                members.update(stackTrace=traceback.format_tb(trace), errorType=kind.__name__ if kind else None,
                               errorMessage=str(value))
            members["requestId"] = record.aws_request_id
            if record.exc_info:
                members["location"] = f"{record.pathname}:{record.funcName}:{record.lineno}"
            for name, value in vars(record).items():
                if name not in _OF_EVERY_RECORD and name not in members:
                    members[name] = value
            import json
            return json.dumps({name: value for name, value in members.items() if value is not None},
                              ensure_ascii=False, default=str)

    logging.Formatter.converter = time.gmtime
    handler = LambdaLoggerHandler()
    handler.setFormatter(JsonFormatter() if _JSON_LOGS else logging.Formatter(
        "[%(levelname)s]\t%(asctime)s.%(msecs)03dZ\t%(aws_request_id)s\t%(message)s\n", "%Y-%m-%dT%H:%M:%S"))
    handler.addFilter(LambdaLoggerFilter())
    root = logging.getLogger()
    root.addHandler(handler)
    level = os.environ.get("AWS_LAMBDA_LOG_LEVEL", "").upper()
    level = {"TRACE": "DEBUG", "WARN": "WARNING", "FATAL": "CRITICAL"}.get(level, level)
    if _JSON_LOGS and level in ("DEBUG", "INFO", "WARNING", "ERROR", "CRITICAL"):
        root.setLevel(level)


# botocore --------------------------------------------------------------------------------------

def set_up_botocore(session_module):
    """Botocore reads AWS_ENDPOINT_URL since 1.31; for older ones, the clients of a session do."""
    import botocore
    version = tuple(int(part) for part in botocore.__version__.split(".")[:2])
    if version >= (1, 31) or os.environ.get("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS", "").lower() == "true":
        return
    create_client = session_module.Session.create_client

    def create_client_at_endpoint(self, service_name, *positional, **named):
        # endpoint_url is the fifth parameter after the service's name.
        if len(positional) < 5 and not named.get("endpoint_url"):
            own = "AWS_ENDPOINT_URL_" + service_name.upper().replace("-", "_")
            named["endpoint_url"] = os.environ.get(own) or os.environ.get("AWS_ENDPOINT_URL")
        return create_client(self, service_name, *positional, **named)

    session_module.Session.create_client = create_client_at_endpoint
