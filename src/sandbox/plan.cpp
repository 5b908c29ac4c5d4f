#include "sandbox/plan.hpp"

#include <arpa/inet.h>
#include <netinet/in.h>
#include <sys/socket.h>

#include <algorithm>
#include <charconv>

#include "base/file.hpp"

namespace stator::sandbox {
namespace {

constexpr std::string_view kTask = "/var/task";
constexpr std::uint64_t kPageBytes = 4096;
/// One file per page of /tmp and some directories, but never so many that inodes alone eat the
/// machine: they are kernel memory.
constexpr std::uint64_t kTmpInodesMax = 262'144;
constexpr int kListenBacklog = 128;

bool has_nul(std::string_view text) {
  return text.find('\0') != text.npos;
}

std::string tmp_options(std::uint64_t bytes_max) {
  // tmpfs reads a size of 0 as no limit at all.
  const std::uint64_t bytes = std::max(bytes_max, kPageBytes);
  const std::uint64_t inodes = std::min(bytes / kPageBytes + 1024, kTmpInodesMax);
  return "mode=1777,size=" + std::to_string(bytes) + ",nr_inodes=" + std::to_string(inodes);
}

rlimit both(std::uint64_t value) {
  return {value, value};
}

std::vector<std::pair<int, rlimit>> limits_of(const Spec& spec, bool has_namespaces,
                                              const LimitOptions& options) {
  // A kit's init counts as one of the user's processes.
  const std::uint64_t processes = std::uint64_t{spec.processes_max} + (has_namespaces ? 1 : 0);
  std::vector<std::pair<int, rlimit>> limits{{RLIMIT_CORE, both(0)},
                                             {RLIMIT_NOFILE, both(spec.files_max)},
                                             {RLIMIT_MEMLOCK, both(0)},
                                             {RLIMIT_NPROC, both(processes)}};
  // A full /tmp answers ENOSPC by itself; without one of its own a program has the host's, where a
  // bound on each file is all there is.
  if (!has_namespaces) {
    limits.emplace_back(RLIMIT_FSIZE, both(std::max(spec.tmp_bytes_max, kPageBytes)));
  }
  if (!options.memory_by_group) limits.emplace_back(RLIMIT_DATA, both(spec.memory_bytes_max));
  return limits;
}

}  // namespace

Result<void> check_spec(const Spec& spec) {
  if (spec.argv.empty()) return invalid("a sandbox needs a program to run");
  if (!spec.argv.front().starts_with('/')) {
    return invalid("the program must be an absolute path: " + spec.argv.front());
  }
  if (std::any_of(spec.argv.begin(), spec.argv.end(), has_nul)) {
    return invalid("an argument holds a zero byte");
  }
  for (const auto& companion : spec.companions) {
    if (companion.empty() || !companion.front().starts_with('/') ||
        std::any_of(companion.begin(), companion.end(), has_nul)) {
      return invalid("a companion must be an absolute path, with arguments without zero bytes");
    }
  }
  for (const auto& [name, value] : spec.environment) {
    if (name.empty() || name.find('=') != name.npos || has_nul(name) || has_nul(value)) {
      return invalid("an environment variable has no proper name or holds a zero byte: " + name);
    }
  }
  if (!spec.code.is_absolute()) return invalid("the code directory must be an absolute path");
  for (const auto& layer : spec.layers) {
    if (!layer.is_absolute()) return invalid("a layer directory must be an absolute path");
  }
  for (const auto& mount : spec.mounts) {
    if (!mount.directory.is_absolute() ||
        std::find(kMountPoints.begin(), kMountPoints.end(), mount.inside) == kMountPoints.end()) {
      return invalid("nothing can be mounted at " + mount.inside + " from " +
                     mount.directory.native());
    }
  }
  if (!spec.working_directory.starts_with('/') || has_nul(spec.working_directory)) {
    return invalid("the working directory must be an absolute path");
  }
  if (spec.processes_max == 0 || spec.files_max < 4 || spec.memory_bytes_max < kPageBytes) {
    return invalid("a program needs at least a process, four files and a page of memory");
  }
  return {};
}

std::string substitute_ports(std::string_view text, std::span<const std::uint16_t> ports) {
  constexpr std::string_view kOpen = "{port:";
  std::string out;
  for (;;) {
    const auto open = text.find(kOpen);
    if (open == text.npos) return out += text;
    const char* const begin = text.data() + open + kOpen.size();
    const char* const end = text.data() + text.size();
    std::size_t index = 0;
    const auto [stop, error] = std::from_chars(begin, end, index);
    out += text.substr(0, open);
    if (error == std::errc() && stop != end && *stop == '}' && index < ports.size()) {
      out += std::to_string(ports[index]);
      text.remove_prefix(static_cast<std::size_t>(stop + 1 - text.data()));
    } else {
      out += kOpen;
      text.remove_prefix(open + kOpen.size());
    }
  }
}

std::string hostname_from(std::string_view name) {
  constexpr std::size_t kLengthMax = 63;
  std::string host;
  for (const char c : name.substr(0, kLengthMax)) {
    const bool keep = (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9');
    if (keep || !host.empty()) host += keep ? c : '-';
  }
  while (host.ends_with('-')) host.pop_back();
  return host.empty() ? "sandbox" : host;
}

std::string host_path(std::string_view inside, const std::filesystem::path& code) {
  if (!inside.starts_with(kTask)) return std::string(inside);
  const std::string_view rest = inside.substr(kTask.size());
  if (!rest.empty() && rest.front() != '/') return std::string(inside);
  return code.native() + std::string(rest);
}

Result<std::uint16_t> listen_on_loopback(int socket, std::uint16_t port) {
  sockaddr_in address{};
  address.sin_family = AF_INET;
  address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  address.sin_port = htons(port);
  socklen_t length = sizeof address;
  auto* const generic = reinterpret_cast<sockaddr*>(&address);
  if (::bind(socket, generic, length) != 0 || ::listen(socket, kListenBacklog) != 0 ||
      ::getsockname(socket, generic, &length) != 0) {
    return errno_error("listen on the sandbox's port " + std::to_string(port));
  }
  return ntohs(address.sin_port);
}

ProgramPlan plan_from(const Spec& spec, std::span<const std::uint16_t> ports, bool has_namespaces,
                      const LimitOptions& options) {
  ProgramPlan plan;
  for (const std::string& argument : spec.argv) {
    plan.argv.push_back(substitute_ports(argument, ports));
  }
  for (const auto& [name, value] : spec.environment) {
    plan.environment.push_back(name + "=" + substitute_ports(value, ports));
  }
  plan.working_directory = spec.working_directory;
  if (!has_namespaces) {
    plan.argv.front() = host_path(plan.argv.front(), spec.code);
    plan.working_directory = host_path(plan.working_directory, spec.code);
  }
  plan.hostname = hostname_from(spec.name);
  plan.tmp_options = tmp_options(spec.tmp_bytes_max);
  plan.limits = limits_of(spec, has_namespaces, options);
  return plan;
}

}  // namespace stator::sandbox
