#include "core/decimal.hpp"

#include <algorithm>
#include <cstring>
#include <utility>

#include "core/text.hpp"
#include "stator/abi.h"

namespace stator::sdk {
namespace {

constexpr std::size_t kDigitsMax = 38;
constexpr std::int64_t kHighest = 125;  // the exponents of the first digit
constexpr std::int64_t kLowest = -130;
constexpr std::int64_t kPlainMax = 40;

// Takes the zeros off both ends and checks the bounds.
std::optional<Decimal> normal(Decimal number) {
  const std::size_t front = number.digits.find_first_not_of('0');
  if (front == std::string::npos) return Decimal();
  const std::size_t back = number.digits.find_last_not_of('0');
  number.exponent += static_cast<std::int64_t>(number.digits.size() - 1 - back);
  number.digits = number.digits.substr(front, back - front + 1);
  const std::int64_t first = number.exponent + static_cast<std::int64_t>(number.digits.size()) - 1;
  if (number.digits.size() > kDigitsMax || first > kHighest || first < kLowest) return std::nullopt;
  return number;
}

std::int64_t first_exponent(const Decimal& number) {
  return number.exponent + static_cast<std::int64_t>(number.digits.size()) - 1;
}

// Of two numbers of one sign, or as if they were.
int compare_size(const Decimal& a, const Decimal& b) {
  if (a.digits.empty() || b.digits.empty()) {
    return static_cast<int>(!a.digits.empty()) - static_cast<int>(!b.digits.empty());
  }
  if (first_exponent(a) != first_exponent(b)) return first_exponent(a) < first_exponent(b) ? -1 : 1;
  // The same first place and no zeros at the end: the texts compare as the numbers do.
  const int order = a.digits.compare(b.digits);
  return order < 0 ? -1 : order > 0 ? 1 : 0;
}

// Both with the same exponent and as many digits.
void align(Decimal& a, Decimal& b) {
  const std::int64_t low = std::min(a.exponent, b.exponent);
  for (Decimal* one : {&a, &b}) {
    one->digits.append(static_cast<std::size_t>(one->exponent - low), '0');
    one->exponent = low;
  }
  const std::size_t width = std::max(a.digits.size(), b.digits.size());
  for (Decimal* one : {&a, &b}) one->digits.insert(0, width - one->digits.size(), '0');
}

}  // namespace

std::optional<Decimal> Decimal::parse(std::string_view text) {
  Decimal number;
  if (!text.empty() && (text[0] == '-' || text[0] == '+')) {
    number.is_negative = text[0] == '-';
    text.remove_prefix(1);
  }
  bool point = false;
  bool any = false;
  while (!text.empty() && text[0] != 'e' && text[0] != 'E') {
    const char c = text[0];
    text.remove_prefix(1);
    if (c == '.' && !point) {
      point = true;
      continue;
    }
    if (!is_digit(c) || number.digits.size() > 1000) return std::nullopt;
    any = true;
    number.digits += c;
    if (point) --number.exponent;
  }
  if (!any) return std::nullopt;
  if (!text.empty()) {
    text.remove_prefix(1);
    const bool minus = text.starts_with('-');
    if (minus || text.starts_with('+')) text.remove_prefix(1);
    std::uint64_t exponent = 0;
    if (text.empty() || text.size() > 6 || !parse_unsigned(text, &exponent)) return std::nullopt;
    number.exponent +=
        minus ? -static_cast<std::int64_t>(exponent) : static_cast<std::int64_t>(exponent);
  }
  return normal(std::move(number));
}

std::string Decimal::text() const {
  if (digits.empty()) return "0";
  const auto size = static_cast<std::int64_t>(digits.size());
  std::string out = is_negative ? "-" : "";
  if (exponent >= 0 && size + exponent <= kPlainMax) {
    return out + digits + std::string(static_cast<std::size_t>(exponent), '0');
  }
  if (exponent < 0 && size + exponent > 0) {
    const auto whole = static_cast<std::size_t>(size + exponent);
    return out + digits.substr(0, whole) + "." + digits.substr(whole);
  }
  if (exponent < 0 && -exponent <= kPlainMax) {
    return out + "0." + std::string(static_cast<std::size_t>(-exponent - size), '0') + digits;
  }
  const std::int64_t first = exponent + size - 1;
  out += digits[0];
  if (size > 1) out += "." + digits.substr(1);
  return out + "E" + (first < 0 ? "" : "+") + std::to_string(first);
}

int compare(const Decimal& a, const Decimal& b) {
  const bool a_below = a.is_negative && !a.digits.empty();
  const bool b_below = b.is_negative && !b.digits.empty();
  if (a_below != b_below) return a_below ? -1 : 1;
  return a_below ? compare_size(b, a) : compare_size(a, b);
}

std::optional<Decimal> add(const Decimal& a, const Decimal& b) {
  if (a.digits.empty()) return b;
  if (b.digits.empty()) return a;
  // Further apart than all digits together, no sum is exact.
  if (std::max(first_exponent(a), first_exponent(b)) - std::min(a.exponent, b.exponent) > 200) {
    return std::nullopt;
  }
  Decimal high = a;
  Decimal low = b;
  if (compare_size(high, low) < 0) std::swap(high, low);
  align(high, low);
  const bool subtract = high.is_negative != low.is_negative;
  int carry = 0;
  for (std::size_t i = high.digits.size(); i-- > 0;) {
    const int sum =
        (high.digits[i] - '0') + (subtract ? -(low.digits[i] - '0') : low.digits[i] - '0') + carry;
    carry = sum < 0 ? -1 : sum / 10;
    high.digits[i] = static_cast<char>('0' + (sum + 10) % 10);
  }
  if (carry > 0) high.digits.insert(0, 1, static_cast<char>('0' + carry));
  return normal(std::move(high));
}

std::optional<Decimal> multiply(const Decimal& a, const Decimal& b) {
  Decimal product;
  product.is_negative = a.is_negative != b.is_negative;
  product.exponent = a.exponent + b.exponent;
  std::string digits(a.digits.size() + b.digits.size(), '\0');
  for (std::size_t i = a.digits.size(); i-- > 0;) {
    int carry = 0;
    for (std::size_t k = b.digits.size(); k-- > 0;) {
      const int sum = digits[i + k + 1] + (a.digits[i] - '0') * (b.digits[k] - '0') + carry;
      digits[i + k + 1] = static_cast<char>(sum % 10);
      carry = sum / 10;
    }
    digits[i] = static_cast<char>(digits[i] + carry);
  }
  for (char& digit : digits) digit = static_cast<char>(digit + '0');
  product.digits = std::move(digits);
  return normal(std::move(product));
}

}  // namespace stator::sdk

