'use strict';
// The runtime of Node.js functions: takes events from the Runtime API and hands them to the handler.
//
// What runs before the first event is kept small, because every cold start pays for it: a bare
// socket instead of http, and what only some functions need (streaming, ES modules from layers) in
// files of their own.
//
// https://docs.aws.amazon.com/lambda/latest/dg/runtimes-api.html

const net = require('node:net');
const log = require('./log.cjs');

const API = '/2018-06-01/runtime';
const env = process.env;

// The Runtime API ------------------------------------------------------------------------------

/** One connection with one request at a time, kept open. */
class Api {
  constructor(address) {
    this.address = address;
    const colon = address.lastIndexOf(':');
    this.received = Buffer.alloc(0);
    this.waiting = null;
    this.socket = net.connect({ host: address.slice(0, colon), port: Number(address.slice(colon + 1)), noDelay: true });
    this.socket.on('data', (bytes) => this.take(bytes));
    // The server is gone, and this instance with it.
    this.socket.on('error', () => process.exit(1));
    this.socket.on('close', () => process.exit(1));
  }

  take(bytes) {
    this.received = this.received.length === 0 ? bytes : Buffer.concat([this.received, bytes]);
    const end = this.received.indexOf('\r\n\r\n');
    if (end < 0 || this.waiting === null) return;
    const [first, ...lines] = this.received.toString('latin1', 0, end).split('\r\n');
    const headers = {};
    for (const line of lines) {
      const colon = line.indexOf(':');
      headers[line.slice(0, colon).toLowerCase()] = line.slice(colon + 1).trim();
    }
    const length = Number(headers['content-length'] || 0);
    if (this.received.length < end + 4 + length) return;
    const body = this.received.subarray(end + 4, end + 4 + length);
    this.received = this.received.subarray(end + 4 + length);
    const answered = this.waiting;
    this.waiting = null;
    // While the function works, the connection must not keep the event loop from running empty.
    this.socket.unref();
    answered({ status: Number(first.split(' ', 2)[1]), headers, body });
  }

  /** The answer to the request that is being written. */
  answer() {
    this.socket.ref();
    return new Promise((answered) => {
      this.waiting = answered;
    });
  }

  head(method, path, headers) {
    return `${method} ${API}/${path} HTTP/1.1\r\nHost: ${this.address}\r\n${headers}\r\n`;
  }

  next() {
    const answer = this.answer();
    this.socket.write(this.head('GET', 'invocation/next', ''));
    return answer;
  }

  /** A refusal (413 and its like) has been turned into the function's error by the server. */
  post(path, text, headers) {
    const answer = this.answer();
    const body = Buffer.from(text);
    this.socket.cork();
    this.socket.write(this.head('POST', path, `${headers}Content-Length: ${body.length}\r\n`));
    this.socket.write(body);
    this.socket.uncork();
    return answer;
  }

  postError(path, error) {
    const report = log.errorReport(error);
    return this.post(path, JSON.stringify(report),
      'Content-Type: application/vnd.aws.lambda.error+json\r\n' +
      `Lambda-Runtime-Function-Error-Type: ${String(report.errorType).replace(/[^\x21-\x7e]/g, '?')}\r\n`);
  }
}

// The end of the event loop ------------------------------------------------------------------------

let onEmptyLoop = null; // called once when nothing is left to do

process.on('beforeExit', () => {
  const call = onEmptyLoop;
  onEmptyLoop = null;
  if (call !== null) call();
});

// What nobody catches ------------------------------------------------------------------------------

/** Tells `api` of the error at `path` (null: there is nobody to tell) and ends the process. */
function endWith(api, where, heading, error, code) {
  log.logError(heading, error);
  const path = where.path;
  if (path === null || api.waiting !== null) process.exit(code);
  where.path = null;
  api.postError(path, error).then(() => process.exit(code));
}

