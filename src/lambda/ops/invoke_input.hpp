#pragma once

#include <memory>
#include <string>
#include <string_view>

#include "aws/operation.hpp"
#include "base/result.hpp"
#include "http/message.hpp"
#include "lambda/catalog.hpp"
#include "lambda/invocation.hpp"

/// What the operations that invoke read from their requests.
namespace stator::lambda::ops {

/// Whom a request invokes, and the invocation as far as every operation reads it alike.
struct InvokeTarget {
  FunctionReference reference;
  Catalog::FunctionPtr record;  ///< $LATEST, for its tags; null when there is none
  std::shared_ptr<const aws::ResourcePolicy> policy;
  Invocation invocation;
};

[[nodiscard]] Result<InvokeTarget> read_target(const Catalog& catalog, const aws::Call& call,
                                               const aws::RawRequest& raw);
/// lambda:InvokeFunction on it. The target outlives the needs.
[[nodiscard]] aws::Needs invoke_needs(const InvokeTarget& target);
/// The JSON object of X-Amz-Client-Context, decoded, or "".
[[nodiscard]] Result<std::string> read_client_context(const http::Request& request);
/// An X-Amzn-Trace-Id that can be passed on as it is, or "".
[[nodiscard]] std::string read_trace_id(const http::Request& request);
/// Whether X-Amz-Log-Type asks for the end of the log.
[[nodiscard]] Result<bool> read_log_type(const http::Request& request);
/// Counts the invocation among the rounds of the chain of calls that its trace id is of.
/// RecursiveInvocationException when the chain has come by the function too often.
[[nodiscard]] Result<void> follow_chain(const Catalog& catalog, const FunctionReference& reference,
                                        Invocation& invocation);
/// `operation` as AWS calls it in the message.
[[nodiscard]] Result<void> check_payload(std::string_view payload, std::string_view operation);

}  // namespace stator::lambda::ops
