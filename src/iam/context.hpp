#pragma once

#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/call.hpp"
#include "iam/records.hpp"

namespace stator::iam {

using ConditionValues = std::vector<std::string>;

/// The condition keys of one request, as conditions and policy variables ask for them.
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_condition-keys.html
class Context {
 public:
  virtual ~Context() = default;
  /// The values of a key, its name in lower case ("aws:sourceip"); null when the request does not
  /// have it. They live as long as the context.
  [[nodiscard]] virtual const ConditionValues* find(std::string_view lower_key) const = 0;
};

/// Keys given one by one: simulations and tests.
class GivenContext final : public Context {
 public:
  /// Replaces what was given under that name, whatever its case.
  void set(std::string_view name, ConditionValues values);
  [[nodiscard]] const ConditionValues* find(std::string_view lower_key) const override;

 private:
  std::map<std::string, ConditionValues, std::less<>> keys_;
};

/// The keys of a call: those that every request has, made one by one when they are asked for, and
/// those of its need. Refers to what it is made from. One thread.
class CallContext final : public Context {
 public:
  /// `tags` are those of the caller's user or role, null when there are none. A session's tags go
  /// before them.
  CallContext(const aws::Call& call, const aws::Permission& need, const std::vector<Tag>* tags)
      : call_(call), need_(need), tags_(tags) {}
  [[nodiscard]] const ConditionValues* find(std::string_view lower_key) const override;

 private:
  [[nodiscard]] std::optional<ConditionValues> make(std::string_view lower_key) const;

  const aws::Call& call_;
  const aws::Permission& need_;
  const std::vector<Tag>* tags_;
  /// What was made so far; nothing for keys that are absent.
  mutable std::map<std::string, std::optional<ConditionValues>, std::less<>> made_;
  mutable std::optional<aws::ConditionKeys> need_keys_;
};

}  // namespace stator::iam
