#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <sys/socket.h>
#include <unistd.h>

#include <future>
#include <string>

#include "lambda/test_support.hpp"

namespace stator::lambda::test {
namespace {

/// A connection to an instance's Runtime API, byte for byte.
class Wire {
 public:
  explicit Wire(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    to.sin_port = htons(port);
    EXPECT_EQ(::connect(socket_.get(), reinterpret_cast<sockaddr*>(&to), sizeof to), 0);
    const timeval patience{10, 0};
    ::setsockopt(socket_.get(), SOL_SOCKET, SO_RCVTIMEO, &patience, sizeof patience);
  }
  void send(const std::string& bytes) {
    EXPECT_EQ(::send(socket_.get(), bytes.data(), bytes.size(), MSG_NOSIGNAL),
              static_cast<ssize_t>(bytes.size()));
  }
  /// What has arrived once it ends so, or what there is after ten seconds.
  std::string read_until(std::string_view end) {
    std::string text;
    char part[4096];
    while (!text.ends_with(end)) {
      const ssize_t got = ::recv(socket_.get(), part, sizeof part, 0);
      if (got <= 0) break;
      text.append(part, static_cast<std::size_t>(got));
    }
    return text;
  }

 private:
  UniqueFd socket_;
};

const std::string kNext = "GET /2018-06-01/runtime/invocation/next HTTP/1.1\r\nHost: x\r\n\r\n";

std::string id_in(const std::string& answer) {
  const std::string name = "Lambda-Runtime-Aws-Request-Id: ";
  const auto at = answer.find(name);
  return at == std::string::npos ? "" : answer.substr(at + name.size(), 36);
}

std::string post(const std::string& id, const std::string& body) {
  return "POST /2018-06-01/runtime/invocation/" + id +
         "/response HTTP/1.1\r\nHost: x\r\nStator-Runtime-Pipelining: next\r\nContent-Length: " +
         std::to_string(body.size()) + "\r\n\r\n" + body;
}

TEST(Pipelining, AResultIsTakenAtOnceAndAcknowledgedWithTheNextEvent) {
  Lab lab;
  ASSERT_TRUE(lab.create("f"));
  lab.serve();
  auto first = std::async(std::launch::async, [&] { return lab.invoke("f", "1"); });
  const auto program = lab.launcher.next();
  ASSERT_NE(program, nullptr);
  Wire wire(program->ports.at(0));
  wire.send(kNext);
  const std::string event = wire.read_until("\r\n\r\n1");
  EXPECT_NE(event.find("Stator-Runtime-Pipelining: on\r\n"), std::string::npos) << event;
  wire.send(post(id_in(event), "\"one\"") + kNext);
  EXPECT_EQ(first.get()->body, "\"one\"");

  auto second = std::async(std::launch::async, [&] { return lab.invoke("f", "2"); });
  const std::string both = wire.read_until("\r\n\r\n2");
  EXPECT_TRUE(both.starts_with("HTTP/1.1 202 ")) << both;
  wire.send(post(id_in(both), "\"two\"") + kNext);
  EXPECT_EQ(second.get()->body, "\"two\"");
}

TEST(Pipelining, ARefusedResultIsAnsweredAtOnce) {
  Lab lab;
  ASSERT_TRUE(lab.create("f"));
  lab.serve();
  auto call = std::async(std::launch::async, [&] { return lab.invoke("f", "1"); });
  const auto program = lab.launcher.next();
  ASSERT_NE(program, nullptr);
  Wire wire(program->ports.at(0));
  wire.send(kNext);
  const std::string event = wire.read_until("\r\n\r\n1");
  wire.send(post("00000000-0000-0000-0000-000000000000", "3"));
  const std::string refused = wire.read_until("}");
  EXPECT_TRUE(refused.starts_with("HTTP/1.1 400 ")) << refused;
  wire.send(post(id_in(event), "\"late\""));
  EXPECT_EQ(call.get()->body, "\"late\"");
}

}  // namespace
}  // namespace stator::lambda::test
