#pragma once

#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "aws/operation.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "dynamodb/table.hpp"

namespace stator::dynamodb::recovery {

/// A backup, an export or an import: "arn:aws:dynamodb:REGION:ACCOUNT:table/NAME/KIND/ID".
struct Resource {
  TableRef table;
  std::string kind;  ///< "backup", "export" or "import"
  std::string id;    ///< "01489602797149-73d8d5bc": its time in milliseconds and eight hex digits

  [[nodiscard]] std::string arn() const;
  /// Where its record lies in Family::kMeta. Records of one table lie together in the order of
  /// their times.
  [[nodiscard]] std::string record_key() const;
  bool operator==(const Resource&) const = default;
};

/// Nothing for any other text.
[[nodiscard]] std::optional<Resource> parse_resource(std::string_view arn, std::string_view kind);

/// Visits the records of a kind in the order of their tables and times: of one table; of all in an
/// account and region when the name is ""; of all there are when the account is "" too.
[[nodiscard]] Result<void> for_each_record(
    const storage::Store& store, const TableRef& table, std::string_view kind,
    const std::function<Result<void>(const Resource&, std::string_view)>& visit);

[[nodiscard]] std::string make_resource_id(WallTime now, Random& random);

/// A control-plane operation on the resource that the member `arn_member` names; needs
/// dynamodb:<name> on it. An ARN of another shape is a ValidationException.
struct ResourceOperation {
  std::string name;
  std::string arn_member;
  std::string kind;
};
[[nodiscard]] aws::Operation resource_operation(
    ResourceOperation operation, std::function<Result<json::Object>(const Resource&)> handle);

/// A timestamp as the JSON protocol carries it: seconds since 1970, whole or with a fraction.
[[nodiscard]] Result<std::optional<WallTime>> read_time(const aws::Input& input,
                                                        std::string_view member);
[[nodiscard]] double epoch_seconds(WallTime time);

}  // namespace stator::dynamodb::recovery
