#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "base/result.hpp"

namespace stator::lambda {

/// An AWS service that invokes for a resource of its user.
struct OnBehalf {
  std::string service;     ///< "apigateway.amazonaws.com"
  std::string source_arn;  ///< arn:aws:execute-api:REGION:ACCOUNT:API/STAGE/METHOD/path
};

/// Takes an answer that a function streams, as it comes. Calls come one at a time, from any thread,
/// and the invocation's InvokeDone last: with function_error and its payload when the stream broke
/// off. A function that does not stream calls neither; its answer is InvokeDone's payload.
class ResponseStream {
 public:
  virtual ~ResponseStream() = default;
  /// Once, before any piece. `content_type` as the runtime gave it; for
  /// "application/vnd.awslambda.http-integration-response" a JSON prelude and eight zero bytes come
  /// first in the pieces.
  virtual void begin(std::string_view content_type) = 0;
  /// False when nobody reads any more: then the rest is dropped, though the function runs on.
  [[nodiscard]] virtual bool write(std::string_view piece) = 0;
  /// True when the reader is behind: then the function is made to wait until `caught_up` is called,
  /// once, from any thread. It must be called when the reader goes, too, and not from here.
  [[nodiscard]] virtual bool is_behind(std::function<void()> caught_up) {
    (void)caught_up;
    return false;
  }
  /// Which version runs, "$LATEST" or a number; before begin() and before the end.
  virtual void executes(std::string_view version) { (void)version; }
};

struct Invocation {
  std::string account;
  std::string region;
  std::string function;             ///< name, partial or full ARN, perhaps qualified
  std::string qualifier = {};       ///< "", "$LATEST", a version's number or an alias's name
  std::string payload;              ///< JSON; not checked here
  std::string request_id = {};      ///< made when empty
  std::string client_context = {};  ///< decoded JSON, or ""
  std::string trace_id = {};        ///< X-Amzn-Trace-Id, made when empty
  bool wants_log_tail = false;
  std::optional<OnBehalf> on_behalf = {};
  std::shared_ptr<ResponseStream> stream = {};  ///< null: the answer is gathered, at most 6 MB
};

struct InvokeResult {
  std::string payload;
  std::string function_error = {};    ///< "" or "Unhandled"
  std::string log_tail = {};          ///< at most the last 4 KB, when it was asked for
  std::string executed_version = {};  ///< "$LATEST" or a number; set by Functions
};

using InvokeDone = std::function<void(Result<InvokeResult>)>;

}  // namespace stator::lambda
