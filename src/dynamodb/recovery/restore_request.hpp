#pragma once

#include "aws/input.hpp"
#include "dynamodb/recovery/resource.hpp"

namespace stator::dynamodb::recovery {

/// The members that RestoreTableFromBackup and RestoreTableToPointInTime share: the new table's
/// name, and what of the old table's settings it is not to have.
class RestoreRequest {
 public:
  /// The service model must have found the request right. ValidationException for an override that
  /// is not to be had.
  [[nodiscard]] static Result<RestoreRequest> read(const aws::Input& input);

  [[nodiscard]] const std::string& target_name() const { return target_name_; }

  /// The new table. It has the source's keys, the indexes that are not left out, billing and
  /// class; as on AWS it has no tags, stream, time to live, recovery or protection.
  /// ValidationException for an override that does not fit the source.
  [[nodiscard]] Result<Table> target(const Table& source, const TableRef& caller) const;

 private:
  /// One index to keep, as the request describes it.
  struct KeptIndex {
    std::string name;
    json::Value key_schema;
    json::Value projection;
    std::optional<Throughput> provisioned;
  };
  using Kept = std::optional<std::vector<KeptIndex>>;

  [[nodiscard]] static Result<Kept> read_indexes(const aws::Input& input, std::string_view member);
  [[nodiscard]] Result<void> add_indexes(const Table& source, bool is_global, Table& target) const;
  [[nodiscard]] Result<void> set_billing(const Table& source, Table& target) const;

  std::string target_name_;
  std::optional<std::string> billing_mode_;
  std::optional<Throughput> provisioned_;
  Kept global_;
  Kept local_;
};

/// The name of the target, for the request's permissions.
[[nodiscard]] Result<TableRef> read_target(const aws::Call& call, const aws::Input& input);

/// The permissions of a restore: `action` on the source and on the target, and those on items that
/// AWS asks for on the target as well.
[[nodiscard]] aws::Needs restore_needs(std::string_view action, std::string source_arn,
                                       const TableRef& target);

}  // namespace stator::dynamodb::recovery
