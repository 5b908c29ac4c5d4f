#pragma once

#include <cstddef>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <shared_mutex>
#include <string>
#include <string_view>
#include <vector>

#include "lambda/sources/mapping.hpp"
#include "storage/store.hpp"

namespace stator::lambda::sources {

/// The event source mappings there are and how far each is: held in memory and written through to
/// the store. Any thread. Mappings handed out never change; a change makes a new one.
class Mappings {
 public:
  using Ptr = std::shared_ptr<const Mapping>;
  using Change = std::function<Result<void>(Mapping&)>;

  /// Loads all. Throws ConfigError when one cannot be read.
  explicit Mappings(storage::Store& store);

  /// ResourceNotFoundException when the account and region have none of that UUID.
  [[nodiscard]] Result<Ptr> find(std::string_view account, std::string_view region,
                                 std::string_view uuid) const;
  /// Ordered by UUID.
  [[nodiscard]] std::vector<Ptr> list(std::string_view account, std::string_view region) const;
  [[nodiscard]] std::vector<Ptr> all() const;

  /// The mapping begins at `start`. ResourceConflictException when the same stream invokes the same
  /// function already.
  [[nodiscard]] Result<Ptr> create(Mapping mapping, std::uint64_t start);
  /// Applies `change` to a copy and stores it, one change at a time. ResourceNotFoundException,
  /// ResourceConflictException, or what `change` answers; then nothing is changed.
  [[nodiscard]] Result<Ptr> change(const Mapping& mapping, const Change& change);
  /// The mapping and its positions.
  [[nodiscard]] Result<Ptr> remove(const Mapping& mapping);

  /// How far each lane is; as many as there were lanes when they were last saved.
  [[nodiscard]] Result<std::vector<LanePosition>> positions(const Mapping& mapping) const;
  /// Replaces one; nothing happens when the mapping is gone.
  [[nodiscard]] Result<void> save(const Mapping& mapping, std::size_t lane,
                                  const LanePosition& position);
  /// Replaces all, however many there were.
  [[nodiscard]] Result<void> save_all(const Mapping& mapping,
                                      const std::vector<LanePosition>& positions);

 private:
  [[nodiscard]] Result<void> check_unique(const Mapping& mapping) const;
  [[nodiscard]] bool is_there(const std::string& uuid) const;

  storage::Store& store_;
  std::mutex write_mutex_;               ///< one read-modify-write at a time
  mutable std::shared_mutex map_mutex_;  ///< guards the map and is held for moments only
  std::map<std::string, Ptr, std::less<>> mappings_;  ///< by UUID
};

}  // namespace stator::lambda::sources
