#pragma once

#include <array>
#include <cstdint>
#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"

namespace stator::iam {

/// What somebody did, as the hot path says it.
struct UseView {
  std::string_view entity;  ///< the unique id of a user or role
  std::string_view action;
  std::string_view resource;
  std::string_view passed_to;  ///< of iam:PassRole: the service, else ""
};

/// What somebody did, as it is remembered.
struct Use {
  std::string action;
  std::string resource;
  std::string passed_to;
  /// Too many resources under one action: `resource` is what their ARNs begin with.
  bool is_prefix = false;
  std::uint64_t count = 0;
  WallTime last;
};

/// What users and roles were allowed to do and did. A thread notes uses in a table of its own, so
/// event loops share no lock; the tables are gathered when somebody asks, when one is full, and by
/// gather(). Bounded: kResourcesMax resources of one action (then they are joined into what their
/// ARNs begin with), kActionsMax actions of one user or role and kEntitiesMax of those (what comes
/// then is dropped and counted).
class Usage {
 public:
  static constexpr std::size_t kResourcesMax = 100, kActionsMax = 500, kEntitiesMax = 2'000;

  Usage();
  ~Usage();
  Usage(const Usage&) = delete;

  /// The hot path: no allocation for what the thread has seen since its table was gathered.
  void note(const UseView& use, WallTime now);

  /// Uses since then, sorted by action and resource. Slow.
  [[nodiscard]] std::vector<Use> of(std::string_view entity, WallTime since);

  /// Brings together what the threads noted. Whether anything is new since the last save().
  [[nodiscard]] bool gather();
  /// Keeps everything in a file, and takes it from there. A file that is damaged is an error and
  /// changes nothing; one that is not there is none.
  [[nodiscard]] Result<void> save(const std::filesystem::path& file);
  [[nodiscard]] Result<void> load(const std::filesystem::path& file);

  [[nodiscard]] std::uint64_t dropped();

 private:
  struct Seen {
    std::uint64_t count = 0;
    WallTime last;
  };
  struct Target {
    std::string resource;
    std::string passed_to;
    bool is_prefix = false;
    auto operator<=>(const Target&) const = default;
  };
  using Targets = std::map<Target, Seen>;
  using Actions = std::map<std::string, Targets, std::less<>>;
  struct Table;

  void gather_table(Table& table);
  void add(std::string_view entity, const std::string& action, Target target, const Seen& seen);

  static constexpr std::size_t kTables = 64;
  std::array<std::unique_ptr<Table>, kTables> tables_;

  std::mutex mutex_;  // of what follows; taken after a table's
  std::map<std::string, Actions, std::less<>> entities_;
  std::uint64_t dropped_ = 0;
  bool is_changed_ = false;
};

}  // namespace stator::iam
