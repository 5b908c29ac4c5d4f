#include "dynamodb/batch_capacity.hpp"

#include <algorithm>

#include "dynamodb/capacity.hpp"
#include "dynamodb/json_writer.hpp"

namespace stator::dynamodb {

namespace {

/// Units are whole or end in one half.
std::string to_text(double units) {
  const auto whole = static_cast<std::uint64_t>(units);
  return std::to_string(whole) + (units > static_cast<double>(whole) ? ".5" : ".0");
}

std::size_t size_of(const std::optional<std::string>& bytes) {
  return bytes ? EncodedItem(*bytes).size_bytes() : 0;
}

}  // namespace

void CapacityTally::add(std::string_view table_name, double units) {
  if (kind_ != Kind::kPlain) units *= 2;
  const auto found = std::find_if(units_.begin(), units_.end(),
                                  [&](const auto& entry) { return entry.first == table_name; });
  if (found == units_.end()) {
    units_.emplace_back(std::string(table_name), units);
  } else {
    found->second += units;
  }
}

bool CapacityTally::append(std::string& out, const std::optional<std::string>& requested) const {
  if (!requested || *requested == "NONE") return false;
  const auto write_units = [&](JsonList& object, const std::string& text) {
    object.next_member("CapacityUnits");
    out.append(text);
    if (kind_ == Kind::kPlain) return;
    object.next_member(kind_ == Kind::kTransactRead ? "ReadCapacityUnits" : "WriteCapacityUnits");
    out.append(text);
  };
  out.append("\"ConsumedCapacity\":");
  JsonList list(out, '[', ']');
  for (const auto& [name, units] : units_) {
    const std::string text = to_text(units);
    list.next();
    JsonList entry(out, '{', '}');
    entry.next_member("TableName");
    append_json_string(out, name);
    write_units(entry, text);
    if (*requested != "INDEXES") continue;
    entry.next_member("Table");
    JsonList table(out, '{', '}');
    write_units(table, text);
  }
  return true;
}

double write_units(const ItemChange& change) {
  const std::size_t now =
      change.now.kind == NewItem::Kind::kPut ? EncodedItem(change.now.bytes).size_bytes() : 0;
  return write_units(std::max(size_of(change.old_bytes), now));
}

}  // namespace stator::dynamodb
