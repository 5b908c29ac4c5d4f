#include "core/client.hpp"

#include <poll.h>

#include <algorithm>

#include "core/call_queue.hpp"
#include "core/text.hpp"
#include "core/trace.hpp"
#include "stator/json.hpp"

namespace stator::sdk {
namespace {

constexpr std::size_t kIdleConnectionsMax = 8;
constexpr std::uint32_t kAttemptsDefault = 4;
constexpr std::uint32_t kAttemptsMax = 20;
constexpr std::uint32_t kConnectTimeoutMs = 3000;
constexpr std::uint32_t kAttemptTimeoutMs = 10'000;
constexpr std::uint32_t kPipelineMax = 8;

std::string first_of(std::string given, std::initializer_list<const char*> names) {
  for (const char* name : names) {
    if (!given.empty()) break;
    given = environment(name);
  }
  return given;
}

ClientOptions completed(ClientOptions options) {
  options.region = first_of(std::move(options.region), {"AWS_REGION", "AWS_DEFAULT_REGION"});
  options.endpoint =
      first_of(std::move(options.endpoint), {"AWS_ENDPOINT_URL_DYNAMODB", "AWS_ENDPOINT_URL"});
  if (options.endpoint.empty() && !options.region.empty()) {
    const bool china = options.region.starts_with("cn-");
    options.endpoint =
        "https://dynamodb." + options.region + (china ? ".amazonaws.com.cn" : ".amazonaws.com");
  }
  if (options.attempts_max == 0) {
    std::uint64_t wanted = 0;
    const bool good = parse_unsigned(environment("AWS_MAX_ATTEMPTS"), &wanted) && wanted > 0;
    options.attempts_max =
        good ? static_cast<std::uint32_t>(std::min<std::uint64_t>(wanted, 1000)) : kAttemptsDefault;
  }
  options.attempts_max = std::min(options.attempts_max, kAttemptsMax);
  if (options.connect_timeout_ms == 0) options.connect_timeout_ms = kConnectTimeoutMs;
  if (options.attempt_timeout_ms == 0) options.attempt_timeout_ms = kAttemptTimeoutMs;
  return options;
}

Reply reply_of(const Failure& failure) {
  Reply reply;
  reply.code = failure.code;
  reply.message = failure.message;
  return reply;
}

// "com.amazonaws.dynamodb.v20120810#ValidationException" -> "ValidationException"
std::string short_type(std::string_view type) {
  const std::size_t mark = type.rfind('#');
  return std::string(mark == std::string_view::npos ? type : type.substr(mark + 1));
}

// Services write "message" or "Message", by the kind of error.
void read_error(Reply& reply) {
  JsonReader json(reply.body);
  std::string type;
  json.object([&](std::string_view name) {
    if (name == "__type") return json.read(type);
    if ((name == "message" || name == "Message") && json.at(STATOR1_JSON_STRING)) {
      return json.read(reply.message);
    }
    return json.skip();
  });
  reply.type = short_type(type);
  if (reply.type.empty()) {
    reply.message = "HTTP status " + std::to_string(reply.http_status) + " without an AWS error";
  }
}

Reply reply_of(HttpAnswer answer) {
  Reply reply;
  reply.http_status = answer.status;
  reply.request_id = answer.header("x-amzn-requestid");
  const std::string_view sum = answer.header("x-amz-crc32");
  std::uint64_t expected = 0;
  if (!sum.empty() && (!parse_unsigned(sum, &expected) || expected != crc32(answer.body))) {
    reply.code = STATOR1_UNAVAILABLE;
    reply.message = "the answer does not match its checksum";
    return reply;
  }
  reply.body = std::move(answer.body);
  if (answer.status == 200) return reply;
  read_error(reply);
  reply.code = judge(reply.http_status, reply.type).code;
  return reply;
}

}  // namespace

Verdict judge(int http_status, std::string_view type) {
  static constexpr struct {
    std::string_view type;
    int code;
    bool retry;
  } kKnown[] = {
      {"ConditionalCheckFailedException", STATOR1_CONDITION_FAILED, false},
      {"ProvisionedThroughputExceededException", STATOR1_THROTTLED, true},
      {"RequestLimitExceeded", STATOR1_THROTTLED, true},
      {"ThrottlingException", STATOR1_THROTTLED, true},
      {"ValidationException", STATOR1_INVALID, false},
      {"SerializationException", STATOR1_INVALID, false},
      {"ResourceNotFoundException", STATOR1_TABLE_NOT_FOUND, false},
      {"AccessDeniedException", STATOR1_ACCESS_DENIED, false},
      {"UnrecognizedClientException", STATOR1_ACCESS_DENIED, false},
      {"InvalidSignatureException", STATOR1_ACCESS_DENIED, false},
      {"IncompleteSignatureException", STATOR1_ACCESS_DENIED, false},
      {"MissingAuthenticationTokenException", STATOR1_ACCESS_DENIED, false},
      {"ExpiredTokenException", STATOR1_ACCESS_DENIED, false},
      {"TransactionConflictException", STATOR1_CONFLICT, false},
      {"TransactionCanceledException", STATOR1_CANCELLED, false},
      {"TransactionInProgressException", STATOR1_CONFLICT, true},
      {"ReplicatedWriteConflictException", STATOR1_CONFLICT, true},
      {"ItemCollectionSizeLimitExceededException", STATOR1_TOO_LARGE, false},
  };
  for (const auto& known : kKnown) {
    if (known.type == type) return {known.code, known.retry};
  }
  if (http_status >= 500) return {STATOR1_UNAVAILABLE, true};
  if (http_status == 429) return {STATOR1_THROTTLED, true};
  if (http_status == 413) return {STATOR1_TOO_LARGE, false};
  return {STATOR1_OTHER, false};
}

std::uint32_t backoff_ms(std::uint32_t attempt, std::uint32_t random) {
  constexpr std::uint32_t kFirstMs = 50;
  constexpr std::uint32_t kLongestMs = 2000;
  const std::uint32_t bound = std::min(kLongestMs, kFirstMs << std::min(attempt - 1, 10u));
  return random % (bound + 1);
}

DynamoClient::DynamoClient(const ClientOptions& options)
    : options_(completed(options)),
      wrong_{STATOR1_OK, {}},
      credentials_(options.credentials),
      signer_({options_.region, "dynamodb"}) {
  if (options_.region.empty()) {
    wrong_ = {STATOR1_CONFIGURATION, "no region: set AWS_REGION"};
    return;
  }
  auto url = parse_url(options_.endpoint);
  if (url) {
    url_ = *url;
  } else {
    wrong_ = url.error();
  }
}

DynamoClient::Limits DynamoClient::limits_of(const CallLimits& limits) const {
  return {limits.attempts_max == 0 ? options_.attempts_max
                                   : std::min(limits.attempts_max, kAttemptsMax),
          limits.attempt_timeout_ms == 0 ? options_.attempt_timeout_ms : limits.attempt_timeout_ms};
}

Reply DynamoClient::call(std::string_view operation, std::string_view body,
                         const CallLimits& limits) {
  if (wrong_.code != STATOR1_OK) return reply_of(wrong_);
  return persist({operation, body, limits}, nullptr);
}

Reply DynamoClient::persist(const QueuedCall& call, const Reply* first) {
  const Limits limits = limits_of(call.limits);
  for (std::uint32_t attempts = 1;; ++attempts) {
    bool fresh = true;
    Reply reply = attempts == 1 && first != nullptr
                      ? *first
                      : attempt(call.operation, call.body, limits.timeout_ms, &fresh);
    reply.attempts = attempts;
    const bool retry =
        reply.code == STATOR1_UNAVAILABLE || judge(reply.http_status, reply.type).retry;
    if (reply.code == STATOR1_OK || !retry || attempts >= limits.attempts_max) return reply;
    // A kept connection that turns out dead says nothing about the server's health.
    if (!fresh && reply.http_status == 0) continue;
    stator1_sleep_ms(stator1_backoff_ms(attempts));
  }
}

std::uint32_t DynamoClient::pipeline_max() const {
  if (options_.pipeline_max != 0) return std::min(options_.pipeline_max, kPipelineMax);
  return url_.tls ? 1 : kPipelineMax;
}

std::vector<Reply> DynamoClient::call_together(const std::vector<QueuedCall>& calls) {
  std::vector<Reply> replies;
  if (calls.size() > 1 && wrong_.code == STATOR1_OK) replies = first_replies(calls);
  for (std::size_t i = 0; i < calls.size(); ++i) {
    if (i == replies.size()) {
      // None of this call's own failures stands in the way of its attempts.
      replies.push_back(call(calls[i].operation, calls[i].body, calls[i].limits));
    } else {
      replies[i] = persist(calls[i], &replies[i]);
    }
  }
  return replies;
}

// The answers that came; those after a broken one are missing.
std::vector<Reply> DynamoClient::first_replies(const std::vector<QueuedCall>& calls) {
  std::vector<Reply> replies;
  auto keys = credentials_.get();
  bool fresh = true;
  auto connection = keys ? take_connection(&fresh) : Failure();
  if (!connection) return replies;
  std::vector<Headers> headers;
  std::uint32_t timeout_ms = 0;
  for (const QueuedCall& call : calls) {
    headers.push_back(signed_headers(*keys, call.operation, call.body));
    timeout_ms = std::max(timeout_ms, limits_of(call.limits).timeout_ms);
  }
  std::vector<HttpCall> requests;
  for (std::size_t i = 0; i < calls.size(); ++i) {
    requests.push_back({"POST", url_.path, headers[i], calls[i].body});
  }
  const Deadline deadline = after_ms(timeout_ms);
  if (auto sent = (*connection)->send_together(requests, deadline); !sent) return replies;
  while (replies.size() < calls.size()) {
    auto answer = (*connection)->receive(deadline);
    if (!answer) return replies;
    replies.push_back(reply_of(std::move(*answer)));
  }
  give_back(std::move(*connection));
  return replies;
}

Reply DynamoClient::attempt(std::string_view operation, std::string_view body,
                            std::uint32_t timeout_ms, bool* fresh) {
  auto keys = credentials_.get();
  if (!keys) return reply_of(keys.error());
  auto connection = take_connection(fresh);
  if (!connection) return reply_of(connection.error());
  const Headers headers = signed_headers(*keys, operation, body);
  auto answer = (*connection)->exchange({"POST", url_.path, headers, body}, after_ms(timeout_ms));
  if (!answer) return reply_of(answer.error());
  give_back(std::move(*connection));
  return reply_of(std::move(*answer));
}

Headers DynamoClient::signed_headers(const Credentials& keys, std::string_view operation,
                                     std::string_view body) {
  const std::string date = amz_date(stator1_now_ms());
  Headers headers{{"content-type", "application/x-amz-json-1.0"},
                  {"host", url_.authority()},
                  {"x-amz-date", date}};
  if (!keys.session_token.empty()) {
    headers.emplace_back("x-amz-security-token", keys.session_token);
  }
  headers.emplace_back("x-amz-target", "DynamoDB_20120810." + std::string(operation));
  std::string authorization =
      signer_.authorization(keys, {"POST", url_.path, {}, headers, body}, date);
  headers.emplace_back("authorization", std::move(authorization));
  // Not signed, as the AWS SDKs do not sign it.
  if (auto trace = trace_id(); !trace.empty()) {
    headers.emplace_back("x-amzn-trace-id", std::move(trace));
  }
  return headers;
}

Outcome<std::unique_ptr<HttpConnection>> DynamoClient::take_connection(bool* fresh) {
  {
    const std::scoped_lock lock(mutex_);
    while (!idle_.empty()) {
      auto connection = std::move(idle_.back());
      idle_.pop_back();
      if (!connection->usable()) continue;
      *fresh = false;
      return connection;
    }
  }
  auto stream = connect(url_, after_ms(options_.connect_timeout_ms));
  if (!stream) return stream.error();
  return std::make_unique<HttpConnection>(std::move(stream).value());
}

void DynamoClient::give_back(std::unique_ptr<HttpConnection> connection) {
  const std::scoped_lock lock(mutex_);
  if (idle_.size() < kIdleConnectionsMax) idle_.push_back(std::move(connection));
}

}  // namespace stator::sdk

