#pragma once

#include <algorithm>
#include <charconv>
#include <concepts>
#include <optional>
#include <string>
#include <string_view>
#include <tuple>
#include <type_traits>
#include <utility>
#include <variant>
#include <vector>

#include "lambda/handler.hpp"

namespace lambda {
namespace detail {

/// "GET /items/{id}", as a template argument.
template <std::size_t N>
struct RouteKey {
  consteval RouteKey(const char (&key)[N]) { std::copy_n(key, N, text); }  // NOLINT: meant
  [[nodiscard]] constexpr std::string_view view() const { return {text, N - 1}; }
  [[nodiscard]] constexpr std::string_view method() const { return view().substr(0, space()); }
  [[nodiscard]] constexpr std::string_view path() const { return view().substr(space() + 1); }
  [[nodiscard]] constexpr std::size_t space() const { return view().find(' '); }
  [[nodiscard]] constexpr std::size_t parameters() const {
    return static_cast<std::size_t>(std::count(text, text + N, '{'));
  }
  [[nodiscard]] constexpr bool is_well_formed() const {
    return space() != std::string_view::npos && space() != 0 && path().substr(0, 1) == "/";
  }

  char text[N]{};
};

template <class T>
inline constexpr bool kIsPathValue = std::same_as<T, std::string_view> ||
                                     std::same_as<T, std::string> ||
                                     (std::integral<T> && !std::same_as<T, bool>);
template <class T>
inline constexpr bool kIsGiven = std::same_as<T, HttpRequest> || std::same_as<T, Context>;

/// Cuts the first segment off a path that begins with '/'.
inline std::string_view cut_segment(std::string_view& path) {
  path.remove_prefix(1);
  const std::string_view segment = path.substr(0, path.find('/'));
  path.remove_prefix(segment.size());
  return segment;
}

/// The values that stand for the pattern's {names}, in order; false when the path does not match.
/// {name+} takes the rest of the path.
inline bool match_path(std::string_view pattern, std::string_view path,
                       std::vector<std::string_view>& values) {
  while (!pattern.empty() && !path.empty()) {
    const std::string_view wanted = cut_segment(pattern);
    const bool is_name = !wanted.empty() && wanted.front() == '{' && wanted.back() == '}';
    if (is_name && wanted[wanted.size() - 2] == '+') {
      if (path.size() < 2) return false;
      values.push_back(path.substr(1));
      return true;
    }
    const std::string_view given = cut_segment(path);
    if (is_name ? given.empty() : wanted != given) return false;
    if (is_name) values.push_back(given);
  }
  return pattern.empty() && path.empty();
}

/// The values of the pattern's {names}, as the gateway found them.
inline void take_parameters(std::string_view pattern, const HttpRequest& request,
                            std::vector<std::string_view>& values) {
  while (!pattern.empty()) {
    std::string_view wanted = cut_segment(pattern);
    if (wanted.empty() || wanted.front() != '{') continue;
    wanted = wanted.substr(1, wanted.size() - 2);
    if (wanted.back() == '+') wanted.remove_suffix(1);
    values.push_back(request.path_parameter(wanted));
  }
}

/// The request's path without its stage.
inline std::string_view routed_path(const HttpRequest& request) {
  std::string_view path = request.path();
  const std::string_view stage = request.stage();
  const bool is_staged = !stage.empty() && stage != "$default" && path.size() > stage.size() &&
                         path.substr(1, stage.size()) == stage &&
                         (path.size() == stage.size() + 1 || path[stage.size() + 1] == '/');
  if (is_staged) path.remove_prefix(stage.size() + 1);
  return path.empty() ? "/" : path;
}

template <class T>
struct Slot {
  T value{};
  bool read(std::string_view text) {
    if constexpr (std::integral<T>) {
      const auto [end, problem] = std::from_chars(text.data(), text.data() + text.size(), value);
      return problem == std::errc() && end == text.data() + text.size();
    } else {
      value = T(text);
      return true;
    }
  }
};

enum class Routed { kNoPath, kNoMethod, kDone };

}  // namespace detail

/// A route and what handles it. The handler's arguments say what it needs: the request, the
/// context, a std::string_view or integer for each {name} in order, and one plain struct for the
/// body as JSON. A path whose {name} is no such integer is not the route's; a body that does not
/// fit is answered 400. What it answers is an HttpResponse, anything with a JSON form (200), or
/// nothing (204).
template <detail::RouteKey Key, class F>
class Route {
 public:
  explicit Route(F handler) : handler_(std::move(handler)) {}

