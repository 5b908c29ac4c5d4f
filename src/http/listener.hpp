#pragma once

#include <boost/asio/steady_timer.hpp>
#include <memory>

#include "base/unique_fd.hpp"
#include "http/loop.hpp"
#include "http/net.hpp"

namespace stator::http::detail {

/// Accepts on one loop. Lives on the loop's thread after start().
class Listener final : public std::enable_shared_from_this<Listener> {
 public:
  /// Takes a listening stream socket of any family.
  Listener(Loop& loop, std::shared_ptr<Site> site, UniqueFd listening);

  void start() { await(); }
  void close();
  [[nodiscard]] const Site& site() const { return *site_; }

 private:
  void await();
  void accept_all();
  void serve(UniqueFd accepted, std::string peer);
  void pause(int error);

  Loop& loop_;
  const std::shared_ptr<Site> site_;
  Socket socket_;
  asio::steady_timer retry_timer_;
  bool is_closed_ = false;
};

/// Binds and listens; nothing reads the result but accept. Throws ConfigError.
struct Binding {
  std::string address;
  std::uint16_t port = 0;
  bool is_shared = false;  ///< with SO_REUSEPORT
};
[[nodiscard]] UniqueFd listen_on(const Binding& binding);
/// Throws ConfigError when another process has the port.
void check_free(const Binding& binding);
[[nodiscard]] std::uint16_t port_of(int socket);

}  // namespace stator::http::detail
