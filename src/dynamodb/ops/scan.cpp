#include "dynamodb/errors.hpp"
#include "dynamodb/item_key.hpp"
#include "dynamodb/ops/operations.hpp"
#include "dynamodb/read_page.hpp"

namespace stator::dynamodb {

namespace {

Result<void> check(const ItemRequest& request) {
  STATOR_TRY_VOID(check_read(request));
  if (request.segment && !request.total_segments) {
    return validation(
        "The TotalSegments parameter is required but was not present in the request when Segment "
        "parameter is present");
  }
  if (!request.total_segments) return {};
  if (!request.segment) {
    return validation(
        "The Segment parameter is required but was not present in the request when parameter "
        "TotalSegments is present");
  }
  if (*request.segment < *request.total_segments) return {};
  return validation(
      "The Segment parameter is zero-based and must be less than parameter TotalSegments: "
      "Segment: " +
      std::to_string(*request.segment) +
      " is not less than TotalSegments: " + std::to_string(*request.total_segments));
}

Result<void> start_after(const std::string& key, const ItemRequest& request, storage::Range& keys) {
  if (key < keys.begin || key >= keys.end) {
    return validation(
        "The provided starting key is invalid: Invalid ExclusiveStartKey. Please use "
        "ExclusiveStartKey with correct Segment. TotalSegments: " +
        std::to_string(request.total_segments.value_or(1)) +
        " Segment: " + std::to_string(request.segment.value_or(0)));
  }
  keys.begin = after(key);
  return {};
}

Result<std::string> handle(Tables& tables, aws::Call& call, const PreparedRequest& prepared) {
  const ItemRequest& request = prepared.request;
  const auto table = tables.find(TableRef::of(call, *request.table_name));
  if (!table) return resource_not_found();
  STATOR_TRY(const Index* const index, index_to_read(*table, request));
  STATOR_TRY(auto plan, read_plan(*table, index, prepared));
  plan.keys = segment_range(index ? index->id : table->id,
                            static_cast<std::uint32_t>(request.segment.value_or(0)),
                            static_cast<std::uint32_t>(request.total_segments.value_or(1)));
  if (request.exclusive_start_key) {
    STATOR_TRY(const auto key,
               start_key(*table, index, request.exclusive_start_key->map, Reading::kScan));
    STATOR_TRY_VOID(start_after(key, request, plan.keys));
  }
  STATOR_TRY(const auto page, read_page(tables, call, plan));
  return page_answer(prepared, plan, page);
}

}  // namespace

aws::Operation scan(Tables& tables) {
  return item_operation(tables, "Scan", check,
                        [&tables](aws::Call& call, const PreparedRequest& prepared) {
                          return handle(tables, call, prepared);
                        });
}

}  // namespace stator::dynamodb
