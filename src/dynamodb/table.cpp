#include "dynamodb/table.hpp"

#include "aws/arn.hpp"

namespace stator::dynamodb {

namespace {

constexpr std::string_view kResourcePrefix = "table/";

json::Array key_schema(const Table& table) {
  json::Array schema;
  schema.push_back(json::Object{{"AttributeName", table.partition.name}, {"KeyType", "HASH"}});
  if (table.sort) {
    schema.push_back(json::Object{{"AttributeName", table.sort->name}, {"KeyType", "RANGE"}});
  }
  return schema;
}

json::Object to_json(const KeyAttribute& attribute) {
  const std::string_view type = to_string(attribute.type);
  return {{"AttributeName", attribute.name},
          {"AttributeType", boost::json::string_view(type.data(), type.size())}};
}

json::Array attribute_definitions(const Table& table) {
  json::Array definitions;
  for (const KeyAttribute& attribute : table.attributes) definitions.push_back(to_json(attribute));
  return definitions;
}

/// Seconds since 1970 with milliseconds, as the json protocols carry times.
double epoch_seconds(WallTime time) {
  return static_cast<double>(epoch_ms(time)) / 1000.0;
}

/// Reads one record, remembering the first member that is missing or odd.
class RecordReader {
 public:
  explicit RecordReader(const json::Object& record) : record_(record) {}

  std::string text(std::string_view name) {
    auto value = json::find_string(record_, name);
    if (!value) fail(name);
    return value.value_or("");
  }
  std::int64_t integer(std::string_view name) {
    const auto value = json::find_int(record_, name);
    if (!value) fail(name);
    return value.value_or(0);
  }
  bool boolean(std::string_view name) {
    const auto value = json::find_bool(record_, name);
    if (!value) fail(name);
    return value.value_or(false);
  }
  KeyAttribute attribute(const json::Value& value) {
    KeyAttribute result;
    const auto* object = value.if_object();
    const auto name = object ? json::find_string(*object, "AttributeName") : std::nullopt;
    const auto type = object ? json::find_string(*object, "AttributeType") : std::nullopt;
    const auto known = type ? type_from(*type) : std::nullopt;
    if (!name || !known) fail("attributes");
    return {name.value_or(""), known.value_or(Type::kS)};
  }
  std::vector<KeyAttribute> attributes(std::string_view name) {
    std::vector<KeyAttribute> result;
    const auto* value = json::find(record_, name);
    const auto* array = value ? value->if_array() : nullptr;
    if (!array) fail(name);
    if (array) {
      for (const json::Value& element : *array) result.push_back(attribute(element));
    }
    return result;
  }
  void fail(std::string_view name) {
    if (fault_.empty()) fault_ = name;
  }
  [[nodiscard]] const std::string& fault() const { return fault_; }

 private:
  const json::Object& record_;
  std::string fault_;
};

}  // namespace

std::string Table::arn() const {
  return aws::make_arn("dynamodb", region, account, std::string(kResourcePrefix) + name);
}

json::Object to_record(const Table& table) {
  json::Array keys;
  keys.push_back(to_json(table.partition));
  if (table.sort) keys.push_back(to_json(*table.sort));
  json::Object tags;
  for (const auto& [key, value] : table.tags) tags[key] = value;
  return {{"id", static_cast<std::int64_t>(table.id)},
          {"account", table.account},
          {"region", table.region},
          {"name", table.name},
          {"tableId", table.table_id},
          {"createdMs", epoch_ms(table.created)},
          {"attributes", attribute_definitions(table)},
          {"keys", std::move(keys)},
          {"onDemand", table.is_on_demand},
          {"readUnits", table.provisioned.read_units},
          {"writeUnits", table.provisioned.write_units},
          {"tableClass", table.table_class},
          {"deletionProtection", table.has_deletion_protection},
          {"tags", std::move(tags)}};
}

Result<Table> from_record(const json::Object& record) {
  RecordReader reader(record);
  Table table;
  table.id = static_cast<TableId>(reader.integer("id"));
  table.account = reader.text("account");
  table.region = reader.text("region");
  table.name = reader.text("name");
  table.table_id = reader.text("tableId");
  table.created = from_epoch_ms(reader.integer("createdMs"));
  table.attributes = reader.attributes("attributes");
  const auto keys = reader.attributes("keys");
  if (keys.empty() || keys.size() > 2) {
    reader.fail("keys");
  } else {
    table.partition = keys[0];
    if (keys.size() == 2) table.sort = keys[1];
  }
  table.is_on_demand = reader.boolean("onDemand");
  table.provisioned = {reader.integer("readUnits"), reader.integer("writeUnits")};
  table.table_class = reader.text("tableClass");
  table.has_deletion_protection = reader.boolean("deletionProtection");
  const auto* tags = json::find(record, "tags");
  if (tags != nullptr && tags->is_object()) {
    for (const auto& tag : tags->get_object()) {
      const auto* text = tag.value().if_string();
      if (text == nullptr) reader.fail("tags");
      if (text) table.tags[std::string(tag.key())] = std::string(json::view(*text));
    }
  } else {
    reader.fail("tags");
  }
  if (!reader.fault().empty()) {
    return internal("a DynamoDB table's record has no proper member " + reader.fault());
  }
  return table;
}

json::Object describe(const Table& table, std::string_view status, const Statistics& statistics) {
  json::Object throughput{{"NumberOfDecreasesToday", 0},
                          {"ReadCapacityUnits", table.provisioned.read_units},
                          {"WriteCapacityUnits", table.provisioned.write_units}};
  json::Object description{{"TableName", table.name},
                           {"TableStatus", boost::json::string_view(status.data(), status.size())},
                           {"TableArn", table.arn()},
                           {"TableId", table.table_id},
                           {"CreationDateTime", epoch_seconds(table.created)},
                           {"AttributeDefinitions", attribute_definitions(table)},
                           {"KeySchema", key_schema(table)},
                           {"ProvisionedThroughput", std::move(throughput)},
                           {"ItemCount", statistics.item_count},
                           {"TableSizeBytes", statistics.size_bytes},
                           {"DeletionProtectionEnabled", table.has_deletion_protection}};
  if (table.is_on_demand) {
    description["BillingModeSummary"] =
        json::Object{{"BillingMode", "PAY_PER_REQUEST"},
                     {"LastUpdateToPayPerRequestDateTime", epoch_seconds(table.created)}};
  }
  if (!table.table_class.empty()) {
    description["TableClassSummary"] = json::Object{{"TableClass", table.table_class}};
  }
  return description;
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

aws::Needs TableRef::needs(std::string_view action) const {
  return {{"dynamodb:" + std::string(action), arn()}};
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
