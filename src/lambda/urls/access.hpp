#pragma once

#include <optional>

#include "aws/call.hpp"
#include "http/message.hpp"
#include "lambda/urls/directory.hpp"

namespace stator::lambda::urls {

struct Doors {
  aws::Authenticator& authenticator;
  aws::Authorizer& authorizer;
};

/// Who may invoke through a URL, and who it was: the signer where AuthType is AWS_IAM, else nobody.
///
/// Both lambda:InvokeFunctionUrl (with lambda:FunctionUrlAuthType) and lambda:InvokeFunction (with
/// lambda:InvokedViaFunctionUrl) must be granted; to nobody only the policy of the function, or of
/// the alias that the URL is of, can grant them.
/// https://docs.aws.amazon.com/lambda/latest/dg/urls-auth.html
[[nodiscard]] Result<std::optional<aws::Principal>> check_access(const Doors& doors,
                                                                 const FoundUrl& url,
                                                                 const http::Request& request,
                                                                 aws::Call call);

}  // namespace stator::lambda::urls
