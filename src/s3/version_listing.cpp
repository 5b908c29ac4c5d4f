#include <functional>
#include <memory>
#include <optional>
#include <utility>

#include "s3/errors.hpp"
#include "s3/listing.hpp"
#include "storage/key.hpp"

namespace stator::s3 {
namespace {

/// Walks the current versions of a bucket and its other versions together, in the order of their
/// keys, the current one first.
class VersionLister {
 public:
  VersionLister(storage::Store& store, const VersionRecords& records, const VersionsQuery& query)
      : store_(store), bases_(records), query_(query) {}

  Result<VersionsListing> run() {
    for (const auto* base : {&bases_.current, &bases_.others}) {
      walks_.push_back(store_.iterate(
          storage::Family::kMeta, storage::prefix_range(first_with_prefix(*base, query_.prefix))));
      walks_.back()->seek_first();
    }
    STATOR_TRY_VOID(skip_to_marker());
    std::size_t count = 0;
    while (auto* walk = least()) {
      if (count == query_.max_keys) {
        listing_.is_truncated = count != 0;
        break;
      }
      if (fold(*walk)) {
        ++count;
        continue;
      }
      STATOR_TRY_VOID(take(*walk));
      ++count;
    }
    for (auto& walk : walks_) {
      STATOR_TRY_VOID(walk->status());
    }
    return std::move(listing_);
  }

 private:
  using Walk = storage::Iterator;

  static std::vector<std::string> parts_of(const Walk& walk) {
    auto parts = storage::split_path_key(walk.key());
    STATOR_CHECK(parts && parts->size() >= 6);
    return std::move(*parts);
  }
  static std::string key_of(const Walk& walk) { return std::move(parts_of(walk)[5]); }

  /// The walk that stands on the least key; of one key, that of the current version.
  Walk* least() {
    Walk* current = walks_[0]->valid() ? walks_[0].get() : nullptr;
    Walk* other = walks_[1]->valid() ? walks_[1].get() : nullptr;
    if (current == nullptr || other == nullptr) return current == nullptr ? other : current;
    return key_of(*current) <= key_of(*other) ? current : other;
  }

  void seek(const std::function<std::string(const std::string&)>& target) {
    std::size_t i = 0;
    for (const auto* base : {&bases_.current, &bases_.others}) {
      Walk& walk = *walks_[i++];
      const auto key = target(*base);
      if (walk.valid() && walk.key() < key) walk.seek(key);
    }
  }

  Result<void> skip_to_marker() {
    if (query_.key_marker.empty()) return {};
    const bool is_prefix = !query_.delimiter.empty() && query_.id_marker.empty() &&
                           query_.key_marker.ends_with(query_.delimiter);
    if (query_.id_marker.empty()) {
      seek([&](const std::string& base) {
        if (is_prefix) {
          return storage::prefix_range(first_with_prefix(base, query_.key_marker)).end;
        }
        std::string key(base);
        storage::append_part(key, query_.key_marker);
        return storage::prefix_range(key).end;
      });
      return {};
    }
    seek([&](const std::string& base) {
      std::string key(base);
      storage::append_part(key, query_.key_marker);
      return key;
    });
    // The marker's version was the last of the page before.
    while (auto* walk = least()) {
      if (key_of(*walk) != query_.key_marker) break;
      STATOR_TRY(const auto object, parse_object(query_.key_marker, walk->value()));
      last_key_ = query_.key_marker;
      walk->next();
      if (shown_version(object) == query_.id_marker) break;
    }
    return {};
  }

  /// Adds the common prefix that the walk stands in, if there is one, and goes past it.
  bool fold(const Walk& walk) {
    if (query_.delimiter.empty()) return false;
    const auto key = key_of(walk);
    const auto at = key.find(query_.delimiter, query_.prefix.size());
    if (at == std::string::npos) return false;
    const auto prefix = key.substr(0, at + query_.delimiter.size());
    seek([&](const std::string& base) {
      return storage::prefix_range(first_with_prefix(base, prefix)).end;
    });
    listing_.common_prefixes.push_back(prefix);
    listing_.next_key = prefix;
    listing_.next_id.clear();
    return true;
  }

  Result<void> take(Walk& walk) {
    auto key = key_of(walk);
    const bool is_latest = last_key_ != key;
    STATOR_TRY(auto object, parse_object(key, walk.value()));
    listing_.next_key = key;
    listing_.next_id = shown_version(object);
    last_key_ = std::move(key);
    listing_.versions.push_back({std::move(object), is_latest});
    walk.next();
    return {};
  }

  storage::Store& store_;
  const VersionRecords& bases_;
  const VersionsQuery& query_;
  std::vector<std::unique_ptr<Walk>> walks_;
  std::optional<std::string> last_key_;
  VersionsListing listing_;
};

}  // namespace

Result<VersionsListing> list_versions(storage::Store& store, const VersionRecords& records,
                                      const VersionsQuery& query) {
  return VersionLister(store, records, query).run();
}

}  // namespace stator::s3
