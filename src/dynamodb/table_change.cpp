#include <algorithm>

#include "base/strings.hpp"
#include "dynamodb/errors.hpp"
#include "dynamodb/streams/lifecycle.hpp"
#include "dynamodb/table_schema.hpp"
#include "dynamodb/table_settings.hpp"
#include "dynamodb/table_update.hpp"

namespace stator::dynamodb {

namespace {

Index* find_index(Table& table, std::string_view name) {
  for (Index& index : table.indexes) {
    if (index.name == name) return &index;
  }
  return nullptr;
}

/// "The provisioned throughput for the table will not change. ..."
Error unchanged(const std::string& of_what, const std::string& what, const Throughput& units) {
  const std::string read = std::to_string(units.read_units);
  const std::string write = std::to_string(units.write_units);
  return validation("The provisioned throughput for " + of_what +
                    " will not change. The requested value equals the current value. Current "
                    "ReadCapacityUnits provisioned for " +
                    what + ": " + read + ". Requested ReadCapacityUnits: " + read +
                    ". Current WriteCapacityUnits provisioned for " + what + ": " + write +
                    ". Requested WriteCapacityUnits: " + write +
                    ". Refer to the Amazon DynamoDB Developer Guide for current limits and how to "
                    "request higher limits.");
}

void become_on_demand(Table& table, WallTime now) {
  const auto change = [](Throughput& units, ThroughputDetails& details) {
    details.warm = warm_throughput(false, units, details);
    units = {};
  };
  change(table.provisioned, table.throughput);
  for (Index& index : table.indexes) {
    if (index.is_global) change(index.provisioned, index.throughput);
  }
  table.is_on_demand = true;
  table.on_demand_since = now;
}

/// Provisioned units are set by what else the request brings.
Result<void> become_provisioned(const TableUpdate& update, Table& table) {
  std::vector<std::string> without;
  const auto has_units = [&](const Index& index) {
    const auto& updates = update.indexes;
    return updates && std::any_of(updates->begin(), updates->end(), [&](const IndexUpdate& u) {
             return u.index.name == index.name && u.index.throughput.provisioned;
           });
  };
  for (const Index& index : table.indexes) {
    if (index.is_global && !has_units(index)) without.push_back(index.name);
  }
  if (!without.empty()) {
    return invalid_parameter("ProvisionedThroughput must be specified for index: " +
                             join(without, ","));
  }
  const auto change = [](ThroughputDetails& details) {
    details.warm = warm_throughput(true, {}, details);
    details.on_demand_max = {};
  };
  change(table.throughput);
  for (Index& index : table.indexes) {
    if (index.is_global) change(index.throughput);
  }
  if (!table.on_demand_since) table.on_demand_since = table.created;
  table.is_on_demand = false;
  return {};
}

Result<void> apply_throughput(const TableUpdate& update, WallTime now, Table& table) {
  const bool was_on_demand = table.is_on_demand;
  const bool is_on_demand =
      update.billing_mode ? *update.billing_mode == "PAY_PER_REQUEST" : was_on_demand;
  const auto& wanted = update.throughput.provisioned;
  if (wanted && is_on_demand) {
    return invalid_parameter(
        "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is "
        "PAY_PER_REQUEST");
  }
  if (wanted || update.billing_mode) {
    std::vector<std::string> going;
    for (const Index& index : table.indexes) {
      if (index.status == Index::Status::kDeleting) going.push_back(index.name);
    }
    if (!going.empty() && is_on_demand != was_on_demand) {
      return resource_in_use("Can't change table IOPS when an index is being deleted. Table: " +
                             table.name + " Indexes: [" + join(going, ", ") + "]");
    }
  }
  if (is_on_demand && !was_on_demand) become_on_demand(table, now);
  if (!is_on_demand && was_on_demand) STATOR_TRY_VOID(become_provisioned(update, table));
  if (wanted && *wanted == table.provisioned) {
    return unchanged("the table", "the table", *wanted);
  }
  if (wanted) {
    STATOR_TRY_VOID(change_provisioned(*wanted, now, table.provisioned, table.throughput));
  }
  const DetailsRules rules{{}, table.is_on_demand, table.provisioned, false};
  return apply_details(update.throughput, rules, table.throughput);
}

Result<void> apply_encryption(const EncryptionRequest& request, Table& table) {
  STATOR_TRY(const bool is_wanted, wants_managed_key(request));
  if (!is_wanted && !table.has_managed_key) {
    return invalid_parameter("Table is already encrypted by default");
  }
  table.has_managed_key = is_wanted;
  return {};
}

/// The types of a new index's attributes: those that the request defines, then those that the table
/// has. A type that the table has otherwise is refused, since its attribute is one.
Result<std::vector<KeyAttribute>> definitions_for(const TableUpdate& update,
                                                  const IndexRequest& request, const Table& table) {
  if (!update.definitions || update.definitions->empty()) {
    return invalid_parameter("AttributeDefinitions is not specified for index: " + request.name);
  }
  STATOR_TRY(auto definitions, attribute_definitions(*update.definitions));
  for (const KeyAttribute& attribute : table.attributes) {
    const auto found = std::find_if(definitions.begin(), definitions.end(),
                                    [&](const auto& d) { return d.name == attribute.name; });
    if (found == definitions.end()) {
      definitions.push_back(attribute);
      continue;
    }
    const bool is_used = std::any_of(request.keys.begin(), request.keys.end(),
                                     [&](const auto& key) { return key.name == attribute.name; });
    if (found->type != attribute.type && is_used) {
      return invalid_parameter("The type of attribute " + attribute.name +
                               " differs from its definition in the table");
    }
  }
  return definitions;
}

Result<void> check_index_units(const IndexRequest& request, const Table& table) {
  const auto& provisioned = request.throughput.provisioned;
  if (table.is_on_demand && provisioned) {
    return invalid_parameter(
        "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified for index: " +
        request.name + " when BillingMode is PAY_PER_REQUEST");
  }
  if (!table.is_on_demand && !provisioned) {
    return invalid_parameter(
        "Both ReadCapacityUnits and WriteCapacityUnits must be specified for index: " +
        request.name);
  }
  return {};
}

Result<void> create_index(const TableUpdate& update, const IndexRequest& request, Tables& tables,
                          Table& table) {
  if (find_index(table, request.name)) {
    return validation("Attempting to create an index which already exists");
  }
  STATOR_TRY(const auto definitions, definitions_for(update, request, table));
  STATOR_TRY_VOID(check_defined(request.keys, definitions));
  STATOR_TRY_VOID(check_index_units(request, table));
  STATOR_TRY(auto index, index_from_request(request, definitions, {true, table.is_on_demand}));
  const auto is_global = [](const Index& other) { return other.is_global; };
  const auto count = std::count_if(table.indexes.begin(), table.indexes.end(), is_global);
  if (static_cast<std::size_t>(count) >= kGlobalIndexesMax) {
    return limit_exceeded(
        "Subscriber limit exceeded: Number of global secondary indexes exceeds per-table limit of "
        "20");
  }
  index.status = Index::Status::kCreating;
  STATOR_TRY(index.id, tables.next_id());
  for (const auto* attributes : {&index.partition, &index.sort}) {
    for (const KeyAttribute& attribute : *attributes) {
      if (!is_key_attribute(table, attribute.name)) table.attributes.push_back(attribute);
    }
  }
  table.indexes.push_back(std::move(index));
  std::sort(table.attributes.begin(), table.attributes.end(),
            [](const auto& a, const auto& b) { return a.name < b.name; });
  const auto same_name = [](const auto& a, const auto& b) { return a.name == b.name; };
  const auto end = std::unique(table.attributes.begin(), table.attributes.end(), same_name);
  table.attributes.erase(end, table.attributes.end());
  return check_included_count(table);
}

Result<Index*> existing_index(const IndexUpdate& update, Table& table) {
  Index* index = find_index(table, update.index.name);
  if (!index) return index_not_found(update.index.name, table.name);
  if (index->is_global) return index;
  const std::string verb = update.kind == IndexUpdate::Kind::kDelete ? "delete" : "update";
  return validation("Cannot " + verb +
                    " an index that is not a GlobalSecondaryIndex: " + index->name);
}

Result<void> change_index(const IndexUpdate& update, WallTime now, bool was_on_demand,
                          Table& table) {
  STATOR_TRY(Index* const index, existing_index(update, table));
  if (index->status == Index::Status::kDeleting) {
    return resource_in_use("Index is being deleted. Table: " + table.name +
                           " Index: " + index->name);
  }
  const auto& wanted = update.index.throughput.provisioned;
  if (wanted && table.is_on_demand) {
    return invalid_parameter("The only Updates for index: " + index->name +
                             " when TableThroughputMode is PAY_PER_REQUEST can be to "
                             "OnDemandThroughput, WarmThroughput");
  }
  if (wanted && *wanted == index->provisioned && !was_on_demand) {
    return unchanged("the index " + index->name, "index " + index->name, *wanted);
  }
  if (wanted) {
    STATOR_TRY_VOID(change_provisioned(*wanted, now, index->provisioned, index->throughput));
  }
  const DetailsRules rules{index->name, table.is_on_demand, index->provisioned, false};
  return apply_details(update.index.throughput, rules, index->throughput);
}

/// One index at a time is made or goes, in a request and in a table.
Result<void> check_one_at_a_time(const std::vector<IndexUpdate>& updates, const Table& table) {
  const auto in_work =
      std::count_if(table.indexes.begin(), table.indexes.end(), [&](const Index& i) {
        // The one that is being made may be deleted before it is done.
        const auto is_it = [&](const IndexUpdate& update) {
          return update.kind == IndexUpdate::Kind::kDelete && update.index.name == i.name &&
                 i.status == Index::Status::kCreating;
        };
        return i.status != Index::Status::kActive &&
               std::none_of(updates.begin(), updates.end(), is_it);
      });
  const auto wanted = std::count_if(updates.begin(), updates.end(), [](const IndexUpdate& update) {
    return update.kind != IndexUpdate::Kind::kUpdate;
  });
  if (wanted == 0 || wanted + in_work <= 1) return {};
  return limit_exceeded(
      "Subscriber limit exceeded: Only 1 online index can be created or deleted simultaneously per "
      "table");
}

Result<void> apply_indexes(const TableUpdate& update, Tables& tables, bool was_on_demand,
                           Table& table) {
  for (const IndexUpdate& index : *update.indexes) {
    if (index.kind == IndexUpdate::Kind::kCreate) continue;
    STATOR_TRY_VOID(existing_index(index, table));
  }
  STATOR_TRY_VOID(check_one_at_a_time(*update.indexes, table));
  for (const IndexUpdate& index : *update.indexes) {
    switch (index.kind) {
      case IndexUpdate::Kind::kCreate:
        STATOR_TRY_VOID(create_index(update, index.index, tables, table));
        break;
      case IndexUpdate::Kind::kUpdate:
        STATOR_TRY_VOID(change_index(index, tables.clock().wall(), was_on_demand, table));
        break;
      case IndexUpdate::Kind::kDelete:
        find_index(table, index.index.name)->status = Index::Status::kDeleting;
        break;
    }
  }
  return {};
}

}  // namespace

Result<void> apply(const TableUpdate& update, Tables& tables, Table& table) {
  const bool was_on_demand = table.is_on_demand;
  STATOR_TRY_VOID(apply_throughput(update, tables.clock().wall(), table));
  if (update.indexes) {
    STATOR_TRY_VOID(apply_indexes(update, tables, was_on_demand, table));
  }
  if (update.stream && update.stream->is_enabled) {
    STATOR_TRY_VOID(streams::open_stream(tables, table, *update.stream->view));
  } else if (update.stream) {
    STATOR_TRY_VOID(streams::close_stream(tables, table));
  }
  if (update.encryption) STATOR_TRY_VOID(apply_encryption(*update.encryption, table));
  if (update.protection) table.has_deletion_protection = *update.protection;
  if (!update.table_class) return {};
  const std::string& before = table.table_class.empty() ? "STANDARD" : table.table_class;
  if (*update.table_class == before) return {};
  table.table_class = *update.table_class;
  table.table_class_changed = tables.clock().wall();
  return {};
}

}  // namespace stator::dynamodb
