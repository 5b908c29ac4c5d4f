#include <algorithm>
#include <cstring>
#include <deque>
#include <memory>
#include <string>
#include <vector>

#include "core/text.hpp"
#include "stator/json.hpp"

// API Gateway's event for an HTTP API, payload format 2.0.
// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-integrations-lambda.html
namespace stator::sdk {
namespace {

// The plain struct of the C interface, with the strings that it borrows from.
struct HttpEvent {
  stator1_http_request request{};
  std::deque<std::string> strings;
  std::vector<stator1_pair> headers, query, path_parameters, cookies;

  stator1_text keep(std::string text) { return text_of(strings.emplace_back(std::move(text))); }
};

class EventReader {
 public:
  EventReader(std::string_view text, HttpEvent& event) : json_(text), event_(event) {}

  // The problem, or empty.
  std::string read() {
    json_.object([this](std::string_view name) { return member(name); });
    if (!json_.finish()) return json_.problem();
    if (version_ != "2.0") return "is not an HTTP API event of payload format 2.0";
    if (is_base64_) return decode_body();
    return {};
  }

 private:
  bool member(std::string_view name) {
    stator1_http_request& request = event_.request;
    if (name == "version") return json_.read(version_);
    if (name == "routeKey") return text(request.route_key);
    if (name == "rawPath") return text(request.path);
    if (name == "rawQueryString") return text(request.raw_query);
    if (name == "headers") return pairs(event_.headers);
    if (name == "queryStringParameters") return pairs(event_.query);
    if (name == "pathParameters") return pairs(event_.path_parameters);
    if (name == "cookies") return cookies();
    if (name == "body") return text(request.body);
    if (name == "isBase64Encoded") return json_.read(is_base64_);
    if (name == "requestContext") {
      return json_.object([this](std::string_view inner) { return context_member(inner); });
    }
    return json_.skip();
  }

  bool context_member(std::string_view name) {
    stator1_http_request& request = event_.request;
    if (name == "stage") return text(request.stage);
    if (name == "requestId") return text(request.request_id);
    if (name == "authorizer") return slice(request.authorizer);
    if (name != "http") return json_.skip();
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

  bool pairs(std::vector<stator1_pair>& out) {
    if (json_.take_null()) return true;
    return json_.object([&](std::string_view name) {
      stator1_pair pair{event_.keep(std::string(name)), {}};
      if (!text(pair.value)) return false;
      out.push_back(pair);
      return true;
    });
  }

  bool cookies() {
    if (json_.take_null()) return true;
    return json_.array([&] { return text(event_.cookies.emplace_back().value); });
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
  bool is_base64_ = false;
};

stator1_pairs pairs_of(const std::vector<stator1_pair>& pairs) {
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
  return &event.release()->request;
}

void stator1_http_request_free(const stator1_http_request* request) noexcept {
  // The request is the event's first member, so both have one address.
  delete reinterpret_cast<const HttpEvent*>(request);
}

}  // extern "C"
