#include <cstddef>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>

#include "base/check.hpp"
#include "http/http2_session.hpp"
#include "http/wire.hpp"

namespace {

using stator::http::Failure;
using stator::http::Request;
using stator::http::detail::AnswerHead;
using stator::http::detail::Http2Session;

constexpr std::size_t kBodyBytesMax = 512;

/// Answers whatever comes, and holds the session to its promises.
class Owner final : public Http2Session::Owner {
 public:
  void on_begin(Http2Session::StreamId stream) override {
    STATOR_CHECK(streams_.emplace(stream, State::kOpen).second);
  }
  bool on_body(Http2Session::StreamId stream, std::size_t bytes) override {
    STATOR_CHECK(streams_.at(stream) == State::kOpen && bytes <= kBodyBytesMax);
    return true;
  }
  void on_request(Http2Session::StreamId stream, Request&& request) override {
    STATOR_CHECK(request.body.size() <= kBodyBytesMax && !request.target.empty());
    STATOR_CHECK(request.headers.find("host").has_value());
    answer(stream, 200);
  }
  void on_refused(Http2Session::StreamId stream, const Failure& failure) override {
    answer(stream, failure.status);
  }
  Piece on_pull(Http2Session::StreamId, std::span<char> into) override {
    into.front() = 'x';
    return {1, true};
  }
  void on_stream_closed(Http2Session::StreamId stream) override {
    STATOR_CHECK(streams_.erase(stream) == 1);
  }

  Http2Session session{{.header_bytes = 1024, .body_bytes = kBodyBytesMax}, *this};
  [[nodiscard]] std::size_t open() const { return streams_.size(); }

 private:
  enum class State { kOpen, kAnswered };

  void answer(Http2Session::StreamId stream, int status) {
    STATOR_CHECK(streams_.at(stream) == State::kOpen);
    streams_.at(stream) = State::kAnswered;
    session.answer(stream, AnswerHead{{.status = status}, 1}, "now", true);
  }

  std::map<Http2Session::StreamId, State> streams_;
};

}  // namespace

/// Any frames behind a proper beginning are requests or refusals, each answered once.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* data, std::size_t size) {
  const std::string_view bytes(reinterpret_cast<const char*>(data), size);
  Owner owner;
  bool is_alive = owner.session.receive(
      std::string_view("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n\0\0\0\4\0\0\0\0\0", 33));
  const auto cut = size == 0 ? 0 : data[0] % size;
  for (const auto piece : {bytes.substr(0, cut), bytes.substr(cut)}) {
    is_alive = is_alive && owner.session.receive(piece);
    while (!owner.session.produce().empty()) {
    }
  }
  STATOR_CHECK(owner.open() <= 101);
  return 0;
}
