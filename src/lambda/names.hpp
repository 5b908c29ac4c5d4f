#pragma once

#include <compare>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>

#include "base/result.hpp"

namespace stator::lambda {

/// Where a function lives; views for look-ups without copies.
struct FunctionKeyView {
  std::string_view account;
  std::string_view region;
  std::string_view name;
};

struct FunctionKey {
  std::string account;
  std::string region;
  std::string name;

  [[nodiscard]] FunctionKeyView view() const { return {account, region, name}; }
};

/// Orders keys and views alike, so that maps find by view.
struct FunctionKeyLess {
  using is_transparent = void;
  [[nodiscard]] static auto tie(const FunctionKeyView& key) {
    return std::tie(key.account, key.region, key.name);
  }
  bool operator()(const FunctionKey& a, const FunctionKey& b) const {
    return std::tie(a.account, a.region, a.name) < std::tie(b.account, b.region, b.name);
  }
  bool operator()(const FunctionKey& a, const FunctionKeyView& b) const {
    const FunctionKeyView view = a.view();
    return tie(view) < tie(b);
  }
  bool operator()(const FunctionKeyView& a, const FunctionKey& b) const {
    const FunctionKeyView view = b.view();
    return tie(a) < tie(view);
  }
};

/// "arn:aws:lambda:REGION:ACCOUNT:function:NAME"
[[nodiscard]] std::string function_arn(const FunctionKeyView& key);

/// What a FunctionName parameter points at.
struct FunctionReference {
  FunctionKey key;
  std::string qualifier;  ///< "" when none was given

  [[nodiscard]] std::string arn() const { return function_arn(key.view()); }
  /// The ARN with the qualifier, where there is one.
  [[nodiscard]] std::string qualified_arn() const {
    return qualifier.empty() ? arn() : arn() + ":" + qualifier;
  }
  /// The ARN with the qualifier that an invocation by this reference means.
  [[nodiscard]] std::string invoked_arn() const {
    return arn() + ":" + (qualifier.empty() ? "$LATEST" : qualifier);
  }
};

/// The number that a qualifier of digits alone names; nothing for others, "0" among them.
[[nodiscard]] std::optional<std::int64_t> version_number(std::string_view qualifier);
/// Whether it may name an alias: 1 to 128 of letters, digits, - and _, not digits alone.
[[nodiscard]] bool is_alias_name(std::string_view text);

/// Reads a function's name, partial ARN ("ACCOUNT:function:NAME") or full ARN, each perhaps with
/// a qualifier, and joins it with the Qualifier parameter ("" when absent). Errors are AWS's: a bad
/// name, a region or account that is not the caller's, two qualifiers that differ.
[[nodiscard]] Result<FunctionReference> parse_function_name(std::string_view account,
                                                            std::string_view region,
                                                            std::string_view text,
                                                            std::string_view qualifier = "");

/// A layer version: "arn:aws:lambda:REGION:ACCOUNT:layer:NAME:VERSION".
struct LayerReference {
  std::string account;
  std::string region;
  std::string name;
  std::int64_t version = 0;

  [[nodiscard]] std::string layer_arn() const;
  [[nodiscard]] std::string arn() const;
};

/// InvalidParameterValueException unless it is the ARN of a layer version.
[[nodiscard]] Result<LayerReference> parse_layer_version_arn(std::string_view text);
/// A layer's name, or its ARN in this account and region.
[[nodiscard]] Result<std::string> parse_layer_name(std::string_view account,
                                                   std::string_view region, std::string_view text);

}  // namespace stator::lambda
