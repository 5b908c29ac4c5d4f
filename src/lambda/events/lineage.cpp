#include "lambda/events/lineage.hpp"

#include <algorithm>
#include <charconv>

#include "base/strings.hpp"
#include "crypto/crypto.hpp"

namespace stator::lambda::events {
namespace {

constexpr std::string_view kMember = "Lineage=";

/// Eight hexadecimal digits that stand for the function.
std::string name_of(std::string_view function_arn) {
  return crypto::sha256_hex(function_arn).substr(0, 8);
}

/// The entry of a function in a trace: where it begins and ends, and its count.
struct Found {
  std::size_t begin = std::string_view::npos;
  std::size_t end = 0;
  int count = 0;
};

struct Lineage {
  std::size_t begin = std::string_view::npos;  ///< of the entries, past "Lineage="
  std::size_t end = 0;
};

Lineage find_lineage(std::string_view trace_id) {
  std::size_t at = 0;
  for (const auto member : split(trace_id, ';')) {
    if (member.starts_with(kMember)) return {at + kMember.size(), at + member.size()};
    at += member.size() + 1;
  }
  return {};
}

Found find_entry(std::string_view trace_id, const Lineage& lineage, std::string_view name) {
  if (lineage.begin == std::string_view::npos) return {};
  std::size_t at = lineage.begin;
  for (const auto entry : split(trace_id.substr(at, lineage.end - at), '|')) {
    if (entry.size() > name.size() && entry.starts_with(name) && entry[name.size()] == ':') {
      Found found{at, at + entry.size()};
      // What is no number, or too large for one, counts as 0: a function's own making.
      std::from_chars(entry.data() + name.size() + 1, entry.data() + entry.size(), found.count);
      found.count = std::clamp(found.count, 0, kRoundsMax);
      return found;
    }
    at += entry.size() + 1;
  }
  return {};
}

}  // namespace

int rounds(std::string_view trace_id, std::string_view function_arn) {
  return find_entry(trace_id, find_lineage(trace_id), name_of(function_arn)).count;
}

std::string with_round(std::string_view trace_id, std::string_view function_arn) {
  const std::string name = name_of(function_arn);
  const Lineage lineage = find_lineage(trace_id);
  const Found found = find_entry(trace_id, lineage, name);
  std::string out(trace_id);
  const std::string entry = name + ":" + std::to_string(found.count + 1);
  if (found.begin != std::string_view::npos) {
    out.replace(found.begin, found.end - found.begin, entry);
  } else if (lineage.begin != std::string_view::npos) {
    out.insert(lineage.end, lineage.end == lineage.begin ? entry : "|" + entry);
  } else {
    out.append(out.empty() ? "" : ";").append(kMember).append(entry);
  }
  return out;
}

}  // namespace stator::lambda::events
