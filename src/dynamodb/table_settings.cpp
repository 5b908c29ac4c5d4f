#include "dynamodb/table_settings.hpp"

#include <algorithm>

#include "dynamodb/errors.hpp"

namespace stator::dynamodb {

namespace {

constexpr std::int64_t kUnitsMax = 1'000'000'000'000;
constexpr std::int64_t kNoLimit = -1;
constexpr std::int64_t kFreeDecreases = 4;
constexpr std::chrono::hours kDecreaseInterval{1};
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

std::chrono::sys_days day_of(WallTime time) {
  return std::chrono::floor<std::chrono::days>(time);
}

/// "Friday, October 9, 2026 at 12:21:34 AM Coordinated Universal Time", as this one message has it.
std::string spelled_out(WallTime time) {
  static constexpr std::string_view kDays[] = {"Sunday",   "Monday", "Tuesday", "Wednesday",
                                               "Thursday", "Friday", "Saturday"};
  static constexpr std::string_view kMonths[] = {"January",   "February", "March",    "April",
                                                 "May",       "June",     "July",     "August",
                                                 "September", "October",  "November", "December"};
  const auto day = day_of(time);
  const std::chrono::year_month_day date(day);
  const std::chrono::hh_mm_ss clock(std::chrono::floor<std::chrono::seconds>(time) - day);
  const auto two = [](std::int64_t value) {
    return (value < 10 ? "0" : "") + std::to_string(value);
  };
  const auto hour = clock.hours().count();
  std::string text(kDays[std::chrono::weekday(day).c_encoding()]);
  text.append(", ").append(kMonths[static_cast<unsigned>(date.month()) - 1]);
  text.append(" ").append(std::to_string(static_cast<unsigned>(date.day())));
  text.append(", ").append(std::to_string(static_cast<int>(date.year())));
  text.append(" at ").append(std::to_string(hour % 12 == 0 ? 12 : hour % 12));
  text.append(":").append(two(clock.minutes().count()));
  text.append(":").append(two(clock.seconds().count()));
  return text.append(hour < 12 ? " AM" : " PM").append(" Coordinated Universal Time");
}

/// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html
Result<void> check_decrease(const ThroughputDetails& details, WallTime now) {
  const std::int64_t count = decreases_today(details, now);
  if (count < kFreeDecreases) return {};
  const WallTime midnight = day_of(now) + std::chrono::days(1);
  const WallTime next = std::min(midnight, *details.last_decrease + kDecreaseInterval);
  if (now >= next) return {};
  return limit_exceeded(
      "Subscriber limit exceeded: Provisioned throughput decreases are limited within a given UTC "
      "day. After the first 4 decreases, each subsequent decrease in the same UTC day can be "
      "performed at most once every 3600 seconds. Number of decreases today: " +
      std::to_string(count) + ". Last decrease at " + spelled_out(*details.last_decrease) +
      ". Next decrease can be made at " + spelled_out(next));
}

}  // namespace

std::int64_t decreases_today(const ThroughputDetails& details, WallTime now) {
  const bool is_today = details.last_decrease && day_of(*details.last_decrease) == day_of(now);
  return is_today ? details.decreases : 0;
}

void forget_old_decreases(Table& table, WallTime now) {
  table.throughput.decreases = decreases_today(table.throughput, now);
  for (Index& index : table.indexes) {
    index.throughput.decreases = decreases_today(index.throughput, now);
  }
}

Result<void> change_provisioned(const Throughput& wanted, WallTime now, Throughput& current,
                                ThroughputDetails& details) {
  const bool is_less =
      wanted.read_units < current.read_units || wanted.write_units < current.write_units;
  const bool is_more =
      wanted.read_units > current.read_units || wanted.write_units > current.write_units;
  if (is_less) {
    STATOR_TRY_VOID(check_decrease(details, now));
    details.decreases = decreases_today(details, now) + 1;
    details.last_decrease = now;
  }
  if (is_more) details.last_increase = now;
  details.warm = warm_throughput(false, current, details);
  current = wanted;
  return {};
}

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

}  // namespace stator::dynamodb
