#include "lambda/urls/access.hpp"

#include <array>
#include <utility>

#include "aws/tag_keys.hpp"

namespace stator::lambda::urls {
namespace {

/// The need for one action, with one key beside the function's tags.
aws::Permission make_need(const FoundUrl& url, std::string action, aws::ConditionKey key) {
  aws::Permission need{std::move(action), url.function->arn()};
  if (url.qualifier == kLatest) {
    need.resource_policy = url.function->compiled_policy;
  } else {
    need.resource += ":" + url.qualifier;
    const auto policy = url.settings->policies.find(url.qualifier);
    if (policy != url.settings->policies.end()) need.resource_policy = policy->second.compiled;
  }
  need.keys = [function = url.function, key = std::move(key)] {
    aws::ConditionKeys keys{key};
    aws::append_resource_tags(function->tags, keys);
    return keys;
  };
  return need;
}

}  // namespace

Result<std::optional<aws::Principal>> check_access(const Doors& doors, const FoundUrl& url,
                                                   const http::Request& request, aws::Call call) {
  const bool needs_signature = url.config->needs_signature;
  call.principal.kind = aws::Principal::Kind::kAnonymous;
  if (needs_signature) {
    STATOR_TRY(call.principal, doors.authenticator.authenticate(request, "lambda", call.now));
  }
  const std::array needs{
      make_need(url, "lambda:InvokeFunctionUrl",
                {"lambda:FunctionUrlAuthType", {needs_signature ? "AWS_IAM" : "NONE"}}),
      make_need(url, "lambda:InvokeFunction", {"lambda:InvokedViaFunctionUrl", {"true"}})};
  STATOR_TRY_VOID(doors.authorizer.authorize(call, needs));
  if (!needs_signature) return std::optional<aws::Principal>();
  return std::optional(std::move(call.principal));
}

}  // namespace stator::lambda::urls
