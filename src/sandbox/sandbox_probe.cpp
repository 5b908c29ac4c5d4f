// What a hostile or clumsy function might try. Runs inside the sandbox, linked statically; the
// first argument names the attempt. Prints "denied ..." when the attempt fails, "ALLOWED ..." when
// it succeeds, and other words where a test asks for a fact.

#include <arpa/inet.h>
#include <dirent.h>
#include <fcntl.h>
#include <linux/capability.h>
#include <netinet/in.h>
#include <sched.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/socket.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <cstring>
#include <string>
#include <string_view>

#include "sandbox/sandbox_probe.hpp"

namespace {

using probe::report;

int open_to_read(const char* path) {
  return report(::open(path, O_RDONLY) >= 0, path);
}

int create(const std::string& directory) {
  const std::string path = directory + "/probe-was-here";
  return report(::open(path.c_str(), O_WRONLY | O_CREAT, 0600) >= 0, path.c_str());
}

int list(const char* path) {
  DIR* directory = ::opendir(path);
  if (directory == nullptr) return report(false, path);
  while (const dirent* entry = ::readdir(directory)) {
    const std::string_view name = entry->d_name;
    if (name != "." && name != "..") std::printf("%s\n", entry->d_name);
  }
  return 0;
}

int connect_tcp(const char* port) {
  const int socket = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(static_cast<unsigned short>(std::atoi(port)));
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  return report(::connect(socket, generic, sizeof address) == 0, "connect");
}

int connect_abstract(const char* name) {
  const int socket = ::socket(AF_UNIX, SOCK_STREAM, 0);
  sockaddr_un address{};
  address.sun_family = AF_UNIX;
  std::strncpy(address.sun_path + 1, name, sizeof address.sun_path - 2);
  const auto length =
      static_cast<socklen_t>(offsetof(sockaddr_un, sun_path) + 1 + std::strlen(name));
  const auto* generic = reinterpret_cast<const sockaddr*>(&address);
  return report(::connect(socket, generic, length) == 0, "connect to an abstract socket");
}

/// Touches `mebibytes` of memory, one at a time; says how far it came when it is refused.
int eat_memory(const char* mebibytes) {
  for (int i = 0; i < std::atoi(mebibytes); ++i) {
    void* block =
        ::mmap(nullptr, 1u << 20, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
    if (block == MAP_FAILED) return report(false, "more memory");
    std::memset(block, 1, 1u << 20);
  }
  return report(true, "all the memory");
}

int fork_bomb(const char* count) {
  for (int i = 0; i < std::atoi(count); ++i) {
    const pid_t child = ::fork();
    if (child == 0) {
      ::pause();
      ::_exit(0);
    }
    if (child < 0) {
      std::printf("forks %d\n", i);
      return report(false, "fork");
    }
  }
  return report(true, "all the forks");
}

/// Computes on the first processor for so long and says how many milliseconds of it it had.
int burn(const char* wall_ms) {
  cpu_set_t first;
  CPU_ZERO(&first);
  CPU_SET(0, &first);
  (void)::sched_setaffinity(0, sizeof first, &first);
  const auto now_ms = [](clockid_t clock) {
    timespec time{};
    ::clock_gettime(clock, &time);
    return time.tv_sec * 1'000 + time.tv_nsec / 1'000'000;
  };
  const auto end = now_ms(CLOCK_MONOTONIC) + std::atoi(wall_ms);
  while (now_ms(CLOCK_MONOTONIC) < end) continue;
  std::printf("%ld\n", now_ms(CLOCK_PROCESS_CPUTIME_ID));
  return 0;
}

/// Children that stay, under a parent that stays.
int keep_family(const char* count) {
  for (int i = 0; i < std::atoi(count); ++i) {
    if (::fork() == 0) break;
  }
  for (;;) ::pause();
}

/// A daemon as daemons are made, still there when the program has ended.
int leave_orphan() {
  if (::fork() == 0) {
    ::setsid();
    if (::fork() == 0) {
      for (;;) ::pause();
    }
    ::_exit(0);
  }
  ::wait(nullptr);
  std::puts("left");
  return 0;
}

int fill(const char* path, const char* mebibytes) {
  ::signal(SIGXFSZ, SIG_IGN);
  const int file = ::open(path, O_WRONLY | O_CREAT, 0600);
  if (file < 0) return report(false, path);
  static char block[1u << 20];
  std::memset(block, 1, sizeof block);
  for (int i = 0; i < std::atoi(mebibytes); ++i) {
    if (::write(file, block, sizeof block) != static_cast<ssize_t>(sizeof block)) {
      return report(false, "write");
    }
  }
  return report(true, "write everything");
}

int become_root() {
  const bool done = ::setuid(0) == 0 || ::setresuid(0, 0, 0) == 0;
  return report(done, "setuid(0)");
}

int run_setuid_program(const char* path) {
  const pid_t child = ::fork();
  if (child == 0) {
    ::execl(path, path, "euid", nullptr);
    ::_exit(126);
  }
  int status = 0;
  ::waitpid(child, &status, 0);
  std::printf("status %d\n", WEXITSTATUS(status));
  return 0;
}

int state() {
  std::printf("pid %d uid %u gid %u euid %u\n", ::getpid(), ::getuid(), ::getgid(), ::geteuid());
  std::printf("no_new_privs %d\n", ::prctl(PR_GET_NO_NEW_PRIVS, 0, 0, 0, 0));
  if (FILE* status = std::fopen("/proc/self/status", "r")) {
    char line[256];
    while (std::fgets(line, sizeof line, status) != nullptr) {
      if (std::strncmp(line, "Cap", 3) == 0 || std::strncmp(line, "Seccomp:", 8) == 0 ||
          std::strncmp(line, "SigIgn", 6) == 0 || std::strncmp(line, "SigBlk", 6) == 0) {
        std::fputs(line, stdout);
      }
    }
  }
  char name[128] = {};
  ::gethostname(name, sizeof name - 1);
  std::printf("hostname %s\n", name);
  return 0;
}

int clone_with(std::uint64_t flags) {
  const long child = ::syscall(SYS_clone, flags | SIGCHLD, nullptr, nullptr, nullptr, nullptr);
  if (child == 0) ::_exit(0);
  return report(child > 0, "clone with new namespaces");
}

int attempt(std::string_view what, const char* a, const char* b) {
  if (what == "read") return open_to_read(a);
  if (what == "create") return create(a);
  if (what == "list") return list(a);
  if (what == "tcp") return connect_tcp(a);
  if (what == "abstract") return connect_abstract(a);
  if (what == "memory") return eat_memory(a);
  if (what == "forks") return fork_bomb(a);
  if (what == "burn") return burn(a);
  if (what == "family") return keep_family(a);
  if (what == "orphan") return leave_orphan();
  if (what == "fill") return fill(a, b);
  if (what == "root") return become_root();
  if (what == "setuid-program") return run_setuid_program(a);
  if (what == "euid") return ::geteuid() == 0 ? 1 : 0;
  if (what == "state") return state();
  if (what == "kill") return report(::kill(std::atoi(a), SIGKILL) == 0, "kill");
  if (what == "kill-init") {
    ::kill(1, SIGKILL);
    return report(::kill(1, 0) != 0, "kill init");
  }
  if (what == "mount") return report(::mount("x", "/tmp", "tmpfs", 0, nullptr) == 0, "mount");
  if (what == "umount") return report(::umount2("/var/task", MNT_DETACH) == 0, "umount");
  if (what == "unshare") return report(::unshare(std::atoi(a)) == 0, "unshare");
  if (what == "clone") return clone_with(static_cast<std::uint64_t>(std::atoll(a)));
  if (what == "syscall") return report(::syscall(std::atoi(a), 0, 0, 0, 0, 0) >= 0, a);
  if (what == "socket") return report(::socket(std::atoi(a), std::atoi(b), 0) >= 0, "socket");
  if (what == "echo") return std::puts(a), 0;
  if (what == "env") return std::puts(std::getenv(a) != nullptr ? std::getenv(a) : "(unset)"), 0;
  if (what == "cat") {
    const int file = ::open(a, O_RDONLY);
    char buffer[4096];
    for (ssize_t n; (n = ::read(file, buffer, sizeof buffer)) > 0;) (void)!::write(1, buffer, n);
    return file < 0 ? report(false, a) : 0;
  }
  if (what == "exit") return std::atoi(a);
  if (what == "abort") std::abort();
  if (what == "sleep") return std::puts("asleep"), std::fflush(stdout), ::pause(), 0;
  if (what == "hold") {
    (void)::open(a, O_WRONLY | O_CREAT, 0600);
    return std::puts("held"), std::fflush(stdout), ::pause(), 0;
  }
  if (what == "first-byte") return ::write(1, "x", 1) == 1 ? 0 : 1;
  return probe::escape(what, a, b);
}

}  // namespace

int main(int argc, char** argv) {
  ::setvbuf(stdout, nullptr, _IOLBF, 0);
  errno = 0;
  return attempt(argc > 1 ? argv[1] : "", argc > 2 ? argv[2] : "", argc > 3 ? argv[3] : "");
}
