#include "cli/aws_client.hpp"

#include "base/bytes.hpp"
#include "cli/xml.hpp"
#include "crypto/crypto.hpp"

namespace stator::cli {
namespace {

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

}  // namespace

Error error_of(const http::Response& response) {
  return response.body.starts_with('<') ? xml_error(response) : json_error(response);
}

AwsClient::AwsClient(Connection connection, const Clock& clock)
    : connection_(std::move(connection)), clock_(clock) {}

AwsClient::~AwsClient() = default;

Result<void> AwsClient::sign(std::string_view service, http::Request& request) {
  if (http_ == nullptr) {
    STATOR_TRY(const http::Endpoint endpoint, http::Endpoint::parse(connection_.endpoint));
    host_ = endpoint.host + ":" + std::to_string(endpoint.port);
    http_ = std::make_unique<http::Client>(endpoint);
  }
  request.headers.set("Host", host_);
  if (service == "s3") {
    request.headers.set("X-Amz-Content-SHA256", crypto::sha256_hex(request.body));
  }
  aws::sigv4::sign(request, connection_.credentials, connection_.region, service, clock_.wall());
  return {};
}

Error AwsClient::no_answer(const Error& reason) const {
  return unavailable(connection_.endpoint + " does not answer (" + reason.message +
                     "): is `stator serve` running there?");
}

Result<http::Response> AwsClient::send(std::string_view service, http::Request request) {
  STATOR_TRY_VOID(sign(service, request));
  auto response = http_->send(request);
  if (!response) return no_answer(response.error());
  return response;
}

Result<http::Response> AwsClient::follow(std::string_view service, http::Request request,
                                         const http::Client::Take& take) {
  STATOR_TRY_VOID(sign(service, request));
  auto response = http_->follow(request, take);
  if (!response) return no_answer(response.error());
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
