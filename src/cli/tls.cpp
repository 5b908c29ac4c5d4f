#include <iostream>

#include "base/clock.hpp"
#include "cli/commands.hpp"
#include "server/tls/local_authority.hpp"
#include "storage/data_directory.hpp"

namespace stator::cli {

int tls_init(const Target& target) {
  const std::filesystem::path data = target.data;
  std::error_code error;
  // A directory that a server has open is not touched but for the authority's own files.
  if (!std::filesystem::exists(data / "format", error)) const storage::DataDirectory made(data);
  const auto authority = server::LocalAuthority::open(data, SystemClock().wall());
  if (!authority) return fail(authority.error());
  const auto file = std::filesystem::absolute(authority->certificate_file(), error).string();
  std::cout << "The certificate authority of this machine's stator is " << file << "\n"
            << "Trust it in one command:  curl --cacert '" << file << "' https://...\n"
            << "Trust it on this machine: sudo cp '" << file
            << "' /usr/local/share/ca-certificates/stator.crt && sudo update-ca-certificates\n";
  return 0;
}

}  // namespace stator::cli