// The client's part of stator/abi.h.
using namespace stator::sdk;  // NOLINT: the functions below are these classes' C names

struct stator1_client {
  explicit stator1_client(const ClientOptions& options) : client(options), queue(client) {}
  DynamoClient client;
  CallQueue queue;  // ends before what it calls
};

extern "C" {

stator1_client* stator1_client_new(const stator1_client_options* given) noexcept {
  ClientOptions options;
  options.endpoint = view(given->endpoint);
  options.region = view(given->region);
  options.credentials = {std::string(view(given->access_key_id)),
                         std::string(view(given->secret_access_key)),
                         std::string(view(given->session_token))};
  options.attempts_max = given->attempts_max;
  options.connect_timeout_ms = given->connect_timeout_ms;
  options.attempt_timeout_ms = given->attempt_timeout_ms;
  // Programs of the first form of these options have no member after this one.
  if (given->struct_size >= sizeof(stator1_client_options)) {
    options.pipeline_max = given->pipeline_max;
  }
  return new stator1_client(options);
}

void stator1_client_free(stator1_client* client) noexcept {
  delete client;
}

void stator1_client_call_with(stator1_client* client, stator1_text operation, stator1_text body,
                              const stator1_call_options* options, stator1_on_reply on_reply,
                              void* user) noexcept {
  CallLimits limits;
  if (options != nullptr) limits = {options->attempts_max, options->attempt_timeout_ms};
  hand_over(client->client.call(view(operation), view(body), limits), on_reply, user);
}

void stator1_client_start(stator1_client* client, stator1_text operation, stator1_text body,
                          const stator1_call_options* options, stator1_on_reply on_reply,
                          void* user) noexcept {
  CallLimits limits;
  if (options != nullptr) limits = {options->attempts_max, options->attempt_timeout_ms};
  client->queue.start(
      {std::string(view(operation)), std::string(view(body)), limits, on_reply, user});
}

void stator1_client_call(stator1_client* client, stator1_text operation, stator1_text body,
                         stator1_on_reply on_reply, void* user) noexcept {
  stator1_client_call_with(client, operation, body, nullptr, on_reply, user);
}

uint32_t stator1_backoff_ms(uint32_t attempt) noexcept {
  std::uint32_t random = 0;
  stator1_random(&random, sizeof random);
  return backoff_ms(std::max(attempt, 1u), random);
}

void stator1_sleep_ms(uint32_t ms) noexcept {
  const std::int64_t end = monotonic_ms() + ms;
  for (std::int64_t left = ms; left > 0; left = end - monotonic_ms()) {
    poll(nullptr, 0, static_cast<int>(std::min<std::int64_t>(left, 60'000)));
  }
}

}  // extern "C"
