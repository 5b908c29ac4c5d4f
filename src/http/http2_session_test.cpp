#include "http/http2_session.hpp"

#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>

#include "http/test_http2.hpp"
#include "http/wire.hpp"

namespace stator::http::detail {
namespace {

/// Answers every request at once, with what came.
class Echo final : public Http2Session::Owner {
 public:
  void on_begin(Http2Session::StreamId stream) override { bodies_[stream]; }
  bool on_body(Http2Session::StreamId, std::size_t bytes) override { return bytes <= bytes_max; }
  void on_request(Http2Session::StreamId stream, Request&& request) override {
    ++requests;
    answer(stream, 200, request.method + " " + request.target + " " + request.body);
  }
  void on_refused(Http2Session::StreamId stream, const Failure& failure) override {
    answer(stream, failure.status, std::string(failure.why));
  }
  Piece on_pull(Http2Session::StreamId stream, std::span<char> into) override {
    auto& rest = bodies_[stream];
    const auto count = rest.copy(into.data(), into.size());
    rest.erase(0, count);
    return {count, rest.empty()};
  }
  void on_stream_closed(Http2Session::StreamId stream) override { bodies_.erase(stream); }

  Http2Session session{{.header_bytes = 2000, .body_bytes = 1u << 20}, *this};
  std::size_t bytes_max = 1u << 30;
  int requests = 0;
  [[nodiscard]] std::size_t open() const { return bodies_.size(); }

 private:
  void answer(Http2Session::StreamId stream, int status, std::string body) {
    AnswerHead head{{.status = status}, body.size()};
    head.response.headers.add("X-Upper", "v");
    head.response.headers.add("Connection", "close");
    bodies_[stream] = std::move(body);
    session.answer(stream, head, "now", true);
  }

  std::map<Http2Session::StreamId, std::string> bodies_;
};

/// Both ends.
struct Pair {
  /// Lets both talk until neither has more to say; false when the server gives up.
  bool talk() {
    for (bool is_busy = true; is_busy;) {
      const auto out = client_.output();
      if (!out.empty() && !server_.session.receive(out)) is_alive_ = false;
      std::string back;
      for (auto piece = server_.session.produce(); !piece.empty();
           piece = server_.session.produce()) {
        back += piece;
      }
      client_.receive(back);
      is_busy = is_alive_ && (!out.empty() || !back.empty());
    }
    return is_alive_;
  }
  /// Sends frames as they are, behind a proper beginning.
  bool flood(const std::string& bytes, int times) {
    talk();
    for (int i = 0; i < times && is_alive_; ++i) {
      is_alive_ = server_.session.receive(bytes);
      for (auto piece = server_.session.produce(); !piece.empty();
           piece = server_.session.produce()) {
        client_.receive(piece);
      }
      if (server_.session.is_over() || client_.has_goaway()) return false;
    }
    return is_alive_;
  }
  TestHttp2::Answer ask(const TestHttp2::Fields& fields, const std::string& body = "") {
    const auto stream = client_.send(fields, body);
    talk();
    return client_.answer(stream);
  }

