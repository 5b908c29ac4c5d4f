#include "aws/protocol.hpp"

#include <gtest/gtest.h>

#include "aws/crc32.hpp"
#include "aws/error_table.hpp"
#include "aws/xml.hpp"

namespace stator::aws {
namespace {

Service dynamodb() {
  return {.signing_name = "dynamodb",
          .protocol = Protocol::kJson10,
          .target_prefix = "DynamoDB_20120810"};
}
Service logs() {
  return {.signing_name = "logs", .protocol = Protocol::kJson11, .target_prefix = "Logs_20140328"};
}
Service iam() {
  return {.signing_name = "iam",
          .protocol = Protocol::kQuery,
          .api_version = "2010-05-08",
          .xml_namespace = "https://iam.amazonaws.com/doc/2010-05-08/"};
}
Service rest(std::string name) {
  return {.signing_name = std::move(name), .protocol = Protocol::kRestJson};
}
Service s3() {
  return {.signing_name = "s3", .protocol = Protocol::kRestXml};
}

Operation operation(std::string name, Wire wire) {
  return Operation::json(
      std::move(name), std::move(wire),
      [](const Call&, const Input&) -> Result<Needs> { return Needs(); },
      [](Call&, const Input&) -> Result<json::Object> { return json::Object(); });
}

const Error kUnknownKey{ErrorCode::kUnauthenticated,
                        "The security token included in the request is invalid.",
                        "UnrecognizedClientException"};
const Error kDenied{ErrorCode::kAccessDenied, "User: x is not authorized"};

TEST(ErrorTable, NamesAndStatusesPerProtocol) {
  struct Case {
    Service service;
    Error error;
    const char* name;
    int status;
  };
  const Error missing{ErrorCode::kUnauthenticated, "", "MissingAuthenticationTokenException"};
  const Error incomplete{ErrorCode::kUnauthenticated, "", "IncompleteSignatureException"};
  const Error mismatch{ErrorCode::kUnauthenticated, "", "InvalidSignatureException"};
  const Error expired{ErrorCode::kUnauthenticated, "", "ExpiredTokenException"};
  const Error malformed{ErrorCode::kInvalid, "", "MalformedQueryStringException"};
  const Error unknown{ErrorCode::kNotFound, "", "UnknownOperationException"};
  const Case cases[] = {
      {dynamodb(), kUnknownKey, "UnrecognizedClientException", 400},
      {iam(), kUnknownKey, "InvalidClientTokenId", 403},
      {iam(), {ErrorCode::kUnauthenticated, "", "ExpiredTokenException"}, "ExpiredToken", 403},
      {iam(), {ErrorCode::kInvalid, "", "ExpiredTokenException"}, "ExpiredTokenException", 400},
      {rest("lambda"), kUnknownKey, "UnrecognizedClientException", 403},
      {s3(), kUnknownKey, "InvalidAccessKeyId", 403},
      {dynamodb(), missing, "MissingAuthenticationTokenException", 400},
      {iam(), missing, "MissingAuthenticationToken", 403},
      {iam(), incomplete, "IncompleteSignature", 400},
      {rest("lambda"), incomplete, "IncompleteSignatureException", 403},
      {logs(), incomplete, "IncompleteSignatureException", 400},
      {iam(), mismatch, "SignatureDoesNotMatch", 403},
      {rest("apigateway"), mismatch, "InvalidSignatureException", 403},
      {logs(), mismatch, "InvalidSignatureException", 400},
      {iam(), expired, "ExpiredToken", 403},
      {rest("lambda"), expired, "ExpiredTokenException", 403},
      {dynamodb(), expired, "ExpiredTokenException", 400},
      {iam(), malformed, "MalformedQueryString", 400},
      {s3(), malformed, "InvalidURI", 400},
      {s3(), {ErrorCode::kInvalid, "", "MissingContentLength"}, "MissingContentLength", 411},
      {dynamodb(), kDenied, "AccessDeniedException", 400},
      {iam(), kDenied, "AccessDenied", 403},
      {rest("lambda"), kDenied, "AccessDeniedException", 403},
      {dynamodb(), unknown, "UnknownOperationException", 400},
      {iam(), unknown, "InvalidAction", 400},
      {rest("lambda"), unknown, "UnknownOperationException", 404},
      {s3(), unknown, "MethodNotAllowed", 405},
      {dynamodb(), not_found(""), "ResourceNotFoundException", 400},
      {iam(), not_found(""), "NoSuchEntity", 404},
      {iam(), conflict(""), "EntityAlreadyExists", 409},
      {iam(), {ErrorCode::kConflict, "", "DeleteConflict"}, "DeleteConflict", 409},
      {iam(), invalid(""), "ValidationError", 400},
      {rest("apigateway"), invalid(""), "BadRequestException", 400},
      {rest("apigateway"), not_found(""), "NotFoundException", 404},
      {rest("lambda"), {ErrorCode::kTooLarge, ""}, "RequestEntityTooLargeException", 413},
      {rest("lambda"), {ErrorCode::kThrottled, ""}, "TooManyRequestsException", 429},
      {rest("lambda"), unsupported(""), "InvalidParameterValueException", 400},
      {logs(), conflict(""), "ResourceAlreadyExistsException", 400},
      {dynamodb(), unavailable(""), "ServiceUnavailableException", 503},
      {dynamodb(), internal(""), "InternalServerError", 500},
      {iam(), internal(""), "InternalFailure", 500},
      {s3(), not_found(""), "NoSuchKey", 404},
  };
  for (const Case& test : cases) {
    const WireError wire = wire_error(test.service, test.error);
    EXPECT_EQ(wire.name, test.name) << test.service.signing_name;
    EXPECT_EQ(wire.status, test.status) << test.name;
  }
}

TEST(Protocol, WhatIsWrongWithASignatureIsSaidAlikeByEveryRestService) {
  for (const char* name : {"lambda", "apigateway"}) {
    const http::Response response = write_error(rest(name), kUnknownKey, "R");
    EXPECT_EQ(response.status, 403);
    EXPECT_EQ(response.headers.get("x-amzn-errortype"), "UnrecognizedClientException");
    EXPECT_EQ(response.body,
              R"({"message":"The security token included in the request is invalid."})");
  }
}

TEST(Protocol, S3ErrorsCarryTheirElements) {
  const Error error{ErrorCode::kAccessDenied, "Request has expired", "AccessDenied",
                    R"({"X-Amz-Expires":"60","ServerTime":"<now>"})"};
  const http::Response response = write_error(s3(), error, "R");
  EXPECT_EQ(response.status, 403);
  EXPECT_EQ(response.body,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>AccessDenied</Code>"
            "<Message>Request has expired</Message><X-Amz-Expires>60</X-Amz-Expires>"
            "<ServerTime>&lt;now&gt;</ServerTime><RequestId>R</RequestId></Error>");
}

TEST(Protocol, ErrorsAreTextWhateverCame) {
  const Error error{ErrorCode::kUnauthenticated, "got 'caf\xe9'", "IncompleteSignatureException"};
  for (const Service& service : {dynamodb(), logs(), iam(), rest("lambda"), s3()}) {
    EXPECT_NE(write_error(service, error, "R").body.find("caf\xef\xbf\xbd"), std::string::npos);
  }
}

TEST(Protocol, DynamoDbErrorsCarryTheirNamespace) {
  struct Case {
    Error error;
    const char* body;
  };
  const Case cases[] = {
      {kUnknownKey, R"({"__type":"com.amazon.coral.service#UnrecognizedClientException",)"
                    R"("message":"The security token included in the request is invalid."})"},
      {kDenied, R"({"__type":"com.amazon.coral.service#AccessDeniedException",)"
                R"("Message":"User: x is not authorized"})"},
      {{ErrorCode::kInvalid, "no JSON", "SerializationException"},
       R"({"__type":"com.amazon.coral.service#SerializationException","Message":"no JSON"})"},
      {{ErrorCode::kInvalid, "Transaction cancelled", "TransactionCanceledException",
        R"({"CancellationReasons":[]})"},
       R"({"__type":"com.amazonaws.dynamodb.v20120810#TransactionCanceledException",)"
       R"("Message":"Transaction cancelled","CancellationReasons":[]})"},
      {invalid("bad"),
       R"({"__type":"com.amazon.coral.validate#ValidationException","message":"bad"})"},
      {not_found("Requested resource not found"),
       R"({"__type":"com.amazonaws.dynamodb.v20120810#ResourceNotFoundException",)"
       R"("message":"Requested resource not found"})"},
      {{ErrorCode::kPrecondition, "The conditional request failed", "", R"({"Item":{"k":1}})"},
       R"({"__type":"com.amazonaws.dynamodb.v20120810#ConditionalCheckFailedException",)"
       R"("message":"The conditional request failed","Item":{"k":1}})"},
  };
  for (const Case& test : cases) {
    const http::Response response = write_error(dynamodb(), test.error, "RID");
    EXPECT_EQ(response.body, test.body);
    EXPECT_EQ(response.headers.get("x-amzn-RequestId"), "RID");
    EXPECT_EQ(response.headers.get("content-type"), "application/x-amz-json-1.0");
    EXPECT_EQ(response.headers.get("x-amz-crc32"), std::to_string(crc32(response.body)));
  }
  EXPECT_EQ(write_error(logs(), not_found("gone"), "R").body,
            R"({"__type":"ResourceNotFoundException","message":"gone"})");
}

TEST(Protocol, RestErrorsNameTheirTypeInAHeader) {
  const Error gone{ErrorCode::kNotFound, "Function not found: x"};
  const http::Response lambda = write_error(rest("lambda"), gone, "R");
  EXPECT_EQ(lambda.status, 404);
  EXPECT_EQ(lambda.headers.get("x-amzn-errortype"), "ResourceNotFoundException");
  EXPECT_EQ(
      lambda.body,
      R"({"message":"Function not found: x","Message":"Function not found: x","Type":"User"})");
  EXPECT_EQ(write_error(rest("apigateway"), gone, "R").body,
            R"({"message":"Function not found: x"})");
  EXPECT_EQ(write_error(rest("apigateway"), kDenied, "R").body,
            R"({"Message":"User: x is not authorized"})");
  EXPECT_EQ(write_error(s3(), {ErrorCode::kNotFound, "a<b"}, "R").body,
            "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>NoSuchKey</Code>"
            "<Message>a&lt;b</Message><RequestId>R</RequestId></Error>");
}

TEST(Protocol, QueryAnswersAreWrapped) {
  json::Object output{{"Role", json::Object{{"RoleName", "a&b"}, {"Max", 3600}}},
                      {"Tags", json::Array()},
                      {"Names", json::Array{"x", "y"}},
                      {"IsTruncated", false},
                      {"Marker", nullptr}};
  const http::Response response =
      write_output(iam(), operation("GetRole", ByName{}), output, "RID");
  EXPECT_EQ(response.status, 200);
  EXPECT_EQ(response.headers.get("content-type"), "text/xml");
  EXPECT_EQ(response.body,
            "<GetRoleResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><GetRoleResult>"
            "<Role><RoleName>a&amp;b</RoleName><Max>3600</Max></Role><Tags></Tags><Names>"
            "<member>x</member><member>y</member></Names><IsTruncated>false</IsTruncated>"
            "</GetRoleResult><ResponseMetadata><RequestId>RID</RequestId></ResponseMetadata>"
            "</GetRoleResponse>\n");
  const http::Response error = write_error(iam(), not_found("no <role>"), "RID");
  EXPECT_EQ(error.status, 404);
  EXPECT_EQ(error.body,
            "<ErrorResponse xmlns=\"https://iam.amazonaws.com/doc/2010-05-08/\"><Error>"
            "<Type>Sender</Type><Code>NoSuchEntity</Code><Message>no &lt;role&gt;</Message>"
            "</Error><RequestId>RID</RequestId></ErrorResponse>\n");
}

TEST(Protocol, XmlWritesAMapAsEntries) {
  std::string out;
  append_xml_element(out, "M",
                     json::Array{json::Object{{"key", "Users"}, {"value", 2}},
                                 json::Object{{"Key", "tag"}, {"Value", "v"}}});
  EXPECT_EQ(out,
            "<M><entry><key>Users</key><value>2</value></entry>"
            "<member><Key>tag</Key><Value>v</Value></member></M>");
}

TEST(Protocol, XmlCarriesNoForbiddenCharacter) {
  std::string out;
  append_xml_text(out, std::string_view("a\0b\x1f\t\n\"\r", 8));
  EXPECT_EQ(out,
            "a\xef\xbf\xbd"
            "b\xef\xbf\xbd\t\n&quot;&#xD;");
}

TEST(Protocol, RestInputMergesPathQueryHeadersAndBody) {
  const ByPath wire{.method = "GET",
                    .path = "/f/{Name}",
                    .query = {{"Qualifier", "Qualifier"}, {"tagKeys", "TagKeys[]"}},
                    .headers = {{"X-Amz-Log-Type", "LogType"}}};
  const Operation op = operation("Op", wire);
  http::Request request;
  request.target = "/f/n?tagKeys=a&Qualifier=7&tagKeys=b&other=1";
  request.headers.add("x-amz-log-type", "Tail");
  const Labels labels = {{"Name", "n"}};
  const auto plain = read_input(rest("lambda"), op, request, labels);
  ASSERT_TRUE(plain);
  EXPECT_EQ(json::dump(plain->members()),
            R"({"TagKeys":["a","b"],"Qualifier":"7","LogType":"Tail","Name":"n"})");
  EXPECT_EQ(plain->integer("Qualifier").value(), 7);

  request.body = R"({"Name":"stolen","Timeout":3})";
  const auto with_body = read_input(rest("lambda"), op, request, labels);
  ASSERT_TRUE(with_body);
  EXPECT_EQ(with_body->text("Name").value(), "n");
  EXPECT_EQ(with_body->integer("Timeout").value(), 3);

  request.body = "{";
  EXPECT_EQ(read_input(rest("lambda"), op, request, labels).error().aws_type,
            "InvalidRequestContentException");
  EXPECT_EQ(read_input(rest("apigateway"), op, request, labels).error().aws_type,
            "BadRequestException");
}

TEST(Protocol, RestOutputHasItsStatusAndNoBodyAt204) {
  const Operation created =
      operation("Create", ByPath{.method = "POST", .path = "/", .status = 201});
  EXPECT_EQ(write_output(rest("lambda"), created, {{"a", 1}}, "R").status, 201);
  EXPECT_EQ(write_output(rest("lambda"), created, {{"a", 1}}, "R").body, R"({"a":1})");
  const Operation gone =
      operation("Delete", ByPath{.method = "DELETE", .path = "/", .status = 204});
  const http::Response empty = write_output(rest("lambda"), gone, {}, "R");
  EXPECT_EQ(empty.status, 204);
  EXPECT_EQ(empty.body, "");
  EXPECT_FALSE(empty.headers.find("content-type"));
}

TEST(Protocol, JsonInputMustBeAnObject) {
  http::Request request;
  const Operation op = operation("Op", ByName{});
  request.body = "{}";
  EXPECT_TRUE(read_input(dynamodb(), op, request, {}));
  for (const char* body : {"", "[]", "{", "null", "{} x"}) {
    request.body = body;
    const auto input = read_input(dynamodb(), op, request, {});
    ASSERT_FALSE(input) << body;
    EXPECT_EQ(input.error().aws_type, "SerializationException");
  }
}

TEST(Protocol, RequestIdsLookLikeTheServicesOwn) {
  SeededRandom random(1);
  EXPECT_EQ(make_request_id(dynamodb(), random).size(), 52u);
  EXPECT_EQ(make_request_id(iam(), random).size(), 36u);
  EXPECT_EQ(make_request_id(s3(), random).size(), 16u);
}

TEST(Crc32, IsTheOneOfZip) {
  EXPECT_EQ(crc32(""), 0u);
  EXPECT_EQ(crc32("123456789"), 0xcbf43926u);
  EXPECT_EQ(crc32("{}"), 2745614147u);  // what DynamoDB sends with every empty answer
  EXPECT_EQ(crc32("The quick brown fox jumps over the lazy dog"), 0x414fa339u);
}

TEST(Crc32, IsTheSameForEveryLengthAndAlignment) {
  // By its definition, a bit at a time.
  const auto plain = [](std::string_view bytes) {
    std::uint32_t crc = ~0u;
    for (const char c : bytes) {
      crc ^= static_cast<unsigned char>(c);
      for (int bit = 0; bit < 8; ++bit) crc = crc >> 1 ^ ((crc & 1) != 0 ? 0xedb88320u : 0);
    }
    return ~crc;
  };
  std::string bytes;
  for (unsigned i = 0; i < 600; ++i) bytes.push_back(static_cast<char>(i * 167 + (i >> 3)));
  for (std::size_t length = 0; length <= 580; ++length) {
    const std::string_view part = std::string_view(bytes).substr(length % 17, length);
    ASSERT_EQ(crc32(part), plain(part)) << length;
  }
}

}  // namespace
}  // namespace stator::aws
