#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dynamodb/prepared_request.hpp"
#include "dynamodb/write_action.hpp"

/// TransactWriteItems and TransactGetItems, read and judged as far as that needs no table.
namespace stator::dynamodb {

struct TransactWriteRequest {
  struct Item {
    WriteAction::Kind kind = WriteAction::Kind::kPut;
    PreparedRequest prepared = {};

    /// Views this, which must stay where it is as long as the action lives.
    [[nodiscard]] WriteAction action() const;
  };
  std::vector<Item> items;
  std::optional<std::string> client_request_token;
  std::optional<std::string> return_consumed_capacity;
  std::optional<std::string> return_item_collection_metrics;

  /// Equal for requests that do the same, whatever the order of their JSON members.
  [[nodiscard]] std::string fingerprint() const;
};

[[nodiscard]] Result<TransactWriteRequest> read_transact_write(std::string_view body);

struct TransactGetRequest {
  std::vector<PreparedRequest> items;
  std::optional<std::string> return_consumed_capacity;
};

[[nodiscard]] Result<TransactGetRequest> read_transact_get(std::string_view body);

}  // namespace stator::dynamodb
