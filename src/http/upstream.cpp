#include "http/upstream.hpp"

#include <openssl/err.h>
#include <openssl/ssl.h>

#include <algorithm>
#include <array>
#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/post.hpp>
#include <map>
#include <optional>
#include <set>
#include <thread>
#include <tuple>

#include "base/strings.hpp"
#include "http/syntax.hpp"
#include "http/upstream_connection.hpp"
#include "http/wire.hpp"

namespace stator::http {

namespace {

using detail::NetError;
using detail::UpstreamConnection;
using detail::UpstreamOutcome;

/// Where a connection leads: requests that agree on all of it may share one.
using Origin = std::tuple<std::string, std::uint16_t, bool, std::string>;

bool is_idempotent(std::string_view method) {
  constexpr std::array<std::string_view, 6> kMethods = {"GET", "HEAD",   "OPTIONS",
                                                        "PUT", "DELETE", "TRACE"};
  return std::find(kMethods.begin(), kMethods.end(), method) != kMethods.end();
}

detail::SslContext make_client_context(const std::string& authorities_file) {
  detail::SslContext context(::SSL_CTX_new(::TLS_client_method()));
  if (context == nullptr) return nullptr;
  ::SSL_CTX_set_min_proto_version(context.get(), TLS1_2_VERSION);
  ::SSL_CTX_set_verify(context.get(), SSL_VERIFY_PEER, nullptr);
  ::SSL_CTX_set_mode(context.get(), SSL_MODE_RELEASE_BUFFERS);
  const int loaded =
      authorities_file.empty()
          ? ::SSL_CTX_set_default_verify_paths(context.get())
          : ::SSL_CTX_load_verify_locations(context.get(), authorities_file.c_str(), nullptr);
  ::ERR_clear_error();
  return loaded == 1 ? std::move(context) : nullptr;
}

/// One request on its way, on the client's thread but for `is_given_up`.
struct Call {
  Call(detail::asio::io_context& io, UpstreamRequest given, Upstream::Done what)
      : request(std::move(given)), done(std::move(what)), timer(io) {}

  [[nodiscard]] Origin origin() const {
    const auto& [host, port, is_secure] = request.origin;
    return {host, port, is_secure, request.server_name};
  }

  UpstreamRequest request;
  Upstream::Done done;  ///< empty once called
  detail::asio::steady_timer timer;
  std::shared_ptr<UpstreamConnection> connection;
};
using CallPtr = std::shared_ptr<Call>;

}  // namespace

struct Upstream::Impl : std::enable_shared_from_this<Upstream::Impl> {
  explicit Impl(UpstreamOptions given)
      : options(std::move(given)), tls(make_client_context(options.authorities_file)) {}

  void begin(const CallPtr& call) {
    if (is_stopped) return settle(call, unavailable("the server is stopping"));
    calls.insert(call);
    call->timer.expires_after(call->request.timeout);
    call->timer.async_wait([this, call](NetError error) {
      if (!error) settle(call, Error{ErrorCode::kTimeout, "the server did not answer in time"});
    });
    if (auto kept = take_idle(call->origin())) {
      call->connection = std::move(kept);
      return ask(call, true);
    }
    connect(call);
  }

  void connect(const CallPtr& call) {
    const UpstreamRequest& request = call->request;
    if (request.origin.is_secure && tls == nullptr) {
      return settle(call, unavailable("no authorities to check certificates by"));
    }
    const auto& name = request.server_name.empty() ? request.origin.host : request.server_name;
    call->connection = std::make_shared<UpstreamConnection>(
        io, UpstreamConnection::Options{request.origin, name, tls.get(), options.connect_timeout,
                                        options.idle_timeout, options.body_bytes_max});
    call->connection->connect([this, call](Result<void> result) {
      if (!call->done) return;
      if (!result) return settle(call, std::move(result).error());
      ask(call, false);
    });
  }

  void ask(const CallPtr& call, bool is_kept) {
    const Request& message = call->request.message;
    std::string bytes =
        detail::encode_request_head(message, call->request.origin.authority()) + message.body;
    call->connection->exchange(
        std::move(bytes), message.method == "HEAD", [this, call, is_kept](UpstreamOutcome outcome) {
          if (!call->done) return;
          const bool may_repeat =
              is_kept && !outcome.answer && !outcome.has_begun &&
              outcome.answer.error().code == ErrorCode::kUnavailable &&
              (!outcome.has_sent || is_idempotent(call->request.message.method));
          if (may_repeat) return connect(call);
          if (outcome.answer && call->connection->is_open()) keep(call->origin(), call->connection);
          settle(call, std::move(outcome.answer));
        });
  }

