#pragma once

#include <cstdint>
#include <filesystem>
#include <string>

namespace stator::server {

struct TlsOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;              ///< 0: any free one
  std::filesystem::path certificates;  ///< of given certificates; "" for none
};

}  // namespace stator::server
