#pragma once

#include <map>
#include <optional>
#include <string>
#include <vector>

#include "apigateway/integrations/expression.hpp"
#include "base/result.hpp"
#include "http/message.hpp"
#include "json/json.hpp"

/// What an integration changes of a request before it is passed on, and of the answer.
/// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html
namespace stator::apigateway {

/// One change. A selection that finds nothing appends nothing, and overwriting by it removes: what
/// the client sent under a name that the API's owner assigns never passes for the owner's word.
struct ParameterChange {
  enum class Place { kHeader, kQuery, kPath, kStatus };
  enum class Action { kAppend, kOverwrite, kRemove };
  Action action = Action::kOverwrite;
  Place place = Place::kHeader;
  std::string name;
  Expression value;
};

/// A request as it goes to the integration.
struct MappedRequest {
  http::Headers headers;
  std::string query;                     ///< encoded, without '?'
  std::optional<std::string> path = {};  ///< decoded, from the root of the integration
};

class RequestMapping {
 public:
  [[nodiscard]] bool empty() const { return changes_.empty(); }
  /// All values are read from the request as it came. Nothing when its query cannot be decoded and
  /// a change needs that.
  [[nodiscard]] std::optional<MappedRequest> apply(const Exchange& exchange) const;

 private:
  friend Result<RequestMapping> compile_request_mapping(const json::Object& parameters);
  std::vector<ParameterChange> changes_;
};

class ResponseMapping {
 public:
  [[nodiscard]] bool empty() const { return by_status_.empty(); }
  /// Changes an integration's answer by the rules for its status.
  void apply(const Exchange& exchange, http::Response& response) const;

 private:
  friend Result<ResponseMapping> compile_response_mapping(const json::Object& by_status);
  std::map<int, std::vector<ParameterChange>> by_status_;
};

/// From an integration's `requestParameters`: {"append:header.h": "$context.requestId"}.
/// BadRequestException in API Gateway's words for what breaks the rules, reserved headers too.
[[nodiscard]] Result<RequestMapping> compile_request_mapping(const json::Object& parameters);

/// From an integration's `responseParameters`: {"500": {"overwrite:statuscode": "403"}}.
[[nodiscard]] Result<ResponseMapping> compile_response_mapping(const json::Object& by_status);

}  // namespace stator::apigateway
