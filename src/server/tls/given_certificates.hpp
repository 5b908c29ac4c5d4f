#pragma once

#include <filesystem>
#include <map>
#include <memory>
#include <mutex>
#include <string>
#include <string_view>
#include <vector>

#include "http/tls_identity.hpp"
#include "log/log.hpp"

namespace stator::server {

/// A certificate that the operator gave, with its chain, as of one reading of its files.
struct GivenCertificate {
  std::string name;  ///< of its files: "api.example.com"
  std::string chain;
  std::string private_key;
};
using GivenCertificatePtr = std::shared_ptr<const GivenCertificate>;

/// The certificates in a directory: NAME.crt (PEM, the server's own first, then its chain) with
/// NAME.key, for the domain NAME ("_wildcard.example.com" for *.example.com) and for the names that
/// the certificate itself lists. Other files are not looked at.
///
/// reload() reads again what has changed. What then cannot be used, or is gone from one reading to
/// the next in part, leaves what was read before in force and is said in the log, once a change.
/// Any thread.
class GivenCertificates {
 public:
  /// Reads the directory; throws ConfigError for one that is not there and for files that cannot be
  /// used, since a server must not start with less than it was given.
  GivenCertificates(std::filesystem::path directory, const log::Logger& logger);

  void reload();

  /// The certificate for a name: of that name's files, of a wildcard's that covers it, or one that
  /// lists it; null when there is none.
  [[nodiscard]] GivenCertificatePtr find(std::string_view name) const;

 private:
  struct Source {
    std::string stamp;  ///< of both files: what a change changes
    GivenCertificatePtr certificate;
  };
  /// Both files' times, sizes and inodes, by name.
  [[nodiscard]] Result<std::map<std::string, std::string>> stamps() const;
  [[nodiscard]] Result<GivenCertificatePtr> read(const std::string& name) const;
  void publish();

  const std::filesystem::path directory_;
  const log::Logger& logger_;
  std::mutex reloading_;
  std::map<std::string, Source> sources_;  ///< by name; under reloading_
  mutable std::mutex mutex_;
  std::map<std::string, GivenCertificatePtr, std::less<>> by_name_;
};

}  // namespace stator::server
