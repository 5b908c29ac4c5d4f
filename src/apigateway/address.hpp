#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "apigateway/compiled.hpp"
#include "http/message.hpp"

namespace stator::apigateway {

inline constexpr std::string_view kPathPrefix = "/_aws/execute-api/";
inline constexpr std::string_view kHostPart = ".execute-api.";
inline constexpr std::string_view kDefaultStage = "$default";

/// Which API and stage a request is for, and the path below them.
struct Address {
  std::string api_id;
  std::string stage;           ///< "": not yet known, it may be the path's first segment
  std::string path;            ///< decoded, from the root of the stage
  std::string domain_name;     ///< as the event and the log name it
  std::string base_path = {};  ///< of the API mapping that led here; "" without one
  /// Decoded, what stands before `path` in the request's: "/dev" for a named stage, "/orders" for a
  /// mapping of that key, "" else.
  std::string path_before = {};
};

/// The id of "ID.execute-api.localhost:4566" or of AWS's own name for it; "" for other hosts.
[[nodiscard]] std::string_view api_of_host(std::string_view host);

/// Nothing when the path cannot be decoded to UTF-8 text.
[[nodiscard]] std::optional<Address> address_of(const http::Request& request);

/// By host, a named stage is the path's first segment; without one of that name it is $default.
void settle_stage(Address& address, const CompiledApi& api);

}  // namespace stator::apigateway
