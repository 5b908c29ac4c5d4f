#include "dynamodb/new_table.hpp"

#include <algorithm>

#include "base/check.hpp"
#include "base/strings.hpp"
#include "dynamodb/errors.hpp"
#include "dynamodb/table_operation.hpp"
#include "dynamodb/table_schema.hpp"
#include "dynamodb/table_settings.hpp"

namespace stator::dynamodb {

namespace {

std::string listed(const std::vector<std::string>& names) {
  return "[" + join(names, ", ") + "]";
}

Result<void> check_index_throughput(const IndexRequest& request, bool is_on_demand) {
  const auto& provisioned = request.throughput.provisioned;
  if (is_on_demand && provisioned) {
    return invalid_parameter("ProvisionedThroughput should not be specified for index: " +
                             request.name + " when BillingMode is PAY_PER_REQUEST");
  }
  if (!is_on_demand && !provisioned) {
    return invalid_parameter("ProvisionedThroughput is not specified for index: " + request.name);
  }
  return provisioned ? check_bounds(*provisioned) : Result<void>();
}

/// A request for a table.
struct TableRequest {
  std::vector<SchemaElement> definitions;
  std::vector<SchemaElement> keys;
  std::optional<std::vector<IndexRequest>> local;
  std::optional<std::vector<IndexRequest>> global;
  ThroughputRequest throughput;
  std::optional<StreamRequest> stream;
  std::optional<EncryptionRequest> encryption;
  std::optional<std::string> billing_mode;
  std::optional<std::string> table_class;
  std::optional<bool> protection;
};

Result<TableRequest> read_request(const aws::Input& input) {
  TableRequest request;
  STATOR_TRY(auto definitions, read_schema_elements(input, "AttributeType"));
  STATOR_TRY(auto keys, read_schema_elements(input, "KeyType"));
  STATOR_CHECK(definitions && keys);
  request.definitions = std::move(*definitions);
  request.keys = std::move(*keys);
  STATOR_TRY(request.billing_mode, input.text("BillingMode"));
  STATOR_TRY(request.throughput, read_throughput(input));
  STATOR_TRY(request.global, read_indexes(input, "GlobalSecondaryIndexes"));
  STATOR_TRY(request.local, read_indexes(input, "LocalSecondaryIndexes"));
  STATOR_TRY(request.stream, read_stream(input));
  STATOR_TRY(request.encryption, read_encryption(input));
  STATOR_TRY(request.table_class, input.text("TableClass"));
  STATOR_TRY(request.protection, input.boolean("DeletionProtectionEnabled"));
  return request;
}

Result<void> check_billing(const TableRequest& request, bool is_on_demand) {
  if (is_on_demand && request.throughput.provisioned) {
    return invalid_parameter(
        "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is "
        "PAY_PER_REQUEST");
  }
  if (!is_on_demand && !request.throughput.provisioned) {
    return invalid_parameter(
        "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is "
        "PROVISIONED");
  }
  return is_on_demand ? Result<void>() : check_bounds(*request.throughput.provisioned);
}

Result<void> check_keys(const TableRequest& request, const std::vector<KeyAttribute>& definitions) {
  if (request.keys.size() > definitions.size()) {
    return validation("Invalid KeySchema: Some index key attribute have no definition");
  }
  STATOR_TRY_VOID(check_defined(request.keys, definitions));
  STATOR_TRY_VOID(check_pair(request.keys));
  if (request.local && request.local->empty()) {
    return invalid_parameter("List of LocalSecondaryIndexes is empty");
  }
  if (request.global && request.global->empty()) {
    return invalid_parameter("List of GlobalSecondaryIndexes is empty");
  }
  if (request.local || request.global || request.keys.size() == definitions.size()) return {};
  return invalid_parameter(
      "Number of attributes in KeySchema does not exactly match number of attributes defined in "
      "AttributeDefinitions");
}

/// Every key has a definition and every definition a key: judged before anything else of indexes.
Result<void> check_definitions_used(const TableRequest& request,
                                    const std::vector<KeyAttribute>& definitions) {
  std::vector<std::string> used;
  const auto use = [&](const std::vector<SchemaElement>& keys) {
    for (const SchemaElement& key : keys) {
      if (std::find(used.begin(), used.end(), key.name) == used.end()) used.push_back(key.name);
    }
  };
  use(request.keys);
  for (const auto* indexes : {&request.local, &request.global}) {
    if (!*indexes) continue;
    for (const IndexRequest& index : **indexes) {
      STATOR_TRY_VOID(check_defined(index.keys, definitions));
      use(index.keys);
    }
  }
  if (used.size() == definitions.size()) return {};
  std::vector<std::string> defined;
  for (const KeyAttribute& attribute : definitions) defined.push_back(attribute.name);
  return invalid_parameter("Some AttributeDefinitions are not used. AttributeDefinitions: " +
                           listed(defined) + ", keys used: " + listed(used));
}

Result<void> add_indexes(const std::vector<IndexRequest>& requests, bool is_global, Table& table) {
  for (const IndexRequest& request : requests) {
    if (is_global) {
      STATOR_TRY_VOID(check_index_throughput(request, table.is_on_demand));
    } else {
      STATOR_TRY_VOID(check_local(request, table.partition));
    }
    STATOR_TRY(auto index,
               index_from_request(request, table.attributes, {is_global, table.is_on_demand}));
    if (table.find_index(index.name)) {
      return invalid_parameter("Duplicate index name: " + index.name);
    }
    table.indexes.push_back(std::move(index));
  }
  return {};
}

Result<void> add_all_indexes(const TableRequest& request, Table& table) {
  if (request.local) {
    if (!table.sort) {
      return invalid_parameter(
          "Table KeySchema does not have a range key, which is required when specifying a "
          "LocalSecondaryIndex");
    }
    STATOR_TRY_VOID(add_indexes(*request.local, false, table));
    if (request.local->size() > kLocalIndexesMax) {
      return invalid_parameter("Number of LocalSecondaryIndexes exceeds per-table limit of 5");
    }
  }
  if (request.global) {
    STATOR_TRY_VOID(add_indexes(*request.global, true, table));
    if (request.global->size() > kGlobalIndexesMax) {
      return invalid_parameter("GlobalSecondaryIndex count exceeds the per-table limit of 20");
    }
  }
  return check_included_count(table);
}

/// The stream that a new table has, if any; its time and label are set when the table is made.
Result<std::optional<StreamSettings>> stream_of_new_table(const TableRequest& request) {
  if (!request.stream) return std::optional<StreamSettings>();
  if (request.stream->is_enabled && !request.stream->view) {
    return invalid_parameter(
        "Table is being created with a stream enabled, UpdateViewType is required");
  }
  if (!request.stream->is_enabled && request.stream->view) {
    return invalid_parameter(
        "Table is being created with a stream disabled, UpdateViewType should not be specified");
  }
  if (!request.stream->is_enabled) return std::optional<StreamSettings>();
  return std::optional(StreamSettings{*request.stream->view, true, {}, {}});
}

Result<void> apply_settings(const TableRequest& request, Table& table) {
  table.provisioned = request.throughput.provisioned.value_or(Throughput{});
  const DetailsRules rules{{}, table.is_on_demand, table.provisioned, true};
  STATOR_TRY_VOID(apply_details(request.throughput, rules, table.throughput));
  STATOR_TRY(table.stream, stream_of_new_table(request));
  if (request.encryption) {
    STATOR_TRY(table.has_managed_key, wants_managed_key(*request.encryption));
  }
  table.table_class = request.table_class.value_or("");
  table.has_deletion_protection = request.protection.value_or(false);
  return {};
}

}  // namespace

Result<Table> table_from_request(const TableRef& ref, const aws::Input& input) {
  STATOR_TRY(const auto request, read_request(input));
  Table table;
  table.account = ref.account;
  table.region = ref.region;
  table.name = ref.name;
  table.is_on_demand = request.billing_mode == "PAY_PER_REQUEST";
  STATOR_TRY_VOID(check_billing(request, table.is_on_demand));
  STATOR_TRY(table.attributes, attribute_definitions(request.definitions));
  STATOR_TRY_VOID(check_keys(request, table.attributes));
  STATOR_TRY_VOID(check_definitions_used(request, table.attributes));
  std::sort(table.attributes.begin(), table.attributes.end(),
            [](const KeyAttribute& a, const KeyAttribute& b) { return a.name < b.name; });
  const auto attribute = [&](const SchemaElement& key) {
    return *std::find_if(table.attributes.begin(), table.attributes.end(),
                         [&](const KeyAttribute& a) { return a.name == key.name; });
  };
  table.partition = attribute(request.keys[0]);
  if (request.keys.size() == 2) table.sort = attribute(request.keys[1]);
  STATOR_TRY_VOID(add_all_indexes(request, table));
  STATOR_TRY_VOID(apply_settings(request, table));
  STATOR_TRY(table.tags, read_tags(input, "Tags"));
  if (table.tags.size() > kTagsMax) return validation("A table has at most 50 tags");
  return table;
}

}  // namespace stator::dynamodb
