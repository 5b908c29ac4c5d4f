#include <arpa/inet.h>
#include <gtest/gtest.h>
#include <poll.h>
#include <unistd.h>

#include <array>
#include <functional>
#include <thread>

#include "core/resolve.hpp"

namespace stator::sdk {
namespace {

std::string text_of_address(const Address& address) {
  std::array<char, INET6_ADDRSTRLEN> text{};
  const auto& v4 = reinterpret_cast<const sockaddr_in&>(address.storage);
  const auto& v6 = reinterpret_cast<const sockaddr_in6&>(address.storage);
  if (address.family() == AF_INET) inet_ntop(AF_INET, &v4.sin_addr, text.data(), text.size());
  if (address.family() == AF_INET6) inet_ntop(AF_INET6, &v6.sin6_addr, text.data(), text.size());
  return text.data();
}

/// A name server that answers each question with what it is told to; empty for silence.
class FakeDns {
 public:
  using Script = std::function<std::string(const std::string& query)>;

  explicit FakeDns(Script script) : fd_(socket(AF_INET, SOCK_DGRAM | SOCK_CLOEXEC, 0)) {
    Address any = parse_address("127.0.0.1", 0);
    EXPECT_EQ(bind(fd_, any.generic(), any.size), 0);
    address_.size = sizeof address_.storage;
    getsockname(fd_, reinterpret_cast<sockaddr*>(&address_.storage), &address_.size);
    EXPECT_EQ(pipe(end_), 0);
    thread_ = std::thread([this, script = std::move(script)] { serve(script); });
  }
  ~FakeDns() {
    close(end_[1]);
    thread_.join();
    close(end_[0]);
    close(fd_);
  }
  FakeDns(const FakeDns&) = delete;
  FakeDns& operator=(const FakeDns&) = delete;

  [[nodiscard]] const Address& address() const { return address_; }

 private:
  void serve(const Script& script) const {
    for (;;) {
      pollfd waiters[] = {{fd_, POLLIN, 0}, {end_[0], POLLIN, 0}};
      poll(waiters, 2, -1);
      if (waiters[1].revents != 0) return;
      std::array<char, 600> packet;
      sockaddr_storage from{};
      socklen_t size = sizeof from;
      const ssize_t got =
          recvfrom(fd_, packet.data(), packet.size(), 0, reinterpret_cast<sockaddr*>(&from), &size);
      const std::string answer = script({packet.data(), static_cast<std::size_t>(got)});
      if (answer.empty()) continue;
      sendto(fd_, answer.data(), answer.size(), 0, reinterpret_cast<sockaddr*>(&from), size);
    }
  }

