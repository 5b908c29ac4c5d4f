#include <arpa/inet.h>
#include <ifaddrs.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <cstdlib>
#include <thread>

#include "sandbox/posix.hpp"
#include "sandbox/process_tree.hpp"
#include "sandbox/sandbox_test_kit.hpp"

/// What a program reaches with each kind of network. Nothing is sent to the world: a route tells.
namespace stator::sandbox {
namespace {

using testing::ExitBox;
using testing::probe_spec;

/// A service of the host on all of its addresses.
struct HostService {
  HostService() : listener(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in address{};
    address.sin_family = AF_INET;
    socklen_t length = sizeof address;
    auto* generic = reinterpret_cast<sockaddr*>(&address);
    EXPECT_EQ(::bind(listener.get(), generic, length), 0);
    EXPECT_EQ(::listen(listener.get(), 8), 0);
    EXPECT_EQ(::getsockname(listener.get(), generic, &length), 0);
    port = std::to_string(ntohs(address.sin_port));
  }
  UniqueFd listener;
  std::string port;
};

/// The host's IPv4 addresses beside the loopback.
std::vector<std::string> host_addresses() {
  std::vector<std::string> addresses;
  ifaddrs* first = nullptr;
  if (::getifaddrs(&first) != 0) return addresses;
  for (const ifaddrs* at = first; at != nullptr; at = at->ifa_next) {
    if (at->ifa_addr == nullptr || at->ifa_addr->sa_family != AF_INET) continue;
    const in_addr address = reinterpret_cast<const sockaddr_in*>(at->ifa_addr)->sin_addr;
    const std::string text = ::inet_ntoa(address);
    if (!text.starts_with("127.")) addresses.push_back(text);
  }
  ::freeifaddrs(first);
  return addresses;
}

class NetworkTest : public testing::SandboxTest {
 protected:
  static Spec spec_with(Network network, std::vector<std::string> arguments) {
    Spec spec = probe_spec(std::move(arguments));
    spec.network = network;
    return spec;
  }
  static std::string output_with(Network network, std::vector<std::string> arguments) {
    const auto outcome = testing::run(*launcher_, spec_with(network, std::move(arguments)));
    return outcome.error + outcome.output;
  }
};

class UplinkTest : public NetworkTest {
 protected:
  void SetUp() override {
    NetworkTest::SetUp();
    if (IsSkipped()) return;
    const std::string lacks = launcher_->capabilities().internet_lacks;
    if (!lacks.empty()) GTEST_SKIP() << lacks;
  }
  static std::string probe_online(std::vector<std::string> arguments) {
    return output_with(Network::kInternet, std::move(arguments));
  }
};

TEST_F(UplinkTest, HasRoutesToPublicAddressesOnly) {
  for (const char* address : {"1.1.1.1", "8.8.8.8", "52.94.236.248", "10.0.2.3"}) {
    EXPECT_TRUE(probe_online({"route", address}).starts_with("ALLOWED")) << address;
  }
  std::vector<std::string> fenced = host_addresses();
  for (const char* address :
       {"10.0.0.1", "10.0.3.1", "10.255.255.254", "100.64.0.1", "169.254.169.254", "172.16.0.1",
        "172.31.255.254", "192.168.0.1", "192.168.255.254", "198.18.0.1", "0.0.0.1", "240.0.0.1"}) {
    fenced.emplace_back(address);
  }
  for (const std::string& address : fenced) {
    const std::string output = probe_online({"route", address});
    EXPECT_TRUE(output.starts_with("denied")) << address << ": " << output;
  }
}

TEST_F(UplinkTest, ReachesAPublicService) {
  const char* service = std::getenv("STATOR_TEST_INTERNET");
  if (service == nullptr) GTEST_SKIP() << "STATOR_TEST_INTERNET=ADDRESS:PORT names one";
  const std::string text = service;
  const auto colon = text.rfind(':');
  ASSERT_NE(colon, text.npos);
  const std::string output = probe_online({"reach", text.substr(0, colon), text.substr(colon + 1)});
  EXPECT_TRUE(output.starts_with("ALLOWED")) << output;
}

TEST_F(UplinkTest, DoesNotReachTheHost) {
  const HostService service;
  std::vector<std::string> addresses = host_addresses();
  for (const char* address : {"127.0.0.1", "10.0.2.2", "0.0.0.0"}) addresses.emplace_back(address);
  for (const std::string& address : addresses) {
    for (const char* how : {"reach", "reach-bound"}) {
      const std::string output = probe_online({how, address, service.port});
      EXPECT_TRUE(output.starts_with("denied")) << how << " " << address << ": " << output;
    }
  }
}

TEST_F(UplinkTest, CannotTakeItsFencesDown) {
  EXPECT_TRUE(probe_online({"network"}).starts_with("denied"));
}

TEST_F(UplinkTest, AsksSlirpForNames) {
  EXPECT_EQ(probe_online({"cat", "/etc/resolv.conf"}), "nameserver 10.0.2.3\n");
}

TEST_F(UplinkTest, ReachesItsListeners) {
  Spec spec = spec_with(Network::kInternet, {"tcp", "{port:0}"});
  spec.ports = {{9001}};
  EXPECT_TRUE(testing::run(*launcher_, spec).output.starts_with("ALLOWED"));
}

TEST_F(UplinkTest, EndsTheUplinkWithTheSandbox) {
  const auto uplinks = [] {
    int count = 0;
    for (const pid_t pid : process_tree(::getpid())) {
      const auto name = read_small_file("/proc/" + std::to_string(pid) + "/comm");
      if (name && name->starts_with("slirp4netns")) ++count;
    }
    return count;
  };
  EXPECT_TRUE(testing::eventually([&] { return uplinks() == 0; })) << "of the tests before";
  ExitBox box;
  auto sandbox = launcher_->start(spec_with(Network::kInternet, {"sleep"}), box.callback());
  ASSERT_TRUE(sandbox) << sandbox.error().message;
  EXPECT_GE(uplinks(), 1);
  (*sandbox)->kill();
  EXPECT_TRUE(box.wait());
  EXPECT_TRUE(testing::eventually([&] { return uplinks() == 0; }));
  // One that cannot be executed has had its uplink too.
  Spec broken = spec_with(Network::kInternet, {});
  broken.argv = {"/var/task/missing"};
  EXPECT_FALSE(launcher_->start(broken, {}));
  EXPECT_TRUE(testing::eventually([&] { return uplinks() == 0; }));
}

TEST_F(UplinkTest, ConnectsManyAtOnce) {
  std::vector<std::thread> callers;
  std::array<std::string, 6> outputs;
  for (std::string& output : outputs) {
    callers.emplace_back([&output] { output = probe_online({"route", "1.1.1.1"}); });
  }
  for (std::thread& caller : callers) caller.join();
  for (const std::string& output : outputs) EXPECT_TRUE(output.starts_with("ALLOWED")) << output;
}

TEST_F(NetworkTest, NoneHasNoRoutesAndNoNames) {
  EXPECT_TRUE(output_with(Network::kNone, {"route", "1.1.1.1"}).starts_with("denied"));
  EXPECT_EQ(output_with(Network::kNone, {"cat", "/etc/resolv.conf"}), "");
}

TEST_F(NetworkTest, HostSharesWhatTheHostHas) {
  const HostService service;
  EXPECT_TRUE(output_with(Network::kHost, {"tcp", service.port}).starts_with("ALLOWED"));
  Spec spec = spec_with(Network::kHost, {"tcp", "{port:1}"});
  spec.ports = {{9001}, {4566}};
  EXPECT_TRUE(testing::run(*launcher_, spec).output.starts_with("ALLOWED"));
  // It shares the network and nothing else, and it may not change it.
  EXPECT_TRUE(output_with(Network::kHost, {"network"}).starts_with("denied"));
  EXPECT_TRUE(output_with(Network::kHost, {"read", "/etc/shadow"}).starts_with("denied"));
  std::ifstream file("/etc/resolv.conf");
  const std::string names{std::istreambuf_iterator<char>(file), {}};
  EXPECT_EQ(output_with(Network::kHost, {"cat", "/etc/resolv.conf"}), names);
}

TEST_F(NetworkTest, SaysWhatTheInternetNeeds) {
  const std::string path = std::getenv("PATH");
  ::setenv("PATH", "/nonexistent", 1);
  const auto launcher = start_launcher(Wanted::kAuto, scratch_->make("launcher-without-slirp"));
  ::setenv("PATH", path.c_str(), 1);
  EXPECT_NE(launcher->capabilities().internet_lacks.find("slirp4netns"), std::string::npos);
  const auto refused = launcher->start(spec_with(Network::kInternet, {"exit", "0"}), {});
  ASSERT_FALSE(refused);
  EXPECT_EQ(refused.error().code, ErrorCode::kUnavailable);
  EXPECT_NE(refused.error().message.find("apt-get install slirp4netns"), std::string::npos);
  // Others are none the worse.
  EXPECT_EQ(testing::run(*launcher, probe_spec({"echo", "x"})).output, "x\n");
}

}  // namespace
}  // namespace stator::sandbox
