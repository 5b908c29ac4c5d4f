#include "apigateway/route_table.hpp"

#include <algorithm>
#include <array>

#include "apigateway/errors.hpp"
#include "base/strings.hpp"

namespace stator::apigateway {
namespace {

constexpr std::array<std::string_view, 8> kMethods = {"ANY",     "DELETE", "GET",  "HEAD",
                                                      "OPTIONS", "PATCH",  "POST", "PUT"};
constexpr std::size_t kSegmentsMax = 64;

bool is_parameter(std::string_view segment) {
  return segment.size() > 2 && segment.front() == '{' && segment.back() == '}';
}
bool is_greedy(std::string_view segment) {
  return is_parameter(segment) && segment[segment.size() - 2] == '+';
}
std::string parameter_name(std::string_view segment) {
  return std::string(segment.substr(1, segment.size() - (is_greedy(segment) ? 3 : 2)));
}

Error bad_key(std::string_view text) {
  return bad_request(
      "The provided route key is not formatted properly for HTTP protocol. Format "
      "should be \"<HTTP METHOD> /<RESOURCE PATH>\" or \"$default\", not \"" +
      std::string(text) + "\"");
}

/// The segments of "/a/b": "a", "b"; of "/": none.
std::vector<std::string_view> segments_of(std::string_view path) {
  if (path == "/") return {};
  return split(path.substr(1), '/');
}

}  // namespace

Result<RouteKey> RouteKey::parse(std::string_view text) {
  RouteKey key;
  if (text == "$default") return key;
  const auto space = text.find(' ');
  if (space == std::string_view::npos) return bad_key(text);
  key.method = text.substr(0, space);
  const std::string_view path = text.substr(space + 1);
  if (std::find(kMethods.begin(), kMethods.end(), key.method) == kMethods.end() ||
      !path.starts_with('/') || path.find_first_of(" ?#") != std::string_view::npos) {
    return bad_key(text);
  }
  const auto segments = segments_of(path);
  if (segments.size() > kSegmentsMax) return bad_key(text);
  for (std::size_t i = 0; i < segments.size(); ++i) {
    const bool has_brace = segments[i].find_first_of("{}") != std::string_view::npos;
    const bool is_last = i + 1 == segments.size();
    if ((has_brace && !is_parameter(segments[i])) || (is_greedy(segments[i]) && !is_last)) {
      return bad_key(text);
    }
    key.segments.emplace_back(segments[i]);
  }
  return key;
}

void RouteTable::add(const RouteKey& key, std::size_t value) {
  if (key.method.empty()) {
    default_ = value;
    return;
  }
  Node* node = &root_;
  Route route{value, {}};
  for (const std::string& segment : key.segments) {
    if (is_parameter(segment)) route.parameter_names.push_back(parameter_name(segment));
    if (is_greedy(segment)) {
      return set(node->greedy, key.method, std::move(route));
    }
    auto& child = is_parameter(segment) ? node->parameter : node->exact[segment];
    if (child == nullptr) child = std::make_unique<Node>();
    node = child.get();
  }
  set(node->here, key.method, std::move(route));
}

void RouteTable::set(Methods& methods, const std::string& method, Route route) {
  for (auto& [name, held] : methods) {
    if (name == method) {
      held = std::move(route);
      return;
    }
  }
  methods.emplace_back(method, std::move(route));
}

const RouteTable::Route* RouteTable::route_for(const Methods& methods, std::string_view method) {
  const Route* any = nullptr;
  for (const auto& [name, route] : methods) {
    if (name == method) return &route;
    if (name == "ANY") any = &route;
  }
  return any;
}

/// Walks the tree best rank first and steps back where a branch ends. Each level has at most two
/// branches, each of them a node, so no node is seen twice, and the depth is that of the routes,
/// not of the request.
struct RouteTable::Search {
  std::string_view method;
  std::string_view path;
  bool is_greedy = false;
  std::array<std::string_view, kSegmentsMax> captured = {};
  std::size_t captured_count = 0;

  static constexpr std::size_t kEnd = std::string_view::npos;

  /// `at` is where the next segment begins, or kEnd.
  const Route* visit(const Node& node, std::size_t at) {
    if (at == kEnd) return is_greedy ? nullptr : route_for(node.here, method);
    const std::size_t slash = path.find('/', at);
    const std::string_view segment = path.substr(at, slash == kEnd ? kEnd : slash - at);
    const std::size_t next = slash == kEnd ? kEnd : slash + 1;
    if (const auto child = node.exact.find(segment); child != node.exact.end()) {
      if (const Route* route = visit(*child->second, next)) return route;
    }
    if (node.parameter != nullptr && !segment.empty()) {
      captured[captured_count++] = segment;
      if (const Route* route = visit(*node.parameter, next)) return route;
      --captured_count;
    }
    // A greedy parameter needs at least one character too.
    if (!is_greedy || at == path.size()) return nullptr;
    const Route* route = route_for(node.greedy, method);
    if (route != nullptr) captured[captured_count++] = path.substr(at);
    return route;
  }
};

std::optional<RouteTable::Match> RouteTable::find(std::string_view method,
                                                  std::string_view path) const {
  const std::size_t begin = path.size() <= 1 ? Search::kEnd : 1;
  for (const bool is_greedy : {false, true}) {
    Search search{method, path, is_greedy};
    const Route* route = search.visit(root_, begin);
    if (route == nullptr) continue;
    Match match{route->value, {}};
    match.parameters.reserve(route->parameter_names.size());
    for (std::size_t i = 0; i < route->parameter_names.size(); ++i) {
      match.parameters.emplace_back(route->parameter_names[i], search.captured[i]);
    }
    return match;
  }
  if (default_) return Match{*default_, {}};
  return std::nullopt;
}

}  // namespace stator::apigateway
