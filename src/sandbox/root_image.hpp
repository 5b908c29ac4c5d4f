#pragma once

#include <cstdint>
#include <filesystem>
#include <vector>

#include "base/result.hpp"
#include "base/unique_fd.hpp"

/// What a confined program sees as "/".
namespace stator::sandbox {

/// The user and group that every program sees itself as; AWS's own figures.
inline constexpr unsigned kInsideUid = 993;
inline constexpr unsigned kInsideGid = 990;

/// Mounts a tmpfs over `scratch` and builds the part that all sandboxes share in `scratch`/root:
/// the host's /usr read-only, a minimal /etc and /dev, and empty /var/task, /opt, /tmp, /proc. It
/// lives in the launcher's own mount namespace, so it vanishes with the launcher.
[[nodiscard]] Result<std::filesystem::path> build_root_image(const std::filesystem::path& scratch);

/// A file beside the image: the resolv.conf of programs that have an uplink.
[[nodiscard]] std::filesystem::path uplink_names(const std::filesystem::path& root);

/// In a fresh mount and pid namespace: adds /proc to the image and makes the image "/". Everything
/// else of the host disappears.
[[nodiscard]] Result<void> enter_root_image(const std::filesystem::path& root);

/// A detached, read-only, nosuid, nodev copy of the mount tree at `directory`, to be attached by
/// attach_tree(). kInvalid when there is no such directory.
[[nodiscard]] Result<UniqueFd> copy_tree(const std::filesystem::path& directory);

/// The same of a file.
[[nodiscard]] Result<UniqueFd> copy_file(const std::filesystem::path& file);

/// Attaches such a tree at a path of the current mount namespace; false and errno on failure.
[[nodiscard]] bool attach_tree(int tree, const char* target);

/// Mounts the layers, later ones on top, at `point` (made if missing).
[[nodiscard]] Result<void> mount_layers(const std::vector<std::filesystem::path>& layers,
                                        const std::filesystem::path& point);

}  // namespace stator::sandbox
