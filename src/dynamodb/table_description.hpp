#pragma once

#include <string_view>

#include "dynamodb/table.hpp"
#include "json/json.hpp"

namespace stator::dynamodb {

struct Statistics {
  std::uint64_t item_count = 0;
  std::uint64_t size_bytes = 0;
};

/// AWS's TableDescription.
[[nodiscard]] json::Object describe(const Table& table, std::string_view status,
                                    const Statistics& statistics);

}  // namespace stator::dynamodb
