#include "sandbox/isolation.hpp"

#include <grp.h>
#include <linux/capability.h>
#include <sched.h>
#include <sys/mount.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cstdint>
#include <filesystem>
#include <system_error>
#include <vector>

#include "base/file.hpp"
#include "base/strings.hpp"
#include "sandbox/posix.hpp"

namespace stator::sandbox {
namespace {

/// True when this process may do as root what the launcher does. A container's root often may not.
bool has_root_capabilities() {
  if (::geteuid() != 0) return false;
  __user_cap_header_struct header{_LINUX_CAPABILITY_VERSION_3, 0};
  __user_cap_data_struct sets[2] = {};
  if (::syscall(SYS_capget, &header, sets) != 0) return false;
  for (const int needed : {CAP_SYS_ADMIN, CAP_SETUID, CAP_SETGID, CAP_SETPCAP, CAP_NET_ADMIN,
                           CAP_SYS_CHROOT, CAP_SYS_PTRACE, CAP_KILL, CAP_DAC_OVERRIDE}) {
    if ((sets[needed / 32].effective & (1u << (needed % 32))) == 0) return false;
  }
  return true;
}

Result<void> enter_user_namespace() {
  const std::string uid = "0 " + std::to_string(::geteuid()) + " 1\n";
  const std::string gid = "0 " + std::to_string(::getegid()) + " 1\n";
  if (::unshare(CLONE_NEWUSER | CLONE_NEWNS) != 0) {
    return errno_error("the kernel refuses a user namespace");
  }
  if (!write_text("/proc/self/setgroups", "deny") || !write_text("/proc/self/gid_map", gid) ||
      !write_text("/proc/self/uid_map", uid)) {
    return errno_error("the kernel refuses to map this user into a user namespace");
  }
  return {};
}

/// What the host mounts or unmounts later is seen here too, but nothing goes the other way.
Result<void> make_mounts_private() {
  if (::mount(nullptr, "/", nullptr, MS_REC | MS_SLAVE, nullptr) == 0) return {};
  return errno_error("the kernel refuses mounts in a mount namespace");
}

bool switch_is(const char* path, std::string_view value) {
  const auto text = read_small_file(path);
  return text && trim(split(*text, '\n')[0]) == value;
}

bool runs_under_a_seccomp_filter() {
  const auto status = read_small_file("/proc/self/status");
  return status && status->find("\nSeccomp:\t2") != std::string::npos;
}

}  // namespace

Result<Isolation> enter_launcher_namespaces() {
  if (has_root_capabilities()) {
    if (::unshare(CLONE_NEWNS) != 0) return errno_error("the kernel refuses a mount namespace");
    if (::setgroups(0, nullptr) != 0) return errno_error("setgroups");
    STATOR_TRY_VOID(make_mounts_private());
    return Isolation::kRoot;
  }
  STATOR_TRY_VOID(enter_user_namespace());
  STATOR_TRY_VOID(make_mounts_private());
  return Isolation::kUserNamespace;
}

std::string namespace_advice() {
  std::vector<std::string> advice;
  if (switch_is("/proc/sys/user/max_user_namespaces", "0")) {
    advice.push_back("`sysctl -w user.max_user_namespaces=15000`");
  }
  if (::geteuid() != 0 && switch_is("/proc/sys/kernel/unprivileged_userns_clone", "0")) {
    advice.push_back("`sysctl -w kernel.unprivileged_userns_clone=1`");
  }
  if (::geteuid() != 0 &&
      switch_is("/proc/sys/kernel/apparmor_restrict_unprivileged_userns", "1")) {
    advice.push_back(
        "`sysctl -w kernel.apparmor_restrict_unprivileged_userns=0` (or an AppArmor profile with "
        "`userns,` for stator)");
  }
  std::error_code ignored;
  if (std::filesystem::exists("/.dockerenv", ignored) ||
      std::filesystem::exists("/run/.containerenv", ignored)) {
    advice.push_back("run the container with --privileged");
  } else if (runs_under_a_seccomp_filter()) {
    advice.push_back("allow unshare, clone3 and mount in the seccomp filter stator runs under");
  }
  if (advice.empty()) {
    advice.push_back("Linux 5.12 or newer with user, mount, pid, network, ipc and uts namespaces");
  }
  return "To enable sandboxes: " + join(advice, "; ") +
         ". Or start with `--sandbox process`, which confines functions by limits and a system "
         "call filter only";
}

}  // namespace stator::sandbox
