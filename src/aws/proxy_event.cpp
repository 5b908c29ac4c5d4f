#include "aws/proxy_event.hpp"

#include <array>
#include <map>

#include "base/bytes.hpp"
#include "base/strings.hpp"
#include "base/time_format.hpp"

namespace stator::aws {
namespace {

/// Appends JSON by hand: an event is written once per request and read by someone else.
class Writer {
 public:
  explicit Writer(std::string& out) : out_(out) {}

  void key(std::string_view name) {
    separate();
    text_value(name);
    out_.push_back(':');
    is_first_ = true;
  }
  void text(std::string_view value) {
    separate();
    text_value(value);
  }
  void member(std::string_view name, std::string_view value) {
    key(name);
    text(value);
  }
  void raw_member(std::string_view name, std::string_view json) {
    key(name);
    out_.append(json);
    is_first_ = false;
  }
  void open(char bracket) {
    separate();
    out_.push_back(bracket);
    is_first_ = true;
  }
  void close(char bracket) {
    out_.push_back(bracket);
    is_first_ = false;
  }

 private:
  void separate() {
    if (!is_first_) out_.push_back(',');
    is_first_ = false;
  }

  void text_value(std::string_view value) {
    constexpr std::string_view kHex = "0123456789abcdef";
    out_.push_back('"');
    for (const char c : value) {
      const auto byte = static_cast<unsigned char>(c);
      if (c == '"' || c == '\\') {
        out_.push_back('\\');
        out_.push_back(c);
      } else if (byte < 0x20) {
        out_.append("\\u00");
        out_.push_back(kHex[byte >> 4]);
        out_.push_back(kHex[byte & 15]);
      } else {
        out_.push_back(c);
      }
    }
    out_.push_back('"');
  }

  std::string& out_;
  bool is_first_ = true;
};

using Combined = std::map<std::string, std::string>;

void combine(Combined& into, std::string name, std::string_view value) {
  const auto [at, is_new] = into.try_emplace(std::move(name), value);
  if (!is_new) at->second.append(",").append(value);
}

void write_map(Writer& writer, std::string_view name, const auto& pairs) {
  writer.key(name);
  writer.open('{');
  for (const auto& [key, value] : pairs) writer.member(key, value);
  writer.close('}');
}

/// Headers by lower-case name, repeated ones joined; cookies apart.
void collect_headers(const http::Request& request, const ProxyEventContext& context,
                     Combined& headers, std::vector<std::string>& cookies) {
  for (const auto& [name, value] : request.headers.fields()) {
    std::string lower = to_lower(name);
    if (lower == "cookie") {
      for (const std::string_view part : split(value, ';')) cookies.emplace_back(trim(part));
    } else if (lower != "connection" && lower != "transfer-encoding" && lower != "expect") {
      combine(headers, std::move(lower), value);
    }
  }
  if (!request.body.empty()) headers["content-length"] = std::to_string(request.body.size());
  combine(headers, "x-forwarded-for", request.peer);
  headers["x-forwarded-proto"] = request.is_secure ? "https" : "http";
  const std::string_view host = request.headers.get("host");
  const auto colon = host.rfind(':');
  headers["x-forwarded-port"] = colon == std::string_view::npos
                                    ? std::string(request.is_secure ? "443" : "80")
                                    : std::string(host.substr(colon + 1));
  headers.try_emplace("x-amzn-trace-id", context.trace_id);
}

/// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
void write_signer(Writer& writer, const Principal& signer) {
  writer.key("authorizer");
  writer.open('{');
  writer.key("iam");
  writer.open('{');
  writer.member("accessKey", signer.access_key_id);
  writer.member("accountId", signer.account);
  writer.member("callerId", signer.user_id);
  writer.raw_member("cognitoIdentity", "null");
  writer.raw_member("principalOrgId", "null");
  writer.member("userArn", signer.arn);
  writer.member("userId", signer.user_id);
  writer.close('}');
  writer.close('}');
}

void write_request_context(Writer& writer, const http::Request& request,
                           const ProxyEventContext& context) {
  writer.key("requestContext");
  writer.open('{');
  writer.member("accountId", context.account);
  writer.member("apiId", context.api_id);
  if (context.signer != nullptr) write_signer(writer, *context.signer);
  writer.member("domainName", context.domain_name);
  writer.member("domainPrefix", context.domain_name.substr(0, context.domain_name.find('.')));
  writer.key("http");
  writer.open('{');
  writer.member("method", request.method);
  writer.member("path", context.path);
  writer.member("protocol", "HTTP/1.1");
  writer.member("sourceIp", request.peer);
  writer.member("userAgent", request.headers.get("user-agent"));
  writer.close('}');
  writer.member("requestId", context.request_id);
  writer.member("routeKey", context.route_key);
  writer.member("stage", context.stage);
  writer.member("time", common_log_time(context.now));
  writer.raw_member("timeEpoch", std::to_string(epoch_ms(context.now)));
  writer.close('}');
}

void write_body(Writer& writer, const http::Request& request) {
  const bool as_text = is_text_body(request.headers.get("content-type")) && is_utf8(request.body);
  if (!request.body.empty()) {
    if (as_text) {
      writer.member("body", request.body);
    } else {
      writer.member("body", base64_encode(request.body));
    }
  }
  writer.raw_member("isBase64Encoded", as_text || request.body.empty() ? "false" : "true");
}

}  // namespace

bool is_text_body(std::string_view content_type) {
  const std::string type = to_lower(trim(content_type.substr(0, content_type.find(';'))));
  constexpr std::array<std::string_view, 4> kTypes = {"", "application/json", "application/xml",
                                                      "application/javascript"};
  for (const std::string_view known : kTypes) {
    if (type == known) return true;
  }
  return type.starts_with("text/") || type.ends_with("+json") || type.ends_with("+xml");
}

std::optional<std::string> build_proxy_event(const http::Request& request,
                                             const ProxyEventContext& context) {
  const auto query = http::parse_query(request.query());
  if (!query || !is_utf8(request.target)) return std::nullopt;
  Combined parameters;
  for (const auto& [name, value] : *query) {
    if (!is_utf8(name) || !is_utf8(value)) return std::nullopt;
    combine(parameters, name, value);
  }
  Combined headers;
  std::vector<std::string> cookies;
  collect_headers(request, context, headers, cookies);
  for (const auto& [name, value] : headers) {
    if (!is_utf8(value)) return std::nullopt;
  }

  std::string out;
  out.reserve(1024 + request.body.size() * 5 / 4);
  Writer writer(out);
  writer.open('{');
  writer.member("version", "2.0");
  writer.member("routeKey", context.route_key);
  writer.member("rawPath", context.raw_path);
  writer.member("rawQueryString", request.query());
  if (!cookies.empty()) {
    writer.key("cookies");
    writer.open('[');
    for (const std::string& cookie : cookies) {
      if (!is_utf8(cookie)) return std::nullopt;
      writer.text(cookie);
    }
    writer.close(']');
  }
  write_map(writer, "headers", headers);
  if (!parameters.empty()) write_map(writer, "queryStringParameters", parameters);
  write_request_context(writer, request, context);
  if (!context.path_parameters.empty()) {
    write_map(writer, "pathParameters", context.path_parameters);
  }
  if (!context.stage_variables.empty()) {
    write_map(writer, "stageVariables", context.stage_variables);
  }
  write_body(writer, request);
  writer.close('}');
  return out;
}

}  // namespace stator::aws
