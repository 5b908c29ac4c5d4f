#pragma once

#include <functional>
#include <optional>
#include <string>

#include "base/result.hpp"

namespace stator::lambda {

/// An AWS service that invokes for a resource of its user.
struct OnBehalf {
  std::string service;     ///< "apigateway.amazonaws.com"
  std::string source_arn;  ///< arn:aws:execute-api:REGION:ACCOUNT:API/STAGE/METHOD/path
};

struct Invocation {
  std::string account;
  std::string region;
  std::string function;             ///< name, partial or full ARN, perhaps qualified
  std::string qualifier = {};       ///< "" or "$LATEST"
  std::string payload;              ///< JSON; not checked here
  std::string request_id = {};      ///< made when empty
  std::string client_context = {};  ///< decoded JSON, or ""
  bool wants_log_tail = false;
  std::optional<OnBehalf> on_behalf = {};
};

struct InvokeResult {
  std::string payload;
  std::string function_error = {};  ///< "" or "Unhandled"
  std::string log_tail = {};        ///< at most the last 4 KB, when it was asked for
};

using InvokeDone = std::function<void(Result<InvokeResult>)>;

}  // namespace stator::lambda
