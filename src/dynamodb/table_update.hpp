#pragma once

#include <optional>
#include <string>
#include <vector>

#include "dynamodb/table_request.hpp"
#include "dynamodb/tables.hpp"

/// UpdateTable: what a request asks, and what that makes of a table.
namespace stator::dynamodb {

struct IndexUpdate {
  enum class Kind { kCreate, kUpdate, kDelete };
  Kind kind = Kind::kCreate;
  IndexRequest index;  ///< only the name for kDelete, name and throughput for kUpdate
};

struct TableUpdate {
  std::optional<std::vector<SchemaElement>> definitions;
  std::optional<std::string> billing_mode;
  ThroughputRequest throughput;
  std::optional<StreamRequest> stream;
  std::optional<EncryptionRequest> encryption;
  std::optional<std::string> table_class;
  std::optional<bool> protection;
  std::optional<std::vector<IndexUpdate>> indexes;

  [[nodiscard]] bool creates_or_deletes_index() const;
  /// Whether AWS answers with the status UPDATING.
  [[nodiscard]] bool takes_time() const;
};

/// Reads a request that the service model has found right, and judges what needs no table: AWS lets
/// few changes share a request.
[[nodiscard]] Result<TableUpdate> read_table_update(const aws::Input& input);

/// Applies the update, or refuses it with AWS's error for this table. Indexes that are made or
/// deleted get the status that the work in the background looks for. Inside the change of
/// Tables::update().
[[nodiscard]] Result<void> apply(const TableUpdate& update, Tables& tables, Table& table);

}  // namespace stator::dynamodb
