#include "cli/aws_client.hpp"

#include <thread>

#include "base/bytes.hpp"
#include "cli/xml.hpp"
#include "crypto/crypto.hpp"

namespace stator::cli {
namespace {

constexpr int kTriesMax = 5;
constexpr std::chrono::milliseconds kRetryFirst{200};

Error error_from(int status, std::string type, std::string message) {
  if (message.empty()) message = "HTTP status " + std::to_string(status);
  return {status >= 500 ? ErrorCode::kUnavailable : ErrorCode::kInvalid, std::move(message),
          std::move(type)};
}

/// {"__type": "prefix#Name", "message": …} and {"Message": …}.
Error json_error(const http::Response& response) {
  std::string type(response.headers.get("x-amzn-errortype"));
  std::string message;
  if (const auto body = json::parse_object(response.body)) {
    if (type.empty()) type = json::find_string(*body, "__type").value_or("");
    message = json::find_string(*body, "message")
                  .value_or(json::find_string(*body, "Message").value_or(""));
  }
  if (const auto hash = type.find('#'); hash != std::string::npos) type.erase(0, hash + 1);
  return error_from(response.status, std::move(type), std::move(message));
}

Error xml_error(const http::Response& response) {
  if (const auto body = read_xml(response.body)) {
    const json::Value* nested = json::find(*body, "Error");
    const json::Object& error =
        nested != nullptr && nested->is_object() ? nested->get_object() : *body;
    return error_from(response.status, json::find_string(error, "Code").value_or(""),
                      json::find_string(error, "Message").value_or(""));
  }
  return error_from(response.status, "", "");
}

/// AWS limits how often CloudFormation is asked, and says so in more than one way.
bool is_throttled(const http::Response& response) {
  if (response.status == 429 || response.status == 503) return true;
  if (response.status != 400) return false;
  const std::string type = error_of(response).aws_type;
  return type == "Throttling" || type == "ThrottlingException" || type == "RequestLimitExceeded";
}

}  // namespace

Error error_of(const http::Response& response) {
  return response.body.starts_with('<') ? xml_error(response) : json_error(response);
}

AwsClient::AwsClient(Connection connection, const Clock& clock)
    : connection_(std::move(connection)), clock_(clock) {}

AwsClient::~AwsClient() = default;

std::string public_endpoint(std::string_view service, std::string_view region) {
  const std::string suffix = region.starts_with("cn-") ? ".amazonaws.com.cn" : ".amazonaws.com";
  return "https://" + std::string(service) + "." + std::string(region) + suffix;
}

std::string AwsClient::endpoint_of(std::string_view service) const {
  const auto own = connection_.service_endpoints.find(service);
  if (own != connection_.service_endpoints.end()) return own->second;
  if (!connection_.endpoint.empty()) return connection_.endpoint;
  return public_endpoint(service, connection_.region);
}

Result<http::Client*> AwsClient::prepare(std::string_view service, http::Request& request) {
  const std::string url = endpoint_of(service);
  STATOR_TRY(const http::Endpoint endpoint, http::Endpoint::parse(url));
  auto& client = http_[url];
  if (client == nullptr) client = std::make_unique<http::Client>(endpoint);
  request.headers.set("Host", endpoint.authority());
  if (service == "s3") {
    request.headers.set("X-Amz-Content-SHA256", crypto::sha256_hex(request.body));
  }
  aws::sigv4::sign(request, connection_.credentials, connection_.region, service, clock_.wall());
  return client.get();
}

Error AwsClient::no_answer(std::string_view service, const Error& reason) const {
  return unavailable(endpoint_of(service) + " does not answer (" + reason.message + ")" +
                     (connection_.is_aws ? "" : ": is `stator serve` running there?"));
}

Result<http::Response> AwsClient::send(std::string_view service, http::Request request) {
  std::chrono::milliseconds pause = kRetryFirst;
  for (int tries = 1;; ++tries, pause *= 2) {
    http::Request signed_request = request;
    STATOR_TRY(http::Client * client, prepare(service, signed_request));
    auto response = client->send(signed_request);
    if (!response) return no_answer(service, response.error());
    if (tries == kTriesMax || !is_throttled(*response)) return response;
    std::this_thread::sleep_for(pause);
  }
}

Result<http::Response> AwsClient::follow(std::string_view service, http::Request request,
                                         const http::Client::Take& take) {
  STATOR_TRY(http::Client * client, prepare(service, request));
  auto response = client->follow(request, take);
  if (!response) return no_answer(service, response.error());
  return response;
}

Result<json::Object> AwsClient::query(std::string_view service, std::string_view version,
                                      std::string_view action, const Parameters& parameters) {
  http::Request request{.method = "POST", .target = "/"};
  request.headers.set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
  request.body = "Action=" + std::string(action) + "&Version=" + std::string(version);
  for (const auto& [name, value] : parameters) {
    request.body += "&" + percent_encode(name) + "=" + percent_encode(value);
  }
  STATOR_TRY(const http::Response response, send(service, std::move(request)));
  if (response.status >= 300) return error_of(response);
  STATOR_TRY(json::Object answer, read_xml(response.body));
  json::Value* result = answer.if_contains(std::string(action) + "Result");
  if (result == nullptr || !result->is_object()) return json::Object{};
  return std::move(result->get_object());
}

Result<json::Object> AwsClient::target(std::string_view service, std::string_view target,
                                       const json::Object& input) {
  http::Request request{.method = "POST", .target = "/"};
  request.headers.set("Content-Type", "application/x-amz-json-1.1");
  request.headers.set("X-Amz-Target", std::string(target));
  request.body = json::dump(input);
  STATOR_TRY(const http::Response response, send(service, std::move(request)));
  if (response.status >= 300) return error_of(response);
  return json::parse_object(response.body);
}

}  // namespace stator::cli
