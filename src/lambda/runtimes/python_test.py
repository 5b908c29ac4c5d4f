"""The Python client, by whichever Python runs this, against a Runtime API of the test's own."""

import json
import re
import sys
import unittest

from runtime_client import HERE, Client

BOOTSTRAP = str(HERE / "python" / "bootstrap.py")


def python(source, handler="app.handler", environment=None, files=None, layer=None):
    environment = {"PYTHONPATH": str(HERE / "python"), "LAMBDA_RUNTIME_DIR": str(HERE / "python"),
                   "PYTHONDONTWRITEBYTECODE": "1", "AWS_EXECUTION_ENV": "AWS_Lambda_python3.12", **(environment or {})}
    return Client([sys.executable, "-S", BOOTSTRAP], {"app.py": source, **(files or {})}, handler, environment, layer)


class Invocations(unittest.TestCase):
    def test_events_and_results_are_json(self):
        values = [None, True, 0, -1.5, 1e300, "", "é\u2028\"\\", [], [1, [2]], {}, {"a": {"b": "c"}}, 2 ** 70]
        with python("def handler(event, context):\n    return event\n") as client:
            for number, value in enumerate(values):
                self.assertEqual(client.invoke(value, f"r{number}"), (value, "response"))
            client.send(b' \n {"a" : 1} \r\n')
            self.assertEqual(json.loads(client.answer()[1]), {"a": 1})

    def test_a_large_event_and_result(self):
        with python("def handler(event, context):\n    return event\n") as client:
            text = "x" * (5 << 20)
            self.assertEqual(client.invoke({"t": text}), ({"t": text}, "response"))

    def test_text_is_escaped_as_the_asked_version_does(self):
        for version, expected in (("3.11", rb'"\u00e9"'), ("3.12", '"é"'.encode())):
            with python("def handler(event, context):\n    return 'é'\n",
                        environment={"AWS_EXECUTION_ENV": "AWS_Lambda_python" + version}) as client:
                client.send({})
                self.assertEqual(client.answer()[1], expected)

    def test_decimals_are_numbers_and_bytes_are_bytes(self):
        source = ("from decimal import Decimal\n"
                  "def handler(event, context):\n"
                  "    if event == 'bytes': return b'\\x00\\xff'\n"
                  "    return {'a': Decimal('12345678901234567890.5'), 'b': [Decimal(3), 1.5, True, None, 'é']}\n")
        with python(source) as client:
            client.send({})
            self.assertEqual(client.answer()[1].decode(), '{"a": 12345678901234567890.5, "b": [3, 1.5, true, null, "é"]}')
            client.send("bytes")
            _, body, headers, _ = client.answer()
            self.assertEqual((body, headers["Content-Type"]), (b"\x00\xff", "application/unknown"))

    def test_the_context_has_every_member(self):
        source = ("import os\n"
                  "def handler(event, context):\n"
                  "    names = ['aws_request_id', 'log_group_name', 'log_stream_name', 'function_name',\n"
                  "             'memory_limit_in_mb', 'function_version', 'invoked_function_arn']\n"
                  "    c = context.client_context\n"
                  "    return {**{n: getattr(context, n) for n in names},\n"
                  "            'left': context.get_remaining_time_in_millis() > 1000,\n"
                  "            'pool': context.identity.cognito_identity_pool_id,\n"
                  "            'client': c and [c.custom, c.env, c.client.app_title, c.client.app_version_code],\n"
                  "            'trace': os.environ.get('_X_AMZN_TRACE_ID')}\n")
        given = {"client": {"app_title": "t"}, "custom": {"k": "v"}, "env": {"e": "f"}}
        with python(source) as client:
            answer, _ = client.invoke({}, "first", [
                ("Lambda-Runtime-Client-Context", json.dumps(given)), ("Lambda-Runtime-Trace-Id", "Root=1"),
                ("Lambda-Runtime-Cognito-Identity", '{"cognitoIdentityId":"i","cognitoIdentityPoolId":"p"}')])
            self.assertEqual(answer, {
                "aws_request_id": "first", "log_group_name": "/aws/lambda/f", "log_stream_name": "stream",
                "function_name": "f", "memory_limit_in_mb": "128", "function_version": "$LATEST",
                "invoked_function_arn": "arn:f", "left": True, "pool": "p", "trace": "Root=1",
                "client": [{"k": "v"}, {"e": "f"}, "t", None]})
            answer, _ = client.invoke({}, "second")
            self.assertEqual((answer["client"], answer["pool"], answer["trace"]), (None, None, None))
            answer, kind = client.invoke({}, "third", [("Lambda-Runtime-Client-Context", "nonsense")])
            self.assertEqual((answer["errorType"], kind), ("Runtime.LambdaContextUnmarshalError", "error"))

    def test_an_exception_has_its_stack_and_the_process_goes_on(self):
        source = ("def helper():\n    raise ValueError('bad\\nvalue')\n"
                  "def handler(event, context):\n    return 'fine' if event else helper()\n")
        with python(source) as client:
            report, kind = client.invoke({}, "r7")
            self.assertEqual(kind, "error")
            self.assertEqual((report["errorMessage"], report["errorType"], report["requestId"]),
                             ("bad\nvalue", "ValueError", "r7"))
            self.assertEqual([re.match(r'  File "(\S+)", line (\d+), in (\w+)\n', frame).groups()
                              for frame in report["stackTrace"]],
                             [(f"{client.task}/app.py", "4", "handler"), (f"{client.task}/app.py", "2", "helper")])
            self.assertEqual(client.invoke(1), ("fine", "response"))
            first = client.output().split("\n")[0]
            self.assertTrue(first.startswith("[ERROR] ValueError: bad\rvalue\rTraceback (most recent call last):\r"), first)

    def test_what_cannot_be_json_is_a_marshal_error(self):
        with python("def handler(event, context):\n    return {'a': {1, 2}}\n") as client:
            report, _ = client.invoke({})
            self.assertEqual((report["errorType"], report["errorMessage"], report["stackTrace"]), (
                "Runtime.MarshalError", "Unable to marshal response: Object of type set is not JSON serializable", []))
            client.send(b"{nonsense")
            self.assertEqual(json.loads(client.answer()[1])["errorType"], "Runtime.UnmarshalError")

    def test_exit_ends_the_process(self):
        for source, status in (("import sys\ndef handler(e, c):\n    sys.exit(3)\n", 3),
                               ("def handler(e, c):\n    exit(4)\n", 4),
                               ("import os\ndef handler(e, c):\n    os._exit(5)\n", 5)):
            with python(source) as client:
                client.send({})
                client.output()
                self.assertEqual(client.process.returncode, status)


