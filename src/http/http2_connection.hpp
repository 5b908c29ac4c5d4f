#pragma once

#include <memory>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "http/channel.hpp"
#include "http/exchange.hpp"
#include "http/http2_session.hpp"

namespace stator::http::detail {

/// One client's connection in HTTP/2: up to a hundred requests side by side, each with a deadline
/// of its own for what it waits for. To handlers they look as those of HTTP/1 do.
class Http2Connection final : public Channel, private Http2Session::Owner {
 public:
  Http2Connection(Loop& loop, Line line);

  void start() override { settle(); }
  /// Instead of start(), with what was read before.
  void begin(std::string_view bytes) { on_input(bytes); }
  void drain() override;
  [[nodiscard]] bool ends_with(const Exchange&) const override { return false; }
  void on_ready(Exchange& exchange) override;

 private:
  using StreamId = Http2Session::StreamId;

  /// One request and its answer.
  struct Stream final : Deadline {
    Stream(Http2Connection& connection, StreamId id) : owner(connection), number(id) {}
    void on_deadline() override { owner.on_stream_deadline(*this); }

    Http2Connection& owner;
    StreamId number;
    std::shared_ptr<Exchange> exchange;  ///< once the request is whole, or refused
    bool has_request_head = false;
    bool has_head = false;           ///< of the answer
    std::size_t upload_bytes = 0;    ///< of its body, as counted in among what is under way
    std::size_t progress_bytes = 0;  ///< of its body when its deadline was last moved
  };

  /// What the connection's own deadline stands for.
  enum class Wait { kNone, kIdle, kWrite, kLinger };

  void on_readable() override;
  void on_writable() override { pump(); }
  void on_closed() override;
  void on_deadline() override;
  void on_input(std::string_view bytes);
  void on_stream_deadline(Stream& stream);

  void on_begin(StreamId number) override;
  [[nodiscard]] bool on_body(StreamId number, std::size_t bytes) override;
  void on_request(StreamId number, Request&& request) override;
  void on_refused(StreamId number, const Failure& failure) override;
  [[nodiscard]] Piece on_pull(StreamId number, std::span<char> into) override;
  void on_stream_closed(StreamId number) override;

  [[nodiscard]] Stream* find(StreamId number);
  [[nodiscard]] std::shared_ptr<Exchange> new_exchange(Stream& stream, RequestTraits traits);
  void count_upload(Stream& stream, std::size_t bytes);
  void note_orphan(const std::shared_ptr<Exchange>& exchange);
  void pump();
  [[nodiscard]] bool write_some();
  void settle();
  void update_deadline();

  Http2Session session_;
  std::unordered_map<StreamId, std::unique_ptr<Stream>> streams_;
  /// Of requests whose streams ended before their answers, which somebody may still work at.
  std::vector<std::weak_ptr<Exchange>> orphans_;
  std::string out_;         ///< frames that the transport has not taken
  std::size_t offset_ = 0;  ///< into out_
  Wait wait_ = Wait::kNone;
  bool is_busy_ = false;  ///< the session is at work: what becomes ready waits for its end
  bool is_going_away_ = false;
  bool is_failed_ = false;  ///< what the client says cannot be understood
  bool is_lingering_ = false;
};

}  // namespace stator::http::detail
