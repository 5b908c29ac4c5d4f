#include "lambda/logging_config.hpp"

#include <algorithm>
#include <span>
#include <utility>

#include "base/strings.hpp"
#include "lambda/errors.hpp"

namespace stator::lambda {
namespace {

constexpr std::size_t kGroupNameMax = 512;

/// A member that must be one of a few words.
struct Choice {
  std::string_view member;
  std::string_view path;  ///< as AWS's errors name it
  std::span<const std::string_view> words;
};

Result<std::optional<std::string>> read_choice(const aws::Input& structure, const Choice& choice) {
  STATOR_TRY(auto value, structure.text(choice.member));
  if (!value || std::find(choice.words.begin(), choice.words.end(), *value) != choice.words.end()) {
    return value;
  }
  const std::vector<std::string> words(choice.words.begin(), choice.words.end());
  return invalid_parameter("1 validation error detected: Value '" + *value + "' at '" +
                           std::string(choice.path) +
                           "' failed to satisfy constraint: Member must satisfy enum value set: [" +
                           join(words, ", ") + "]");
}

bool is_group_name(std::string_view name) {
  return !name.empty() && name.size() <= kGroupNameMax &&
         std::all_of(name.begin(), name.end(), [](char c) {
           return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
                  std::string_view(".-_/#").find(c) != std::string_view::npos;
         });
}

}  // namespace

Result<void> read_logging(const aws::Input& input, LoggingConfig& logging) {
  static constexpr std::string_view kFormats[] = {"JSON", "Text"};
  static constexpr std::string_view kApplication[] = {"TRACE", "DEBUG", "INFO",
                                                      "WARN",  "ERROR", "FATAL"};
  static constexpr std::string_view kSystem[] = {"DEBUG", "INFO", "WARN"};
  STATOR_TRY(const auto* members, input.object("LoggingConfig"));
  if (members == nullptr) return {};
  const aws::Input structure = input.nested(*members);
  STATOR_TRY_VOID(
      structure.allow_only({"LogFormat", "ApplicationLogLevel", "SystemLogLevel", "LogGroup"}));
  STATOR_TRY(const auto format,
             read_choice(structure, {"LogFormat", "loggingConfig.logFormat", kFormats}));
  STATOR_TRY(const auto application,
             read_choice(structure, {"ApplicationLogLevel", "loggingConfig.applicationLogLevel",
                                     kApplication}));
  STATOR_TRY(const auto system,
             read_choice(structure, {"SystemLogLevel", "loggingConfig.systemLogLevel", kSystem}));
  STATOR_TRY(const auto group, structure.text("LogGroup"));
  LoggingConfig wanted = logging;
  if (format) wanted.is_json = *format == "JSON";
  if (!wanted.is_json && (application || system)) {
    return invalid_parameter(
        "ApplicationLogLevel and SystemLogLevel can be set only when LogFormat is JSON.");
  }
  if (group && !is_group_name(*group)) {
    return invalid_parameter("1 validation error detected: Value '" + *group +
                             "' at 'loggingConfig.logGroup' failed to satisfy constraint: Member "
                             "must satisfy regular expression pattern: [\\.\\-_/#A-Za-z0-9]+");
  }
  if (group) wanted.group = *group;
  const auto level = [&wanted](const std::optional<std::string>& given, const std::string& old) {
    if (!wanted.is_json) return std::string();
    return given.value_or(old.empty() ? "INFO" : old);
  };
  wanted.application_level = level(application, logging.application_level);
  wanted.system_level = level(system, logging.system_level);
  logging = std::move(wanted);
  return {};
}

json::Object render_logging(const FunctionRecord& record) {
  const LoggingConfig& logging = record.logging;
  json::Object out{{"LogFormat", logging.is_json ? "JSON" : "Text"}};
  if (logging.is_json) {
    out["ApplicationLogLevel"] = logging.application_level;
    out["SystemLogLevel"] = logging.system_level;
  }
  out["LogGroup"] = record.log_group();
  return out;
}

}  // namespace stator::lambda
