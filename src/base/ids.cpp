#include "base/ids.hpp"

#include <array>

#include "base/bytes.hpp"
#include "base/check.hpp"

namespace stator {

std::string random_text(Random& random, std::string_view alphabet, std::size_t length) {
  STATOR_CHECK(!alphabet.empty() && alphabet.size() <= 256);
  const std::size_t limit = 256 - 256 % alphabet.size();
  std::string text;
  text.reserve(length);
  std::array<std::byte, 64> pool;
  while (text.size() < length) {
    random.fill(pool);
    for (const std::byte byte : pool) {
      if (text.size() == length) break;
      const auto value = std::to_integer<std::size_t>(byte);
      if (value < limit) text.push_back(alphabet[value % alphabet.size()]);
    }
  }
  return text;
}

std::string uuid4(Random& random) {
  std::array<std::byte, 16> raw;
  random.fill(raw);
  raw[6] = (raw[6] & std::byte{0x0f}) | std::byte{0x40};
  raw[8] = (raw[8] & std::byte{0x3f}) | std::byte{0x80};
  std::string text = hex_encode({reinterpret_cast<const char*>(raw.data()), raw.size()});
  for (const std::size_t at : {8, 13, 18, 23}) text.insert(at, 1, '-');
  return text;
}

}  // namespace stator