  int fd_;
  int end_[2] = {-1, -1};
  Address address_;
  std::thread thread_;
};

// The query as an answer with these records behind it.
std::string answer_to(std::string query, const std::vector<std::string>& records) {
  query[2] = '\x81';
  query[7] = static_cast<char>(records.size());
  for (const std::string& record : records) query += record;
  return query;
}

using std::string_literals::operator""s;
const std::string kToQuestion = "\xC0\x0C"s;  // a name: the question's
const std::string kA = kToQuestion + "\0\1\0\1\0\0\0\1\0\4\xC0\0\2\1"s;
const std::string kAlias = kToQuestion + "\0\5\0\1\0\0\0\1\0\2\xC0\x0C"s;
const std::string kAaaa =
    kToQuestion + "\0\x1C\0\1\0\0\0\1\0\x10"s + "\x20\1\xD\xB8"s + std::string(11, '\0') + "\1";

Outcome<std::vector<Address>> ask(const FakeDns& server, const std::string& host = "a.example") {
  return find_by_dns(host, 80, {server.address()}, after_ms(5000));
}

TEST(Dns, FindsAddressesBehindAliases) {
  const FakeDns server([](const std::string& query) { return answer_to(query, {kAlias, kA}); });
  const auto found = ask(server);
  ASSERT_TRUE(found) << found.error().message;
  ASSERT_EQ(found->size(), 1u);
  EXPECT_EQ(text_of_address(found->front()), "192.0.2.1");
  EXPECT_EQ(ntohs(reinterpret_cast<const sockaddr_in&>(found->front().storage).sin_port), 80);
}

TEST(Dns, AsksForIpv6WhereThereIsNoIpv4) {
  const FakeDns server([](const std::string& query) {
    const bool is_aaaa = query.find("\0\x1C\0\1"s) != std::string::npos;
    return answer_to(query, is_aaaa ? std::vector{kAaaa} : std::vector<std::string>());
  });
  const auto found = ask(server);
  ASSERT_TRUE(found) << found.error().message;
  EXPECT_EQ(text_of_address(found->front()), "2001:db8::1");
}

TEST(Dns, SaysThatThereIsNoSuchName) {
  const FakeDns server([](const std::string& query) { return answer_to(query, {}); });
  const auto found = ask(server);
  ASSERT_FALSE(found);
  EXPECT_EQ(found.error().message, "resolve a.example: no address");
  const std::string long_label(64, 'a');
  for (const std::string& name : {""s, "a..b"s, long_label, std::string(254, 'a')}) {
    EXPECT_EQ(ask(server, name).error().message, "resolve " + name + ": is no host's name");
  }
}

TEST(Dns, ALieOrACutOffAnswerIsNone) {
  for (const auto& spoil : std::vector<std::function<std::string(std::string)>>{
           [](std::string answer) { return answer.substr(0, answer.size() - 2); },
           [](std::string answer) { return answer += '\0', answer[7] = '\x7F', answer; },
           [](std::string answer) { return answer.substr(0, 30); }}) {
    const FakeDns server([&](const std::string& query) {
      return spoil(answer_to(query, {kAlias, kAlias}));
    });
    EXPECT_FALSE(ask(server));
  }
}

TEST(Dns, AnAnswerToAnotherQuestionIsPassedOver) {
  int asked = 0;
  const FakeDns server([&](const std::string& query) {
    std::string answer = answer_to(query, {kA});
    if (++asked == 1) answer[0] = static_cast<char>(answer[0] + 1);  // not the id
    return answer;
  });
  // The first answer is not believed, so the question is put again.
  ASSERT_TRUE(ask(server));
  EXPECT_EQ(asked, 2);
}

TEST(Hosts, AreReadAsTheSystemReadsThem) {
  const std::string text =
      "# 1.1.1.1 db\n192.0.2.7\tdb db.internal # the table\nnonsense db\n::1 six\n";
  const auto db = find_in_hosts(text, "DB.internal", 80);
  ASSERT_EQ(db.size(), 1u);
  EXPECT_EQ(text_of_address(db[0]), "192.0.2.7");
  EXPECT_EQ(text_of_address(find_in_hosts(text, "six", 80).at(0)), "::1");
  EXPECT_TRUE(find_in_hosts(text, "nowhere", 80).empty());
}

TEST(Hosts, NameServersAreThreeAtMost) {
  const auto servers = name_servers(
      "search x\nnameserver 192.0.2.1\nnameserver bad\nnameserver 192.0.2.2\n"
      "nameserver 192.0.2.3\nnameserver 192.0.2.4\n");
  ASSERT_EQ(servers.size(), 3u);
  EXPECT_EQ(text_of_address(servers[2]), "192.0.2.3");
  EXPECT_EQ(text_of_address(name_servers("").at(0)), "127.0.0.1");
}

TEST(Resolve, KnowsAddressesAndThisMachineWithoutAsking) {
  EXPECT_EQ(text_of_address(resolve("x.localhost", 80, 0)->at(0)), "127.0.0.1");
  EXPECT_EQ(text_of_address(resolve("2001:db8::1", 80, 0)->at(0)), "2001:db8::1");
}

}  // namespace
}  // namespace stator::sdk
