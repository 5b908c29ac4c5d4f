#include "sandbox/process_tree.hpp"

#include <unistd.h>

#include <cstdlib>
#include <filesystem>
#include <string>
#include <system_error>

#include "sandbox/posix.hpp"

namespace stator::sandbox {
namespace fs = std::filesystem;
namespace {

/// Appends the children that any thread of `parent` has made.
void add_children(pid_t parent, std::vector<pid_t>& out) {
  std::error_code ignored;
  const fs::path tasks = "/proc/" + std::to_string(parent) + "/task";
  for (fs::directory_iterator it(tasks, ignored), end; !ignored && it != end;
       it.increment(ignored)) {
    const auto text = read_small_file(it->path() / "children");
    if (!text) continue;
    const char* cursor = text->c_str();
    char* next = nullptr;
    for (long pid = std::strtol(cursor, &next, 10); next != cursor && pid > 0;
         pid = std::strtol(cursor, &next, 10)) {
      if (out.size() >= kTreeProcessesMax) return;
      out.push_back(static_cast<pid_t>(pid));
      cursor = next;
    }
  }
}

}  // namespace

std::vector<pid_t> children_of(pid_t parent) {
  std::vector<pid_t> children;
  add_children(parent, children);
  return children;
}

std::vector<pid_t> process_tree(pid_t root) {
  std::vector<pid_t> tree;
  if (::access(("/proc/" + std::to_string(root)).c_str(), F_OK) != 0) return tree;
  tree.push_back(root);
  for (std::size_t i = 0; i < tree.size(); ++i) add_children(tree[i], tree);
  return tree;
}

std::uint64_t resident_bytes(pid_t root) {
  const auto page = static_cast<std::uint64_t>(::sysconf(_SC_PAGESIZE));
  std::uint64_t bytes = 0;
  for (const pid_t pid : process_tree(root)) {
    const auto text = read_small_file("/proc/" + std::to_string(pid) + "/statm");
    if (!text) continue;
    const auto space = text->find(' ');
    if (space == std::string::npos) continue;
    bytes += page * std::strtoull(text->c_str() + space, nullptr, 10);
  }
  return bytes;
}

}  // namespace stator::sandbox
