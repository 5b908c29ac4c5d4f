#pragma once

#include <cstdint>
#include <functional>
#include <mutex>
#include <optional>
#include <set>
#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "ssm/names.hpp"
#include "ssm/records.hpp"
#include "storage/store.hpp"

namespace stator::ssm {

/// Keeps SecureStrings from whoever reads the disk. Implemented over iam/'s secrets. Any thread.
class Sealer {
 public:
  virtual ~Sealer() = default;
  /// Text. `context` must be the same when it is opened.
  [[nodiscard]] virtual std::string seal(std::string_view context, std::string_view plain) = 0;
  /// Nothing when the context differs or the text was changed.
  [[nodiscard]] virtual std::optional<std::string> open(std::string_view context,
                                                        std::string_view sealed) = 0;
};

/// A new value. What is unset stays as it was, or is AWS's default for a new parameter.
struct NewVersion {
  std::string value;
  std::optional<std::string> type = {};
  std::optional<std::string> description = {};
  std::string allowed_pattern = {};
  std::optional<std::string> tier = {};  ///< also "Intelligent-Tiering"
  std::map<std::string, std::string> tags = {};
  bool is_overwriting = false;
  std::int64_t now_ms = 0;
  std::string modified_by = {};
};

/// A parameter with one of its versions.
struct Found {
  Parameter parameter;
  Version version;
  std::string selector = {};
};

/// Parameters and their versions. Any thread. Writes are visible when they return.
class Parameters {
 public:
  /// AWS's bounds.
  static constexpr std::size_t kParametersMax = 10'000;
  static constexpr std::size_t kVersionsMax = 100;
  static constexpr std::size_t kLabelsMax = 10;
  static constexpr std::size_t kTagsMax = 50;

  /// Both outlive this.
  Parameters(storage::Store& store, Sealer& sealer) : store_(store), sealer_(sealer) {}
  Parameters(const Parameters&) = delete;

  /// The version that was made. The name must be one that check_new_name() allows.
  [[nodiscard]] Result<Version> put(const Place& place, const std::string& name, NewVersion given);
  /// ParameterNotFound, ParameterVersionNotFound.
  [[nodiscard]] Result<Found> find(const Place& place, const Reference& reference) const;
  /// Nothing when there is none; for conditions and tags.
  [[nodiscard]] Result<std::optional<Parameter>> find_parameter(const Place& place,
                                                                std::string_view name) const;
  /// All versions that are kept, the oldest first.
  [[nodiscard]] Result<std::vector<Version>> history(const Place& place,
                                                     std::string_view name) const;
  /// False when there was none.
  [[nodiscard]] Result<bool> remove(const Place& place, std::string_view name);

  /// By name, those that start with `prefix` and come after `after`; `visit` returns false to end
  /// the walk.
  [[nodiscard]] Result<void> walk(const Place& place, std::string_view prefix,
                                  std::string_view after,
                                  const std::function<bool(const Found&)>& visit) const;

  /// Moves labels to a version. ParameterVersionLabelLimitExceeded.
  [[nodiscard]] Result<void> label(const Place& place, const Found& found,
                                   const std::set<std::string>& labels);
  /// Takes labels off a version; those that it had.
  [[nodiscard]] Result<std::set<std::string>> unlabel(const Place& place, const Found& found,
                                                      const std::set<std::string>& labels);
  /// InvalidResourceId when there is no such parameter.
  [[nodiscard]] Result<void> update_tags(
      const Place& place, std::string_view name,
      const std::function<Result<void>(std::map<std::string, std::string>&)>& change);

  /// The plain value; of a SecureString what was sealed, unless `is_decrypting`.
  [[nodiscard]] Result<std::string> value(const Place& place, const Found& found,
                                          bool is_decrypting) const;

 private:
  [[nodiscard]] Result<std::optional<Version>> find_version(const Place& place,
                                                            std::string_view name,
                                                            std::int64_t number) const;
  [[nodiscard]] Result<void> check_room(const Place& place) const;
  [[nodiscard]] Result<void> drop_oldest(const Place& place, std::string_view name,
                                         storage::Batch& batch) const;

  storage::Store& store_;
  Sealer& sealer_;
  /// Makes reading and then changing records one step.
  std::mutex mutex_;
};

}  // namespace stator::ssm
