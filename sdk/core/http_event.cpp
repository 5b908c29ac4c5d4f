#include <algorithm>
#include <cstring>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "core/text.hpp"
#include "stator/abi_lambda.h"
#include "stator/json.hpp"

// API Gateway's events, of an HTTP API or a REST API, and those of function URLs and authorizers.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
namespace stator::sdk {
namespace {

using Pairs = std::vector<stator1_pair>;

// The plain struct of the C interface, with the strings that it borrows from.
struct HttpEvent {
  stator1_http_request request{};
  std::deque<std::string> strings;
  Pairs headers, query, path_parameters, cookies, identity, stage_variables;

  stator1_text keep(std::string text) { return text_of(strings.emplace_back(std::move(text))); }
};

class EventReader {
 public:
  EventReader(std::string_view text, HttpEvent& event) : json_(text), event_(event) {}

  // The problem, or empty.
  std::string read() {
    json_.object([this](std::string_view name) { return member(name); });
    if (!json_.finish()) return json_.problem();
    stator1_http_request& request = event_.request;
    const bool is_second = version_ == "2.0";
    if (request.arn.size != 0) {
      request.kind = STATOR1_AUTHORIZER_EVENT;
    } else if (is_second || request.method.size != 0) {
      request.kind = STATOR1_HTTP_EVENT;
    } else {
      return "is no event of an HTTP API, a REST API or a function URL";
    }
    request.payload_version = is_second ? 2 : 1;
    if (!is_second) complete_first_version();
    return is_base64_ ? decode_body() : std::string();
  }

 private:
  bool member(std::string_view name) {
    stator1_http_request& request = event_.request;
    if (name == "version") return json_.take_null() || json_.read(version_);
    if (name == "routeKey") return text(request.route_key);
    if (name == "rawPath" || name == "path") return text(request.path);
    if (name == "rawQueryString") return text(request.raw_query);
    if (name == "headers") return pairs(event_.headers, true);
    if (name == "multiValueHeaders") return multi_pairs(multi_headers_, true);
    if (name == "queryStringParameters") return pairs(event_.query);
    if (name == "multiValueQueryStringParameters") return multi_pairs(multi_query_, false);
    if (name == "pathParameters") return pairs(event_.path_parameters);
    if (name == "stageVariables") return pairs(event_.stage_variables);
    if (name == "cookies") return texts(event_.cookies);
    if (name == "body") return text(request.body);
    if (name == "isBase64Encoded") return json_.take_null() || json_.read(is_base64_);
    if (name == "httpMethod") return text(request.method);
    if (name == "resource") return text(resource_);
    if (name == "requestContext") {
      if (json_.take_null()) return true;
      return json_.object([this](std::string_view inner) { return context_member(inner); });
    }
    return authorizer_member(name);
  }

  bool authorizer_member(std::string_view name) {
    if (name == "routeArn" || name == "methodArn") return text(event_.request.arn);
    if (name == "authorizationToken") return text(event_.request.token);
    if (name == "identitySource") {
      if (json_.at(STATOR1_JSON_BEGIN_ARRAY)) return texts(event_.identity);
      return text(event_.identity.emplace_back().value);
    }
    return json_.skip();
  }

  bool context_member(std::string_view name) {
    stator1_http_request& request = event_.request;
    if (name == "stage") return text(request.stage);
    if (name == "requestId") return text(request.request_id);
    if (name == "domainName") return text(request.domain_name);
    if (name == "authorizer") return slice(request.authorizer);
    if (name != "http" && name != "identity") return json_.skip();
    if (json_.take_null()) return true;
    return json_.object([&](std::string_view inner) {
      if (inner == "method") return text(request.method);
      if (inner == "sourceIp") return text(request.source_ip);
      return json_.skip();
    });
  }

  bool text(stator1_text& out) {
    std::string value;
    if (json_.take_null()) return true;
    if (!json_.read(value)) return false;
    out = event_.keep(std::move(value));
    return true;
  }

  bool slice(stator1_text& out) {
    std::string_view value;
    if (!json_.skip(&value)) return false;
    out = event_.keep(std::string(value));
    return true;
  }

  // A header's name is in lower case in version 2.0 already.
  stator1_text name_of(std::string_view name, bool lower) {
    std::string kept(name);
    if (lower) std::transform(kept.begin(), kept.end(), kept.begin(), to_lower);
    return event_.keep(std::move(kept));
  }

