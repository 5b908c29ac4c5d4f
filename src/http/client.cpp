#include "http/client.hpp"

#include <array>
#include <charconv>

#include "http/response_parser.hpp"
#include "http/stream.hpp"
#include "http/wire.hpp"

namespace stator::http {

namespace {

constexpr std::size_t kAnswerBytesMax = 128u << 20;

}  // namespace

Result<Endpoint> Endpoint::parse(std::string_view url) {
  const auto bad = [url] {
    return invalid("'" + std::string(url) + "' is not of the form http://host[:port]");
  };
  Endpoint endpoint;
  endpoint.is_secure = url.starts_with("https://");
  if (!endpoint.is_secure && !url.starts_with("http://")) return bad();
  endpoint.port = endpoint.is_secure ? 443 : 80;
  auto rest = url.substr(endpoint.is_secure ? 8 : 7);
  if (rest.ends_with('/')) rest.remove_suffix(1);
  std::string_view port;
  if (rest.starts_with('[')) {
    const auto end = rest.find(']');
    if (end == std::string_view::npos) return bad();
    endpoint.host = rest.substr(1, end - 1);
    port = rest.substr(end + 1);
  } else {
    const auto colon = std::min(rest.find(':'), rest.size());
    endpoint.host = rest.substr(0, colon);
    port = rest.substr(colon);
  }
  if (endpoint.host.empty() || endpoint.host.find_first_of("/?#@ \t\r\n") != std::string::npos) {
    return bad();
  }
  if (port.empty()) return endpoint;
  const auto* end = port.data() + port.size();
  const auto read = std::from_chars(port.data() + 1, end, endpoint.port);
  if (port.front() != ':' || read.ec != std::errc() || read.ptr != end || endpoint.port == 0) {
    return bad();
  }
  return endpoint;
}

std::string Endpoint::authority() const {
  const bool is_v6 = host.find(':') != std::string::npos;
  auto text = is_v6 ? "[" + host + "]" : host;
  if (port != (is_secure ? 443 : 80)) text += ":" + std::to_string(port);
  return text;
}

struct Client::Impl {
  Impl(Endpoint where, std::chrono::milliseconds patience, Connect how = {})
      : endpoint(std::move(where)),
        host(endpoint.authority()),
        timeout(patience),
        connect_by(std::move(how)) {}

  Result<void> connect(SteadyTime deadline) {
    if (connect_by) {
      STATOR_TRY(auto socket, connect_by(deadline));
      stream = detail::stream_over(std::move(socket));
      return {};
    }
    STATOR_TRY(auto plain, detail::connect_tcp(endpoint.host, endpoint.port, deadline));
    if (!endpoint.is_secure) {
      stream = std::move(plain);
      return {};
    }
    STATOR_TRY(stream, detail::start_tls(std::move(plain), endpoint.host, deadline));
    return {};
  }

  /// `has_begun` tells whether a byte of the answer came.
  Result<Response> exchange(const Request& request, SteadyTime deadline, bool& has_begun) {
    STATOR_TRY_VOID(
        stream->write(detail::encode_request_head(request, host) + request.body, deadline));
    ResponseParser parser(request.method == "HEAD", kAnswerBytesMax);
    std::array<char, 16384> bytes;
    for (;;) {
      STATOR_TRY(const auto count, stream->read(bytes, deadline));
      has_begun = has_begun || count != 0;
      std::string_view input(bytes.data(), count);
      const auto step = count == 0 ? parser.end() : parser.feed(input);
      if (step == ResponseParser::Step::kFailed) return unavailable(std::string(parser.why()));
      if (step == ResponseParser::Step::kDone) {
        if (!parser.keep_alive() || !input.empty()) stream.reset();
        return parser.take();
      }
    }
  }

  /// As exchange(), with the body of a 200 handed over as it comes.
  Result<Response> follow(const Request& request, const Take& take) {
    const auto deadline = [this] { return SystemClock().steady() + timeout; };
    STATOR_TRY_VOID(
        stream->write(detail::encode_request_head(request, host) + request.body, deadline()));
    ResponseParser parser(request.method == "HEAD", kAnswerBytesMax);
    std::array<char, 16384> bytes;
    for (;;) {
      STATOR_TRY(const auto count, stream->read(bytes, deadline()));
      std::string_view input(bytes.data(), count);
      const auto step = count == 0 ? parser.end() : parser.feed(input);
      if (step == ResponseParser::Step::kFailed) return unavailable(std::string(parser.why()));
      const bool is_taken = parser.so_far().status == 200 && !parser.so_far().body.empty();
      if (is_taken && !take(parser.take_body())) return parser.take();
      if (step == ResponseParser::Step::kDone) return parser.take();
    }
  }

  const Endpoint endpoint;
  const std::string host;
  const std::chrono::milliseconds timeout;
  const Connect connect_by;
  std::unique_ptr<detail::Stream> stream;
};

Client::Client(Endpoint endpoint, std::chrono::milliseconds timeout)
    : impl_(std::make_unique<Impl>(std::move(endpoint), timeout)) {}
Client::Client(Endpoint endpoint, std::chrono::milliseconds timeout, Connect connect)
    : impl_(std::make_unique<Impl>(std::move(endpoint), timeout, std::move(connect))) {}
Client::~Client() = default;
Client::Client(Client&&) noexcept = default;

Result<Response> Client::send(const Request& request) {
  if (!detail::is_sendable_request(request)) {
    return invalid("the request's method, target or headers hold an invalid character");
  }
  const auto deadline = SystemClock().steady() + impl_->timeout;
  for (;;) {
    const bool is_kept = impl_->stream != nullptr;
    if (!is_kept) STATOR_TRY_VOID(impl_->connect(deadline));
    bool has_begun = false;
    auto answer = impl_->exchange(request, deadline, has_begun);
    if (answer) return answer;
    impl_->stream.reset();
    const bool was_closed = answer.error().code == ErrorCode::kUnavailable && !has_begun;
    if (!is_kept || !was_closed) return answer;
  }
}

Result<Response> Client::follow(const Request& request, const Take& take) {
  if (!detail::is_sendable_request(request)) {
    return invalid("the request's method, target or headers hold an invalid character");
  }
  STATOR_TRY_VOID(impl_->connect(SystemClock().steady() + impl_->timeout));
  auto answer = impl_->follow(request, take);
  impl_->stream.reset();
  return answer;
}

}  // namespace stator::http
