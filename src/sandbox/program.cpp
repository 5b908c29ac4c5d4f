#include "sandbox/program.hpp"

#include <fcntl.h>
#include <linux/capability.h>
#include <linux/seccomp.h>
#include <linux/securebits.h>
#include <sched.h>
#include <signal.h>
#include <sys/mount.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>

#include "sandbox/posix.hpp"
#include "sandbox/root_image.hpp"

namespace stator::sandbox {
namespace {

constexpr int kFirstOtherFd = 3;

void require(const ProgramPlan& plan, Step step, bool done) {
  if (done) return;
  *plan.failure = {true, step, errno};
  ::_exit(127);
}

bool join_groups(const ProgramPlan& plan) {
  for (const int file : plan.join_files) {
    if (file >= 0 && ::write(file, "0", 1) != 1) return false;
  }
  return true;
}

/// The mounts are made with the launcher's rights over the kit's namespaces, which end when the
/// kit's user namespace is entered.
void enter_kit(const ProgramPlan& plan) {
  // The pid namespace is not among them: the launcher has made this process inside it.
  const KitNamespaces& spaces = *plan.namespaces;
  require(plan, Step::kJoinNamespaces,
          ::setns(spaces.mount.get(), CLONE_NEWNS) == 0 &&
              (!plan.joins_network || ::setns(spaces.network.get(), CLONE_NEWNET) == 0) &&
              ::setns(spaces.ipc.get(), CLONE_NEWIPC) == 0 &&
              ::setns(spaces.uts.get(), CLONE_NEWUTS) == 0 && ::unshare(CLONE_NEWCGROUP) == 0);
  if (plan.is_furnished) return;
  require(plan, Step::kMountCode, plan.code_tree < 0 || attach_tree(plan.code_tree, "/var/task"));
  require(plan, Step::kMountLayers, plan.layers_tree < 0 || attach_tree(plan.layers_tree, "/opt"));
  for (const auto& [tree, target] : plan.further_trees) {
    require(plan, Step::kMountFurther, attach_tree(tree, target.c_str()));
  }
  require(plan, Step::kMountTmp,
          ::mount("tmp", "/tmp", "tmpfs", MS_NOSUID | MS_NODEV, plan.tmp_options.c_str()) == 0);
  require(plan, Step::kHostname, ::sethostname(plan.hostname.data(), plan.hostname.size()) == 0);
}

bool arrange_descriptors(const ProgramPlan& plan) {
  return ::dup2(plan.input, 0) == 0 && ::dup2(plan.output, 1) == 1 && ::dup2(plan.output, 2) == 2;
}

bool set_limits(const ProgramPlan& plan) {
  for (const auto& [resource, wanted] : plan.limits) {
    rlimit current{};
    if (::getrlimit(static_cast<__rlimit_resource>(resource), &current) != 0) return false;
    // A limit the launcher itself lives under cannot be raised, and need not be.
    const rlimit limit{std::min(wanted.rlim_cur, current.rlim_max),
                       std::min(wanted.rlim_max, current.rlim_max)};
    if (::setrlimit(static_cast<__rlimit_resource>(resource), &limit) != 0) return false;
  }
  return true;
}

bool take_identity(const ProgramPlan& plan) {
  if (plan.namespaces != nullptr) {
    return ::setns(plan.namespaces->user.get(), CLONE_NEWUSER) == 0 &&
           ::setresgid(kInsideGid, kInsideGid, kInsideGid) == 0 &&
           ::setresuid(kInsideUid, kInsideUid, kInsideUid) == 0;
  }
  if (plan.uid == 0) return true;
  return ::setresgid(plan.gid, plan.gid, plan.gid) == 0;
}

/// Empties all five sets, so that no file and no uid gives any of them back.
bool drop_capabilities(const ProgramPlan& plan) {
  for (int capability = 0; capability < 64; ++capability) {
    // EINVAL ends the list of this kernel; an ordinary user without a namespace may not drop.
    if (::prctl(PR_CAPBSET_DROP, capability, 0, 0, 0) != 0) {
      if (errno == EINVAL || (errno == EPERM && plan.namespaces == nullptr)) break;
      return false;
    }
  }
  (void)::prctl(PR_CAP_AMBIENT, PR_CAP_AMBIENT_CLEAR_ALL, 0, 0, 0);
  (void)::prctl(PR_SET_SECUREBITS, SECBIT_NOROOT | SECBIT_NOROOT_LOCKED, 0, 0, 0);
  if (plan.namespaces == nullptr && plan.uid != 0 &&
      ::setresuid(plan.uid, plan.uid, plan.uid) != 0) {
    return false;
  }
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct none[2] = {};
  return ::syscall(SYS_capset, &header, none) == 0;
}

bool install_filter(const ProgramPlan& plan) {
  if (::prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0) return false;
  const sock_fprog program{static_cast<unsigned short>(plan.filter->size()),
                           const_cast<sock_filter*>(plan.filter->data())};
  return ::syscall(SYS_seccomp, SECCOMP_SET_MODE_FILTER, 0, &program) == 0;
}

void unblock_signals() {
  sigset_t none;
  ::sigemptyset(&none);
  ::sigprocmask(SIG_SETMASK, &none, nullptr);
}

/// True when each of these attempts ends as it must inside. Only what a broken kernel, container
/// or security module could get wrong is tried; the tests try the rest.
bool confinement_holds(const ProgramPlan& plan) {
  if (::mount("none", "/tmp", "tmpfs", 0, nullptr) == 0) return false;
  if (::unshare(CLONE_NEWUSER) == 0) return false;
  if (plan.namespaces == nullptr) return true;
  if (::getuid() != kInsideUid || ::getpid() == 1) return false;
  if (::access("/etc/shadow", F_OK) == 0 || ::access("/proc/self/status", R_OK) != 0) return false;
  if (::open("/usr/stator-self-test", O_WRONLY | O_CREAT | O_CLOEXEC, 0600) >= 0) return false;
  return ::open("/tmp/stator-self-test", O_WRONLY | O_CREAT | O_CLOEXEC, 0600) >= 0;
}

}  // namespace

const char* to_string(Step step) {
  constexpr const char* kTexts[] = {"join its control group",
                                    "join its namespaces",
                                    "mount the code",
                                    "mount the layers",
                                    "mount its runtime",
                                    "mount /tmp",
                                    "set the host name",
                                    "arrange descriptors",
                                    "set resource limits",
                                    "take its identity",
                                    "drop capabilities",
                                    "install the system call filter",
                                    "enter the working directory",
                                    "execute the program",
                                    "pass the self-test"};
  return kTexts[static_cast<std::size_t>(step)];
}

void point_to_texts(ProgramPlan& plan) {
  const auto point = [](std::vector<std::string>& texts, std::vector<char*>& pointers) {
    pointers.clear();
    for (std::string& text : texts) pointers.push_back(text.data());
    pointers.push_back(nullptr);
  };
  point(plan.argv, plan.argv_pointers);
  point(plan.environment, plan.environment_pointers);
}

void run_program(const ProgramPlan& plan) noexcept {
  require(plan, Step::kJoinGroup, join_groups(plan));
  if (plan.namespaces != nullptr) enter_kit(plan);
  require(plan, Step::kDescriptors, arrange_descriptors(plan));
  require(plan, Step::kLimits, set_limits(plan));
  require(plan, Step::kIdentity, take_identity(plan));
  close_from(kFirstOtherFd);
  (void)::setsid();
  require(plan, Step::kCapabilities, drop_capabilities(plan));
  // After the last change of credentials, which would clear it.
  (void)::prctl(PR_SET_PDEATHSIG, SIGKILL, 0, 0, 0);
  require(plan, Step::kFilter, install_filter(plan));
  require(plan, Step::kDirectory, ::chdir(plan.working_directory.c_str()) == 0);
  unblock_signals();
  if (plan.self_check) {
    require(plan, Step::kSelfCheck, confinement_holds(plan));
    ::_exit(0);
  }
  ::execve(plan.argv_pointers.front(), plan.argv_pointers.data(), plan.environment_pointers.data());
  require(plan, Step::kExecute, false);
  ::_exit(127);
}

}  // namespace stator::sandbox
