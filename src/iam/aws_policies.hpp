#pragma once

#include <span>
#include <string_view>

namespace stator::iam {

/// A policy that AWS provides, as data.
struct AwsPolicy {
  std::string_view path;
  std::string_view name;
  std::string_view description;
  std::string_view statements;  ///< JSON objects with commas between them
};

/// Those that serverless templates, modules and people attach, with documents in our own words to
/// the same effect. Actions of services that are not here are left out, except where a policy has
/// no others: it must be there to be attached.
/// https://docs.aws.amazon.com/aws-managed-policy/latest/reference/policy-list.html
[[nodiscard]] std::span<const AwsPolicy> aws_policies();

}  // namespace stator::iam