function watchForErrors(api, where) {
  process.on('uncaughtException', (error) => endWith(api, where, 'Uncaught Exception', error, 129));
  process.on('unhandledRejection', (reason, promise) => {
    const error = new log.RuntimeError('UnhandledPromiseRejection', String(reason));
    error.reason = reason;
    error.promise = promise;
    endWith(api, where, 'Unhandled Promise Rejection', error, 128);
  });
}

// An invocation ------------------------------------------------------------------------------------

function parseHeader(text, name) {
  if (!text) return undefined;
  try {
    return JSON.parse(Buffer.from(text, 'latin1').toString('utf8'));
  } catch (error) {
    throw new log.RuntimeError('PlatformError', `Failed to parse ${name} as JSON: ${error.message}`);
  }
}

/** https://docs.aws.amazon.com/lambda/latest/dg/nodejs-context.html */
function makeContext(headers) {
  const deadline = Number(headers['lambda-runtime-deadline-ms']);
  const context = {
    functionVersion: env.AWS_LAMBDA_FUNCTION_VERSION,
    functionName: env.AWS_LAMBDA_FUNCTION_NAME,
    memoryLimitInMB: env.AWS_LAMBDA_FUNCTION_MEMORY_SIZE,
    logGroupName: env.AWS_LAMBDA_LOG_GROUP_NAME,
    logStreamName: env.AWS_LAMBDA_LOG_STREAM_NAME,
    clientContext: parseHeader(headers['lambda-runtime-client-context'], 'lambda-runtime-client-context'),
    identity: parseHeader(headers['lambda-runtime-cognito-identity'], 'lambda-runtime-cognito-identity'),
    invokedFunctionArn: headers['lambda-runtime-invoked-function-arn'],
    awsRequestId: headers['lambda-runtime-aws-request-id'],
    getRemainingTimeInMillis: () => deadline - Date.now(),
  };
  const tenant = headers['lambda-runtime-aws-tenant-id'];
  if (tenant !== undefined) context.tenantId = tenant;
  return context;
}

const isPromise = (value) => value !== null && value !== undefined && typeof value.then === 'function';

/** Calls the handler; resolves to its result or rejects with its error. */
function callHandler(handler, event, context, hasCallbacks) {
  return new Promise((resolve, reject) => {
    let waits = true;
    let isSettled = false;
    const settle = (error, result) => {
      if (isSettled) return;
      isSettled = true;
      onEmptyLoop = null;
      if (error !== undefined && error !== null) reject(error);
      else resolve(result);
    };
    const callback = (error, result) => {
      // The first call counts. A result waits until the function has nothing more to do.
      if (isSettled) return;
      const failed = error !== undefined && error !== null;
      if (failed || !waits) return settle(error, result);
      onEmptyLoop = () => settle(null, result);
    };
    if (hasCallbacks) {
      Object.defineProperty(context, 'callbackWaitsForEmptyEventLoop',
        { enumerable: true, get: () => waits, set: (value) => { waits = Boolean(value); } });
      context.succeed = (result) => settle(null, result);
      context.fail = (error) => settle(error === undefined || error === null ? 'handled' : error);
      context.done = (error, result) => settle(error, result);
    }
    onEmptyLoop = () => settle(null, null);
    const result = hasCallbacks ? handler(event, context, callback) : handler(event, context);
    if (!isPromise(result)) return;
    if (!isSettled) {
      onEmptyLoop = () => settle(new log.RuntimeError('NodeJsExit',
        'the handler has returned a promise that nothing will settle'));
    }
    result.then((value) => settle(null, value), (error) => settle(error === undefined ? 'undefined' : error));
  });
}

function stringify(result) {
  try {
    const text = JSON.stringify(result === undefined ? null : result);
    return text === undefined ? 'null' : text;
  } catch {
    throw new log.RuntimeError('JSONStringifyError', 'Unable to stringify response body');
  }
}

async function answerBuffered(api, handler, path, event, context, hasCallbacks) {
  const text = stringify(await callHandler(handler, event, context, hasCallbacks));
  await api.post(`${path}/response`, text, 'Content-Type: application/json\r\n');
}

