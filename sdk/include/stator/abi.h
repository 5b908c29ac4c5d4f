#pragma once

#include <stddef.h>
#include <stdint.h>

/*
 * The whole interface of libstator_sdk.so.1: plain C, so that a function built by one compiler runs
 * with a layer built by another. No C++ type and no exception crosses it. Programs do not use it
 * directly: the headers in stator/, ddb/ and lambda/ are thin C++ over it.
 *
 * A stator1_text is borrowed: it is valid for the duration of the call it is passed to, unless the
 * function says otherwise. Nothing here is NUL-terminated unless it says so.
 */

#ifdef __cplusplus
#define STATOR1_NOEXCEPT noexcept
extern "C" {
#else
#define STATOR1_NOEXCEPT
#endif

typedef struct stator1_text {
  const char* data;
  size_t size;
} stator1_text;

#pragma GCC visibility push(default)

/* ---- JSON ------------------------------------------------------------------------------- */

enum {
  STATOR1_JSON_ERROR = 0,
  STATOR1_JSON_END,
  STATOR1_JSON_BEGIN_OBJECT,
  STATOR1_JSON_END_OBJECT,
  STATOR1_JSON_BEGIN_ARRAY,
  STATOR1_JSON_END_ARRAY,
  STATOR1_JSON_KEY,
  STATOR1_JSON_STRING,
  STATOR1_JSON_NUMBER,
  STATOR1_JSON_TRUE,
  STATOR1_JSON_FALSE,
  STATOR1_JSON_NULL
};

enum { STATOR1_JSON_DEPTH_MAX = 256 };

/* A position in a JSON text. Its members belong to the library. */
typedef struct stator1_json {
  const char* begin;
  const char* at;
  const char* end;
  uint64_t in_object[STATOR1_JSON_DEPTH_MAX / 64];
  uint32_t depth;
  uint32_t expects;
} stator1_json;

typedef struct stator1_token {
  int32_t kind;
  int32_t escaped;   /* a key or string with escapes in it: pass it to stator1_json_unescape */
  stator1_text text; /* a key's or string's inside, a number's digits; an error's NUL-ended text */
} stator1_token;

/* Reads RFC 8259 strictly, UTF-8 included, without allocating. An error is final. */
void stator1_json_start(stator1_json* json, stator1_text text) STATOR1_NOEXCEPT;
void stator1_json_next(stator1_json* json, stator1_token* token) STATOR1_NOEXCEPT;
/* `out` holds at least raw.size bytes; answers the bytes written. */
size_t stator1_json_unescape(stator1_text raw, char* out) STATOR1_NOEXCEPT;
/* Escapes the front of `text` into `out` (at least 8 bytes), moves `text` past what it took and
 * answers the bytes written. Bytes that are not UTF-8 become U+FFFD and set *replaced. */
size_t stator1_json_escape(stator1_text* text, char* out, size_t out_size,
                           int32_t* replaced) STATOR1_NOEXCEPT;

/* The shortest text that reads back as the same number; `out` holds at least 32 bytes. Here,
 * because it would be 30 KB in every function. */
size_t stator1_double_text(double number, char* out) STATOR1_NOEXCEPT;
/* The whole text as a number; 0 when it is none. */
int32_t stator1_parse_double(stator1_text text, double* number) STATOR1_NOEXCEPT;

/* ---- Small tools ------------------------------------------------------------------------ */

enum { STATOR1_BASE64 = 0, STATOR1_BASE64_URL = 1 };

/* `out` holds at least (size + 2) / 3 * 4 bytes. The URL form has no padding. */
size_t stator1_base64_encode(stator1_text bytes, int32_t alphabet, char* out) STATOR1_NOEXCEPT;
/* `out` holds at least text.size bytes. Answers (size_t)-1 for what is not strict base64. */
size_t stator1_base64_decode(stator1_text text, int32_t alphabet, char* out) STATOR1_NOEXCEPT;
int32_t stator1_utf8_valid(stator1_text text) STATOR1_NOEXCEPT;
/* Bytes of the kernel's random source; never fails, ends the process if the kernel has none. */
void stator1_random(void* out, size_t size) STATOR1_NOEXCEPT;
void stator1_sleep_ms(uint32_t ms) STATOR1_NOEXCEPT;
/* Milliseconds since 1970. */
int64_t stator1_now_ms(void) STATOR1_NOEXCEPT;
/* 24 bytes: 2026-01-02T03:04:05.678Z */
void stator1_format_time(int64_t epoch_ms, char* out) STATOR1_NOEXCEPT;

/* Exact decimals of up to 38 digits, 1E-130 to 9.9...E+125. `out` holds at least 64 bytes; answers
 * the bytes written, or (size_t)-1 for what is no such number, or has no such result. */
size_t stator1_number_canonical(stator1_text text, char* out) STATOR1_NOEXCEPT;
size_t stator1_number_add(stator1_text a, stator1_text b, char* out) STATOR1_NOEXCEPT;
size_t stator1_number_multiply(stator1_text a, stator1_text b, char* out) STATOR1_NOEXCEPT;
enum { STATOR1_NO_NUMBER = 2 };
/* -1, 0 or 1, or STATOR1_NO_NUMBER. */
int32_t stator1_number_compare(stator1_text a, stator1_text b) STATOR1_NOEXCEPT;

/* ---- DynamoDB client -------------------------------------------------------------------- */

enum {
  STATOR1_OK = 0,
  STATOR1_CONDITION_FAILED,
  STATOR1_THROTTLED,
  STATOR1_INVALID,         /* the service refused the request as wrong */
  STATOR1_TABLE_NOT_FOUND, /* the table, not the item */
  STATOR1_ACCESS_DENIED,   /* permissions or signature */
  STATOR1_CONFLICT,        /* a transaction or another change is in the way */
  STATOR1_TOO_LARGE,       /* collection or reply over its limit */
  STATOR1_UNAVAILABLE,     /* no usable answer after all attempts */
  STATOR1_CONFIGURATION,   /* endpoint, region, credentials or TLS of this process */
  STATOR1_BAD_REPLY,       /* an answer that makes no sense */
  STATOR1_DECODE,          /* an item that does not fit the model */
  STATOR1_BAD_CURSOR,
  STATOR1_OTHER,
  STATOR1_CANCELLED /* a transaction; the body has the reasons */
};

typedef struct stator1_client stator1_client;

/* Empty texts and zeros mean: from the environment, else the default. */
typedef struct stator1_client_options {
  size_t struct_size; /* sizeof(stator1_client_options), so that it can grow */
  stator1_text endpoint;
  stator1_text region;
  stator1_text access_key_id;
  stator1_text secret_access_key;
  stator1_text session_token;
  uint32_t attempts_max;
  uint32_t connect_timeout_ms;
  uint32_t attempt_timeout_ms;
  uint32_t pipeline_max; /* started calls that may leave together; 0: 8, over TLS 1 */
} stator1_client_options;

typedef struct stator1_reply {
  int32_t code;
  int32_t http_status; /* 0 when no answer came */
  uint32_t attempts;
  stator1_text type; /* the service's exception, e.g. ValidationException */
  stator1_text message;
  stator1_text request_id;
  stator1_text body; /* of a success, or of an error for what it carries besides */
} stator1_reply;

typedef void (*stator1_on_reply)(const stator1_reply* reply, void* user);

/* Never null; what is wrong with the options is answered by every call. */
stator1_client* stator1_client_new(const stator1_client_options* options) STATOR1_NOEXCEPT;
void stator1_client_free(stator1_client* client) STATOR1_NOEXCEPT;
/* One operation, e.g. "PutItem", with retries. Calls `on_reply` exactly once, before it returns;
 * the callback must not throw. Any thread. */
void stator1_client_call(stator1_client* client, stator1_text operation, stator1_text body,
                         stator1_on_reply on_reply, void* user) STATOR1_NOEXCEPT;

/* What one call may have otherwise than its client; zeros mean: as the client. */
typedef struct stator1_call_options {
  size_t struct_size;
  uint32_t attempts_max;
  uint32_t attempt_timeout_ms;
} stator1_call_options;

/* As stator1_client_call. `options` may be null. */
void stator1_client_call_with(stator1_client* client, stator1_text operation, stator1_text body,
                              const stator1_call_options* options, stator1_on_reply on_reply,
                              void* user) STATOR1_NOEXCEPT;
/* As stator1_client_call_with, and returns at once: `on_reply` is called exactly once, on a thread of
 * the library's, and may start further calls. Up to four connections are used; with 1024 calls
 * waiting it is the caller who waits. stator1_client_free waits for what was started. */
void stator1_client_start(stator1_client* client, stator1_text operation, stator1_text body,
                          const stator1_call_options* options, stator1_on_reply on_reply,
                          void* user) STATOR1_NOEXCEPT;
/* How long to wait before asking again for what a batch left over, by chance: attempt 1 is the
 * first time. */
uint32_t stator1_backoff_ms(uint32_t attempt) STATOR1_NOEXCEPT;

#pragma GCC visibility pop

#ifdef __cplusplus
}
#endif
