#include <cstddef>
#include <cstdint>
#include <string_view>

#include "apigateway/route_table.hpp"
#include "base/check.hpp"
#include "base/strings.hpp"

using stator::apigateway::RouteKey;
using stator::apigateway::RouteTable;

/// Lines are route keys, the last one a path. Any keys make a table, and any path finds a route
/// with as many parameters as it names, or none.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view text(reinterpret_cast<const char*>(data), size);
  const auto lines = stator::split(text, '\n');
  RouteTable routes;
  std::vector<RouteKey> keys;
  for (const std::string_view line : lines) {
    auto key = RouteKey::parse(line);
    if (!key) continue;
    routes.add(*key, keys.size());
    keys.push_back(*std::move(key));
  }
  for (const char* method : {"GET", "ANY", "X"}) {
    const auto match = routes.find(method, "/" + std::string(lines.back()));
    if (!match) continue;
    STATOR_CHECK(match->value < keys.size());
    std::size_t named = 0;
    for (const std::string& segment : keys[match->value].segments) {
      named += segment.starts_with('{') ? 1 : 0;
    }
    STATOR_CHECK(match->parameters.size() == named);
    for (const auto& [name, value] : match->parameters) STATOR_CHECK(!value.empty());
  }
  return 0;
}
