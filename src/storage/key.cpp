#include "storage/key.hpp"

namespace stator::storage {
namespace {

constexpr char kZero = '\x00';
constexpr char kPartEnd = '\x01';
constexpr char kEscapedZero = '\xff';

}  // namespace

void append_part(std::string& key, std::string_view part) {
  for (;;) {
    const auto zero = part.find(kZero);
    key.append(part.substr(0, zero));
    if (zero == std::string_view::npos) break;
    key.push_back(kZero);
    key.push_back(kEscapedZero);
    part.remove_prefix(zero + 1);
  }
  key.push_back(kZero);
  key.push_back(kPartEnd);
}

std::string path_key(std::initializer_list<std::string_view> parts) {
  std::size_t size = 0;
  for (const auto part : parts) size += part.size() + 2;
  std::string key;
  key.reserve(size);
  for (const auto part : parts) append_part(key, part);
  return key;
}

std::optional<std::vector<std::string>> split_path_key(std::string_view key) {
  std::vector<std::string> parts;
  std::string part;
  while (!key.empty()) {
    const auto zero = key.find(kZero);
    if (zero == std::string_view::npos || zero + 1 == key.size()) return std::nullopt;
    part.append(key.substr(0, zero));
    const char mark = key[zero + 1];
    key.remove_prefix(zero + 2);
    if (mark == kPartEnd) {
      parts.push_back(std::move(part));
      part.clear();
    } else if (mark == kEscapedZero) {
      part.push_back(kZero);
    } else {
      return std::nullopt;
    }
  }
  if (!part.empty()) return std::nullopt;
  return parts;
}

Range prefix_range(std::string_view prefix) {
  std::string end(prefix);
  while (!end.empty() && end.back() == '\xff') end.pop_back();
  if (!end.empty()) end.back() = static_cast<char>(static_cast<unsigned char>(end.back()) + 1);
  return {std::string(prefix), std::move(end)};
}

}  // namespace stator::storage
