#include "dynamodb/number.hpp"

#include <algorithm>
#include <array>

#include "dynamodb/errors.hpp"

namespace stator::dynamodb {

namespace {

using Wide = unsigned __int128;

constexpr std::array<Wide, 39> kPowersOfTen = [] {
  std::array<Wide, 39> powers{};
  Wide power = 1;
  for (auto& entry : powers) {
    entry = power;
    power *= 10;
  }
  return powers;
}();

int count_digits(Wide value) {
  return static_cast<int>(std::upper_bound(kPowersOfTen.begin(), kPowersOfTen.end(), value) -
                          kPowersOfTen.begin());
}

Error too_many_digits() {
  return validation("Attempting to store more than 38 significant digits in a Number");
}
Error overflow() {
  return validation(
      "Number overflow. Attempting to store a number with magnitude larger than supported range");
}
Error underflow() {
  return validation(
      "Number underflow. Attempting to store a number with magnitude smaller than supported "
      "range");
}
Error not_a_number(std::string_view text) {
  std::string message = "The parameter cannot be converted to a numeric value";
  if (!text.empty()) message.append(": ").append(text);
  return validation(std::move(message));
}

/// Writes the decimal digits of `value`, most significant first; returns how many.
int write_digits(Wide value, std::array<char, 39>& out) {
  const int digits = count_digits(value);
  constexpr std::uint64_t kChunk = 10'000'000'000'000'000'000u;
  int at = digits;
  while (at > 0) {
    auto low = static_cast<std::uint64_t>(value % kChunk);
    value /= kChunk;
    for (int i = 0; i < 19 && at > 0; ++i) {
      out[static_cast<std::size_t>(--at)] = static_cast<char>('0' + low % 10);
      low /= 10;
    }
  }
  return digits;
}

/// The digits of a number's text, read one by one: leading and trailing zeros cost nothing.
struct DigitReader {
  Wide coefficient = 0;
  int digits = 0;
  std::int64_t pending_zeros = 0;
  std::int64_t seen = 0;     ///< digits read, zeros included
  std::int64_t last_at = 0;  ///< how many had been read with the last that was not zero
  bool has_too_many = false;
  std::int64_t first_at = 0;  ///< likewise for the first that was not zero

