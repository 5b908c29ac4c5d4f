#include "dynamodb/partiql/read_ranges.hpp"

#include <algorithm>
#include <tuple>

#include "base/strings.hpp"
#include "dynamodb/errors.hpp"
#include "dynamodb/index_entry.hpp"
#include "dynamodb/item_key.hpp"
#include "dynamodb/partiql/key_plan.hpp"

namespace stator::dynamodb::partiql {

namespace {

/// ORDER BY, understood.
struct Order {
  bool is_hash_ascending = true;
  bool is_sort_ascending = true;
  bool names_hash = false;
};

Result<Order> read_order(const Statement& statement, const KeyAttributes& keys, bool is_keyed) {
  Order order;
  if (statement.order_by.empty()) return order;
  if (!statement.where) {
    return validation("Must have WHERE clause in the statement when using ORDER BY clause.");
  }
  if (!is_keyed) {
    return validation(
        "Must have at least one non-optional hash key condition in WHERE clause when using ORDER "
        "BY clause.");
  }
  for (const OrderKey& entry : statement.order_by) {
    const Expression& key = entry.key;
    if (key.kind != Expression::Kind::kPath || key.path.size() > 1) {
      return validation("Argument to ORDER BY must be of type VariableReference. Type: " +
                        (key.kind == Expression::Kind::kPath ? "PATH" : key.text));
    }
    if (key.path[0].name == keys.partition.name) {
      order.names_hash = true;
      order.is_hash_ascending = entry.is_ascending;
    } else if (keys.sort && key.path[0].name == keys.sort->name) {
      order.is_sort_ascending = entry.is_ascending;
    } else {
      return validation("Variable reference " + key.path[0].name +
                        " in ORDER BY clause must be part of the primary key");
    }
  }
  return order;
}

bool is_empty(const storage::Range& keys) {
  return !keys.end.empty() && keys.begin >= keys.end;
}

storage::Range intersection(const storage::Range& a, const storage::Range& b) {
  storage::Range both{std::max(a.begin, b.begin), a.end};
  if (both.end.empty() || (!b.end.empty() && b.end < both.end)) both.end = b.end;
  return both;
}

Result<storage::Range> range_of(const KeyedRead& read, const Place& place) {
  const KeySchema schema = key_schema(*place.table, place.index);
  STATOR_TRY(const auto partition, expr::bind({read.partition}, schema));
  storage::Range keys = expr::key_range(*place.table, place.index, partition);
  for (const expr::KeyTerm& term : read.sort) {
    STATOR_TRY(const auto condition, expr::bind({read.partition, term}, schema));
    keys = intersection(keys, expr::key_range(*place.table, place.index, condition));
  }
  return keys;
}

void add_heads(const expr::Node& node, std::vector<std::string>& names) {
  if (!node.path.empty()) names.push_back(node.path.front().name);
  for (const expr::Node& argument : node.args) add_heads(argument, names);
}

/// A keyed read of an index may not filter by what the index lacks; a scan just finds nothing
/// there. Of several reads AWS lets pass those of which one is in order.
Result<void> check_filters(const Place& place, const std::vector<KeyedRead>& reads) {
  std::vector<std::string> missing;
  for (const KeyedRead& read : reads) {
    std::vector<std::string> names;
    for (auto part = read.rest.rbegin(); part != read.rest.rend(); ++part) {
      add_heads(**part, names);
    }
    missing = unprojected(place, std::move(names));
    if (missing.empty()) return {};
  }
  return invalid_parameter("Secondary index " + place.index->name +
                           " does not project one or more filter attributes: [" +
                           join(missing, ", ") + "]");
}

/// Two reads of one partition may not meet, for an item would come twice. Where a sort key is
/// negated AWS lets that pass: one read of the whole partition serves all of it.
Result<std::vector<RangeRead>> without_overlaps(std::vector<RangeRead> reads) {
  std::sort(reads.begin(), reads.end(), [](const RangeRead& a, const RangeRead& b) {
    return std::tie(a.partition, a.keys.begin) < std::tie(b.partition, b.keys.begin);
  });
  std::vector<RangeRead> apart;
  for (const RangeRead& read : reads) {
    const RangeRead* last = apart.empty() ? nullptr : &apart.back();
    if (last == nullptr || last->partition != read.partition ||
        (!last->keys.end.empty() && last->keys.end <= read.keys.begin)) {
      apart.push_back(read);
      continue;
    }
    const bool is_negated = std::any_of(reads.begin(), reads.end(), [&](const RangeRead& other) {
      return other.has_negated_sort && other.partition == read.partition;
    });
    if (!is_negated) {
      return validation("Overlapping conditions with range keys are not supported in where clause");
    }
    while (!apart.empty() && apart.back().partition == read.partition) apart.pop_back();
    apart.push_back(read);
    apart.back().keys = read.partition_keys;
    apart.back().has_filter = true;
  }
  return apart;
}

Result<void> arrange(std::vector<RangeRead>& reads, const Order& order, bool is_ordered) {
  if (reads.empty()) return {};
  if (is_ordered && !order.names_hash && reads.front().partition != reads.back().partition) {
    return validation(
        "Must have hash key in ORDER BY clause when more than one hash key condition specified in "
        "WHERE clause.");
  }
  std::stable_sort(reads.begin(), reads.end(), [&](const RangeRead& a, const RangeRead& b) {
    if (a.partition != b.partition) {
      return order.is_hash_ascending ? a.partition < b.partition : a.partition > b.partition;
    }
    return order.is_sort_ascending ? a.keys.begin < b.keys.begin : a.keys.begin > b.keys.begin;
  });
  return {};
}

}  // namespace

Result<ReadRanges> plan_ranges(const Statement& statement, const std::optional<expr::Node>& where,
                               const Place& place) {
  const KeyAttributes keys = KeyAttributes::of(*place.table, place.index);
  const bool is_keyed = where && fixes_partition(*where, keys);
  STATOR_TRY(const auto order, read_order(statement, keys, is_keyed));
  ReadRanges ranges{{}, order.is_sort_ascending};
  if (!is_keyed) {
    ranges.reads.push_back({"", table_range(place.id()), where.has_value()});
    return ranges;
  }
  STATOR_TRY(const auto keyed, keyed_reads(*where, keys, true));
  if (place.index) STATOR_TRY_VOID(check_filters(place, keyed));
  std::vector<RangeRead> reads;
  for (const KeyedRead& one : keyed) {
    if (one.is_void) continue;
    STATOR_TRY(auto range, range_of(one, place));
    STATOR_TRY(auto whole, range_of({one.partition}, place));
    if (is_empty(range)) continue;
    reads.push_back({key_bytes(*one.partition.low), std::move(range), !one.rest.empty(),
                     one.has_negated_sort, std::move(whole)});
  }
  STATOR_TRY(ranges.reads, without_overlaps(std::move(reads)));
  STATOR_TRY_VOID(arrange(ranges.reads, order, !statement.order_by.empty()));
  return ranges;
}

std::vector<std::string> unprojected(const Place& place, std::vector<std::string> names) {
  std::vector<std::string> missing;
  for (std::string& name : names) {
    if (projects(*place.table, *place.index, name)) continue;
    if (std::find(missing.begin(), missing.end(), name) == missing.end()) {
      missing.push_back(std::move(name));
    }
  }
  return missing;
}

}  // namespace stator::dynamodb::partiql
