#pragma once

#include <span>
#include <string>
#include <string_view>

#include "aws/input.hpp"
#include "dynamodb/prepared_request.hpp"
#include "dynamodb/request_keys.hpp"
#include "dynamodb/tables.hpp"

/// What requests need to be allowed. A need has its table's policy and the keys that conditions may
/// ask for; whether the table exists shows in neither.
namespace stator::dynamodb {

/// dynamodb:<action> on the table, or on its index if `index` is not "". `table` may be null.
[[nodiscard]] aws::Permission table_need(std::string_view action, const TableRef& ref,
                                         const Table* table, std::string_view index = {});

/// The same on a table of a control-plane request: with its tags, and those that the request's
/// members Tags and TagKeys name. Call, input and tables outlive the need.
struct TableRequestScope {
  const Tables& tables;
  const aws::Input& input;
};
[[nodiscard]] aws::Permission table_need(std::string_view action, const TableRef& ref,
                                         const TableRequestScope& scope);

/// Fills in the tables of requests. Item operations do so while they read, so that one look serves
/// the resource's policy and its condition keys.
void find_tables(const Tables& tables, const aws::Call& call, std::span<PreparedRequest> requests);

/// dynamodb:<action> for one request, which outlives the need.
[[nodiscard]] aws::Permission item_need(const aws::Call& call, std::string_view action,
                                        const PreparedRequest& prepared);

/// dynamodb:<action> for requests on one table, as a batch makes them; they outlive the need.
[[nodiscard]] aws::Permission batch_need(const aws::Call& call, std::string_view action,
                                         std::span<const PreparedRequest> prepared);

}  // namespace stator::dynamodb