  Echo server_;
  TestHttp2 client_;
  bool is_alive_ = true;
};

class Http2Sessions : public testing::Test, protected Pair {};

TEST_F(Http2Sessions, AnswersRequestsSideBySide) {
  const auto first = client_.send(TestHttp2::get("/1"));
  const auto second = client_.send(TestHttp2::get("/2", "PUT"), std::string(700'000, 'b'));
  const auto third = client_.send(TestHttp2::get("/3"));
  ASSERT_TRUE(talk());
  const auto& answer = client_.answer(first);
  EXPECT_EQ(answer.status, "200");
  EXPECT_EQ(answer.body, "GET /1 ");
  EXPECT_EQ(answer.headers.at("x-upper"), "v");
  EXPECT_EQ(answer.headers.at("content-length"), "7");
  EXPECT_EQ(answer.headers.at("date"), "now");
  EXPECT_EQ(answer.headers.count("connection"), 0u);
  EXPECT_EQ(client_.answer(second).body, "PUT /2 " + std::string(700'000, 'b'));
  EXPECT_EQ(client_.answer(third).body, "GET /3 ");
  EXPECT_EQ(server_.open(), 0u);
}

TEST_F(Http2Sessions, RefusesOneRequestAndServesTheOthers) {
  auto large = TestHttp2::get("/");
  large.emplace_back("x", std::string(3000, 'x'));
  EXPECT_EQ(ask(large).status, "431");
  auto strange = TestHttp2::get("/");
  strange.emplace_back("expect", "wonders");
  EXPECT_EQ(ask(strange).status, "417");
  const auto upload = client_.send(TestHttp2::get("/", "PUT"), std::string(3 << 20, 'x'));
  ASSERT_TRUE(talk());
  EXPECT_EQ(client_.answer(upload).status, "413");
  EXPECT_TRUE(client_.answer(upload).is_over);
  EXPECT_EQ(ask(TestHttp2::get("/still")).body, "GET /still ");
  EXPECT_EQ(server_.open(), 0u);
}

TEST_F(Http2Sessions, RefusesABodyThatDoesNotFitBesideTheOthers) {
  server_.bytes_max = 100;
  EXPECT_EQ(ask(TestHttp2::get("/", "PUT"), std::string(100, 'x')).status, "200");
  EXPECT_EQ(ask(TestHttp2::get("/", "PUT"), std::string(101, 'x')).status, "503");
}

TEST_F(Http2Sessions, ResetsMalformedRequests) {
  const TestHttp2::Fields whole = TestHttp2::get("/");
  const auto with = [&](const std::string& name, const std::string& value) {
    auto fields = whole;
    fields.emplace_back(name, value);
    return fields;
  };
  const TestHttp2::Fields cases[] = {
      {{":method", "GET"}, {":scheme", "https"}, {":authority", "h"}},
      {{":scheme", "https"}, {":authority", "h"}, {":path", "/"}},
      with(":path", "/again"),
      with(":unknown", "x"),
      with("connection", "close"),
      with("transfer-encoding", "chunked"),
      with("te", "gzip"),
      with("content-length", "5"),
      TestHttp2::get("no path"),
      with("x", std::string("a\0b", 3)),
  };
  for (const auto& fields : cases) {
    const auto answer = ask(fields);
    EXPECT_EQ(answer.status, "") << fields.back().first;
    EXPECT_EQ(answer.error, static_cast<std::uint32_t>(NGHTTP2_PROTOCOL_ERROR))
        << fields.back().first;
  }
  EXPECT_EQ(server_.requests, 0);
  EXPECT_EQ(ask(whole).status, "200");
}

TEST_F(Http2Sessions, AsksForABodyThatWaits) {
  auto fields = TestHttp2::get("/", "PUT");
  fields.emplace_back("expect", "100-continue");
  const auto stream = client_.send(fields, "", false);
  ASSERT_TRUE(talk());
  EXPECT_EQ(client_.answer(stream).interim, std::vector<std::string>{"100"});
}

TEST_F(Http2Sessions, TakesNoMoreThanAHundredAtOnce) {
  // All wait for a body that does not come; those above the limit are turned away at once.
  for (int i = 0; i < 120; ++i) client_.send(TestHttp2::get("/", "PUT"), "", false);
  talk();
  EXPECT_LE(server_.open(), 100u);
  EXPECT_EQ(::nghttp2_session_get_remote_settings(client_.session(),
                                                  NGHTTP2_SETTINGS_MAX_CONCURRENT_STREAMS),
            100u);
}

TEST_F(Http2Sessions, CutsOffAClientThatResetsWhatItAsks) {
  // CVE-2023-44487: requests that cost us work and never count as open.
  talk();
  int sent = 0;
  for (; sent < 5000 && is_alive_ && !client_.has_goaway(); ++sent) {
    const auto stream = client_.send(TestHttp2::get("/", "PUT"), "", false);
    auto bytes = client_.output();
    is_alive_ = server_.session.receive(std::move(bytes) +
                                        TestHttp2::frame(NGHTTP2_RST_STREAM, 0,
                                                         static_cast<std::uint32_t>(stream),
                                                         std::string_view("\0\0\0\x08", 4)));
    ::nghttp2_submit_rst_stream(client_.session(), 0, stream, NGHTTP2_CANCEL);
    client_.output();
    for (auto piece = server_.session.produce(); !piece.empty();
         piece = server_.session.produce()) {
      client_.receive(piece);
    }
  }
  EXPECT_LT(sent, 2000);
}

TEST_F(Http2Sessions, CutsOffAClientThatOnlyKeepsItBusy) {
  const std::string ping = TestHttp2::frame(NGHTTP2_PING, 0, 0, "12345678");
  const std::string settings = TestHttp2::frame(NGHTTP2_SETTINGS, 0, 0, "");
  const std::string window =
      TestHttp2::frame(NGHTTP2_WINDOW_UPDATE, 0, 0, std::string_view("\0\0\0\0", 4));
  const std::string priority = TestHttp2::frame(NGHTTP2_PRIORITY, 0, 9,
                                                "\x80"
                                                "1234");
  const std::string unknown = TestHttp2::frame(0xbb, 0, 0, std::string(16384, 'x'));
  for (const auto& bytes : {ping, settings, window, priority, unknown}) {
    Pair pair;
    EXPECT_TRUE(pair.flood(bytes, bytes == window ? 0 : 20));
    EXPECT_FALSE(pair.flood(bytes, 2'000'000)) << static_cast<int>(bytes[3]);
  }
}

TEST_F(Http2Sessions, EndsAHeadThatGoesOnForEver) {
  talk();
  const std::string begin = TestHttp2::frame(NGHTTP2_HEADERS, 0, 1, "\x82");
  ASSERT_TRUE(server_.session.receive(begin));
  // "x: …" as a literal without indexing, again and again.
  std::string fields;
  for (int i = 0; i < 100; ++i) fields += std::string("\x00\x01x\x01y", 5);
  EXPECT_FALSE(flood(TestHttp2::frame(NGHTTP2_CONTINUATION, 0, 1, fields), 1000));
}

TEST_F(Http2Sessions, EndsWithWhatItCannotUnderstand) {
  EXPECT_FALSE(server_.session.receive("GET / HTTP/1.1\r\nHost: h\r\n\r\n"));
}

TEST_F(Http2Sessions, LetsRequestsFinishWhenItGoesAway) {
  const auto stream = client_.send(TestHttp2::get("/", "PUT"), "", false);
  talk();
  server_.session.go_away();
  talk();
  EXPECT_TRUE(client_.has_goaway());
  EXPECT_EQ(client_.goaway(), static_cast<std::uint32_t>(NGHTTP2_NO_ERROR));
  server_.session.refuse(stream, {408, "late"});
  talk();
  EXPECT_EQ(client_.answer(stream).status, "408");
  EXPECT_TRUE(server_.session.is_over());
}

RC_GTEST_PROP(Http2Session, HearsTheSameHoweverItsBytesAreCut, ()) {
  TestHttp2 client;
  client.send(TestHttp2::get("/1", "PUT"), "body");
  client.send(TestHttp2::get("/2"));
  const auto bytes = client.output();
  Echo server;
  std::string_view rest = bytes;
  while (!rest.empty()) {
    const auto size = *rc::gen::inRange<std::size_t>(1, rest.size() + 1);
    RC_ASSERT(server.session.receive(rest.substr(0, size)));
    rest.remove_prefix(size);
  }
  RC_ASSERT(server.requests == 2);
}

}  // namespace
}  // namespace stator::http::detail
