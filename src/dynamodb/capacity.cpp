#include "dynamodb/capacity.hpp"

#include <algorithm>

#include "dynamodb/index_entry.hpp"
#include "dynamodb/json_writer.hpp"

namespace stator::dynamodb {

namespace {

std::size_t blocks(std::size_t size, std::size_t block) {
  return std::max<std::size_t>(1, (size + block - 1) / block);
}

/// Units are whole or end in one half.
std::string to_text(double units) {
  const auto whole = static_cast<std::uint64_t>(units);
  return std::to_string(whole) + (units > static_cast<double>(whole) ? ".5" : ".0");
}

/// "CapacityUnits":1.0, and the same as `kind` when there is one.
void append_members(std::string& out, double units, std::string_view kind) {
  const std::string text = to_text(units);
  out.append("\"CapacityUnits\":").append(text);
  if (!kind.empty()) out.append(",\"").append(kind).append("\":").append(text);
}

void append_units(std::string& out, double units, std::string_view kind) {
  out.push_back('{');
  append_members(out, units, kind);
  out.push_back('}');
}

void append_parts(std::string& out, std::string_view member,
                  const std::map<std::string, double>& parts, std::string_view kind) {
  if (parts.empty()) return;
  out.append(",\"").append(member).append("\":");
  JsonList list(out, '{', '}');
  for (const auto& [name, units] : parts) {
    list.next_member(name);
    append_units(out, units, kind);
  }
}

std::size_t item_size(const std::optional<std::string>& bytes) {
  return bytes ? EncodedItem(*bytes).size_bytes() : 0;
}

double entry_units(const std::optional<IndexEntry>& entry) {
  return entry ? write_units(EncodedItem(entry->value).size_bytes()) : 0;
}

/// What keeping one index costs. An entry that stays as it was costs nothing.
double index_units(const std::optional<IndexEntry>& before,
                   const std::optional<IndexEntry>& after) {
  if (!before || !after || before->key != after->key) {
    return entry_units(before) + entry_units(after);
  }
  if (before->value == after->value) return 0;
  return std::max(entry_units(before), entry_units(after));
}

}  // namespace

double ConsumedCapacity::total() const {
  double sum = table;
  for (const auto* parts : {&local, &global}) {
    for (const auto& [name, units] : *parts) sum += units;
  }
  return sum;
}

void ConsumedCapacity::add_index(const Index& index, double units) {
  (index.is_global ? global : local)[index.name] += units;
}

void ConsumedCapacity::add(const ConsumedCapacity& other) {
  table += other.table;
  for (const auto& [name, units] : other.local) local[name] += units;
  for (const auto& [name, units] : other.global) global[name] += units;
}

void ConsumedCapacity::multiply(double factor) {
  table *= factor;
  for (auto& [name, units] : local) units *= factor;
  for (auto& [name, units] : global) units *= factor;
}

std::size_t read_blocks(std::size_t size_bytes) {
  return blocks(size_bytes, 4'096);
}

double write_units(std::size_t size_bytes) {
  return static_cast<double>(blocks(size_bytes, 1'024));
}

double read_units(std::size_t size_bytes, bool is_consistent) {
  return static_cast<double>(read_blocks(size_bytes)) * (is_consistent ? 1.0 : 0.5);
}

ConsumedCapacity write_capacity(const ItemChange& change) {
  const bool is_put = change.now.kind == NewItem::Kind::kPut;
  const std::size_t new_size = is_put ? EncodedItem(change.now.bytes).size_bytes() : 0;
  ConsumedCapacity consumed{write_units(std::max(item_size(change.old_bytes), new_size))};
  if (change.now.kind == NewItem::Kind::kKeep) return consumed;
  for_each_index(change, [&](const Index& index, const std::optional<IndexEntry>& before,
                             const std::optional<IndexEntry>& after) {
    const double units = index_units(before, after);
    if (units > 0) consumed.add_index(index, units);
  });
  return consumed;
}

void append_capacity(std::string& out, std::string_view requested, std::string_view table_name,
                     const ConsumedCapacity& consumed, std::string_view kind) {
  out.append("{\"TableName\":");
  append_json_string(out, table_name);
  out.push_back(',');
  append_members(out, consumed.total(), kind);
  if (requested == "INDEXES") {
    out.append(",\"Table\":");
    append_units(out, consumed.table, kind);
    append_parts(out, "LocalSecondaryIndexes", consumed.local, kind);
    append_parts(out, "GlobalSecondaryIndexes", consumed.global, kind);
  }
  out.push_back('}');
}

bool append_consumed_capacity(std::string& out, const std::optional<std::string>& requested,
                              std::string_view table_name, const ConsumedCapacity& consumed) {
  if (!requested || *requested == "NONE") return false;
  out.append("\"ConsumedCapacity\":");
  append_capacity(out, *requested, table_name, consumed);
  return true;
}

bool append_consumed_capacity(std::string& out, const std::optional<std::string>& requested,
                              std::string_view table_name, double units) {
  return append_consumed_capacity(out, requested, table_name, ConsumedCapacity{units});
}

}  // namespace stator::dynamodb
