#pragma once

#include <cstdint>
#include <memory>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <unordered_map>

#include "http/http2_request.hpp"
#include "http/message.hpp"

struct nghttp2_session;

namespace stator::http::detail {

struct AnswerHead;

/// The server's side of one HTTP/2 connection without the connection: bytes in, requests out;
/// answers in, bytes out. Knows no socket and no time. One thread.
class Http2Session {
 public:
  using StreamId = std::int32_t;

  struct Limits {
    std::size_t header_bytes = 0;
    std::size_t body_bytes = 0;
  };

  /// Is told what the client does, from within receive(), and asked for bodies, from within
  /// produce(). Of these it may call answer() and resume(), never receive() or produce().
  class Owner {
   public:
    virtual ~Owner() = default;
    /// A request begins to arrive. Every stream that began ends with on_stream_closed().
    virtual void on_begin(StreamId stream) = 0;
    /// Its head is whole and a body follows, then at each piece: so much of the body has come.
    /// False refuses it: the server has too much under way.
    [[nodiscard]] virtual bool on_body(StreamId stream, std::size_t bytes) = 0;
    virtual void on_request(StreamId stream, Request&& request) = 0;
    /// Instead of on_request(); what still comes of it is dropped.
    virtual void on_refused(StreamId stream, const Failure& failure) = 0;
    struct Piece {
      std::size_t bytes = 0;
      bool is_last = false;
      bool is_broken = false;  ///< the body will never be whole
    };
    /// More of the answer's body, as far as it is there.
    [[nodiscard]] virtual Piece on_pull(StreamId stream, std::span<char> into) = 0;
    virtual void on_stream_closed(StreamId stream) = 0;
  };

  Http2Session(Limits limits, Owner& owner);
  Http2Session(const Http2Session&) = delete;
  ~Http2Session();

  /// False when nothing more can be understood: what produce() still gives says why.
  [[nodiscard]] bool receive(std::string_view bytes);
  /// The next bytes for the client, valid until the next call; "" when there are none now.
  [[nodiscard]] std::string_view produce();

  /// `has_body` false: the head is all.
  void answer(StreamId stream, const AnswerHead& head, std::string_view date, bool has_body);
  /// There is more for on_pull(), which had nothing.
  void resume(StreamId stream);
  void reset(StreamId stream);
  /// Wants no more of a request, if all of it has not come: on_refused() says so at once.
  void refuse(StreamId stream, const Failure& failure);
  /// No new requests are taken; those that run go on.
  void go_away();
  /// The client is not to be dealt with any more.
  void cut_off();

  /// Nothing is to be said, or heard.
  [[nodiscard]] bool is_over() const;
  [[nodiscard]] const Limits& limits() const { return limits_; }

 private:
  friend struct Http2Callbacks;

  struct Incoming {
    explicit Incoming(std::size_t header_bytes_max) : fields(header_bytes_max) {}
    Http2Request fields;
    std::optional<Request> request;  ///< from the head's end on
    bool is_over = false;            ///< refused, or given to the owner
    bool is_whole = false;           ///< the client has said all
  };

  void begin(StreamId stream);
  void end_head(StreamId stream, Incoming& incoming, bool is_whole);
  void take_body(StreamId stream, std::string_view bytes);
  void end(StreamId stream, Incoming& incoming);
  void refuse(StreamId stream, Incoming& incoming, const Failure& failure);
  void close(StreamId stream);
  [[nodiscard]] Incoming* find(StreamId stream);

  Limits limits_;
  Owner& owner_;
  nghttp2_session* session_ = nullptr;
  std::unordered_map<StreamId, Incoming> incoming_;
  std::uint64_t received_bytes_ = 0;  ///< of all kinds
  std::uint64_t useful_bytes_ = 0;    ///< of them heads and bodies, and bodies that were sent
};

}  // namespace stator::http::detail
