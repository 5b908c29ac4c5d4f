#include "dynamodb/recovery/restore_request.hpp"

#include <algorithm>

#include "dynamodb/errors.hpp"
#include "dynamodb/recovery/backup_record.hpp"
#include "dynamodb/table_settings.hpp"

namespace stator::dynamodb::recovery {

namespace {

Result<std::optional<Throughput>> read_units(const aws::Input& input, std::string_view member) {
  STATOR_TRY(const auto units, read_provisioned(input, member));
  if (units) STATOR_TRY_VOID(check_bounds(*units));
  return units;
}

/// Overrides that would be ignored are refused instead.
Result<void> check_unsupported(const aws::Input& input) {
  if (input.has("OnDemandThroughputOverride")) return not_supported("OnDemandThroughputOverride");
  STATOR_TRY(const auto encryption, input.object("SSESpecificationOverride"));
  if (encryption == nullptr) return {};
  STATOR_TRY(const auto is_on, input.nested(*encryption).boolean("Enabled"));
  if (is_on.value_or(false)) return not_supported("SSESpecificationOverride");
  return {};
}

/// Projections are equal when they name the same attributes, in whatever order.
json::Value sorted_projection(json::Value projection) {
  auto* object = projection.if_object();
  auto* names = object ? object->if_contains("NonKeyAttributes") : nullptr;
  auto* array = names ? names->if_array() : nullptr;
  if (array == nullptr) return projection;
  std::vector<std::string> texts;
  for (const json::Value& name : *array) texts.push_back(json::dump(name));
  std::sort(texts.begin(), texts.end());
  json::Array sorted;
  for (const std::string& text : texts) sorted.push_back(boost::json::string_view(text));
  (*object)["NonKeyAttributes"] = std::move(sorted);
  return projection;
}

/// Limits stay; what happened to the old table's throughput is not the new one's history.
ThroughputDetails kept_details(const ThroughputDetails& source, bool is_on_demand) {
  ThroughputDetails kept;
  if (is_on_demand) kept.on_demand_max = source.on_demand_max;
  return kept;
}

bool is_used(const Table& table, const std::string& name) {
  const auto names = [&](const std::vector<KeyAttribute>& attributes) {
    return std::any_of(attributes.begin(), attributes.end(),
                       [&](const KeyAttribute& attribute) { return attribute.name == name; });
  };
  if (table.partition.name == name || (table.sort && table.sort->name == name)) return true;
  return std::any_of(table.indexes.begin(), table.indexes.end(), [&](const Index& index) {
    return names(index.partition) || names(index.sort);
  });
}

}  // namespace

Result<RestoreRequest::Kept> RestoreRequest::read_indexes(const aws::Input& input,
                                                          std::string_view member) {
  STATOR_TRY(const auto array, input.array(member));
  if (array == nullptr) return Kept();
  std::vector<KeptIndex> kept;
  for (const json::Value& value : *array) {
    const aws::Input index = input.nested(value.as_object());
    for (const std::string_view name : {"OnDemandThroughput", "WarmThroughput"}) {
      if (index.has(name)) return not_supported(std::string(member) + " with " + std::string(name));
    }
    STATOR_TRY(const auto name, index.text("IndexName"));
    STATOR_TRY(const auto key_schema, index.array("KeySchema"));
    STATOR_TRY(const auto projection, index.object("Projection"));
    STATOR_TRY(const auto provisioned, read_units(index, "ProvisionedThroughput"));
    kept.push_back({*name, json::Value(*key_schema), json::Value(*projection), provisioned});
  }
  return Kept(std::move(kept));
}

Result<RestoreRequest> RestoreRequest::read(const aws::Input& input) {
  RestoreRequest request;
  STATOR_TRY_VOID(check_unsupported(input));
  STATOR_TRY(const auto name, input.text("TargetTableName"));
  request.target_name_ = *name;
  STATOR_TRY(request.billing_mode_, input.text("BillingModeOverride"));
  STATOR_TRY(request.provisioned_, read_units(input, "ProvisionedThroughputOverride"));
  STATOR_TRY(request.global_, read_indexes(input, "GlobalSecondaryIndexOverride"));
  STATOR_TRY(request.local_, read_indexes(input, "LocalSecondaryIndexOverride"));
  return request;
}

Result<void> RestoreRequest::set_billing(const Table& source, Table& target) const {
  target.is_on_demand = billing_mode_ ? *billing_mode_ == "PAY_PER_REQUEST" : source.is_on_demand;
  if (target.is_on_demand) {
    if (!provisioned_) return {};
    return invalid_parameter(
        "Neither ReadCapacityUnits nor WriteCapacityUnits can be specified when BillingMode is "
        "PAY_PER_REQUEST");
  }
  if (!provisioned_ && source.is_on_demand) {
    return invalid_parameter(
        "ReadCapacityUnits and WriteCapacityUnits must both be specified when BillingMode is "
        "PROVISIONED");
  }
  target.provisioned = provisioned_.value_or(source.provisioned);
  return {};
}

Result<void> RestoreRequest::add_indexes(const Table& source, bool is_global, Table& target) const {
  const Kept& kept = is_global ? global_ : local_;
  const std::string_view member =
      is_global ? "GlobalSecondaryIndexOverride" : "LocalSecondaryIndexOverride";
  const auto find = [&](const Index& index) -> const KeptIndex* {
    for (const KeptIndex& candidate : *kept) {
      if (candidate.name == index.name) return &candidate;
    }
    return nullptr;
  };
  std::size_t matched = 0;
  for (Index index : source.indexes) {
    if (index.is_global != is_global || index.status == Index::Status::kDeleting) continue;
    const KeptIndex* wanted = kept ? find(index) : nullptr;
    if (kept && wanted == nullptr) continue;
    const json::Object description = describe_index(index);
    if (wanted && (wanted->key_schema != description.at("KeySchema") ||
                   sorted_projection(wanted->projection) !=
                       sorted_projection(description.at("Projection")))) {
      return invalid_parameter(std::string(member) + " differs from the source's index " +
                               index.name);
    }
    matched += wanted != nullptr;
    index.status = Index::Status::kActive;
    index.throughput = kept_details(index.throughput, target.is_on_demand);
    if (target.is_on_demand) {
      index.provisioned = {};
    } else if (wanted && wanted->provisioned) {
      index.provisioned = *wanted->provisioned;
    } else if (is_global && source.is_on_demand) {
      index.provisioned = target.provisioned;
    }
    target.indexes.push_back(std::move(index));
  }
  if (!kept || matched == kept->size()) return {};
  return invalid_parameter(std::string(member) + " names an index that the source does not have");
}

Result<Table> RestoreRequest::target(const Table& source, const TableRef& caller) const {
  Table target;
  target.account = caller.account;
  target.region = caller.region;
  target.name = target_name_;
  target.partition = source.partition;
  target.sort = source.sort;
  target.table_class = source.table_class;
  STATOR_TRY_VOID(set_billing(source, target));
  target.throughput = kept_details(source.throughput, target.is_on_demand);
  target.has_managed_key = source.has_managed_key;
  STATOR_TRY_VOID(add_indexes(source, false, target));
  STATOR_TRY_VOID(add_indexes(source, true, target));
  for (const KeyAttribute& attribute : source.attributes) {
    if (is_used(target, attribute.name)) target.attributes.push_back(attribute);
  }
  return target;
}

Result<TableRef> read_target(const aws::Call& call, const aws::Input& input) {
  STATOR_TRY(const auto name, input.text("TargetTableName"));
  return TableRef::of(call, *name);
}

aws::Needs restore_needs(std::string_view action, std::string source_arn, const TableRef& target) {
  aws::Needs needs{{"dynamodb:" + std::string(action), std::move(source_arn)}};
  for (const std::string_view name :
       {action, std::string_view("BatchWriteItem"), std::string_view("DeleteItem"),
        std::string_view("GetItem"), std::string_view("PutItem"), std::string_view("Query"),
        std::string_view("Scan"), std::string_view("UpdateItem")}) {
    needs.push_back({"dynamodb:" + std::string(name), target.arn()});
  }
  return needs;
}

}  // namespace stator::dynamodb::recovery
