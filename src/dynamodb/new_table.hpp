#pragma once

#include "dynamodb/table_request.hpp"

namespace stator::dynamodb {

/// The table that a request with CreateTable's members describes, without id, UUID, times and the
/// ids of its indexes; `ref` names it. The service model must have found the members right; what is
/// wrong with them beyond that is AWS's error, in AWS's order. For CreateTable and ImportTable.
[[nodiscard]] Result<Table> table_from_request(const TableRef& ref, const aws::Input& input);

}  // namespace stator::dynamodb
