#include "aws/error_table.hpp"

namespace stator::aws {
namespace {

/// The names and statuses of a code where the error brings no type of its own.
struct ByCode {
  ErrorCode code;
  const char* json;
  const char* query;
  const char* rest_json;
  const char* rest_xml;
  int status;
};

constexpr ByCode kByCode[] = {
    {ErrorCode::kInvalid, "ValidationException", "ValidationError", "ValidationException",
     "InvalidArgument", 400},
    {ErrorCode::kUnauthenticated, "InvalidSignatureException", "SignatureDoesNotMatch",
     "InvalidSignatureException", "SignatureDoesNotMatch", 403},
    {ErrorCode::kAccessDenied, "AccessDeniedException", "AccessDenied", "AccessDeniedException",
     "AccessDenied", 403},
    {ErrorCode::kNotFound, "ResourceNotFoundException", "NoSuchEntity", "ResourceNotFoundException",
     "NoSuchKey", 404},
    {ErrorCode::kConflict, "ResourceInUseException", "EntityAlreadyExists",
     "ResourceConflictException", "OperationAborted", 409},
    {ErrorCode::kPrecondition, "ConditionalCheckFailedException", "PreconditionFailed",
     "PreconditionFailedException", "PreconditionFailed", 412},
    {ErrorCode::kTooLarge, "RequestEntityTooLargeException", "RequestEntityTooLarge",
     "RequestEntityTooLargeException", "EntityTooLarge", 413},
    {ErrorCode::kThrottled, "ThrottlingException", "Throttling", "TooManyRequestsException",
     "SlowDown", 429},
    {ErrorCode::kUnsupported, "ValidationException", "ValidationError", "ValidationException",
     "NotImplemented", 400},
    {ErrorCode::kUnavailable, "ServiceUnavailableException", "ServiceUnavailable",
     "ServiceUnavailableException", "ServiceUnavailable", 503},
    {ErrorCode::kTimeout, "RequestTimeoutException", "RequestTimeout", "RequestTimeoutException",
     "RequestTimeout", 504},
    {ErrorCode::kInternal, "InternalServerError", "InternalFailure", "ServiceException",
     "InternalError", 500},
};

/// Services that name a code differently from their protocol's habit.
struct ByService {
  std::string_view signing_name;
  ErrorCode code;
  const char* name;
};

constexpr ByService kByService[] = {
    {"apigateway", ErrorCode::kInvalid, "BadRequestException"},
    {"apigateway", ErrorCode::kUnsupported, "BadRequestException"},
    {"apigateway", ErrorCode::kNotFound, "NotFoundException"},
    {"apigateway", ErrorCode::kConflict, "ConflictException"},
    {"ecr", ErrorCode::kInvalid, "InvalidParameterException"},
    {"ecr", ErrorCode::kUnsupported, "InvalidParameterException"},
    {"lambda", ErrorCode::kUnsupported, "InvalidParameterValueException"},
    {"logs", ErrorCode::kInvalid, "InvalidParameterException"},
    {"logs", ErrorCode::kUnsupported, "InvalidParameterException"},
    {"logs", ErrorCode::kConflict, "ResourceAlreadyExistsException"},
};

/// How the XML protocols spell the names that come from below a service. A status of 0 is the
/// code's own. https://docs.aws.amazon.com/IAM/latest/APIReference/CommonErrors.html and
/// https://docs.aws.amazon.com/AmazonS3/latest/API/ErrorResponses.html
struct Spelling {
  std::string_view json;
  const char* query;
  int query_status;
  const char* rest_xml;
  int rest_xml_status;
};

constexpr Spelling kSpellings[] = {
    {"MissingAuthenticationTokenException", "MissingAuthenticationToken", 403, "AccessDenied", 403},
    {"IncompleteSignatureException", "IncompleteSignature", 400, "AuthorizationHeaderMalformed",
     400},
    {"InvalidSignatureException", "SignatureDoesNotMatch", 403, "SignatureDoesNotMatch", 403},
    {"UnrecognizedClientException", "InvalidClientTokenId", 403, "InvalidAccessKeyId", 403},
    {"ExpiredTokenException", "ExpiredToken", 403, "ExpiredToken", 400},
    {"AccessDeniedException", "AccessDenied", 403, "AccessDenied", 403},
    {"MalformedQueryStringException", "MalformedQueryString", 400, "InvalidURI", 400},
    {"MissingContentLength", "MissingContentLength", 411, "MissingContentLength", 411},
    {"ValidationException", "ValidationError", 400, "InvalidArgument", 400},
    {"SerializationException", "MalformedInput", 400, "InvalidRequest", 400},
    {"UnknownOperationException", "InvalidAction", 400, "MethodNotAllowed", 405},
};

const ByCode& row(ErrorCode code) {
  for (const ByCode& entry : kByCode) {
    if (entry.code == code) return entry;
  }
  return kByCode[std::size(kByCode) - 1];
}

bool is_json(Protocol protocol) {
  return protocol == Protocol::kJson10 || protocol == Protocol::kJson11;
}

/// The json protocols answer 400 for every fault of the client, whatever it is.
int status_of(Protocol protocol, const ByCode& entry) {
  if (is_json(protocol) && entry.status < 500 && entry.code != ErrorCode::kTooLarge) return 400;
  if (protocol == Protocol::kQuery && entry.code == ErrorCode::kThrottled) return 400;
  if (protocol == Protocol::kRestXml && entry.code == ErrorCode::kThrottled) return 503;
  if (protocol == Protocol::kRestXml && entry.code == ErrorCode::kUnsupported) return 501;
  return entry.status;
}

const char* default_name(const Service& service, const ByCode& entry) {
  for (const ByService& own : kByService) {
    if (own.code == entry.code && own.signing_name == service.signing_name) return own.name;
  }
  switch (service.protocol) {
    case Protocol::kQuery:
      return entry.query;
    case Protocol::kRestJson:
      return entry.rest_json;
    case Protocol::kRestXml:
      return entry.rest_xml;
    case Protocol::kJson10:
    case Protocol::kJson11:
      break;
  }
  return entry.json;
}

}  // namespace

WireError wire_error(const Service& service, const Error& error) {
  const ByCode& entry = row(error.code);
  WireError answer{error.aws_type, status_of(service.protocol, entry)};
  if (answer.name.empty()) answer.name = default_name(service, entry);
  if (service.protocol != Protocol::kQuery && service.protocol != Protocol::kRestXml) {
    return answer;
  }
  // The token that expired stood in the input of an operation, which names the error itself.
  if (error.code == ErrorCode::kInvalid && error.aws_type == "ExpiredTokenException") return answer;
  for (const Spelling& spelling : kSpellings) {
    if (spelling.json != answer.name) continue;
    const bool is_query = service.protocol == Protocol::kQuery;
    answer.name = is_query ? spelling.query : spelling.rest_xml;
    answer.status = is_query ? spelling.query_status : spelling.rest_xml_status;
    break;
  }
  return answer;
}

}  // namespace stator::aws
