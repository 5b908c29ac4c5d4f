#pragma once

#include "stator/abi.h"

/*
 * The Lambda half of libstator_sdk.so.1, under the rules of stator/abi.h.
 */

#ifdef __cplusplus
extern "C" {
#endif

#pragma GCC visibility push(default)

/* ---- The runtime -------------------------------------------------------------------------- */

typedef struct stator1_invocation {
  size_t struct_size;
  stator1_text request_id;
  stator1_text function_arn;
  stator1_text trace_id;
  stator1_text client_context;
  stator1_text cognito_identity;
  stator1_text tenant_id;
  int64_t deadline_ms; /* milliseconds since 1970 */
  stator1_text payload;
} stator1_invocation;

typedef struct stator1_outcome stator1_outcome;
typedef void (*stator1_handler)(const stator1_invocation* invocation, stator1_outcome* outcome,
                                void* user);

/* Return addresses, innermost first. */
typedef struct stator1_stack {
  void* const* data;
  size_t size;
} stator1_stack;

enum { STATOR1_STACK_MAX = 64 };

/* Asks for invocations until the Runtime API goes away; answers the exit status. Outside Lambda,
 * where AWS_LAMBDA_RUNTIME_API is not set, it does what the process's own arguments say: see
 * --help. The handler must not throw, and calls one of the next two, or streams; neither is a
 * failure too. */
int stator1_run(stator1_handler handler, void* user) STATOR1_NOEXCEPT;
void stator1_succeed(stator1_outcome* outcome, stator1_text body,
                     stator1_text content_type) STATOR1_NOEXCEPT;
void stator1_fail(stator1_outcome* outcome, stator1_text type, stator1_text message,
                  stator1_stack stack) STATOR1_NOEXCEPT;
/* Reports that initialisation failed; answers the exit status. */
int stator1_init_failed(stator1_text type, stator1_text message,
                        stator1_stack stack) STATOR1_NOEXCEPT;

/* A type as a person reads it, out of its NUL-ended mangled name; answers the bytes written. */
size_t stator1_type_name(const char* mangled, char* out, size_t out_size) STATOR1_NOEXCEPT;

/* An answer in pieces instead of stator1_succeed. Begin once, then write; after either
 * stator1_fail still says that the answer broke off. 0 when nobody takes the bytes any more. */
int32_t stator1_stream_begin(stator1_outcome* outcome, stator1_text content_type) STATOR1_NOEXCEPT;
int32_t stator1_stream_write(stator1_outcome* outcome, stator1_text bytes) STATOR1_NOEXCEPT;

/* Calls `ring` once, on a thread of its own, at that moment (milliseconds since 1970), unless it is
 * freed first; freeing waits for a ring that has begun. Null when there is no thread to be had. */
typedef struct stator1_alarm stator1_alarm;
stator1_alarm* stator1_alarm_new(int64_t epoch_ms, void (*ring)(void*),
                                 void* user) STATOR1_NOEXCEPT;
void stator1_alarm_free(stator1_alarm* alarm) STATOR1_NOEXCEPT;

/* Before stator1_run: calls `callback` on SIGTERM, on a thread of its own, and then ends the
 * process. Inside Lambda it registers an internal extension, which is what makes Lambda send
 * SIGTERM. */
void stator1_on_shutdown(void (*callback)(void*), void* user) STATOR1_NOEXCEPT;

enum {
  STATOR1_TRACE = 0,
  STATOR1_DEBUG,
  STATOR1_INFO,
  STATOR1_WARN,
  STATOR1_ERROR_LEVEL,
  STATOR1_FATAL
};

typedef struct stator1_pair {
  stator1_text name;
  stator1_text value;
} stator1_pair;

typedef struct stator1_pairs {
  const stator1_pair* data;
  size_t size;
} stator1_pairs;

/* One line on standard output, in one write, as AWS_LAMBDA_LOG_FORMAT and AWS_LAMBDA_LOG_LEVEL
 * want it. */
void stator1_log(int32_t level, stator1_text message, stator1_pairs fields) STATOR1_NOEXCEPT;
/* The text as it is and a line end, in one write. */
void stator1_print_line(stator1_text line) STATOR1_NOEXCEPT;

/* ---- Requests over HTTP, and to authorizers ----------------------------------------------- */

enum { STATOR1_NO_HTTP_EVENT = 0, STATOR1_HTTP_EVENT = 1, STATOR1_AUTHORIZER_EVENT = 2 };

typedef struct stator1_http_request {
  int32_t kind;
  int32_t payload_version; /* 1 or 2 */
  stator1_text method;
  stator1_text path;
  stator1_text raw_query;
  stator1_text route_key; /* of 1.0 events "METHOD resource" */
  stator1_text stage;
  stator1_text source_ip;
  stator1_text request_id;
  stator1_text body; /* decoded when it came as base64 */
  stator1_pairs headers;
  stator1_pairs query;
  stator1_pairs path_parameters;
  stator1_pairs cookies;   /* names empty, one value each */
  stator1_text authorizer; /* JSON as it came; empty when there is none */
  stator1_text arn;        /* to an authorizer: routeArn or methodArn */
  stator1_text token;      /* to a TOKEN authorizer */
  stator1_pairs identity;  /* to a 2.0 authorizer: identitySource, names empty */
  stator1_text domain_name;
  stator1_pairs stage_variables;
} stator1_http_request;

/* Null, and a NUL-ended text in `problem`, for what is no such event: of API Gateway's payload
 * formats 2.0 and 1.0, of a function URL, or to an authorizer of either. */
const stator1_http_request* stator1_http_request_new(stator1_text event, char* problem,
                                                     size_t problem_size) STATOR1_NOEXCEPT;
void stator1_http_request_free(const stator1_http_request* request) STATOR1_NOEXCEPT;

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif
