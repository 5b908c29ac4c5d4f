#pragma once

#include <functional>
#include <string>
#include <string_view>
#include <unordered_map>

namespace stator::dynamodb::expr {

/// What a text was parsed into, before names and values are put in: programs send the same few
/// expressions again and again. One for each thread and grammar, so nobody waits for a lock. When
/// it is full it is emptied; what is in use comes back.
template <class Parsed>
class ParseCache {
 public:
  /// Texts are at most kExpressionBytesMax long, which bounds the memory too.
  static constexpr std::size_t kEntriesMax = 256;

  /// Null when the text was not parsed lately. Valid until the next put().
  [[nodiscard]] const Parsed* find(std::string_view text) const {
    const auto found = entries_.find(text);
    return found == entries_.end() ? nullptr : &found->second;
  }
  const Parsed& put(std::string_view text, Parsed parsed) {
    if (entries_.size() >= kEntriesMax) entries_.clear();
    return entries_.insert_or_assign(std::string(text), std::move(parsed)).first->second;
  }

 private:
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };
  std::unordered_map<std::string, Parsed, Hash, std::equal_to<>> entries_;
};

}  // namespace stator::dynamodb::expr
