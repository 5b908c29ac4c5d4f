#include "sandbox/uplink.hpp"

#include <arpa/inet.h>
#include <fcntl.h>
#include <ifaddrs.h>
#include <linux/rtnetlink.h>
#include <signal.h>
#include <sys/socket.h>
#include <unistd.h>

#include <array>
#include <cerrno>
#include <cstdlib>
#include <cstring>
#include <vector>

#include "base/file.hpp"
#include "base/strings.hpp"
#include "sandbox/posix.hpp"

namespace stator::sandbox {
namespace fs = std::filesystem;
namespace {

struct Range {
  const char* address;
  unsigned char bits;
};

/// What the registries of special addresses (RFC 6890) keep off the internet. The loopback range is
/// the namespace's own. 10.0.2.0/24, slirp4netns's, is more special than 10/8 and so stays.
constexpr Range kFenced[] = {{"0.0.0.0", 8},      {"10.0.0.0", 8},    {"100.64.0.0", 10},
                             {"169.254.0.0", 16}, {"172.16.0.0", 12}, {"192.0.0.0", 24},
                             {"192.168.0.0", 16}, {"198.18.0.0", 15}, {"224.0.0.0", 4},
                             {"240.0.0.0", 4}};

struct RouteRequest {
  nlmsghdr header;
  rtmsg route;
  rtattr attribute;
  in_addr destination;
};

/// Adds "unreachable ADDRESS/bits" and waits for the kernel's word.
Result<void> make_unreachable(int socket, in_addr address, unsigned char bits) {
  RouteRequest request{};
  request.header.nlmsg_len = sizeof request;
  request.header.nlmsg_type = RTM_NEWROUTE;
  request.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_CREATE | NLM_F_REPLACE | NLM_F_ACK;
  request.route.rtm_family = AF_INET;
  request.route.rtm_dst_len = bits;
  request.route.rtm_table = RT_TABLE_MAIN;
  request.route.rtm_protocol = RTPROT_STATIC;
  request.route.rtm_scope = RT_SCOPE_UNIVERSE;
  request.route.rtm_type = RTN_UNREACHABLE;
  request.attribute.rta_len = RTA_LENGTH(sizeof(in_addr));
  request.attribute.rta_type = RTA_DST;
  request.destination = address;
  if (::send(socket, &request, sizeof request, 0) < 0) return errno_error("ask for a route");
  struct {
    nlmsghdr header;
    nlmsgerr error;
    std::array<char, 512> rest;
  } answer{};
  const ssize_t count = ::recv(socket, &answer, sizeof answer, 0);
  if (count < static_cast<ssize_t>(NLMSG_LENGTH(sizeof(nlmsgerr))) ||
      answer.header.nlmsg_type != NLMSG_ERROR) {
    return errno_error("the kernel's answer about a route");
  }
  errno = -answer.error.error;
  return errno == 0 ? Result<void>() : Result<void>(errno_error("make a range unreachable"));
}

/// The host's own addresses outside the ranges above, on which its services listen.
std::vector<in_addr> host_addresses() {
  std::vector<in_addr> addresses;
  ifaddrs* first = nullptr;
  if (::getifaddrs(&first) != 0) return addresses;
  for (const ifaddrs* at = first; at != nullptr; at = at->ifa_next) {
    if (at->ifa_addr == nullptr || at->ifa_addr->sa_family != AF_INET) continue;
    const in_addr address = reinterpret_cast<const sockaddr_in*>(at->ifa_addr)->sin_addr;
    if ((ntohl(address.s_addr) >> 24) != IN_LOOPBACKNET) addresses.push_back(address);
  }
  ::freeifaddrs(first);
  return addresses;
}

/// Where the new process finds what it is given.
constexpr int kNamespaceFd = 3, kReadyFd = 4, kExitFd = 5;

struct UplinkPlan {
  const char* program;
  int network_namespace, ready, exit;
};

/// Between clone and execve: system calls only.
void run_uplink(void* argument) {
  const auto& plan = *static_cast<UplinkPlan*>(argument);
  // Out of the way of the numbers they must not have before they get them.
  constexpr int kSafe = 100;
  const int space = ::fcntl(plan.network_namespace, F_DUPFD, kSafe);
  const int ready = ::fcntl(plan.ready, F_DUPFD, kSafe);
  const int exit = ::fcntl(plan.exit, F_DUPFD, kSafe);
  if (::dup2(space, kNamespaceFd) < 0 || ::dup2(ready, kReadyFd) < 0 || ::dup2(exit, kExitFd) < 0) {
    ::_exit(127);
  }
  // It reports each connection it makes, on the server's own standard error.
  (void)::dup2(1, 2);
  close_from(kExitFd + 1);
  // The preparer waits for none of its children; slirp4netns does.
  (void)::signal(SIGCHLD, SIG_DFL);
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
  const char* const arguments[] = {"slirp4netns",
                                   "--configure",
                                   "--mtu=65520",
                                   "--disable-host-loopback",
                                   "--enable-sandbox",
                                   "--enable-seccomp",
                                   "--netns-type=path",
                                   "--ready-fd=4",
                                   "--exit-fd=5",
                                   "/proc/self/fd/3",
                                   "tap0",
                                   nullptr};
  const char* const environment[] = {nullptr};
  ::execve(plan.program, const_cast<char**>(arguments), const_cast<char**>(environment));
  ::_exit(127);
}

}  // namespace

fs::path find_slirp() {
  const char* path = std::getenv("PATH");
  for (const std::string_view directory : split(path != nullptr ? path : "/usr/bin:/bin", ':')) {
    if (!directory.starts_with('/')) continue;
    fs::path program = fs::path(directory) / "slirp4netns";
    if (::access(program.c_str(), X_OK) == 0) return program;
  }
  return {};
}

std::string uplink_lacks() {
  if (find_slirp().empty()) {
    return "slirp4netns is not installed (`apt-get install slirp4netns`)";
  }
  if (::access("/dev/net/tun", R_OK | W_OK) != 0) {
    return "/dev/net/tun is missing or closed to this user (`modprobe tun`, `chmod 666 "
           "/dev/net/tun`)";
  }
  return "";
}

Result<void> fence_off_private_ranges(int route_socket) {
  for (const Range& range : kFenced) {
    in_addr address{};
    ::inet_pton(AF_INET, range.address, &address);
    STATOR_TRY_VOID(make_unreachable(route_socket, address, range.bits));
  }
  for (const in_addr address : host_addresses()) {
    STATOR_TRY_VOID(make_unreachable(route_socket, address, 32));
  }
  return {};
}

bool execute_uplink(int network_namespace, int ready, int exit) {
  const fs::path program = find_slirp();
  if (program.empty()) return false;
  UplinkPlan plan{program.c_str(), network_namespace, ready, exit};
  CloneArguments arguments;
  arguments.exit_signal = SIGCHLD;
  return clone_and_wait(arguments, run_uplink, &plan) > 0;
}

Result<void> Uplink::await_ready() {
  char word = 0;
  const ssize_t count = ::read(ready_.get(), &word, 1);
  if (count == 1) return {};
  return unavailable("slirp4netns has failed to connect the sandbox's network" +
                     std::string(uplink_lacks().empty() ? "" : ": " + uplink_lacks()));
}

}  // namespace stator::sandbox
