#pragma once

#include <string>
#include <string_view>

#include "base/result.hpp"

/// The names that custom domains have, and how requests say them.
namespace stator::apigateway {

/// A Host header's name: "API.Example.com.:8443" as "api.example.com". No check of its form.
[[nodiscard]] std::string host_name(std::string_view host);

/// "*.example.com" for "api.example.com"; "" where nothing would be left of the star's dot.
[[nodiscard]] std::string wildcard_for(std::string_view name);

/// BadRequestException for what is no domain name in lower case of two labels or more (the first
/// may be "*"), and for the names under which stator itself or AWS's services are reached: a domain
/// must not take their requests.
[[nodiscard]] Result<void> check_domain_name(std::string_view name);

}  // namespace stator::apigateway
