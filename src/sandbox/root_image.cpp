#include "sandbox/root_image.hpp"

#include <fcntl.h>
#include <linux/mount.h>
#include <sys/mount.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <unistd.h>

#include <cerrno>
#include <fstream>
#include <string>
#include <system_error>

#include "base/file.hpp"
#include "sandbox/uplink.hpp"

namespace stator::sandbox {
namespace fs = std::filesystem;
namespace {

Result<void> mount_at(const char* source, const fs::path& target, const char* type,
                      unsigned long flags, const char* options) {
  if (::mount(source, target.c_str(), type, flags, options) == 0) return {};
  return errno_error("mount " + target.native());
}

Result<void> set_attributes(int directory, const char* path, unsigned flags, std::uint64_t set) {
  mount_attr attributes{};
  attributes.attr_set = set;
  attributes.propagation = MS_PRIVATE;
  if (::syscall(SYS_mount_setattr, directory, path, flags, &attributes, sizeof attributes) == 0) {
    return {};
  }
  return errno_error(std::string("mount_setattr ") + path + " (Linux 5.12 or newer is needed)");
}

Result<void> bind(const fs::path& source, const fs::path& target) {
  return mount_at(source.c_str(), target, nullptr, MS_BIND | MS_REC, nullptr);
}

Result<void> make_directories(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) return internal("mkdir " + path.native() + ": " + error.message());
  return {};
}

Result<void> make_file(const fs::path& path, std::string_view text) {
  std::ofstream out(path, std::ios::binary);
  out << text;
  out.close();
  if (!out) return internal("cannot write " + path.native());
  return {};
}

/// /bin, /lib and their like: links where the host has merged /usr, binds elsewhere.
Result<void> add_system_directories(const fs::path& root) {
  STATOR_TRY_VOID(make_directories(root / "usr"));
  STATOR_TRY_VOID(bind("/usr", root / "usr"));
  for (const char* name : {"bin", "sbin", "lib", "lib32", "lib64", "libx32"}) {
    const fs::path host = fs::path("/") / name;
    std::error_code error;
    if (fs::is_symlink(host, error)) {
      fs::create_symlink(fs::read_symlink(host, error), root / name, error);
    } else if (fs::is_directory(host, error)) {
      STATOR_TRY_VOID(make_directories(root / name));
      STATOR_TRY_VOID(bind(host, root / name));
    }
  }
  return {};
}

/// Names and certificates, nothing of the host's accounts. The empty resolv.conf means that nobody
/// is asked for names; programs with a network get another one in its place.
Result<void> add_etc(const fs::path& root) {
  const fs::path etc = root / "etc";
  STATOR_TRY_VOID(make_directories(etc));
  const std::string ids = std::to_string(kInsideUid) + ":" + std::to_string(kInsideGid);
  const std::pair<const char*, std::string> files[] = {
      {"passwd", "root:x:0:0:root:/root:/sbin/nologin\nsbx_user1051:x:" + ids +
                     "::/home/sbx_user1051:/sbin/nologin\n"},
      {"group", "root:x:0:\nsbx_user1051:x:" + std::to_string(kInsideGid) + ":\n"},
      {"nsswitch.conf", "passwd: files\ngroup: files\nhosts: files dns\n"},
      {"resolv.conf", ""},
      {"hosts", "127.0.0.1 localhost sandbox sandbox.localdomain\n::1 localhost\n"}};
  for (const auto& [name, text] : files) STATOR_TRY_VOID(make_file(etc / name, text));
  for (const char* name :
       {"alternatives", "ld.so.cache", "pki/tls/certs", "ssl/certs", "ssl/openssl.cnf"}) {
    const fs::path host = fs::path("/etc") / name;
    std::error_code error;
    const bool is_directory = fs::is_directory(host, error);
    if (!is_directory && !fs::is_regular_file(host, error)) continue;
    STATOR_TRY_VOID(make_directories(is_directory ? etc / name : (etc / name).parent_path()));
    if (!is_directory) STATOR_TRY_VOID(make_file(etc / name, ""));
    STATOR_TRY_VOID(bind(host, etc / name));
  }
  return {};
}

constexpr const char* kDevices[] = {"null", "zero", "full", "random", "urandom", "tty"};

/// Mount points and links; the devices themselves come after everything is nodev.
Result<void> add_dev(const fs::path& root) {
  const fs::path dev = root / "dev";
  STATOR_TRY_VOID(make_directories(dev));
  for (const char* name : kDevices) STATOR_TRY_VOID(make_file(dev / name, ""));
  const std::pair<const char*, const char*> links[] = {{"fd", "/proc/self/fd"},
                                                       {"stdin", "/proc/self/fd/0"},
                                                       {"stdout", "/proc/self/fd/1"},
                                                       {"stderr", "/proc/self/fd/2"}};
  for (const auto& [name, target] : links) {
    std::error_code error;
    fs::create_symlink(target, dev / name, error);
    if (error) return internal("symlink " + (dev / name).native() + ": " + error.message());
  }
  return {};
}

Result<void> bind_devices(const fs::path& root) {
  for (const char* name : kDevices) {
    const fs::path device = root / "dev" / name;
    STATOR_TRY_VOID(bind(fs::path("/dev") / name, device));
    STATOR_TRY_VOID(
        set_attributes(AT_FDCWD, device.c_str(), 0, MOUNT_ATTR_NOSUID | MOUNT_ATTR_NOEXEC));
  }
  return {};
}

/// What tells of the machine's hardware and other users, as container runtimes mask it. Files
/// become /dev/null, directories empty; what this kernel lacks is skipped.
Result<void> mask_proc(const fs::path& root) {
  const fs::path proc = root / "proc";
  for (const char* name : {"kcore", "keys", "sysrq-trigger", "timer_list", "timer_stats",
                           "sched_debug", "latency_stats", "interrupts"}) {
    if (::access((proc / name).c_str(), F_OK) != 0) continue;
    STATOR_TRY_VOID(bind(root / "dev/null", proc / name));
  }
  for (const char* name : {"acpi", "asound", "scsi"}) {
    if (::access((proc / name).c_str(), F_OK) != 0) continue;
    // The image's own /tmp is empty for ever: each sandbox mounts another over it.
    STATOR_TRY_VOID(bind(root / "tmp", proc / name));
  }
  return {};
}

}  // namespace

