#pragma once

#include <functional>
#include <memory>
#include <string_view>

#include "aws/call.hpp"
#include "base/result.hpp"
#include "json/json.hpp"

namespace stator::cloudformation {

/// Calls the public API operations in-process, bound to the principal that deploys and to a region:
/// what a template can do is what that principal can do. Blocks; one thread at a time.
class ApiClient {
 public:
  virtual ~ApiClient() = default;
  /// `service` is the signing name, `input` holds the members that the wire would carry, path
  /// labels included. Scalars may be texts.
  [[nodiscard]] virtual Result<json::Object> call(std::string_view service,
                                                  std::string_view operation,
                                                  json::Object input) = 0;
};

using ApiClients = std::function<std::unique_ptr<ApiClient>(const aws::Principal& principal,
                                                            std::string_view region)>;

}  // namespace stator::cloudformation
