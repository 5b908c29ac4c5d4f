#include <algorithm>
#include <map>

#include "core/local.hpp"
#include "core/text.hpp"
#include "stator/json.hpp"

// Between HTTP and the events of an HTTP API, payload format 2.0.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
namespace stator::sdk {
namespace {

using Pairs = std::map<std::string, std::string>;

std::string uri_decode(std::string_view text, bool plus_is_space) {
  std::string out;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '%' && i + 2 < text.size() && hex_digit(text[i + 1]) >= 0 &&
        hex_digit(text[i + 2]) >= 0) {
      out += static_cast<char>(hex_digit(text[i + 1]) * 16 + hex_digit(text[i + 2]));
      i += 2;
    } else {
      out += plus_is_space && text[i] == '+' ? ' ' : text[i];
    }
  }
  return out;
}

void join(Pairs& pairs, std::string name, std::string_view value) {
  const auto [at, is_new] = pairs.try_emplace(std::move(name), value);
  if (!is_new) at->second.append(",").append(value);
}

Pairs query_of(std::string_view raw) {
  Pairs query;
  while (!raw.empty()) {
    const std::string_view part = raw.substr(0, raw.find('&'));
    raw.remove_prefix(std::min(part.size() + 1, raw.size()));
    if (part.empty()) continue;
    const std::size_t equals = std::min(part.find('='), part.size());
    join(query, uri_decode(part.substr(0, equals), true),
         uri_decode(part.substr(std::min(equals + 1, part.size())), true));
  }
  return query;
}

std::string_view next_segment(std::string_view& path) {
  path.remove_prefix(std::min<std::size_t>(1, path.size()));
  const std::string_view segment = path.substr(0, path.find('/'));
  path.remove_prefix(segment.size());
  return segment;
}

// Whether the route "GET /items/{id}" takes the request; its parameters then. {name+} takes the
// rest.
bool matches(std::string_view route, const LocalRequest& request, std::string_view path,
             Pairs& parameters) {
  const std::size_t space = route.find(' ');
  const std::string_view method = route.substr(0, space);
  if (method != "ANY" && method != request.method) return false;
  std::string_view pattern = route.substr(space + 1);
  while (!pattern.empty() && !path.empty()) {
    const std::string_view wanted = next_segment(pattern);
    if (wanted.starts_with('{') && wanted.ends_with("+}")) {
      if (path.size() < 2) return false;
      parameters.emplace(wanted.substr(1, wanted.size() - 3), uri_decode(path.substr(1), false));
      return true;
    }
    const std::string_view given = next_segment(path);
    if (wanted.starts_with('{') && wanted.ends_with('}')) {
      if (given.empty()) return false;
      parameters.emplace(wanted.substr(1, wanted.size() - 2), uri_decode(given, false));
    } else if (wanted != given) {
      return false;
    }
  }
  return pattern.empty() && path.empty();
}

void write_pairs(JsonWriter& json, std::string_view name, const Pairs& pairs) {
  if (pairs.empty()) return;
  json.key(name);
  json.begin_object();
  for (const auto& [key, value] : pairs) json.member(key, value);
  json.end_object();
}

void write_body(JsonWriter& json, std::string_view body) {
  const bool is_text = stator1_utf8_valid(text_of(body)) != 0;
  if (is_text && !body.empty()) json.member("body", body);
  if (!is_text) {
    std::string encoded((body.size() + 2) / 3 * 4, '\0');
    encoded.resize(stator1_base64_encode(text_of(body), STATOR1_BASE64, encoded.data()));
    json.member("body", encoded);
  }
  json.raw_member("isBase64Encoded", is_text ? "false" : "true");
}

struct Answer {
  int status = 200;
  Headers headers;
  std::vector<std::string> cookies;
  std::string body;
  bool is_base64 = false;
  bool has_status = false;
};

// "statusCode", "headers" and so on, of a whole answer or of a stream's first part.
bool read_answer(std::string_view text, Answer& answer) {
  JsonReader json(text);
  const bool good = json.object([&](std::string_view name) {
    if (name == "statusCode") {
      std::string_view digits;
      std::string quoted;
      const bool read = json.at(STATOR1_JSON_STRING) ? json.read(quoted) : json.read_number(digits);
      std::uint64_t status = 0;
      if (!read || !parse_unsigned(quoted.empty() ? digits : quoted, &status)) return false;
      answer.status = static_cast<int>(std::min<std::uint64_t>(status, 999));
      return answer.has_status = true;
    }
    if (name == "headers" && json.at(STATOR1_JSON_BEGIN_OBJECT)) {
      return json.object([&](std::string_view header) {
        auto& pair = answer.headers.emplace_back(std::string(header), "");
        std::string_view slice;
        if (json.at(STATOR1_JSON_STRING)) return json.read(pair.second);
        if (!json.skip(&slice)) return false;
        pair.second = slice;
        return true;
      });
    }
    if (name == "cookies" && json.at(STATOR1_JSON_BEGIN_ARRAY)) {
      return json.array([&] { return json.read(answer.cookies.emplace_back()); });
    }
    if (name == "body" && json.at(STATOR1_JSON_STRING)) return json.read(answer.body);
    if (name == "isBase64Encoded" && !json.at(STATOR1_JSON_NULL)) {
      return json.read(answer.is_base64);
    }
    return json.skip();
  });
  return good && json.finish();
}

