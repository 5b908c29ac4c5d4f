#include "cli/log_style.hpp"

#include <algorithm>
#include <array>
#include <optional>

#include "json/json.hpp"
#include "lambda/log_target.hpp"

namespace stator::cli {
namespace {

using lambda::LogLevel;

constexpr std::string_view kReset = "\x1b[0m";

LineStyle style_of_level(LogLevel level) {
  switch (level) {
    case LogLevel::kTrace:
    case LogLevel::kDebug:
      return LineStyle::kFaint;
    case LogLevel::kInfo:
      return LineStyle::kPlain;
    case LogLevel::kWarn:
      return LineStyle::kWarning;
    case LogLevel::kError:
    case LogLevel::kFatal:
      return LineStyle::kError;
  }
  return LineStyle::kPlain;
}

LineStyle style_of_event(std::string_view type, const json::Object& event) {
  if (type == "platform.logsDropped") return LineStyle::kWarning;
  const json::Value* record = json::find(event, "record");
  const auto status = record != nullptr && record->is_object()
                          ? json::find_string(record->get_object(), "status")
                          : std::nullopt;
  return status.value_or("success") == "success" ? LineStyle::kPlatform : LineStyle::kError;
}

std::optional<LineStyle> style_of_json(std::string_view message) {
  if (!message.starts_with('{')) return std::nullopt;
  const auto event = json::parse_object(message);
  if (!event) return std::nullopt;
  const auto type = json::find_string(*event, "type");
  if (type && type->starts_with("platform.")) return style_of_event(*type, *event);
  const auto level = lambda::parse_log_level(json::find_string(*event, "level").value_or(""));
  return level ? style_of_level(*level) : LineStyle::kPlain;
}

std::optional<LineStyle> style_of_platform(std::string_view message) {
  constexpr std::array<std::string_view, 6> kLines = {"START RequestId: ",  "END RequestId: ",
                                                      "REPORT RequestId: ", "INIT_START ",
                                                      "INIT_REPORT ",       "EXTENSION\t"};
  const bool is_platform = std::any_of(kLines.begin(), kLines.end(),
                                       [message](auto line) { return message.starts_with(line); });
  if (!is_platform) return std::nullopt;
  const bool has_failed = message.find("Status: error") != std::string_view::npos ||
                          message.find("Status: timeout") != std::string_view::npos;
  return has_failed ? LineStyle::kError : LineStyle::kPlatform;
}

/// "[ERROR]..." or the level between the second and the third tab.
std::optional<LogLevel> level_in_text(std::string_view message) {
  if (message.starts_with('[')) {
    return lambda::parse_log_level(message.substr(1, message.find(']') - 1));
  }
  auto rest = message.substr(0, message.find('\n'));
  for (int tabs = 0; tabs < 2; ++tabs) {
    const auto tab = rest.find('\t');
    if (tab == std::string_view::npos) return std::nullopt;
    rest.remove_prefix(tab + 1);
  }
  return lambda::parse_log_level(rest.substr(0, rest.find('\t')));
}

bool is_crash(std::string_view message) {
  return message.find(" Task timed out after ") != std::string_view::npos ||
         (message.starts_with("RequestId: ") && message.find(" Error: ") != std::string_view::npos);
}

}  // namespace

LineStyle style_of(std::string_view message) {
  if (const auto style = style_of_json(message)) return *style;
  if (const auto style = style_of_platform(message)) return *style;
  if (is_crash(message)) return LineStyle::kError;
  const auto level = level_in_text(message);
  return level ? style_of_level(*level) : LineStyle::kPlain;
}

std::string coloured(std::string_view text, LineStyle style) {
  std::string_view mark;
  switch (style) {
    case LineStyle::kPlain:
      return std::string(text);
    case LineStyle::kPlatform:
    case LineStyle::kFaint:
      mark = "\x1b[2m";
      break;
    case LineStyle::kWarning:
      mark = "\x1b[33m";
      break;
    case LineStyle::kError:
      mark = "\x1b[31m";
      break;
  }
  return std::string(mark) + std::string(text) + std::string(kReset);
}

std::string coloured_name(std::string_view name, std::size_t number) {
  constexpr std::array<std::string_view, 6> kMarks = {"\x1b[36m", "\x1b[32m", "\x1b[35m",
                                                      "\x1b[34m", "\x1b[96m", "\x1b[92m"};
  return std::string(kMarks[number % kMarks.size()]) + std::string(name) + std::string(kReset);
}

}  // namespace stator::cli
