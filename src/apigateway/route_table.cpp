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
      node->greedy.insert_or_assign(key.method, std::move(route));
      return;
    }
    auto& child = is_parameter(segment) ? node->parameter : node->exact[segment];
    if (child == nullptr) child = std::make_unique<Node>();
    node = child.get();
  }
  node->here.insert_or_assign(key.method, std::move(route));
}

const RouteTable::Route* RouteTable::route_for(const Methods& methods, std::string_view method) {
  auto found = methods.find(method);
  if (found == methods.end()) found = methods.find(std::string_view("ANY"));
  return found == methods.end() ? nullptr : &found->second;
}

/// Walks the tree best rank first and steps back where a branch ends. Each level has at most three
/// branches and greedy ones end at once, so at most 2^depth nodes are seen, and depth is the depth
/// of the routes, not of the request.
struct RouteTable::Search {
  std::string_view method;
  std::string_view path;
  std::vector<std::string_view> segments;
  std::vector<std::string_view> captured;

  const Route* visit(const Node& node, std::size_t at) {
    if (at == segments.size()) return route_for(node.here, method);
    const std::string_view segment = segments[at];
    if (const auto child = node.exact.find(segment); child != node.exact.end()) {
      if (const Route* route = visit(*child->second, at + 1)) return route;
    }
    if (segment.empty()) return nullptr;
    if (node.parameter != nullptr) {
      captured.push_back(segment);
      if (const Route* route = visit(*node.parameter, at + 1)) return route;
      captured.pop_back();
    }
    if (const Route* route = route_for(node.greedy, method)) {
      captured.push_back(path.substr(static_cast<std::size_t>(segment.data() - path.data())));
      return route;
    }
    return nullptr;
  }
};

std::optional<RouteTable::Match> RouteTable::find(std::string_view method,
                                                  std::string_view path) const {
  Search search{method, path, segments_of(path), {}};
  if (const Route* route = search.visit(root_, 0)) {
    Match match{route->value, {}};
    for (std::size_t i = 0; i < route->parameter_names.size(); ++i) {
      match.parameters.emplace_back(route->parameter_names[i], search.captured[i]);
    }
    return match;
  }
  if (default_) return Match{*default_, {}};
  return std::nullopt;
}

}  // namespace stator::apigateway
