#pragma once

#include <functional>

#include "aws/call.hpp"
#include "base/clock.hpp"
#include "base/random.hpp"
#include "http/server.hpp"
#include "lambda/catalog.hpp"
#include "lambda/invocation.hpp"
#include "lambda/urls/directory.hpp"

namespace stator::lambda::urls {

/// What function URLs work with; all outlive them.
struct FunctionUrlsParts {
  const Catalog& catalog;
  std::function<void(Invocation, InvokeDone)> invoke;  ///< Functions::invoke
  const Clock& clock;
  Random& random;
  aws::Authenticator& authenticator;
  aws::Authorizer& authorizer;
};

/// Takes the requests of function URLs to their functions and the answers back. Any thread.
class FunctionUrls {
 public:
  explicit FunctionUrls(FunctionUrlsParts parts)
      : parts_(std::move(parts)), directory_(parts_.catalog) {}

  /// Whether the request is for a function URL, see address_of().
  [[nodiscard]] static bool owns(const http::Request& request);

  /// On the loop that read the request. Preflight requests are answered from the URL's CORS; what
  /// else may be answered without the function is in answers.hpp.
  void handle(http::Request&& request, http::Responder responder);

 private:
  FunctionUrlsParts parts_;
  Directory directory_;
};

}  // namespace stator::lambda::urls
