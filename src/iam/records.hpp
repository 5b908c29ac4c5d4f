#pragma once

#include <atomic>
#include <cstdint>
#include <map>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "iam/kinds.hpp"
#include "storage/store.hpp"

/// What IAM remembers, and where. Everything belongs to an account and to no region.
namespace stator::iam {

struct Tag {
  std::string key;
  std::string value;
};

/// A user, role or group, which hold policies the same way, or an instance profile, which holds
/// none.
struct Entity {
  EntityKind kind = EntityKind::kRole;
  std::string name;
  std::string path = "/";
  std::string id;  ///< AROA..., AIDA..., AGPA..., AIPA...
  WallTime created;
  std::vector<Tag> tags;                               ///< groups have none
  std::map<std::string, std::string> inline_policies;  ///< name -> document as it was given
  std::vector<std::string> attached;                   ///< ARNs of managed policies
  std::string boundary;  ///< of users and roles: the ARN of a managed policy, or ""

  // Roles only.
  std::string trust;
  std::string description;
  std::int64_t max_session_seconds = 3'600;

  // Users only.
  std::vector<std::string> access_key_ids;
  std::vector<std::string> groups;  ///< names, in the order in which the user joined

  // Instance profiles only.
  std::string role;  ///< its name, or ""
};

struct PolicyVersion {
  std::string id;  ///< "v1"
  std::string document;
  WallTime created;
};

/// A managed policy of the account.
struct ManagedPolicy {
  std::string name;
  std::string path = "/";
  std::string id;  ///< ANPA...
  std::string description;
  WallTime created;
  WallTime updated;
  std::vector<Tag> tags;
  std::vector<PolicyVersion> versions;  ///< oldest first, at least one
  std::string default_version = "v1";
  std::int64_t next_version = 2;

  /// Null when there is no such version.
  [[nodiscard]] const PolicyVersion* version(std::string_view id) const;
};

/// A long-term key of a user.
struct AccessKey {
  std::string id;
  std::string account;
  std::string user;
  std::string sealed_secret;  ///< base64; opened by Sessions' sealing key with the id as context
  bool is_active = true;
  WallTime created;
};

[[nodiscard]] std::string entity_arn(std::string_view account, const Entity& entity);
[[nodiscard]] std::string policy_arn(std::string_view account, const ManagedPolicy& policy);

/// The records in the store. Reads may come from any thread; a change reads, alters and writes
/// while it holds lock(). Every change moves generation() on, after it became visible.
class Records {
 public:
  explicit Records(storage::Store& store) : store_(store) {}

  [[nodiscard]] std::unique_lock<std::mutex> lock() { return std::unique_lock(mutex_); }
  [[nodiscard]] std::uint64_t generation() const {
    return generation_.load(std::memory_order_acquire);
  }

  /// Names are unique without regard to case and found with regard to it.
  [[nodiscard]] Result<std::optional<Entity>> find_entity(std::string_view account, EntityKind kind,
                                                          std::string_view name) const;
  /// "The role with name X cannot be found."
  [[nodiscard]] Result<Entity> get_entity(std::string_view account, EntityKind kind,
                                          std::string_view name) const;
  [[nodiscard]] Result<bool> is_taken(std::string_view account, EntityKind kind,
                                      std::string_view name) const;
  [[nodiscard]] Result<std::vector<Entity>> list_entities(std::string_view account,
                                                          EntityKind kind) const;
  [[nodiscard]] Result<std::size_t> count_entities(std::string_view account, EntityKind kind) const;
  [[nodiscard]] Result<void> put(std::string_view account, const Entity& entity);
  [[nodiscard]] Result<void> erase(std::string_view account, const Entity& entity);
  /// Writes `to`, a user or group that was `from` and may have another name; its access keys or
  /// members follow, all at once.
  [[nodiscard]] Result<void> rename(std::string_view account, const Entity& from, const Entity& to);

  [[nodiscard]] Result<std::optional<ManagedPolicy>> find_policy(std::string_view account,
                                                                 std::string_view name) const;
  /// By ARN, path included.
  [[nodiscard]] Result<std::optional<ManagedPolicy>> find_policy_by_arn(std::string_view account,
                                                                        std::string_view arn) const;
  [[nodiscard]] Result<std::vector<ManagedPolicy>> list_policies(std::string_view account) const;
  [[nodiscard]] Result<std::size_t> count_policies(std::string_view account) const;
  [[nodiscard]] Result<void> put(std::string_view account, const ManagedPolicy& policy);
  [[nodiscard]] Result<void> erase(std::string_view account, const ManagedPolicy& policy);

  [[nodiscard]] Result<std::optional<AccessKey>> find_access_key(std::string_view id) const;
  /// Key and user change together.
  [[nodiscard]] Result<void> put(const AccessKey& key, const Entity& user);
  [[nodiscard]] Result<void> erase(const AccessKey& key, const Entity& user);

  /// The account's alias, of which there is at most one.
  [[nodiscard]] Result<std::optional<std::string>> find_alias(std::string_view account) const;
  /// Nothing takes it away.
  [[nodiscard]] Result<void> put_alias(std::string_view account,
                                       const std::optional<std::string>& alias);

 private:
  [[nodiscard]] Result<void> write(storage::Batch batch);
  [[nodiscard]] Result<std::vector<std::string>> values_under(const std::string& prefix) const;

  storage::Store& store_;
  std::mutex mutex_;
  std::atomic<std::uint64_t> generation_{1};
};

}  // namespace stator::iam
