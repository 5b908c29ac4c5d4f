#pragma once

#include <optional>

#include "apigateway/address.hpp"
#include "apigateway/authorizers/authorization.hpp"
#include "apigateway/domains/domains.hpp"

namespace stator::apigateway {

/// Fills in where a request that names `domain` as its host leads, stage and all. Nothing when that
/// worked; else
/// - 403 when no mapping's key begins its path;
/// - of a domain with mutual TLS: 403 for what came without a client's certificate, and 421 for
///   what came over a connection whose TLS was for another name, so that no Host header leads
///   around the check of certificates.
[[nodiscard]] std::optional<Refusal> address_on(const Domains& domains,
                                                const CompiledDomain& domain,
                                                const http::Request& request, Address& address);

}  // namespace stator::apigateway
