#include "apigateway/integrations/mapping.hpp"

#include <algorithm>
#include <array>
#include <charconv>

#include "apigateway/errors.hpp"
#include "base/bytes.hpp"
#include "base/strings.hpp"

namespace stator::apigateway {
namespace {

using Action = ParameterChange::Action;
using Place = ParameterChange::Place;
using Pairs = std::vector<std::pair<std::string, std::string>>;

Error bad_mapping(const std::string& why) {
  return bad_request(
      "Invalid mapping expression specified: Validation Result: warnings : [], errors : [" + why +
      "]");
}

/// https://docs.aws.amazon.com/apigateway/latest/developerguide/http-api-parameter-mapping.html#http-api-mapping-reserved-headers
bool is_reserved(std::string_view name) {
  constexpr std::array<std::string_view, 18> kNames = {"authorization",
                                                       "connection",
                                                       "content-encoding",
                                                       "content-length",
                                                       "content-location",
                                                       "forwarded",
                                                       "keep-alive",
                                                       "origin",
                                                       "proxy-authenticate",
                                                       "proxy-authorization",
                                                       "te",
                                                       "trailers",
                                                       "transfer-encoding",
                                                       "upgrade",
                                                       "x-forwarded-for",
                                                       "x-forwarded-host",
                                                       "x-forwarded-proto",
                                                       "via"};
  constexpr std::array<std::string_view, 4> kPrefixes = {"access-control-", "apigw-", "x-amz-",
                                                         "x-amzn-"};
  const std::string lower = to_lower(name);
  return std::find(kNames.begin(), kNames.end(), lower) != kNames.end() ||
         std::any_of(kPrefixes.begin(), kPrefixes.end(),
                     [&lower](std::string_view prefix) { return lower.starts_with(prefix); });
}

bool is_token(std::string_view name) {
  return !name.empty() && std::all_of(name.begin(), name.end(), [](char c) {
    return c > 0x20 && c < 0x7f &&
           std::string_view("\"(),/:;<=>?@[\\]{}").find(c) == std::string_view::npos;
  });
}

std::optional<Action> read_action(std::string_view text) {
  if (text == "append") return Action::kAppend;
  if (text == "overwrite") return Action::kOverwrite;
  if (text == "remove") return Action::kRemove;
  return std::nullopt;
}

/// "append:header.name" and its like, without a value.
Result<ParameterChange> read_key(std::string_view key, Reads reads) {
  const std::string what = reads == Reads::kRequest ? "Request" : "Response";
  const auto bad = [&] {
    return bad_mapping("Invalid " + what + " Actioned Parameter: " + std::string(key));
  };
  const auto colon = key.find(':');
  const auto action = read_action(key.substr(0, colon));
  if (!action || colon == std::string_view::npos) return bad();
  ParameterChange change{*action, Place::kHeader, "", {}};
  std::string_view place = key.substr(colon + 1);
  if (place.starts_with("header.")) {
    change.name = place.substr(7);
    if (!is_token(change.name)) return bad();
    if (is_reserved(change.name)) {
      return bad_mapping("Operations on header " + change.name + " are restricted");
    }
  } else if (reads == Reads::kRequest && place.starts_with("querystring.")) {
    change.place = Place::kQuery;
    change.name = place.substr(12);
    if (change.name.empty()) return bad();
  } else if (reads == Reads::kRequest && place == "path") {
    change.place = Place::kPath;
  } else if (reads == Reads::kResponse && place == "statuscode") {
    change.place = Place::kStatus;
  } else {
    return bad();
  }
  const bool is_single = change.place == Place::kPath || change.place == Place::kStatus;
  if (is_single && change.action != Action::kOverwrite) return bad();
  return change;
}

std::optional<int> read_status(std::string_view text) {
  int status = 0;
  const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), status);
  if (error != std::errc() || end != text.data() + text.size()) return std::nullopt;
  return status >= 200 && status <= 599 ? std::optional(status) : std::nullopt;
}

bool is_printable(std::string_view text) {
  return std::all_of(text.begin(), text.end(), [](char c) {
    return (static_cast<unsigned char>(c) >= 0x20 && c != 0x7f) || c == '\t';
  });
}

