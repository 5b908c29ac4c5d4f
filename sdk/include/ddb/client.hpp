#pragma once

#include <cstdint>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>

#include "ddb/error.hpp"
#include "ddb/operations.hpp"
#include "stator/json.hpp"

namespace ddb {

/// Empty and zero mean: from the environment, as the AWS SDKs read it, else the default.
struct ClientOptions {
  std::string endpoint;  ///< AWS_ENDPOINT_URL_DYNAMODB, AWS_ENDPOINT_URL, else the region's
  std::string region;    ///< AWS_REGION, AWS_DEFAULT_REGION
  std::string access_key_id, secret_access_key, session_token;
  std::uint32_t attempts_max = 0;        ///< AWS_MAX_ATTEMPTS, else 4
  std::uint32_t connect_timeout_ms = 0;  ///< 3000
  std::uint32_t attempt_timeout_ms = 0;  ///< 10000
  std::uint32_t pipeline_max = 0;        ///< of ddb/async.hpp: calls in one write; 8, over TLS 1
};

/// What single calls may have otherwise than their client; 0 means: as the client.
struct CallOptions {
  std::uint32_t attempts_max = 0;
  std::uint32_t attempt_timeout_ms = 0;
  /// How often a batch asks for what the service left over, after waits that double; 8.
  std::uint32_t batch_rounds_max = 0;
};

/// What hooks are told of a call.
struct CallInfo {
  std::string_view operation;
  std::string_view body;
};
struct CallOutcome {
  const Error* error = nullptr;  ///< null when it went well
  std::string_view body;
  std::string_view request_id;
  std::uint32_t attempts = 0;
};
/// Called around every call, on the thread that makes it. What they throw is dropped.
struct Hooks {
  std::function<void(const CallInfo&)> before;
  std::function<void(const CallInfo&, const CallOutcome&)> after;
};

template <class T>
class Table;

namespace detail {

inline CancellationReason::Code cancellation_code(std::string_view type) {
  using Code = CancellationReason::Code;
  static constexpr std::pair<std::string_view, Code> kCodes[] = {
      {"None", Code::kNone},
      {"ConditionalCheckFailed", Code::kConditionFailed},
      {"TransactionConflict", Code::kConflict},
      {"ProvisionedThroughputExceeded", Code::kThrottled},
      {"ThrottlingError", Code::kThrottled},
      {"ItemCollectionSizeLimitExceeded", Code::kTooLarge},
      {"ValidationError", Code::kInvalid},
      {"DuplicateItem", Code::kDuplicate}};
  for (const auto& [name, code] : kCodes) {
    if (name == type) return code;
  }
  return Code::kOther;
}

/// The reasons in the body of a TransactionCanceledException, one for each operation.
inline std::vector<CancellationReason> read_reasons(std::string_view body) {
  std::vector<CancellationReason> reasons;
  JsonReader json(body);
  const auto text = [&](std::string& out) {
    return json.take_null() || (json.at(STATOR1_JSON_STRING) ? json.read(out) : json.skip());
  };
  json.object([&](std::string_view name) {
    if (name != "CancellationReasons") return json.skip();
    return json.array([&] {
      CancellationReason& reason = reasons.emplace_back();
      return json.object([&](std::string_view part) {
        if (part == "Code") return text(reason.type);
        if (part == "Message") return text(reason.message);
        std::string_view slice;
        if (!json.skip(&slice)) return false;
        if (part == "Item") reason.old_item_json = slice;
        return true;
      });
    });
  });
  for (CancellationReason& reason : reasons) {
    reason.code =
        reason.type.empty() ? CancellationReason::Code::kNone : cancellation_code(reason.type);
  }
  return reasons;
}

/// What came of a call, out of the library's form into this program's.
struct RawReply {
  std::optional<Result<std::string>> result;
  std::string request_id;
  std::uint32_t attempts = 0;