class Handlers(unittest.TestCase):
    def test_are_found_in_packages(self):
        source = "def handler(event, context):\n    return __name__\n"
        for handler, name in (("pkg/mod.handler", "pkg.mod"), ("pkg.mod.handler", "pkg.mod"), ("app.handler", "app")):
            with python(source, handler, files={"pkg/mod.py": source, "pkg/__init__.py": ""}) as client:
                self.assertEqual(client.invoke({}), (name, "response"))

    def test_failures_have_awss_names(self):
        cases = [
            ("", "app", "Runtime.MalformedHandlerName", "Bad handler 'app': not enough values to unpack"),
            ("", "app.handler", "Runtime.HandlerNotFound", "Handler 'handler' missing on module 'app'"),
            ("", "absent.handler", "Runtime.ImportModuleError",
             "Unable to import module 'absent': No module named 'absent'"),
            ("import no_such_thing\n", "app.handler", "Runtime.ImportModuleError",
             "Unable to import module 'app': No module named 'no_such_thing'"),
            ("def handler(:\n", "app.handler", "Runtime.UserCodeSyntaxError", "Syntax error in module 'app'"),
            ("", "sys.handler", "Runtime.BuiltInModuleConflict", "Cannot use built-in module sys"),
            ("1 / 0\n", "app.handler", "ZeroDivisionError", "division by zero"),
        ]
        for source, handler, error_type, message in cases:
            with self.subTest(error_type), python(source, handler) as client:
                report = client.init_error()
                self.assertEqual(report["errorType"], error_type)
                self.assertIn(message, report["errorMessage"])
                self.assertIn(f"[ERROR] {error_type}: {message}", client.output())
                self.assertEqual(client.process.returncode, 1)

    def test_layers_come_after_the_code_and_before_the_machine(self):
        layer = {"python/shared.py": "where = 'layer'\n", "python/app.py": "raise ImportError\n",
                 "python/lib/python3.12/site-packages/deep.py": "where = 'deep'\n",
                 "python/wave.py": "where = 'not the standard library'\n"}
        source = ("import shared, deep, wave\n"
                  "def handler(event, context):\n    return [shared.where, deep.where, wave.where]\n")
        with python(source, layer=layer) as client:
            self.assertEqual(client.invoke({})[0], ["layer", "deep", "not the standard library"])


    def test_pythonpath_is_the_functions_own(self):
        for safe in ({}, {"PYTHONSAFEPATH": "1"}):
            with python("import vendored\ndef handler(event, context):\n    return vendored.where\n",
                        files={"vendor/vendored.py": "where = 'vendor'\n"},
                        environment={"PYTHONPATH": "vendor", **safe}) as client:
                self.assertEqual(client.invoke({})[0], "vendor")


