#include "apigateway/integrations/expression.hpp"

#include <algorithm>
#include <charconv>

#include "apigateway/context.hpp"
#include "base/strings.hpp"

namespace stator::apigateway {
namespace {

constexpr std::size_t kSelectableBytesMax = 100u << 10;
constexpr std::size_t kStepsMax = 32;

bool is_name(std::string_view text, std::string_view more) {
  return !text.empty() && std::all_of(text.begin(), text.end(), [more](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
           more.find(c) != std::string_view::npos;
  });
}

bool take(std::string_view& text, std::string_view prefix) {
  if (!text.starts_with(prefix)) return false;
  text.remove_prefix(prefix.size());
  return true;
}

/// The values of that name, joined by commas as API Gateway combines them.
template <class Pairs, class Equal>
std::optional<std::string> joined(const Pairs& pairs, std::string_view name, const Equal& equal) {
  std::optional<std::string> found;
  for (const auto& [key, value] : pairs) {
    if (!equal(key, name)) continue;
    if (found) {
      found->append(",").append(value);
    } else {
      found = value;
    }
  }
  return found;
}

std::optional<std::string> query_value(const http::Request& request, std::string_view name) {
  const auto query = http::parse_query(request.query());
  if (!query) return std::nullopt;
  return joined(*query, name, std::equal_to<std::string_view>());
}

/// ".name", "['name']" or "[7]" off the front of `path`; nothing for what is none of them.
std::optional<std::variant<std::string, std::size_t>> take_step(std::string_view& path) {
  if (take(path, ".")) {
    const auto end = std::min(path.find_first_of(".["), path.size());
    std::string name(path.substr(0, end));
    path.remove_prefix(end);
    if (!is_name(name, "_-@:$ ")) return std::nullopt;
    return name;
  }
  if (take(path, "['")) {
    const auto end = path.find("']");
    if (end == std::string_view::npos) return std::nullopt;
    std::string name(path.substr(0, end));
    path.remove_prefix(end + 2);
    return name;
  }
  if (!take(path, "[")) return std::nullopt;
  std::size_t number = 0;
  const auto read = std::from_chars(path.data(), path.data() + path.size(), number);
  if (read.ec != std::errc()) return std::nullopt;
  path.remove_prefix(static_cast<std::size_t>(read.ptr - path.data()));
  if (!take(path, "]")) return std::nullopt;
  return number;
}

}  // namespace

const json::Value* Source::json_body() {
  if (!is_parsed_) {
    is_parsed_ = true;
    if (body().size() <= kSelectableBytesMax) {
      if (auto value = json::parse(body())) parsed_ = *std::move(value);
    }
  }
  return parsed_ ? &*parsed_ : nullptr;
}

Result<std::vector<Expression::Step>> Expression::parse_steps(std::string_view path) {
  const std::string_view whole = path;
  std::vector<Step> steps;
  while (!path.empty()) {
    auto step = take_step(path);
    if (!step || steps.size() == kStepsMax) {
      return invalid("Invalid JSON path specified: " + std::string(whole));
    }
    steps.push_back(*std::move(step));
  }
  return steps;
}

Result<Expression::Part> Expression::parse_selection(std::string_view text, Reads reads) {
  const auto bad = [text] {
    return invalid("Invalid mapping expression specified: $" + std::string(text));
  };
  std::string_view rest = text;
  if (take(rest, "context.")) {
    if (!is_name(rest, "._") || !is_context_variable(rest)) return bad();
    return Part{Kind::kContext, std::string(rest)};
  }
  if (take(rest, "stageVariables.")) {
    if (!is_name(rest, "_")) return bad();
    return Part{Kind::kStageVariable, std::string(rest)};
  }
  if (!take(rest, reads == Reads::kRequest ? "request." : "response.")) return bad();
  if (take(rest, "header.")) {
    if (!is_name(rest, "!#$%&'*+-.^_`|~")) return bad();
    return Part{Kind::kHeader, std::string(rest)};
  }
  if (take(rest, "body")) {
    STATOR_TRY(auto steps, parse_steps(rest));
    return Part{Kind::kBody, "", std::move(steps)};
  }
  if (reads == Reads::kResponse) return bad();
  if (rest == "path") return Part{Kind::kPath, ""};
  if (take(rest, "path.")) {
    if (!is_name(rest, "._-")) return bad();
    return Part{Kind::kPathParameter, std::string(rest)};
  }
  if (take(rest, "querystring.") && is_name(rest, "._-~[]$")) {
    return Part{Kind::kQuery, std::string(rest)};
  }
  return bad();
}

Result<Expression> Expression::parse(std::string_view text, Reads reads) {
  Expression expression;
  if (text.starts_with('$') && !text.starts_with("${")) {
    STATOR_TRY(auto part, parse_selection(text.substr(1), reads));
    expression.parts_.push_back(std::move(part));
    expression.is_selection_ = true;
    return expression;
  }
  std::string_view rest = text;
  while (!rest.empty()) {
    const auto at = std::min(rest.find("${"), rest.size());
    if (at != 0) {
      expression.parts_.push_back({Kind::kText, std::string(rest.substr(0, at))});
      rest.remove_prefix(at);
      continue;
    }
    const auto end = rest.find('}');
    if (end == std::string_view::npos) {
      return invalid("Invalid mapping expression specified: " + std::string(text));
    }
    STATOR_TRY(auto part, parse_selection(rest.substr(2, end - 2), reads));
    expression.parts_.push_back(std::move(part));
    rest.remove_prefix(end + 1);
  }
  expression.is_selection_ =
      expression.parts_.size() == 1 && expression.parts_.front().kind != Kind::kText;
  return expression;
}

std::optional<std::string> Expression::select_body(const Part& part, Source& source) {
  if (part.steps.empty()) return source.body();
  const json::Value* value = source.json_body();
  for (const Step& step : part.steps) {
    if (value == nullptr) return std::nullopt;
    if (const auto* name = std::get_if<std::string>(&step)) {
      value = value->is_object() ? json::find(value->get_object(), *name) : nullptr;
    } else {
      value =
          value->is_array() ? value->get_array().if_contains(std::get<std::size_t>(step)) : nullptr;
    }
  }
  if (value == nullptr || value->is_null()) return std::nullopt;
  return value->is_string() ? std::string(json::view(value->get_string())) : json::dump(*value);
}

std::optional<std::string> Expression::select(const Part& part, Source& source) {
  const Exchange& exchange = source.exchange();
  switch (part.kind) {
    case Kind::kText:
      return part.name;
    case Kind::kHeader:
      return joined(source.headers().fields(), part.name, equals_ignore_case);
    case Kind::kQuery:
      return query_value(exchange.request, part.name);
    case Kind::kBody:
      return select_body(part, source);
    case Kind::kPath:
      return exchange.address.path;
    case Kind::kPathParameter:
      return joined(exchange.path_parameters, part.name, std::equal_to<std::string_view>());
    case Kind::kContext:
      return context_variable(exchange, part.name);
    case Kind::kStageVariable:
      return joined(exchange.stage->variables, part.name, std::equal_to<std::string_view>());
  }
  return std::nullopt;
}

std::optional<std::string> Expression::evaluate(Source& source) const {
  if (is_selection_) return select(parts_.front(), source);
  std::string text;
  for (const Part& part : parts_) text += select(part, source).value_or("");
  return text;
}

}  // namespace stator::apigateway
