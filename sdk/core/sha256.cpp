#include "core/sha256.hpp"

#include <bit>
#include <cstddef>
#include <cstring>

namespace stator::sdk {
namespace {

constexpr std::size_t kBlock = 64;

constexpr std::array<std::uint32_t, 64> kRound = {
    0x428a2f98, 0x71374491, 0xb5c0fbcf, 0xe9b5dba5, 0x3956c25b, 0x59f111f1, 0x923f82a4, 0xab1c5ed5,
    0xd807aa98, 0x12835b01, 0x243185be, 0x550c7dc3, 0x72be5d74, 0x80deb1fe, 0x9bdc06a7, 0xc19bf174,
    0xe49b69c1, 0xefbe4786, 0x0fc19dc6, 0x240ca1cc, 0x2de92c6f, 0x4a7484aa, 0x5cb0a9dc, 0x76f988da,
    0x983e5152, 0xa831c66d, 0xb00327c8, 0xbf597fc7, 0xc6e00bf3, 0xd5a79147, 0x06ca6351, 0x14292967,
    0x27b70a85, 0x2e1b2138, 0x4d2c6dfc, 0x53380d13, 0x650a7354, 0x766a0abb, 0x81c2c92e, 0x92722c85,
    0xa2bfe8a1, 0xa81a664b, 0xc24b8b70, 0xc76c51a3, 0xd192e819, 0xd6990624, 0xf40e3585, 0x106aa070,
    0x19a4c116, 0x1e376c08, 0x2748774c, 0x34b0bcb5, 0x391c0cb3, 0x4ed8aa4a, 0x5b9cca4f, 0x682e6ff3,
    0x748f82ee, 0x78a5636f, 0x84c87814, 0x8cc70208, 0x90befffa, 0xa4506ceb, 0xbef9a3f7, 0xc67178f2};

class Sha256 {
 public:
  void update(std::string_view bytes) {
    total_ += bytes.size();
    if (held_ != 0) {
      const std::size_t part = std::min(kBlock - held_, bytes.size());
      std::memcpy(block_.data() + held_, bytes.data(), part);
      held_ += part;
      bytes.remove_prefix(part);
      if (held_ < kBlock) return;
      mix(block_.data());
      held_ = 0;
    }
    for (; bytes.size() >= kBlock; bytes.remove_prefix(kBlock)) {
      mix(reinterpret_cast<const std::uint8_t*>(bytes.data()));
    }
    if (!bytes.empty()) std::memcpy(block_.data(), bytes.data(), bytes.size());
    held_ = bytes.size();
  }

  [[nodiscard]] Digest finish() {
    const std::uint64_t bits = total_ * 8;
    block_[held_++] = 0x80;
    if (held_ > kBlock - 8) {
      std::memset(block_.data() + held_, 0, kBlock - held_);
      mix(block_.data());
      held_ = 0;
    }
    std::memset(block_.data() + held_, 0, kBlock - 8 - held_);
    for (int i = 0; i < 8; ++i) {
      block_[kBlock - 1 - static_cast<std::size_t>(i)] = static_cast<std::uint8_t>(bits >> (8 * i));
    }
    mix(block_.data());
    Digest digest;
    for (std::size_t i = 0; i < 32; ++i) {
      digest[i] = static_cast<std::uint8_t>(state_[i / 4] >> (24 - 8 * (i % 4)));
    }
    return digest;
  }

 private:
  void mix(const std::uint8_t* block) {
    std::array<std::uint32_t, 64> w;
    for (std::size_t i = 0; i < 16; ++i) {
      w[i] = std::uint32_t{block[4 * i]} << 24 | std::uint32_t{block[4 * i + 1]} << 16 |
             std::uint32_t{block[4 * i + 2]} << 8 | std::uint32_t{block[4 * i + 3]};
    }
    for (std::size_t i = 16; i < 64; ++i) {
      const auto a = w[i - 15];
      const auto b = w[i - 2];
      const auto s0 = std::rotr(a, 7) ^ std::rotr(a, 18) ^ (a >> 3);
      const auto s1 = std::rotr(b, 17) ^ std::rotr(b, 19) ^ (b >> 10);
      w[i] = w[i - 16] + s0 + w[i - 7] + s1;
    }
    auto [a, b, c, d, e, f, g, h] = state_;
    for (std::size_t i = 0; i < 64; ++i) {
      const auto s1 = std::rotr(e, 6) ^ std::rotr(e, 11) ^ std::rotr(e, 25);
      const auto t1 = h + s1 + ((e & f) ^ (~e & g)) + kRound[i] + w[i];
      const auto s0 = std::rotr(a, 2) ^ std::rotr(a, 13) ^ std::rotr(a, 22);
      const auto t2 = s0 + ((a & b) ^ (a & c) ^ (b & c));
      h = g;
      g = f;
      f = e;
      e = d + t1;
      d = c;
      c = b;
      b = a;
      a = t1 + t2;
    }
    const std::array<std::uint32_t, 8> add = {a, b, c, d, e, f, g, h};
    for (std::size_t i = 0; i < 8; ++i) state_[i] += add[i];
  }

  std::array<std::uint32_t, 8> state_ = {0x6a09e667, 0xbb67ae85, 0x3c6ef372, 0xa54ff53a,
                                         0x510e527f, 0x9b05688c, 0x1f83d9ab, 0x5be0cd19};
  std::array<std::uint8_t, kBlock> block_{};
  std::size_t held_ = 0;
  std::uint64_t total_ = 0;
};

}  // namespace

Digest sha256(std::string_view bytes) {
  Sha256 hash;
  hash.update(bytes);
  return hash.finish();
}

Digest hmac_sha256(std::string_view key, std::string_view bytes) {
  std::array<char, kBlock> pad{};
  if (key.size() > kBlock) {
    const Digest short_key = sha256(key);
    std::memcpy(pad.data(), short_key.data(), short_key.size());
  } else if (!key.empty()) {
    std::memcpy(pad.data(), key.data(), key.size());
  }
  for (char& c : pad) c = static_cast<char>(c ^ 0x36);
  Sha256 inner;
  inner.update({pad.data(), pad.size()});
  inner.update(bytes);
  const Digest middle = inner.finish();
  for (char& c : pad) c = static_cast<char>(c ^ 0x36 ^ 0x5c);
  Sha256 outer;
  outer.update({pad.data(), pad.size()});
  outer.update(bytes_of(middle));
  return outer.finish();
}

std::string to_hex(const Digest& digest) {
  constexpr char kHex[] = "0123456789abcdef";
  std::string text;
  text.reserve(64);
  for (const std::uint8_t byte : digest) {
    text += kHex[byte >> 4];
    text += kHex[byte & 15];
  }
  return text;
}

}  // namespace stator::sdk
