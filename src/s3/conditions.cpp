#include "s3/conditions.hpp"

#include "base/strings.hpp"
#include "base/time_format.hpp"

namespace stator::s3 {
namespace {

/// Whether a list of ETags, or "*", has this one.
bool has_etag(std::string_view list, std::string_view etag) {
  for (const auto one : split(list, ',')) {
    const auto given = trim(one);
    if (given == "*" || bare_etag(given) == etag) return true;
  }
  return false;
}

}  // namespace

std::string bare_etag(std::string_view etag) {
  if (etag.starts_with("W/")) etag.remove_prefix(2);
  if (etag.size() >= 2 && etag.front() == '"' && etag.back() == '"') {
    etag = etag.substr(1, etag.size() - 2);
  }
  return std::string(etag);
}

ReadConditions read_conditions(const http::Headers& headers, std::string_view prefix) {
  const auto text = [&](std::string_view name) -> std::optional<std::string> {
    const auto found = headers.find(std::string(prefix) + std::string(name));
    return found ? std::optional<std::string>(*found) : std::nullopt;
  };
  const auto time = [&](std::string_view name) -> std::optional<WallTime> {
    const auto found = text(name);
    return found ? parse_http_date(*found) : std::nullopt;
  };
  return {text("if-match"), text("if-none-match"), time("if-modified-since"),
          time("if-unmodified-since")};
}

ConditionsOutcome check(const ReadConditions& conditions, const ObjectInfo& object) {
  // HTTP's dates have no milliseconds.
  const auto modified = std::chrono::floor<std::chrono::seconds>(object.last_modified);
  if (conditions.match) {
    if (!has_etag(*conditions.match, object.etag)) return ConditionsOutcome::kFailed;
  } else if (conditions.unmodified_since && modified > *conditions.unmodified_since) {
    return ConditionsOutcome::kFailed;
  }
  if (conditions.none_match) {
    if (has_etag(*conditions.none_match, object.etag)) return ConditionsOutcome::kNotModified;
  } else if (conditions.modified_since && modified <= *conditions.modified_since) {
    return ConditionsOutcome::kNotModified;
  }
  return ConditionsOutcome::kHold;
}

}  // namespace stator::s3