  detail::Routed serve(const HttpRequest& request, const Context& context,
                       HttpResponse& response) const {
    std::vector<std::string_view> values;
    if (request.route_key() == Key.view()) {
      detail::take_parameters(Key.path(), request, values);
    } else if (!detail::match_path(Key.path(), detail::routed_path(request), values)) {
      return detail::Routed::kNoPath;
    }
    if (Key.method() != "ANY" && Key.method() != request.method()) {
      return detail::Routed::kNoMethod;
    }
    return call(request, context, values, response,
                std::type_identity<typename detail::SignatureOf<F>::arguments::tuple>{});
  }
  [[nodiscard]] static constexpr std::string_view method() { return Key.method(); }

 private:
  static_assert(Key.is_well_formed(), "lambda: a route is \"METHOD /path\"");

  template <class... A>
  detail::Routed call(const HttpRequest& request, const Context& context,
                      const std::vector<std::string_view>& values, HttpResponse& response,
                      std::type_identity<std::tuple<A...>>) const {
    constexpr std::size_t kValues =
        (std::size_t{0} + ... + (detail::kIsPathValue<std::remove_cvref_t<A>> ? 1 : 0));
    static_assert(kValues == 0 || kValues == Key.parameters(),
                  "lambda: a route's handler takes as many path values as the route has {names}");
    std::tuple<Held<std::remove_cvref_t<A>>...> held;
    std::size_t at = 0;
    std::string problem;
    const bool fits = fill(request, values, at, problem, held, std::index_sequence_for<A...>{});
    if (!problem.empty()) {
      response = message(400, problem);
      return detail::Routed::kDone;
    }
    if (!fits) return detail::Routed::kNoPath;
    std::apply([&](const auto&... slot) { invoke(response, slot.get(request, context)...); }, held);
    return detail::Routed::kDone;
  }

  // What one argument holds until the handler is called.
  template <class T>
  struct Held {
    bool fill(const HttpRequest& request, const std::vector<std::string_view>& values,
              std::size_t& at, std::string& problem) {
      if constexpr (detail::kIsPathValue<T>) {
        static_cast<void>(request), static_cast<void>(problem);
        return slot.read(values[at++]);
      } else if constexpr (!detail::kIsGiven<T>) {
        static_cast<void>(values), static_cast<void>(at);
        slot.emplace(request.body());
        problem = slot->problem();
        return true;
      } else {
        return true;
      }
    }
    const auto& get(const HttpRequest& request, const Context& context) const {
      if constexpr (std::same_as<T, HttpRequest>) {
        return request;
      } else if constexpr (std::same_as<T, Context>) {
        return context;
      } else if constexpr (detail::kIsPathValue<T>) {
        return slot.value;
      } else {
        return **slot;
      }
    }

    using Slot = std::conditional_t<
        detail::kIsPathValue<T>, detail::Slot<T>,
        std::conditional_t<detail::kIsGiven<T>, std::monostate, std::optional<Parsed<T>>>>;
    Slot slot{};
  };

  template <class HeldTuple, std::size_t... I>
  static bool fill(const HttpRequest& request, const std::vector<std::string_view>& values,
                   std::size_t& at, std::string& problem, HeldTuple& held,
                   std::index_sequence<I...>) {
    return (std::get<I>(held).fill(request, values, at, problem) && ...);
  }

  template <class... V>
  void invoke(HttpResponse& response, const V&... values) const {
    using Answer = std::invoke_result_t<const F&, const V&...>;
    if constexpr (std::is_void_v<Answer>) {
      handler_(values...);
      response = {204, {}, "", {}};
    } else if constexpr (std::same_as<Answer, HttpResponse>) {
      response = handler_(values...);
    } else {
      response = json(200, handler_(values...));
    }
  }

  F handler_;
};

template <detail::RouteKey Key, class F>
[[nodiscard]] Route<Key, F> route(F handler) {
  return Route<Key, F>(std::move(handler));
}

/// A handler that gives each request to the first route that takes it: several endpoints in one
/// function. 404 where no path matches, 405 with Allow where only the method does not.
template <class... R>
class Router {
 public:
  explicit Router(R... routes) : routes_(std::move(routes)...) {}

  HttpResponse operator()(const HttpRequest& request, const Context& context) const {
    HttpResponse response;
    std::string allowed;
    const auto serve = [&](const auto& route) {
      const detail::Routed routed = route.serve(request, context, response);
      if (routed == detail::Routed::kNoMethod) {
        allowed += (allowed.empty() ? "" : ", ") + std::string(route.method());
      }
      return routed == detail::Routed::kDone;
    };
    const bool done =
        std::apply([&](const auto&... route) { return (serve(route) || ...); }, routes_);
    if (done) return response;
    if (allowed.empty()) return message(404, "Not Found");
    response = message(405, "Method Not Allowed");
    response.headers.emplace_back("allow", allowed);
    return response;
  }

 private:
  std::tuple<R...> routes_;
};

template <class... R>
[[nodiscard]] Router<R...> routes(R... all) {
  return Router<R...>(std::move(all)...);
}

}  // namespace lambda
