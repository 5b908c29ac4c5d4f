#pragma once

#include <string>
#include <string_view>

#include "http/message.hpp"

/// Function URLs: HTTP requests become invocations, and answers become HTTP responses.
/// https://docs.aws.amazon.com/lambda/latest/dg/urls-configuration.html
namespace stator::lambda::urls {

/// What a request says about the URL that it is for. Views into the request.
struct Address {
  std::string_view id;    ///< "" when the request is for no function URL
  std::string_view path;  ///< as it was sent, below the URL's root; begins with '/'
};

/// By host, "ID.lambda-url.REGION.localhost" with or without a port or AWS's own
/// "ID.lambda-url.REGION.on.aws"; or, for clients that cannot resolve such names, by path:
/// "/_aws/lambda-url/ID/...".
[[nodiscard]] Address address_of(const http::Request& request);

/// "http://ID.lambda-url.REGION.AUTHORITY/"; `authority` is "localhost" with the server's port.
[[nodiscard]] std::string make_url(std::string_view id, std::string_view region,
                                   std::string_view authority);

/// "ID.lambda-url.REGION.localhost"
[[nodiscard]] std::string domain_name(std::string_view id, std::string_view region);

}  // namespace stator::lambda::urls
