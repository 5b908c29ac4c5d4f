#include "aws/error_table.hpp"
#include "aws/protocol.hpp"
#include "aws/query_form.hpp"
#include "aws/xml.hpp"

namespace stator::aws::detail {
namespace {

void append_open(std::string& out, const std::string& name, const Service& service) {
  out.append("<").append(name);
  if (!service.xml_namespace.empty()) {
    out.append(" xmlns=\"").append(service.xml_namespace).append("\"");
  }
  out += ">";
}

}  // namespace

Result<Input> read_query_input(const http::Request& request) {
  std::string form(request.query());
  if (!form.empty() && !request.body.empty()) form += '&';
  form += request.body;
  STATOR_TRY(json::Object members, parse_form(form));
  members.erase("Action");
  members.erase("Version");
  return Input(std::move(members), Input::Scalars::kText);
}

http::Response write_query_output(const Service& service, const Operation& operation,
                                  const json::Object& output, std::string_view request_id) {
  http::Response response;
  std::string& out = response.body;
  append_open(out, operation.name() + "Response", service);
  // Clients in Go fail without the result element; where AWS sends none, nobody looks for it.
  append_xml_element(out, operation.name() + "Result", output);
  out.append("<ResponseMetadata><RequestId>").append(request_id);
  out.append("</RequestId></ResponseMetadata></").append(operation.name()).append("Response>\n");
  return response;
}

http::Response write_query_error(const Service& service, const Error& error,
                                 std::string_view request_id) {
  const WireError wire = wire_error(service, error);
  http::Response response;
  response.status = wire.status;
  std::string& out = response.body;
  append_open(out, "ErrorResponse", service);
  out.append("<Error><Type>").append(wire.status < 500 ? "Sender" : "Receiver");
  out.append("</Type><Code>").append(wire.name).append("</Code><Message>");
  append_xml_text(out, error.message);
  out.append("</Message></Error><RequestId>").append(request_id);
  out.append("</RequestId></ErrorResponse>\n");
  return response;
}

}  // namespace stator::aws::detail
