#include "aws/crc32.hpp"

#include <array>
#include <bit>
#include <cstring>

#ifdef __x86_64__
#include <immintrin.h>
#endif

namespace stator::aws {
namespace {

using Tables = std::array<std::array<std::uint32_t, 256>, 8>;

constexpr Tables make_tables() {
  Tables tables{};
  for (std::uint32_t byte = 0; byte < 256; ++byte) {
    std::uint32_t crc = byte;
    for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ ((crc & 1) != 0 ? 0xedb88320u : 0);
    tables[0][byte] = crc;
  }
  for (std::size_t byte = 0; byte < 256; ++byte) {
    for (std::size_t t = 1; t < 8; ++t) {
      const std::uint32_t before = tables[t - 1][byte];
      tables[t][byte] = before >> 8 ^ tables[0][before & 0xff];
    }
  }
  return tables;
}

constexpr Tables kTables = make_tables();

#ifdef __x86_64__

/// a * k + b, of both halves of `a`: moves 128 bits of the message along by as many bits as the
/// constants stand for.
__attribute__((target("pclmul,sse4.1"))) inline __m128i fold(__m128i a, __m128i k, __m128i b) {
  return _mm_xor_si128(
      b, _mm_xor_si128(_mm_clmulepi64_si128(a, k, 0x00), _mm_clmulepi64_si128(a, k, 0x11)));
}

/// Of a multiple of sixteen bytes, at least 64, by carry-less multiplication (Gopal and others,
/// "Fast CRC Computation for Generic Polynomials Using PCLMULQDQ Instruction", Intel 2009): eight
/// times as fast as the tables. The constants are powers of x modulo the polynomial, reflected.
__attribute__((target("pclmul,sse4.1"))) std::uint32_t crc32_folded(std::uint32_t crc,
                                                                    std::string_view bytes) {
  const auto* at = reinterpret_cast<const __m128i*>(bytes.data());
  const auto* end = at + bytes.size() / 16;
  __m128i x0 = _mm_xor_si128(_mm_loadu_si128(at), _mm_cvtsi32_si128(static_cast<int>(crc)));
  __m128i x1 = _mm_loadu_si128(at + 1);
  __m128i x2 = _mm_loadu_si128(at + 2);
  __m128i x3 = _mm_loadu_si128(at + 3);
  at += 4;
  const __m128i by_512 = _mm_set_epi64x(0x01c6e41596, 0x0154442bd4);
  for (; end - at >= 4; at += 4) {
    x0 = fold(x0, by_512, _mm_loadu_si128(at));
    x1 = fold(x1, by_512, _mm_loadu_si128(at + 1));
    x2 = fold(x2, by_512, _mm_loadu_si128(at + 2));
    x3 = fold(x3, by_512, _mm_loadu_si128(at + 3));
  }
  const __m128i by_128 = _mm_set_epi64x(0x00ccaa009e, 0x01751997d0);
  __m128i x = fold(fold(fold(x0, by_128, x1), by_128, x2), by_128, x3);
  for (; at != end; ++at) x = fold(x, by_128, _mm_loadu_si128(at));

  // From 128 bits to 64, and to 32 by Barrett's reduction.
  const __m128i low_words = _mm_setr_epi32(-1, 0, -1, 0);
  x = _mm_xor_si128(_mm_srli_si128(x, 8), _mm_clmulepi64_si128(x, by_128, 0x10));
  const __m128i by_64 = _mm_set_epi64x(0, 0x0163cd6124);
  x = _mm_xor_si128(_mm_srli_si128(x, 4),
                    _mm_clmulepi64_si128(_mm_and_si128(x, low_words), by_64, 0x00));
  const __m128i polynomial = _mm_set_epi64x(0x01f7011641, 0x01db710641);
  __m128i quotient = _mm_clmulepi64_si128(_mm_and_si128(x, low_words), polynomial, 0x10);
  quotient = _mm_clmulepi64_si128(_mm_and_si128(quotient, low_words), polynomial, 0x00);
  return static_cast<std::uint32_t>(_mm_extract_epi32(_mm_xor_si128(x, quotient), 1));
}

const bool kCanFold =
    __builtin_cpu_supports("pclmul") != 0 && __builtin_cpu_supports("sse4.1") != 0;

#endif

}  // namespace

std::uint32_t crc32(std::string_view bytes) {
  static_assert(std::endian::native == std::endian::little);
  std::uint32_t crc = ~0u;
#ifdef __x86_64__
  if (bytes.size() >= 64 && kCanFold) {
    const std::size_t folded = bytes.size() & ~std::size_t{15};
    crc = crc32_folded(crc, bytes.substr(0, folded));
    bytes.remove_prefix(folded);
  }
#endif
  // Eight bytes a step through eight tables: about 2 GB/s where one byte a step gives 0.4.
  while (bytes.size() >= 8) {
    std::uint32_t low = 0, high = 0;
    std::memcpy(&low, bytes.data(), 4);
    std::memcpy(&high, bytes.data() + 4, 4);
    low ^= crc;
    crc = kTables[7][low & 0xff] ^ kTables[6][low >> 8 & 0xff] ^ kTables[5][low >> 16 & 0xff] ^
          kTables[4][low >> 24] ^ kTables[3][high & 0xff] ^ kTables[2][high >> 8 & 0xff] ^
          kTables[1][high >> 16 & 0xff] ^ kTables[0][high >> 24];
    bytes.remove_prefix(8);
  }
  for (const char c : bytes) {
    crc = crc >> 8 ^ kTables[0][(crc ^ static_cast<unsigned char>(c)) & 0xff];
  }
  return ~crc;
}

}  // namespace stator::aws
