#include "sandbox/launcher.hpp"

#include <fcntl.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>

#include "base/file.hpp"
#include "sandbox/fd_socket.hpp"
#include "sandbox/isolation.hpp"
#include "sandbox/launcher_tags.hpp"
#include "sandbox/posix.hpp"
#include "sandbox/root_image.hpp"
#include "sandbox/seccomp_filter.hpp"
#include "sandbox/uplink.hpp"

namespace stator::sandbox {
namespace {

constexpr int kControlFd = 3;
constexpr int kSelfTestTurnsMax = 100;
constexpr int kSelfTestTurnMs = 100;
/// How long an ending launcher waits for the last processes to disappear.
constexpr int kEndTurnsMax = 200;
constexpr int kEndTurnMs = 10;
constexpr int kWatchMs = 100;
/// How long no start must come before kits are made that nobody waits for.
constexpr int kRefillPauseMs = 5;

/// Every signal at its default, for programs inherit what is ignored, and all blocked: a
/// terminal's Ctrl-C is the server's, which ends this process in its own time.
void settle_signals() {
  // The C library keeps 32 and 33 to itself and will not reset them, but a parent may have had
  // them ignored. All zeros is the default action; the kernel's structure is four words.
  constexpr unsigned long kDefault[4] = {};
  for (int signal = 1; signal <= 64; ++signal) {
    (void)::syscall(SYS_rt_sigaction, signal, kDefault, nullptr, sizeof(unsigned long));
  }
  sigset_t all;
  ::sigfillset(&all);
  ::sigprocmask(SIG_SETMASK, &all, nullptr);
}

}  // namespace

LauncherProcess::LauncherProcess(LauncherOptions options)
    : options_(std::move(options)), advice_(namespace_advice()) {
  free_slots_.reserve(kSandboxesMax);
  for (std::size_t slot = kSandboxesMax; slot > 0; --slot) {
    free_slots_.push_back(static_cast<std::uint32_t>(slot - 1));
  }
}

int LauncherProcess::run() {
  Hello hello;
  if (const auto ready = set_up(); !ready) {
    hello.error = ready.error().message + ". " + advice_;
  } else if (const auto passed = self_test(); !passed) {
    hello.error = "the sandbox's self-test failed: " + passed.error().message + ". " + advice_;
  }
  hello.capabilities = capabilities();
  send(hello);
  while (!server_gone_ && hello.error.empty()) turn(tick_ms());
  end_everything();
  return hello.error.empty() ? 0 : 1;
}

Result<void> LauncherProcess::set_up() {
  epoll_ = UniqueFd(::epoll_create1(EPOLL_CLOEXEC));
  null_ = UniqueFd(::open("/dev/null", O_RDONLY | O_CLOEXEC));
  if (!epoll_ || !null_) return errno_error("open");
  watch(options_.control, tag_of(0, Event::kControl));
  filter_ = make_seccomp_filter();
  void* page = ::mmap(nullptr, sizeof(StepFailure), PROT_READ | PROT_WRITE,
                      MAP_SHARED | MAP_ANONYMOUS, -1, 0);
  if (page == MAP_FAILED) return errno_error("mmap");
  failure_ = static_cast<StepFailure*>(page);
  cgroups_.emplace(Cgroups::detect());
  if (options_.wanted == Wanted::kAuto) return set_up_namespaces();
  switches_user_ = ::geteuid() == 0;
  // Without a pid namespace, orphans come to this process, which ends them.
  ::prctl(PR_SET_CHILD_SUBREAPER, 1);
  return {};
}

Result<void> LauncherProcess::set_up_namespaces() {
  own_pid_namespace_ = UniqueFd(::open("/proc/self/ns/pid", O_RDONLY | O_CLOEXEC));
  STATOR_TRY(isolation_, enter_launcher_namespaces());
  STATOR_TRY(root_, build_root_image(options_.scratch));
  layers_.emplace(options_.scratch / "opt");
  STATOR_TRY(auto preparer, Preparer::start(root_));
  preparer_.emplace(std::move(preparer));
  watch(preparer_->descriptor(), tag_of(0, Event::kPreparer));
  return {};
}

Result<void> LauncherProcess::self_test() {
  Start start;
  start.id = kSelfTestId;
  start.spec.name = "self-test";
  start.spec.code = "/usr";
  start.spec.argv = {"/var/task/self-test"};
  on_start(std::move(start));
  for (int i = 0; i < kSelfTestTurnsMax && !self_test_; ++i) turn(kSelfTestTurnMs);
  if (!self_test_) return internal("no answer within 10 seconds");
  return *self_test_;
}

Capabilities LauncherProcess::capabilities() const {
  Capabilities result;
  result.isolation = isolation_;
  result.has_network_namespace = has_namespaces();
  result.internet_lacks = has_namespaces() ? uplink_lacks() : "there are no namespaces";
  result.has_memory_cgroup = cgroups_ && cgroups_->has_memory();
  result.detail = has_namespaces() ? "namespaces, own root and network, seccomp, no capabilities"
                                   : "NO namespaces: limits and seccomp only; functions see the "
                                     "host's files and network";
  result.detail +=
      isolation_ == Isolation::kRoot ? "; launcher is root" : "; launcher is unprivileged";
  result.has_cpu_cgroup = cgroups_ && cgroups_->has_cpu();
  if (result.has_memory_cgroup) {
    result.detail += "; memory by cgroup v" + std::to_string(cgroups_->memory_version());
  } else {
    result.detail += "; memory by RLIMIT_DATA and a watch";
    if (cgroups_ && !cgroups_->lacks().empty()) result.detail += ": " + cgroups_->lacks();
  }
  result.detail += result.has_cpu_cgroup ? "; processor time by weight"
                                         : "; processor time is not divided by memory size";
  return result;
}

void LauncherProcess::watch(int fd, std::uint64_t tag) {
  epoll_event event{};
  event.events = EPOLLIN;
  event.data.u64 = tag;
  STATOR_CHECK(::epoll_ctl(epoll_.get(), EPOLL_CTL_ADD, fd, &event) == 0);
}

void LauncherProcess::unwatch(int fd) {
  (void)::epoll_ctl(epoll_.get(), EPOLL_CTL_DEL, fd, nullptr);
}

int LauncherProcess::tick_ms() const {
  if (is_refill_due_) return kRefillPauseMs;
  const bool needs_watch = !running_.empty() && (!has_namespaces() || !cgroups_->has_memory());
  return needs_watch ? kWatchMs : -1;
}

void LauncherProcess::turn(int timeout_ms) {
  std::array<epoll_event, 32> events{};
  const int count =
      ::epoll_wait(epoll_.get(), events.data(), static_cast<int>(events.size()), timeout_ms);
  if (count < 0 && errno != EINTR) {
    server_gone_ = true;
    return;
  }
  for (int i = 0; i < count; ++i) dispatch(events[static_cast<std::size_t>(i)].data.u64);
  if (count == 0 && is_refill_due_) {
    is_refill_due_ = false;
    order_kits();
  }
  if (!cgroups_->has_memory()) watch_memory();
  if (!has_namespaces()) kill_strays();
}

void LauncherProcess::dispatch(std::uint64_t tag) {
  const Event event = event_of(tag);
  if (event == Event::kControl) return on_control();
  if (event == Event::kPreparer) return on_preparer();
  // An earlier event of the same batch may have ended this sandbox.
  const auto found = running_.find(id_of(tag));
  if (found == running_.end()) return;
  Running& running = found->second;
  switch (event) {
    case Event::kProgram:
      return on_program_end(running);
    case Event::kInit:
      return on_init_end(running);
    case Event::kCompanion:
      return on_companion_end(running);
    case Event::kUplink:
      return on_uplink(running);
    case Event::kControl:
    case Event::kPreparer:
      return;
  }
}

void LauncherProcess::on_control() {
  auto packet = receive_packet(options_.control, kMessageBytesMax);
  auto message = packet ? decode(packet->bytes) : Result<Message>(packet.error());
  if (!message) {
    server_gone_ = true;
    return;
  }
  if (auto* start = std::get_if<Start>(&*message)) return on_start(std::move(*start));
  if (const auto* leaving = std::get_if<Terminate>(&*message)) {
    const auto found = running_.find(leaving->id);
    if (found != running_.end()) terminate(found->second);
  }
  if (const auto* ended = std::get_if<Kill>(&*message)) {
    const auto found = running_.find(ended->id);
    if (found != running_.end()) give_up(found->second);
    std::erase_if(waiting_, [&](const Start& start) {
      if (start.id != ended->id) return false;
      tell_failed(start.id, unavailable("the sandbox was given up before it started"));
      return true;
    });
  }
}

void LauncherProcess::send(const Message& message, std::span<const int> descriptors) {
  const auto packet = encode(message);
  STATOR_CHECK(packet.has_value());
  if (!send_packet(options_.control, *packet, descriptors)) server_gone_ = true;
}

void LauncherProcess::end_everything() {
  // Its end of file would be the only event from now on.
  unwatch(options_.control);
  for (auto& [id, running] : running_) kill(running);
  for (int i = 0; i < kEndTurnsMax && !running_.empty(); ++i) turn(kEndTurnMs);
  for (Furnished& ready : kits_) cgroups_->remove(std::move(ready.group));
  cgroups_.reset();
}

namespace {

/// A sandbox costs this process several descriptors; programs get limits of their own.
void raise_descriptor_limit() {
  rlimit limit{};
  if (::getrlimit(RLIMIT_NOFILE, &limit) != 0) return;
  limit.rlim_cur = limit.rlim_max;
  (void)::setrlimit(RLIMIT_NOFILE, &limit);
}

}  // namespace

int launcher_main(int, char** argv) {
  // No signal tells of the server's end, by SIGKILL either: the socket does, and so there is time
  // to leave no control group behind.
  raise_descriptor_limit();
  ::prctl(PR_SET_NAME, "stator-launcher");
  // Nothing of the server but its end of the socket and the three standard streams.
  close_from(kControlFd + 1);
  settle_signals();
  ::fcntl(kControlFd, F_SETFD, FD_CLOEXEC);
  LauncherOptions options;
  options.control = kControlFd;
  const std::string_view mode = argv[2] != nullptr ? argv[2] : "";
  if (argv[2] == nullptr || argv[3] == nullptr || (mode != "auto" && mode != "process")) {
    std::fprintf(stderr, "%s is stator's own: it is not for use by hand\n", kLauncherArgument);
    return 2;
  }
  options.wanted = mode == "process" ? Wanted::kProcess : Wanted::kAuto;
  options.scratch = argv[3];
  int status = 1;
  try {
    status = LauncherProcess(std::move(options)).run();
  } catch (const std::exception& failure) {
    std::fprintf(stderr, "stator launcher: %s\n", failure.what());
  }
  // Without the exit handlers of a binary that is mostly the server's.
  ::_exit(status);
}

}  // namespace stator::sandbox
