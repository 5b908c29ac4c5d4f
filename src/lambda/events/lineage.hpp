#pragma once

#include <string>
#include <string_view>

/// How often a chain of invocations has come by a function, kept in the Lineage member of
/// X-Amzn-Trace-Id, which functions' SDKs send on with every call:
/// "Root=...;Parent=...;Sampled=0;Lineage=a87bd80c:1|68fd508a:5".
/// https://docs.aws.amazon.com/lambda/latest/dg/invocation-recursion.html
/// https://docs.aws.amazon.com/xray/latest/devguide/xray-concepts.html#xray-concepts-tracingheader
namespace stator::lambda::events {

/// A function that is invoked after so many rounds of one chain is in a loop.
inline constexpr int kRoundsMax = 16;

/// How many rounds the trace has for the function; 0 for a trace without any.
[[nodiscard]] int rounds(std::string_view trace_id, std::string_view function_arn);

/// The trace with one round more for the function.
[[nodiscard]] std::string with_round(std::string_view trace_id, std::string_view function_arn);

}  // namespace stator::lambda::events
