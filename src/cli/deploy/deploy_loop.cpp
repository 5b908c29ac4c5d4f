#include "cli/deploy/deploy_loop.hpp"

#include <algorithm>

#include "base/strings.hpp"
#include "base/time_format.hpp"

namespace stator::cli {
namespace {

/// How long files must be still: a compiler writes its output in pieces.
constexpr std::chrono::milliseconds kQuiet{40};

/// "03:04:05"
std::string time_of_day(WallTime time) {
  return iso8601(time).substr(11, 8);
}

}  // namespace

void DeployLoop::stop() {
  is_stopping_ = true;
  watch_.stop();
}

void DeployLoop::deploy() {
  const auto begun = parts_.clock.steady();
  const auto outcome = parts_.deployer.deploy(options_);
  if (is_stopping_) return;
  if (!outcome) {
    parts_.errors << "stator: " << outcome.error().message << std::endl;
    return;
  }
  if (options_.is_brief && outcome->is_changed) {
    const auto took =
        std::chrono::duration_cast<std::chrono::milliseconds>(parts_.clock.steady() - begun);
    parts_.out << time_of_day(parts_.clock.wall()) << "  live  " << duration_text(took.count())
               << std::endl;
  }
  if (parts_.on_deployed) parts_.on_deployed(outcome->stack);
}

Result<void> DeployLoop::watch_all() {
  // A template that is broken for the moment still names what it named before.
  if (const auto file = read_template_file(file_, file_.parent_path())) {
    paths_ = local_paths(file->body, file_.parent_path());
  }
  std::vector<std::filesystem::path> roots = {file_};
  for (const LocalPath& each : paths_) roots.push_back(each.path);
  std::sort(roots.begin(), roots.end());
  roots.erase(std::unique(roots.begin(), roots.end()), roots.end());
  if (roots == roots_) return {};
  roots_ = roots;
  return watch_.watch(roots_);
}

void DeployLoop::tell(const std::set<std::filesystem::path>& changed) {
  std::vector<std::string> names;
  for (std::filesystem::path path : changed) {
    if (path == file_) names.push_back(file_.filename().string());
    for (const LocalPath& each : paths_) {
      std::filesystem::path root = each.path;
      if (!root.has_filename()) root = root.parent_path();
      if (root == path) names.push_back(each.resource);
    }
  }
  parts_.out << time_of_day(parts_.clock.wall()) << "  changed: " << join(names, ", ") << std::endl;
}

Result<void> DeployLoop::run() {
  std::error_code error;
  file_ = options_.template_file;
  if (file_.empty()) {
    STATOR_TRY(const auto file, read_template_file("", std::filesystem::current_path()));
    file_ = file.path;
  }
  if (!std::filesystem::is_regular_file(file_, error)) {
    return not_found("there is no file " + file_.string());
  }
  file_ = std::filesystem::absolute(file_).lexically_normal();
  options_.template_file = file_;
  // Watched before it is packed, so that no change falls between.
  STATOR_TRY_VOID(watch_all());
  deploy();
  options_.is_brief = true;
  while (!is_stopping_) {
    STATOR_TRY_VOID(watch_all());
    STATOR_TRY(const auto changed, watch_.wait(kQuiet));
    if (changed.empty()) break;
    tell(changed);
    deploy();
  }
  return {};
}

}  // namespace stator::cli
