#pragma once

#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <string_view>

#include "http/message.hpp"
#include "http/server.hpp"

namespace stator::http {

/// A body that is written from one side while its head is still on its way on the other: through a
/// Response whose `stream` is body_of(pipe). Pieces that come before the head has left are kept,
/// 8 MiB at most. Any thread.
class BodyPipe {
 public:
  /// False when nobody reads any more, or more waits than may: the rest is lost.
  [[nodiscard]] bool write(std::string_view piece);
  /// True when the reader is behind. Then `caught_up` is called once, from any thread, when it has
  /// caught up or gone; it must not call the pipe.
  [[nodiscard]] bool is_behind(std::function<void()> caught_up);
  void finish() { end(End::kFinished); }
  /// Breaks the connection, so that the client sees that the body is not whole.
  void cut() { end(End::kCut); }

 private:
  friend std::function<void(BodyWriter&&)> body_of(std::shared_ptr<BodyPipe> pipe);
  class Attachment;
  enum class End { kNone, kFinished, kCut };

  void attach(BodyWriter&& writer);
  void abandon();
  void end(End how);

  std::mutex mutex_;
  std::optional<BodyWriter> writer_;
  std::string early_;
  std::function<void()> caught_up_;
  End end_ = End::kNone;
  bool is_abandoned_ = false;
};

/// What a Response's `stream` is set to. Destroyed uncalled, it tells the pipe that nobody reads.
[[nodiscard]] std::function<void(BodyWriter&&)> body_of(std::shared_ptr<BodyPipe> pipe);

}  // namespace stator::http
