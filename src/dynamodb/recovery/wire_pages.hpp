#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "dynamodb/value.hpp"

/// What a client of the API that carries whole tables reads and writes: items as deep as DynamoDB
/// allows, which is deeper than the control plane's JSON. Pure functions.
namespace stator::dynamodb::recovery {

/// An answer of Scan.
struct ScanPage {
  std::vector<Item> items;
  std::string last_key;  ///< LastEvaluatedKey as JSON, "" on the last page
};
[[nodiscard]] Result<ScanPage> read_scan_page(std::string_view answer);

/// BatchWriteItem's input that puts these (at most 25) in one table.
[[nodiscard]] std::string put_batch(std::string_view table, const std::vector<Item>& items);

/// BatchWriteItem's input for what its answer says was not processed, "" where all was.
[[nodiscard]] Result<std::string> next_batch(std::string_view answer);

}  // namespace stator::dynamodb::recovery
