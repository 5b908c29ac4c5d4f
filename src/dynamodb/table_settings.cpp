#include "dynamodb/table_settings.hpp"

#include <algorithm>

#include "base/time_format.hpp"
#include "dynamodb/errors.hpp"

namespace stator::dynamodb {

namespace {

constexpr std::int64_t kUnitsMax = 1'000'000'000'000;
constexpr std::int64_t kNoLimit = -1;
constexpr std::string_view kManagedKey = "alias/aws/dynamodb";
constexpr std::string_view kInitialThroughputPage =
    "https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/"
    "on-demand-capacity-mode.html#on-demand-capacity-mode-initial";

Result<void> check_bound(std::int64_t units, std::string_view member) {
  if (units <= kUnitsMax) return {};
  return validation("Given value " + std::to_string(units) + " for " + std::string(member) +
                    " is out of bounds");
}

Result<void> apply_limit(std::optional<std::int64_t> wanted, const std::string& member,
                         const DetailsRules& rules, std::int64_t& limit) {
  if (!wanted) return {};
  if (!rules.is_on_demand) {
    const std::string of = rules.index.empty() ? "" : " for index : " + rules.index;
    return invalid_parameter(member + " for OnDemandThroughput" + of +
                             " cannot be specified when " + (rules.is_new ? "" : "the ") +
                             "table BillingMode is PROVISIONED" + (rules.is_new ? "." : ""));
  }
  const bool is_taken_back = *wanted == kNoLimit && !rules.is_new;
  if (*wanted < 1 && !is_taken_back) {
    const std::string of = rules.index.empty() ? "table" : "index : " + rules.index;
    return invalid_parameter("Requested " + member + " for OnDemandThroughput for " + of +
                             " is outside of valid range");
  }
  limit = is_taken_back ? 0 : *wanted;
  return {};
}

Result<void> apply_warm(std::optional<std::int64_t> wanted, const std::string& dimension,
                        const DetailsRules& rules, std::int64_t& warm) {
  if (!wanted) return {};
  if (*wanted >= warm) {
    warm = *wanted;
    return {};
  }
  const std::string of = rules.index.empty() ? "table" : "index " + rules.index;
  const std::string message =
      "Requested " + dimension + "UnitsPerSecond for WarmThroughput for " + of + " is lower than ";
  if (!rules.is_new) {
    return invalid_parameter(message +
                             "current WarmThroughput, decreasing WarmThroughput is not supported");
  }
  if (!rules.is_on_demand) {
    return invalid_parameter(message + dimension + "CapacityUnits of ProvisionedThroughput");
  }
  return invalid_parameter(
      message + "initial throughput for OnDemand. See: " + std::string(kInitialThroughputPage));
}

}  // namespace

Result<void> check_bounds(const Throughput& throughput) {
  STATOR_TRY_VOID(check_bound(throughput.read_units, "ReadCapacityUnits"));
  return check_bound(throughput.write_units, "WriteCapacityUnits");
}

Throughput warm_throughput(bool is_on_demand, const Throughput& provisioned,
                           const ThroughputDetails& details) {
  const Throughput& now = is_on_demand ? kOnDemandWarm : provisioned;
  return {std::max(now.read_units, details.warm.read_units),
          std::max(now.write_units, details.warm.write_units)};
}

Result<void> apply_details(const ThroughputRequest& request, const DetailsRules& rules,
                           ThroughputDetails& details) {
  if (request.on_demand) {
    STATOR_TRY_VOID(apply_limit(request.on_demand->read_units, "MaxReadRequestUnits", rules,
                                details.on_demand_max.read_units));
    STATOR_TRY_VOID(apply_limit(request.on_demand->write_units, "MaxWriteRequestUnits", rules,
                                details.on_demand_max.write_units));
  }
  if (!request.warm) return {};
  Throughput warm = warm_throughput(rules.is_on_demand, rules.provisioned, details);
  STATOR_TRY_VOID(apply_warm(request.warm->read_units, "Read", rules, warm.read_units));
  STATOR_TRY_VOID(apply_warm(request.warm->write_units, "Write", rules, warm.write_units));
  details.warm = warm;
  return {};
}

Result<bool> wants_managed_key(const EncryptionRequest& request) {
  const bool is_enabled = request.is_enabled.value_or(request.type.has_value());
  if (!is_enabled) {
    if (request.type) {
      return invalid_parameter("SSEType can not be specified if Enabled is false");
    }
    if (request.key_id) {
      return invalid_parameter("KMSMasterKeyId can not be specified if Enabled is false");
    }
    return false;
  }
  if (request.type == "AES256") return invalid_parameter("SSEType AES256 is not supported");
  if (!request.key_id) return true;
  if (!request.type) {
    return invalid_parameter("SSEType KMS is required if KMSMasterKeyId is specified");
  }
  if (*request.key_id == kManagedKey) return true;
  return not_supported("SSESpecification with a KMSMasterKeyId of one's own");
}

StreamSettings new_stream(StreamSettings::View view, WallTime now,
                          const std::optional<StreamSettings>& before) {
  if (before && now <= before->created) now = before->created + std::chrono::milliseconds(1);
  std::string label = iso8601_ms(now);
  label.pop_back();  // the Z
  return {view, true, now, std::move(label)};
}

}  // namespace stator::dynamodb
