#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "base/result.hpp"
#include "lambda/runtimes/identifiers.hpp"
#include "log/log.hpp"

namespace stator::lambda::runtimes {

/// Where a runtime's client and its interpreter are seen inside, as on AWS.
inline constexpr const char* kRuntimeRoot = "/var/runtime";
inline constexpr const char* kLangRoot = "/var/lang";

/// An interpreter of this machine with our client for it.
struct Interpreter {
  Family family = Family::kPython;
  int number = 0;                    ///< comparable with Wanted::version
  std::string version;               ///< "3.11.2"
  std::filesystem::path executable;  ///< without links
  /// The directory to be seen at kLangRoot; "" for what stands in /usr, which every sandbox sees.
  std::filesystem::path prefix;
  std::filesystem::path client;  ///< the directory to be seen at kRuntimeRoot
  std::string main_file;         ///< what the interpreter starts with, below `client`
};

/// Where interpreters are looked for.
struct Places {
  std::vector<std::filesystem::path> directories;  ///< with programs; earlier ones first
  std::filesystem::path home;                      ///< never shown to functions as a whole
  /// Functions run as other users with no mounts, so all directories above must let them pass.
  bool must_be_public = false;
};

/// PATH, the usual directories, and what pyenv, uv and nvm have installed for this user.
[[nodiscard]] Places places_of_this_machine(bool must_be_public);

/// Finds the interpreter for an identifier: the exact version where there is one, else the nearest.
/// Any thread. The first look for a version starts interpreters to ask them; later ones are
/// look-ups. What is installed meanwhile is found without a restart.
class Registry {
 public:
  /// The clients are kept below `directory`, which is the registry's alone, by their content.
  Registry(std::filesystem::path directory, Places places, const log::Logger& logger);

  /// InvalidParameterValueException: an identifier that AWS or stator does not take, or no
  /// interpreter, with what to install. Null for provided runtimes, which need none.
  [[nodiscard]] Result<std::shared_ptr<const Interpreter>> find(std::string_view identifier);

 private:
  using Found = std::shared_ptr<const Interpreter>;

  [[nodiscard]] Result<void> write_clients();
  [[nodiscard]] Found search(const Wanted& wanted);
  [[nodiscard]] Found probe(Family family, const std::filesystem::path& program);
  [[nodiscard]] bool may_be_shown(const Interpreter& interpreter) const;
  void tell(std::string_view identifier, const Wanted& wanted, const Interpreter& found) const;

  const std::filesystem::path directory_;
  const Places places_;
  const log::Logger& logger_;

  std::mutex mutex_;  ///< guards what follows; held while interpreters are asked
  std::filesystem::path clients_;
  std::map<std::filesystem::path, Found> probed_;
  std::map<std::string, Found, std::less<>> by_identifier_;
};

}  // namespace stator::lambda::runtimes
