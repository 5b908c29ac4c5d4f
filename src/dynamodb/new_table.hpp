#pragma once

#include "dynamodb/table_request.hpp"

namespace stator::dynamodb {

/// The table that a request with CreateTable's members describes, without id, UUID, times and the
/// ids of its indexes; `ref` names it. Errors are AWS's, in AWS's order. For whatever makes tables
/// from such members: CreateTable, ImportTable.
[[nodiscard]] Result<Table> table_from_request(const TableRef& ref, const aws::Input& input);

}  // namespace stator::dynamodb
