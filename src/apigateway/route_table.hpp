#pragma once

#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unordered_map>
#include <utility>
#include <vector>

#include "base/result.hpp"

namespace stator::apigateway {

/// A route key taken apart: "GET /items/{id}", "ANY /{proxy+}" or "$default".
struct RouteKey {
  std::string method;                 ///< "" for $default
  std::vector<std::string> segments;  ///< "items", "{id}", "{proxy+}"

  /// kInvalid (BadRequestException) in API Gateway's words for what is no route key.
  [[nodiscard]] static Result<RouteKey> parse(std::string_view text);
};

/// Finds the route of a request. Built once per change of an API, then only read, from any thread.
/// A lookup takes as many steps as the path has segments, whatever the number of routes.
///
/// A route that names or captures every segment ranks before a greedy one; a segment that is
/// spelled out ranks before a parameter, the leftmost deciding; at the same path the request's own
/// method ranks before ANY; $default takes what is left.
/// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-develop-routes.html
class RouteTable {
 public:
  /// `value` is the caller's number for the route. A key that is there already is replaced.
  void add(const RouteKey& key, std::size_t value);

  struct Match {
    std::size_t value = 0;
    /// Names and values of the path's parameters, in order.
    std::vector<std::pair<std::string, std::string>> parameters;
  };
  /// `path` is percent-decoded and starts with '/'. Nothing when no route fits.
  [[nodiscard]] std::optional<Match> find(std::string_view method, std::string_view path) const;

 private:
  struct Route {
    std::size_t value = 0;
    std::vector<std::string> parameter_names;
  };
  using Methods = std::vector<std::pair<std::string, Route>>;
  struct Hash {
    using is_transparent = void;
    std::size_t operator()(std::string_view text) const {
      return std::hash<std::string_view>()(text);
    }
  };
  struct Node {
    std::unordered_map<std::string, std::unique_ptr<Node>, Hash, std::equal_to<>> exact;
    std::unique_ptr<Node> parameter;
    Methods here;
    Methods greedy;
  };

  struct Search;
  [[nodiscard]] static const Route* route_for(const Methods& methods, std::string_view method);
  static void set(Methods& methods, const std::string& method, Route route);

  Node root_;
  std::optional<std::size_t> default_;
};

}  // namespace stator::apigateway
