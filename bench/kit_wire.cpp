// One client on one connection, as a function is: what getting, putting and querying items costs by
// the mapper, by its client with requests and answers as JSON texts, and by bytes that are signed
// beforehand. Run by kit.py, which makes the table and signs the bytes:
//
//     kit_wire ADDRESS PORT DIRECTORY SECONDS
//
// DIRECTORY holds get, put and query: a whole HTTP request each, and get.json, put.json and
// query.json: their bodies. Prints a line of JSON for each way of each operation.

#include <arpa/inet.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <unistd.h>

#include <charconv>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <fstream>
#include <functional>
#include <iterator>
#include <string>

#include "ddb/ddb.hpp"

namespace {

struct Item {
  std::string group{}, id{};
  std::string name{};
  std::int64_t count = 0;
  ddb::Number price{};
  std::optional<std::string> note{};
  std::vector<std::string> lines{};
};

}  // namespace

template <>
inline constexpr auto ddb::schema<Item> = table<"bench">(hash<&Item::group>, range<&Item::id>);

namespace {

constexpr auto group = ddb::col<&Item::group>;

[[noreturn]] void fail(const std::string& what) {
  std::fprintf(stderr, "kit_wire: %s\n", what.c_str());
  std::exit(1);
}

std::string read_all(const std::string& file) {
  std::ifstream in(file, std::ios::binary);
  if (!in) fail("cannot read " + file);
  return {std::istreambuf_iterator<char>(in), std::istreambuf_iterator<char>()};
}

double cpu_seconds() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  const auto seconds = [](const timeval& time) {
    return static_cast<double>(time.tv_sec) + static_cast<double>(time.tv_usec) / 1e6;
  };
  return seconds(used.ru_utime) + seconds(used.ru_stime);
}

/// Sends the same bytes again and again and reads whole answers.
class Wire {
 public:
  Wire(const char* address, int port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(static_cast<std::uint16_t>(port));
    ::inet_pton(AF_INET, address, &to.sin_addr);
    const int on = 1;
    ::setsockopt(socket_, IPPROTO_TCP, TCP_NODELAY, &on, sizeof on);
    if (::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to) != 0) {
      fail("cannot connect");
    }
  }
  ~Wire() { ::close(socket_); }
  Wire(const Wire&) = delete;

  void call(const std::string& request) {
    if (::send(socket_, request.data(), request.size(), MSG_NOSIGNAL) !=
        static_cast<ssize_t>(request.size())) {
      fail("cannot send");
    }
    std::size_t got = 0, wanted = 0;
    while (wanted == 0 || got < wanted) {
      const ssize_t more = ::recv(socket_, buffer_ + got, sizeof buffer_ - got, 0);
      if (more <= 0) fail("the server hung up");
      got += static_cast<std::size_t>(more);
      if (wanted == 0) wanted = size_of(std::string_view(buffer_, got));
    }
    if (std::string_view(buffer_, got).substr(9, 3) != "200") {
      fail("the server refused: " + std::string(buffer_, got));
    }
  }

 private:
  /// Of the whole answer, once its head is there; else 0.
  static std::size_t size_of(std::string_view answer) {
    const auto head = answer.find("\r\n\r\n");
    if (head == std::string_view::npos) return 0;
    for (const std::string_view name : {"Content-Length: ", "content-length: "}) {
      const auto at = answer.find(name);
      if (at == std::string_view::npos || at > head) continue;
      std::size_t length = 0;
      std::from_chars(answer.data() + at + name.size(), answer.data() + head, length);
      return head + 4 + length;
    }
    fail("an answer without Content-Length");
  }

  int socket_;
  char buffer_[1 << 16];
};

/// Runs `call` for so long and prints what one cost.
void measure(const char* operation, const char* way, double seconds,
             const std::function<void()>& call) {
  using Clock = std::chrono::steady_clock;
  for (int i = 0; i < 50; ++i) call();
  const double cpu = cpu_seconds();
  const auto begin = Clock::now();
  const auto end = begin + std::chrono::duration<double>(seconds);
  std::size_t calls = 0;
  do {
    call();
    ++calls;
  } while (Clock::now() < end);
  const std::chrono::duration<double> wall = Clock::now() - begin;
  const auto each_us = [&](double total) { return total * 1e6 / static_cast<double>(calls); };
  std::printf(R"({"operation":"%s","way":"%s","calls":%zu,"wall_us":%.2f,"cpu_us":%.2f})"
              "\n",
              operation, way, calls, each_us(wall.count()), each_us(cpu_seconds() - cpu));
  std::fflush(stdout);
}

}  // namespace

int main(int argc, char** argv) {
  if (argc != 5) fail("ADDRESS PORT DIRECTORY SECONDS");
  const std::string directory = argv[3];
  const double seconds = std::atof(argv[4]);
  Wire wire(argv[1], std::atoi(argv[2]));
  const ddb::Client client;
  const auto items = client.table<Item>();
  const Item item = items.get("g", "item-00").value().value();

  const std::function<void()> by_mapper[] = {
      [&] { (void)items.get("g", "item-00").value().value(); },
      [&] { (void)items.put(item).value(); },
      [&] {
        if (items.query(group == "g").value().items.size() != 20) fail("not the items asked for");
      }};
  const char* names[] = {"get", "put", "query"};
  const char* operations[] = {"GetItem", "PutItem", "Query"};
  for (int i = 0; i < 3; ++i) {
    const std::string request = read_all(directory + "/" + names[i]);
    const std::string body = read_all(directory + "/" + names[i] + ".json");
    measure(names[i], "bytes", seconds, [&] { wire.call(request); });
    measure(names[i], "texts", seconds, [&] { (void)client.call(operations[i], body).value(); });
    measure(names[i], "mapper", seconds, by_mapper[i]);
  }
}
