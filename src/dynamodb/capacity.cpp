#include "dynamodb/capacity.hpp"

#include <algorithm>

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

}  // namespace

double write_units(std::size_t size_bytes) {
  return static_cast<double>(blocks(size_bytes, 1'024));
}

double read_units(std::size_t size_bytes, bool is_consistent) {
  return static_cast<double>(blocks(size_bytes, 4'096)) * (is_consistent ? 1.0 : 0.5);
}

bool append_consumed_capacity(std::string& out, const std::optional<std::string>& requested,
                              std::string_view table_name, double units) {
  if (!requested || *requested == "NONE") return false;
  const std::string text = to_text(units);
  out.append("\"ConsumedCapacity\":{\"TableName\":");
  append_json_string(out, table_name);
  out.append(",\"CapacityUnits\":").append(text);
  if (*requested == "INDEXES")
    out.append(",\"Table\":{\"CapacityUnits\":").append(text).append("}");
  out.push_back('}');
  return true;
}

}  // namespace stator::dynamodb
