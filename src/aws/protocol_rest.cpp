#include "aws/error_table.hpp"
#include "aws/protocol.hpp"
#include "aws/xml.hpp"
#include "http/message.hpp"

namespace stator::aws::detail {
namespace {

Error not_json(const Service& service, const Error& cause) {
  if (service.signing_name == "lambda") {
    return {ErrorCode::kInvalid, "Could not parse request body into json: " + cause.message,
            "InvalidRequestContentException"};
  }
  return {ErrorCode::kInvalid, cause.message,
          service.signing_name == "apigateway" ? "BadRequestException" : "SerializationException"};
}

/// A query parameter under its member's name; with "[]" there, one more text of its list.
void add_parameter(json::Object& members, std::string_view member, std::string value) {
  if (!member.ends_with("[]")) {
    members[member] = value;
    return;
  }
  json::Value& list = members[member.substr(0, member.size() - 2)];
  if (!list.is_array()) list = json::Array();
  list.get_array().push_back(json::Value(value));
}

Result<void> add_query(json::Object& members, const ByPath& wire, std::string_view query) {
  if (wire.query.empty() || query.empty()) return {};
  const auto parameters = http::parse_query(query);
  if (!parameters) return invalid("The query string of the request holds a malformed escape");
  for (const auto& [name, value] : *parameters) {
    for (const auto& [parameter, member] : wire.query) {
      if (parameter == name) add_parameter(members, member, value);
    }
  }
  return {};
}

}  // namespace

Result<Input> read_rest_input(const Service& service, const ByPath& wire,
                              const http::Request& request, const Labels& labels) {
  json::Object members;
  if (!request.body.empty()) {
    auto body = json::parse_object(request.body);
    if (!body) return not_json(service, body.error());
    members = std::move(*body);
  }
  STATOR_TRY_VOID(add_query(members, wire, request.query()));
  for (const auto& [header, member] : wire.headers) {
    if (const auto value = request.headers.find(header)) members[member] = *value;
  }
  for (const auto& [label, value] : labels) members[label] = value;
  // Labels and parameters are text whatever their member's type. A body brings types of its own,
  // and no operation has both a body and a parameter that is a number.
  return Input(std::move(members),
               request.body.empty() ? Input::Scalars::kText : Input::Scalars::kTyped);
}

http::Response write_rest_output(const ByPath& wire, const json::Object& output) {
  http::Response response;
  response.status = wire.status;
  if (wire.status != 204) response.body = json::dump(output);
  return response;
}

http::Response write_rest_error(const Service& service, const Error& error) {
  const WireError wire = wire_error(service, error);
  json::Object body;
  const bool is_denial = wire.name == "AccessDeniedException";
  // What is wrong with a signature is said by the framework, whatever the service.
  const bool is_of_lambda =
      service.signing_name == "lambda" && error.code != ErrorCode::kUnauthenticated;
  if (!is_denial) body["message"] = error.message;
  if (is_of_lambda || is_denial) body["Message"] = error.message;
  if (is_of_lambda && !is_denial) body["Type"] = wire.status < 500 ? "User" : "Service";
  merge_detail(body, error);
  http::Response response;
  response.status = wire.status;
  response.headers.add("x-amzn-ErrorType", wire.name);
  if (is_of_lambda && wire.status == 429) response.headers.add("Retry-After", "1");
  response.body = json::dump(body);
  return response;
}

http::Response write_rest_xml_error(const Service& service, const Error& error,
                                    std::string_view request_id) {
  const WireError wire = wire_error(service, error);
  http::Response response;
  response.status = wire.status;
  std::string& out = response.body;
  out.append("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<Error><Code>").append(wire.name);
  out += "</Code><Message>";
  append_xml_text(out, error.message);
  out += "</Message>";
  json::Object detail;
  merge_detail(detail, error);
  append_xml_content(out, json::Value(std::move(detail)));
  out.append("<RequestId>").append(request_id).append("</RequestId></Error>");
  return response;
}

}  // namespace stator::aws::detail
