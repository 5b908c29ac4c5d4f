#include "apigateway/authorizers/identity_source.hpp"

#include <array>

#include "apigateway/context.hpp"
#include "apigateway/errors.hpp"
#include "base/strings.hpp"

namespace stator::apigateway {
namespace {

using Kind = IdentitySource::Kind;

constexpr std::array<std::pair<std::string_view, Kind>, 4> kPrefixes{{
    {"$request.header.", Kind::kHeader},
    {"$request.querystring.", Kind::kQuery},
    {"$context.", Kind::kContext},
    {"$stageVariables.", Kind::kStageVariable},
}};
constexpr std::size_t kNameBytesMax = 256;

/// What is only known when the authorization is done says nothing about who asks.
bool is_known_before(std::string_view variable) {
  if (!is_context_variable(variable)) return false;
  for (const std::string_view later : {"authorizer.", "integration", "response", "error."}) {
    if (variable.starts_with(later)) return false;
  }
  return variable != "status" && variable != "dataProcessed";
}

void append(std::optional<std::string>& all, std::string_view value) {
  if (all) {
    all->append(",").append(value);
  } else {
    all = value;
  }
}

std::optional<std::string> header_values(const http::Headers& headers, std::string_view name) {
  std::optional<std::string> all;
  for (const auto& [field, value] : headers.fields()) {
    if (equals_ignore_case(field, name)) append(all, value);
  }
  return all;
}

std::optional<std::string> query_values(std::string_view query, std::string_view name) {
  const auto pairs = http::parse_query(query);
  std::optional<std::string> all;
  if (!pairs) return all;
  for (const auto& [key, value] : *pairs) {
    if (key == name) append(all, value);
  }
  return all;
}

std::optional<std::string> find_value(const IdentitySource& source, const Exchange& exchange) {
  switch (source.kind) {
    case Kind::kHeader:
      return header_values(exchange.request.headers, source.name);
    case Kind::kQuery:
      return query_values(exchange.request.query(), source.name);
    case Kind::kContext:
      return context_variable(exchange, source.name);
    case Kind::kStageVariable:
      break;
  }
  for (const auto& [name, value] : exchange.stage->variables) {
    if (name == source.name) return value;
  }
  return std::nullopt;
}

}  // namespace

Result<IdentitySource> parse_identity_source(std::string_view expression) {
  for (const auto& [prefix, kind] : kPrefixes) {
    if (!expression.starts_with(prefix)) continue;
    const std::string_view name = expression.substr(prefix.size());
    const bool is_text = !name.empty() && name.size() <= kNameBytesMax &&
                         name.find_first_of(" ,\t\r\n") == std::string_view::npos;
    if (!is_text || (kind == Kind::kContext && !is_known_before(name))) break;
    return IdentitySource{kind, std::string(name)};
  }
  return bad_request("Invalid mapping expression specified: " +
                     std::string(expression.substr(0, kNameBytesMax)));
}

std::optional<std::string> identity_value(const IdentitySource& source, const Exchange& exchange) {
  auto value = find_value(source, exchange);
  return value && !value->empty() ? value : std::nullopt;
}

}  // namespace stator::apigateway
