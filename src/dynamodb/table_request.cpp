#include "dynamodb/table_request.hpp"

#include <algorithm>
#include <array>

#include "base/strings.hpp"
#include "dynamodb/errors.hpp"

namespace stator::dynamodb {

namespace {

constexpr std::size_t kAttributeNameMax = 255;
constexpr std::size_t kIncludedMax = 20;
constexpr std::array<std::string_view, 4> kViews = {"KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE",
                                                    "NEW_AND_OLD_IMAGES"};

bool is_name_character(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
         c == '.' || c == '-';
}

std::string element_path(const std::string& list, std::size_t index) {
  return list + "." + std::to_string(index + 1) + ".member";
}

void check_length(const std::string& text, const std::string& path, std::size_t max,
                  Constraints& constraints) {
  constraints.require(!text.empty(), text, path,
                      "Member must have length greater than or equal to 1");
  constraints.require(text.size() <= max, text, path,
                      "Member must have length less than or equal to " + std::to_string(max));
}

/// `visit(element, its path)` for each structure of the list `member`; false when it is absent.
template <class Visit>
Result<bool> for_each(const aws::Input& input, std::string_view member, const std::string& path,
                      Visit visit) {
  STATOR_TRY(const auto array, input.array(member));
  if (array == nullptr) return false;
  std::size_t index = 0;
  for (const json::Value& value : *array) {
    const auto* object = value.if_object();
    if (object == nullptr) return serialization("Unexpected field type");
    STATOR_TRY_VOID(visit(input.nested(*object), element_path(path, index++)));
  }
  return true;
}

Result<std::optional<UnitsRequest>> read_units(const aws::Input& input, std::string_view member,
                                               std::string_view read, std::string_view write) {
  STATOR_TRY(const auto object, input.object(member));
  if (object == nullptr) return std::optional<UnitsRequest>();
  const aws::Input units = input.nested(*object);
  STATOR_TRY_VOID(units.allow_only({read, write}));
  UnitsRequest request;
  STATOR_TRY(request.read_units, units.integer(read));
  STATOR_TRY(request.write_units, units.integer(write));
  return std::optional(request);
}

Result<std::optional<Throughput>> read_provisioned(const aws::Input& input, const std::string& path,
                                                   Constraints& constraints) {
  STATOR_TRY(const auto object, input.object("ProvisionedThroughput"));
  if (object == nullptr) return std::optional<Throughput>();
  const aws::Input units = input.nested(*object);
  STATOR_TRY_VOID(units.allow_only({"ReadCapacityUnits", "WriteCapacityUnits"}));
  const auto read = [&](std::string_view member) -> Result<std::int64_t> {
    STATOR_TRY(const auto value, units.integer(member));
    const std::string at = path + "." + member_path(member);
    constraints.require_present(value.has_value(), at);
    if (value) {
      constraints.require(*value >= 1, std::to_string(*value), at,
                          "Member must have value greater than or equal to 1");
    }
    return value.value_or(0);
  };
  Throughput throughput;
  STATOR_TRY(throughput.write_units, read("WriteCapacityUnits"));
  STATOR_TRY(throughput.read_units, read("ReadCapacityUnits"));
  return std::optional(throughput);
}

Result<ProjectionRequest> read_projection(const aws::Input& input, const std::string& path,
                                          Constraints& constraints) {
  ProjectionRequest projection;
  STATOR_TRY(const auto object, input.object("Projection"));
  constraints.require_present(object != nullptr, path);
  if (object == nullptr) return projection;
  const aws::Input members = input.nested(*object);
  STATOR_TRY_VOID(members.allow_only({"ProjectionType", "NonKeyAttributes"}));
  STATOR_TRY(projection.type, members.text("ProjectionType"));
  constraints.one_of(projection.type, path + ".projectionType", {"ALL", "INCLUDE", "KEYS_ONLY"});
  if (!members.has("NonKeyAttributes")) return projection;
  STATOR_TRY(projection.included, members.text_list("NonKeyAttributes"));
  const std::string at = path + ".nonKeyAttributes";
  const std::string listed = "[" + join(*projection.included, ", ") + "]";
  constraints.require(!projection.included->empty(), listed, at,
                      "Member must have length greater than or equal to 1");
  constraints.require(projection.included->size() <= kIncludedMax, listed, at,
                      "Member must have length less than or equal to 20");
  for (std::size_t i = 0; i < projection.included->size(); ++i) {
    check_length((*projection.included)[i], element_path(at, i), kAttributeNameMax, constraints);
  }
  return projection;
}

}  // namespace

std::string member_path(std::string_view member) {
  std::string path(member);
  if (path[0] >= 'A' && path[0] <= 'Z') path[0] = static_cast<char>(path[0] - 'A' + 'a');
  return path;
}

std::string written_out(const std::vector<SchemaElement>& keys) {
  std::vector<std::string> texts;
  for (const SchemaElement& key : keys) {
    texts.push_back("KeySchemaElement(attributeName=" + key.name + ", keyType=" + key.type + ")");
  }
  return "[" + join(texts, ", ") + "]";
}

std::string names_of(const std::vector<SchemaElement>& elements) {
  std::vector<std::string> names;
  for (const SchemaElement& element : elements) names.push_back(element.name);
  return "[" + join(names, ", ") + "]";
}

Result<std::optional<std::vector<SchemaElement>>> read_schema_elements(const aws::Input& input,
                                                                       std::string_view type_member,
                                                                       const std::string& path,
                                                                       Constraints& constraints) {
  const bool is_key = type_member == "KeyType";
  std::vector<SchemaElement> elements;
  const auto read = [&](const aws::Input& element, const std::string& at) -> Result<void> {
    STATOR_TRY_VOID(element.allow_only({"AttributeName", type_member}));
    STATOR_TRY(const auto name, element.text("AttributeName"));
    STATOR_TRY(const auto type, element.text(type_member));
    constraints.require_present(name.has_value(), at + ".attributeName");
    if (name) check_length(*name, at + ".attributeName", kAttributeNameMax, constraints);
    const std::string type_at = at + "." + member_path(type_member);
    constraints.require_present(type.has_value(), type_at);
    if (is_key) {
      constraints.one_of(type, type_at, {"HASH", "RANGE"});
    } else {
      constraints.one_of(type, type_at, {"B", "N", "S"});
    }
    elements.push_back({name.value_or(""), type.value_or("")});
    return {};
  };
  const std::string_view member = is_key ? "KeySchema" : "AttributeDefinitions";
  STATOR_TRY(const bool is_present, for_each(input, member, path, read));
  if (!is_present) return std::optional<std::vector<SchemaElement>>();
  return std::optional(std::move(elements));
}

Result<ThroughputRequest> read_throughput(const aws::Input& input, const std::string& prefix,
                                          Constraints& constraints) {
  ThroughputRequest request;
  STATOR_TRY(request.provisioned,
             read_provisioned(input, prefix + "provisionedThroughput", constraints));
  STATOR_TRY(request.on_demand, read_units(input, "OnDemandThroughput", "MaxReadRequestUnits",
                                           "MaxWriteRequestUnits"));
  STATOR_TRY(request.warm,
             read_units(input, "WarmThroughput", "ReadUnitsPerSecond", "WriteUnitsPerSecond"));
  return request;
}

Result<std::string> read_index_name(const aws::Input& input, const std::string& path,
                                    Constraints& constraints) {
  STATOR_TRY(const auto name, input.text("IndexName"));
  constraints.require_present(name.has_value(), path);
  if (!name) return std::string();
  constraints.require(!name->empty() && std::all_of(name->begin(), name->end(), is_name_character),
                      *name, path,
                      "Member must satisfy regular expression pattern: [a-zA-Z0-9_.-]+");
  constraints.require(name->size() >= 3, *name, path,
                      "Member must have length greater than or equal to 3");
  constraints.require(name->size() <= 255, *name, path,
                      "Member must have length less than or equal to 255");
  return *name;
}

Result<IndexRequest> read_index(const aws::Input& input, bool is_global, const std::string& path,
                                Constraints& constraints) {
  IndexRequest index;
  if (is_global) {
    STATOR_TRY_VOID(
        input.allow_only({"IndexName", "KeySchema", "Projection", "ProvisionedThroughput",
                          "OnDemandThroughput", "WarmThroughput"}));
  } else {
    STATOR_TRY_VOID(input.allow_only({"IndexName", "KeySchema", "Projection"}));
  }
  STATOR_TRY(index.name, read_index_name(input, path + ".indexName", constraints));
  const std::string key_path = path + ".keySchema";
  STATOR_TRY(auto keys, read_schema_elements(input, "KeyType", key_path, constraints));
  constraints.require_present(keys.has_value(), key_path);
  if (keys) {
    index.keys = std::move(*keys);
    constraints.require(!index.keys.empty(), "[]", key_path,
                        "Member must have length greater than or equal to 1");
    constraints.require(is_global || index.keys.size() <= 2, written_out(index.keys), key_path,
                        "Member must have length less than or equal to 2");
  }
  STATOR_TRY(index.projection, read_projection(input, path + ".projection", constraints));
  STATOR_TRY(index.throughput, read_throughput(input, path + ".", constraints));
  return index;
}

Result<std::optional<std::vector<IndexRequest>>> read_indexes(const aws::Input& input,
                                                              std::string_view member,
                                                              Constraints& constraints) {
  std::vector<IndexRequest> indexes;
  const bool is_global = member == "GlobalSecondaryIndexes";
  const auto read = [&](const aws::Input& element, const std::string& at) -> Result<void> {
    STATOR_TRY(auto index, read_index(element, is_global, at, constraints));
    indexes.push_back(std::move(index));
    return {};
  };
  STATOR_TRY(const bool is_present, for_each(input, member, member_path(member), read));
  if (!is_present) return std::optional<std::vector<IndexRequest>>();
  return std::optional(std::move(indexes));
}

Result<std::optional<StreamRequest>> read_stream(const aws::Input& input,
                                                 Constraints& constraints) {
  STATOR_TRY(const auto object, input.object("StreamSpecification"));
  if (object == nullptr) return std::optional<StreamRequest>();
  const aws::Input members = input.nested(*object);
  STATOR_TRY_VOID(members.allow_only({"StreamEnabled", "StreamViewType"}));
  STATOR_TRY(const auto is_enabled, members.boolean("StreamEnabled"));
  STATOR_TRY(const auto view, members.text("StreamViewType"));
  constraints.require_present(is_enabled.has_value(), "streamSpecification.streamEnabled");
  constraints.one_of(view, "streamSpecification.streamViewType",
                     {"NEW_IMAGE", "OLD_IMAGE", "NEW_AND_OLD_IMAGES", "KEYS_ONLY"});
  StreamRequest request{is_enabled.value_or(false), {}};
  for (std::size_t i = 0; view && i < kViews.size(); ++i) {
    if (kViews[i] == *view) request.view = static_cast<StreamSettings::View>(i);
  }
  return std::optional(request);
}

Result<std::optional<EncryptionRequest>> read_encryption(const aws::Input& input,
                                                         Constraints& constraints) {
  STATOR_TRY(const auto object, input.object("SSESpecification"));
  if (object == nullptr) return std::optional<EncryptionRequest>();
  const aws::Input members = input.nested(*object);
  STATOR_TRY_VOID(members.allow_only({"Enabled", "SSEType", "KMSMasterKeyId"}));
  EncryptionRequest request;
  STATOR_TRY(request.is_enabled, members.boolean("Enabled"));
  STATOR_TRY(request.type, members.text("SSEType"));
  STATOR_TRY(request.key_id, members.text("KMSMasterKeyId"));
  constraints.one_of(request.type, "sSESpecification.sSEType", {"AES256", "KMS"});
  return std::optional(std::move(request));
}

}  // namespace stator::dynamodb
