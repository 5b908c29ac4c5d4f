#include "s3/request.hpp"

#include <algorithm>
#include <charconv>
#include <cstdint>

#include "base/strings.hpp"
#include "s3/errors.hpp"

namespace stator::s3 {
namespace {

/// Parameters of a presigned request, in lower case, and the SDKs' name for the operation.
constexpr std::string_view kSigningQuery[] = {
    "x-amz-algorithm",      "x-amz-credential",     "x-amz-date",
    "x-amz-expires",        "x-amz-signedheaders",  "x-amz-signature",
    "x-amz-security-token", "x-amz-content-sha256", "x-id"};
constexpr std::string_view kSigningHeaders[] = {
    "x-amz-date",       "x-amz-content-sha256",        "x-amz-security-token",
    "x-amz-user-agent", "x-amz-expected-bucket-owner", "x-amz-request-payer"};
constexpr std::string_view kConditions[] = {"if-match", "if-none-match", "if-modified-since",
                                            "if-unmodified-since", "if-range"};

template <class List>
bool contains(const List& list, std::string_view name) {
  return std::find(std::begin(list), std::end(list), name) != std::end(list);
}

bool is_known_header(std::string_view name, const RequestRules& rules) {
  if (contains(kSigningHeaders, name)) return true;
  return std::any_of(rules.headers.begin(), rules.headers.end(), [name](std::string_view rule) {
    if (!rule.ends_with('*')) return name == rule;
    rule.remove_suffix(1);
    return name.starts_with(rule);
  });
}

Result<void> check_headers(const http::Headers& headers, const RequestRules& rules) {
  for (const auto& [sent_name, value] : headers.fields()) {
    const std::string name = to_lower(sent_name);
    const bool is_refused =
        (contains(kConditions, name) && (!rules.takes_conditions || name == "if-range")) ||
        (name == "range" && !rules.takes_range) ||
        (name.starts_with("x-amz-") && !is_known_header(name, rules));
    if (is_refused) return not_implemented("the header " + name + " here");
  }
  return {};
}

}  // namespace

Result<Parameters> Parameters::read(const aws::RawRequest& request, const RequestRules& rules) {
  auto pairs = http::parse_query(request.http.query());
  if (!pairs) {
    return s3_error(ErrorCode::kInvalid, "InvalidURI", "Couldn't parse the specified URI.");
  }
  for (const auto& [name, value] : *pairs) {
    if (contains(rules.query, name) || contains(kSigningQuery, to_lower(name))) continue;
    return not_implemented("the query parameter '" + name + "' here");
  }
  STATOR_TRY_VOID(check_headers(request.http.headers, rules));
  Parameters parameters;
  parameters.pairs_ = std::move(*pairs);
  return parameters;
}

std::optional<std::string_view> Parameters::find(std::string_view name) const {
  for (const auto& [key, value] : pairs_) {
    if (key == name) return value;
  }
  return std::nullopt;
}

Result<std::size_t> Parameters::number(std::string_view name, std::size_t absent) const {
  const auto text = find(name);
  if (!text) return absent;
  std::int32_t value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc() || end != text->data() + text->size() || value < 0) {
    return invalid_argument("Argument " + std::string(name) +
                            " must be an integer between 0 and 2147483647");
  }
  return static_cast<std::size_t>(value);
}

std::string bucket_arn(std::string_view bucket) {
  return "arn:aws:s3:::" + std::string(bucket);
}

std::string object_arn(std::string_view bucket, std::string_view key) {
  return bucket_arn(bucket) + "/" + std::string(key);
}

}  // namespace stator::s3
