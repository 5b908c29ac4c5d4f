#include "lambda/log_target.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "base/strings.hpp"
#include "base/time_format.hpp"
#include "crypto/crypto.hpp"
#include "json/json.hpp"

namespace stator::lambda {
namespace {

bool has_shape(std::string_view text, std::string_view shape) {
  return text.size() >= shape.size() &&
         std::equal(shape.begin(), shape.end(), text.begin(), [](char wanted, char c) {
           return wanted == '0' ? c >= '0' && c <= '9' : wanted == c;
         });
}

/// "2026-01-02T03:04:05" with an optional fraction, then "Z" or an offset. Only its shape counts:
/// nothing is computed with it.
bool is_rfc3339(std::string text) {
  for (char& c : text) {
    if (c == 't' || c == ' ') c = 'T';
    if (c == 'z') c = 'Z';
  }
  constexpr std::string_view kSeconds = "0000-00-00T00:00:00";
  if (!has_shape(text, kSeconds)) return false;
  std::string_view rest = std::string_view(text).substr(kSeconds.size());
  if (rest.starts_with('.')) {
    const auto end = rest.find_first_not_of("0123456789", 1);
    if (end == 1) return false;
    rest.remove_prefix(std::min(end, rest.size()));
  }
  const bool is_offset = has_shape(rest, "+00:00") || has_shape(rest, "-00:00");
  return rest == "Z" || (is_offset && rest.size() == 6);
}

bool has_time(const json::Object& line) {
  constexpr std::array<std::string_view, 4> kNames = {"timestamp", "time", "Timestamp",
                                                      "@timestamp"};
  return std::any_of(kNames.begin(), kNames.end(), [&line](std::string_view name) {
    const auto text = json::find_string(line, name);
    return text && is_rfc3339(*text);
  });
}

}  // namespace

LogTarget log_target(const FunctionRecord& function, std::string stream) {
  return {.account = function.key.account,
          .region = function.key.region,
          .group = function.log_group(),
          .stream = std::move(stream),
          .memory_mb = function.memory_mb,
          .function = function.key.name,
          .version = function.version,
          .runtime = function.runtime,
          .logging = function.logging};
}

std::string log_stream_name(const FunctionRecord& function, WallTime now, std::string_view hex) {
  std::string name = iso8601(now).substr(0, 10);
  name[4] = name[7] = '/';
  name += '/';
  if (function.log_group() != "/aws/lambda/" + function.key.name) name += function.key.name;
  return name + "[" + function.version + "]" + std::string(hex);
}

std::string runtime_version(std::string_view runtime) {
  // "provided.al2023" is provided:al2023, "python3.12" python:3.12, "nodejs22.x" nodejs:22.
  const auto split = runtime.find_first_of(".0123456789");
  const std::string_view family = runtime.substr(0, split);
  std::string_view rest = split == std::string_view::npos ? "" : runtime.substr(split);
  if (rest.starts_with('.')) rest.remove_prefix(1);
  if (rest.ends_with(".x")) rest.remove_suffix(2);
  return std::string(family) + ":" + std::string(rest) + ".stator";
}

std::string runtime_version_arn(std::string_view region, std::string_view runtime) {
  return "arn:aws:lambda:" + std::string(region) +
         "::runtime:" + crypto::sha256_hex("stator " + std::string(runtime));
}

std::optional<LogLevel> parse_log_level(std::string_view word) {
  constexpr std::array<std::string_view, 6> kWords = {"trace", "debug", "info",
                                                      "warn",  "error", "fatal"};
  const std::string lower = to_lower(word);
  // Python's names of the two.
  if (lower == "warning") return LogLevel::kWarn;
  if (lower == "critical") return LogLevel::kFatal;
  const auto found = std::find(kWords.begin(), kWords.end(), lower);
  if (found == kWords.end()) return std::nullopt;
  return static_cast<LogLevel>(found - kWords.begin());
}

std::optional<LogLevel> level_of_line(std::string_view line) {
  line = trim(line);
  if (!line.starts_with('{')) return std::nullopt;
  const auto object = json::parse_object(line);
  if (!object) return std::nullopt;
  if (!has_time(*object)) return LogLevel::kInfo;
  return parse_log_level(json::find_string(*object, "level").value_or(""))
      .value_or(LogLevel::kInfo);
}

}  // namespace stator::lambda
