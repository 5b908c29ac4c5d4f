#include "apigateway/integrations/target.hpp"

#include <algorithm>

#include "apigateway/errors.hpp"
#include "base/bytes.hpp"
#include "base/strings.hpp"

namespace stator::apigateway {
namespace {

constexpr std::int64_t kTimeoutMs = 30'000;

const std::string* find_value(const Variables& pairs, std::string_view name) {
  const auto found = std::find_if(pairs.begin(), pairs.end(),
                                  [name](const auto& pair) { return pair.first == name; });
  return found == pairs.end() ? nullptr : &found->second;
}

Error bad_url(std::string_view uri) {
  return bad_request("Invalid HTTP endpoint specified for URI: " + std::string(uri));
}

bool is_url_text(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7f; });
}

bool has_dot_segment(std::string_view value) {
  for (const std::string_view segment : split(value, '/')) {
    if (segment == "." || segment == "..") return true;
  }
  return false;
}

const json::Object& member_object(const json::Object& record, std::string_view name,
                                  const json::Object& otherwise) {
  const json::Value* value = json::find(record, name);
  return value != nullptr && value->is_object() ? value->get_object() : otherwise;
}

Result<IntegrationTarget> compile_target(const json::Object& record) {
  const json::Object nothing;
  IntegrationTarget target;
  target.is_format_1 = json::find_string(record, "payloadFormatVersion") == "1.0";
  target.role_arn = json::find_string(record, "credentialsArn").value_or("");
  STATOR_TRY(target.request_mapping,
             compile_request_mapping(member_object(record, "requestParameters", nothing)));
  STATOR_TRY(target.response_mapping,
             compile_response_mapping(member_object(record, "responseParameters", nothing)));
  return target;
}

}  // namespace

std::optional<std::string> expand_stage_variables(std::string_view text,
                                                  const Variables& variables) {
  constexpr std::string_view kBegin = "${stageVariables.";
  std::string expanded;
  for (;;) {
    const auto at = std::min(text.find(kBegin), text.size());
    expanded.append(text.substr(0, at));
    if (at == text.size()) return expanded;
    text.remove_prefix(at + kBegin.size());
    const auto end = text.find('}');
    if (end == std::string_view::npos) return std::nullopt;
    const std::string* value = find_value(variables, text.substr(0, end));
    if (value == nullptr) return std::nullopt;
    expanded.append(*value);
    text.remove_prefix(end + 1);
  }
}

Result<HttpTarget> read_http_target(std::string_view uri) {
  const auto scheme = uri.find("://");
  if (scheme == std::string_view::npos || !is_url_text(uri)) return bad_url(uri);
  const std::string_view whole = uri.substr(0, uri.find('#'));
  const auto begin = std::min(whole.find_first_of("/?", scheme + 3), whole.size());
  HttpTarget target;
  auto origin = http::Endpoint::parse(whole.substr(0, begin));
  if (!origin || origin->host.find_first_of("{}") != std::string::npos) return bad_url(uri);
  target.origin = *std::move(origin);
  const std::string_view rest = whole.substr(begin);
  const auto question = std::min(rest.find('?'), rest.size());
  target.path = rest.substr(0, question);
  if (question != rest.size()) target.query = rest.substr(question + 1);
  const bool has_open_brace = std::count(target.path.begin(), target.path.end(), '{') !=
                              std::count(target.path.begin(), target.path.end(), '}');
  if (has_open_brace || target.query.find_first_of("{}") != std::string::npos) return bad_url(uri);
  return target;
}

Result<std::shared_ptr<const Integration>> compile_integration(const json::Object& record,
                                                               const Variables& variables) {
  auto integration = std::make_shared<Integration>();
  integration->id = json::find_string(record, "integrationId").value_or("");
  integration->timeout =
      std::chrono::milliseconds(json::find_int(record, "timeoutInMillis").value_or(kTimeoutMs));
  // First of all what does not depend on the stage, so that a record is checked without one.
  STATOR_TRY(auto target, compile_target(record));
  const auto uri =
      expand_stage_variables(json::find_string(record, "integrationUri").value_or(""), variables);
  if (!uri) return std::shared_ptr<const Integration>(std::move(integration));

  if (json::find_string(record, "integrationType") == "HTTP_PROXY") {
    // What a variable makes of the URL shows here for the first time.
    auto http = read_http_target(*uri);
    if (!http) return std::shared_ptr<const Integration>(std::move(integration));
    target.http = *std::move(http);
    const std::string method = json::find_string(record, "integrationMethod").value_or("ANY");
    if (method != "ANY") target.http->method = method;
  } else {
    integration->function_arn = function_of(*uri).value_or("");
  }
  integration->target = std::make_shared<const IntegrationTarget>(std::move(target));
  return std::shared_ptr<const Integration>(std::move(integration));
}

std::optional<std::string> fill_path(const HttpTarget& target, const Exchange& exchange) {
  // $default has no parameters to say where the path goes: all of it is appended.
  if (exchange.route->key == kDefaultStage) {
    if (has_dot_segment(exchange.address.path)) return std::nullopt;
    std::string path = target.path;
    if (path.ends_with('/')) path.pop_back();
    return path + percent_encode(exchange.address.path, true);
  }
  std::string path;
  std::string_view rest = target.path;
  while (!rest.empty()) {
    const auto open = std::min(rest.find('{'), rest.size());
    path.append(rest.substr(0, open));
    const auto close = rest.find('}', open);
    if (open == rest.size() || close == std::string_view::npos) break;
    std::string_view name = rest.substr(open + 1, close - open - 1);
    if (name.ends_with('+')) name.remove_suffix(1);
    if (const std::string* value = find_value(exchange.path_parameters, name)) {
      if (has_dot_segment(*value)) return std::nullopt;
      path += percent_encode(*value, true);
    }
    rest.remove_prefix(close + 1);
  }
  if (path.empty()) path = "/";
  return path;
}

}  // namespace stator::apigateway
