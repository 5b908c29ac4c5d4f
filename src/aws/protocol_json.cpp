#include <algorithm>

#include "aws/error_table.hpp"
#include "aws/protocol.hpp"
#include "base/strings.hpp"

namespace stator::aws::detail {
namespace {

/// Errors that the framework below the service raises and names by its own namespace.
constexpr std::string_view kOfTheFramework[] = {
    "AccessDeniedException",         "ExpiredTokenException",
    "IncompleteSignatureException",  "InvalidSignatureException",
    "MalformedQueryStringException", "MissingAuthenticationTokenException",
    "SerializationException",        "ServiceUnavailableException",
    "UnknownOperationException",     "UnrecognizedClientException",
};

/// Errors whose member is called Message: so their models say, and so the framework writes them.
constexpr std::string_view kWithCapital[] = {
    "AccessDeniedException",
    "IdempotentParameterMismatchException",
    "SerializationException",
    "TransactionCanceledException",
};

/// "com.amazonaws.dynamodb.v20120810#" for DynamoDB_20120810; json 1.1 services send bare names.
std::string type_prefix(const Service& service, std::string_view name) {
  if (service.protocol != Protocol::kJson10) return "";
  if (name == "ValidationException") return "com.amazon.coral.validate#";
  if (std::find(std::begin(kOfTheFramework), std::end(kOfTheFramework), name) !=
      std::end(kOfTheFramework)) {
    return "com.amazon.coral.service#";
  }
  const auto underscore = service.target_prefix.rfind('_');
  if (underscore == std::string::npos) return "";
  return "com.amazonaws." + to_lower(service.signing_name) + ".v" +
         service.target_prefix.substr(underscore + 1) + "#";
}

}  // namespace

Result<Input> read_json_input(const http::Request& request) {
  auto body = json::parse_object(request.body);
  if (!body) {
    Error error = std::move(body).error();
    error.aws_type = "SerializationException";
    return error;
  }
  return Input(std::move(*body));
}

http::Response write_json_error(const Service& service, const Error& error) {
  const WireError wire = wire_error(service, error);
  json::Object body;
  body["__type"] = type_prefix(service, wire.name) + wire.name;
  const bool has_capital = std::find(std::begin(kWithCapital), std::end(kWithCapital), wire.name) !=
                           std::end(kWithCapital);
  body[has_capital ? "Message" : "message"] = error.message;
  merge_detail(body, error);
  http::Response response;
  response.status = wire.status;
  response.body = json::dump(body);
  return response;
}

}  // namespace stator::aws::detail
