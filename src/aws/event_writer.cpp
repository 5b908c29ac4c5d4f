#include "aws/event_writer.hpp"

#include <array>

#include "base/bytes.hpp"

namespace stator::aws::detail {
namespace {

std::string claim_text(const json::Value& claim) {
  if (claim.is_string()) return std::string(json::view(claim.get_string()));
  if (!claim.is_array()) return json::dump(claim);
  std::string text = "[";
  for (const json::Value& one : claim.get_array()) {
    if (text.size() > 1) text += ' ';
    text += one.is_string() ? std::string(json::view(one.get_string())) : json::dump(one);
  }
  return text + "]";
}

}  // namespace

void EventWriter::key(std::string_view name) {
  separate();
  text_value(name);
  out_.push_back(':');
  is_first_ = true;
}

void EventWriter::text(std::string_view value) {
  separate();
  text_value(value);
}

void EventWriter::raw(std::string_view json) {
  if (json.empty()) return;
  separate();
  out_.append(json);
}

void EventWriter::member(std::string_view name, std::string_view value) {
  key(name);
  text(value);
}

void EventWriter::raw_member(std::string_view name, std::string_view json) {
  key(name);
  out_.append(json);
  is_first_ = false;
}

void EventWriter::member_or_null(std::string_view name, std::string_view value) {
  if (value.empty()) return null_member(name);
  member(name, value);
}

void EventWriter::open(char bracket) {
  separate();
  out_.push_back(bracket);
  is_first_ = true;
}

void EventWriter::close(char bracket) {
  out_.push_back(bracket);
  is_first_ = false;
}

void EventWriter::separate() {
  if (!is_first_) out_.push_back(',');
  is_first_ = false;
}

void EventWriter::text_value(std::string_view value) {
  constexpr std::string_view kHex = "0123456789abcdef";
  out_.push_back('"');
  for (const char c : value) {
    const auto byte = static_cast<unsigned char>(c);
    if (c == '"' || c == '\\') {
      out_.push_back('\\');
      out_.push_back(c);
    } else if (byte < 0x20) {
      out_.append("\\u00");
      out_.push_back(kHex[byte >> 4]);
      out_.push_back(kHex[byte & 15]);
    } else {
      out_.push_back(c);
    }
  }
  out_.push_back('"');
}

void write_certificate(EventWriter& writer, const http::ClientCertificate& certificate) {
  writer.key("clientCert");
  writer.open('{');
  writer.member("clientCertPem", certificate.pem);
  writer.member("subjectDN", certificate.subject);
  writer.member("issuerDN", certificate.issuer);
  writer.member("serialNumber", certificate.serial);
  writer.key("validity");
  writer.open('{');
  writer.member("notBefore", certificate.not_before);
  writer.member("notAfter", certificate.not_after);
  writer.close('}');
  writer.close('}');
}

void write_token(EventWriter& writer, const ProxyCaller& caller) {
  writer.key("claims");
  writer.open('{');
  for (const auto& claim : *caller.claims) writer.member(claim.key(), claim_text(claim.value()));
  writer.close('}');
  if (caller.scopes == nullptr || caller.scopes->empty()) return writer.null_member("scopes");
  writer.key("scopes");
  writer.open('[');
  for (const std::string& scope : *caller.scopes) writer.text(scope);
  writer.close(']');
}

void write_body(EventWriter& writer, const http::Request& request, bool is_null_without) {
  const bool as_text = is_text_body(request.headers.get("content-type")) && is_utf8(request.body);
  if (request.body.empty()) {
    if (is_null_without) writer.null_member("body");
  } else if (as_text) {
    writer.member("body", request.body);
  } else {
    writer.member("body", base64_encode(request.body));
  }
  writer.raw_member("isBase64Encoded", as_text || request.body.empty() ? "false" : "true");
}

bool is_event_header(std::string_view lower_name) {
  return lower_name != "connection" && lower_name != "transfer-encoding" && lower_name != "expect";
}

std::string forwarded_port(const http::Request& request) {
  const std::string_view host = request.headers.get("host");
  const auto colon = host.rfind(':');
  if (colon == std::string_view::npos) return request.is_secure ? "443" : "80";
  return std::string(host.substr(colon + 1));
}

}  // namespace stator::aws::detail
