#pragma once

#include <map>
#include <memory>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "aws/sigv4.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "http/client.hpp"
#include "json/json.hpp"

namespace stator::cli {

/// Where the commands send their requests, and as whom.
struct Connection {
  std::string endpoint;  ///< "http://127.0.0.1:4566"; "": each service's own address at AWS
  aws::sigv4::Credentials credentials;
  std::string region;
  bool is_aws = false;  ///< what is there is, or stands for, an account at AWS
  std::map<std::string, std::string, std::less<>> service_endpoints = {};  ///< before `endpoint`

  /// AWS itself, and nothing that stands for it.
  [[nodiscard]] bool is_public() const {
    return is_aws && endpoint.empty() && service_endpoints.empty();
  }
};

/// "https://sts.eu-west-1.amazonaws.com", in China's regions below amazonaws.com.cn. For services
/// that every region has.
[[nodiscard]] std::string public_endpoint(std::string_view service, std::string_view region);

using Parameters = std::vector<std::pair<std::string, std::string>>;

/// The AWS API as the commands use it: signed like any other client's requests, no back door.
/// Errors carry the service's exception name and message. One thread.
class AwsClient {
 public:
  AwsClient(Connection connection, const Clock& clock);
  ~AwsClient();

  /// A query-protocol action. The answer's `<OpResult>` as JSON: elements become members, text
  /// becomes strings, `<member>` lists become arrays.
  [[nodiscard]] Result<json::Object> query(std::string_view service, std::string_view version,
                                           std::string_view action, const Parameters& parameters);

  /// A json-protocol operation, e.g. target "Logs_20140328.FilterLogEvents".
  [[nodiscard]] Result<json::Object> target(std::string_view service, std::string_view target,
                                            const json::Object& input);

  /// A request of a path-addressed service (lambda, s3), as it is; any status is an answer.
  [[nodiscard]] Result<http::Response> send(std::string_view service, http::Request request);

  /// The same for an answer whose body goes on: see http::Client::follow.
  [[nodiscard]] Result<http::Response> follow(std::string_view service, http::Request request,
                                              const http::Client::Take& take);

  /// Where requests to the service go.
  [[nodiscard]] std::string endpoint_of(std::string_view service) const;

  [[nodiscard]] const Connection& connection() const { return connection_; }

 private:
  /// The connection to the service, opened where there is none yet, with `request` signed for it.
  [[nodiscard]] Result<http::Client*> prepare(std::string_view service, http::Request& request);
  [[nodiscard]] Error no_answer(std::string_view service, const Error& reason) const;

  Connection connection_;
  const Clock& clock_;
  std::map<std::string, std::unique_ptr<http::Client>, std::less<>> http_;  ///< by endpoint
};

/// The error that a path-addressed service's answer carries, for a status of 300 and above.
[[nodiscard]] Error error_of(const http::Response& response);

}  // namespace stator::cli
