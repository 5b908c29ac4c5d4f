#include "http/test_server.hpp"

#include <future>
#include <thread>

namespace stator::http {
namespace {

using namespace std::chrono_literals;

TEST_F(HttpServer, AnswersAndKeepsTheConnection) {
  serve(echo);
  auto client = connect();
  for (int i = 0; i < 3; ++i) {
    client.send("POST /x HTTP/1.1\r\nHost: h\r\nContent-Length: 2\r\n\r\nhi");
    const auto answer = client.read_answer();
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 200 OK\r\nContent-Type: text/plain\r\n")) << answer;
    EXPECT_NE(answer.find("\r\nDate: "), std::string::npos);
    EXPECT_EQ(answer.find("Connection:"), std::string::npos);
    EXPECT_TRUE(answer.ends_with("\r\n\r\nPOST /x hi")) << answer;
  }
}

TEST_F(HttpServer, TellsTheHandlerWhoCalls) {
  serve([](Request&& request, Responder responder) {
    std::move(responder).send(text(request.peer));
  });
  auto client = connect();
  client.send(kGet);
  EXPECT_TRUE(client.read_answer().ends_with("\r\n127.0.0.1"));
}

TEST_F(HttpServer, TakesOneByteAtATime) {
  serve(echo);
  auto client = connect();
  for (const char byte : std::string_view("PUT /x HTTP/1.1\r\nHost: h\r\nTransfer-Encoding: chunked"
                                          "\r\n\r\n2\r\nab\r\n1\r\nc\r\n0\r\n\r\n")) {
    client.send(std::string_view(&byte, 1));
  }
  EXPECT_TRUE(client.read_answer().ends_with("PUT /x abc"));
}

TEST_F(HttpServer, AnswersPipelinedRequestsInOrder) {
  // The first is answered last, by another thread; more come than may be under way at once.
  serve([&](Request&& request, Responder responder) {
    if (request.target == "/0") return parked_.put(std::move(responder));
    echo(std::move(request), std::move(responder));
  });
  constexpr int kCount = 50;
  std::string requests;
  for (int i = 0; i < kCount; ++i) {
    requests += "GET /" + std::to_string(i) + " HTTP/1.1\r\nHost: h\r\n\r\n";
  }
  auto client = connect();
  client.send(requests);
  parked_.take().send(text("GET /0 "));
  for (int i = 0; i < kCount; ++i) {
    const auto answer = client.read_answer();
    EXPECT_TRUE(answer.ends_with("\r\nGET /" + std::to_string(i) + " ")) << answer;
  }
}

TEST_F(HttpServer, AnswersLaterFromAnotherThread) {
  serve([this](Request&&, Responder responder) { parked_.put(std::move(responder)); });
  auto client = connect();
  for (int i = 0; i < 20; ++i) {
    client.send(kGet);
    parked_.take().send(text("later"));
    EXPECT_TRUE(client.read_answer().ends_with("\r\n\r\nlater"));
  }
}

TEST_F(HttpServer, AnswersWithManyConnectionsAtOnce) {
  serve([this](Request&&, Responder responder) { parked_.put(std::move(responder)); });
  std::vector<TestSocket> clients;
  for (int i = 0; i < 50; ++i) clients.push_back(connect());
  for (auto& client : clients) client.send(kGet);
  for (int i = 0; i < 50; ++i) parked_.take().send(text("ok"));
  for (auto& client : clients) EXPECT_TRUE(client.read_answer().ends_with("\r\n\r\nok"));
}

TEST_F(HttpServer, SendsNoBodyToHead) {
  serve([](Request&& request, Responder responder) {
    auto response = text(request.target == "/made" ? "12345" : "");
    if (request.target == "/told") response.headers.add("Content-Length", "77");
    std::move(responder).send(std::move(response));
  });
  auto client = connect();
  client.send("HEAD /made HTTP/1.1\r\nHost: h\r\n\r\nHEAD /told HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_NE(client.read_to("\r\n\r\n").find("Content-Length: 5\r\n"), std::string::npos);
  EXPECT_NE(client.read_to("\r\n\r\n").find("Content-Length: 77\r\n"), std::string::npos);
}

TEST_F(HttpServer, SendsNoBodyWhereTheStatusForbidsOne) {
  serve([](Request&& request, Responder responder) {
    std::move(responder).send(text("dropped", request.target == "/304" ? 304 : 204));
  });
  auto client = connect();
  client.send("GET /204 HTTP/1.1\r\nHost: h\r\n\r\nGET /304 HTTP/1.1\r\nHost: h\r\n\r\n");
  EXPECT_TRUE(client.read_to("\r\n\r\n").starts_with("HTTP/1.1 204 No Content\r\n"));
  const auto second = client.read_to("\r\n\r\n");
  EXPECT_TRUE(second.starts_with("HTTP/1.1 304 ")) << second;
  EXPECT_EQ(second.find("Content-Length"), std::string::npos);
}

TEST_F(HttpServer, Answers500WhenAHandlerFails) {
  serve([](Request&& request, Responder responder) {
    if (request.target == "/throws") throw BugError("fault");
    if (request.target == "/splits") {
      auto response = text("x");
      response.headers.add("X", "a\r\nSet-Cookie: forged");
      return std::move(responder).send(std::move(response));
    }
    // else dropped
  });
  auto client = connect();
  for (const auto* target : {"/throws", "/splits", "/drops"}) {
    client.send("GET " + std::string(target) + " HTTP/1.1\r\nHost: h\r\n\r\n");
    const auto answer = client.read_answer();
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 500 Internal Server Error\r\n")) << answer;
    EXPECT_EQ(answer.find("forged"), std::string::npos);
  }
}

TEST_F(HttpServer, SendsContinueWhenTheBodyIsAwaited) {
  serve(echo);
  auto client = connect();
  client.send("PUT /x HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_EQ(client.read_to("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("ab");
  EXPECT_TRUE(client.read_answer().ends_with("PUT /x ab"));
  // Not when the body came along.
  client.send("PUT /x HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nab");
  EXPECT_TRUE(client.read_answer().starts_with("HTTP/1.1 200"));
}

TEST_F(HttpServer, SendsContinueAfterTheAnswersBefore) {
  serve([this](Request&& request, Responder responder) {
    if (request.method == "GET") return parked_.put(std::move(responder));
    echo(std::move(request), std::move(responder));
  });
  auto client = connect();
  client.send(std::string(kGet) +
              "PUT /x HTTP/1.1\r\nHost: h\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  parked_.take().send(text("first"));
  EXPECT_TRUE(client.read_answer().ends_with("first"));
  EXPECT_EQ(client.read_to("\r\n\r\n"), "HTTP/1.1 100 Continue\r\n\r\n");
  client.send("ab");
  EXPECT_TRUE(client.read_answer().ends_with("PUT /x ab"));
}

TEST_F(HttpServer, RefusesMalformedRequestsAndCloses) {
  serve(echo, {.header_bytes_max = 200});
  const std::pair<std::string, std::string> cases[] = {
      {"GET / HTTP/1.1\n\n", "400"},
      {"GET / HTTP/3.0\r\nHost: h\r\n\r\n", "505"},
      {"POST / HTTP/1.1\r\nHost: h\r\nContent-Length: 1\r\nTransfer-Encoding: chunked\r\n\r\n",
       "400"},
      {"GET /" + std::string(300, 'x'), "431"},
  };
  for (const auto& [input, status] : cases) {
    auto client = connect();
    client.send(std::string(kGet) + input + std::string(kGet));
    EXPECT_TRUE(client.read_answer().starts_with("HTTP/1.1 200 ")) << input;
    const auto answer = client.read_all();
    EXPECT_TRUE(answer.starts_with("HTTP/1.1 " + status)) << answer;
    EXPECT_EQ(answer.find("HTTP/1.1 200"), std::string::npos) << "what followed was served";
  }
}

TEST_F(HttpServer, ClosesWhenAsked) {
  serve(echo);
  auto client = connect();
  client.send("GET /1 HTTP/1.1\r\nHost: h\r\nConnection: close\r\n\r\n" + std::string(kGet));
  const auto answer = client.read_all();
  EXPECT_NE(answer.find("Connection: close\r\n"), std::string::npos);
  EXPECT_TRUE(answer.ends_with("GET /1 ")) << answer;
}

TEST_F(HttpServer, ServesHttp10) {
  serve(echo);
  auto client = connect();
  client.send("GET /1 HTTP/1.0\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_NE(client.read_answer().find("Connection: keep-alive\r\n"), std::string::npos);
  client.send("GET /2 HTTP/1.0\r\n\r\n");
  EXPECT_NE(client.read_all().find("Connection: close\r\n"), std::string::npos);
}

TEST_F(HttpServer, AnswersAClientThatShutsItsSendingSide) {
  std::promise<void> gone;
  serve([&](Request&&, Responder responder) {
    responder.on_disconnect([&] { gone.set_value(); });
    parked_.put(std::move(responder));
  });
  auto client = connect();
  client.send(kGet);
  client.shut_sending();
  auto responder = parked_.take();
  gone.get_future().wait();
  std::move(responder).send(text("still"));
  EXPECT_TRUE(client.read_all().ends_with("still"));
}

TEST_F(HttpServer, SeesAClientGoWhileItsAnswerIsParked) {
  std::promise<void> gone;
  serve([&](Request&&, Responder responder) {
    responder.on_disconnect([&] { gone.set_value(); });
    parked_.put(std::move(responder));
  });
  auto client = connect();
  client.send(kGet);
  auto responder = parked_.take();
  client.close();
  gone.get_future().wait();
  std::move(responder).send(text("to nobody"));
}

TEST_F(HttpServer, ForgetsADisconnectCallbackOnceAnswered) {
  auto guard = std::make_shared<int>(0);
  std::weak_ptr<int> watch = guard;
  serve([&](Request&&, Responder responder) {
    responder.on_disconnect([held = std::exchange(guard, nullptr)] { FAIL(); });
    std::move(responder).send(text("ok"));
  });
  auto client = connect();
  client.send(kGet);
  EXPECT_TRUE(client.read_answer().ends_with("ok"));
  client.close();
  server_->stop(0s);
  EXPECT_TRUE(watch.expired());
}

TEST_F(HttpServer, StreamsABody) {
  serve([](Request&&, Responder responder) {
    auto writer = std::move(responder).stream(text("first "));
    std::thread([writer = std::move(writer)]() mutable {
      EXPECT_TRUE(writer.write("second "));
      EXPECT_TRUE(writer.write(""));
      EXPECT_TRUE(writer.write("third"));
      writer.finish();
    }).detach();
  });
  auto client = connect();
  for (int i = 0; i < 2; ++i) {
    client.send(kGet);
    const auto head = client.read_to("\r\n\r\n");
    EXPECT_NE(head.find("Transfer-Encoding: chunked\r\n"), std::string::npos);
    EXPECT_EQ(client.read_to("\r\n0\r\n\r\n"),
              "6\r\nfirst \r\n7\r\nsecond \r\n5\r\nthird\r\n0\r\n\r\n");
  }
  client.send("GET / HTTP/1.0\r\n\r\n");
  EXPECT_EQ(client.read_to("\r\n\r\n").find("chunked"), std::string::npos);
  EXPECT_EQ(client.read_all(), "first second third");
}

TEST_F(HttpServer, CutsTheConnectionOfAnUnfinishedBody) {
  serve([](Request&&, Responder responder) {
    auto writer = std::move(responder).stream(text(""));
    EXPECT_TRUE(writer.write("part"));
  });
  auto client = connect();
  client.send(kGet);
  EXPECT_EQ(client.read_all().find("0\r\n\r\n"), std::string::npos);
}

TEST_F(HttpServer, SendsALargeAnswerToASlowReader) {
  const std::string big(20'000'000, 'y');
  serve([&](Request&&, Responder responder) { std::move(responder).send(text(big)); });
  auto client = connect();
  client.send(kGet);
  EXPECT_TRUE(client.read_answer().ends_with("\r\n\r\n" + big));
}

}  // namespace
}  // namespace stator::http
