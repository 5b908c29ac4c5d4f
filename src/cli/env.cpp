#include <iostream>

#include "cli/commands.hpp"

namespace stator::cli {

int env(const Target& target) {
  const auto credentials = read_root_credentials(target.data);
  if (!credentials) return fail(credentials.error());
  std::cout << "export AWS_ENDPOINT_URL=http://" << target.listen << "\n"
            << "export AWS_ACCESS_KEY_ID=" << credentials->access_key_id.value << "\n"
            << "export AWS_SECRET_ACCESS_KEY=" << credentials->secret.value << "\n"
            << "export AWS_REGION=" << kDefaultRegion << "\n"
            << "export AWS_DEFAULT_REGION=" << kDefaultRegion << "\n";
  return 0;
}

}  // namespace stator::cli
