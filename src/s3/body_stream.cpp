#include "s3/body_stream.hpp"

#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <memory>
#include <optional>
#include <string>

namespace stator::s3 {
namespace {

constexpr std::size_t kPieceBytes = 256u << 10;

class BodyStream : public std::enable_shared_from_this<BodyStream> {
 public:
  BodyStream(std::vector<UniqueFd> files, const ObjectInfo& info, Span span, WorkerPool& workers)
      : files_(std::move(files)), blobs_(info.blobs), span_(span), workers_(workers) {}

  void start(http::BodyWriter&& writer) {
    writer_.emplace(std::move(writer));
    post();
  }

 private:
  void post() {
    if (!workers_.post([self = shared_from_this()] { self->pump(); })) writer_.reset();
  }

  void pump() {
    std::string piece;
    while (span_.first <= span_.last) {
      if (!read(piece) || !writer_->write(piece)) return writer_.reset();
      span_.first += piece.size();
      if (writer_->is_behind([self = shared_from_this()] { self->post(); })) return;
    }
    writer_->finish();
  }

  /// The next piece, which ends where its file ends.
  bool read(std::string& piece) {
    std::uint64_t begin = 0;
    std::size_t at = 0;
    while (begin + blobs_[at].size <= span_.first) begin += blobs_[at++].size;
    const auto rest = std::min(begin + blobs_[at].size, span_.last + 1) - span_.first;
    piece.resize(std::min<std::uint64_t>(rest, kPieceBytes));
    for (std::size_t done = 0; done < piece.size();) {
      const auto got = ::pread(files_[at].get(), piece.data() + done, piece.size() - done,
                               static_cast<off_t>(span_.first - begin + done));
      if (got < 0 && errno == EINTR) continue;
      if (got <= 0) return false;
      done += static_cast<std::size_t>(got);
    }
    return true;
  }

  std::vector<UniqueFd> files_;
  std::vector<Blob> blobs_;
  Span span_;  ///< what is still to be sent
  WorkerPool& workers_;
  std::optional<http::BodyWriter> writer_;
};

}  // namespace

std::function<void(http::BodyWriter&&)> stream_body(std::vector<UniqueFd> files,
                                                    const ObjectInfo& info, Span span,
                                                    WorkerPool& workers) {
  auto stream = std::make_shared<BodyStream>(std::move(files), info, span, workers);
  return [stream](http::BodyWriter&& writer) { stream->start(std::move(writer)); };
}

}  // namespace stator::s3
