#include "dynamodb/batch_capacity.hpp"

#include <algorithm>

#include "dynamodb/json_writer.hpp"

namespace stator::dynamodb {

void CapacityTally::add(std::string_view table_name, ConsumedCapacity consumed) {
  if (kind_ != Kind::kPlain) consumed.multiply(2);
  const auto found = std::find_if(consumed_.begin(), consumed_.end(),
                                  [&](const auto& entry) { return entry.first == table_name; });
  if (found == consumed_.end()) {
    consumed_.emplace_back(std::string(table_name), std::move(consumed));
  } else {
    found->second.add(consumed);
  }
}

bool CapacityTally::append(std::string& out, const std::optional<std::string>& requested) const {
  if (!requested || *requested == "NONE") return false;
  const std::string_view kind = kind_ == Kind::kPlain          ? ""
                                : kind_ == Kind::kTransactRead ? "ReadCapacityUnits"
                                                               : "WriteCapacityUnits";
  out.append("\"ConsumedCapacity\":");
  JsonList list(out, '[', ']');
  for (const auto& [name, consumed] : consumed_) {
    list.next();
    append_capacity(out, *requested, name, consumed, kind);
  }
  return true;
}

}  // namespace stator::dynamodb
