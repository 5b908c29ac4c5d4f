#include "aws/raw_call.hpp"

#include <algorithm>
#include <cctype>

#include "base/bytes.hpp"

namespace stator::aws {
namespace {

Result<std::string> text_of(const json::Value& value, std::string_view name) {
  if (value.is_string()) return std::string(json::view(value.get_string()));
  if (value.is_int64() || value.is_bool()) return json::dump(value);
  return invalid(std::string(name) + " must be text");
}

using Pairs = std::vector<std::pair<std::string, std::string>>;

Result<Pairs> pairs_of(const json::Object& input, std::string_view member) {
  Pairs pairs;
  const json::Value* given = json::find(input, member);
  if (given == nullptr) return pairs;
  if (!given->is_object()) return invalid(std::string(member) + " must be an object");
  for (const auto& one : given->get_object()) {
    STATOR_TRY(std::string text, text_of(one.value(), member));
    pairs.emplace_back(std::string(one.key()), std::move(text));
  }
  return pairs;
}

/// `path` with its labels filled in, which are added to `labels`.
Result<std::string> fill(std::string_view path, const json::Object& input, Labels& labels) {
  std::string target;
  for (;;) {
    const auto open = path.find('{');
    target += path.substr(0, open);
    if (open == std::string_view::npos) return target;
    const auto close = path.find('}', open);
    std::string_view name = path.substr(open + 1, close - open - 1);
    const bool is_greedy = name.ends_with('+');
    if (is_greedy) name.remove_suffix(1);
    const json::Value* value = json::find(input, name);
    if (value == nullptr) return invalid(std::string(name) + " is missing");
    STATOR_TRY(std::string text, text_of(*value, name));
    if (text.empty()) return invalid(std::string(name) + " must not be empty");
    target += percent_encode(text, is_greedy);
    labels.emplace_back(std::string(name), std::move(text));
    path.remove_prefix(close + 1);
  }
}

}  // namespace

Result<RawCall> make_raw_call(const Operation& operation, const json::Object& input) {
  const auto* path = std::get_if<ByPath>(&operation.wire());
  if (path == nullptr) {
    return unsupported(operation.name() + " cannot be called within the server");
  }
  RawCall call;
  call.request.method = path->method;
  STATOR_TRY(call.request.target, fill(path->path, input, call.labels));
  STATOR_TRY(Pairs query, pairs_of(input, "Query"));
  if (!path->required_query.empty()) query.emplace_back(path->required_query, "");
  char separator = '?';
  for (const auto& [name, value] : query) {
    call.request.target += separator + percent_encode(name) + "=" + percent_encode(value);
    separator = '&';
  }
  STATOR_TRY(const Pairs headers, pairs_of(input, "Headers"));
  for (const auto& [name, value] : headers) call.request.headers.add(name, value);
  if (const json::Value* body = json::find(input, "Body")) {
    STATOR_TRY(call.request.body, text_of(*body, "Body"));
  }
  for (const auto& member : input) {
    const std::string_view name(member.key().data(), member.key().size());
    const auto is_label = std::any_of(call.labels.begin(), call.labels.end(),
                                      [&](const auto& label) { return label.first == name; });
    if (!is_label && name != "Query" && name != "Headers" && name != "Body") {
      return invalid(operation.name() + " has no member " + std::string(name));
    }
  }
  return call;
}

Result<json::Object> raw_answer(const http::Response& response) {
  if (response.stream) return unsupported("the answer is a stream");
  json::Object headers;
  for (const auto& [name, value] : response.headers.fields()) {
    std::string lower = name;
    std::transform(lower.begin(), lower.end(), lower.begin(),
                   [](unsigned char c) { return static_cast<char>(std::tolower(c)); });
    headers[lower] = value;
  }
  return json::Object{
      {"StatusCode", response.status}, {"Headers", std::move(headers)}, {"Body", response.body}};
}

}  // namespace stator::aws