class Logs(unittest.TestCase):
    SOURCE = ("import logging, sys\n"
              "logger = logging.getLogger()\nlogger.setLevel('INFO')\nlogger.info('at the beginning')\n"
              "def handler(event, context):\n"
              "    print('printed', end='')\n    print()\n    print('to stderr', file=sys.stderr)\n"
              "    logger.debug('unseen')\n    logging.getLogger('mine').warning('two\\nlines', extra={'more': 1})\n"
              "    try:\n        1 / 0\n    except ZeroDivisionError:\n        logger.exception('failed')\n")

    def test_text(self):
        with python(self.SOURCE) as client:
            client.invoke({}, "r1")
            lines = client.output().split("\n")
        stamp = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"
        self.assertRegex(lines[0], rf"^\[INFO\]\t{stamp}\t\tat the beginning$")
        self.assertEqual(lines[1:3], ["printed", "to stderr"])
        self.assertRegex(lines[3], rf"^\[WARNING\]\t{stamp}\tr1\ttwo\rlines$")
        self.assertRegex(lines[4], rf"^\[ERROR\]\t{stamp}\tr1\tfailed\rTraceback .*ZeroDivisionError: division by zero$")
        self.assertEqual(lines[5:], [""])

    def test_json(self):
        with python(self.SOURCE, environment={"AWS_LAMBDA_LOG_FORMAT": "JSON", "AWS_LAMBDA_LOG_LEVEL": "WARN"}) as client:
            client.invoke({}, "r1")
            lines = client.output().split("\n")
        events = [json.loads(line) for line in lines if line.startswith("{")]
        self.assertIn("printed", lines)
        self.assertEqual([(event["level"], event["message"]) for event in events],
                         [("INFO", "at the beginning"), ("WARNING", "two\nlines"), ("ERROR", "failed")])
        self.assertEqual((events[1]["logger"], events[1]["requestId"], events[1]["more"]), ("mine", "r1", 1))
        self.assertEqual((events[2]["errorType"], events[2]["errorMessage"]), ("ZeroDivisionError", "division by zero"))
        self.assertTrue(events[2]["location"].endswith("app.py:handler:14"), events[2])

    def test_an_unhandled_error_as_json(self):
        with python("def handler(event, context):\n    raise KeyError('k')\n",
                    environment={"AWS_LAMBDA_LOG_FORMAT": "JSON"}) as client:
            client.invoke({}, "r1")
            event = json.loads(client.output())
        self.assertEqual((event["level"], event["errorType"], event["requestId"]), ("ERROR", "KeyError", "r1"))


class Imports(unittest.TestCase):
    def test_nothing_dear_is_imported_before_the_handler(self):
        source = "import sys\ndef handler(event, context):\n    return sorted(sys.modules)\n"
        with python(source) as client:
            loaded = set(client.invoke({"a": [1.5, "x"]})[0])
        self.assertFalse(loaded & {"json", "re", "socket", "logging", "traceback", "http", "site", "typing"})

    def test_older_botocores_find_the_endpoint(self):
        botocore = {"botocore/__init__.py": "__version__ = '1.29.0'\n",
                    "botocore/session.py": "class Session:\n"
                    "    def create_client(self, service_name, region_name=None, api_version=None, use_ssl=True,\n"
                    "                      verify=None, endpoint_url=None):\n        return endpoint_url\n"}
        source = ("import botocore.session\n"
                  "def handler(event, context):\n    return botocore.session.Session().create_client(*event['p'], **event['n'])\n")
        environment = {"AWS_ENDPOINT_URL": "http://all", "AWS_ENDPOINT_URL_S3": "http://s3"}
        with python(source, files=botocore, environment=environment) as client:
            for p, n, expected in ((["dynamodb"], {}, "http://all"), (["s3"], {"endpoint_url": None}, "http://s3"),
                                   (["s3"], {"endpoint_url": "http://mine"}, "http://mine"),
                                   (["s3", None, None, True, None, "http://fifth"], {}, "http://fifth")):
                self.assertEqual(client.invoke({"p": p, "n": n})[0], expected)
        newer = {**botocore, "botocore/__init__.py": "__version__ = '1.31.0'\n"}
        with python(source, files=newer, environment=environment) as client:
            self.assertIsNone(client.invoke({"p": ["s3"], "n": {}})[0])

    def test_sitecustomize_on_pythonpath_runs(self):
        with python("import sys\ndef handler(event, context):\n    return sys.was_customized\n",
                    layer={"python/sitecustomize.py": "import sys\nsys.was_customized = True\n"}) as _:
            pass  # a layer's own is no way to customize; the next is what wrapper scripts do
        with python("import sys\ndef handler(event, context):\n    return sys.was_customized\n",
                    files={"auto/sitecustomize.py": "import sys\nsys.was_customized = True\n"},
                    environment={"PYTHONPATH": "auto"}) as client:
            self.assertEqual(client.invoke({})[0], True)


if __name__ == "__main__":
    unittest.main()
