#pragma once

#include <memory>
#include <optional>
#include <string>
#include <string_view>

#include "apigateway/compiled.hpp"
#include "apigateway/integrations/mapping.hpp"
#include "base/result.hpp"
#include "http/client.hpp"
#include "json/json.hpp"

namespace stator::apigateway {

/// Where an HTTP_PROXY integration leads.
struct HttpTarget {
  http::Endpoint origin;
  std::string path;         ///< "/pets/{id}", parameters not yet replaced; "" when the URL has none
  std::string query;        ///< of the URL itself, without '?'
  std::string method = {};  ///< "": the request's own
};

/// What an integration asks, made for one stage: its variables have had their say.
struct IntegrationTarget {
  std::optional<HttpTarget> http;  ///< nothing: a function, Integration::function_arn
  bool is_format_1 = false;        ///< payloadFormatVersion 1.0
  std::string role_arn;            ///< credentialsArn
  RequestMapping request_mapping;
  ResponseMapping response_mapping;
};

/// "${stageVariables.name}" replaced by their values; nothing when the stage has no such variable
/// or the text is malformed.
[[nodiscard]] std::optional<std::string> expand_stage_variables(std::string_view text,
                                                                const Variables& variables);

/// BadRequestException for what is no http or https URL, or has parameters elsewhere than in its
/// path. Only the API's owner says which host is asked.
[[nodiscard]] Result<HttpTarget> read_http_target(std::string_view uri);

/// The integration as a stage with these variables sees it. Errors mean that the record breaks a
/// rule; one whose URI needs a variable that the stage does not have has no target.
[[nodiscard]] Result<std::shared_ptr<const Integration>> compile_integration(
    const json::Object& record, const Variables& variables);

/// Where the request goes: the URL's path with its parameters replaced, each encoded. Nothing when
/// a parameter's value has a segment "." or "..", by which a client could leave the path that the
/// API's owner wrote.
[[nodiscard]] std::optional<std::string> fill_path(const HttpTarget& target,
                                                   const Exchange& exchange);

}  // namespace stator::apigateway
