#pragma once

#include <array>
#include <cstdint>
#include <optional>
#include <string_view>

/// How the operators of conditions read the texts of policies and requests.
/// https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_policies_elements_condition_operators.html
namespace stator::iam {

/// A decimal number, an exponent allowed. Exact for 64-bit integers.
[[nodiscard]] std::optional<long double> parse_condition_number(std::string_view text);

/// Milliseconds since 1970: seconds since then as an integer, or a date as W3C's NOTE-datetime
/// writes it, from "2026-01" to "2026-01-02T03:04:05.678+01:00". Without an offset it is UTC.
[[nodiscard]] std::optional<std::int64_t> parse_condition_date(std::string_view text);

/// An address or a CIDR block of IPv4 or IPv6.
class IpRange {
 public:
  /// An IPv6 address that stands for an IPv4 address (::ffff:192.0.2.1) is that one.
  [[nodiscard]] static std::optional<IpRange> parse(std::string_view text);
  /// Whether all of `other` lies inside. The two families have nothing in common.
  [[nodiscard]] bool contains(const IpRange& other) const;

 private:
  bool is_v6_ = false;
  std::array<std::uint8_t, 16> bytes_{};
  unsigned bits_ = 0;
};

}  // namespace stator::iam