  bool pairs(Pairs& out, bool lower = false) {
    if (json_.take_null()) return true;
    return json_.object([&](std::string_view name) {
      stator1_pair pair{name_of(name, lower), {}};
      if (!text(pair.value)) return false;
      out.push_back(pair);
      return true;
    });
  }

  // One pair a value, in order.
  bool multi_pairs(Pairs& out, bool lower) {
    if (json_.take_null()) return true;
    return json_.object([&](std::string_view name) {
      const stator1_text kept = name_of(name, lower);
      return json_.array([&] {
        stator1_pair pair{kept, {}};
        if (!text(pair.value)) return false;
        out.push_back(pair);
        return true;
      });
    });
  }

  bool texts(Pairs& out) {
    if (json_.take_null()) return true;
    return json_.array([&] { return text(out.emplace_back().value); });
  }

  // What version 2.0 says and version 1.0 only implies.
  void complete_first_version() {
    stator1_http_request& request = event_.request;
    if (!multi_headers_.empty()) event_.headers = joined(multi_headers_);
    std::string raw_query;
    for (const auto& [name, value] : multi_query_.empty() ? event_.query : multi_query_) {
      raw_query += (raw_query.empty() ? "" : "&") + uri_encode(view(name), false) + "=" +
                   uri_encode(view(value), false);
    }
    request.raw_query = event_.keep(std::move(raw_query));
    if (!multi_query_.empty()) event_.query = joined(multi_query_);
    if (resource_.size != 0) {
      request.route_key =
          event_.keep(std::string(view(request.method)) + " " + std::string(view(resource_)));
    }
    for (const auto& [name, value] : event_.headers) {
      if (view(name) == "cookie") split_cookies(view(value));
    }
  }

  // The values of one name as one, joined by commas as version 2.0 has them.
  Pairs joined(const Pairs& multi) {
    Pairs out;
    for (std::size_t i = 0; i < multi.size();) {
      std::string value(view(multi[i].value));
      std::size_t next = i + 1;
      for (; next < multi.size() && view(multi[next].name) == view(multi[i].name); ++next) {
        value.append(",").append(view(multi[next].value));
      }
      out.push_back({multi[i].name, event_.keep(std::move(value))});
      i = next;
    }
    return out;
  }

  void split_cookies(std::string_view header) {
    while (!header.empty()) {
      const std::string_view cookie = header.substr(0, header.find(';'));
      header.remove_prefix(std::min(cookie.size() + 1, header.size()));
      event_.cookies.push_back({{}, event_.keep(std::string(trim(cookie)))});
    }
  }

  std::string decode_body() {
    std::string decoded(event_.request.body.size, '\0');
    const std::size_t size =
        stator1_base64_decode(event_.request.body, STATOR1_BASE64, decoded.data());
    if (size == static_cast<std::size_t>(-1)) return "body: is not base64";
    decoded.resize(size);
    event_.request.body = event_.keep(std::move(decoded));
    return {};
  }

  JsonReader json_;
  HttpEvent& event_;
  std::string version_;
  stator1_text resource_{};
  Pairs multi_headers_, multi_query_;
  bool is_base64_ = false;
};

stator1_pairs pairs_of(const Pairs& pairs) {
  return {pairs.data(), pairs.size()};
}

}  // namespace
}  // namespace stator::sdk

using namespace stator::sdk;  // NOLINT: the functions below are these functions' C names

extern "C" {

const stator1_http_request* stator1_http_request_new(stator1_text text, char* problem,
                                                     size_t problem_size) noexcept {
  auto event = std::make_unique<HttpEvent>();
  const std::string wrong = EventReader(view(text), *event).read();
  if (!wrong.empty()) {
    const std::size_t size = std::min(wrong.size(), problem_size - 1);
    std::memcpy(problem, wrong.data(), size);
    problem[size] = '\0';
    return nullptr;
  }
  event->request.headers = pairs_of(event->headers);
  event->request.query = pairs_of(event->query);
  event->request.path_parameters = pairs_of(event->path_parameters);
  event->request.cookies = pairs_of(event->cookies);
  event->request.identity = pairs_of(event->identity);
  event->request.stage_variables = pairs_of(event->stage_variables);
  return &event.release()->request;
}

void stator1_http_request_free(const stator1_http_request* request) noexcept {
  // The request is the event's first member, so both have one address.
  delete reinterpret_cast<const HttpEvent*>(request);
}

}  // extern "C"
