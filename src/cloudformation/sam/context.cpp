#include "cloudformation/sam/context.hpp"

#include <algorithm>

#include "cloudformation/places.hpp"
#include "crypto/crypto.hpp"

namespace stator::cloudformation::sam {

Error invalid_resource(std::string_view logical_id, std::string_view what) {
  return at_place({ErrorCode::kInvalid,
                   "Transform AWS::Serverless-2016-10-31 failed with: Invalid Serverless "
                   "Application Specification document. Number of errors found: 1. Resource with "
                   "id [" +
                       std::string(logical_id) + "] is invalid. " + std::string(what),
                   "ValidationError"},
                  {"Resources", std::string(logical_id)});
}

Result<Resource> Resource::read(std::string_view logical_id, const json::Object& value) {
  static const json::Object kNone;
  Resource resource;
  resource.id_ = logical_id;
  resource.whole_ = &value;
  const json::Value* properties = json::find(value, "Properties");
  if (properties == nullptr || properties->is_null()) {
    resource.properties_ = &kNone;
  } else if (properties->is_object()) {
    resource.properties_ = &properties->get_object();
  } else {
    return invalid_resource(logical_id, "Properties is not an object.");
  }
  return resource;
}

const json::Value* Resource::property(std::string_view name) const {
  return json::find(*properties_, name);
}

Result<void> Resource::allow_only(std::initializer_list<std::string_view> known) const {
  for (const auto& member : *properties_) {
    const std::string_view name(member.key().data(), member.key().size());
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      return invalid_resource(id_,
                              "Property " + std::string(name) + " is not supported by stator.");
    }
  }
  return {};
}

json::Object Resource::derived(std::string_view type, json::Object properties) const {
  json::Object result;
  result["Type"] = json::String(type.data(), type.size());
  for (const char* attribute :
       {"Condition", "DependsOn", "DeletionPolicy", "UpdateReplacePolicy", "Metadata"}) {
    if (const json::Value* value = whole_->if_contains(attribute)) result[attribute] = *value;
  }
  result["Properties"] = std::move(properties);
  return result;
}

json::Object Resource::companion(std::string_view type, json::Object properties) const {
  json::Object result;
  result["Type"] = json::String(type.data(), type.size());
  if (const json::Value* condition = whole_->if_contains("Condition")) {
    result["Condition"] = *condition;
  }
  result["Properties"] = std::move(properties);
  return result;
}

Result<json::Object> s3_location(const Resource& resource, std::string_view property) {
  const json::Value* value = resource.property(property);
  if (value == nullptr) {
    return invalid_resource(resource.id(),
                            "Missing required property '" + std::string(property) + "'.");
  }
  const std::string not_s3 = "'" + std::string(property) +
                             "' is not a valid S3 Uri of the form 's3://bucket/key' with optional "
                             "versionId query parameter.";
  if (value->is_string()) {
    const std::string_view uri = json::view(value->get_string());
    const auto slash = uri.find('/', 5);
    if (!uri.starts_with("s3://") || slash == std::string_view::npos || slash == 5 ||
        slash + 1 == uri.size() || uri.find("?versionId=") != std::string_view::npos) {
      return invalid_resource(resource.id(), not_s3);
    }
    return json::Object{{"S3Bucket", std::string(uri.substr(5, slash - 5))},
                        {"S3Key", std::string(uri.substr(slash + 1))}};
  }
  if (!value->is_object()) return invalid_resource(resource.id(), not_s3);
  const json::Value* bucket = value->get_object().if_contains("Bucket");
  const json::Value* key = value->get_object().if_contains("Key");
  if (bucket == nullptr || key == nullptr || value->get_object().size() != 2) {
    return invalid_resource(resource.id(), not_s3);
  }
  return json::Object{{"S3Bucket", *bucket}, {"S3Key", *key}};
}

std::string id_digits(std::string_view source) {
  constexpr std::size_t kDigits = 10;
  return crypto::sha256_hex(source).substr(0, kDigits);
}

Result<json::Array> tag_list(const Resource& resource, std::string_view mark) {
  json::Array tags{json::Object{{"Key", std::string(mark)}, {"Value", "SAM"}}};
  const json::Value* given = resource.property("Tags");
  if (given == nullptr) return tags;
  if (!given->is_object()) return invalid_resource(resource.id(), "Tags is not a map.");
  for (const auto& tag : given->get_object()) {
    tags.push_back(json::Object{{"Key", tag.key()}, {"Value", tag.value()}});
  }
  return tags;
}

}  // namespace stator::cloudformation::sam
