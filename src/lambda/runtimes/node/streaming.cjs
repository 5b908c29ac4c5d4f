'use strict';
// A response that is sent while the handler still writes it.
// https://docs.aws.amazon.com/lambda/latest/dg/configuration-response-streaming.html

const { Writable } = require('node:stream');
const { RuntimeError } = require('./log.cjs');

const HIGH_WATER_MARK = 64 * 1024;
const PRELUDE_TYPE = 'application/vnd.awslambda.http-integration-response';
const PRELUDE_END = Buffer.alloc(8);

class ResponseStream extends Writable {
  constructor(api, path, highWaterMark) {
    super({ highWaterMark, decodeStrings: true });
    this.api = api;
    this.path = path;
    this.type = 'application/octet-stream';
    this.prelude = null;
    this.hasBegun = false;
    this.answered = new Promise((resolve) => { this.resolveAnswered = resolve; });
  }

  setContentType(type) {
    if (this.hasBegun) throw new RuntimeError('InvalidStreamingOperation', 'Cannot set content-type, too late.');
    this.type = type;
  }

  /** What HttpResponseStream.from gives: statusCode, headers and cookies, sent ahead of the body. */
  setPrelude(prelude) {
    this.setContentType(PRELUDE_TYPE);
    this.prelude = Buffer.concat([Buffer.from(JSON.stringify(prelude)), PRELUDE_END]);
  }

  write(chunk, ...rest) {
    const isPlain = typeof chunk === 'string' || chunk instanceof Uint8Array || chunk === null || chunk === undefined;
    return super.write(isPlain ? chunk : JSON.stringify(chunk), ...rest);
  }

  begin() {
    if (this.hasBegun) return;
    this.hasBegun = true;
    this.api.answer().then((answer) => this.resolveAnswered(answer));
    this.api.socket.write(this.api.head('POST', this.path,
      `Content-Type: ${this.type}\r\nLambda-Runtime-Function-Response-Mode: streaming\r\n` +
      'Transfer-Encoding: chunked\r\n' +
      'Trailer: Lambda-Runtime-Function-Error-Type, Lambda-Runtime-Function-Error-Body\r\n'));
    if (this.prelude !== null) this.send(this.prelude);
  }

  send(bytes, sent) {
    const { socket } = this.api;
    socket.cork();
    socket.write(`${bytes.length.toString(16)}\r\n`);
    socket.write(bytes);
    socket.write('\r\n', sent);
    socket.uncork();
  }

  _write(chunk, _, written) {
    this.begin();
    if (chunk.length === 0) written();
    else this.send(chunk, written);
  }

  _final(finished) {
    this.begin();
    this.api.socket.write('0\r\n\r\n');
    this.answered.then(() => finished());
  }

  /** Ends what has begun with an error in its trailers; resolves when the server has it. */
  fail(report) {
    if (this.writableEnded) return this.answered;
    this.api.socket.write(
      `0\r\nLambda-Runtime-Function-Error-Type: ${String(report.errorType).replace(/[^\x21-\x7e]/g, '?')}\r\n` +
      `Lambda-Runtime-Function-Error-Body: ${Buffer.from(JSON.stringify(report)).toString('base64')}\r\n\r\n`);
    this.destroy();
    return this.answered;
  }
}

exports.makeStream = (api, path, handler) => new ResponseStream(api, path,
  handler[Symbol.for('aws.lambda.runtime.handler.streaming.highWaterMark')] || HIGH_WATER_MARK);
