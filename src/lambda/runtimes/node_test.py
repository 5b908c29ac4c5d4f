"""The Node.js client, by this machine's node, against a Runtime API of the test's own."""

import base64
import json
import shutil
import unittest

from runtime_client import HERE, Client

NODE = shutil.which("node") or shutil.which("nodejs")
INDEX = str(HERE / "node" / "index.cjs")


def node(source, handler="index.handler", environment=None, files=None, layer=None, name="index.js"):
    environment = {"AWS_EXECUTION_ENV": "AWS_Lambda_nodejs20.x", **(environment or {})}
    client = Client([NODE, INDEX], {name: source, **(files or {})}, handler, environment, layer)
    return client


@unittest.skipIf(NODE is None, "there is no Node.js on this machine")
class Case(unittest.TestCase):
    pass


class Invocations(Case):
    def test_events_and_results_are_json(self):
        with node("exports.handler = async (event) => event;") as client:
            for number, value in enumerate([None, True, -1.5, "é\u2028\"", [], {"a": {"b": [1]}}]):
                self.assertEqual(client.invoke(value, f"r{number}"), (value, "response"))
            text = "x" * (5 << 20)
            self.assertEqual(client.invoke({"t": text}, "large"), ({"t": text}, "response"))

    def test_every_form_of_handler(self):
        cases = {
            "exports.handler = (event, context, callback) => { callback(null, event + 1); };": 2,
            "exports.handler = (event, context, callback) => { setTimeout(() => callback(null, 'later'), 5); };": "later",
            "exports.handler = (event, context) => { context.succeed('succeeded'); };": "succeeded",
            "exports.handler = (event, context) => { context.done(null, 'done'); };": "done",
            "exports.handler = (event, context) => {};": None,
            "exports.handler = async () => {};": None,
            "exports.handler = () => new Promise((resolve) => setTimeout(resolve, 5, 'promised'));": "promised",
            # What is left in the event loop holds back a callback's answer, unless told not to.
            "let n = 0; exports.handler = (e, c, cb) => { setTimeout(() => { n = 'after'; }, 20); "
            "cb(null, { get toJSON() { return () => n; } }); };": "after",
            "let n = 'before'; exports.handler = (e, c, cb) => { c.callbackWaitsForEmptyEventLoop = false; "
            "setTimeout(() => { n = 'after'; }, 500); cb(null, { get toJSON() { return () => n; } }); };": "before",
        }
        for source, expected in cases.items():
            with self.subTest(source), node(source) as client:
                for request_id in ("r1", "r2"):
                    self.assertEqual(client.invoke(1, request_id), (expected, "response"))

    def test_the_context_has_every_member(self):
        source = ("exports.handler = async (event, context) => ({ ...context, left: context.getRemainingTimeInMillis() > 0,"
                  " trace: process.env._X_AMZN_TRACE_ID });")
        with node(source) as client:
            answer, _ = client.invoke({}, "first", [("Lambda-Runtime-Client-Context", '{"custom":{"k":"v"}}'),
                                                    ("Lambda-Runtime-Trace-Id", "Root=1")])
            self.assertEqual(answer, {
                "callbackWaitsForEmptyEventLoop": True, "functionVersion": "$LATEST", "functionName": "f",
                "memoryLimitInMB": "128", "logGroupName": "/aws/lambda/f", "logStreamName": "stream",
                "clientContext": {"custom": {"k": "v"}}, "invokedFunctionArn": "arn:f", "awsRequestId": "first",
                "left": True, "trace": "Root=1"})
            answer, _ = client.invoke({}, "second")
            self.assertNotIn("trace", answer)

    def test_errors(self):
        cases = {
            "exports.handler = async () => { throw new TypeError('bad'); };": ("TypeError", "bad"),
            "exports.handler = () => { throw new Error('thrown'); };": ("Error", "thrown"),
            "exports.handler = (e, c, callback) => callback(new RangeError('passed'));": ("RangeError", "passed"),
            "exports.handler = (e, c, callback) => callback('text');": ("string", "text"),
            "exports.handler = (e, c) => c.fail(new Error('failed'));": ("Error", "failed"),
            "exports.handler = async () => 1n;": ("Runtime.JSONStringifyError", "Unable to stringify response body"),
            "exports.handler = () => new Promise(() => {});":
                ("Runtime.NodeJsExit", "the handler has returned a promise that nothing will settle"),
        }
        for source, (error_type, message) in cases.items():
            with self.subTest(source), node(source) as client:
                for request_id in ("r1", "r2"):
                    report, kind = client.invoke({}, request_id)
                    self.assertEqual((kind, report["errorType"], report["errorMessage"]), ("error", error_type, message))
                self.assertIn("\tr1\tERROR\tInvoke Error \t{", client.output())

    def test_a_stack_is_in_the_report_and_the_log(self):
        with node("exports.handler = async () => { throw new Error('two\\nlines'); };") as client:
            report, _ = client.invoke({}, "r1")
            self.assertEqual(report["trace"][:2], ["Error: two", "lines"])
            self.assertIn(f"{client.task}/index.js:1:", report["trace"][2])
            line = client.output().split("\n")[0]
        _, request_id, level, heading, logged = line.split("\t", 4)
        self.assertEqual((request_id, level, heading), ("r1", "ERROR", "Invoke Error "))
        self.assertEqual(json.loads(logged)["stack"][:2], ["Error: two", "lines"])

    def test_what_nobody_catches_ends_the_process(self):
        later = "exports.handler = (e, c, cb) => { setTimeout(() => { %s }, 5); setTimeout(cb, 60000); };"
        with node(later % "throw new Error('late')") as client:
            report, kind = client.invoke({})
            self.assertEqual((kind, report["errorType"], report["errorMessage"]), ("error", "Error", "late"))
            self.assertIn("Uncaught Exception", client.output())
            self.assertEqual(client.process.returncode, 129)
        with node(later % "Promise.reject(new Error('unheard'))") as client:
            report, _ = client.invoke({})
            self.assertEqual((report["errorType"], report["errorMessage"]),
                             ("Runtime.UnhandledPromiseRejection", "Error: unheard"))
            client.output()
            self.assertEqual(client.process.returncode, 128)
        with node("exports.handler = () => process.exit(3);") as client:
            client.send({})
            client.output()
            self.assertEqual(client.process.returncode, 3)


