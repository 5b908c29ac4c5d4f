#pragma once

#include <forward_list>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "aws/call.hpp"

namespace stator::iam {

struct CompiledEntity;

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
  /// `entity` is the caller's user or role, or the user behind a federated session; null when there
  /// is none.
  CallContext(const aws::Call& call, const aws::Permission& need, const CompiledEntity* entity)
      : call_(call), need_(need), entity_(entity) {}
  [[nodiscard]] const ConditionValues* find(std::string_view lower_key) const override;

 private:
  struct Made {
    std::string key;
    std::optional<ConditionValues> values;  ///< nothing for a key that is absent
  };
  using Maybe = std::optional<std::string>;
  [[nodiscard]] std::optional<ConditionValues> make(std::string_view lower_key) const;
  [[nodiscard]] Maybe make_global(std::string_view name) const;
  [[nodiscard]] Maybe make_of_principal(std::string_view name) const;
  [[nodiscard]] Maybe make_of_session(std::string_view name) const;
  [[nodiscard]] Maybe make_of_request(std::string_view name) const;
  [[nodiscard]] Maybe principal_tag(std::string_view lower_key) const;

  const aws::Call& call_;
  const aws::Permission& need_;
  const CompiledEntity* entity_;
  /// A policy asks for a handful of keys: looking through them costs less than hashing. A list,
  /// because it costs nothing while it is empty and what was found stays where it is.
  mutable std::forward_list<Made> made_;
  mutable std::optional<aws::ConditionKeys> need_keys_;
};

}  // namespace stator::iam
