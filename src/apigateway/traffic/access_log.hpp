#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <vector>

#include "apigateway/compiled.hpp"
#include "apigateway/context.hpp"

namespace stator::apigateway {

/// A stage's accessLogSettings ready for use.
struct AccessLog {
  /// Text as it is, or the name of a $context variable without "$context.".
  struct Piece {
    std::string text;
    bool is_variable = false;
  };
  std::string account;
  std::string region;
  std::string group;
  std::string stream_prefix;  ///< "API/STAGE/", before the day
  std::vector<Piece> pieces;
};

/// Whether an accessLogSettings may be stored: BadRequestException naming what is wrong with it.
/// Both members must be there, the destination be a log group of the API's own account and Region,
/// and the format one line that names the request and only variables that HTTP APIs have.
/// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-logging.html
[[nodiscard]] Result<void> check_access_log(const Scope& scope, const json::Object& settings);

/// Of a stage's record; null when it has no access log.
[[nodiscard]] std::shared_ptr<const AccessLog> compile_access_log(std::string_view api_id,
                                                                  const json::Object& stage);

/// The line of one request: "-" for a variable that it has no value for. What a client could send
/// to end the line or a quoted value (quotes, backslashes, control characters) is escaped as JSON
/// escapes it.
[[nodiscard]] std::string access_log_line(const AccessLog& log, const Exchange& exchange,
                                          const Answered& answered);

}  // namespace stator::apigateway
