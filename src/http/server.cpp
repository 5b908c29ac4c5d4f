#include "http/server.hpp"

#include <algorithm>
#include <atomic>
#include <thread>
#include <unordered_map>
#include <vector>

#include "base/check.hpp"
#include "http/exchange.hpp"
#include "http/listener.hpp"
#include "http/loop.hpp"
#include "http/tls_context.hpp"

namespace stator::http {

namespace {
/// For one sandbox: more than any client library's pool opens.
constexpr std::size_t kAdoptedConnectionsMax = 256;
}  // namespace

struct Server::Impl {
  Impl(ServerOptions given, Handler handler, const Clock& clock, const log::Logger& log)
      : options(std::move(given)), logger(log) {
    const auto cores = std::max(1u, std::thread::hardware_concurrency());
    const auto count = options.loops == 0 ? cores : options.loops;
    for (unsigned i = 0; i < count; ++i) {
      loops.push_back(std::make_shared<detail::Loop>(clock, logger));
    }
    auto site = std::make_shared<detail::Site>();
    site->options = options;
    site->handler = std::move(handler);
    site->connections_max = options.connections_max;
    site->is_public = true;
    port = bind(site, options.address, options.port);
    if (!options.tls) return;
    auto secure = std::make_shared<detail::Site>(*site);
    secure->tls = std::make_shared<const detail::TlsFront>(options.tls);
    const auto& address = options.tls_address.empty() ? options.address : options.tls_address;
    tls_port = bind(secure, address, options.tls_port);
  }

  std::uint16_t bind(const std::shared_ptr<detail::Site>& site, const std::string& address,
                     std::uint16_t wanted) {
    detail::Binding binding{address, wanted, loops.size() > 1};
    if (binding.port != 0 && binding.is_shared) detail::check_free(binding);
    for (const auto& loop : loops) {
      auto socket = detail::listen_on(binding);
      binding.port = detail::port_of(socket.get());
      loop->listen(std::make_shared<detail::Listener>(*loop, site, std::move(socket)));
    }
    return binding.port;
  }

  void stop(std::chrono::milliseconds grace) {
    const std::lock_guard lock(stop_mutex);
    if (is_stopped) return;
    is_stopped = true;
    const auto busy = std::make_shared<std::atomic<std::size_t>>(loops.size());
    const auto drained = [this, busy] {
      if (busy->fetch_sub(1) != 1) return;
      for (const auto& loop : loops) loop->stop();
    };
    for (const auto& loop : loops) {
      loop->post([target = loop.get(), grace, drained] { target->drain(grace, drained); });
    }
    if (threads.empty()) start();  // so that each loop closes what it holds
    for (auto& thread : threads) thread.join();
  }

  void start() {
    for (const auto& loop : loops) threads.emplace_back([loop] { loop->run(); });
  }

  ServerOptions options;
  const log::Logger& logger;
  std::vector<std::shared_ptr<detail::Loop>> loops;
  std::vector<std::thread> threads;
  std::uint16_t port = 0;
  std::uint16_t tls_port = 0;
  std::atomic<ListenerId> next_id{1};
  std::mutex stop_mutex;
  bool is_stopped = false;
};

Server::Server(ServerOptions options, Handler handler, const Clock& clock,
               const log::Logger& logger)
    : impl_(std::make_unique<Impl>(std::move(options), std::move(handler), clock, logger)) {}

Server::~Server() {
  stop(std::chrono::milliseconds::zero());
}

void Server::start() {
  STATOR_CHECK(impl_->threads.empty());
  impl_->start();
}

void Server::stop(std::chrono::milliseconds grace) {
  impl_->stop(grace);
}

std::uint16_t Server::port() const {
  return impl_->port;
}

std::uint16_t Server::tls_port() const {
  return impl_->tls_port;
}

Server::ListenerId Server::adopt(UniqueFd listener, Handler handler,
                                 std::chrono::milliseconds idle_timeout, SinkChooser streams) {
  const auto id = impl_->next_id.fetch_add(1);
  auto site = std::make_shared<detail::Site>();
  site->options = impl_->options;
  site->options.idle_timeout = idle_timeout;
  site->handler = std::move(handler);
  site->streams = std::move(streams);
  site->connections_max = kAdoptedConnectionsMax;
  site->id = id;
  auto& loop = impl_->loops[id % impl_->loops.size()];
  auto socket = std::make_shared<UniqueFd>(std::move(listener));
  loop->post([target = loop.get(), site, socket] {
    target->listen(std::make_shared<detail::Listener>(*target, site, std::move(*socket)));
  });
  return id;
}

void Server::retire(ListenerId id) {
  auto& loop = impl_->loops[id % impl_->loops.size()];
  loop->post([target = loop.get(), id] { target->retire(id); });
}

}  // namespace stator::http
