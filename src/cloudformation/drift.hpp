#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/result.hpp"
#include "cloudformation/change_causes.hpp"
#include "cloudformation/resource_type.hpp"
#include "cloudformation/stack_record.hpp"
#include "json/json.hpp"
#include "storage/store.hpp"

namespace stator::cloudformation {

/// What the newest detection found of a stack, kept beside it and gone with it.
struct StackDrift {
  json::Object detection;  ///< as DescribeStackDriftDetectionStatus gives it
  json::Object resources;  ///< logical id to what DescribeStackResourceDrifts gives of it

  /// "DRIFTED", "IN_SYNC", "UNKNOWN" or, where nothing was looked at, "NOT_CHECKED".
  [[nodiscard]] std::string status() const;
  /// StackDriftStatus and LastCheckTimestamp.
  [[nodiscard]] json::Object information() const;
  /// StackResourceDriftStatus and, where it was looked at, LastCheckTimestamp.
  [[nodiscard]] json::Object information(std::string_view logical_id) const;
};

/// What must not be shown of a resource.
struct Veil {
  const Declaration* declared;  ///< null when the template does not tell
  const Names& hidden;          ///< parameters with NoEcho
};

/// Compares a resource with what its type reads of it, and says what DescribeStackResourceDrifts
/// says: IN_SYNC, MODIFIED, DELETED, NOT_CHECKED for a type that cannot be compared, or UNKNOWN
/// with the reason where reading failed.
[[nodiscard]] json::Object compare(ResourceContext& context, const ResourceRecord& resource,
                                   const Veil& veil);

/// Any thread.
class DriftStore {
 public:
  explicit DriftStore(storage::Store& store) : store_(store) {}

  /// Empty for a stack that nobody looked at.
  [[nodiscard]] Result<StackDrift> load(const StackIdentity& stack, std::string_view uuid) const;
  [[nodiscard]] Result<void> save(const StackIdentity& stack, std::string_view uuid,
                                  const StackDrift& drift);
  /// By StackDriftDetectionId; ValidationError when it is not the newest of any stack.
  [[nodiscard]] Result<StackDrift> find(std::string_view account, std::string_view region,
                                        std::string_view detection_id) const;

 private:
  storage::Store& store_;
};

[[nodiscard]] std::string drift_key(const StackIdentity& stack, std::string_view uuid);

}  // namespace stator::cloudformation
