#include <algorithm>

#include "base/strings.hpp"
#include "dynamodb/constraints.hpp"
#include "dynamodb/errors.hpp"
#include "dynamodb/ops/operations.hpp"
#include "dynamodb/table_operation.hpp"

namespace stator::dynamodb {

namespace {

constexpr std::size_t kKeyNameBytesMax = 255;
constexpr std::size_t kTablesMax = 2'500;
constexpr std::int64_t kUnitsMax = 1'000'000'000'000;

/// What DynamoDB offers at a table's making and stator does not.
constexpr std::string_view kUnsupported[] = {"GlobalSecondaryIndexes",
                                             "LocalSecondaryIndexes",
                                             "OnDemandThroughput",
                                             "ResourcePolicy",
                                             "WarmThroughput",
                                             "VectorIndexes",
                                             "GlobalTableSettingsReplicationMode",
                                             "GlobalTableSourceArn"};

struct SchemaElement {
  std::string name;
  std::string type;  ///< "HASH" or "RANGE" in a key schema, "S", "N" or "B" in a definition
};

/// A list of structures {AttributeName, <type_member>} with its constraints.
Result<std::vector<SchemaElement>> read_elements(const aws::Input& input, std::string_view member,
                                                 std::string_view type_member,
                                                 Constraints& constraints) {
  std::string path(member);
  path[0] = static_cast<char>(path[0] - 'A' + 'a');
  std::string type_path(type_member);
  type_path[0] = static_cast<char>(type_path[0] - 'A' + 'a');
  STATOR_TRY(const auto array, input.array(member));
  constraints.require_present(array != nullptr, path);
  std::vector<SchemaElement> elements;
  if (array == nullptr) return elements;
  for (const json::Value& value : *array) {
    const auto* object = value.if_object();
    if (object == nullptr) return serialization("Unexpected field type");
    const aws::Input element = input.nested(*object);
    STATOR_TRY_VOID(element.allow_only({"AttributeName", type_member}));
    STATOR_TRY(const auto name, element.text("AttributeName"));
    STATOR_TRY(const auto type, element.text(type_member));
    const std::string at = path + "." + std::to_string(elements.size() + 1) + ".member.";
    constraints.require_present(name.has_value(), at + "attributeName");
    constraints.require_present(type.has_value(), at + type_path);
    if (name) {
      constraints.require(!name->empty(), *name, at + "attributeName",
                          "Member must have length greater than or equal to 1");
      constraints.require(name->size() <= kKeyNameBytesMax, *name, at + "attributeName",
                          "Member must have length less than or equal to 255");
    }
    if (type_member == "KeyType") {
      constraints.one_of(type, at + type_path, {"HASH", "RANGE"});
    } else {
      constraints.one_of(type, at + type_path, {"B", "N", "S"});
    }
    elements.push_back({name.value_or(""), type.value_or("")});
  }
  return elements;
}

std::string listed(const std::vector<SchemaElement>& elements) {
  std::vector<std::string> names;
  for (const SchemaElement& element : elements) names.push_back(element.name);
  return "[" + join(names, ", ") + "]";
}

const SchemaElement* find_name(const std::vector<SchemaElement>& elements, std::string_view name) {
  const auto found = std::find_if(elements.begin(), elements.end(),
                                  [&](const SchemaElement& e) { return e.name == name; });
  return found == elements.end() ? nullptr : &*found;
}

Result<void> check_schema(const std::vector<SchemaElement>& keys,
                          const std::vector<SchemaElement>& definitions) {
  for (std::size_t i = 0; i < definitions.size(); ++i) {
    if (find_name(definitions, definitions[i].name) == &definitions[i]) continue;
    return invalid_parameter("Duplicate AttributeName in AttributeDefinitions: " +
                             definitions[i].name);
  }
  if (keys.size() > definitions.size()) {
    return validation("Invalid KeySchema: Some index key attribute have no definition");
  }
  for (const SchemaElement& key : keys) {
    if (find_name(definitions, key.name)) continue;
    return invalid_parameter(
        "Some index key attributes are not defined in AttributeDefinitions. Keys: " + listed(keys) +
        ", AttributeDefinitions: " + listed(definitions));
  }
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
  if (keys.size() != definitions.size()) {
    return invalid_parameter(
        "Number of attributes in KeySchema does not exactly match number of attributes defined in "
        "AttributeDefinitions");
  }
  return {};
}

Result<std::optional<Throughput>> read_throughput(const aws::Input& input,
                                                  Constraints& constraints) {
  STATOR_TRY(const auto object, input.object("ProvisionedThroughput"));
  if (object == nullptr) return std::optional<Throughput>();
  const aws::Input members = input.nested(*object);
  STATOR_TRY_VOID(members.allow_only({"ReadCapacityUnits", "WriteCapacityUnits"}));
  const auto read = [&](std::string_view name, std::string_view path) -> Result<std::int64_t> {
    STATOR_TRY(const auto units, members.integer(name));
    constraints.require_present(units.has_value(), path);
    if (units) constraints.between(*units, path, 1, kUnitsMax);
    return units.value_or(1);
  };
  STATOR_TRY(const auto write_units,
             read("WriteCapacityUnits", "provisionedThroughput.writeCapacityUnits"));
  STATOR_TRY(const auto read_units,
             read("ReadCapacityUnits", "provisionedThroughput.readCapacityUnits"));
  return std::optional(Throughput{read_units, write_units});
}

Result<void> check_throughput(bool is_on_demand, const std::optional<Throughput>& throughput) {
  if (is_on_demand && throughput) {
    return invalid_parameter(
        "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is "
        "PAY_PER_REQUEST");
  }
  if (!is_on_demand && !throughput) {
    return invalid_parameter(
        "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is "
        "PROVISIONED");
  }
  return {};
}

/// A stream or own encryption that the request leaves off is nothing to refuse.
Result<void> check_unsupported(const aws::Input& input) {
  for (const std::string_view name : kUnsupported) {
    if (input.has(name)) return not_supported(name);
  }
  const std::pair<std::string_view, std::string_view> switches[] = {
      {"StreamSpecification", "StreamEnabled"}, {"SSESpecification", "Enabled"}};
  for (const auto& [name, flag] : switches) {
    STATOR_TRY(const auto object, input.object(name));
    if (object == nullptr) continue;
    STATOR_TRY(const auto is_on, input.nested(*object).boolean(flag));
    if (is_on.value_or(false)) return not_supported(name);
  }
  return {};
}

Result<Table> read_table(const TableRef& ref, const aws::Input& input) {
  Constraints constraints;
  STATOR_TRY(const auto definitions,
             read_elements(input, "AttributeDefinitions", "AttributeType", constraints));
  STATOR_TRY(const auto keys, read_elements(input, "KeySchema", "KeyType", constraints));
  STATOR_TRY(const auto billing_mode, input.text("BillingMode"));
  STATOR_TRY(const auto table_class, input.text("TableClass"));
  STATOR_TRY(const auto protection, input.boolean("DeletionProtectionEnabled"));
  STATOR_TRY(const auto throughput, read_throughput(input, constraints));
  if (input.has("KeySchema")) {
    constraints.require(!keys.empty(), "[]", "keySchema",
                        "Member must have length greater than or equal to 1");
    constraints.require(keys.size() <= 2, listed(keys), "keySchema",
                        "Member must have length less than or equal to 2");
  }
  constraints.one_of(billing_mode, "billingMode", {"PROVISIONED", "PAY_PER_REQUEST"});
  constraints.one_of(table_class, "tableClass", {"STANDARD", "STANDARD_INFREQUENT_ACCESS"});
  STATOR_TRY_VOID(constraints.verdict());

  STATOR_TRY_VOID(check_unsupported(input));
  const bool is_on_demand = billing_mode == "PAY_PER_REQUEST";
  STATOR_TRY_VOID(check_throughput(is_on_demand, throughput));
  STATOR_TRY_VOID(check_schema(keys, definitions));
  STATOR_TRY(auto tags, read_tags(input, "Tags"));
  if (tags.size() > kTagsMax) return validation("A table has at most 50 tags");

  Table table;
  table.account = ref.account;
  table.region = ref.region;
  table.name = ref.name;
  for (const SchemaElement& element : definitions) {
    table.attributes.push_back({element.name, *type_from(element.type)});
  }
  const auto attribute = [&](const SchemaElement& key) {
    return KeyAttribute{key.name, *type_from(find_name(definitions, key.name)->type)};
  };
  table.partition = attribute(keys[0]);
  if (keys.size() == 2) table.sort = attribute(keys[1]);
  table.is_on_demand = is_on_demand;
  table.provisioned = throughput.value_or(Throughput{});
  table.table_class = table_class.value_or("");
  table.has_deletion_protection = protection.value_or(false);
  table.tags = std::move(tags);
  return table;
}

Result<json::Object> handle(Tables& tables, const TableRef& ref, const aws::Input& input) {
  STATOR_TRY(auto table, read_table(ref, input));
  if (tables.names({ref.account, ref.region, ""}, kTablesMax).size() >= kTablesMax) {
    return limit_exceeded("Too many tables: an account has at most 2500 in a region");
  }
  STATOR_TRY(const auto created, tables.create(std::move(table)));
  return json::Object{{"TableDescription", describe(*created, "CREATING", {})}};
}

}  // namespace

aws::Operation create_table(Tables& tables) {
  return table_operation(
      "CreateTable",
      {"TableName", "AttributeDefinitions", "KeySchema", "BillingMode", "ProvisionedThroughput",
       "Tags", "TableClass", "DeletionProtectionEnabled", "StreamSpecification", "SSESpecification",
       "GlobalSecondaryIndexes", "LocalSecondaryIndexes", "OnDemandThroughput", "ResourcePolicy",
       "WarmThroughput", "VectorIndexes", "GlobalTableSettingsReplicationMode",
       "GlobalTableSourceArn"},
      [&tables](const TableRef& ref, const aws::Input& input) {
        return handle(tables, ref, input);
      });
}

}  // namespace stator::dynamodb