async function answerStreamed(api, handler, path, event, context) {
  const stream = require('./streaming.cjs').makeStream(api, `${path}/response`, handler);
  const emptied = new Promise((resolve) => { onEmptyLoop = resolve; });
  try {
    const result = handler(event, stream, context);
    if (!isPromise(result)) throw new Error('Streaming does not support non-async handlers.');
    if ((await Promise.race([result, emptied.then(() => undefined)])) !== undefined) {
      console.warn('Streaming handlers ignore return values.');
    }
    await Promise.race([stream.answered, emptied]);
    if (!stream.writableFinished) throw new Error('Response stream is not finished.');
  } catch (error) {
    if (!stream.hasBegun) throw error;
    log.logError('Invoke Error', error);
    await stream.fail(log.errorReport(error));
  } finally {
    onEmptyLoop = null;
  }
}

async function serve(api, handler, where) {
  const isStreaming = handler[Symbol.for('aws.lambda.runtime.handler.streaming')] === 'response';
  const hasCallbacks = majorVersion() < 24;
  for (;;) {
    where.path = null;
    const { status, headers, body } = await api.next();
    if (status !== 200) process.exit(1); // there is no more work for this instance
    const id = headers['lambda-runtime-aws-request-id'];
    const path = `invocation/${id}`;
    where.path = `${path}/error`;
    log.setRequestId(id);
    const traceId = headers['lambda-runtime-trace-id'];
    if (traceId !== undefined) env._X_AMZN_TRACE_ID = traceId;
    else delete env._X_AMZN_TRACE_ID;
    try {
      const context = makeContext(headers);
      const event = JSON.parse(body.toString('utf8'));
      if (event?.ResponseURL?.startsWith?.('http:')) require('./custom_resource.cjs').answerByHttp(event.ResponseURL);
      if (isStreaming) await answerStreamed(api, handler, path, event, context);
      else await answerBuffered(api, handler, path, event, context, hasCallbacks);
    } catch (error) {
      log.logError('Invoke Error', error);
      await api.postError(`${path}/error`, error);
    }
  }
}

// The beginning ------------------------------------------------------------------------------------

function majorVersion() {
  const found = /^AWS_Lambda_nodejs(\d+)\.x$/.exec(env.AWS_EXECUTION_ENV || '');
  return found === null ? Number(process.versions.node.split('.', 1)[0]) : Number(found[1]);
}

function setGlobals() {
  const streaming = Symbol.for('aws.lambda.runtime.handler.streaming');
  const highWaterMark = Symbol.for('aws.lambda.runtime.handler.streaming.highWaterMark');
  globalThis.awslambda = {
    streamifyResponse(handler, options) {
      handler[streaming] = 'response';
      if (options && options.highWaterMark) handler[highWaterMark] = parseInt(options.highWaterMark, 10);
      return handler;
    },
    HttpResponseStream: class HttpResponseStream {
      static from(stream, prelude) {
        stream.setPrelude(prelude);
        return stream;
      }
    },
  };
}

function checkHandler(handler) {
  if (majorVersion() >= 24 && handler.length >= 3 &&
      !handler[Symbol.for('aws.lambda.runtime.handler.streaming')]) {
    throw new log.RuntimeError('CallbackHandlerDeprecated',
      'ERROR: AWS Lambda has removed support for callback-based function handlers starting with Node.js 24. ' +
      'You need to modify this function to use a supported handler signature to use Node.js 24 or later. ' +
      'For more information see https://docs.aws.amazon.com/lambda/latest/dg/nodejs-handler.html.');
  }
  return handler;
}

async function main() {
  const api = new Api(env.AWS_LAMBDA_RUNTIME_API);
  const where = { path: 'init/error' };
  log.patchConsole();
  watchForErrors(api, where);
  setGlobals();
  try {
    const handler = require('./handler.cjs').load(env.LAMBDA_TASK_ROOT, env._HANDLER);
    await serve(api, checkHandler(isPromise(handler) ? await handler : handler), where);
  } catch (error) {
    endWith(api, where, 'Uncaught Exception', error, 129);
  }
}

main();
