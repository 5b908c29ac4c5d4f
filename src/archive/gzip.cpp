#include "archive/gzip.hpp"

#include <zlib.h>

#include <new>

#include "base/check.hpp"

namespace stator::archive {

namespace {

constexpr std::size_t kPieceBytes = 64u << 10;
/// Window of 32 KB; 16 more says gzip and not zlib's own frame.
constexpr int kGzipWindowBits = 15 + 16;
constexpr int kMemoryLevel = 8;

Bytef* bytes_of(std::string_view view) {
  // zlib's interface is older than const; it does not write to its input.
  return reinterpret_cast<Bytef*>(const_cast<char*>(view.data()));
}

/// An inflating stream that ends with its scope.
class Inflater {
 public:
  Inflater() {
    if (inflateInit2(&stream_, kGzipWindowBits) != Z_OK) throw std::bad_alloc();
  }
  ~Inflater() { inflateEnd(&stream_); }
  Inflater(const Inflater&) = delete;
  z_stream& operator*() { return stream_; }
  z_stream* operator->() { return &stream_; }

 private:
  z_stream stream_ = {};
};

}  // namespace

struct GzipWriter::State {
  z_stream stream = {};
  std::string out;

  /// Runs the stream over what it was given until it wants more, or to its end.
  void run(int flush) {
    int status = Z_OK;
    do {
      const std::size_t used = out.size();
      out.resize(used + kPieceBytes);
      stream.next_out = reinterpret_cast<Bytef*>(out.data() + used);
      stream.avail_out = kPieceBytes;
      status = deflate(&stream, flush);
      STATOR_CHECK(status != Z_STREAM_ERROR);
      out.resize(out.size() - stream.avail_out);
    } while (stream.avail_out == 0 || (flush == Z_FINISH && status != Z_STREAM_END));
  }
};

GzipWriter::GzipWriter() : state_(std::make_unique<State>()) {
  if (deflateInit2(&state_->stream, Z_DEFAULT_COMPRESSION, Z_DEFLATED, kGzipWindowBits,
                   kMemoryLevel, Z_DEFAULT_STRATEGY) != Z_OK) {
    throw std::bad_alloc();
  }
}

GzipWriter::~GzipWriter() {
  deflateEnd(&state_->stream);
}

void GzipWriter::append(std::string_view bytes) {
  while (!bytes.empty()) {
    const std::string_view piece = bytes.substr(0, kPieceBytes);
    bytes.remove_prefix(piece.size());
    state_->stream.next_in = bytes_of(piece);
    state_->stream.avail_in = static_cast<uInt>(piece.size());
    state_->run(Z_NO_FLUSH);
  }
}

std::string GzipWriter::finish() {
  state_->stream.next_in = nullptr;
  state_->stream.avail_in = 0;
  state_->run(Z_FINISH);
  return std::move(state_->out);
}

Result<void> gunzip(std::string_view gzip,
                    const std::function<Result<void>(std::string_view)>& take) {
  Inflater stream;
  std::string piece(kPieceBytes, '\0');
  std::string_view rest = gzip;
  int status = Z_OK;
  do {
    const std::string_view input = rest.substr(0, kPieceBytes);
    stream->next_in = bytes_of(input);
    stream->avail_in = static_cast<uInt>(input.size());
    stream->next_out = reinterpret_cast<Bytef*>(piece.data());
    stream->avail_out = kPieceBytes;
    status = inflate(&*stream, Z_NO_FLUSH);
    rest.remove_prefix(input.size() - stream->avail_in);
    if (status != Z_OK && status != Z_STREAM_END) return invalid("damaged gzip data");
    const std::size_t count = kPieceBytes - stream->avail_out;
    if (count > 0) STATOR_TRY_VOID(take(std::string_view(piece).substr(0, count)));
    if (status == Z_STREAM_END && !rest.empty()) {
      if (inflateReset(&*stream) != Z_OK) return invalid("damaged gzip data");
      status = Z_OK;
    }
  } while (status != Z_STREAM_END);
  return {};
}

}  // namespace stator::archive
