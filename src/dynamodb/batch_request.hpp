#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "dynamodb/prepared_request.hpp"

/// Requests on many items, read and judged as far as that needs no table.
namespace stator::dynamodb {

struct BatchGetRequest {
  /// One for each table: its name and Keys, and how they are to be read.
  std::vector<PreparedRequest> tables;
  std::optional<std::string> return_consumed_capacity;
};

[[nodiscard]] Result<BatchGetRequest> read_batch_get(std::string_view body);

struct BatchWriteRequest {
  /// A put has its Item, a deletion its Key.
  std::vector<PreparedRequest> writes;
  std::optional<std::string> return_consumed_capacity;
  std::optional<std::string> return_item_collection_metrics;
};

[[nodiscard]] Result<BatchWriteRequest> read_batch_write(std::string_view body);

/// An answer's body as a response.
[[nodiscard]] http::Response json_response(std::string body);

}  // namespace stator::dynamodb
