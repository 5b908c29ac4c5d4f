#include "cloudformation/sam/context.hpp"

#include <algorithm>

namespace stator::cloudformation::sam {
namespace {

constexpr const char* kPassing[] = {"Condition", "DeletionPolicy", "UpdateReplacePolicy"};
constexpr const char* kOwn[] = {"DependsOn", "UpdatePolicy", "Metadata"};

std::string text(std::string_view view) {
  return std::string(view);
}

}  // namespace

Error invalid_resource(std::string_view logical_id, std::string_view what, const Place& inside) {
  Place place = {"Resources", text(logical_id)};
  place.insert(place.end(), inside.begin(), inside.end());
  return at_place({ErrorCode::kInvalid,
                   "Transform AWS::Serverless-2016-10-31 failed with: Invalid Serverless "
                   "Application Specification document. Number of errors found: 1. Resource with "
                   "id [" +
                       text(logical_id) + "] is invalid. " + text(what),
                   "ValidationError"},
                  place);
}

Result<Resource> Resource::read(std::string_view logical_id, const json::Object& value) {
  static const json::Object kNone;
  Resource resource;
  resource.id_ = logical_id;
  resource.whole_ = &value;
  const json::Value* properties = given(value, "Properties");
  if (properties == nullptr) {
    resource.properties_ = &kNone;
  } else if (properties->is_object()) {
    resource.properties_ = &properties->get_object();
  } else {
    return invalid_resource(logical_id, "Properties of a resource must be an object.",
                            {"Properties"});
  }
  return resource;
}

const json::Value* Resource::property(std::string_view name) const {
  return given(*properties_, name);
}

Result<void> Resource::allow_only(std::initializer_list<std::string_view> known) const {
  for (const auto& member : *properties_) {
    const std::string_view name(member.key().data(), member.key().size());
    if (std::find(known.begin(), known.end(), name) == known.end()) {
      return invalid_property(name, "Property " + text(name) + " is not supported by stator.");
    }
  }
  return {};
}

Error Resource::invalid_property(std::string_view name, std::string_view what) const {
  return invalid_resource(id_, what, {"Properties", text(name)});
}

json::Object Resource::companion(std::string_view type, json::Object properties) const {
  json::Object result;
  result["Type"] = json::String(type.data(), type.size());
  for (const char* name : kPassing) {
    if (const json::Value* value = attribute(name)) result[name] = *value;
  }
  result["Properties"] = std::move(properties);
  return result;
}

json::Object Resource::derived(std::string_view type, json::Object properties) const {
  json::Object result = companion(type, std::move(properties));
  for (const char* name : kOwn) {
    if (const json::Value* value = attribute(name)) result[name] = *value;
  }
  return result;
}

const json::Value* Resource::attribute(std::string_view name) const {
  const json::Value* gained = given(gained_, name);
  return gained != nullptr ? gained : given(*whole_, name);
}

const json::Value* given(const json::Object& object, std::string_view name) {
  const json::Value* value = json::find(object, name);
  return value == nullptr || value->is_null() ? nullptr : value;
}

std::optional<json::Object> parse_s3_uri(std::string_view uri) {
  constexpr std::string_view kScheme = "s3://", kVersion = "versionId=";
  if (!uri.starts_with(kScheme)) return std::nullopt;
  uri.remove_prefix(kScheme.size());
  const auto slash = uri.find('/');
  if (slash == std::string_view::npos || slash == 0) return std::nullopt;
  const std::string_view bucket = uri.substr(0, slash);
  const auto question = uri.find('?', slash);
  std::string_view key =
      uri.substr(slash, question == std::string_view::npos ? question : question - slash);
  while (key.starts_with('/')) key.remove_prefix(1);
  json::Object location{{"Bucket", text(bucket)}, {"Key", text(key)}};
  if (question != std::string_view::npos) {
    const std::string_view query = uri.substr(question + 1);
    const auto at = query.find(kVersion);
    if (at != std::string_view::npos) {
      location["Version"] =
          text(query.substr(at + kVersion.size(), query.find('&', at) - at - kVersion.size()));
    }
  }
  return location;
}

Result<json::Object> s3_location(const Resource& resource, std::string_view property) {
  const json::Value* value = resource.property(property);
  const std::string name(property);
  if (value == nullptr) {
    return resource.invalid_property(property, "Missing required property '" + name + "'.");
  }
  json::Object pointer;
  if (value->is_string()) {
    auto parsed = parse_s3_uri(json::view(value->get_string()));
    if (!parsed) {
      return resource.invalid_property(
          property, "'" + name +
                        "' is not a valid S3 Uri of the form 's3://bucket/key' with optional "
                        "versionId query parameter.");
    }
    pointer = std::move(*parsed);
  } else if (value->is_object()) {
    pointer = value->get_object();
  } else {
    return resource.invalid_property(property, "'" + name + "' must be of type dict or string.");
  }
  if (given(pointer, "Bucket") == nullptr || given(pointer, "Key") == nullptr) {
    return resource.invalid_property(
        property, "'" + name + "' requires Bucket and Key properties to be specified.");
  }
  json::Object location{{"S3Bucket", pointer.at("Bucket")}, {"S3Key", pointer.at("Key")}};
  if (const json::Value* version = json::find(pointer, "Version")) {
    location["S3ObjectVersion"] = *version;
  }
  return location;
}

json::Array tag_list(const json::Object& tags) {
  json::Array list;
  for (const auto& tag : tags) {
    list.push_back(json::Object{{"Key", tag.key()},
                                {"Value", tag.value().is_null() ? json::Value("") : tag.value()}});
  }
  return list;
}

Result<json::Array> marked_tags(const Resource& resource) {
  constexpr const char* kMark = "lambda:createdBy";
  json::Array tags{json::Object{{"Key", kMark}, {"Value", "SAM"}}};
  const json::Value* own = resource.property("Tags");
  if (own == nullptr) return tags;
  if (!own->is_object())
    return resource.invalid_property("Tags", "Property 'Tags' should be a map.");
  for (const char* reserved :
       {kMark, "serverlessrepo:applicationId", "serverlessrepo:semanticVersion"}) {
    if (!own->get_object().contains(reserved)) continue;
    return resource.invalid_property(
        "Tags", text(reserved) +
                    " is a reserved Tag key name and cannot be set on your resource. Please change "
                    "the tag key in the input.");
  }
  for (const json::Value& tag : tag_list(own->get_object())) tags.push_back(tag);
  return tags;
}

}  // namespace stator::cloudformation::sam
