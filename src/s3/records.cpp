#include "s3/records.hpp"

#include <limits>

#include "json/json.hpp"
#include "storage/key.hpp"

namespace stator::s3 {
namespace {

using storage::path_key;

Error damaged(std::string_view what) {
  return internal("s3: damaged record of a kind: " + std::string(what));
}

/// Text whose order is the order of the numbers.
std::string in_order(std::int64_t number) {
  std::string text = std::to_string(number);
  return std::string(20 - text.size(), '0') + text;
}

template <class Texts>
json::Object to_json(const Texts& texts) {
  json::Object object;
  for (const auto& [name, value] : texts) object[name] = value;
  return object;
}

json::Object to_json(const Blob& blob) {
  return {{"sha256", blob.sha256}, {"size", blob.size}};
}

Result<Blob> blob_of(const json::Value& value) {
  if (!value.is_object()) return damaged("blob");
  const auto sha256 = json::find_string(value.get_object(), "sha256");
  const auto size = json::find_int(value.get_object(), "size");
  if (!sha256 || !size) return damaged("blob");
  return Blob{*sha256, static_cast<std::uint64_t>(*size)};
}

Result<Fields> fields_of(const json::Object& record, std::string_view member) {
  const json::Value* value = json::find(record, member);
  Fields fields;
  if (value == nullptr) return fields;
  if (!value->is_object()) return damaged("fields");
  for (const auto& [name, text] : value->get_object()) {
    if (!text.is_string()) return damaged("fields");
    fields.emplace_back(std::string(name), std::string(json::view(text.get_string())));
  }
  return fields;
}

Result<std::map<std::string, std::string>> texts_of(const json::Object& record,
                                                    std::string_view member) {
  STATOR_TRY(const auto fields, fields_of(record, member));
  return std::map<std::string, std::string>(fields.begin(), fields.end());
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
std::string version_key(const ObjectName& name, std::int64_t order) {
  return path_key({name.account, "", "s3", "version", name.bucket, name.key,
                   in_order(std::numeric_limits<std::int64_t>::max() - order)});
}
std::string versions_prefix(const ObjectName& name) {
  return path_key({name.account, "", "s3", "version", name.bucket, name.key});
}
std::string all_versions_prefix(std::string_view account, std::string_view bucket) {
  return path_key({account, "", "s3", "version", bucket});
}
std::string upload_key(const ObjectName& name, std::string_view id) {
  return path_key({name.account, "", "s3", "upload", name.bucket, name.key, id});
}
std::string uploads_prefix(std::string_view account, std::string_view bucket) {
  return path_key({account, "", "s3", "upload", bucket});
}
std::string part_key(const ObjectName& name, std::string_view id, int number) {
  return path_key({name.account, "", "s3", "part", name.bucket, name.key, id, in_order(number)});
}
std::string parts_prefix(const ObjectName& name, std::string_view id) {
  return path_key({name.account, "", "s3", "part", name.bucket, name.key, id});
}
std::string reference_key(std::string_view sha256, const ObjectName& name,
                          std::string_view holder) {
  auto key = path_key({"", "", "s3", "reference", sha256, name.account, name.bucket, name.key});
  if (!holder.empty()) storage::append_part(key, holder);
  return key;
}
std::string references_prefix(std::string_view sha256) {
  return path_key({"", "", "s3", "reference", sha256});
}
std::string holder_of(const ObjectInfo& object) {
  return object.version_id.empty() ? "" : "version/" + object.version_id;
}
std::string holder_of_part(std::string_view id, int number) {
  return "part/" + std::string(id) + "/" + std::to_string(number);
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
  if (!bucket.versioning.empty()) record["versioning"] = bucket.versioning;
  if (!bucket.settings.empty()) record["settings"] = to_json(bucket.settings);
  return json::dump(record);
}

std::string dump(const ObjectInfo& object) {
  json::Array blobs;
  for (const auto& blob : object.blobs) blobs.push_back(to_json(blob));
  json::Object record{{"blobs", std::move(blobs)},
                      {"etag", object.etag},
                      {"size", object.size},
                      {"last_modified", epoch_ms(object.last_modified)},
                      {"headers", to_json(object.labels.headers)},
                      {"checksums", to_json(object.checksums)}};
  if (!object.labels.tags.empty()) record["tags"] = to_json(object.labels.tags);
  if (!object.checksum_type.empty()) record["checksum_type"] = object.checksum_type;
  if (!object.version_id.empty()) record["version_id"] = object.version_id;
  if (object.order != 0) record["order"] = object.order;
  if (object.is_delete_marker) record["is_delete_marker"] = true;
  if (object.noncurrent_since_ms != 0) record["noncurrent_since"] = object.noncurrent_since_ms;
  return json::dump(record);
}

std::string dump(const UploadInfo& upload) {
  return json::dump(json::Object{{"initiated", epoch_ms(upload.initiated)},
                                 {"headers", to_json(upload.labels.headers)},
                                 {"tags", to_json(upload.labels.tags)},
                                 {"checksum_algorithm", upload.checksum_algorithm},
                                 {"checksum_type", upload.checksum_type}});
}

std::string dump(const PartInfo& part) {
  return json::dump(json::Object{{"number", part.number},
                                 {"blob", to_json(part.blob)},
                                 {"md5", part.md5},
                                 {"checksums", to_json(part.checksums)},
                                 {"last_modified", epoch_ms(part.last_modified)}});
}

Result<Bucket> parse_bucket(std::string name, std::string_view record) {
  STATOR_TRY(const auto json, json::parse_object(record));
  const auto region = json::find_string(json, "region");
  const auto created = json::find_int(json, "created");
  if (!region || !created) return damaged("bucket");
  Bucket bucket{std::move(name), *region, from_epoch_ms(*created)};
  bucket.policy = json::find_string(json, "policy").value_or("");
  bucket.versioning = json::find_string(json, "versioning").value_or("");
  STATOR_TRY(bucket.settings, texts_of(json, "settings"));
  return bucket;
}

Result<ObjectInfo> parse_object(std::string key, std::string_view record) {
  STATOR_TRY(const auto json, json::parse_object(record));
  const auto etag = json::find_string(json, "etag");
  const auto size = json::find_int(json, "size");
  const auto last_modified = json::find_int(json, "last_modified");
  const auto* blobs = json::find(json, "blobs");
  if (!etag || !size || !last_modified || blobs == nullptr || !blobs->is_array()) {
    return damaged("object");
  }
  ObjectInfo object;
  object.key = std::move(key);
  for (const auto& item : blobs->get_array()) {
    STATOR_TRY(auto blob, blob_of(item));
    object.blobs.push_back(std::move(blob));
  }
  object.etag = *etag;
  object.size = static_cast<std::uint64_t>(*size);
  object.last_modified = from_epoch_ms(*last_modified);
  STATOR_TRY(object.labels.headers, fields_of(json, "headers"));
  STATOR_TRY(object.labels.tags, texts_of(json, "tags"));
  STATOR_TRY(object.checksums, fields_of(json, "checksums"));
  object.checksum_type = json::find_string(json, "checksum_type").value_or("");
  object.version_id = json::find_string(json, "version_id").value_or("");
  object.order = json::find_int(json, "order").value_or(0);
  object.is_delete_marker = json::find_bool(json, "is_delete_marker").value_or(false);
  object.noncurrent_since_ms = json::find_int(json, "noncurrent_since").value_or(0);
  return object;
}

Result<UploadInfo> parse_upload(std::string key, std::string id, std::string_view record) {
  STATOR_TRY(const auto json, json::parse_object(record));
  const auto initiated = json::find_int(json, "initiated");
  if (!initiated) return damaged("upload");
  UploadInfo upload{std::move(key), std::move(id), from_epoch_ms(*initiated)};
  STATOR_TRY(upload.labels.headers, fields_of(json, "headers"));
  STATOR_TRY(upload.labels.tags, texts_of(json, "tags"));
  upload.checksum_algorithm = json::find_string(json, "checksum_algorithm").value_or("");
  upload.checksum_type = json::find_string(json, "checksum_type").value_or("");
  return upload;
}

Result<PartInfo> parse_part(std::string_view record) {
  STATOR_TRY(const auto json, json::parse_object(record));
  const auto number = json::find_int(json, "number");
  const auto md5 = json::find_string(json, "md5");
  const auto last_modified = json::find_int(json, "last_modified");
  const auto* blob = json::find(json, "blob");
  if (!number || !md5 || !last_modified || blob == nullptr) return damaged("part");
  PartInfo part;
  part.number = static_cast<int>(*number);
  STATOR_TRY(part.blob, blob_of(*blob));
  part.md5 = *md5;
  STATOR_TRY(part.checksums, fields_of(json, "checksums"));
  part.last_modified = from_epoch_ms(*last_modified);
  return part;
}

}  // namespace stator::s3
