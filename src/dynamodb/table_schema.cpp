#include "dynamodb/table_schema.hpp"

#include <algorithm>

#include "base/strings.hpp"
#include "dynamodb/errors.hpp"
#include "dynamodb/table_settings.hpp"

namespace stator::dynamodb {

namespace {

constexpr std::size_t kIndexKeyPartsMax = 4;

std::vector<std::string> names_of(const std::vector<KeyAttribute>& attributes) {
  std::vector<std::string> names;
  for (const KeyAttribute& attribute : attributes) names.push_back(attribute.name);
  return names;
}

std::string listed(const std::vector<std::string>& names) {
  return "[" + join(names, ", ") + "]";
}

const KeyAttribute* find_name(const std::vector<KeyAttribute>& attributes, std::string_view name) {
  const auto found = std::find_if(attributes.begin(), attributes.end(),
                                  [&](const KeyAttribute& a) { return a.name == name; });
  return found == attributes.end() ? nullptr : &*found;
}

/// A global index's key: up to four partition attributes, then up to four sort attributes.
/// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/GSI.DesignPattern.MultiAttributeKeys.html
Result<void> check_parts(const std::vector<SchemaElement>& keys) {
  if (keys.size() == 2 && keys[1].type == "RANGE") return check_pair(keys);
  if (keys[0].type != "HASH") {
    return validation("Invalid KeySchema: The first KeySchemaElement is not a HASH key type");
  }
  const auto count = [&](std::string_view type) {
    return static_cast<std::size_t>(std::count_if(
        keys.begin(), keys.end(), [&](const SchemaElement& key) { return key.type == type; }));
  };
  for (const std::string_view type : {"HASH", "RANGE"}) {
    if (count(type) <= kIndexKeyPartsMax) continue;
    return invalid_parameter("The KeySchema exceeds the maximum allowed number of " +
                             std::string(type) + " key attributes");
  }
  for (std::size_t i = 0; i < keys.size(); ++i) {
    if (keys[i].type == "HASH" && i >= count("HASH")) {
      return invalid_parameter(
          "All HASH key attributes must precede RANGE key attributes in the KeySchema");
    }
    for (std::size_t j = 0; j < i; ++j) {
      if (keys[i].name != keys[j].name) continue;
      return validation("The KeySchema contains multiple key attributes with the same name");
    }
  }
  return {};
}

Result<IndexProjection> projection_from(const ProjectionRequest& request) {
  IndexProjection projection;
  if (!request.type) return invalid_parameter("Unknown ProjectionType: null");
  if (*request.type == "INCLUDE" && !request.included) {
    return invalid_parameter("ProjectionType is INCLUDE, but NonKeyAttributes is not specified");
  }
  if (*request.type != "INCLUDE" && request.included) {
    return invalid_parameter("ProjectionType is " + *request.type +
                             ", but NonKeyAttributes is specified");
  }
  if (*request.type == "KEYS_ONLY") projection.type = IndexProjection::Type::kKeysOnly;
  if (*request.type != "INCLUDE") return projection;
  projection.type = IndexProjection::Type::kInclude;
  projection.included = *request.included;
  std::sort(projection.included.begin(), projection.included.end());
  const auto twice = std::adjacent_find(projection.included.begin(), projection.included.end());
  if (twice == projection.included.end()) return projection;
  return invalid_parameter("Duplicate element in NonKeyAttributes: " + *twice);
}

}  // namespace

Result<std::vector<KeyAttribute>> attribute_definitions(
    const std::vector<SchemaElement>& elements) {
  std::vector<KeyAttribute> definitions;
  for (const SchemaElement& element : elements) {
    if (find_name(definitions, element.name)) {
      return validation("Attribute Name is duplicated: " + element.name);
    }
    definitions.push_back({element.name, *type_from(element.type)});
  }
  return definitions;
}

Result<void> check_defined(const std::vector<SchemaElement>& keys,
                           const std::vector<KeyAttribute>& definitions) {
  for (const SchemaElement& key : keys) {
    if (find_name(definitions, key.name)) continue;
    return invalid_parameter(
        "Some index key attributes are not defined in AttributeDefinitions. Keys: " +
        names_of(keys) + ", AttributeDefinitions: " + listed(names_of(definitions)));
  }
  return {};
}

Result<void> check_pair(const std::vector<SchemaElement>& keys) {
  if (keys.size() == 2 && keys[0].name == keys[1].name) {
    return validation(
        "Both the Hash Key and the Range Key element in the KeySchema have the same name");
  }
  if (keys[0].type != "HASH") {
    return validation("Invalid KeySchema: The first KeySchemaElement is not a HASH key type");
  }
  if (keys.size() == 2 && keys[1].type != "RANGE") {
    return validation("Invalid KeySchema: The second KeySchemaElement is not a RANGE key type");
  }
  return {};
}

Result<void> check_local(const IndexRequest& request, const KeyAttribute& partition) {
  STATOR_TRY_VOID(check_pair(request.keys));
  if (request.keys.size() != 2) {
    return invalid_parameter("Index KeySchema does not have a range key for index: " +
                             request.name);
  }
  if (request.keys[0].name == partition.name) return {};
  return invalid_parameter(
      "Index KeySchema does not have the same leading hash key as table KeySchema for index: " +
      request.name + ". index hash key: " + request.keys[0].name +
      ", table hash key: " + partition.name);
}

Result<Index> index_from_request(const IndexRequest& request,
                                 const std::vector<KeyAttribute>& definitions,
                                 const IndexRules& rules) {
  Index index;
  index.name = request.name;
  index.is_global = rules.is_global;
  if (rules.is_global) STATOR_TRY_VOID(check_parts(request.keys));
  STATOR_TRY(index.projection, projection_from(request.projection));
  for (const SchemaElement& key : request.keys) {
    (key.type == "HASH" ? index.partition : index.sort)
        .push_back(*find_name(definitions, key.name));
  }
  if (!rules.is_global) return index;
  index.provisioned = request.throughput.provisioned.value_or(Throughput{});
  const DetailsRules details{request.name, rules.is_on_demand, index.provisioned, true};
  STATOR_TRY_VOID(apply_details(request.throughput, details, index.throughput));
  return index;
}

Result<void> check_included_count(const Table& table) {
  std::size_t count = 0;
  for (const Index& index : table.indexes) count += index.projection.included.size();
  if (count <= kIncludedAttributesMax) return {};
  return invalid_parameter("Number of NonKeyAttributes in all indexes exceeds per-table limit of " +
                           std::to_string(kIncludedAttributesMax));
}

bool is_key_attribute(const Table& table, std::string_view name) {
  const auto is_named = [&](const KeyAttribute& attribute) { return attribute.name == name; };
  if (is_named(table.partition) || (table.sort && is_named(*table.sort))) return true;
  return std::any_of(table.indexes.begin(), table.indexes.end(), [&](const Index& index) {
    return std::any_of(index.partition.begin(), index.partition.end(), is_named) ||
           std::any_of(index.sort.begin(), index.sort.end(), is_named);
  });
}

}  // namespace stator::dynamodb
