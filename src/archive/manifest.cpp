#include "archive/manifest.hpp"

#include <utility>

#include "base/strings.hpp"

namespace stator::archive {
namespace {

constexpr std::size_t kPartBytesMax = 255;
constexpr std::size_t kNameBytesMax = 1'024;
/// Linux gives up after as many.
constexpr std::size_t kLinksFollowedMax = 40;
/// For all links of a package together, so that links to links to links cost no more than reading
/// them. An honest package takes a handful each.
constexpr std::size_t kStepsMax = 1'000'000;

Error bad_name(std::string_view name, std::string_view why) {
  // A hostile name may be long or binary; its beginning is enough to find it.
  std::string shown;
  for (const char c : name.substr(0, 100)) shown.push_back(c >= ' ' && c <= '~' ? c : '?');
  return invalid("The package's entry '" + shown + "' " + std::string(why));
}

/// A place in the package that is walked part by part.
class Place {
 public:
  explicit Place(std::string_view path) : path_(path) {}
  void enter(std::string_view part) {
    if (!path_.empty()) path_.push_back('/');
    path_.append(part);
  }
  /// False at the package's root.
  [[nodiscard]] bool leave() {
    if (path_.empty()) return false;
    const auto slash = path_.rfind('/');
    path_.resize(slash == std::string::npos ? 0 : slash);
    return true;
  }
  [[nodiscard]] const std::string& path() const { return path_; }

 private:
  std::string path_;
};

/// The target's parts, last first, on top of what is still to be walked.
void push_parts(std::vector<std::string_view>& todo, std::string_view target) {
  const auto parts = split(target, '/');
  todo.insert(todo.end(), parts.rbegin(), parts.rend());
}

}  // namespace

Result<std::vector<std::string_view>> name_parts(std::string_view name) {
  if (name.empty()) return bad_name(name, "has no name");
  if (name.size() > kNameBytesMax) return bad_name(name, "has a name longer than 1024 bytes");
  if (name.front() == '/') return bad_name(name, "has an absolute name");
  if (name.find('\\') != std::string_view::npos) return bad_name(name, "has a backslash");
  if (name.find('\0') != std::string_view::npos) return bad_name(name, "has a zero byte");
  std::vector<std::string_view> parts;
  for (const auto part : split(name, '/')) {
    if (part.empty() || part == ".") continue;
    if (part == "..") return bad_name(name, "leads out of the package");
    if (part.size() > kPartBytesMax) return bad_name(name, "has a part longer than 255 bytes");
    parts.push_back(part);
  }
  return parts;
}

Result<void> Manifest::add(Entry entry) {
  if (!by_path_.emplace(entry.path, entries_.size()).second) {
    return bad_name(entry.path, "occurs twice");
  }
  entries_.push_back(std::move(entry));
  return {};
}

Result<void> Manifest::check() const {
  std::size_t steps_left = kStepsMax;
  for (const auto& entry : entries_) {
    STATOR_TRY_VOID(check_parents(entry));
    if (entry.kind == Kind::kLink) STATOR_TRY_VOID(check_link(entry, steps_left));
  }
  return {};
}

const Manifest::Entry* Manifest::find(const std::string& path) const {
  const auto found = by_path_.find(path);
  return found == by_path_.end() ? nullptr : &entries_[found->second];
}

Result<void> Manifest::check_parents(const Entry& entry) const {
  Place place(entry.path);
  while (place.leave()) {
    const Entry* parent = find(place.path());
    if (parent != nullptr && parent->kind != Kind::kDirectory) {
      return bad_name(entry.path, "lies below a file or a link");
    }
  }
  return {};
}

Result<void> Manifest::check_link(const Entry& link, std::size_t& steps_left) const {
  if (link.target.empty()) return bad_name(link.path, "is a link without a target");
  if (link.target.front() == '/') return bad_name(link.path, "is a link out of the package");
  Place place(link.path);
  STATOR_CHECK(place.leave());
  std::vector<std::string_view> todo;
  push_parts(todo, link.target);
  std::size_t followed = 0;
  while (!todo.empty()) {
    if (steps_left-- == 0) return invalid("The package's links are too entangled");
    const auto part = todo.back();
    todo.pop_back();
    if (part.empty() || part == ".") continue;
    if (part == "..") {
      if (!place.leave()) return bad_name(link.path, "is a link out of the package");
      continue;
    }
    place.enter(part);
    const Entry* here = find(place.path());
    if (here == nullptr || here->kind != Kind::kLink) continue;
    if (++followed > kLinksFollowedMax) return bad_name(link.path, "is a link in a circle");
    // An absolute target here is refused when that link's own turn comes.
    STATOR_CHECK(place.leave());
    push_parts(todo, here->target);
  }
  return {};
}

}  // namespace stator::archive
