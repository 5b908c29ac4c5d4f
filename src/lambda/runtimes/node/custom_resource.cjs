'use strict';
// The functions of custom resources answer at the ResponseURL of their event, and what is written for
// AWS (cfn-response, the handlers of CDK) calls https.request with the host and the path of that URL,
// whatever its scheme and port. stator's is plain http, so such requests go where the URL says.

const http = require('node:http');
const https = require('node:https');

const request = https.request;
let answersTo = null; // the newest event's URL

function isAnswer(options) {
  return answersTo !== null && options !== null && typeof options === 'object' && !(options instanceof URL) &&
    (options.hostname || options.host) === answersTo.hostname &&
    options.path === answersTo.pathname;
}

/** From now on a request to the host and path of `url` goes to its port, without TLS. */
exports.answerByHttp = function answerByHttp(url) {
  answersTo = new URL(url);
  if (https.request !== request) return;
  https.request = (options, ...rest) => {
    if (!isAnswer(options)) return request(options, ...rest);
    return http.request({ ...options, protocol: 'http:', port: answersTo.port, agent: undefined }, ...rest);
  };
  require('node:module').syncBuiltinESMExports();
};