Result<std::vector<ParameterChange>> compile(const json::Object& parameters, Reads reads) {
  std::vector<ParameterChange> changes;
  for (const auto& member : parameters) {
    STATOR_TRY(auto change, read_key(std::string_view(member.key()), reads));
    if (!member.value().is_string()) return bad_mapping("The value must be a text");
    const std::string_view text = json::view(member.value().get_string());
    if (change.action != Action::kRemove) {
      if (text.empty() || !is_printable(text)) {
        return bad_mapping("Invalid mapping expression specified: " + std::string(text));
      }
      auto value = Expression::parse(text, reads);
      if (!value) return bad_mapping(value.error().message);
      if (change.place == Place::kStatus && text.find('$') == std::string_view::npos &&
          !read_status(text)) {
        return bad_mapping("Invalid status code specified: " + std::string(text));
      }
      change.value = *std::move(value);
    }
    changes.push_back(std::move(change));
  }
  return changes;
}

/// A body's text may hold line breaks, which would end the field.
std::string field_value(std::string text) {
  std::replace_if(
      text.begin(), text.end(),
      [](char c) {
        return !is_printable({&c, 1});
      },
      ' ');
  return text;
}

void change_headers(http::Headers& headers, const ParameterChange& change,
                    const std::optional<std::string>& value) {
  if (change.action != Action::kAppend) headers.remove(change.name);
  if (change.action != Action::kRemove && value) headers.add(change.name, field_value(*value));
}

void change_query(Pairs& query, const ParameterChange& change,
                  const std::optional<std::string>& value) {
  if (change.action != Action::kAppend) {
    std::erase_if(query, [&change](const auto& pair) { return pair.first == change.name; });
  }
  if (change.action != Action::kRemove && value) query.emplace_back(change.name, *value);
}

std::string encode_query(const Pairs& query) {
  std::string text;
  for (const auto& [name, value] : query) {
    if (!text.empty()) text += '&';
    text += percent_encode(name) + "=" + percent_encode(value);
  }
  return text;
}

std::optional<std::string> value_of(const ParameterChange& change, Source& source) {
  return change.action == Action::kRemove ? std::nullopt : change.value.evaluate(source);
}

}  // namespace

Result<RequestMapping> compile_request_mapping(const json::Object& parameters) {
  RequestMapping mapping;
  STATOR_TRY(mapping.changes_, compile(parameters, Reads::kRequest));
  return mapping;
}

Result<ResponseMapping> compile_response_mapping(const json::Object& by_status) {
  ResponseMapping mapping;
  for (const auto& member : by_status) {
    const auto status = read_status(std::string_view(member.key()));
    if (!status || !member.value().is_object()) {
      return bad_mapping("Invalid status code specified: " + std::string(member.key()));
    }
    STATOR_TRY(mapping.by_status_[*status], compile(member.value().get_object(), Reads::kResponse));
  }
  return mapping;
}

std::optional<MappedRequest> RequestMapping::apply(const Exchange& exchange) const {
  const http::Request& request = exchange.request;
  MappedRequest mapped{request.headers, std::string(request.query())};
  Source source(exchange);
  std::optional<Pairs> query;
  for (const ParameterChange& change : changes_) {
    const auto value = value_of(change, source);
    if (change.place == Place::kHeader) {
      change_headers(mapped.headers, change, value);
    } else if (change.place == Place::kPath) {
      mapped.path = value.value_or("/");
      if (!mapped.path->starts_with('/')) mapped.path->insert(0, "/");
    } else {
      if (!query) query = http::parse_query(request.query());
      if (!query) return std::nullopt;
      change_query(*query, change, value);
    }
  }
  if (query) mapped.query = encode_query(*query);
  return mapped;
}

void ResponseMapping::apply(const Exchange& exchange, http::Response& response) const {
  const auto changes = by_status_.find(response.status);
  if (changes == by_status_.end()) return;
  http::Headers headers = response.headers;
  int status = response.status;
  Source source(exchange, &response);
  for (const ParameterChange& change : changes->second) {
    const auto value = value_of(change, source);
    if (change.place == Place::kHeader) {
      change_headers(headers, change, value);
    } else {
      status = read_status(value.value_or("")).value_or(status);
    }
  }
  response.headers = std::move(headers);
  response.status = status;
}

}  // namespace stator::apigateway