  static void take(const stator1_reply* reply, void* user) {
    using stator::sdk::view_of;
    auto& out = *static_cast<RawReply*>(user);
    out.request_id = view_of(reply->request_id);
    out.attempts = reply->attempts;
    std::string body(view_of(reply->body));
    if (reply->code == STATOR1_OK) {
      out.result.emplace(std::move(body));
      return;
    }
    Error error =
        error_of(static_cast<ErrorCode>(reply->code), std::string(view_of(reply->message)));
    error.type = view_of(reply->type);
    error.request_id = out.request_id;
    error.attempts = reply->attempts;
    if (reply->code == STATOR1_CANCELLED) error.reasons = read_reasons(body);
    if (reply->code == STATOR1_CONDITION_FAILED) error.old_item_json = std::move(body);
    out.result.emplace(std::move(error));
  }
};

template <class Hook, class... Args>
void call_hook(const Hook& hook, const Args&... args) noexcept {
  if (!hook) return;
  try {
    hook(args...);
  } catch (...) {  // NOLINT: a hook looks on and does not stop a call
  }
}

}  // namespace detail

/// An operation as a value: ddb::put(table, item), ddb::get(table, key) and the like.
template <class O>
concept AnyOperation = std::derived_from<O, RequestText> && requires {
  O::action;
};

/// A connection to DynamoDB, or to what speaks its language. Cheap to copy; copies share their
/// connections. Any thread.
class Client {
 public:
  explicit Client(const ClientOptions& options = {}) {
    using stator::sdk::borrow;
    const stator1_client_options given{sizeof given,
                                       borrow(options.endpoint),
                                       borrow(options.region),
                                       borrow(options.access_key_id),
                                       borrow(options.secret_access_key),
                                       borrow(options.session_token),
                                       options.attempts_max,
                                       options.connect_timeout_ms,
                                       options.attempt_timeout_ms,
                                       options.pipeline_max};
    handle_ = {stator1_client_new(&given), stator1_client_free};
  }

  /// The model's table, under the schema's name or the one given.
  template <class T>
  [[nodiscard]] Table<T> table() const {
    return Table<T>(*this, std::string(detail::SchemaOf<T>::table_name));
  }
  template <class T>
  [[nodiscard]] Table<T> table(std::string name) const {
    return Table<T>(*this, std::move(name));
  }

  /// The same connections, with other limits for each call.
  [[nodiscard]] Client with(const CallOptions& options) const {
    Client other = *this;
    other.options_ = options;
    return other;
  }
  /// The same connections, with hooks around each call instead of those it has.
  [[nodiscard]] Client with(Hooks hooks) const {
    Client other = *this;
    other.hooks_ = std::make_shared<const Hooks>(std::move(hooks));
    return other;
  }

  /// Any operation of DynamoDB's, with its own JSON: the answer's body, or an Error.
  [[nodiscard]] Result<std::string> call(std::string_view operation, std::string_view body) const {
    using stator::sdk::borrow;
    const CallInfo info{operation, body};
    if (hooks_) detail::call_hook(hooks_->before, info);
    const stator1_call_options options = call_options();
    detail::RawReply reply;
    stator1_client_call_with(handle_.get(), borrow(operation), borrow(body), &options,
                             &detail::RawReply::take, &reply);
    if (hooks_) {
      const CallOutcome outcome{*reply.result ? nullptr : &reply.result->error(),
                                *reply.result ? std::string_view(**reply.result) : "",
                                reply.request_id, reply.attempts};
      detail::call_hook(hooks_->after, info, outcome);
    }
    return std::move(*reply.result);
  }

  /// An operation that is a value.
  template <AnyOperation O>
  [[nodiscard]] Result<typename O::Answer> run(O operation) const {
    const auto body = operation.params();
    if (!body) return body.error();
    const auto answer = call(O::action, *body);
    if (!answer) return answer.error();
    if (operation.units != nullptr) *operation.units += detail::units_in(*answer);
    return operation.read(*answer);
  }

  [[nodiscard]] std::uint32_t batch_rounds_max() const {
    return options_.batch_rounds_max == 0 ? 8 : options_.batch_rounds_max;
  }
  [[nodiscard]] stator1_call_options call_options() const {
    return {sizeof(stator1_call_options), options_.attempts_max, options_.attempt_timeout_ms};
  }
  /// The library's client, for what is built on it: ddb/async.hpp.
  [[nodiscard]] stator1_client* handle() const { return handle_.get(); }

 private:
  std::shared_ptr<stator1_client> handle_;  // shared with the tables made of it
  CallOptions options_;
  std::shared_ptr<const Hooks> hooks_;  // shared with the copies; null without any
};

}  // namespace ddb
