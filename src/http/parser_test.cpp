#include "http/parser.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include <vector>

namespace stator::http {
namespace {

using Step = RequestParser::Step;

/// A request that can be compared.
struct Seen : Request {
  bool keep_alive = false;
  bool operator==(const Seen& other) const {
    return method == other.method && target == other.target && body == other.body &&
           headers.fields() == other.headers.fields() && keep_alive == other.keep_alive;
  }
};

struct Outcome {
  std::vector<Seen> requests;
  int status = 0;  ///< of the failure that ended the reading
  std::string why;
  bool operator==(const Outcome&) const = default;
};

constexpr RequestParser::Limits kSmall{.header_bytes = 256, .body_bytes = 64};

/// Feeds `pieces` one after another.
Outcome read(const std::vector<std::string_view>& pieces, RequestParser::Limits limits = kSmall) {
  RequestParser parser(limits);
  Outcome outcome;
  for (auto piece : pieces) {
    for (auto step = Step::kHead; step != Step::kMore;) {
      step = parser.feed(piece);
      if (step == Step::kDone) {
        auto request = parser.take();
        outcome.requests.push_back({std::move(request), parser.keep_alive()});
      }
      if (step == Step::kFailed) {
        outcome.status = parser.failure().status;
        outcome.why = parser.failure().why;
        return outcome;
      }
    }
    EXPECT_TRUE(piece.empty());
  }
  return outcome;
}

TEST(RequestParser, ReadsARequest) {
  const auto outcome =
      read({"POST /a%20b?x=1 HTTP/1.1\r\nHost: h:1\r\nX-One:  two words \t\r\nEmpty:\r\n"
            "Content-Length: 5\r\n\r\nhello"});
  ASSERT_EQ(outcome.requests.size(), 1u);
  const auto& request = outcome.requests.front();
  EXPECT_EQ(request.method, "POST");
  EXPECT_EQ(request.path(), "/a%20b");
  EXPECT_EQ(request.query(), "x=1");
  EXPECT_EQ(request.headers.get("x-one"), "two words");
  EXPECT_EQ(request.headers.find("empty"), "");
  EXPECT_EQ(request.body, "hello");
}

TEST(RequestParser, ReadsRequestsThatFollowEachOther) {
  const auto outcome =
      read({"\r\nGET /1 HTTP/1.1\r\nHost: h\r\n\r\n"
            "POST /2 HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: Chunked\r\n\r\n"
            "3;name=\"value\"\r\nabc\r\n00A\r\n0123456789\r\n0\r\nTrailer: t\r\n\r\n"
            "GET /3 HTTP/1.1\r\nHost: h\r\nConnection: x, Close\r\n\r\n"});
  ASSERT_EQ(outcome.requests.size(), 3u);
  EXPECT_EQ(outcome.requests[1].body, "abc0123456789");
  EXPECT_FALSE(outcome.requests[1].headers.find("trailer"));
  EXPECT_EQ(outcome.requests[2].target, "/3");
  EXPECT_TRUE(outcome.requests[1].keep_alive);
  EXPECT_FALSE(outcome.requests[2].keep_alive);
}

TEST(RequestParser, ReadsOtherFormsOfTheTarget) {
  const auto absolute =
      read({"GET http://real:80/x?y HTTP/1.1\r\nHost: forged\r\n\r\n"
            "GET HTTPS://real?q HTTP/1.1\r\nHost: forged\r\n\r\n"
            "OPTIONS * HTTP/1.1\r\nHost: h\r\n\r\n"});
  ASSERT_EQ(absolute.requests.size(), 3u);
  EXPECT_EQ(absolute.requests[0].target, "/x?y");
  EXPECT_EQ(absolute.requests[0].headers.get("host"), "real:80");
  EXPECT_EQ(absolute.requests[1].target, "/?q");
  EXPECT_EQ(absolute.requests[2].target, "*");
}

TEST(RequestParser, KeepsHttp10OpenOnlyWhenAsked) {
  const auto outcome =
      read({"GET / HTTP/1.0\r\nConnection: keep-alive\r\n\r\n"
            "GET / HTTP/1.0\r\n\r\n"});
  ASSERT_EQ(outcome.requests.size(), 2u);
  EXPECT_TRUE(outcome.requests[0].keep_alive);
  EXPECT_FALSE(outcome.requests[1].keep_alive);
}

struct Refusal {
  const char* name;
  std::string input;
  int status;
};
std::ostream& operator<<(std::ostream& out, const Refusal& refusal) {
  return out << refusal.name;
}

std::string head(std::string_view fields) {
  return "POST / HTTP/1.1\r\nHost: h\r\n" + std::string(fields) + "\r\n";
}
std::string chunked(std::string_view body) {
  return head("Transfer-Encoding: chunked\r\n") + std::string(body);
}

class Refuses : public testing::TestWithParam<Refusal> {};

TEST_P(Refuses, WithItsStatus) {
  const auto outcome = read({GetParam().input});
  EXPECT_EQ(outcome.status, GetParam().status) << outcome.why;
  EXPECT_TRUE(outcome.requests.empty());
}

INSTANTIATE_TEST_SUITE_P(
    RequestParser, Refuses,
    testing::Values(
        // What two readers could frame in two ways.
        Refusal{"BothFramings", head("Content-Length: 1\r\nTransfer-Encoding: chunked\r\n"), 400},
        Refusal{"TwoLengths", head("Content-Length: 1\r\nContent-Length: 2\r\n"), 400},
        Refusal{"SameLengthTwice", head("Content-Length: 1\r\nContent-Length: 1\r\n"), 400},
        Refusal{"LengthList", head("Content-Length: 1, 1\r\n"), 400},
        Refusal{"SignedLength", head("Content-Length: +1\r\n"), 400},
        Refusal{"HexLength", head("Content-Length: 0x1\r\n"), 400},
        Refusal{"EmptyLength", head("Content-Length:\r\n"), 400},
        Refusal{"UnknownCoding", head("Transfer-Encoding: gzip, chunked\r\n"), 501},
        Refusal{"AlmostChunked", head("Transfer-Encoding: xchunked\r\n"), 501},
        Refusal{"CodingWithParameter", head("Transfer-Encoding: chunked;q=1\r\n"), 501},
        Refusal{"CodingUndone", head("Transfer-Encoding: chunked, identity\r\n"), 501},
        Refusal{"CodingOnANewLine", head("Transfer-Encoding:\r\n chunked\r\n"), 400},
        Refusal{"CodingBehindAControl",
                head("Transfer-Encoding: \x0b"
                     "chunked\r\n"),
                400},
        Refusal{"CodingTwice", head("Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n"),
                400},
        Refusal{"CodingInHttp10", "POST / HTTP/1.0\r\nTransfer-Encoding: chunked\r\n\r\n", 400},
        Refusal{"BareLf", "GET / HTTP/1.1\nHost: h\n\n", 400},
        Refusal{"BareLfInField", "GET / HTTP/1.1\r\nHost: h\nX: y\r\n\r\n", 400},
        Refusal{"BareCr", head("X: a\rb\r\n"), 400}, Refusal{"Folded", head("X: a\r\n b\r\n"), 400},
        Refusal{"FoldedFirst", "GET / HTTP/1.1\r\n Host: h\r\n\r\n", 400},
        Refusal{"SpaceBeforeColon", head("X : a\r\n"), 400}, Refusal{"NoColon", head("X\r\n"), 400},
        Refusal{"NoName", head(": a\r\n"), 400},
        Refusal{"NameWithParenthesis", head("X(y): a\r\n"), 400},
        Refusal{"ZeroInValue", head(std::string("X: a\0b\r\n", 8)), 400},
        // The request line.
        Refusal{"TwoWords", "GET /\r\n\r\n", 400},
        Refusal{"FourWords", "GET / x HTTP/1.1\r\nHost: h\r\n\r\n", 400},
        Refusal{"DoubleSpace", "GET  / HTTP/1.1\r\nHost: h\r\n\r\n", 400},
        Refusal{"BadMethod", "G(T / HTTP/1.1\r\nHost: h\r\n\r\n", 400},
        Refusal{"LowerVersion", "GET / http/1.1\r\nHost: h\r\n\r\n", 400},
        Refusal{"Http2", "GET / HTTP/2.0\r\nHost: h\r\n\r\n", 505},
        Refusal{"Http12", "GET / HTTP/1.2\r\nHost: h\r\n\r\n", 505},
        Refusal{"ControlInTarget", "GET /\x01 HTTP/1.1\r\nHost: h\r\n\r\n", 400},
        Refusal{"HighByteInTarget", "GET /\xc3\xa9 HTTP/1.1\r\nHost: h\r\n\r\n", 400},
        Refusal{"Fragment", "GET /#x HTTP/1.1\r\nHost: h\r\n\r\n", 400},
        Refusal{"RelativeTarget", "GET x HTTP/1.1\r\nHost: h\r\n\r\n", 400},
        Refusal{"StarForGet", "GET * HTTP/1.1\r\nHost: h\r\n\r\n", 400},
        Refusal{"UserInAbsolute", "GET http://u@h/ HTTP/1.1\r\nHost: h\r\n\r\n", 400},
        Refusal{"AuthorityForGet", "GET h:80 HTTP/1.1\r\nHost: h\r\n\r\n", 400},
        Refusal{"OtherScheme", "GET ftp://h/ HTTP/1.1\r\nHost: h\r\n\r\n", 400},
        Refusal{"NoHostInAbsolute", "GET http:///x HTTP/1.1\r\nHost: h\r\n\r\n", 400},
        Refusal{"TwoHostsAndAbsolute", "GET http://a/ HTTP/1.1\r\nHost: b\r\nHost: c\r\n\r\n", 400},
        Refusal{"Connect", "CONNECT h:1 HTTP/1.1\r\nHost: h\r\n\r\n", 501},
        Refusal{"NoHost", "GET / HTTP/1.1\r\n\r\n", 400},
        Refusal{"TwoHosts", "GET / HTTP/1.1\r\nHost: h\r\nHost: h\r\n\r\n", 400},
        Refusal{"SlashInHost", "GET / HTTP/1.1\r\nHost: h/x\r\n\r\n", 400},
        // Bounds.
        Refusal{"LongHead", "GET / HTTP/1.1\r\nHost: h\r\nX: " + std::string(300, 'x'), 431},
        Refusal{"LongLength", head("Content-Length: 65\r\n"), 413},
        Refusal{"HugeLength", head("Content-Length: 99999999999999999999999\r\n"), 413},
        Refusal{"OtherExpectation", head("Expect: tea\r\n"), 417},
        // Chunks.
        Refusal{"ChunkSizeOverflow", chunked("10000000000000000\r\n"), 413},
        Refusal{"ChunkSizeDigits", chunked("00000000000000001\r\n"), 400},
        Refusal{"ChunksTooLarge", chunked("40\r\n" + std::string(64, 'x') + "\r\n1\r\n"), 413},
        Refusal{"ChunkSizeEmpty", chunked("\r\n"), 400},
        Refusal{"ChunkSizeSigned", chunked("-1\r\n"), 400},
        Refusal{"ChunkSizeSpaced", chunked("1 \r\nx\r\n"), 400},
        Refusal{"ChunkSizeBareLf", chunked("1\nx\r\n"), 400},
        Refusal{"ChunkExtensionBareLf", chunked("1;a\nx\r\n"), 400},
        Refusal{"ChunkExtensionLong", chunked("1;" + std::string(2000, 'a')), 400},
        Refusal{"ChunkDataLong", chunked("1\r\nxy\r\n"), 400},
        Refusal{"ChunkDataBareLf", chunked("1\r\nx\n"), 400},
        Refusal{"TrailerBareLf", chunked("0\r\nX: y\n\r\n"), 400},
        Refusal{"TrailerFolded", chunked("0\r\n X: y\r\n\r\n"), 400},
        Refusal{"TrailersLong", chunked("0\r\nX: " + std::string(9000, 'a')), 431}),
    [](const auto& param) { return std::string(param.param.name); });

TEST(RequestParser, RefusesTooManyFields) {
  std::string fields;
  for (int i = 0; i < 300; ++i) fields += "X: y\r\n";
  EXPECT_EQ(read({head(fields)}, {}).status, 431);
}

TEST(RequestParser, TakesAHeadOfExactlyItsBound) {
  const std::string start = "GET / HTTP/1.1\r\nHost: h\r\nX: ";
  const std::string fits = start + std::string(256 - start.size() - 4, 'x') + "\r\n\r\n";
  EXPECT_EQ(read({fits}).requests.size(), 1u);
  EXPECT_EQ(read({start + std::string(256 - start.size() - 3, 'x') + "\r\n\r\n"}).status, 431);
}

TEST(RequestParser, SaysWhenABodyIsAwaited) {
  RequestParser parser;
  auto bytes = head("Content-Length: 1\r\nExpect: 100-Continue\r\n");
  std::string_view input = bytes;
  EXPECT_TRUE(parser.is_idle());
  EXPECT_EQ(parser.feed(input), Step::kHead);
  EXPECT_TRUE(parser.expects_continue());
  EXPECT_TRUE(parser.is_in_body());
  EXPECT_EQ(parser.feed(input), Step::kMore);
}

/// Requests, sound and not, glued together.
rc::Gen<std::string> any_stream() {
  const auto part = rc::gen::element<std::string>(
      "GET /a HTTP/1.1\r\nHost: h\r\n\r\n", "\r\n", "\n", "X: y\r\n",
      "POST /b HTTP/1.1\r\nHost: h\r\nContent-Length: 3\r\n\r\nabc",
      "PUT /c HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n2\r\nxy\r\n0\r\n\r\n",
      "PUT /d HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked\r\n\r\n1;e=f\r\nx\r\n0\r\nT: "
      "u\r\n\r\n",
      "GET / HTTP/1.0\r\n\r\n", "POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 99\r\n\r\n",
      std::string(100, 'z'));
  return rc::gen::map(rc::gen::container<std::vector<std::string>>(part),
                      [](const std::vector<std::string>& parts) {
                        std::string all;
                        for (const auto& one : parts) all += one;
                        return all;
                      });
}

TEST(RequestParser, GivesTheSameHoweverTheBytesAreCut) {
  EXPECT_TRUE(rc::check([] {
    const auto stream = *any_stream();
    std::vector<std::string_view> pieces;
    for (std::string_view left = stream; !left.empty();) {
      const auto size =
          *rc::gen::inRange<std::size_t>(1, std::min<std::size_t>(left.size(), 40) + 1);
      pieces.push_back(left.substr(0, size));
      left.remove_prefix(size);
    }
    RC_ASSERT(read(pieces) == read({stream}));
  }));
}

TEST(RequestParser, SurvivesAnyBytes) {
  EXPECT_TRUE(rc::check([](const std::string& bytes) {
    const auto cut = *rc::gen::inRange<std::size_t>(0, bytes.size() + 1);
    const std::string_view view(bytes);
    RC_ASSERT(read({view.substr(0, cut), view.substr(cut)}) == read({view}));
  }));
}

}  // namespace
}  // namespace stator::http
