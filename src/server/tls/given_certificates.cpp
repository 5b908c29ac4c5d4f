#include "server/tls/given_certificates.hpp"

#include <sys/stat.h>

#include "apigateway/domains/domain_names.hpp"
#include "base/check.hpp"
#include "base/file.hpp"
#include "base/strings.hpp"
#include "crypto/certificates.hpp"

namespace stator::server {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kFileBytesMax = 1u << 20;
constexpr std::size_t kCertificatesMax = 1'000;
constexpr std::string_view kWildcardFile = "_wildcard.";

/// "" when there is no such file.
std::string stamp_of(const fs::path& path) {
  struct stat facts {};
  if (::stat(path.c_str(), &facts) != 0 || !S_ISREG(facts.st_mode)) return {};
  std::string stamp;
  for (const auto number :
       {static_cast<std::int64_t>(facts.st_mtim.tv_sec),
        static_cast<std::int64_t>(facts.st_mtim.tv_nsec), static_cast<std::int64_t>(facts.st_size),
        static_cast<std::int64_t>(facts.st_ino)}) {
    stamp += std::to_string(number) + " ";
  }
  return stamp;
}

std::string domain_of_file(const std::string& name) {
  return name.starts_with(kWildcardFile) ? "*." + name.substr(kWildcardFile.size()) : name;
}

}  // namespace

GivenCertificates::GivenCertificates(fs::path directory, const log::Logger& logger)
    : directory_(std::move(directory)), logger_(logger) {
  const auto found = stamps();
  if (!found) throw ConfigError("--tls-certs: " + found.error().message);
  for (const auto& [name, stamp] : *found) {
    auto certificate = read(name);
    if (!certificate) throw ConfigError("--tls-certs: " + certificate.error().message);
    sources_[name] = {stamp, *std::move(certificate)};
  }
  publish();
}

Result<std::map<std::string, std::string>> GivenCertificates::stamps() const {
  std::map<std::string, std::string> result;
  std::error_code error;
  for (fs::directory_iterator at(directory_, error), end; !error && at != end;
       at.increment(error)) {
    const fs::path file = at->path();
    if (file.extension() != ".crt") continue;
    const std::string name = file.stem().string();
    const std::string certificate = stamp_of(file), key = stamp_of(directory_ / (name + ".key"));
    if (!certificate.empty()) result[name] = certificate + "/ " + key;
    if (result.size() > kCertificatesMax) {
      return invalid(directory_.string() + " holds more than 1,000 certificates");
    }
  }
  if (error) return invalid(directory_.string() + " cannot be read: " + error.message());
  return result;
}

Result<GivenCertificatePtr> GivenCertificates::read(const std::string& name) const {
  const fs::path certificate_file = directory_ / (name + ".crt");
  const fs::path key_file = directory_ / (name + ".key");
  STATOR_TRY(std::string chain, read_file(certificate_file, kFileBytesMax));
  auto key = read_file(key_file, kFileBytesMax);
  if (!key) return invalid(certificate_file.string() + " has no " + name + ".key beside it");
  const auto context = http::make_tls_context({chain, *key});
  if (!context) return invalid(certificate_file.string() + ": " + context.error().message);
  return GivenCertificatePtr(std::make_shared<const GivenCertificate>(
      GivenCertificate{name, std::move(chain), *std::move(key)}));
}

void GivenCertificates::reload() {
  const std::lock_guard lock(reloading_);
  const auto found = stamps();
  if (!found) {
    return logger_.warn("tls", "certificates stay as they are",
                        {{"reason", found.error().message}});
  }
  bool is_changed = std::erase_if(sources_, [&](const auto& source) {
                      return !found->contains(source.first);
                    }) > 0;
  for (const auto& [name, stamp] : *found) {
    Source& source = sources_[name];
    if (source.stamp == stamp) continue;
    source.stamp = stamp;
    auto certificate = read(name);
    if (!certificate) {
      logger_.warn("tls", "a certificate cannot be used; the one before stays in force",
                   {{"name", name}, {"reason", certificate.error().message}});
      continue;
    }
    source.certificate = *std::move(certificate);
    is_changed = true;
    logger_.info("tls", "a certificate was read", {{"name", name}});
  }
  if (is_changed) publish();
}

void GivenCertificates::publish() {
  std::map<std::string, GivenCertificatePtr, std::less<>> by_name;
  for (const auto& [name, source] : sources_) {
    if (source.certificate == nullptr) continue;
    const auto certificates = crypto::split_certificates(source.certificate->chain);
    if (certificates.empty() || !certificates[0].facts) continue;
    for (const std::string& listed : certificates[0].facts->names) {
      by_name.emplace(listed, source.certificate);
    }
  }
  // A file's own name wins over what another's certificate lists.
  for (const auto& [name, source] : sources_) {
    if (source.certificate != nullptr) by_name[domain_of_file(name)] = source.certificate;
  }
  const std::lock_guard lock(mutex_);
  by_name_ = std::move(by_name);
}

GivenCertificatePtr GivenCertificates::find(std::string_view name) const {
  const std::lock_guard lock(mutex_);
  auto found = by_name_.find(name);
  if (found == by_name_.end()) found = by_name_.find(apigateway::wildcard_for(name));
  return found == by_name_.end() ? nullptr : found->second;
}

}  // namespace stator::server
