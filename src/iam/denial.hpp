#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <utility>
#include <vector>

#include "base/clock.hpp"
#include "iam/observer.hpp"
#include "json/json.hpp"

namespace stator::iam {

/// A statement, by where it stands.
struct StatementPlace {
  PolicyType type = PolicyType::kIdentity;
  std::string policy;      ///< an inline policy's name, a managed policy's ARN, "" for a resource's
  std::size_t number = 0;  ///< from 1 on
  std::string sid;

  /// "statement 2 (Sid) of policy NAME"
  [[nodiscard]] std::string to_text() const;
};

/// An Allow that is not far from allowing.
struct NearMiss {
  StatementPlace place;
  std::vector<std::string> misfits;  ///< "the resource does not match", at least one
};

/// Why a request was denied, in full: what `stator explain` shows.
struct Denial {
  std::string request_id;
  WallTime time;
  std::string principal;  ///< ARN, or a service's name
  std::string owner;      ///< the ARN of the user or role whose policies counted, or ""
  std::string action;
  std::string resource;
  std::string sentence;  ///< what the caller was told
  Decision decision = Decision::kImplicitDeny;
  PolicyType type = PolicyType::kIdentity;
  bool is_enforced = true;
  /// Of an explicit denial.
  std::optional<StatementPlace> decided_by;
  /// Of an implicit denial: those that fail in the fewest parts, at most kNearestMax.
  std::vector<NearMiss> nearest;
  /// The condition keys that policies asked for; nothing where the request does not have one.
  std::vector<std::pair<std::string, std::optional<ConditionValues>>> keys;

  static constexpr std::size_t kNearestMax = 3;

  /// For the log: "nearest: statement 2 (Sid) of policy X: the resource does not match".
  [[nodiscard]] std::string short_reason() const;
  [[nodiscard]] json::Object to_json() const;
};

/// Looks at every statement once more, at leisure.
[[nodiscard]] Denial describe_denial(const Judged& judged, std::string sentence, bool is_enforced);

}  // namespace stator::iam