  void take(char c) {
    ++seen;
    const auto digit = static_cast<unsigned>(c - '0');
    if (digit == 0) {
      if (digits > 0) ++pending_zeros;
      return;
    }
    if (digits == 0) first_at = seen;
    last_at = seen;
    if (digits + pending_zeros + 1 > Number::kDigitsMax) {
      has_too_many = true;
      return;
    }
    coefficient = coefficient * kPowersOfTen[static_cast<std::size_t>(pending_zeros + 1)] + digit;
    digits += static_cast<int>(pending_zeros) + 1;
    pending_zeros = 0;
  }
};

bool is_digit(char c) {
  return c >= '0' && c <= '9';
}

/// Reads an exponent's digits with its sign; nothing when malformed. Saturates far beyond the range
/// of numbers, so that any length of text is safe.
std::optional<std::int64_t> read_exponent(std::string_view text) {
  bool negative = false;
  if (!text.empty() && (text[0] == '+' || text[0] == '-')) {
    negative = text[0] == '-';
    text.remove_prefix(1);
  }
  if (text.empty() || !std::all_of(text.begin(), text.end(), is_digit)) return std::nullopt;
  constexpr std::int64_t kFarAway = 1'000'000'000;
  std::int64_t value = 0;
  for (const char c : text) value = std::min<std::int64_t>(value * 10 + (c - '0'), kFarAway);
  return negative ? -value : value;
}

constexpr char kNegative = 1;
constexpr char kZero = 2;
constexpr char kPositive = 3;

}  // namespace

Result<Number> Number::normalized(bool negative, Coefficient coefficient, std::int64_t exponent) {
  if (coefficient == 0) return Number();
  while (coefficient % 10 == 0) {
    coefficient /= 10;
    ++exponent;
  }
  const int digits = count_digits(coefficient);
  const std::int64_t leading = exponent + digits - 1;
  if (leading > kExponentMax) return overflow();
  if (leading < kExponentMin) return underflow();
  if (digits > kDigitsMax) return too_many_digits();
  Number number;
  number.coefficient_ = coefficient;
  number.exponent_ = static_cast<std::int16_t>(exponent);
  number.digits_ = static_cast<std::uint8_t>(digits);
  number.negative_ = negative;
  return number;
}

Number Number::from_integer(std::int64_t value) {
  const auto magnitude =
      value < 0 ? ~static_cast<std::uint64_t>(value) + 1 : static_cast<std::uint64_t>(value);
  return normalized(value < 0, magnitude, 0).value();
}

Result<Number> Number::parse(std::string_view text) {
  std::string_view rest = text;
  bool negative = false;
  if (!rest.empty() && (rest[0] == '+' || rest[0] == '-')) {
    negative = rest[0] == '-';
    rest.remove_prefix(1);
  }
  DigitReader reader;
  std::optional<std::int64_t> point;
  std::size_t at = 0;
  for (; at < rest.size(); ++at) {
    if (is_digit(rest[at])) {
      reader.take(rest[at]);
    } else if (rest[at] == '.' && !point) {
      point = reader.seen;
    } else {
      break;
    }
  }
  if (reader.seen == 0) return not_a_number(text);
  std::int64_t exponent = 0;
  if (at < rest.size()) {
    if (rest[at] != 'e' && rest[at] != 'E') return not_a_number(text);
    const auto read = read_exponent(rest.substr(at + 1));
    if (!read) return not_a_number(text);
    exponent = *read;
  }
  if (reader.digits == 0) return Number();
  const std::int64_t units = point.value_or(reader.seen);
  if (reader.has_too_many) {
    const std::int64_t leading = units - reader.first_at + exponent;
    if (leading > kExponentMax) return overflow();
    if (leading < kExponentMin) return underflow();
    return too_many_digits();
  }
  return normalized(negative, reader.coefficient, units - reader.last_at + exponent);
}

void Number::append_to(std::string& out) const {
  if (is_zero()) {
    out.push_back('0');
    return;
  }
  if (negative_) out.push_back('-');
  std::array<char, 39> text;
  const int count = write_digits(coefficient_, text);
  const std::string_view digits(text.data(), static_cast<std::size_t>(count));
  if (exponent_ >= 0) {
    out.append(digits).append(static_cast<std::size_t>(exponent_), '0');
  } else if (-exponent_ >= count) {
    out.append("0.").append(static_cast<std::size_t>(-exponent_ - count), '0').append(digits);
  } else {
    const auto whole = static_cast<std::size_t>(count + exponent_);
    out.append(digits.substr(0, whole)).append(1, '.').append(digits.substr(whole));
  }
}

std::string Number::to_string() const {
  std::string out;
  append_to(out);
  return out;
}

/// Class byte, then the exponent of the first digit, then pairs of digits plus one, then 0. A
/// negative number has every byte but the first complemented, so that order turns around; the final
/// byte makes the shorter of two numbers with a common beginning the smaller in magnitude.
void Number::append_sortable(std::string& out) const {
  if (is_zero()) {
    out.push_back(kZero);
    return;
  }
  out.push_back(negative_ ? kNegative : kPositive);
  const auto flip = static_cast<unsigned char>(negative_ ? 0xff : 0);
  const auto put = [&](int byte) {
    out.push_back(static_cast<char>(static_cast<unsigned char>(byte) ^ flip));
  };
  put(leading_exponent() - kExponentMin);
  std::array<char, 39> text;
  const int count = write_digits(coefficient_, text);
  for (int i = 0; i < count; i += 2) {
    const int high = text[static_cast<std::size_t>(i)] - '0';
    const int low = i + 1 < count ? text[static_cast<std::size_t>(i + 1)] - '0' : 0;
    put(high * 10 + low + 1);
  }
  put(0);
}

std::optional<Number> Number::from_sortable(std::string_view bytes) {
  if (bytes.size() == 1 && bytes[0] == kZero) return Number();
  if (bytes.size() < 4 || bytes.size() > 22) return std::nullopt;
  if (bytes[0] != kNegative && bytes[0] != kPositive) return std::nullopt;
  const bool negative = bytes[0] == kNegative;
  const auto flip = static_cast<unsigned char>(negative ? 0xff : 0);
  const auto get = [&](std::size_t i) {
    return static_cast<int>(static_cast<unsigned char>(bytes[i]) ^ flip);
  };
  const int leading = get(1) + kExponentMin;
  Coefficient coefficient = 0;
  const std::size_t pairs = bytes.size() - 3;
  for (std::size_t i = 0; i < pairs; ++i) {
    const int pair = get(i + 2) - 1;
    if (pair < 0 || pair > 99 || (i == 0 && pair < 10)) return std::nullopt;
    coefficient = coefficient * 100 + static_cast<unsigned>(pair);
  }
  if (get(bytes.size() - 1) != 0) return std::nullopt;
  auto number = normalized(negative, coefficient, leading - static_cast<int>(pairs * 2) + 1);
  if (!number) return std::nullopt;
  return *number;
}

Result<Number> Number::add(const Number& a, const Number& b) {
  if (a.is_zero()) return b;
  if (b.is_zero()) return a;
  const Number& high = a.exponent_ >= b.exponent_ ? a : b;
  const Number& low = a.exponent_ >= b.exponent_ ? b : a;
  // In units of the lower exponent the sum keeps low's last digit, which is not zero. With more
  // than 39 digits the higher number is at least 10 times any `low`, so the sum has more than 38.
  const int shift = high.exponent_ - low.exponent_;
  if (shift > kDigitsMax || high.digits_ + shift > kDigitsMax + 1) return too_many_digits();
  Coefficient scaled = 0;
  if (__builtin_mul_overflow(high.coefficient_, kPowersOfTen[static_cast<std::size_t>(shift)],
                             &scaled)) {
    return too_many_digits();
  }
  if (high.negative_ != low.negative_) {
    const bool keeps_sign = scaled >= low.coefficient_;
    const Coefficient difference =
        keeps_sign ? scaled - low.coefficient_ : low.coefficient_ - scaled;
    return normalized(keeps_sign ? high.negative_ : low.negative_, difference, low.exponent_);
  }
  Coefficient sum = 0;
  if (__builtin_add_overflow(scaled, low.coefficient_, &sum)) return too_many_digits();
  return normalized(high.negative_, sum, low.exponent_);
}

Result<Number> Number::subtract(const Number& a, const Number& b) {
  return add(a, b.negated());
}

Number Number::negated() const {
  Number result = *this;
  if (!is_zero()) result.negative_ = !negative_;
  return result;
}

std::size_t Number::size_bytes() const {
  if (is_zero()) return 1;
  const bool is_aligned = (leading_exponent() % 2) != 0;
  const auto digits = static_cast<std::size_t>(digits_) + (is_aligned ? 0 : 1);
  return 1 + (digits + 1) / 2 + (negative_ ? 1 : 0);
}

std::strong_ordering Number::operator<=>(const Number& other) const {
  const auto sign = [](const Number& n) { return n.is_zero() ? 0 : n.negative_ ? -1 : 1; };
  if (sign(*this) != sign(other)) return sign(*this) <=> sign(other);
  if (is_zero()) return std::strong_ordering::equal;
  const Number& a = negative_ ? other : *this;
  const Number& b = negative_ ? *this : other;
  if (a.leading_exponent() != b.leading_exponent()) {
    return a.leading_exponent() <=> b.leading_exponent();
  }
  const int digits = std::max(a.digits_, b.digits_);
  const auto aligned = [&](const Number& n) {
    return n.coefficient_ * kPowersOfTen[static_cast<std::size_t>(digits - n.digits_)];
  };
  return aligned(a) <=> aligned(b);
}

}  // namespace stator::dynamodb
