#include "apigateway/traffic/access_log.hpp"

#include <algorithm>

#include "apigateway/errors.hpp"
#include "aws/arn.hpp"
#include "base/bytes.hpp"
#include "base/strings.hpp"

namespace stator::apigateway {
namespace {

constexpr std::string_view kContext = "$context.";
constexpr std::string_view kAuthorizer = "authorizer.";
constexpr std::string_view kGroup = "log-group:";
constexpr std::size_t kFormatBytesMax = 3'072;

bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
}

/// How much of `text` is a variable's name. Claims may hold '-' and ':' ("cognito:groups"); what
/// only punctuates ends the name.
std::size_t name_length(std::string_view text) {
  const bool is_claim = text.starts_with(kAuthorizer);
  std::size_t length = 0;
  while (length < text.size() && (is_plain(text[length]) || text[length] == '.' ||
                                  (is_claim && (text[length] == '-' || text[length] == ':')))) {
    ++length;
  }
  while (length > 0 && !is_plain(text[length - 1])) --length;
  return length;
}

std::vector<AccessLog::Piece> pieces_of(std::string_view format) {
  std::vector<AccessLog::Piece> pieces;
  while (!format.empty()) {
    const auto at = format.find(kContext);
    if (at != 0) pieces.push_back({std::string(format.substr(0, at)), false});
    if (at == std::string_view::npos) break;
    format.remove_prefix(at + kContext.size());
    const std::size_t length = name_length(format);
    pieces.push_back({std::string(format.substr(0, length)), true});
    format.remove_prefix(length);
  }
  return pieces;
}

std::string_view without_newline(std::string_view format) {
  while (format.ends_with('\n') || format.ends_with('\r')) format.remove_suffix(1);
  return format;
}

Result<void> check_format(std::string_view given) {
  if (given.size() > kFormatBytesMax) return bad_request("Access log format is too long");
  const std::string_view format = without_newline(given);
  if (format.find_first_of("\r\n") != std::string_view::npos) {
    return bad_request(
        "Access log format must be single line, new line character is allowed only at end of the "
        "format");
  }
  bool names_request = false;
  std::vector<std::string> unknown;
  for (const AccessLog::Piece& piece : pieces_of(format)) {
    if (!piece.is_variable) continue;
    names_request |= piece.text == "requestId" || piece.text == "extendedRequestId";
    if (!is_context_variable(piece.text)) unknown.push_back(std::string(kContext) + piece.text);
  }
  if (!unknown.empty()) {
    return bad_request("The following context variables are not supported: [" +
                       join(unknown, ", ") + "]");
  }
  if (!names_request) {
    return bad_request(
        "Access log format must contain $context.requestId or $context.extendedRequestId");
  }
  return {};
}

/// "NAME" of "log-group:NAME", "log-group:NAME:*".
std::string_view group_of(std::string_view resource) {
  if (!resource.starts_with(kGroup)) return {};
  resource.remove_prefix(kGroup.size());
  if (resource.ends_with(":*")) resource.remove_suffix(2);
  return resource;
}

bool is_group_name(std::string_view name) {
  return !name.empty() && name.size() <= 512 && std::all_of(name.begin(), name.end(), [](char c) {
    return is_plain(c) || std::string_view("-/.#").find(c) != std::string_view::npos;
  });
}

void append_escaped(std::string& line, std::string_view value) {
  const std::string quoted = json::quote(is_utf8(value) ? std::string(value) : to_utf8(value));
  line.append(quoted, 1, quoted.size() - 2);
}

}  // namespace

Result<void> check_access_log(const Scope& scope, const json::Object& settings) {
  for (const auto& member : settings) {
    const std::string_view name = member.key();
    if (name != "destinationArn" && name != "format") {
      return bad_request("Invalid access log settings: " + std::string(name));
    }
  }
  const auto destination = json::find_string(settings, "destinationArn");
  const auto format = json::find_string(settings, "format");
  if (!destination || !format) {
    return bad_request("Access log settings need both a destinationArn and a format");
  }
  const auto arn = aws::Arn::parse(*destination);
  if (!arn || arn->service != "logs" || !is_group_name(group_of(arn->resource))) {
    return bad_request("Invalid ARN specified in the request. " + *destination +
                       " is not a log group's");
  }
  if (arn->account != scope.account || arn->region != scope.region) {
    return bad_request("Invalid ARN specified in the request. " + *destination +
                       " is not of the API's account and Region");
  }
  return check_format(*format);
}

std::shared_ptr<const AccessLog> compile_access_log(std::string_view api_id,
                                                    const json::Object& stage) {
  const json::Value* found = json::find(stage, "accessLogSettings");
  if (found == nullptr || !found->is_object()) return nullptr;
  const json::Object& settings = found->get_object();
  const auto arn = aws::Arn::parse(json::find_string(settings, "destinationArn").value_or(""));
  const auto format = json::find_string(settings, "format");
  if (!arn || !format) return nullptr;
  AccessLog log{arn->account, arn->region, std::string(group_of(arn->resource)), {}, {}};
  log.stream_prefix =
      std::string(api_id) + "/" + json::find_string(stage, "stageName").value_or("") + "/";
  log.pieces = pieces_of(without_newline(*format));
  return std::make_shared<const AccessLog>(std::move(log));
}

std::string access_log_line(const AccessLog& log, const Exchange& exchange,
                            const Answered& answered) {
  std::string line;
  for (const AccessLog::Piece& piece : log.pieces) {
    if (!piece.is_variable) {
      line += piece.text;
      continue;
    }
    const auto value = context_variable(exchange, piece.text, &answered);
    if (!value) {
      line += '-';
    } else if (piece.text == "error.messageString") {
      line += *value;  // it is quoted as it comes
    } else {
      append_escaped(line, *value);
    }
  }
  return line;
}

}  // namespace stator::apigateway
