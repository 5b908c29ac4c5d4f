#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "cloudformation/resource_type.hpp"

/// The parts of AWS::DynamoDB::Table, which is the largest of the types.
/// https://docs.aws.amazon.com/AWSCloudFormation/latest/TemplateReference/aws-resource-dynamodb-table.html
namespace stator::cloudformation::resources {

inline constexpr std::string_view kDynamoDb = "dynamodb";

/// DescribeTable's Table; empty when there is no such table.
[[nodiscard]] Result<json::Object> describe_table(ResourceContext& context,
                                                  const std::string& name);
/// Until the table and all its global indexes are ACTIVE.
[[nodiscard]] Result<void> wait_until_active(ResourceContext& context, const std::string& name);
/// What Fn::GetAtt gives, from a table's description.
[[nodiscard]] json::Object table_attributes(const json::Object& description);
/// StreamSpecification as the API has it; CloudFormation leaves out that it is enabled.
[[nodiscard]] std::optional<json::Object> stream_input(const json::Object& properties);

/// SSESpecification as the API has it.
[[nodiscard]] json::Object sse_input(const json::Object& properties);

/// Carries a change of TimeToLiveSpecification over; {} stands for a table that is new.
[[nodiscard]] Result<void> set_time_to_live(ResourceContext& context, const std::string& name,
                                            const json::Object& before, const json::Object& after);
/// Likewise PointInTimeRecoverySpecification.
[[nodiscard]] Result<void> set_recovery(ResourceContext& context, const std::string& name,
                                        const json::Object& before, const json::Object& after);

/// Likewise ResourcePolicy, of the table and of its stream; `description` is the table as it is
/// now. A stream that is new has no policy yet.
[[nodiscard]] Result<void> set_policies(ResourceContext& context, const json::Object& description,
                                        const json::Object& before, const json::Object& after);

/// Everything that changes in place, one request of UpdateTable at a time, as the API demands.
[[nodiscard]] Result<void> update_table(ResourceContext& context, const Existing& table,
                                        const json::Object& properties);

/// ResourceType::create, remove and read of a table.
[[nodiscard]] Result<void> create_table(ResourceContext& context, const json::Object& properties);
[[nodiscard]] Result<void> remove_table(ResourceContext& context, const Existing& table);
[[nodiscard]] Result<json::Object> read_table(ResourceContext& context, const Existing& table);

}  // namespace stator::cloudformation::resources
