#pragma once

#include <utility>

#include "aws/operation.hpp"
#include "aws/path_template.hpp"
#include "base/result.hpp"
#include "http/message.hpp"
#include "json/json.hpp"

/// Raw operations (S3's, lambda:Invoke) called in-process, where a call is members in and members
/// out.
namespace stator::aws {

/// The request that `input` stands for: the path's labels by their names, `Query` and `Headers`
/// (texts by name) and `Body` (text). kInvalid for a label that is missing or a member of another
/// name.
struct RawCall {
  http::Request request;
  Labels labels;
};
[[nodiscard]] Result<RawCall> make_raw_call(const Operation& operation, const json::Object& input);

/// StatusCode, Headers (texts by name in lower case) and Body. kUnsupported for an answer whose
/// body is a stream.
[[nodiscard]] Result<json::Object> raw_answer(const http::Response& response);

}  // namespace stator::aws