using namespace stator::sdk;  // NOLINT: the functions below are these functions' C names

namespace {

constexpr auto kNone = static_cast<size_t>(-1);

size_t write(const std::optional<Decimal>& number, char* out) {
  if (!number) return kNone;
  const std::string text = number->text();
  std::memcpy(out, text.data(), text.size());
  return text.size();
}

}  // namespace

extern "C" {

size_t stator1_number_canonical(stator1_text text, char* out) noexcept {
  return write(Decimal::parse(view(text)), out);
}

int32_t stator1_number_compare(stator1_text a, stator1_text b) noexcept {
  const auto left = Decimal::parse(view(a));
  const auto right = Decimal::parse(view(b));
  return left && right ? compare(*left, *right) : STATOR1_NO_NUMBER;
}

size_t stator1_number_add(stator1_text a, stator1_text b, char* out) noexcept {
  const auto left = Decimal::parse(view(a));
  const auto right = Decimal::parse(view(b));
  return left && right ? write(add(*left, *right), out) : kNone;
}

size_t stator1_number_multiply(stator1_text a, stator1_text b, char* out) noexcept {
  const auto left = Decimal::parse(view(a));
  const auto right = Decimal::parse(view(b));
  return left && right ? write(multiply(*left, *right), out) : kNone;
}

}  // extern "C"
