#pragma once

#include <initializer_list>
#include <string_view>
#include <utility>
#include <vector>

#include "stator/abi_lambda.h"
#include "stator/json.hpp"

namespace lambda {

using LogFields = std::initializer_list<std::pair<std::string_view, std::string_view>>;

/// One line on standard output with time, level, message, request id and the fields: JSON, or text
/// with tabs between them when AWS_LAMBDA_LOG_FORMAT is Text. Lines below AWS_LAMBDA_LOG_LEVEL
/// (INFO when it is not set) are left out.
inline void log(int level, std::string_view message, LogFields fields = {}) {
  std::vector<stator1_pair> pairs;
  for (const auto& [name, value] : fields) {
    pairs.push_back({stator::sdk::borrow(name), stator::sdk::borrow(value)});
  }
  stator1_log(level, stator::sdk::borrow(message), {pairs.data(), pairs.size()});
}

inline void log_trace(std::string_view message, LogFields fields = {}) {
  log(STATOR1_TRACE, message, fields);
}
inline void log_debug(std::string_view message, LogFields fields = {}) {
  log(STATOR1_DEBUG, message, fields);
}
inline void log_info(std::string_view message, LogFields fields = {}) {
  log(STATOR1_INFO, message, fields);
}
inline void log_warn(std::string_view message, LogFields fields = {}) {
  log(STATOR1_WARN, message, fields);
}
inline void log_error(std::string_view message, LogFields fields = {}) {
  log(STATOR1_ERROR_LEVEL, message, fields);
}
inline void log_fatal(std::string_view message, LogFields fields = {}) {
  log(STATOR1_FATAL, message, fields);
}

}  // namespace lambda