  void settle(const CallPtr& call, Result<Response> answer) {
    const auto what = std::exchange(call->done, nullptr);
    if (!what) return;
    calls.erase(call);
    call->timer.cancel();
    const auto connection = std::exchange(call->connection, nullptr);
    // A connection with an answer that was not read to its end is of no more use.
    if (connection != nullptr && !answer) connection->close();
    in_flight.fetch_sub(1);
    what(std::move(answer));
  }

  std::shared_ptr<UpstreamConnection> take_idle(const Origin& origin) {
    const auto found = idle_connections.find(origin);
    if (found == idle_connections.end()) return nullptr;
    // The one used last is the least likely to have been closed meanwhile.
    auto connection = found->second.back();
    forget(origin, connection);
    return connection;
  }

  void forget(const Origin& origin, const std::shared_ptr<UpstreamConnection>& connection) {
    const auto found = idle_connections.find(origin);
    if (found == idle_connections.end()) return;
    idle_count -= std::erase(found->second, connection);
    if (found->second.empty()) idle_connections.erase(found);
  }

  void keep(const Origin& origin, const std::shared_ptr<UpstreamConnection>& connection) {
    auto& same = idle_connections[origin];
    if (is_stopped || same.size() >= options.idle_per_origin_max ||
        idle_count >= options.idle_max) {
      if (same.empty()) idle_connections.erase(origin);
      return connection->close();
    }
    same.push_back(connection);
    ++idle_count;
    connection->rest([this, origin, weak = std::weak_ptr(connection)] {
      if (const auto gone = weak.lock()) forget(origin, gone);
    });
  }

  void end_all() {
    is_stopped = true;
    for (const auto& call : std::set<CallPtr>(calls)) {
      settle(call, unavailable("the server is stopping"));
    }
    for (const auto& [origin, connections] : std::map(idle_connections)) {
      for (const auto& connection : connections) connection->close();
    }
  }

  const UpstreamOptions options;
  const detail::SslContext tls;
  std::atomic<std::size_t> in_flight{0};
  std::atomic<std::size_t> idle_count{0};
  std::atomic<bool> is_closed{false};
  detail::asio::io_context io{1};
  std::optional<detail::asio::executor_work_guard<detail::asio::io_context::executor_type>> work{
      io.get_executor()};
  std::thread thread;

  // Of the client's thread.
  bool is_stopped = false;
  std::set<CallPtr> calls;
  std::map<Origin, std::vector<std::shared_ptr<UpstreamConnection>>> idle_connections;
};

Upstream::Upstream(UpstreamOptions options) : impl_(std::make_shared<Impl>(std::move(options))) {}

Upstream::~Upstream() {
  stop();
}

void Upstream::start() {
  impl_->thread = std::thread([impl = impl_.get()] { impl->io.run(); });
}

void Upstream::stop() {
  Impl& impl = *impl_;
  if (impl.is_closed.exchange(true)) return;
  if (!impl.thread.joinable()) return impl.end_all();
  detail::asio::post(impl.io, [&impl] {
    impl.end_all();
    impl.work.reset();
  });
  impl.thread.join();
  // What was asked for while the thread ended.
  impl.io.restart();
  impl.io.poll();
}

Upstream::Cancel Upstream::send(UpstreamRequest request, Done done) {
  if (!detail::is_sendable_request(request.message)) {
    done(invalid("the request's method, target or headers hold an invalid character"));
    return [] {};
  }
  Impl& impl = *impl_;
  if (impl.is_closed) {
    done(unavailable("the server is stopping"));
    return [] {};
  }
  if (impl.in_flight.fetch_add(1) >= impl.options.in_flight_max) {
    impl.in_flight.fetch_sub(1);
    done(Error{ErrorCode::kThrottled, "too many requests are on their way"});
    return [] {};
  }
  const auto call = std::make_shared<Call>(impl.io, std::move(request), std::move(done));
  detail::asio::post(impl.io, [raw = impl_.get(), call] { raw->begin(call); });
  return [weak = std::weak_ptr(impl_), weak_call = std::weak_ptr(call)] {
    const auto owner = weak.lock();
    const auto wanted = weak_call.lock();
    if (owner == nullptr || wanted == nullptr || owner->is_closed) return;
    detail::asio::post(
        owner->io, [raw = owner.get(), wanted] { raw->settle(wanted, unavailable("given up")); });
  };
}

std::size_t Upstream::idle() const {
  return impl_->idle_count;
}

void remove_hop_by_hop(Headers& headers) {
  std::vector<std::string> named = {"connection",
                                    "keep-alive",
                                    "proxy-connection",
                                    "te",
                                    "trailer",
                                    "transfer-encoding",
                                    "upgrade",
                                    "proxy-authenticate",
                                    "proxy-authorization"};
  for (const auto& [name, value] : headers.fields()) {
    if (!equals_ignore_case(name, "connection")) continue;
    for (const std::string_view token : split(value, ',')) named.emplace_back(trim(token));
  }
  for (const std::string& name : named) headers.remove(name);
}

}  // namespace stator::http
