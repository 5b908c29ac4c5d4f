#include "s3/records.hpp"

#include "json/json.hpp"
#include "storage/key.hpp"

namespace stator::s3 {
namespace {

using storage::path_key;

json::Object to_json(const Fields& fields) {
  json::Object object;
  for (const auto& [name, value] : fields) object[name] = value;
  return object;
}

Result<Fields> fields_of(const json::Object& record, std::string_view member) {
  const json::Value* value = json::find(record, member);
  if (value == nullptr || !value->is_object()) return internal("s3: damaged object record");
  Fields fields;
  for (const auto& [name, text] : value->get_object()) {
    if (!text.is_string()) return internal("s3: damaged object record");
    fields.emplace_back(std::string(name), std::string(json::view(text.get_string())));
  }
  return fields;
}

}  // namespace

std::string bucket_key(std::string_view account, std::string_view bucket) {
  return path_key({account, "", "s3", "bucket", bucket});
}
std::string buckets_prefix(std::string_view account) {
  return path_key({account, "", "s3", "bucket"});
}
std::string object_key(const ObjectName& name) {
  return path_key({name.account, "", "s3", "object", name.bucket, name.key});
}
std::string objects_prefix(std::string_view account, std::string_view bucket) {
  return path_key({account, "", "s3", "object", bucket});
}
std::string reference_key(std::string_view sha256, const ObjectName& name) {
  return path_key({"", "", "s3", "reference", sha256, name.account, name.bucket, name.key});
}
std::string references_prefix(std::string_view sha256) {
  return path_key({"", "", "s3", "reference", sha256});
}
std::string garbage_key(std::string_view sha256) {
  return path_key({"", "", "s3", "garbage", sha256});
}
std::string garbage_prefix() {
  return path_key({"", "", "s3", "garbage"});
}

std::string dump(const Bucket& bucket) {
  json::Object record{{"region", bucket.region}, {"created", epoch_ms(bucket.created)}};
  if (!bucket.policy.empty()) record["policy"] = bucket.policy;
  return json::dump(record);
}

std::string dump(const ObjectInfo& object) {
  return json::dump(json::Object{{"sha256", object.sha256},
                                 {"md5", object.md5},
                                 {"size", object.size},
                                 {"last_modified", epoch_ms(object.last_modified)},
                                 {"headers", to_json(object.headers)},
                                 {"checksums", to_json(object.checksums)}});
}

Result<Bucket> parse_bucket(std::string name, std::string_view record) {
  STATOR_TRY(const auto json, json::parse_object(record));
  const auto region = json::find_string(json, "region");
  const auto created = json::find_int(json, "created");
  if (!region || !created) return internal("s3: damaged bucket record");
  return Bucket{std::move(name), *region, from_epoch_ms(*created),
                json::find_string(json, "policy").value_or("")};
}

Result<ObjectInfo> parse_object(std::string key, std::string_view record) {
  STATOR_TRY(const auto json, json::parse_object(record));
  const auto sha256 = json::find_string(json, "sha256");
  const auto md5 = json::find_string(json, "md5");
  const auto size = json::find_int(json, "size");
  const auto last_modified = json::find_int(json, "last_modified");
  if (!sha256 || !md5 || !size || !last_modified) return internal("s3: damaged object record");
  ObjectInfo object{std::move(key), *sha256, *md5, static_cast<std::uint64_t>(*size),
                    from_epoch_ms(*last_modified)};
  STATOR_TRY(object.headers, fields_of(json, "headers"));
  STATOR_TRY(object.checksums, fields_of(json, "checksums"));
  return object;
}

}  // namespace stator::s3
