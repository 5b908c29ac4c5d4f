// Attempts to get out of a sandbox, or to get more of it than is given.

#include <arpa/inet.h>
#include <fcntl.h>
#include <grp.h>
#include <linux/capability.h>
#include <linux/netlink.h>
#include <linux/rtnetlink.h>
#include <net/if.h>
#include <netinet/in.h>
#include <poll.h>
#include <sched.h>
#include <signal.h>
#include <sys/fsuid.h>
#include <sys/ioctl.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/ptrace.h>
#include <sys/resource.h>
#include <sys/shm.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/sysmacros.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cstdlib>
#include <string>

#include "sandbox/sandbox_probe.hpp"

namespace probe {
namespace {

constexpr std::size_t kMebibyte = 1u << 20;

/// Denied only when every one of the ways is: "denied" or the first that was not.
struct Ways {
  const char* allowed = nullptr;
  int error = 0;
  void add(bool done, const char* what) {
    if (done && allowed == nullptr) allowed = what;
    if (!done) error = errno;
  }
  [[nodiscard]] int result(const char* what) const {
    errno = error;
    return report(allowed != nullptr, allowed != nullptr ? allowed : what);
  }
};

int trace() {
  Ways ways;
  ways.add(::ptrace(PTRACE_ATTACH, 1, 0, 0) == 0, "attach to init");
  ways.add(::ptrace(PTRACE_SEIZE, 1, 0, 0) == 0, "seize init");
  const pid_t child = ::fork();
  if (child == 0) {
    ::pause();
    ::_exit(0);
  }
  ways.add(::ptrace(PTRACE_ATTACH, child, 0, 0) == 0, "attach to a child");
  ::kill(child, SIGKILL);
  ways.add(::ptrace(PTRACE_TRACEME, 0, 0, 0) == 0, "be traced");
  return ways.result("ptrace");
}

int alter(const char* path) {
  Ways ways;
  const std::string beside = std::string(path) + "-2";
  ways.add(::open(path, O_WRONLY) >= 0, "open for writing");
  ways.add(::truncate(path, 0) == 0, "truncate");
  ways.add(::chmod(path, 0777) == 0, "chmod");
  ways.add(::chown(path, 0, 0) == 0, "chown");
  ways.add(::rename(path, beside.c_str()) == 0, "rename");
  ways.add(::unlink(path) == 0, "unlink");
  ways.add(::mount(nullptr, path, nullptr, MS_REMOUNT, nullptr) == 0, "remount");
  return ways.result(path);
}

int make_device() {
  Ways ways;
  const dev_t memory = ::makedev(1, 1);
  ways.add(::mknod("/tmp/mem", S_IFCHR | 0666, memory) == 0, "make a character device");
  ways.add(::mknod("/tmp/disk", S_IFBLK | 0666, ::makedev(8, 0)) == 0, "make a block device");
  ways.add(::mknodat(AT_FDCWD, "/tmp/kvm", S_IFCHR | 0666, ::makedev(10, 232)) == 0, "mknodat");
  return ways.result("mknod");
}

int change_root() {
  Ways ways;
  ::mkdir("/tmp/root", 0755);
  ways.add(::chroot("/tmp/root") == 0, "chroot");
  ways.add(::syscall(SYS_pivot_root, "/tmp", "/tmp/root") == 0, "pivot_root");
  return ways.result("another root");
}

int join_namespaces() {
  Ways ways;
  for (const char* kind : {"net", "mnt", "pid", "user", "ipc", "uts", "cgroup"}) {
    const int init = ::open((std::string("/proc/1/ns/") + kind).c_str(), O_RDONLY);
    ways.add(init >= 0, "open init's namespaces");
    const int own = ::open((std::string("/proc/self/ns/") + kind).c_str(), O_RDONLY);
    ways.add(::setns(own, 0) == 0, "setns");
  }
  const auto init = static_cast<int>(::syscall(SYS_pidfd_open, 1, 0));
  ways.add(init >= 0 && ::setns(init, CLONE_NEWNET) == 0, "setns by pidfd");
  ways.add(init >= 0 && ::syscall(SYS_pidfd_getfd, init, 0, 0) >= 0, "take init's descriptor");
  return ways.result("setns");
}

int type_into_terminal() {
  Ways ways;
  char letter = 'x';
  ways.add(::open("/dev/tty", O_RDWR) >= 0, "open the terminal");
  ways.add(::open("/dev/ptmx", O_RDWR) >= 0, "make a terminal");
  ways.add(::open("/dev/console", O_RDWR) >= 0, "open the console");
  for (int fd = 0; fd < 3; ++fd) {
    ways.add(::ioctl(fd, TIOCSTI, &letter) == 0, "TIOCSTI");
    ways.add(::ioctl(fd, TIOCSCTTY, 1) == 0, "TIOCSCTTY");
  }
  return ways.result("a terminal");
}

int change_own_privileges() {
  Ways ways;
  ways.add(::prctl(PR_SET_NO_NEW_PRIVS, 0, 0, 0, 0) == 0, "no_new_privs off");
  ways.add(::prctl(PR_SET_SECCOMP, 0, 0, 0, 0) == 0, "seccomp off");
  ways.add(::prctl(PR_SET_SECUREBITS, 0, 0, 0, 0) == 0, "securebits");
  ways.add(::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_RAISE, CAP_SYS_ADMIN, 0, 0) == 0, "ambient");
  ways.add(::prctl(PR_SET_MM, PR_SET_MM_START_CODE, 4096, 0, 0) == 0, "PR_SET_MM");
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct all[2] = {{~0u, ~0u, ~0u}, {~0u, ~0u, ~0u}};
  ways.add(::syscall(SYS_capset, &header, all) == 0, "capset");
  ways.add(::setgroups(0, nullptr) == 0, "setgroups");
  ways.add(::setgid(0) == 0, "setgid(0)");
  // Answers the uid before the call and never an error, so the second call tells of the first.
  (void)::setfsuid(0);
  ways.add(::setfsuid(0) == 0, "setfsuid(0)");
  return ways.result("more privileges");
}

int raise_limits() {
  Ways ways;
  rlimit more{};
  for (const __rlimit_resource which : {RLIMIT_NOFILE, RLIMIT_NPROC, RLIMIT_MEMLOCK}) {
    ::getrlimit(which, &more);
    more.rlim_cur = more.rlim_max = more.rlim_max + 1;
    ways.add(::setrlimit(which, &more) == 0, "raise a limit");
  }
  ways.add(::setpriority(PRIO_PROCESS, 0, -20) == 0, "nice -20");
  const sched_param first{.sched_priority = 1};
  ways.add(::sched_setscheduler(0, SCHED_FIFO, &first) == 0, "real-time scheduling");
  ways.add(::mlockall(MCL_FUTURE) == 0, "lock all memory");
  return ways.result("raise limits");
}

int run_foreign_call() {
#if defined(__x86_64__)
  // getpid() as 32-bit programs call it.
  long number = 20;
  asm volatile("int $0x80" : "+a"(number) : : "memory");
  return report(number > 0, "a 32-bit system call");
#else
  return report(false, "32-bit system calls do not exist here");
#endif
}

/// A system call of the x32 kind, by the bit that marks them.
int run_x32_call() {
  return report(::syscall(0x40000000 | SYS_getpid) > 0, "an x32 system call");
}

int follow_link(const char* target) {
  Ways ways;
  ::unlink("/tmp/link");
  if (::symlink(target, "/tmp/link") != 0) return report(false, "symlink");
  ways.add(::open("/tmp/link", O_RDONLY) >= 0, "open by a symbolic link");
  ::unlink("/tmp/hard");
  ways.add(::link(target, "/tmp/hard") == 0, "make a hard link");
  return ways.result(target);
}

/// Sends one netlink request that would change the network; true when the kernel obeys.
bool change_network(int socket, nlmsghdr* request) {
  if (::send(socket, request, request->nlmsg_len, 0) < 0) return false;
  char answer[4096];
  const ssize_t count = ::recv(socket, answer, sizeof answer, 0);
  if (count < static_cast<ssize_t>(NLMSG_LENGTH(sizeof(nlmsgerr)))) return true;
  const auto* error = static_cast<const nlmsgerr*>(NLMSG_DATA(reinterpret_cast<nlmsghdr*>(answer)));
  errno = -error->error;
  return error->error == 0;
}

int reconfigure_network() {
  Ways ways;
  const int netlink = ::socket(AF_NETLINK, SOCK_RAW, NETLINK_ROUTE);
  struct {
    nlmsghdr header;
    rtmsg route;
  } route{};
  route.header.nlmsg_len = NLMSG_LENGTH(sizeof(rtmsg));
  route.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
  route.header.nlmsg_type = RTM_DELROUTE;
  route.route.rtm_family = AF_INET;
  route.route.rtm_table = RT_TABLE_MAIN;
  ways.add(change_network(netlink, &route.header), "delete a route");
  struct {
    nlmsghdr header;
    ifinfomsg link;
  } link{};
  link.header.nlmsg_len = NLMSG_LENGTH(sizeof(ifinfomsg));
  link.header.nlmsg_flags = NLM_F_REQUEST | NLM_F_ACK;
  link.header.nlmsg_type = RTM_NEWLINK;
  link.link.ifi_index = 1;
  link.link.ifi_change = IFF_UP;
  ways.add(change_network(netlink, &link.header), "take an interface down");
  const int inet = ::socket(AF_INET, SOCK_DGRAM, 0);
  ifreq interface {};
  std::strcpy(interface.ifr_name, "lo");
  ways.add(::ioctl(inet, SIOCSIFFLAGS, &interface) == 0, "SIOCSIFFLAGS");
  return ways.result("change the network");
}

sockaddr_in address_of(const char* host, const char* port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_port = htons(static_cast<unsigned short>(std::atoi(port)));
  ::inet_pton(AF_INET, host, &address.sin_addr);
  return address;
}

/// Whether the kernel would send something there; nothing is sent.
int find_route(const char* host) {
  const int socket = ::socket(AF_INET, SOCK_DGRAM, 0);
  const sockaddr_in address = address_of(host, "53");
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  return report(::connect(socket, generic, sizeof address) == 0, host);
}

/// A connection, for which a second must be enough.
int reach(const char* host, const char* port, bool is_bound) {
  const int socket = ::socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK, 0);
  // With a device of its own a socket asks no routing table where that has no answer.
  if (is_bound) (void)::setsockopt(socket, SOL_SOCKET, SO_BINDTODEVICE, "tap0", 4);
  const sockaddr_in address = address_of(host, port);
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  if (::connect(socket, generic, sizeof address) == 0) return report(true, host);
  if (errno != EINPROGRESS) return report(false, host);
  pollfd ready{socket, POLLOUT, 0};
  errno = ETIMEDOUT;
  if (::poll(&ready, 1, 1'000) != 1) return report(false, host);
  int error = 0;
  socklen_t length = sizeof error;
  ::getsockopt(socket, SOL_SOCKET, SO_ERROR, &error, &length);
  errno = error;
  return report(error == 0, host);
}

/// Memory that no process maps.
int hide_memory(const char* mebibytes) {
  static char block[kMebibyte];
  std::memset(block, 1, sizeof block);
  const int file = ::memfd_create("hidden", 0);
  for (int i = 0; i < std::atoi(mebibytes); ++i) {
    if (::write(file, block, sizeof block) != static_cast<ssize_t>(sizeof block)) {
      return report(false, "write to a memory file");
    }
  }
  return report(true, "all the memory in a file");
}

int share_memory(const char* mebibytes) {
  for (int i = 0; i < std::atoi(mebibytes); ++i) {
    const int segment = ::shmget(IPC_PRIVATE, kMebibyte, 0600 | IPC_CREAT);
    void* at = segment < 0 ? reinterpret_cast<void*>(-1) : ::shmat(segment, nullptr, 0);
    if (at == reinterpret_cast<void*>(-1)) return report(false, "a shared segment");
    std::memset(at, 1, kMebibyte);
    ::shmdt(at);
  }
  return report(true, "all the memory in segments");
}

/// Each child takes little, all together take much.
int eat_memory_in_children(const char* mebibytes) {
  constexpr int kEach = 16;
  for (int i = 0; i < std::atoi(mebibytes) / kEach; ++i) {
    const pid_t child = ::fork();
    if (child < 0) return report(false, "fork");
    if (child > 0) continue;
    void* block = ::mmap(nullptr, kEach * kMebibyte, PROT_READ | PROT_WRITE,
                         MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (block == MAP_FAILED) ::_exit(1);
    std::memset(block, 1, kEach * kMebibyte);
    ::pause();
    ::_exit(0);
  }
  // Whoever watches has ten seconds to kill this process, or the kernel one of the children.
  for (int i = 0; i < 1'000; ++i) {
    if (::waitpid(-1, nullptr, WNOHANG) > 0) return report(false, "keep all children");
    ::usleep(10'000);
  }
  return report(true, "all the memory in children");
}

int kill_everything() {
  (void)::kill(-1, SIGKILL);
  return report(::kill(-1, 0) == 0, "find another process");
}

int overwrite_own_program() {
  Ways ways;
  ways.add(::open("/proc/self/exe", O_WRONLY) >= 0, "write to the own program");
  ways.add(::open("/proc/1/exe", O_RDONLY) >= 0, "read init's program");
  char path[256];
  ways.add(::readlink("/proc/1/exe", path, sizeof path) > 0, "find init's program");
  return ways.result("/proc/*/exe");
}

}  // namespace

int escape(std::string_view what, const char* a, const char* b) {
  if (what == "ptrace") return trace();
  if (what == "alter") return alter(a);
  if (what == "mknod") return make_device();
  if (what == "chroot") return change_root();
  if (what == "setns") return join_namespaces();
  if (what == "terminal") return type_into_terminal();
  if (what == "privileges") return change_own_privileges();
  if (what == "limits") return raise_limits();
  if (what == "32-bit") return run_foreign_call();
  if (what == "x32") return run_x32_call();
  if (what == "link") return follow_link(a);
  if (what == "network") return reconfigure_network();
  if (what == "route") return find_route(a);
  if (what == "reach") return reach(a, b, false);
  if (what == "reach-bound") return reach(a, b, true);
  if (what == "memfd") return hide_memory(a);
  if (what == "shm") return share_memory(a);
  if (what == "children") return eat_memory_in_children(a);
  if (what == "kill-all") return kill_everything();
  if (what == "exe") return overwrite_own_program();
  if (what == "parent") return report(::getppid() != 0, "see the parent");
  if (what == "persona") return report(::syscall(SYS_personality, 0x40000) >= 0, "persona");
  std::printf("no such attempt: %s %s %s\n", std::string(what).c_str(), a, b);
  return 2;
}

}  // namespace probe
