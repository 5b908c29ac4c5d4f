#include "apigateway/integrations/http_request.hpp"

#include "base/bytes.hpp"

namespace stator::apigateway {
namespace {

/// As API Gateway names itself to what it asks.
constexpr const char* kVia = "HTTP/1.1 AmazonAPIGateway";

/// "for=10.0.0.9;host=…;proto=https" (RFC 7239).
std::string forwarded_by(const http::Request& request) {
  const bool is_v6 = request.peer.find(':') != std::string::npos;
  std::string text = "for=" + (is_v6 ? "\"[" + request.peer + "]\"" : request.peer);
  const std::string_view host = request.headers.get("host");
  const bool is_plain = host.find_first_of(":\"\\ ") == std::string_view::npos;
  if (is_plain) {
    text.append(";host=").append(host);
  } else if (host.find_first_of("\"\\") == std::string_view::npos) {
    text.append(";host=\"").append(host).append("\"");
  }
  return text + (request.is_secure ? ";proto=https" : ";proto=http");
}

/// What the client says about who passed it on is no more than its word: For is appended to, the
/// rest replaced.
void add_forwarding(const Exchange& exchange, http::Headers& headers) {
  const http::Request& request = exchange.request;
  std::string passed_by(headers.get("x-forwarded-for"));
  if (!passed_by.empty()) passed_by += ", ";
  headers.set("x-forwarded-for", passed_by + request.peer);
  headers.set("x-forwarded-proto", request.is_secure ? "https" : "http");
  const std::string_view host = request.headers.get("host");
  const auto colon = host.rfind(':');
  headers.set("x-forwarded-port", colon == std::string_view::npos
                                      ? std::string(request.is_secure ? "443" : "80")
                                      : std::string(host.substr(colon + 1)));
  headers.remove("x-forwarded-host");
  headers.set("forwarded", forwarded_by(request));
  std::string via(headers.get("via"));
  if (!via.empty()) via += ", ";
  headers.set("via", via + kVia);
  if (!headers.find("x-amzn-trace-id")) headers.add("x-amzn-trace-id", exchange.trace_id);
}

}  // namespace

std::optional<http::UpstreamRequest> http_request(const Exchange& exchange,
                                                  const HttpTarget& target) {
  auto mapped = exchange.route->integration->target->request_mapping.apply(exchange);
  if (!mapped) return std::nullopt;
  auto path = mapped->path ? percent_encode(*mapped->path, true) : fill_path(target, exchange);
  if (!path) return std::nullopt;
  http::UpstreamRequest request;
  request.origin = target.origin;
  request.timeout = exchange.route->integration->timeout;
  request.message.method = target.method.empty() ? exchange.request.method : target.method;
  request.message.target = *std::move(path);
  for (const std::string& query : {target.query, mapped->query}) {
    if (query.empty()) continue;
    const bool is_first = request.message.target.find('?') == std::string::npos;
    request.message.target += (is_first ? "?" : "&") + query;
  }
  // A Host that a mapping has set is the owner's will; the client's is for us.
  if (mapped->headers.get("host") == exchange.request.headers.get("host")) {
    mapped->headers.remove("host");
  }
  http::remove_hop_by_hop(mapped->headers);
  mapped->headers.remove("expect");
  add_forwarding(exchange, mapped->headers);
  request.message.headers = std::move(mapped->headers);
  request.message.body = exchange.request.body;
  return request;
}

}  // namespace stator::apigateway
