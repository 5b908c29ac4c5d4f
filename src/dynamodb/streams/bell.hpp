#pragma once

#include <cstdint>
#include <functional>
#include <utility>

namespace stator::dynamodb::streams {

/// Tells one listener that a stream has new records, so that nobody need ask again and again.
class Bell {
 public:
  /// Called after each write that left a record, on the thread that wrote and under the table's
  /// locks: it must be short and must not read or write tables.
  using Listener = std::function<void(std::uint64_t stream_id)>;

  /// Once, before the first write that is to be heard.
  void listen(Listener listener) { listener_ = std::move(listener); }
  void ring(std::uint64_t stream_id) const {
    if (listener_) listener_(stream_id);
  }

 private:
  Listener listener_;
};

}  // namespace stator::dynamodb::streams
