#pragma once

#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/call.hpp"
#include "base/clock.hpp"
#include "base/result.hpp"
#include "dynamodb/key_codec.hpp"
#include "dynamodb/value.hpp"
#include "json/json.hpp"

namespace stator::dynamodb {

/// An attribute that is part of a key; its type is S, N or B.
struct KeyAttribute {
  std::string name;
  Type type = Type::kS;
  bool operator==(const KeyAttribute&) const = default;
};

struct Throughput {
  std::int64_t read_units = 0;
  std::int64_t write_units = 0;
  bool operator==(const Throughput&) const = default;
};

/// Everything about a table but its items. Immutable once it is in the catalogue: a change makes a
/// new one.
struct Table {
  TableId id = 0;
  std::string account;
  std::string region;
  std::string name;
  std::string table_id;  ///< the UUID that DescribeTable shows
  WallTime created;

  std::vector<KeyAttribute> attributes;  ///< AttributeDefinitions, in the order given
  KeyAttribute partition;
  std::optional<KeyAttribute> sort;

  bool is_on_demand = false;
  Throughput provisioned;
  std::string table_class;  ///< "" unless it was given
  bool has_deletion_protection = false;
  std::map<std::string, std::string> tags;

  [[nodiscard]] std::string arn() const;
  bool operator==(const Table&) const = default;
};

/// As kept in the store, and back. kInternal for a record that no version of stator wrote.
[[nodiscard]] json::Object to_record(const Table& table);
[[nodiscard]] Result<Table> from_record(const json::Object& record);

struct Statistics {
  std::uint64_t item_count = 0;
  std::uint64_t size_bytes = 0;
};

/// AWS's TableDescription.
[[nodiscard]] json::Object describe(const Table& table, std::string_view status,
                                    const Statistics& statistics);

/// A table as a request names it: by name, or by ARN.
struct TableRef {
  std::string account;
  std::string region;
  std::string name;

  /// Of the caller's account and region unless `name_or_arn` is an ARN that says otherwise.
  [[nodiscard]] static TableRef of(const aws::Call& call, std::string_view name_or_arn);
  [[nodiscard]] std::string arn() const;
  /// One permission: `action` on this table.
  [[nodiscard]] aws::Needs needs(std::string_view action) const;
};

/// The name inside "arn:aws:dynamodb:REGION:ACCOUNT:table/NAME"; the text itself when it is no ARN.
[[nodiscard]] std::string table_name_of(std::string_view name_or_arn);

}  // namespace stator::dynamodb
