#include "lambda/sources/mappings.hpp"

#include <utility>

#include "lambda/errors.hpp"
#include "storage/key.hpp"

namespace stator::lambda::sources {
namespace {

using storage::Batch;
using storage::Family;
using storage::path_key;

constexpr std::string_view kMapping = "event-source";
constexpr std::string_view kPosition = "event-source-position";

std::string mapping_path(const Mapping& mapping) {
  return path_key({mapping.account, mapping.region, "lambda", kMapping, mapping.uuid});
}

std::string positions_prefix(const Mapping& mapping) {
  return path_key({mapping.account, mapping.region, "lambda", kPosition, mapping.uuid});
}

/// Lanes are few enough that one more digit keeps their order.
std::string position_path(const Mapping& mapping, std::size_t lane) {
  std::string key = positions_prefix(mapping);
  storage::append_part(key, (lane < 10 ? "0" : "") + std::to_string(lane));
  return key;
}

void erase_positions(const Mapping& mapping, Batch& batch) {
  const storage::Range all = storage::prefix_range(positions_prefix(mapping));
  batch.erase_range(Family::kMeta, all.begin, all.end);
}

/// "arn:aws:lambda:REGION:ACCOUNT:function:NAME" and a qualifier as the API's texts have it.
std::string function_name(const std::string& arn) {
  constexpr std::string_view kFunction = ":function:";
  const auto at = arn.find(kFunction);
  return at == std::string::npos ? arn : arn.substr(at + kFunction.size());
}

}  // namespace

Mappings::Mappings(storage::Store& store) : store_(store) {
  const auto records = store.iterate(Family::kMeta, {});
  for (records->seek_first(); records->valid(); records->next()) {
    const auto path = storage::split_path_key(records->key());
    if (!path || path->size() != 5 || (*path)[2] != "lambda" || (*path)[3] != kMapping) continue;
    auto mapping = decode_mapping(records->value());
    if (!mapping) {
      throw ConfigError("event source mapping " + (*path)[4] + ": " + mapping.error().message);
    }
    const auto loaded = std::make_shared<const Mapping>(std::move(*mapping));
    mappings_[loaded->uuid] = loaded;
  }
  if (const auto read = records->status(); !read) {
    throw ConfigError("cannot load the event source mappings: " + read.error().message);
  }
}

Result<Mappings::Ptr> Mappings::find(std::string_view account, std::string_view region,
                                     std::string_view uuid) const {
  const std::shared_lock lock(map_mutex_);
  const auto found = mappings_.find(uuid);
  if (found == mappings_.end() || found->second->account != account ||
      found->second->region != region) {
    return resource_missing("The resource you requested does not exist.");
  }
  return found->second;
}

std::vector<Mappings::Ptr> Mappings::list(std::string_view account, std::string_view region) const {
  std::vector<Ptr> out;
  const std::shared_lock lock(map_mutex_);
  for (const auto& [uuid, mapping] : mappings_) {
    if (mapping->account == account && mapping->region == region) out.push_back(mapping);
  }
  return out;
}

std::vector<Mappings::Ptr> Mappings::all() const {
  std::vector<Ptr> out;
  const std::shared_lock lock(map_mutex_);
  for (const auto& [uuid, mapping] : mappings_) out.push_back(mapping);
  return out;
}

bool Mappings::is_there(const std::string& uuid) const {
  const std::shared_lock lock(map_mutex_);
  return mappings_.contains(uuid);
}

Result<void> Mappings::check_unique(const Mapping& mapping) const {
  const std::shared_lock lock(map_mutex_);
  for (const auto& [uuid, other] : mappings_) {
    if (uuid == mapping.uuid || other->stream_arn != mapping.stream_arn ||
        other->settings.function_arn != mapping.settings.function_arn) {
      continue;
    }
    return resource_conflict("The event source arn (\" " + mapping.stream_arn +
                             " \") and function (\" " +
                             function_name(mapping.settings.function_arn) +
                             " \") provided mapping already exists. Please update or delete the "
                             "existing mapping with UUID " +
                             uuid);
  }
  return {};
}

Result<Mappings::Ptr> Mappings::create(Mapping mapping, std::uint64_t start) {
  const std::lock_guard writing(write_mutex_);
  STATOR_TRY_VOID(check_unique(mapping));
  Batch batch;
  batch.put(Family::kMeta, mapping_path(mapping), encode(mapping));
  const auto lanes = static_cast<std::size_t>(mapping.settings.parallelization_factor);
  for (std::size_t lane = 0; lane < lanes; ++lane) {
    batch.put(Family::kMeta, position_path(mapping, lane), encode(LanePosition{start}));
  }
  STATOR_TRY([[maybe_unused]] const auto sequence, store_.write(std::move(batch)));
  const auto made = std::make_shared<const Mapping>(std::move(mapping));
  const std::unique_lock lock(map_mutex_);
  mappings_[made->uuid] = made;
  return Ptr(made);
}

Result<Mappings::Ptr> Mappings::change(const Mapping& mapping, const Change& change) {
  const std::lock_guard writing(write_mutex_);
  STATOR_TRY(const auto old, find(mapping.account, mapping.region, mapping.uuid));
  Mapping copy = *old;
  STATOR_TRY_VOID(change(copy));
  STATOR_TRY_VOID(check_unique(copy));
  Batch batch;
  batch.put(Family::kMeta, mapping_path(copy), encode(copy));
  STATOR_TRY([[maybe_unused]] const auto sequence, store_.write(std::move(batch)));
  const auto made = std::make_shared<const Mapping>(std::move(copy));
  const std::unique_lock lock(map_mutex_);
  mappings_[made->uuid] = made;
  return Ptr(made);
}

Result<Mappings::Ptr> Mappings::remove(const Mapping& mapping) {
  const std::lock_guard writing(write_mutex_);
  STATOR_TRY(auto old, find(mapping.account, mapping.region, mapping.uuid));
  Batch batch;
  batch.erase(Family::kMeta, mapping_path(*old));
  erase_positions(*old, batch);
  STATOR_TRY([[maybe_unused]] const auto sequence, store_.write(std::move(batch)));
  const std::unique_lock lock(map_mutex_);
  mappings_.erase(old->uuid);
  return old;
}

Result<std::vector<LanePosition>> Mappings::positions(const Mapping& mapping) const {
  std::vector<LanePosition> out;
  const auto records =
      store_.iterate(Family::kMeta, storage::prefix_range(positions_prefix(mapping)));
  for (records->seek_first(); records->valid(); records->next()) {
    STATOR_TRY(auto position, decode_position(records->value()));
    out.push_back(std::move(position));
  }
  STATOR_TRY_VOID(records->status());
  return out;
}

Result<void> Mappings::save(const Mapping& mapping, std::size_t lane,
                            const LanePosition& position) {
  const std::lock_guard writing(write_mutex_);
  if (!is_there(mapping.uuid)) return {};
  Batch batch;
  batch.put(Family::kMeta, position_path(mapping, lane), encode(position));
  STATOR_TRY([[maybe_unused]] const auto sequence, store_.write(std::move(batch)));
  return {};
}

Result<void> Mappings::save_all(const Mapping& mapping,
                                const std::vector<LanePosition>& positions) {
  const std::lock_guard writing(write_mutex_);
  if (!is_there(mapping.uuid)) return {};
  Batch batch;
  erase_positions(mapping, batch);
  for (std::size_t lane = 0; lane < positions.size(); ++lane) {
    batch.put(Family::kMeta, position_path(mapping, lane), encode(positions[lane]));
  }
  STATOR_TRY([[maybe_unused]] const auto sequence, store_.write(std::move(batch)));
  return {};
}

}  // namespace stator::lambda::sources
