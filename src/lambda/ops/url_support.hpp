#pragma once

#include <string>
#include <string_view>

#include "lambda/ops/support.hpp"

/// What the operations on function URLs share.
namespace stator::lambda::ops {

/// The key of FunctionSettings::urls that FunctionName and Qualifier mean: "$LATEST" or an alias.
struct UrlTarget {
  FunctionReference reference;
  std::string qualifier;

  /// With the alias, where there is one.
  [[nodiscard]] std::string arn() const { return reference.qualified_arn(); }
};
/// A version's number is ValidationException: URLs are of $LATEST or an alias.
[[nodiscard]] Result<UrlTarget> read_url_target(const aws::Call& call, const aws::Input& input);

/// Takes AuthType, InvokeMode and Cors, where the request has them, into `url`.
[[nodiscard]] Result<void> read_url(const aws::Input& input, UrlConfig& url);

/// FunctionUrlConfig as the API answers it. `authority` as for make_service().
[[nodiscard]] json::Object render_url(const FunctionKey& key, std::string_view qualifier,
                                      const UrlConfig& url, std::string_view authority);

/// `action` on the function, with lambda:FunctionUrlAuthType of the request or, where it says none,
/// of the URL that is there.
[[nodiscard]] aws::Operation::JsonNeeds needs_url(Functions& functions, std::string action);

/// ResourceNotFoundException for a URL that is not there.
[[nodiscard]] Error url_missing();

}  // namespace stator::lambda::ops
