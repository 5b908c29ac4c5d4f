#pragma once

#include <string>
#include <string_view>

#include "aws/proxy_event.hpp"
#include "http/message.hpp"
#include "json/json.hpp"

/// What both formats of proxy events are written with.
namespace stator::aws::detail {

/// Appends JSON by hand: an event is written once per request and read by someone else.
class EventWriter {
 public:
  explicit EventWriter(std::string& out) : out_(out) {}

  void key(std::string_view name);
  void text(std::string_view value);
  /// Members or elements that are JSON already; none when empty.
  void raw(std::string_view json);
  void member(std::string_view name, std::string_view value);
  void raw_member(std::string_view name, std::string_view json);
  void null_member(std::string_view name) { raw_member(name, "null"); }
  /// The text, or null when it is empty.
  void member_or_null(std::string_view name, std::string_view value);
  void open(char bracket);
  void close(char bracket);

 private:
  void separate();
  void text_value(std::string_view value);

  std::string& out_;
  bool is_first_ = true;
};

void write_map(EventWriter& writer, std::string_view name, const auto& pairs) {
  writer.key(name);
  writer.open('{');
  for (const auto& [key, value] : pairs) writer.member(key, value);
  writer.close('}');
}

/// "clientCert" with what it says.
void write_certificate(EventWriter& writer, const http::ClientCertificate& certificate);
/// "claims" and "scopes". A claim that is no text is written as text, a list as "[a b]".
void write_token(EventWriter& writer, const ProxyCaller& caller);
/// "body", unless there is none, and "isBase64Encoded".
void write_body(EventWriter& writer, const http::Request& request, bool is_null_without);

/// Whether the client's field goes into events: its framing does not.
[[nodiscard]] bool is_event_header(std::string_view lower_name);
/// The port that the client's Host names, or its scheme's.
[[nodiscard]] std::string forwarded_port(const http::Request& request);

}  // namespace stator::aws::detail
