#include "dynamodb/table_request.hpp"

#include <array>

#include "base/strings.hpp"

namespace stator::dynamodb {

namespace {

constexpr std::array<std::string_view, 4> kViews = {"KEYS_ONLY", "NEW_IMAGE", "OLD_IMAGE",
                                                    "NEW_AND_OLD_IMAGES"};

/// `visit(element)` for each structure of the list `member`; false when it is absent.
template <class Visit>
Result<bool> for_each(const aws::Input& input, std::string_view member, Visit visit) {
  STATOR_TRY(const auto array, input.array(member));
  if (array == nullptr) return false;
  for (const json::Value& value : *array) {
    STATOR_TRY_VOID(visit(input.nested(value.as_object())));
  }
  return true;
}

Result<std::optional<UnitsRequest>> read_units(const aws::Input& input, std::string_view member,
                                               std::string_view read, std::string_view write) {
  STATOR_TRY(const auto object, input.object(member));
  if (object == nullptr) return std::optional<UnitsRequest>();
  const aws::Input units = input.nested(*object);
  UnitsRequest request;
  STATOR_TRY(request.read_units, units.integer(read));
  STATOR_TRY(request.write_units, units.integer(write));
  return std::optional(request);
}

Result<ProjectionRequest> read_projection(const aws::Input& input) {
  ProjectionRequest projection;
  STATOR_TRY(const auto object, input.object("Projection"));
  if (object == nullptr) return projection;
  const aws::Input members = input.nested(*object);
  STATOR_TRY(projection.type, members.text("ProjectionType"));
  if (!members.has("NonKeyAttributes")) return projection;
  STATOR_TRY(projection.included, members.text_list("NonKeyAttributes"));
  return projection;
}

}  // namespace

std::string names_of(const std::vector<SchemaElement>& elements) {
  std::vector<std::string> names;
  for (const SchemaElement& element : elements) names.push_back(element.name);
  return "[" + join(names, ", ") + "]";
}

Result<std::optional<std::vector<SchemaElement>>> read_schema_elements(
    const aws::Input& input, std::string_view type_member) {
  std::vector<SchemaElement> elements;
  const auto read = [&](const aws::Input& element) -> Result<void> {
    STATOR_TRY(const auto name, element.text("AttributeName"));
    STATOR_TRY(const auto type, element.text(type_member));
    elements.push_back({name.value_or(""), type.value_or("")});
    return {};
  };
  const std::string_view member = type_member == "KeyType" ? "KeySchema" : "AttributeDefinitions";
  STATOR_TRY(const bool is_present, for_each(input, member, read));
  if (!is_present) return std::optional<std::vector<SchemaElement>>();
  return std::optional(std::move(elements));
}

Result<std::optional<Throughput>> read_provisioned(const aws::Input& input,
                                                   std::string_view member) {
  STATOR_TRY(const auto units,
             read_units(input, member, "ReadCapacityUnits", "WriteCapacityUnits"));
  if (!units) return std::optional<Throughput>();
  return std::optional(Throughput{units->read_units.value_or(0), units->write_units.value_or(0)});
}

Result<ThroughputRequest> read_throughput(const aws::Input& input) {
  ThroughputRequest request;
  STATOR_TRY(request.provisioned, read_provisioned(input, "ProvisionedThroughput"));
  STATOR_TRY(request.on_demand, read_units(input, "OnDemandThroughput", "MaxReadRequestUnits",
                                           "MaxWriteRequestUnits"));
  STATOR_TRY(request.warm,
             read_units(input, "WarmThroughput", "ReadUnitsPerSecond", "WriteUnitsPerSecond"));
  return request;
}

Result<IndexRequest> read_index(const aws::Input& input) {
  IndexRequest index;
  STATOR_TRY(const auto name, input.text("IndexName"));
  index.name = name.value_or("");
  STATOR_TRY(auto keys, read_schema_elements(input, "KeyType"));
  if (keys) index.keys = std::move(*keys);
  STATOR_TRY(index.projection, read_projection(input));
  STATOR_TRY(index.throughput, read_throughput(input));
  return index;
}

Result<std::optional<std::vector<IndexRequest>>> read_indexes(const aws::Input& input,
                                                              std::string_view member) {
  std::vector<IndexRequest> indexes;
  const auto read = [&](const aws::Input& element) -> Result<void> {
    STATOR_TRY(auto index, read_index(element));
    indexes.push_back(std::move(index));
    return {};
  };
  STATOR_TRY(const bool is_present, for_each(input, member, read));
  if (!is_present) return std::optional<std::vector<IndexRequest>>();
  return std::optional(std::move(indexes));
}

Result<std::optional<StreamRequest>> read_stream(const aws::Input& input) {
  STATOR_TRY(const auto object, input.object("StreamSpecification"));
  if (object == nullptr) return std::optional<StreamRequest>();
  const aws::Input members = input.nested(*object);
  STATOR_TRY(const auto is_enabled, members.boolean("StreamEnabled"));
  STATOR_TRY(const auto view, members.text("StreamViewType"));
  StreamRequest request{is_enabled.value_or(false), {}};
  for (std::size_t i = 0; view && i < kViews.size(); ++i) {
    if (kViews[i] == *view) request.view = static_cast<StreamSettings::View>(i);
  }
  return std::optional(request);
}

Result<std::optional<EncryptionRequest>> read_encryption(const aws::Input& input) {
  STATOR_TRY(const auto object, input.object("SSESpecification"));
  if (object == nullptr) return std::optional<EncryptionRequest>();
  const aws::Input members = input.nested(*object);
  EncryptionRequest request;
  STATOR_TRY(request.is_enabled, members.boolean("Enabled"));
  STATOR_TRY(request.type, members.text("SSEType"));
  STATOR_TRY(request.key_id, members.text("KMSMasterKeyId"));
  return std::optional(std::move(request));
}

}  // namespace stator::dynamodb
