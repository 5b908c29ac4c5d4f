'use strict';
// The function's console and the reports of its errors, in AWS's format.
// https://docs.aws.amazon.com/lambda/latest/dg/nodejs-logging.html

const fs = require('node:fs');
const { format } = require('node:util');

const LEVELS = ['TRACE', 'DEBUG', 'INFO', 'WARN', 'ERROR', 'FATAL'];
const isJson = (process.env.AWS_LAMBDA_LOG_FORMAT || '').toUpperCase() === 'JSON';

let requestId; // of the present invocation

exports.setRequestId = (id) => {
  requestId = id;
};

/** A failure that has a name of AWS's own: Runtime.ImportModuleError and its like. */
class RuntimeError extends Error {
  constructor(kind, message) {
    super(message);
    Object.defineProperty(this, 'name', { value: `Runtime.${kind}` });
  }
}
exports.RuntimeError = RuntimeError;

/** Writes one event of the log: a line feed would end it, so lines within are parted by \r. */
function writeEvent(text) {
  let bytes = Buffer.from(text.replace(/\r?\n/g, '\r') + '\n');
  while (bytes.length > 0) {
    try {
      bytes = bytes.subarray(fs.writeSync(1, bytes));
    } catch (error) {
      // process.stdout, once touched, makes the pipe non-blocking; it empties without our help.
      if (error.code !== 'EAGAIN') return;
      Atomics.wait(new Int32Array(new SharedArrayBuffer(4)), 0, 0, 1);
    }
  }
}

function describe(value) {
  return {
    errorType: (value.constructor && value.constructor.name) || 'UnknownError',
    errorMessage: value.message,
    stackTrace: typeof value.stack === 'string' ? value.stack.split('\n') : value.stack,
  };
}

function jsonEvent(level, message, rest) {
  const event = { timestamp: new Date().toISOString(), level, requestId };
  if (rest.length === 0) {
    event.message = message;
    try {
      return JSON.stringify(event, (_, value) =>
        value instanceof Error ? Object.assign(describe(value), value) : value);
    } catch {
      event.message = format(message);
      return JSON.stringify(event);
    }
  }
  event.message = format(message, ...rest);
  const error = rest.find((value) => value instanceof Error);
  return JSON.stringify(error === undefined ? event : Object.assign(event, describe(error)));
}

exports.patchConsole = () => {
  const least = isJson ? Math.max(0, LEVELS.indexOf((process.env.AWS_LAMBDA_LOG_LEVEL || '').toUpperCase())) : 0;
  const writerOf = (level) => {
    if (LEVELS.indexOf(level) < least) return () => {};
    if (isJson) return (message, ...rest) => writeEvent(jsonEvent(level, message, rest));
    return (...all) => writeEvent(`${new Date().toISOString()}\t${requestId}\t${level}\t${format(...all)}`);
  };
  for (const level of LEVELS) console[level.toLowerCase()] = writerOf(level);
  console.log = console.info;
};

const isError = (error) => error instanceof Error || (error !== null && typeof error === 'object' &&
  typeof error.name === 'string' && typeof error.message === 'string' && typeof error.stack === 'string');

/** {"errorType", "errorMessage", "trace"} */
exports.errorReport = (error) => {
  try {
    if (isError(error)) {
      return {
        errorType: String(error.name),
        errorMessage: String(error.message),
        trace: typeof error.stack === 'string' ? error.stack.split('\n') : [],
      };
    }
    return { errorType: typeof error, errorMessage: String(error), trace: [] };
  } catch {
    return {
      errorType: 'handled',
      errorMessage: 'callback called with Error argument, but there was a problem while retrieving one or more of ' +
        'its message, name, and stack',
      trace: [],
    };
  }
};

function withItsMembers(_, value) {
  if (!(value instanceof Error)) return value;
  const members = Object.assign({ errorType: value.name, errorMessage: value.message, code: value.code }, value);
  if (typeof value.stack === 'string') members.stack = value.stack.split('\n');
  return members;
}

/** A line with the heading and the error with its stack as JSON. */
exports.logError = (heading, thrown) => {
  const error = thrown instanceof Error ? thrown : new Error(String(thrown));
  if (isJson) {
    console.error(error);
    return;
  }
  let text;
  try {
    text = JSON.stringify(error, withItsMembers);
  } catch {
    text = JSON.stringify(exports.errorReport(error));
  }
  console.error(heading, `\t${text}`);
};