class Handlers(Case):
    def test_are_found(self):
        plain = "exports.handler = async () => 'found'; exports.deep = { er: exports.handler };"
        module = "export const handler = async () => 'found';"
        top_level_await = "const word = await Promise.resolve('found'); export const handler = async () => word;"
        package = {"package.json": '{"type": "module"}'}
        for name, source, handler, files in (
                ("index.js", plain, "index.deep.er", {}), ("src/a/index.js", plain, "src/a/index.handler", {}),
                ("index.cjs", plain, "index.handler", package), ("index.mjs", module, "index.handler", {}),
                ("index.js", module, "index.handler", package), ("index.mjs", top_level_await, "index.handler", {}),
                ("index.mjs", "export default { handler: async () => 'found' };", "index.handler", {}),
                ("node_modules/lib/index.js", plain, "lib.handler", {})):
            with self.subTest(name=name, handler=handler), node(source, handler, files=files, name=name) as client:
                self.assertEqual(client.invoke({}), ("found", "response"))

    def test_failures_have_awss_names(self):
        cases = [
            ("", "index", "Runtime.MalformedHandlerName", "Bad handler"),
            ("", "../index.handler", "Runtime.MalformedHandlerName", "is not a valid handler name"),
            ("", "index.handler", "Runtime.HandlerNotFound", "index.handler is undefined or not exported"),
            ("exports.handler = 7;", "index.handler", "Runtime.HandlerNotFound", "index.handler is not a function"),
            ("", "absent.handler", "Runtime.ImportModuleError", "Error: Cannot find module 'absent'\nRequire stack:"),
            ("require('no-such')", "index.handler", "Runtime.ImportModuleError", "Error: Cannot find module 'no-such'"),
            ("exports.handler = (;", "index.handler", "Runtime.UserCodeSyntaxError", "SyntaxError: "),
            ("throw new RangeError('at load')", "index.handler", "RangeError", "at load"),
        ]
        for source, handler, error_type, message in cases:
            with self.subTest(error_type), node(source, handler) as client:
                report = client.init_error()
                self.assertEqual(report["errorType"], error_type)
                self.assertIn(message, report["errorMessage"])
                self.assertRegex(client.output(), r"\tundefined\tERROR\tUncaught Exception \t\{")
                self.assertEqual(client.process.returncode, 129)

    def test_callbacks_are_gone_in_24(self):
        environment = {"AWS_EXECUTION_ENV": "AWS_Lambda_nodejs24.x"}
        with node("exports.handler = (event, context, callback) => callback(null, 1);", environment=environment) as client:
            self.assertEqual(client.init_error()["errorType"], "Runtime.CallbackHandlerDeprecated")
        with node("exports.handler = async (event, context) => Object.keys(context).length;", environment=environment) as client:
            self.assertEqual(client.invoke({})[0], 10)

    def test_layers_by_node_path(self):
        layer = {"nodejs/node_modules/shared/index.js": "exports.where = 'layer';"}
        for name, source in (
                ("index.js", "const { where } = require('shared'); exports.handler = async () => where;"),
                ("index.mjs", "import { where } from 'shared'; export const handler = async () => where;")):
            client = Client(["sh", "-c", f'NODE_PATH="$_STATOR_LAYERS/nodejs/node_modules" exec {NODE} {INDEX}'],
                            {name: source}, "index.handler", {}, layer)
            with self.subTest(name), client:
                self.assertEqual(client.invoke({}), ("layer", "response"))


