#include "cli/deploy/file_watch.hpp"

#include <poll.h>
#include <sys/eventfd.h>
#include <sys/inotify.h>

#include <array>
#include <cerrno>

#include "base/check.hpp"
#include "base/file.hpp"

namespace stator::cli {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kDirectoriesMax = 20'000;
constexpr std::chrono::milliseconds kBurstMax{2'000};
constexpr std::uint32_t kMask = IN_CLOSE_WRITE | IN_MOVED_FROM | IN_MOVED_TO | IN_CREATE |
                                IN_DELETE | IN_ATTRIB | IN_DELETE_SELF | IN_MOVE_SELF;

/// What editors and interpreters leave beside files.
bool is_noise(const std::string& name) {
  return name.ends_with('~') || name.ends_with(".swp") || name.ends_with(".swx") ||
         name == "4913" || name == "__pycache__" || name.ends_with(".pyc");
}

}  // namespace

FileWatch::FileWatch()
    : events_(::inotify_init1(IN_CLOEXEC | IN_NONBLOCK)),
      stopped_(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
  if (!events_ || !stopped_) throw ConfigError(errno_error("watch files").message);
}

void FileWatch::stop() {
  const std::uint64_t one = 1;
  (void)!::write(stopped_.get(), &one, sizeof one);
}

Result<void> FileWatch::watch(const std::vector<fs::path>& roots) {
  for (const auto& [descriptor, watched] : watched_) {
    ::inotify_rm_watch(events_.get(), descriptor);
  }
  watched_.clear();
  roots_ = roots;
  for (fs::path& root : roots_) {
    root = root.lexically_normal();
    if (!root.has_filename()) root = root.parent_path();
    std::error_code error;
    if (fs::is_directory(root, error)) STATOR_TRY_VOID(add_tree(root, root));
    // Editors replace a file, so its directory is what stays.
    const fs::path parent = root.parent_path();
    if (fs::is_directory(parent, error)) STATOR_TRY_VOID(add_directory(parent, root, false));
  }
  return {};
}

Result<void> FileWatch::add_directory(const fs::path& directory, const fs::path& root,
                                      bool is_deep) {
  const int descriptor = ::inotify_add_watch(events_.get(), directory.c_str(), kMask | IN_ONLYDIR);
  if (descriptor < 0 && (errno == ENOENT || errno == ENOTDIR)) return {};  // gone meanwhile
  if (descriptor < 0 && errno == ENOSPC) {
    return Error{ErrorCode::kTooLarge,
                 "the system watches no more directories: raise fs.inotify.max_user_watches"};
  }
  if (descriptor < 0) return errno_error("watch " + directory.string());
  Watched& watched = watched_[descriptor];
  watched.directory = directory;
  watched.is_deep = watched.is_deep || is_deep;
  watched.roots.insert(root);
  if (watched_.size() > kDirectoriesMax) {
    return Error{ErrorCode::kTooLarge, root.string() + " holds more than 20,000 directories"};
  }
  return {};
}

Result<void> FileWatch::add_tree(const fs::path& directory, const fs::path& root) {
  STATOR_TRY_VOID(add_directory(directory, root, true));
  std::error_code error;
  fs::recursive_directory_iterator found(directory, error);
  for (; !error && found != fs::recursive_directory_iterator(); found.increment(error)) {
    std::error_code ignored;
    if (found->symlink_status(ignored).type() != fs::file_type::directory) continue;
    STATOR_TRY_VOID(add_directory(found->path(), root, true));
  }
  return {};
}

bool FileWatch::is_readable(std::chrono::milliseconds timeout) {
  std::array<pollfd, 2> waited = {pollfd{events_.get(), POLLIN, 0},
                                  pollfd{stopped_.get(), POLLIN, 0}};
  int ready = 0;
  do {
    ready = ::poll(waited.data(), waited.size(), static_cast<int>(timeout.count()));
  } while (ready < 0 && errno == EINTR);
  return ready > 0 && waited[1].revents == 0;
}

Result<void> FileWatch::read_events(std::set<fs::path>& changed) {
  alignas(inotify_event) std::array<char, 16'384> bytes;
  for (;;) {
    const ssize_t count = ::read(events_.get(), bytes.data(), bytes.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0 && errno == EAGAIN) return {};
    if (count <= 0) return errno_error("watch files");
    for (std::size_t at = 0; at < static_cast<std::size_t>(count);) {
      const auto* event = reinterpret_cast<const inotify_event*>(bytes.data() + at);
      at += sizeof(inotify_event) + event->len;
      if ((event->mask & IN_Q_OVERFLOW) != 0) changed.insert(roots_.begin(), roots_.end());
      const auto found = watched_.find(event->wd);
      if (found == watched_.end()) continue;
      const Watched watched = found->second;
      if ((event->mask & IN_IGNORED) != 0) {
        watched_.erase(found);
        continue;
      }
      const std::string name = event->len > 0 ? event->name : "";
      if (is_noise(name)) continue;
      const fs::path path = name.empty() ? watched.directory : watched.directory / name;
      for (const fs::path& root : watched.roots) {
        const bool is_inside = watched.is_deep && root != path &&
                               !path.lexically_relative(root).string().starts_with("..");
        if (path != root && !is_inside) continue;
        // A directory that has come may hold files already.
        const bool has_come = (event->mask & (IN_CREATE | IN_MOVED_TO)) != 0;
        if (has_come && (event->mask & IN_ISDIR) != 0) STATOR_TRY_VOID(add_tree(path, root));
        // A file that was only made is told when its writer closes it.
        if ((event->mask & IN_CREATE) != 0 && (event->mask & IN_ISDIR) == 0) {
          std::error_code ignored;
          if (!fs::is_symlink(path, ignored)) continue;
        }
        changed.insert(root);
      }
    }
  }
}

Result<std::set<fs::path>> FileWatch::wait(std::chrono::milliseconds quiet) {
  std::set<fs::path> changed;
  while (changed.empty()) {
    if (!is_readable(std::chrono::milliseconds(-1))) return std::set<fs::path>();
    STATOR_TRY_VOID(read_events(changed));
  }
  const auto end = std::chrono::steady_clock::now() + kBurstMax;
  while (std::chrono::steady_clock::now() < end && is_readable(quiet)) {
    STATOR_TRY_VOID(read_events(changed));
  }
  return changed;
}

}  // namespace stator::cli
