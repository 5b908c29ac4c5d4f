#include "dynamodb/errors.hpp"
#include "dynamodb/ops/operations.hpp"
#include "dynamodb/table_operation.hpp"

namespace stator::dynamodb {

namespace {

/// The quotas that an account has on AWS from the start.
/// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html
constexpr std::int64_t kAccountUnitsMax = 80'000;
constexpr std::int64_t kTableUnitsMax = 40'000;

}  // namespace

aws::Operation describe_limits() {
  return modelled_operation(
      "DescribeLimits",
      [](const aws::Call&, const aws::Input&) -> Result<aws::Needs> {
        return aws::Needs{{"dynamodb:DescribeLimits", "*"}};
      },
      [](aws::Call&, const aws::Input&) -> Result<json::Object> {
        return json::Object{{"AccountMaxReadCapacityUnits", kAccountUnitsMax},
                            {"AccountMaxWriteCapacityUnits", kAccountUnitsMax},
                            {"TableMaxReadCapacityUnits", kTableUnitsMax},
                            {"TableMaxWriteCapacityUnits", kTableUnitsMax}};
      });
}

}  // namespace stator::dynamodb
