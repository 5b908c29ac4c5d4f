#pragma once

#include "aws/input.hpp"
#include "json/json.hpp"
#include "lambda/record.hpp"

namespace stator::lambda {

/// Takes a request's LoggingConfig, checked, into `logging`; what it does not give stays. In the
/// JSON format a level that was never given is INFO; plain text has no levels.
/// https://docs.aws.amazon.com/lambda/latest/api/API_LoggingConfig.html
[[nodiscard]] Result<void> read_logging(const aws::Input& input, LoggingConfig& logging);

/// LoggingConfig as the API answers it.
[[nodiscard]] json::Object render_logging(const FunctionRecord& record);

}  // namespace stator::lambda
