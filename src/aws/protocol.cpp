#include "aws/protocol.hpp"

#include "aws/crc32.hpp"
#include "base/bytes.hpp"
#include "base/check.hpp"
#include "base/ids.hpp"
#include "base/limits.hpp"

namespace stator::aws {
namespace {

std::string_view content_type(Protocol protocol) {
  switch (protocol) {
    case Protocol::kJson10:
      return "application/x-amz-json-1.0";
    case Protocol::kJson11:
      return "application/x-amz-json-1.1";
    case Protocol::kQuery:
      return "text/xml";
    case Protocol::kRestJson:
      return "application/json";
    case Protocol::kRestXml:
      return "application/xml";
  }
  return {};
}

}  // namespace

std::string make_request_id(const Service& service, Random& random) {
  if (service.protocol == Protocol::kJson10) return random_text(random, kUpperAlnum, 52);
  if (service.protocol == Protocol::kRestXml) return random_text(random, kUpperAlnum, 16);
  return uuid4(random);
}

std::size_t body_bytes_max(const Service& service) {
  switch (service.protocol) {
    case Protocol::kJson10:
    case Protocol::kJson11:
      return 16u << 20;  // BatchWriteItem's bound, the largest of these protocols
    case Protocol::kQuery:
      return 4u << 20;  // a template of 1 MiB with every third character escaped
    case Protocol::kRestJson:
    case Protocol::kRestXml:
      break;
  }
  return limits::kBodyBytesMax;
}

Result<Input> read_input(const Service& service, const Operation& operation,
                         const http::Request& request, const Labels& labels) {
  switch (service.protocol) {
    case Protocol::kJson10:
    case Protocol::kJson11:
      return detail::read_json_input(request);
    case Protocol::kQuery:
      return detail::read_query_input(request);
    case Protocol::kRestJson:
    case Protocol::kRestXml:
      break;
  }
  return detail::read_rest_input(service, std::get<ByPath>(operation.wire()), request, labels);
}

http::Response write_output(const Service& service, const Operation& operation,
                            const json::Object& output, std::string_view request_id) {
  http::Response response;
  switch (service.protocol) {
    case Protocol::kJson10:
    case Protocol::kJson11:
      response.body = json::dump(output);
      break;
    case Protocol::kQuery:
      response = detail::write_query_output(service, operation, output, request_id);
      break;
    case Protocol::kRestJson:
    case Protocol::kRestXml:
      response = detail::write_rest_output(std::get<ByPath>(operation.wire()), output);
      break;
  }
  finish_response(service, request_id, response);
  return response;
}

http::Response write_error(const Service& service, const Error& error,
                           std::string_view request_id) {
  // An error may repeat what came, and neither JSON nor XML can carry any byte.
  if (!is_utf8(error.message)) {
    Error readable = error;
    readable.message = to_utf8(error.message);
    return write_error(service, readable, request_id);
  }
  http::Response response;
  switch (service.protocol) {
    case Protocol::kJson10:
    case Protocol::kJson11:
      response = detail::write_json_error(service, error);
      break;
    case Protocol::kQuery:
      response = detail::write_query_error(service, error, request_id);
      break;
    case Protocol::kRestJson:
      response = detail::write_rest_error(service, error);
      break;
    case Protocol::kRestXml:
      response = detail::write_rest_xml_error(service, error, request_id);
      break;
  }
  finish_response(service, request_id, response);
  return response;
}

void finish_response(const Service& service, std::string_view request_id,
                     http::Response& response) {
  if (!response.body.empty() && !response.headers.find("content-type")) {
    response.headers.add("Content-Type", std::string(content_type(service.protocol)));
  }
  response.headers.add(
      service.protocol == Protocol::kRestXml ? "x-amz-request-id" : "x-amzn-RequestId",
      std::string(request_id));
  if (service.protocol == Protocol::kJson10) {
    response.headers.add("x-amz-crc32", std::to_string(crc32(response.body)));
  }
}

void detail::merge_detail(json::Object& body, const Error& error) {
  if (error.detail_json.empty()) return;
  auto members = json::parse_object(error.detail_json);
  STATOR_CHECK(members.has_value());
  for (auto& member : *members) body.insert_or_assign(member.key(), std::move(member.value()));
}

}  // namespace stator::aws
