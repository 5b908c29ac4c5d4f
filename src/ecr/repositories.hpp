#pragma once

#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "aws/call.hpp"
#include "base/result.hpp"
#include "storage/store.hpp"

namespace stator::ecr {

/// The settings of a repository. There are no images.
struct Repository {
  std::string name;
  std::int64_t created_ms = 0;
  std::string tag_mutability = "MUTABLE";
  bool is_scanned_on_push = false;
  std::string lifecycle_policy = {};  ///< as it was put, or ""
  std::string policy = {};            ///< as it was put, or ""
  std::map<std::string, std::string> tags = {};
};

struct RepositoryName {
  std::string account;
  std::string region;
  std::string name;
};

/// Repositories by their names, in Family::kMeta. Any thread.
class Repositories {
 public:
  static constexpr std::size_t kRepositoriesMax = 10'000;
  static constexpr std::size_t kTagsMax = 50;

  /// Must outlive this.
  explicit Repositories(storage::Store& store) : store_(store) {}
  Repositories(const Repositories&) = delete;

  /// RepositoryAlreadyExistsException, LimitExceededException.
  [[nodiscard]] Result<void> create(const RepositoryName& name, const Repository& repository);
  /// RepositoryNotFoundException, as those below.
  [[nodiscard]] Result<Repository> find(const RepositoryName& name) const;
  [[nodiscard]] Result<Repository> remove(const RepositoryName& name);
  /// Changes a record in one step.
  [[nodiscard]] Result<Repository> update(const RepositoryName& name,
                                          const std::function<Result<void>(Repository&)>& change);
  /// By name, after `after`; `visit` returns false to end the walk.
  [[nodiscard]] Result<void> walk(std::string_view account, std::string_view region,
                                  std::string_view after,
                                  const std::function<bool(const Repository&)>& visit) const;

 private:
  storage::Store& store_;
  /// Makes reading and then changing a record one step.
  std::mutex mutex_;
};

/// "arn:aws:ecr:REGION:ACCOUNT:repository/NAME"
[[nodiscard]] std::string repository_arn(const RepositoryName& name);

/// A repository's policy, ready to be evaluated: its statements have no Resource, since they speak
/// of the repository alone. InvalidParameterException for what is no policy.
[[nodiscard]] Result<std::shared_ptr<const aws::ResourcePolicy>> compile_policy(
    std::string_view document);

}  // namespace stator::ecr
