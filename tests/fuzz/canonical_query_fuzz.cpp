#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <cstdlib>
#include <string>
#include <string_view>
#include <vector>

#include "aws/sigv4.hpp"
#include "base/bytes.hpp"
#include "base/strings.hpp"

using namespace stator;

namespace {

std::string canonical_query(std::string_view query) {
  http::Request request{.method = "GET"};
  request.target = "/?" + std::string(query);
  const std::string canonical = aws::sigv4::canonical_request(request, {});
  const auto begin = std::string_view("GET\n/\n").size();
  return canonical.substr(begin, canonical.find('\n', begin) - begin);
}

}  // namespace

/// The canonical form of a query string is sorted, has no byte that needs an escape, is its own
/// canonical form, and does not depend on the order of what has different names.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  std::string query(reinterpret_cast<const char*>(data), size);
  // These two no request can have.
  std::replace(query.begin(), query.end(), '\n', 'n');
  std::replace(query.begin(), query.end(), '#', 's');
  const std::string canonical = canonical_query(query);
  constexpr std::string_view kAllowed =
      "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.~%=&";
  if (canonical.find_first_not_of(kAllowed) != std::string::npos) std::abort();
  if (canonical_query(canonical) != canonical) std::abort();
  auto pairs = split(query, '&');
  std::reverse(pairs.begin(), pairs.end());
  std::string reversed;
  for (const std::string_view pair : pairs) reversed.append(pair).append("&");
  if (canonical_query(reversed) != canonical) std::abort();
  return 0;
}
