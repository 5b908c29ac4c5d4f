#include "iam/oidc_providers.hpp"

#include "aws/arn.hpp"
#include "json/json.hpp"
#include "storage/key.hpp"

namespace stator::iam {
namespace {

constexpr auto kFamily = storage::Family::kMeta;

std::string record_key(std::string_view account, std::string_view name) {
  return storage::path_key({account, "", "iam", "oidc-provider", name});
}

json::Array array_of(const std::vector<std::string>& texts) {
  json::Array array;
  for (const auto& text : texts) array.emplace_back(text);
  return array;
}

std::string encode(const OidcProvider& provider) {
  json::Array tags;
  for (const auto& tag : provider.tags) {
    tags.push_back(json::Object{{"Key", tag.key}, {"Value", tag.value}});
  }
  return json::dump(json::Object{{"Name", provider.url.name},
                                 {"IsHttps", provider.url.is_https},
                                 {"ClientIds", array_of(provider.client_ids)},
                                 {"Thumbprints", array_of(provider.thumbprints)},
                                 {"Tags", std::move(tags)},
                                 {"Created", epoch_ms(provider.created)}});
}

Error damaged(std::string_view member) {
  return internal("the record of an OpenID Connect provider is damaged: " + std::string(member));
}

Result<const json::Array*> array_in(const json::Object& object, std::string_view name) {
  const auto* value = json::find(object, name);
  if (value == nullptr || !value->is_array()) return damaged(name);
  return &value->get_array();
}

Result<std::vector<std::string>> texts_in(const json::Object& object, std::string_view name) {
  STATOR_TRY(const auto* array, array_in(object, name));
  std::vector<std::string> texts;
  for (const auto& item : *array) {
    if (!item.is_string()) return damaged(name);
    texts.emplace_back(json::view(item.get_string()));
  }
  return texts;
}

Result<OidcProvider> decode(std::string_view text) {
  STATOR_TRY(const auto object, json::parse_object(text));
  OidcProvider provider;
  auto name = json::find_string(object, "Name");
  const auto is_https = json::find_bool(object, "IsHttps");
  const auto created = json::find_int(object, "Created");
  if (!name || !is_https || !created) return damaged("Name, IsHttps or Created");
  provider.url = {*is_https, *std::move(name)};
  provider.created = from_epoch_ms(*created);
  STATOR_TRY(provider.client_ids, texts_in(object, "ClientIds"));
  STATOR_TRY(provider.thumbprints, texts_in(object, "Thumbprints"));
  STATOR_TRY(const auto* tags, array_in(object, "Tags"));
  for (const auto& item : *tags) {
    if (!item.is_object()) return damaged("Tags");
    auto key = json::find_string(item.get_object(), "Key");
    auto value = json::find_string(item.get_object(), "Value");
    if (!key || !value) return damaged("Tags");
    provider.tags.push_back({*std::move(key), *std::move(value)});
  }
  return provider;
}

}  // namespace

std::string provider_arn(std::string_view account, std::string_view name) {
  return aws::make_arn("iam", "", account, "oidc-provider/" + std::string(name));
}

Result<std::optional<OidcProvider>> OidcProviders::find(std::string_view account,
                                                        std::string_view name) const {
  STATOR_TRY(const auto text, store_.get(kFamily, record_key(account, name)));
  if (!text) return std::optional<OidcProvider>();
  STATOR_TRY(auto provider, decode(*text));
  return std::optional(std::move(provider));
}

Result<std::vector<OidcProvider>> OidcProviders::list(std::string_view account) const {
  std::vector<OidcProvider> providers;
  const auto prefix = storage::path_key({account, "", "iam", "oidc-provider"});
  const auto it = store_.iterate(kFamily, storage::prefix_range(prefix));
  for (it->seek_first(); it->valid(); it->next()) {
    STATOR_TRY(auto provider, decode(it->value()));
    providers.push_back(std::move(provider));
  }
  STATOR_TRY_VOID(it->status());
  return providers;
}

Result<void> OidcProviders::put(std::string_view account, const OidcProvider& provider) {
  storage::Batch batch;
  batch.put(kFamily, record_key(account, provider.url.name), encode(provider));
  STATOR_TRY([[maybe_unused]] const auto sequence, store_.write(std::move(batch)));
  return {};
}

Result<void> OidcProviders::erase(std::string_view account, const OidcProvider& provider) {
  storage::Batch batch;
  batch.erase(kFamily, record_key(account, provider.url.name));
  STATOR_TRY([[maybe_unused]] const auto sequence, store_.write(std::move(batch)));
  return {};
}

}  // namespace stator::iam
