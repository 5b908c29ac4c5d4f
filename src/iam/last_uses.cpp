#include "iam/last_uses.hpp"

#include "json/json.hpp"
#include "storage/key.hpp"

namespace stator::iam {
namespace {

constexpr auto kFamily = storage::Family::kMeta;

/// Ids are unique over all accounts.
std::string key_of(std::string_view id) {
  return storage::path_key({"", "", "iam", "last-use", id});
}

}  // namespace

void LastUses::note(std::string_view id, const LastUse& use) {
  storage::Batch batch;
  batch.put(kFamily, key_of(id),
            json::dump(json::Object{
                {"At", epoch_ms(use.at)}, {"Service", use.service}, {"Region", use.region}}));
  [[maybe_unused]] const auto written = store_.write(std::move(batch));
}

Result<std::optional<LastUse>> LastUses::find(std::string_view id) const {
  STATOR_TRY(const auto text, store_.get(kFamily, key_of(id)));
  if (!text) return std::optional<LastUse>();
  STATOR_TRY(const auto object, json::parse_object(*text));
  const auto at = json::find_int(object, "At");
  auto service = json::find_string(object, "Service");
  auto region = json::find_string(object, "Region");
  if (!at || !service || !region) return internal("the record of a last use is damaged");
  return std::optional(LastUse{from_epoch_ms(*at), *std::move(service), *std::move(region)});
}

void LastUses::forget(std::string_view id) {
  storage::Batch batch;
  batch.erase(kFamily, key_of(id));
  [[maybe_unused]] const auto written = store_.write(std::move(batch));
}

}  // namespace stator::iam
