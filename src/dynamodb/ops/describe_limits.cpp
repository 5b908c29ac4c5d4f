#include "dynamodb/errors.hpp"
#include "dynamodb/ops/operations.hpp"

namespace stator::dynamodb {

namespace {

/// The quotas that an account has on AWS from the start.
/// https://docs.aws.amazon.com/amazondynamodb/latest/developerguide/ServiceQuotas.html
constexpr std::int64_t kAccountUnitsMax = 80'000;
constexpr std::int64_t kTableUnitsMax = 40'000;

}  // namespace

aws::Operation describe_limits() {
  return aws::Operation::json(
      "DescribeLimits", aws::ByName{},
      [](const aws::Call&, const aws::Input&) -> Result<aws::Needs> {
        return aws::Needs{{"dynamodb:DescribeLimits", "*"}};
      },
      [](aws::Call&, const aws::Input& input) -> Result<json::Object> {
        STATOR_TRY_VOID(input.allow_only({}));
        return json::Object{{"AccountMaxReadCapacityUnits", kAccountUnitsMax},
                            {"AccountMaxWriteCapacityUnits", kAccountUnitsMax},
                            {"TableMaxReadCapacityUnits", kTableUnitsMax},
                            {"TableMaxWriteCapacityUnits", kTableUnitsMax}};
      });
}

}  // namespace stator::dynamodb
