#include "logs/records.hpp"

#include "json/json.hpp"
#include "storage/key.hpp"

namespace stator::logs {
namespace {

using storage::path_key;

void put(json::Object& record, std::string_view member, std::optional<std::int64_t> value) {
  if (value) record[member] = *value;
}

}  // namespace

std::string group_key(const GroupName& name) {
  return path_key({name.account, name.region, "logs", "group", name.group});
}
std::string groups_prefix(std::string_view account, std::string_view region) {
  return path_key({account, region, "logs", "group"});
}
std::string stream_key(const StreamName& name) {
  return path_key({name.account, name.region, "logs", "stream", name.group, name.stream});
}
std::string streams_prefix(const GroupName& name) {
  return path_key({name.account, name.region, "logs", "stream", name.group});
}
std::string retention_key(const GroupName& name) {
  return path_key({"", "", "logs", "retention", name.account, name.region, name.group});
}
std::string retention_prefix() {
  return path_key({"", "", "logs", "retention"});
}

std::string with_name_prefix(std::string_view base, std::string_view prefix) {
  std::string key(base);
  storage::append_part(key, prefix);
  key.resize(key.size() - 2);  // Without the part's end, longer names match too.
  return key;
}

std::string dump(const Group& group) {
  json::Object tags;
  for (const auto& [key, value] : group.tags) tags[key] = value;
  json::Object record{{"created", group.created_ms},
                      {"tags", std::move(tags)},
                      {"stored_bytes", group.stored_bytes}};
  put(record, "retention_days", group.retention_days);
  return json::dump(record);
}

std::string dump(const Stream& stream) {
  json::Object record{{"created", stream.created_ms},
                      {"next_sequence", stream.next_sequence},
                      {"stored_bytes", stream.stored_bytes}};
  put(record, "first_event", stream.first_event_ms);
  put(record, "last_event", stream.last_event_ms);
  put(record, "last_ingestion", stream.last_ingestion_ms);
  return json::dump(record);
}

Result<Group> parse_group(std::string name, std::string_view record) {
  STATOR_TRY(const auto json, json::parse_object(record));
  const auto created = json::find_int(json, "created");
  const json::Value* tags = json::find(json, "tags");
  if (!created || tags == nullptr || !tags->is_object()) {
    return internal("logs: damaged group record");
  }
  Group group{std::move(name), *created, json::find_int(json, "retention_days")};
  for (const auto& [key, value] : tags->get_object()) {
    if (!value.is_string()) return internal("logs: damaged group record");
    group.tags[std::string(key)] = json::view(value.get_string());
  }
  group.stored_bytes = json::find_int(json, "stored_bytes").value_or(0);
  return group;
}

Result<Stream> parse_stream(std::string name, std::string_view record) {
  STATOR_TRY(const auto json, json::parse_object(record));
  const auto created = json::find_int(json, "created");
  const auto next_sequence = json::find_int(json, "next_sequence");
  if (!created || !next_sequence) return internal("logs: damaged stream record");
  return Stream{std::move(name),
                *created,
                json::find_int(json, "first_event"),
                json::find_int(json, "last_event"),
                json::find_int(json, "last_ingestion"),
                static_cast<std::uint64_t>(*next_sequence),
                json::find_int(json, "stored_bytes").value_or(0)};
}

}  // namespace stator::logs
