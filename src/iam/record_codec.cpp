#include "iam/record_codec.hpp"

#include "json/json.hpp"

namespace stator::iam {
namespace {

Error damaged(std::string_view member) {
  return internal("an IAM record is damaged: '" + std::string(member) + "' is missing or wrong");
}

Result<std::string> text_of(const json::Object& object, std::string_view name) {
  if (auto text = json::find_string(object, name)) return *std::move(text);
  return damaged(name);
}

/// "" where a record of an earlier version has none.
std::string later_text_of(const json::Object& object, std::string_view name) {
  return json::find_string(object, name).value_or("");
}

Result<std::int64_t> int_of(const json::Object& object, std::string_view name) {
  if (const auto value = json::find_int(object, name)) return *value;
  return damaged(name);
}

Result<WallTime> time_of(const json::Object& object, std::string_view name) {
  STATOR_TRY(const auto ms, int_of(object, name));
  return from_epoch_ms(ms);
}

Result<const json::Array*> array_of(const json::Object& object, std::string_view name) {
  const auto* value = json::find(object, name);
  if (value == nullptr || !value->is_array()) return damaged(name);
  return &value->get_array();
}

Result<std::vector<std::string>> texts_of(const json::Object& object, std::string_view name) {
  STATOR_TRY(const auto* array, array_of(object, name));
  std::vector<std::string> texts;
  for (const auto& item : *array) {
    if (!item.is_string()) return damaged(name);
    texts.emplace_back(json::view(item.get_string()));
  }
  return texts;
}

json::Array array_from(const std::vector<std::string>& texts) {
  json::Array array;
  for (const auto& text : texts) array.emplace_back(text);
  return array;
}

json::Array array_from(const std::vector<Tag>& tags) {
  json::Array array;
  for (const auto& tag : tags)
    array.push_back(json::Object{{"Key", tag.key}, {"Value", tag.value}});
  return array;
}

Result<std::vector<Tag>> tags_of(const json::Object& object) {
  STATOR_TRY(const auto* array, array_of(object, "Tags"));
  std::vector<Tag> tags;
  for (const auto& item : *array) {
    if (!item.is_object()) return damaged("Tags");
    STATOR_TRY(auto key, text_of(item.get_object(), "Key"));
    STATOR_TRY(auto value, text_of(item.get_object(), "Value"));
    tags.push_back({std::move(key), std::move(value)});
  }
  return tags;
}

Result<std::map<std::string, std::string>> inline_of(const json::Object& object) {
  const auto* value = json::find(object, "Inline");
  if (value == nullptr || !value->is_object()) return damaged("Inline");
  std::map<std::string, std::string> policies;
  for (const auto& [name, document] : value->get_object()) {
    if (!document.is_string()) return damaged("Inline");
    policies.emplace(std::string(name.data(), name.size()), json::view(document.get_string()));
  }
  return policies;
}

}  // namespace

std::string encode(const Entity& entity) {
  json::Object policies;
  for (const auto& [name, document] : entity.inline_policies) policies[name] = document;
  json::Object object{{"Name", entity.name},
                      {"Path", entity.path},
                      {"Id", entity.id},
                      {"Created", epoch_ms(entity.created)},
                      {"Tags", array_from(entity.tags)},
                      {"Inline", std::move(policies)},
                      {"Attached", array_from(entity.attached)}};
  if (entity.kind == EntityKind::kRole) {
    object["Trust"] = entity.trust;
    object["Description"] = entity.description;
    object["MaxSessionSeconds"] = entity.max_session_seconds;
  } else if (entity.kind == EntityKind::kUser) {
    object["AccessKeyIds"] = array_from(entity.access_key_ids);
    object["Groups"] = array_from(entity.groups);
  }
  if (!entity.boundary.empty()) object["Boundary"] = entity.boundary;
  if (!entity.role.empty()) object["Role"] = entity.role;
  return json::dump(object);
}

Result<Entity> decode_entity(std::string_view text, EntityKind kind) {
  STATOR_TRY(const auto object, json::parse_object(text));
  Entity entity;
  entity.kind = kind;
  STATOR_TRY(entity.name, text_of(object, "Name"));
  STATOR_TRY(entity.path, text_of(object, "Path"));
  STATOR_TRY(entity.id, text_of(object, "Id"));
  STATOR_TRY(entity.created, time_of(object, "Created"));
  STATOR_TRY(entity.tags, tags_of(object));
  STATOR_TRY(entity.inline_policies, inline_of(object));
  STATOR_TRY(entity.attached, texts_of(object, "Attached"));
  if (kind == EntityKind::kRole) {
    STATOR_TRY(entity.trust, text_of(object, "Trust"));
    STATOR_TRY(entity.description, text_of(object, "Description"));
    STATOR_TRY(entity.max_session_seconds, int_of(object, "MaxSessionSeconds"));
  } else if (kind == EntityKind::kUser) {
    STATOR_TRY(entity.access_key_ids, texts_of(object, "AccessKeyIds"));
    if (json::find(object, "Groups") != nullptr) {
      STATOR_TRY(entity.groups, texts_of(object, "Groups"));
    }
  }
  entity.boundary = later_text_of(object, "Boundary");
  entity.role = later_text_of(object, "Role");
  return entity;
}

std::string encode(const ManagedPolicy& policy) {
  json::Array versions;
  for (const auto& version : policy.versions) {
    versions.push_back(json::Object{{"Id", version.id},
                                    {"Document", version.document},
                                    {"Created", epoch_ms(version.created)}});
  }
  return json::dump(json::Object{{"Name", policy.name},
                                 {"Path", policy.path},
                                 {"Id", policy.id},
                                 {"Description", policy.description},
                                 {"Created", epoch_ms(policy.created)},
                                 {"Updated", epoch_ms(policy.updated)},
                                 {"Tags", array_from(policy.tags)},
                                 {"Versions", std::move(versions)},
                                 {"DefaultVersion", policy.default_version},
                                 {"NextVersion", policy.next_version}});
}

Result<ManagedPolicy> decode_policy(std::string_view text) {
  STATOR_TRY(const auto object, json::parse_object(text));
  ManagedPolicy policy;
  STATOR_TRY(policy.name, text_of(object, "Name"));
  STATOR_TRY(policy.path, text_of(object, "Path"));
  STATOR_TRY(policy.id, text_of(object, "Id"));
  STATOR_TRY(policy.description, text_of(object, "Description"));
  STATOR_TRY(policy.created, time_of(object, "Created"));
  STATOR_TRY(policy.updated, time_of(object, "Updated"));
  STATOR_TRY(policy.tags, tags_of(object));
  STATOR_TRY(policy.default_version, text_of(object, "DefaultVersion"));
  STATOR_TRY(policy.next_version, int_of(object, "NextVersion"));
  STATOR_TRY(const auto* versions, array_of(object, "Versions"));
  for (const auto& item : *versions) {
    if (!item.is_object()) return damaged("Versions");
    PolicyVersion version;
    STATOR_TRY(version.id, text_of(item.get_object(), "Id"));
    STATOR_TRY(version.document, text_of(item.get_object(), "Document"));
    STATOR_TRY(version.created, time_of(item.get_object(), "Created"));
    policy.versions.push_back(std::move(version));
  }
  if (policy.version(policy.default_version) == nullptr) return damaged("DefaultVersion");
  return policy;
}

std::string encode(const AccessKey& key) {
  return json::dump(json::Object{{"Id", key.id},
                                 {"Account", key.account},
                                 {"User", key.user},
                                 {"SealedSecret", key.sealed_secret},
                                 {"IsActive", key.is_active},
                                 {"Created", epoch_ms(key.created)}});
}

Result<AccessKey> decode_access_key(std::string_view text) {
  STATOR_TRY(const auto object, json::parse_object(text));
  AccessKey key;
  STATOR_TRY(key.id, text_of(object, "Id"));
  STATOR_TRY(key.account, text_of(object, "Account"));
  STATOR_TRY(key.user, text_of(object, "User"));
  STATOR_TRY(key.sealed_secret, text_of(object, "SealedSecret"));
  STATOR_TRY(key.created, time_of(object, "Created"));
  const auto is_active = json::find_bool(object, "IsActive");
  if (!is_active) return damaged("IsActive");
  key.is_active = *is_active;
  return key;
}

}  // namespace stator::iam
