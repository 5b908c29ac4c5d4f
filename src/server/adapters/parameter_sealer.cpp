#include "server/adapters/parameter_sealer.hpp"

namespace stator::server {

// A parameter's ARN is no access key id, so neither can pass for the other.
std::string ParameterSealer::seal(std::string_view context, std::string_view plain) {
  return identity_.sessions().seal_secret(context, plain);
}

std::optional<std::string> ParameterSealer::open(std::string_view context,
                                                 std::string_view sealed) {
  return identity_.sessions().open_secret(context, sealed);
}

}  // namespace stator::server
