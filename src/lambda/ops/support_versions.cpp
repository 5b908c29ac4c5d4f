// What operations share about versions and pages; declared in support.hpp.
#include <algorithm>

#include "base/bytes.hpp"
#include "base/ids.hpp"
#include "lambda/configuration.hpp"
#include "lambda/errors.hpp"
#include "lambda/ops/support.hpp"

namespace stator::lambda::ops {

Result<Catalog::FunctionPtr> find_function(Functions& functions,
                                           const FunctionReference& reference) {
  auto record = functions.catalog().resolve(reference);
  if (record == nullptr) return function_missing(reference.qualified_arn());
  return record;
}

json::Object render_function(const FunctionReference& reference, const FunctionRecord& record) {
  json::Object out = render_configuration(record, Phase::kSettled);
  if (!reference.qualifier.empty()) out["FunctionArn"] = reference.qualified_arn();
  return out;
}

Result<void> refuse_qualifier(const FunctionReference& reference) {
  if (reference.qualifier.empty() || reference.qualifier == kLatest) return {};
  return invalid_parameter(
      "This operation is permitted on Lambda functions only. Aliases and versions do not support "
      "this operation. Please specify either a function name or an unqualified function ARN.");
}

Result<json::Object> publish(Functions& functions, const FunctionKeyView& key,
                             const aws::Input& input) {
  STATOR_TRY(const auto sha256, input.text("CodeSha256"));
  STATOR_TRY(const auto description, input.text("Description"));
  const std::string revision = uuid4(functions.random());
  const auto prepare = [&](FunctionRecord& record) -> Result<void> {
    const std::string current = code_sha256(record.code);
    if (sha256 && !sha256->empty() && *sha256 != current) {
      return invalid_parameter("CodeSHA256 (" + *sha256 +
                               ") is different from current CodeSHA256 in $LATEST (" + current +
                               "). Please try again with the CodeSHA256 in $LATEST.");
    }
    STATOR_TRY_VOID(check_revision(input, record, "GetFunction/GetAlias"));
    if (description && !description->empty()) {
      STATOR_TRY_VOID(check_description(*description));
      record.description = *description;
    }
    record.revision_id = revision;
    return {};
  };
  STATOR_TRY(const auto record, functions.catalog().publish_version(key, prepare));
  const bool is_new = record->revision_id == revision;
  return render_configuration(*record, is_new ? Phase::kCreated : Phase::kSettled);
}

Result<std::size_t> read_page_size(const aws::Input& input) {
  constexpr std::int64_t kPageMax = 50;
  STATOR_TRY(const auto wanted, read_count(input, "MaxItems"));
  return static_cast<std::size_t>(std::clamp<std::int64_t>(wanted.value_or(kPageMax), 1, kPageMax));
}

Result<std::string> read_marker(const aws::Input& input) {
  STATOR_TRY(const auto marker, input.text("Marker"));
  if (!marker || marker->empty()) return std::string();
  const auto decoded = base64url_decode(*marker);
  if (!decoded) return invalid_parameter("Invalid Marker: " + *marker);
  return *decoded;
}

std::string make_marker(std::string_view last) {
  return base64url_encode(last);
}

}  // namespace stator::lambda::ops
