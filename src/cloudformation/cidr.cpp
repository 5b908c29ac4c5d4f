#include "cloudformation/cidr.hpp"

#include <arpa/inet.h>

#include <array>
#include <charconv>
#include <optional>

#include "cloudformation/function_forms.hpp"

namespace stator::cloudformation {
namespace {

constexpr std::uint32_t kCountMax = 256;

/// An address with its most significant byte first; IPv4 uses the first four.
struct Block {
  int family;
  std::array<unsigned char, 16> address;
  unsigned prefix;

  [[nodiscard]] unsigned width() const { return family == AF_INET ? 32 : 128; }
};

std::optional<Block> read_block(std::string_view text) {
  const auto slash = text.find('/');
  if (slash == std::string_view::npos) return std::nullopt;
  const std::string address(text.substr(0, slash));
  const std::string_view digits = text.substr(slash + 1);
  Block block{address.find(':') == std::string::npos ? AF_INET : AF_INET6, {}, 0};
  const auto [end, error] =
      std::from_chars(digits.data(), digits.data() + digits.size(), block.prefix);
  if (error != std::errc() || end != digits.data() + digits.size()) return std::nullopt;
  if (block.prefix > block.width()) return std::nullopt;
  if (inet_pton(block.family, address.c_str(), block.address.data()) != 1) return std::nullopt;
  for (unsigned bit = block.prefix; bit < block.width(); ++bit) {
    block.address[bit / 8] &= static_cast<unsigned char>(~(0x80U >> (bit % 8)));
  }
  return block;
}

/// Adds 2^`bits`; a carry out of the address is lost.
void advance(Block& block, unsigned bits) {
  unsigned byte = (block.width() - 1 - bits) / 8;
  unsigned carry = 1U << (bits % 8);
  for (;;) {
    const unsigned sum = block.address[byte] + carry;
    block.address[byte] = static_cast<unsigned char>(sum);
    carry = sum >> 8;
    if (carry == 0 || byte == 0) return;
    --byte;
  }
}

}  // namespace

Result<std::vector<std::string>> cidr_blocks(std::string_view block, std::uint32_t count,
                                             unsigned bits) {
  auto at = read_block(block);
  if (!at) {
    return template_error("Fn::Cidr: '" + std::string(block) + "' is not a CIDR block");
  }
  const unsigned width = at->width();
  if (count == 0 || count > kCountMax) {
    return template_error("Fn::Cidr: the count must be between 1 and 256");
  }
  const bool fits = bits >= 1 && bits <= width && at->prefix + bits <= width &&
                    (width - at->prefix - bits >= 9 || count <= 1U << (width - at->prefix - bits));
  if (!fits) {
    return template_error("Fn::Cidr: " + std::to_string(count) + " blocks of " +
                          std::to_string(bits) + " bits do not fit in " + std::string(block));
  }
  std::vector<std::string> blocks;
  for (std::uint32_t i = 0; i < count; ++i) {
    std::array<char, INET6_ADDRSTRLEN> text{};
    inet_ntop(at->family, at->address.data(), text.data(), text.size());
    blocks.push_back(std::string(text.data()) + "/" + std::to_string(width - bits));
    if (bits < width) advance(*at, bits);
  }
  return blocks;
}

}  // namespace stator::cloudformation
