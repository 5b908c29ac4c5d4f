#pragma once

#include <memory>
#include <string_view>

#include "base/result.hpp"
#include "json/json.hpp"

namespace stator::lambda::sources {

/// An event pattern of a filter, as EventBridge matches them:
/// https://docs.aws.amazon.com/lambda/latest/dg/invocation-eventfiltering.html
///
/// An object of a pattern asks of the event's object that each of its members matches; a list says
/// what a leaf may be: a text, number, true, false or null, or one of {"prefix"}, {"suffix"},
/// {"equals-ignore-case"}, {"wildcard"}, {"anything-but"}, {"numeric"}, {"exists"}. A list in the
/// event matches when one of its elements does. What is an object in the event is no leaf, so
/// "exists" does not see it. "$or" holds a list of objects of which one must match.
class Pattern {
 public:
  struct Node;

  /// InvalidParameterValueException for what is not a pattern.
  [[nodiscard]] static Result<Pattern> parse(std::string_view text);
  [[nodiscard]] bool matches(const json::Value& event) const;

 private:
  explicit Pattern(std::shared_ptr<const Node> root) : root_(std::move(root)) {}
  std::shared_ptr<const Node> root_;
};

}  // namespace stator::lambda::sources
