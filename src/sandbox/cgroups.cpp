#include "sandbox/cgroups.hpp"

#include <fcntl.h>
#include <sched.h>
#include <signal.h>
#include <sys/stat.h>
#include <unistd.h>

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <system_error>

#include "base/file.hpp"
#include "base/strings.hpp"
#include "sandbox/posix.hpp"

namespace stator::sandbox {
namespace fs = std::filesystem;
namespace {

constexpr std::string_view kParentPrefix = "stator-";
constexpr std::string_view kOwnLeaf = "stator-self";

std::string number_text(std::uint64_t value) {
  return std::to_string(value);
}

bool has_word(std::string_view list, std::string_view word, char separator) {
  const auto words = split(list, separator);
  return std::find(words.begin(), words.end(), word) != words.end();
}

/// The path of this process's group for the controller; `version` says on which hierarchy.
std::string_view group_path(std::string_view controller, std::string_view proc_cgroup,
                            int* version) {
  std::string_view unified;
  for (const std::string_view line : split(proc_cgroup, '\n')) {
    const auto first = line.find(':');
    const auto second = line.find(':', first + 1);
    if (first == line.npos || second == line.npos) continue;
    const std::string_view controllers = line.substr(first + 1, second - first - 1);
    if (has_word(controllers, controller, ',')) return *version = 1, line.substr(second + 1);
    if (controllers.empty()) unified = line.substr(second + 1);
  }
  *version = unified.empty() ? 0 : 2;
  return unified;
}

struct CgroupMount {
  std::string_view root;   ///< the group that the mount shows at its top
  std::string_view point;  ///< where it is mounted
};

std::optional<CgroupMount> find_mount(std::string_view controller, int version,
                                      std::string_view mountinfo) {
  for (const std::string_view line : split(mountinfo, '\n')) {
    const auto dash = line.find(" - ");
    if (dash == line.npos) continue;
    const auto left = split(line.substr(0, dash), ' ');
    const auto right = split(line.substr(dash + 3), ' ');
    if (left.size() < 6 || right.size() < 3) continue;
    const bool matches = version == 2
                             ? right[0] == "cgroup2"
                             : right[0] == "cgroup" && has_word(right.back(), controller, ',');
    if (matches) return CgroupMount{left[3], left[4]};
  }
  return std::nullopt;
}

std::optional<std::uint64_t> read_number(const fs::path& path) {
  const auto text = read_small_file(path);
  if (!text) return std::nullopt;
  std::uint64_t value = 0;
  const auto [end, error] = std::from_chars(text->data(), text->data() + text->size(), value);
  if (error != std::errc()) return std::nullopt;
  return value;
}

/// The number after `key` in a file of "key number" lines.
std::uint64_t read_keyed_number(const fs::path& path, std::string_view key) {
  const auto text = read_small_file(path);
  if (!text) return 0;
  for (const std::string_view line : split(*text, '\n')) {
    if (!line.starts_with(key) || line.size() <= key.size() || line[key.size()] != ' ') continue;
    std::uint64_t value = 0;
    std::from_chars(line.data() + key.size() + 1, line.data() + line.size(), value);
    return value;
  }
  return 0;
}

/// Removes the groups of launchers that no longer run. A group with processes stays: rmdir fails.
void sweep(const fs::path& directory) {
  std::error_code ignored;
  for (const auto& entry : fs::directory_iterator(directory, ignored)) {
    const std::string name = entry.path().filename();
    if (!name.starts_with(kParentPrefix)) continue;
    int pid = 0;
    const char* digits = name.c_str() + kParentPrefix.size();
    std::from_chars(digits, name.c_str() + name.size(), pid);
    if (pid <= 0 || ::kill(pid, 0) == 0 || errno != ESRCH) continue;
    for (const auto& child : fs::directory_iterator(entry.path(), ignored)) {
      if (child.is_directory(ignored)) ::rmdir(child.path().c_str());
    }
    ::rmdir(entry.path().c_str());
  }
}

/// True when only this process and its parent, the server, are members.
bool is_ours_alone(const fs::path& group) {
  const auto members = read_small_file(group / "cgroup.procs");
  if (!members) return false;
  const std::string self = number_text(::getpid());
  const std::string server = number_text(::getppid());
  for (const std::string_view pid : split(*members, '\n')) {
    if (!pid.empty() && pid != self && pid != server) return false;
  }
  return true;
}

bool lends(const fs::path& group, std::string_view controller = "memory") {
  const auto lent = read_small_file(group / "cgroup.subtree_control");
  return lent && has_word(trim(split(*lent, '\n')[0]), controller, ' ');
}

/// Makes a version 2 group lend memory and pids to its children. A group with processes may not
/// (the "no internal processes" rule), so ours moves into a leaf first.
bool make_lend(const fs::path& group) {
  constexpr std::string_view kControllers = "+memory +pids";
  if (lends(group)) return true;
  if (write_text(group / "cgroup.subtree_control", kControllers)) return lends(group);
  if (!is_ours_alone(group)) return false;
  const fs::path leaf = group / kOwnLeaf;
  if (::mkdir(leaf.c_str(), 0755) != 0 && errno != EEXIST) return false;
  (void)write_text(leaf / "cgroup.procs", number_text(::getppid()));
  (void)write_text(leaf / "cgroup.procs", number_text(::getpid()));
  return write_text(group / "cgroup.subtree_control", kControllers) && lends(group);
}

/// Version 2: our own group when it is delegated to us, else the top of the tree (root only).
fs::path make_parent_v2(const Hierarchy& own, const fs::path& top, const std::string& name) {
  for (const fs::path& group : {own.path, top}) {
    if (::access(group.c_str(), W_OK) != 0 || !make_lend(group)) continue;
    sweep(group);
    const fs::path parent = group / name;
    // The processors are lent as well where the machine's owner has not kept them back.
    (void)write_text(group / "cgroup.subtree_control", "+cpu");
    if (::mkdir(parent.c_str(), 0755) == 0 && make_lend(parent)) {
      (void)write_text(parent / "cgroup.subtree_control", "+cpu");
      return parent;
    }
    ::rmdir(parent.c_str());
  }
  return {};
}

fs::path make_parent_v1(const Hierarchy& own, const std::string& name) {
  if (::access(own.path.c_str(), W_OK) != 0) return {};
  sweep(own.path);
  const fs::path parent = own.path / name;
  return ::mkdir(parent.c_str(), 0755) == 0 ? parent : fs::path();
}

Hierarchy make_parent(std::string_view controller, std::string_view groups,
                      std::string_view mounts) {
  Hierarchy hierarchy = find_hierarchy(controller, groups, mounts);
  const std::string name = std::string(kParentPrefix) + number_text(::getpid());
  if (hierarchy.version == 1) hierarchy.path = make_parent_v1(hierarchy, name);
  if (hierarchy.version == 2) {
    // Where an earlier launcher of the same server has moved it to.
    if (hierarchy.path.filename() == kOwnLeaf) hierarchy.path = hierarchy.path.parent_path();
    const auto mount = find_mount(controller, 2, mounts);
    hierarchy.path = make_parent_v2(hierarchy, fs::path(mount->point), name);
  }
  if (hierarchy.path.empty()) return {};
  return hierarchy;
}

bool limit_memory(const fs::path& group, int version, std::uint64_t bytes) {
  const std::string text = number_text(bytes);
  if (version == 1) {
    if (!write_text(group / "memory.limit_in_bytes", text)) return false;
    // Only where swap accounting is on; without it swap is the machine's own affair.
    (void)write_text(group / "memory.memsw.limit_in_bytes", text);
    return true;
  }
  if (!write_text(group / "memory.max", text)) return false;
  (void)write_text(group / "memory.swap.max", "0");
  (void)write_text(group / "memory.oom.group", "1");
  return true;
}

constexpr std::uint32_t kOneProcessor = 1'000;
constexpr std::uint32_t kCpuPeriodUs = 100'000;

/// A weight among those who want the processors, and a cap where it is asked for.
bool limit_cpu(const fs::path& group, int version, const GroupLimits& limits) {
  const std::uint64_t millis = limits.cpu_millis == 0 ? kOneProcessor : limits.cpu_millis;
  const std::uint64_t quota_us = std::max<std::uint64_t>(millis * kCpuPeriodUs / 1'000, 1'000);
  if (version == 1) {
    // 1,024 and, below, 100 are what a group gets that nobody has given a weight.
    const auto shares = std::max<std::uint64_t>(millis * 1'024 / kOneProcessor, 2);
    return write_text(group / "cpu.shares", number_text(shares)) &&
           (!limits.is_cpu_capped ||
            (write_text(group / "cpu.cfs_period_us", number_text(kCpuPeriodUs)) &&
             write_text(group / "cpu.cfs_quota_us", number_text(quota_us))));
  }
  const auto weight = std::clamp<std::uint64_t>(millis * 100 / kOneProcessor, 1, 10'000);
  return write_text(group / "cpu.weight", number_text(weight)) &&
         (!limits.is_cpu_capped ||
          write_text(group / "cpu.max", number_text(quota_us) + " " + number_text(kCpuPeriodUs)));
}

}  // namespace

Hierarchy find_hierarchy(std::string_view controller, std::string_view proc_cgroup,
                         std::string_view mountinfo) {
  Hierarchy hierarchy;
  std::string_view group = group_path(controller, proc_cgroup, &hierarchy.version);
  if (hierarchy.version == 0) return {};
  const auto mount = find_mount(controller, hierarchy.version, mountinfo);
  if (!mount) return {};
  // A container's mount may show only a part of the tree; paths are told from its top.
  if (mount->root != "/" && group.starts_with(mount->root)) group.remove_prefix(mount->root.size());
  while (group.starts_with('/')) group.remove_prefix(1);
  hierarchy.path = group.empty() ? fs::path(mount->point) : fs::path(mount->point) / group;
  return hierarchy;
}

Result<void> SandboxGroup::limit(const GroupLimits& limits) {
  if (!path_.empty() && !limit_memory(path_, version_, limits.memory_bytes_max)) {
    return errno_error("limit memory of " + path_.native());
  }
  if (version_ == 2 && !write_text(path_ / "pids.max", number_text(limits.processes_max))) {
    return errno_error("limit processes of " + path_.native());
  }
  if (!cpu_path_.empty() && !limit_cpu(cpu_path_, cpu_version_, limits)) {
    return errno_error("limit the processor time of " + cpu_path_.native());
  }
  return {};
}

UniqueFd SandboxGroup::open_usage() const {
  if (path_.empty()) return UniqueFd();
  const char* file = version_ == 1 ? "memory.usage_in_bytes" : "memory.current";
  return UniqueFd(::open((path_ / file).c_str(), O_RDONLY | O_CLOEXEC));
}

std::optional<std::uint64_t> SandboxGroup::peak_memory_bytes() const {
  if (path_.empty()) return std::nullopt;
  // memory.peak needs Linux 5.19.
  return read_number(path_ / (version_ == 1 ? "memory.max_usage_in_bytes" : "memory.peak"));
}

bool SandboxGroup::out_of_memory() const {
  if (path_.empty()) return false;
  const char* file = version_ == 1 ? "memory.oom_control" : "memory.events";
  return read_keyed_number(path_ / file, "oom_kill") > 0;
}

Cgroups::~Cgroups() {
  constexpr int kTriesMax = 200;
  for (int i = 0; i < kTriesMax && !doomed_.empty(); ++i) {
    remove_doomed();
    if (!doomed_.empty()) ::usleep(1'000);
  }
  for (const fs::path& parent : {memory_.path, cpu_.path}) {
    if (!parent.empty()) ::rmdir(parent.c_str());
  }
}

void Cgroups::remove_doomed() {
  std::erase_if(doomed_,
                [](const fs::path& path) { return ::rmdir(path.c_str()) == 0 || errno != EBUSY; });
}

void Cgroups::remove(SandboxGroup group) {
  if (group.cpu_version_ == 1) doomed_.push_back(std::move(group.cpu_path_));
  if (group.path_.empty()) return remove_doomed();
  if (group.version_ == 2) (void)write_text(group.path_ / "cgroup.kill", "1");
  doomed_.push_back(std::move(group.path_));
  remove_doomed();
}

Cgroups Cgroups::detect() {
  Cgroups cgroups;
  const auto groups = read_small_file("/proc/self/cgroup");
  const auto mounts = read_small_file("/proc/self/mountinfo");
  if (!groups || !mounts) {
    cgroups.lacks_ = "no control groups are mounted";
    return cgroups;
  }
  cgroups.memory_ = make_parent("memory", *groups, *mounts);
  if (cgroups.memory_.version != 2) {
    cgroups.cpu_ = make_parent("cpu", *groups, *mounts);
    // Of a mixed machine's version 2 tree only what also has the memory is of use.
    // Such a group takes no real-time process without a real-time budget of its own, and programs
    // inherit how this process is scheduled.
    const int policy = ::sched_getscheduler(0);
    const bool is_real_time = policy == SCHED_FIFO || policy == SCHED_RR;
    if (cgroups.cpu_.version != 1 || is_real_time) cgroups.cpu_ = {};
  } else if (lends(cgroups.memory_.path, "cpu")) {
    cgroups.cpu_ = cgroups.memory_;
  }
  if (!cgroups.has_memory()) {
    cgroups.lacks_ =
        "no writable memory control group (start stator by `systemd-run --user --scope -p "
        "Delegate=yes`, or as a service with Delegate=yes)";
  }
  return cgroups;
}

Result<SandboxGroup> Cgroups::create() {
  SandboxGroup group;
  remove_doomed();
  const std::string name = "s" + number_text(next_++);
  if (has_cpu()) STATOR_TRY_VOID(create_for_cpu(name, group));
  if (!has_memory()) return group;
  const fs::path path = memory_.path / name;
  if (::mkdir(path.c_str(), 0755) != 0) return errno_error("mkdir " + path.native());
  group.path_ = path;
  group.version_ = memory_.version;
  // A thread that moves itself by "tasks" takes no lock of the whole machine, which costs
  // milliseconds by "cgroup.procs"; the child has one thread, so it is the same. Version 2 has
  // no such file, but a child can be born into a group.
  UniqueFd& fd = group.version_ == 1 ? group.join_ : group.directory_;
  fd = group.version_ == 1 ? UniqueFd(::open((path / "tasks").c_str(), O_WRONLY | O_CLOEXEC))
                           : UniqueFd(::open(path.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (fd) return group;
  Error error = errno_error("open " + path.native());
  ::rmdir(path.c_str());
  return error;
}

Result<void> Cgroups::create_for_cpu(const std::string& name, SandboxGroup& group) const {
  group.cpu_version_ = cpu_.version;
  group.cpu_path_ = cpu_.path / name;
  // On version 2 it is the group for the memory, which is made with that.
  if (cpu_.version == 2) return {};
  const fs::path& path = group.cpu_path_;
  if (::mkdir(path.c_str(), 0755) != 0) return errno_error("mkdir " + path.native());
  group.join_cpu_ = UniqueFd(::open((path / "tasks").c_str(), O_WRONLY | O_CLOEXEC));
  if (group.join_cpu_) return {};
  Error error = errno_error("open " + path.native());
  ::rmdir(path.c_str());
  return error;
}

}  // namespace stator::sandbox
