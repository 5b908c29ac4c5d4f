#include "dynamodb/needs.hpp"

#include "aws/tag_keys.hpp"

namespace stator::dynamodb {

namespace {

using Kind = RequestKeys::Kind;

/// Actions that read, among those of single requests and batches.
Kind kind_of(std::string_view action) {
  const bool is_read =
      action == "GetItem" || action == "BatchGetItem" || action == "Query" || action == "Scan";
  return is_read ? Kind::kRead : Kind::kWrite;
}

template <Kind kKind>
aws::ConditionKeys keys_of(const PreparedRequest* first, std::size_t count) {
  RequestKeys keys;
  for (const PreparedRequest& prepared : std::span(first, count)) keys.add(prepared, kKind);
  keys.add_tags(first->table.get());
  return std::move(keys).finish();
}

}  // namespace

aws::Permission table_need(std::string_view action, const TableRef& ref, const Table* table,
                           std::string_view index) {
  aws::Permission need{"dynamodb:" + std::string(action), ref.arn()};
  if (!index.empty()) need.resource.append("/index/").append(index);
  if (table != nullptr && table->policy) need.resource_policy = table->policy->compiled;
  return need;
}

aws::Permission table_need(std::string_view action, const TableRef& ref,
                           const TableRequestScope& scope) {
  const auto table = scope.tables.find_any(ref);
  aws::Permission need = table_need(action, ref, table.get());
  need.keys = [table, &input = scope.input] {
    aws::ConditionKeys keys;
    if (table) aws::append_resource_tags(table->tags, keys);
    aws::append_request_tags(input, "Tags", "TagKeys", keys);
    return keys;
  };
  return need;
}

void find_tables(const Tables& tables, const aws::Call& call, std::span<PreparedRequest> requests) {
  for (std::size_t i = 0; i < requests.size(); ++i) {
    PreparedRequest& request = requests[i];
    if (i > 0 && request.request.table_name == requests[i - 1].request.table_name) {
      request.table = requests[i - 1].table;
    } else {
      request.table = tables.find(TableRef::of(call, *request.request.table_name));
    }
  }
}

aws::Permission item_need(const aws::Call& call, std::string_view action,
                          const PreparedRequest& prepared) {
  return batch_need(call, action, std::span(&prepared, 1));
}

aws::Permission batch_need(const aws::Call& call, std::string_view action,
                           std::span<const PreparedRequest> prepared) {
  const PreparedRequest& first = prepared.front();
  const auto& index = first.request.index_name;
  aws::Permission need = table_need(action, TableRef::of(call, *first.request.table_name),
                                    first.table.get(), index ? std::string_view(*index) : "");
  // Two words are what a std::function holds without allocating.
  if (kind_of(action) == Kind::kRead) {
    need.keys = [first = &first, count = prepared.size()] {
      return keys_of<Kind::kRead>(first, count);
    };
  } else {
    need.keys = [first = &first, count = prepared.size()] {
      return keys_of<Kind::kWrite>(first, count);
    };
  }
  return need;
}

}  // namespace stator::dynamodb
