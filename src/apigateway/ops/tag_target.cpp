#include "apigateway/ops/tag_target.hpp"

#include "apigateway/errors.hpp"
#include "apigateway/ops/ops.hpp"
#include "aws/arn.hpp"
#include "aws/tag_keys.hpp"
#include "base/bytes.hpp"
#include "base/strings.hpp"

namespace stator::apigateway {
namespace {

struct TagTarget {
  RecordId id;         ///< of an API, or of its stage where `id.id` is not empty
  std::string domain;  ///< or a domain name
};

Result<TagTarget> target_of(const aws::Call& call, const std::string& text) {
  const Error bad = bad_request("Invalid resource ARN: " + text);
  const auto arn = aws::Arn::parse(text);
  if (!arn || arn->service != "apigateway" || !arn->resource.starts_with('/')) return bad;
  if (arn->region != call.region) return no_such("resource", text);
  const auto parts = split(std::string_view(arn->resource).substr(1), '/');
  TagTarget target;
  if (parts.size() == 2 && parts[0] == "domainnames" && !parts[1].empty()) {
    target.domain = parts[1];
    return target;
  }
  if (parts.size() < 2 || parts[0] != "apis" || parts[1].empty()) return bad;
  target.id.api_id = parts[1];
  if (parts.size() == 2) return target;
  if (parts.size() != 4 || parts[2] != "stages" || parts[3].empty()) return bad;
  target.id.id = parts[3];
  return target;
}

json::Object tags_of(const json::Object& record) {
  const json::Value* tags = json::find(record, "tags");
  return tags != nullptr && tags->is_object() ? tags->get_object() : json::Object();
}

}  // namespace

Result<json::Object> read_tags(const TagPlaces& places, const aws::Call& call,
                               const std::string& arn) {
  STATOR_TRY(const TagTarget target, target_of(call, arn));
  if (!target.domain.empty()) {
    if (places.domains == nullptr) return no_such("domain name", target.domain);
    STATOR_TRY(const json::Object domain, places.domains->get(call, target.domain));
    return tags_of(domain);
  }
  auto tags = places.apis.tags(call, target.id);
  if (!tags) return no_such("resource", arn);
  return *std::move(tags);
}

Result<void> change_tags(const TagPlaces& places, const aws::Call& call, const std::string& arn,
                         const TagEdit& edit) {
  STATOR_TRY(const TagTarget target, target_of(call, arn));
  const auto change = [&edit](json::Object& record) -> Result<void> {
    json::Object tags = tags_of(record);
    STATOR_TRY_VOID(edit(tags));
    record["tags"] = std::move(tags);
    return {};
  };
  if (!target.domain.empty()) {
    if (places.domains == nullptr) return no_such("domain name", target.domain);
    STATOR_TRY_VOID(places.domains->update(
        call, target.domain, [&](DomainRecord& domain) { return change(domain.record); }));
    return {};
  }
  const Kind kind = target.id.id.empty() ? Kind::kApi : Kind::kStage;
  STATOR_TRY_VOID(places.apis.update(
      call, kind, target.id, [&](json::Object& record, const auto&) { return change(record); }));
  return {};
}

aws::Operation::JsonNeeds needs_of_tags(TagPlaces places, std::string method) {
  return [places, method = std::move(method)](const aws::Call& call,
                                              const aws::Input& input) -> Result<aws::Needs> {
    STATOR_TRY(const std::string arn, input.required_text("resourceArn"));
    // Policies name the tagged resource percent-encoded.
    return aws::Needs{{"apigateway:" + method,
                       "arn:aws:apigateway:" + call.region + "::/tags/" + percent_encode(arn),
                       [places, &call, &input, arn] {
                         aws::ConditionKeys keys;
                         aws::append_request_tags(input, "tags", "tagKeys", keys);
                         const auto tags = read_tags(places, call, arn);
                         if (tags) append_tag_keys(*tags, keys);
                         return keys;
                       }}};
  };
}

}  // namespace stator::apigateway