std::string http_text(const Answer& answer) {
  std::string text = "HTTP/1.1 " + std::to_string(answer.status) + " \r\n";
  for (const auto& [name, value] : answer.headers) {
    const bool is_ours =
        equals_ignoring_case(name, "content-length") || equals_ignoring_case(name, "connection");
    if (is_ours || (name + value).find_first_of("\r\n") != std::string::npos) continue;
    text += name + ": " + value + "\r\n";
  }
  for (const std::string& cookie : answer.cookies) text += "set-cookie: " + cookie + "\r\n";
  text += "content-length: " + std::to_string(answer.body.size()) + "\r\nconnection: close\r\n\r\n";
  return text + answer.body;
}

std::string failure_text() {
  return http_text(
      {500, {{"content-type", "application/json"}}, {}, R"({"message":"Internal Server Error"})"});
}

}  // namespace

std::optional<std::string> http_event_of(const LocalRequest& request,
                                         const std::vector<std::string>& routes) {
  const std::size_t mark = std::min(request.target.find('?'), request.target.size());
  const std::string path = request.target.substr(0, mark);
  const std::string query = request.target.substr(std::min(mark + 1, request.target.size()));
  std::string route_key = "$default";
  Pairs parameters;
  if (!routes.empty()) {
    const auto route = std::find_if(routes.begin(), routes.end(), [&](const std::string& key) {
      parameters.clear();
      return matches(key, request, path, parameters);
    });
    if (route == routes.end()) return std::nullopt;
    route_key = *route;
  }
  Pairs headers;
  std::vector<std::string> cookies;
  for (const auto& [name, value] : request.headers) {
    if (name != "cookie") join(headers, name, value);
    if (name != "cookie") continue;
    for (std::string_view rest = value; !rest.empty();) {
      const std::string_view cookie = rest.substr(0, rest.find(';'));
      rest.remove_prefix(std::min(cookie.size() + 1, rest.size()));
      cookies.emplace_back(trim(cookie));
    }
  }
  char time[24];
  const std::int64_t now_ms = stator1_now_ms();
  stator1_format_time(now_ms, time);
  const std::string decoded_path = uri_decode(path, false);

  JsonWriter json;
  json.begin_object();
  json.member("version", "2.0");
  json.member("routeKey", route_key);
  json.member("rawPath", decoded_path);
  json.member("rawQueryString", query);
  if (!cookies.empty()) {
    json.key("cookies");
    json.begin_array();
    for (const std::string& cookie : cookies) json.string(cookie);
    json.end_array();
  }
  json.key("headers");
  json.begin_object();
  for (const auto& [name, value] : headers) json.member(name, value);
  json.end_object();
  write_pairs(json, "queryStringParameters", query_of(query));
  write_pairs(json, "pathParameters", parameters);
  json.key("requestContext");
  json.begin_object();
  json.member("accountId", "000000000000");
  json.member("apiId", "local");
  json.member("domainName", headers.contains("host") ? headers["host"] : "localhost");
  json.key("http");
  json.begin_object();
  json.member("method", request.method);
  json.member("path", decoded_path);
  json.member("protocol", "HTTP/1.1");
  json.member("sourceIp", "127.0.0.1");
  json.member("userAgent", headers.contains("user-agent") ? headers["user-agent"] : "");
  json.end_object();
  json.member("requestId", "local-" + number_text(now_ms));
  json.member("routeKey", route_key);
  json.member("stage", "$default");
  json.member("time", {time, sizeof time});
  json.raw_member("timeEpoch", number_text(now_ms));
  json.end_object();
  write_body(json, request.body);
  json.end_object();
  return json.take();
}

std::string http_answer_of(const LocalAnswer& given) {
  if (given.failed) return failure_text();
  Answer answer;
  if (given.content_type.starts_with("application/vnd.awslambda.http-integration-response")) {
    // The first part, eight NULs, and the body as it is.
    const std::size_t end = given.body.find(std::string(8, '\0'));
    if (end == std::string::npos || !read_answer(given.body.substr(0, end), answer)) {
      return failure_text();
    }
    answer.body = given.body.substr(end + 8);
    return http_text(answer);
  }
  // An answer without a status is the body of a 200, as the gateway infers it.
  if (!read_answer(given.body, answer) || !answer.has_status) {
    return http_text({200, {{"content-type", "application/json"}}, {}, given.body});
  }
  if (answer.is_base64) {
    std::string decoded(answer.body.size(), '\0');
    const std::size_t size =
        stator1_base64_decode(text_of(answer.body), STATOR1_BASE64, decoded.data());
    if (size == static_cast<std::size_t>(-1)) return failure_text();
    decoded.resize(size);
    answer.body = std::move(decoded);
  }
  return http_text(answer);
}

}  // namespace stator::sdk