class Logs(Case):
    SOURCE = ("console.info('at the beginning');\n"
              "exports.handler = async () => {\n"
              "  console.log('a %s', 'b', { c: [1] }); console.error('two\\nlines'); console.debug('d'); console.warn('w');\n"
              "  console.log({ k: 1 }); console.error('because', new TypeError('t'));\n"
              "  process.stdout.write('raw\\n');\n};")

    def test_text(self):
        with node(self.SOURCE) as client:
            client.invoke({}, "r1")
            lines = client.output().split("\n")
        stamp = r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z"
        for line, rest in zip(lines, ("undefined\tINFO\tat the beginning", r"r1\tINFO\ta b \{ c: \[ 1 \] \}",
                                      "r1\tERROR\ttwo\rlines", "r1\tDEBUG\td", "r1\tWARN\tw", r"r1\tINFO\t\{ k: 1 \}",
                                      "r1\tERROR\tbecause TypeError: t\r    at .*")):
            self.assertRegex(line, rf"^{stamp}\t{rest}$")
        self.assertEqual(lines[7:], ["raw", ""])

    def test_json(self):
        with node(self.SOURCE, environment={"AWS_LAMBDA_LOG_FORMAT": "JSON", "AWS_LAMBDA_LOG_LEVEL": "INFO"}) as client:
            client.invoke({}, "r1")
            events = [json.loads(line) for line in client.output().split("\n") if line.startswith("{")]
        self.assertEqual([(event["level"], event["message"]) for event in events[:5]], [
            ("INFO", "at the beginning"), ("INFO", "a b { c: [ 1 ] }"), ("ERROR", "two\nlines"), ("WARN", "w"),
            ("INFO", {"k": 1})])
        self.assertNotIn("requestId", events[0])
        self.assertEqual((events[5]["requestId"], events[5]["errorType"], events[5]["errorMessage"]),
                         ("r1", "TypeError", "t"))


class Streams(Case):
    def stream(self, source, request_id="r1"):
        with node(f"exports.handler = awslambda.streamifyResponse(async (event, out, context) => {{ {source} }});") as client:
            client.send({}, request_id)
            answer = client.answer()
            client.send({}, "again")
            client.answer()  # it goes on
            return answer

    def test_pieces_arrive_as_one_stream(self):
        path, body, headers, trailers = self.stream(
            "out.setContentType('text/plain'); out.write('a'); await new Promise((r) => setTimeout(r, 5)); "
            "out.write(Buffer.from('b')); out.write({ c: 1 }); out.end();")
        self.assertEqual((path, body, trailers), ("invocation/r1/response", b'ab{"c":1}', {}))
        self.assertEqual(headers["Lambda-Runtime-Function-Response-Mode"], "streaming")
        self.assertEqual(headers["Content-Type"], "text/plain")

    def test_a_pipeline(self):
        path, body, _, _ = self.stream(
            "const { pipeline } = require('stream/promises'); "
            "await pipeline(require('stream').Readable.from([Buffer.alloc(200000, 'x'), 'y']), out);")
        self.assertEqual(body, b"x" * 200000 + b"y")

    def test_metadata_goes_ahead(self):
        _, body, headers, _ = self.stream(
            "out = awslambda.HttpResponseStream.from(out, { statusCode: 201, headers: { a: 'b' } }); "
            "out.write('body'); out.end();")
        self.assertEqual(headers["Content-Type"], "application/vnd.awslambda.http-integration-response")
        prelude, rest = body.split(b"\0" * 8)
        self.assertEqual((json.loads(prelude), rest), ({"statusCode": 201, "headers": {"a": "b"}}, b"body"))

    def test_an_error_in_the_middle_is_in_the_trailers(self):
        path, body, _, trailers = self.stream(
            "out.write('begun'); await new Promise((r) => setTimeout(r, 5)); throw new TypeError('broken');")
        self.assertEqual((path, body), ("invocation/r1/response", b"begun"))
        self.assertEqual(trailers["Lambda-Runtime-Function-Error-Type"], "TypeError")
        report = json.loads(base64.b64decode(trailers["Lambda-Runtime-Function-Error-Body"]))
        self.assertEqual(report["errorMessage"], "broken")

    def test_an_error_before_is_an_error(self):
        path, body, _, _ = self.stream("throw new TypeError('broken');")
        self.assertEqual((path, json.loads(body)["errorType"]), ("invocation/r1/error", "TypeError"))


if __name__ == "__main__":
    unittest.main()
