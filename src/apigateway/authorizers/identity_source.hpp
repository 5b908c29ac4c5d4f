#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "apigateway/exchange.hpp"
#include "base/result.hpp"

namespace stator::apigateway {

/// Where an authorizer finds what a request must show: "$request.header.Authorization".
/// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-lambda-authorizer.html
struct IdentitySource {
  enum class Kind { kHeader, kQuery, kContext, kStageVariable };
  Kind kind = Kind::kHeader;
  std::string name;
};

/// BadRequestException for what is no such expression or names a $context variable that does not
/// exist or has no value before the authorization.
[[nodiscard]] Result<IdentitySource> parse_identity_source(std::string_view expression);

/// All values of that name, "," between them, so that none of them goes unseen. Nothing when there
/// is none or they are empty.
[[nodiscard]] std::optional<std::string> identity_value(const IdentitySource& source,
                                                        const Exchange& exchange);

}  // namespace stator::apigateway
