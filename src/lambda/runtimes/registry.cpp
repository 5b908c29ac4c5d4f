#include "lambda/runtimes/registry.hpp"

#include <unistd.h>

#include <algorithm>
#include <cstdlib>
#include <utility>

#include "base/file.hpp"
#include "base/strings.hpp"
#include "crypto/crypto.hpp"
#include "lambda/errors.hpp"
#include "lambda/runtimes/probe.hpp"
#include "lambda/runtimes/sources.hpp"

namespace stator::lambda::runtimes {
namespace {

namespace fs = std::filesystem;

constexpr int kPythonMinorLeast = 8, kPythonMinorMost = 20;
constexpr int kNodeMajorLeast = 16;
/// Directories taken from one place of a version manager.
constexpr std::size_t kVersionsMax = 50;

/// DIRECTORY/*/bin, newest names last in the alphabet first.
void add_versions(const fs::path& directory, std::vector<fs::path>& out) {
  std::error_code ignored;
  std::vector<fs::path> found;
  for (fs::directory_iterator at(directory, ignored), end; at != end; at.increment(ignored)) {
    if (fs::is_directory(at->path() / "bin", ignored)) found.push_back(at->path() / "bin");
    if (found.size() == kVersionsMax) break;
  }
  std::sort(found.rbegin(), found.rend());
  out.insert(out.end(), found.begin(), found.end());
}

bool is_below(const fs::path& path, const fs::path& directory) {
  const auto [at, rest] =
      std::mismatch(directory.begin(), directory.end(), path.begin(), path.end());
  return at == directory.end();
}

/// Every directory above, and the file itself, can be reached by all users.
bool is_public(const fs::path& file) {
  std::error_code failure;
  for (fs::path at = file;; at = at.parent_path()) {
    const auto permissions = fs::status(at, failure).permissions();
    if (failure || (permissions & fs::perms::others_exec) == fs::perms::none) return false;
    if (at == at.parent_path()) return true;
  }
}

std::vector<std::string> names_of(const Wanted& wanted) {
  if (wanted.family == Family::kNode) return {"node", "nodejs"};
  return {"python3." + std::to_string(wanted.version), "python3"};
}

std::vector<std::string> all_names(Family family) {
  if (family == Family::kNode) return {"node", "nodejs"};
  std::vector<std::string> names;
  for (int minor = kPythonMinorMost; minor >= kPythonMinorLeast; --minor) {
    names.push_back("python3." + std::to_string(minor));
  }
  names.emplace_back("python3");
  return names;
}

Error missing(std::string_view identifier, Family family) {
  const bool is_python = family == Family::kPython;
  return invalid_parameter(
      "The runtime " + std::string(identifier) + " needs " + (is_python ? "Python 3" : "Node.js") +
      " on this machine, and stator found none" +
      (is_python ? "" : " (of version " + std::to_string(kNodeMajorLeast) + " or newer)") +
      ". Install it, for example by `apt install " + (is_python ? "python3" : "nodejs") +
      "`, and try again.");
}

}  // namespace

Places places_of_this_machine(bool must_be_public) {
  Places places;
  places.must_be_public = must_be_public;
  if (const char* path = std::getenv("PATH")) {
    for (const auto directory : split(path, ':')) {
      if (directory.starts_with('/')) places.directories.emplace_back(directory);
    }
  }
  for (const char* usual : {"/usr/local/bin", "/usr/bin", "/bin"}) {
    places.directories.emplace_back(usual);
  }
  const char* home = std::getenv("HOME");
  if (home == nullptr || home[0] != '/') return places;
  places.home = home;
  add_versions(places.home / ".pyenv/versions", places.directories);
  add_versions(places.home / ".local/share/uv/python", places.directories);
  add_versions(places.home / ".nvm/versions/node", places.directories);
  return places;
}

Registry::Registry(fs::path directory, Places places, const log::Logger& logger)
    : directory_(std::move(directory)), places_(std::move(places)), logger_(logger) {}

Result<std::shared_ptr<const Interpreter>> Registry::find(std::string_view identifier) {
  STATOR_TRY(const auto wanted, parse_identifier(identifier));
  if (wanted.family == Family::kProvided) return Found();
  const std::lock_guard lock(mutex_);
  const auto known = by_identifier_.find(identifier);
  if (known != by_identifier_.end()) {
    if (::access(known->second->executable.c_str(), X_OK) == 0) return known->second;
    probed_.clear();
    by_identifier_.clear();
  }
  STATOR_TRY_VOID(write_clients());
  const auto found = search(wanted);
  if (found == nullptr) {
    probed_.clear();
    return missing(identifier, wanted.family);
  }
  tell(identifier, wanted, *found);
  by_identifier_[std::string(identifier)] = found;
  return found;
}

Registry::Found Registry::search(const Wanted& wanted) {
  const auto best_of = [&](const std::vector<std::string>& names, bool is_exact_enough) {
    Found best;
    const auto distance = [&](const Found& one) { return std::abs(one->number - wanted.version); };
    for (const auto& name : names) {
      for (const auto& directory : places_.directories) {
        auto found = probe(wanted.family, directory / name);
        if (found == nullptr) continue;
        if (found->number == wanted.version) return found;
        const bool is_nearer = best == nullptr || distance(found) < distance(best) ||
                               (distance(found) == distance(best) && found->number > best->number);
        if (is_nearer) best = std::move(found);
      }
    }
    return is_exact_enough ? best : Found();
  };
  if (auto exact = best_of(names_of(wanted), false)) return exact;
  return best_of(all_names(wanted.family), true);
}

Registry::Found Registry::probe(Family family, const fs::path& program) {
  if (::access(program.c_str(), X_OK) != 0) return nullptr;
  if (const auto known = probed_.find(program); known != probed_.end()) return known->second;
  // What is no interpreter, or too old, is remembered too until the next change of the machine.
  auto& slot = probed_[program];
  auto asked = family == Family::kPython ? ask_python(program, clients_ / "python")
                                         : ask_node(program, clients_ / "node");
  if (!asked) return nullptr;
  const int least = family == Family::kPython ? kPythonMinorLeast : kNodeMajorLeast;
  if (asked->number < least || !may_be_shown(*asked)) return nullptr;
  if (is_below(asked->executable, "/usr")) asked->prefix.clear();
  slot = std::make_shared<Interpreter>(std::move(*asked));
  return slot;
}

bool Registry::may_be_shown(const Interpreter& interpreter) const {
  if (places_.must_be_public && !is_public(interpreter.executable)) return false;
  if (is_below(interpreter.executable, "/usr")) return true;
  // It becomes visible to functions with everything in it.
  const auto& prefix = interpreter.prefix;
  const bool holds_home = !places_.home.empty() && is_below(places_.home, prefix);
  return prefix.is_absolute() && prefix != "/" && !holds_home &&
         is_below(interpreter.executable, prefix);
}

void Registry::tell(std::string_view identifier, const Wanted& wanted,
                    const Interpreter& found) const {
  const std::string program = found.executable.string();
  if (found.number == wanted.version) {
    logger_.info("lambda", "a runtime is served by this machine",
                 {{"runtime", identifier}, {"interpreter", program}, {"version", found.version}});
  } else {
    logger_.warn("lambda", "a runtime is served by the nearest version of this machine",
                 {{"runtime", identifier}, {"interpreter", program}, {"version", found.version}});
  }
}

Result<void> Registry::write_clients() {
  if (!clients_.empty()) return {};
  std::string all;
  for (const auto& file : source_files()) {
    all.append(file.path).append(1, '\0').append(file.text).append(1, '\0');
  }
  const fs::path target = directory_ / crypto::sha256_hex(all).substr(0, 16);
  std::error_code failure;
  fs::create_directories(directory_, failure);
  // Functions read them under users of their own.
  fs::permissions(directory_, fs::perms(0755), failure);
  if (failure) return internal("cannot make " + directory_.string() + ": " + failure.message());
  // Those of other versions, and what a crash has left.
  std::vector<fs::path> others;
  for (const auto& entry : fs::directory_iterator(directory_, failure)) {
    if (entry.path() != target) others.push_back(entry.path());
  }
  for (const auto& other : others) fs::remove_all(other, failure);
  if (!fs::exists(target)) {
    const fs::path unfinished = directory_ / "unfinished";
    for (const auto& file : source_files()) {
      const fs::path path = unfinished / file.path;
      fs::create_directories(path.parent_path() / "__pycache__", failure);
      for (const auto& made :
           {unfinished, path.parent_path(), path.parent_path() / "__pycache__"}) {
        fs::permissions(made, fs::perms(0755), failure);
      }
      STATOR_TRY_VOID(write_file_durably(path, file.text));
    }
    fs::rename(unfinished, target, failure);
    if (failure) return internal("cannot make " + target.string() + ": " + failure.message());
  }
  clients_ = fs::absolute(target);
  return {};
}

}  // namespace stator::lambda::runtimes
