#pragma once

#include "http/channel.hpp"

namespace stator::http::detail {

/// A connection whose TLS is not up yet. When it is, what the client has chosen takes over.
class Handshake final : public Channel {
 public:
  using Channel::Channel;

  void start() override;
  void drain() override { close(); }
  void on_ready(Exchange&) override {}
  [[nodiscard]] bool ends_with(const Exchange&) const override { return false; }

 private:
  void on_readable() override;
  void on_writable() override { step(); }
  void on_closed() override {}
  void on_deadline() override { close(); }
  void step();
  void finish();
  void fail();
  void drop_input();

  bool is_lingering_ = false;
};

}  // namespace stator::http::detail