Result<fs::path> build_root_image(const fs::path& scratch) {
  // A fixed mask: the image must be readable whatever umask the server runs under.
  ::umask(022);
  STATOR_TRY_VOID(make_directories(scratch));
  STATOR_TRY_VOID(mount_at("stator", scratch, "tmpfs", MS_NOSUID | MS_NODEV, "mode=0755,size=16m"));
  const fs::path root = scratch / "root";
  STATOR_TRY_VOID(make_directories(root));
  STATOR_TRY_VOID(mount_at("stator", root, "tmpfs", MS_NOSUID, "mode=0755,size=4m"));
  for (const char* name : {"var/lang", "var/runtime", "var/task", "opt", "tmp", "proc"}) {
    STATOR_TRY_VOID(make_directories(root / name));
  }
  STATOR_TRY_VOID(
      make_file(uplink_names(root), std::string("nameserver ") + kUplinkNameServer + "\n"));
  STATOR_TRY_VOID(add_system_directories(root));
  STATOR_TRY_VOID(add_etc(root));
  STATOR_TRY_VOID(add_dev(root));
  STATOR_TRY_VOID(set_attributes(AT_FDCWD, root.c_str(), AT_RECURSIVE,
                                 MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV));
  STATOR_TRY_VOID(bind_devices(root));
  return root;
}

Result<void> enter_root_image(const fs::path& root) {
  // Read-only as a whole: nothing under /proc/sys, /proc/irq or /proc/sysrq-trigger can be
  // written. The host's /proc is still in sight here, without which an ordinary user may not
  // mount a new one.
  const fs::path proc = root / "proc";
  STATOR_TRY_VOID(
      mount_at("proc", proc, "proc", MS_RDONLY | MS_NOSUID | MS_NODEV | MS_NOEXEC, nullptr));
  STATOR_TRY_VOID(mask_proc(root));
  if (::chdir(root.c_str()) != 0) return errno_error("chdir " + root.native());
  // The old root lands on top of the new one and is then taken away with all that hangs on it.
  if (::syscall(SYS_pivot_root, ".", ".") != 0) return errno_error("pivot_root");
  if (::umount2(".", MNT_DETACH) != 0) return errno_error("umount of the host's root");
  if (::chdir("/") != 0) return errno_error("chdir /");
  return {};
}

namespace {

Result<UniqueFd> copy_of_kind(const fs::path& path, mode_t kind) {
  UniqueFd tree(static_cast<int>(::syscall(SYS_open_tree, AT_FDCWD, path.c_str(),
                                           OPEN_TREE_CLONE | OPEN_TREE_CLOEXEC | AT_RECURSIVE)));
  if (!tree) {
    Error error = errno_error("open " + path.native());
    if (errno == ENOENT || errno == ENOTDIR) error.code = ErrorCode::kInvalid;
    return error;
  }
  struct stat status {};
  if (::fstat(tree.get(), &status) != 0 || (status.st_mode & S_IFMT) != kind) {
    return invalid(path.native() + (kind == S_IFDIR ? " is not a directory" : " is not a file"));
  }
  STATOR_TRY_VOID(set_attributes(tree.get(), "", AT_EMPTY_PATH | AT_RECURSIVE,
                                 MOUNT_ATTR_RDONLY | MOUNT_ATTR_NOSUID | MOUNT_ATTR_NODEV));
  return tree;
}

}  // namespace

fs::path uplink_names(const fs::path& root) {
  return root.parent_path() / "resolv.conf";
}

Result<UniqueFd> copy_tree(const fs::path& directory) {
  return copy_of_kind(directory, S_IFDIR);
}

Result<UniqueFd> copy_file(const fs::path& file) {
  return copy_of_kind(file, S_IFREG);
}

bool attach_tree(int tree, const char* target) {
  return ::syscall(SYS_move_mount, tree, "", AT_FDCWD, target, MOVE_MOUNT_F_EMPTY_PATH) == 0;
}

Result<void> mount_layers(const std::vector<fs::path>& layers, const fs::path& point) {
  STATOR_TRY_VOID(make_directories(point));
  // overlayfs names the topmost first and takes ':' and '\' as its own.
  std::string options = "lowerdir=";
  for (auto layer = layers.rbegin(); layer != layers.rend(); ++layer) {
    if (layer != layers.rbegin()) options += ':';
    for (const char c : layer->native()) {
      if (c == ':' || c == '\\' || c == ',') options += '\\';
      options += c;
    }
  }
  if (options.size() >= 4096) return invalid("the paths of the layers are too long to merge");
  return mount_at("overlay", point, "overlay", MS_RDONLY | MS_NOSUID | MS_NODEV, options.c_str());
}

}  // namespace stator::sandbox
