#include "dynamodb/table.hpp"

#include "aws/arn.hpp"

namespace stator::dynamodb {

namespace {

constexpr std::string_view kResourcePrefix = "table/";

}  // namespace

std::string Table::arn() const {
  return aws::make_arn("dynamodb", region, account, std::string(kResourcePrefix) + name);
}

std::string Table::stream_arn() const {
  return arn() + "/stream/" + stream->label;
}

const Index* Table::find_index(std::string_view index_name) const {
  for (const Index& index : indexes) {
    if (index.name == index_name) return &index;
  }
  return nullptr;
}

TableRef TableRef::of(const aws::Call& call, std::string_view name_or_arn) {
  if (name_or_arn.starts_with("arn:")) {
    if (auto arn = aws::Arn::parse(name_or_arn)) {
      return {arn->account, arn->region, table_name_of(name_or_arn)};
    }
  }
  return {call.account, call.region, std::string(name_or_arn)};
}

std::string TableRef::arn() const {
  return aws::make_arn("dynamodb", region, account, std::string(kResourcePrefix) + name);
}

std::string table_name_of(std::string_view name_or_arn) {
  if (!name_or_arn.starts_with("arn:")) return std::string(name_or_arn);
  const auto arn = aws::Arn::parse(name_or_arn);
  if (!arn || arn->service != "dynamodb" || !arn->resource.starts_with(kResourcePrefix)) {
    return std::string(name_or_arn);
  }
  return arn->resource.substr(kResourcePrefix.size());
}

}  // namespace stator::dynamodb
