#include "lambda/telemetry.hpp"

#include <fcntl.h>
#include <netinet/in.h>
#include <poll.h>
#include <sys/socket.h>

#include <algorithm>
#include <cerrno>
#include <utility>

#include "base/file.hpp"
#include "base/time_format.hpp"
#include "json/json.hpp"
#include "lambda/runtime_api.hpp"

namespace stator::lambda {
namespace {

constexpr std::string_view kPath = "/2022-07-01/telemetry";
/// Kept for subscriptions that have not come yet.
constexpr std::size_t kEarlyBytesMax = 256u << 10;
constexpr std::chrono::milliseconds kSendTimeout{2'000};

struct Bounds {
  std::int64_t least;
  std::int64_t usual;
  std::int64_t most;
};
constexpr Bounds kItems{1'000, 10'000, 10'000};
constexpr Bounds kBytes{262'144, 262'144, 1'048'576};
constexpr Bounds kTimeoutMs{25, 1'000, 30'000};

http::Response refuse(std::string_view message) {
  return runtime_api::refusal(400, "Telemetry.ValidationError", message);
}

Result<std::int64_t> read_bound(const json::Object& buffering, std::string_view name,
                                const Bounds& bounds) {
  const auto* given = json::find(buffering, name);
  if (given == nullptr) return bounds.usual;
  const auto number = json::find_int(buffering, name);
  if (number && *number >= bounds.least && *number <= bounds.most) return *number;
  return invalid("buffering." + std::string(name) + " must be a number from " +
                 std::to_string(bounds.least) + " to " + std::to_string(bounds.most));
}

/// Where a destination's URI leads: a port of the sandbox, and a path.
struct Destination {
  std::uint16_t port = 0;
  std::string target;
};

Result<Destination> read_destination(const json::Object& members) {
  const auto* destination = json::find(members, "destination");
  if (destination == nullptr || !destination->is_object()) {
    return invalid("destination is missing");
  }
  const auto& object = destination->get_object();
  if (json::find_string(object, "protocol").value_or("HTTP") != "HTTP") {
    return invalid("stator supports the destination protocol HTTP alone");
  }
  const std::string uri = json::find_string(object, "URI").value_or("");
  const auto path = std::min(uri.find('/', std::min(uri.find("//") + 2, uri.size())), uri.size());
  const auto endpoint = http::Endpoint::parse(uri.substr(0, path));
  constexpr std::array<std::string_view, 4> kHosts = {"sandbox.localdomain", "sandbox", "localhost",
                                                      "127.0.0.1"};
  const bool is_inside = endpoint && !endpoint->is_secure &&
                         std::find(kHosts.begin(), kHosts.end(), endpoint->host) != kHosts.end();
  if (!is_inside) return invalid("destination.URI must be http://sandbox.localdomain:PORT/...");
  return Destination{endpoint->port, path == uri.size() ? "/" : uri.substr(path)};
}

/// Connects to a port of the namespace that the socket belongs to, whatever it was connected to
/// before. The result is another handle of the same socket.
Result<UniqueFd> connect_inside(int socket, std::uint16_t port, SteadyTime deadline) {
  sockaddr nowhere{};
  nowhere.sa_family = AF_UNSPEC;
  (void)::connect(socket, &nowhere, sizeof nowhere);
  (void)::fcntl(socket, F_SETFL, O_NONBLOCK);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(port);
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int error = 0;
  if (::connect(socket, reinterpret_cast<const sockaddr*>(&address), sizeof address) != 0) {
    error = errno;
  }
  if (error == EINPROGRESS) {
    const auto left = std::chrono::duration_cast<std::chrono::milliseconds>(
        deadline - std::chrono::steady_clock::now());
    pollfd ready{socket, POLLOUT, 0};
    socklen_t size = sizeof error;
    if (::poll(&ready, 1, std::max(0, static_cast<int>(left.count()))) != 1) {
      error = ETIMEDOUT;
    } else if (::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &size) != 0) {
      error = errno;
    }
  }
  if (error != 0) {
    return unavailable("nobody listens on port " + std::to_string(port) + " of the sandbox");
  }
  UniqueFd handle(::fcntl(socket, F_DUPFD_CLOEXEC, 0));
  if (!handle) return errno_error("dup");
  return handle;
}

std::string batch_body(const std::deque<std::string>& events) {
  std::string body = "[";
  for (const auto& event : events) {
    if (body.size() > 1) body += ',';
    body += event;
  }
  return body + "]";
}

}  // namespace

bool Telemetry::owns(std::string_view path) {
  return path == kPath;
}

http::Response Telemetry::subscribe(const http::Request& request, const std::string& extension,
                                    WallTime now) {
  const std::lock_guard lock(mutex_);
  if (is_registration_closed_) {
    return runtime_api::refusal(403, "Telemetry.SubscriptionClosed",
                                "Subscriptions are taken in the init phase alone");
  }
  if (connectors_.empty()) {
    return runtime_api::refusal(403, "Telemetry.TooManySubscriptions",
                                "stator takes no more subscriptions for this instance");
  }
  auto read = read_subscription(request);
  if (!read) return refuse(read.error().message);
  const SubscriptionPtr subscription = std::move(*read);
  subscription->extension = extension;
  subscription->socket = std::move(connectors_.back());
  connectors_.pop_back();
  subscriptions_.push_back(subscription);
  json::Array types;
  if (subscription->wants[0]) types.emplace_back("platform");
  if (subscription->wants[1]) types.emplace_back("function");
  append(*subscription, json::dump(json::Object{{"time", iso8601_ms(now)},
                                                {"type", "platform.telemetrySubscription"},
                                                {"record", json::Object{{"name", extension},
                                                                        {"state", "Subscribed"},
                                                                        {"types", types}}}}));
  for (const auto& [kind, event] : early_) {
    if (subscription->wants[static_cast<std::size_t>(kind)]) append(*subscription, event);
  }
  schedule(subscription);
  http::Response response;
  response.headers.add("Content-Type", "text/plain");
  response.body = "OK";
  return response;
}

Result<Telemetry::SubscriptionPtr> Telemetry::read_subscription(const http::Request& request) {
  const auto members = json::parse_object(request.body);
  if (!members) return invalid("The body is not a JSON object");
  auto out = std::make_shared<Subscription>();
  const auto* types = json::find(*members, "types");
  if (types == nullptr || !types->is_array() || types->get_array().empty()) {
    return invalid("types must be a list of platform, function and extension");
  }
  for (const auto& type : types->get_array()) {
    const auto name = type.is_string() ? json::view(type.get_string()) : std::string_view();
    if (name == "platform") {
      out->wants[static_cast<std::size_t>(Kind::kPlatform)] = true;
    } else if (name == "function" || name == "extension") {
      // All programs of an instance print into one stream: the lines are the function's.
      out->wants[static_cast<std::size_t>(Kind::kFunction)] = true;
    } else {
      return invalid("types must be a list of platform, function and extension");
    }
  }
  const auto* given = json::find(*members, "buffering");
  if (given != nullptr && !given->is_object()) return invalid("buffering must be an object");
  const json::Object buffering = given != nullptr ? given->get_object() : json::Object();
  STATOR_TRY(const auto items, read_bound(buffering, "maxItems", kItems));
  STATOR_TRY(const auto bytes, read_bound(buffering, "maxBytes", kBytes));
  STATOR_TRY(const auto timeout_ms, read_bound(buffering, "timeoutMs", kTimeoutMs));
  STATOR_TRY(auto destination, read_destination(*members));
  out->items_max = static_cast<std::size_t>(items);
  out->bytes_max = static_cast<std::size_t>(bytes);
  out->timeout = std::chrono::milliseconds(timeout_ms);
  out->target = std::move(destination.target);
  // The client belongs to the subscription whose socket it uses, and ends with it.
  out->client = std::make_unique<http::Client>(
      http::Endpoint{"sandbox.localdomain", destination.port, false}, kSendTimeout,
      [subscription = out.get(), port = destination.port](SteadyTime deadline) {
        return connect_inside(subscription->socket.get(), port, deadline);
      });
  return out;
}

void Telemetry::close_registration() {
  const std::lock_guard lock(mutex_);
  is_registration_closed_ = true;
  early_.clear();
  connectors_.clear();
}

void Telemetry::add(Kind kind, std::string event) {
  const std::lock_guard lock(mutex_);
  if (is_closed_) return;
  for (const auto& subscription : subscriptions_) {
    if (!subscription->wants[static_cast<std::size_t>(kind)]) continue;
    append(*subscription, event);
    schedule(subscription);
  }
  if (is_registration_closed_ || early_bytes_ + event.size() > kEarlyBytesMax) return;
  early_bytes_ += event.size();
  early_.push_back({kind, std::move(event)});
}

void Telemetry::append(Subscription& to, std::string event) {
  to.bytes += event.size();
  to.events.push_back(std::move(event));
  trim(to);
}

void Telemetry::trim(Subscription& to) {
  while (to.bytes > 2 * to.bytes_max) {
    to.bytes -= to.events.front().size();
    ++to.dropped;
    to.dropped_bytes += to.events.front().size();
    to.events.pop_front();
  }
}

void Telemetry::schedule(const SubscriptionPtr& subscription) {
  Subscription& one = *subscription;
  if (one.events.empty() || is_closed_) return;
  // A subscriber that did not take the last batch is left alone until the timer.
  const bool is_full = one.events.size() >= one.items_max || one.bytes >= one.bytes_max;
  if (is_full && !one.has_failed) start_sending(subscription);
  arm(subscription);
}

void Telemetry::arm(const SubscriptionPtr& subscription) {
  Subscription& one = *subscription;
  if (std::exchange(one.is_timer_armed, true)) return;
  parts_.scheduler.after(one.timeout, [weak = weak_from_this(), subscription] {
    const auto self = weak.lock();
    if (self == nullptr) return;
    const std::lock_guard lock(self->mutex_);
    subscription->is_timer_armed = false;
    self->start_sending(subscription);
  });
}

void Telemetry::start_sending(const SubscriptionPtr& subscription) {
  Subscription& one = *subscription;
  if (one.is_sending || one.events.empty() || is_closed_) return;
  if (one.dropped > 0) {
    one.events.push_front(json::dump(json::Object{
        {"time", iso8601_ms(parts_.clock.wall())},
        {"type", "platform.logsDropped"},
        {"record", json::Object{{"reason", "The subscriber was too slow"},
                                {"droppedRecords", std::exchange(one.dropped, 0)},
                                {"droppedBytes", std::exchange(one.dropped_bytes, 0)}}}}));
    one.bytes += one.events.front().size();
  }
  std::deque<std::string> batch;
  while (!one.events.empty() && batch.size() < one.items_max) {
    one.bytes -= one.events.front().size();
    batch.push_back(std::move(one.events.front()));
    one.events.pop_front();
  }
  auto shared = std::make_shared<std::deque<std::string>>(std::move(batch));
  one.is_sending =
      parts_.threads.post(parts_.lane, [self = shared_from_this(), subscription, shared] {
        self->send(subscription, std::move(*shared));
      });
  if (one.is_sending) return;
  for (auto at = shared->rbegin(); at != shared->rend(); ++at) {
    one.bytes += at->size();
    one.events.push_front(std::move(*at));
  }
  arm(subscription);
}

void Telemetry::send(const SubscriptionPtr& subscription, std::deque<std::string> batch) {
  http::Request request;
  request.method = "POST";
  request.target = subscription->target;
  request.headers.add("Content-Type", "application/json");
  request.body = batch_body(batch);
  const auto answer = subscription->client->send(request);
  const bool is_taken = answer && answer->status < 500;
  const std::lock_guard lock(mutex_);
  subscription->is_sending = false;
  if (is_closed_) return;
  if (!is_taken) {
    for (auto at = batch.rbegin(); at != batch.rend(); ++at) {
      subscription->bytes += at->size();
      subscription->events.push_front(std::move(*at));
    }
    trim(*subscription);
  }
  subscription->has_failed = !is_taken;
  schedule(subscription);
}

void Telemetry::flush() {
  const std::lock_guard lock(mutex_);
  for (const auto& subscription : subscriptions_) start_sending(subscription);
}

void Telemetry::close() {
  const std::lock_guard lock(mutex_);
  is_closed_ = true;
  early_.clear();
  for (const auto& subscription : subscriptions_) {
    subscription->events.clear();
    subscription->bytes = 0;
  }
}

}  // namespace stator::lambda
