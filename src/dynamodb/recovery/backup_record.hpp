#pragma once

#include <optional>
#include <set>
#include <string>

#include "dynamodb/recovery/resource.hpp"
#include "dynamodb/table.hpp"
#include "dynamodb/table_description.hpp"
#include "json/json.hpp"
#include "storage/store.hpp"

namespace stator::dynamodb::recovery {

/// A copy of a table that outlives it. Its items lie in Family::kItems under an id of their own, as
/// those of a table do, and never change once it is available.
struct Backup {
  enum class Type : std::uint8_t { kUser, kSystem };
  enum class Status : std::uint8_t { kCreating, kAvailable };

  std::string id;
  std::string name;
  Type type = Type::kUser;
  Status status = Status::kCreating;
  WallTime created;
  std::optional<WallTime> expires;  ///< for those that the service made
  TableId items = 0;
  Statistics statistics;  ///< known once it is available
  Table table;            ///< as it was

  [[nodiscard]] Resource resource() const {
    return {{table.account, table.region, table.name}, "backup", id};
  }
};

[[nodiscard]] std::string dump(const Backup& backup);
/// kInternal for what dump() did not write.
[[nodiscard]] Result<Backup> parse_backup(std::string_view record);

/// The parts of AWS's BackupDescription: an index as backups and restores name it, the details, and
/// the whole.
[[nodiscard]] json::Object describe_index(const Index& index);
[[nodiscard]] json::Object describe_details(const Backup& backup);
[[nodiscard]] json::Object describe(const Backup& backup);

/// What the keys of the items of every backup in the store begin with. Throws ConfigError when a
/// record cannot be read.
[[nodiscard]] std::set<std::string> backup_prefixes(const storage::Store& store);

}  // namespace stator::dynamodb::recovery
