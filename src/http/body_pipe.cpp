#include "http/body_pipe.hpp"

#include <utility>

namespace stator::http {

namespace {
constexpr std::size_t kEarlyBytesMax = 8u << 20;
constexpr std::size_t kEarlyBytesBehind = 1u << 20;
}  // namespace

/// Attaches once, or abandons.
class BodyPipe::Attachment {
 public:
  explicit Attachment(std::shared_ptr<BodyPipe> pipe) : pipe_(std::move(pipe)) {}
  Attachment(const Attachment&) = delete;
  ~Attachment() {
    if (pipe_ != nullptr) pipe_->abandon();
  }
  void attach(BodyWriter&& writer) { std::exchange(pipe_, nullptr)->attach(std::move(writer)); }

 private:
  std::shared_ptr<BodyPipe> pipe_;
};

std::function<void(BodyWriter&&)> body_of(std::shared_ptr<BodyPipe> pipe) {
  return [attachment = std::make_shared<BodyPipe::Attachment>(std::move(pipe))](
             BodyWriter&& writer) { attachment->attach(std::move(writer)); };
}

bool BodyPipe::write(std::string_view piece) {
  const std::lock_guard lock(mutex_);
  if (is_abandoned_ || end_ != End::kNone) return false;
  if (writer_) return writer_->write(piece);
  if (early_.size() + piece.size() > kEarlyBytesMax) return false;
  early_.append(piece);
  return true;
}

bool BodyPipe::is_behind(std::function<void()> caught_up) {
  const std::lock_guard lock(mutex_);
  if (is_abandoned_ || end_ != End::kNone) return false;
  if (writer_) return writer_->is_behind(std::move(caught_up));
  if (early_.size() <= kEarlyBytesBehind) return false;
  caught_up_ = std::move(caught_up);
  return true;
}

void BodyPipe::attach(BodyWriter&& writer) {
  std::function<void()> caught_up;
  {
    const std::lock_guard lock(mutex_);
    writer_.emplace(std::move(writer));
    // Refused, the next write is too.
    (void)writer_->write(std::exchange(early_, {}));
    if (end_ == End::kFinished) writer_->finish();
    if (end_ != End::kNone) writer_.reset();
    caught_up = std::exchange(caught_up_, nullptr);
    if (caught_up && writer_ && writer_->is_behind(caught_up)) return;
  }
  if (caught_up) caught_up();
}

void BodyPipe::abandon() {
  std::function<void()> caught_up;
  {
    const std::lock_guard lock(mutex_);
    is_abandoned_ = true;
    early_.clear();
    caught_up = std::exchange(caught_up_, nullptr);
  }
  if (caught_up) caught_up();
}

void BodyPipe::end(End how) {
  const std::lock_guard lock(mutex_);
  if (end_ != End::kNone) return;
  end_ = how;
  if (!writer_) return;
  if (how == End::kFinished) writer_->finish();
  writer_.reset();
}

}  // namespace stator::http
