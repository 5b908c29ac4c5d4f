#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace stator::http {

class BodyWriter;

/// Header fields in order of arrival, names compared without case. Lookups are linear: there are
/// few.
class Headers {
 public:
  using Field = std::pair<std::string, std::string>;

  void add(std::string name, std::string value) {
    fields_.emplace_back(std::move(name), std::move(value));
  }
  /// Replaces every field of that name by one.
  void set(std::string_view name, std::string value);
  void remove(std::string_view name);
  /// The first field of that name; the view lives until the headers change.
  [[nodiscard]] std::optional<std::string_view> find(std::string_view name) const;
  /// The same, "" when absent.
  [[nodiscard]] std::string_view get(std::string_view name) const {
    return find(name).value_or("");
  }
  [[nodiscard]] const std::vector<Field>& fields() const { return fields_; }
  void reserve(std::size_t count) { fields_.reserve(count); }

 private:
  std::vector<Field> fields_;
};

/// The certificate that a client proved in the TLS handshake to own. Times as OpenSSL prints them:
/// "May 28 12:30:02 2019 GMT".
struct ClientCertificate {
  std::string pem;
  std::string subject;  ///< "CN=ann,O=Example" with the most specific name first (RFC 2253)
  std::string issuer;
  std::string serial;  ///< "A1:B2:…", hexadecimal
  std::string not_before;
  std::string not_after;
};

/// One request as it arrived, body complete and its transfer coding undone.
struct Request {
  std::string method;  ///< as sent, e.g. "GET"
  std::string target;  ///< as sent, origin form: "/a%20b?x=1"
  Headers headers;
  std::string body;
  std::string peer;  ///< the client's address without port
  bool is_secure = false;
  std::string_view protocol = "HTTP/1.1";  ///< of static storage
  std::string server_name = {};            ///< that TLS asked for (SNI), in lower case
  /// Null unless the listener asked for one and the client's was good.
  std::shared_ptr<const ClientCertificate> client_certificate = {};

  /// The target before '?', still percent-encoded.
  [[nodiscard]] std::string_view path() const {
    return std::string_view(target).substr(0, target.find('?'));
  }
  /// The target after the first '?', still percent-encoded; "" when there is none.
  [[nodiscard]] std::string_view query() const {
    const auto at = target.find('?');
    return at == std::string::npos ? std::string_view() : std::string_view(target).substr(at + 1);
  }
};

/// Content-Length, Transfer-Encoding, Date and Connection are the server's to write: those given
/// are dropped, except that an answer to HEAD without a body may say its Content-Length.
struct Response {
  int status = 200;
  Headers headers;
  std::string body;
  /// When set, the body goes on after `body`: called once, with what takes the rest, when the head
  /// is on its way. Never called for an answer that is dropped before.
  std::function<void(BodyWriter&&)> stream = {};
};

/// The reason phrase for a status ("Not Found"); "" for one that is not registered.
[[nodiscard]] std::string_view reason(int status);

/// The decoded name-value pairs of a query string or form body, in order; '+' is a space. Nothing
/// when an escape is malformed.
[[nodiscard]] std::optional<std::vector<std::pair<std::string, std::string>>> parse_query(
    std::string_view query);

}  // namespace stator::http
