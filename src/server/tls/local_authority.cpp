#include "server/tls/local_authority.hpp"

#include <unistd.h>

#include <cerrno>

#include "base/file.hpp"
#include "base/ids.hpp"
#include "base/random.hpp"

namespace stator::server {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kFileBytesMax = 64u << 10;
constexpr std::chrono::hours kAuthorityValidity{24 * 3'650};
/// Clients whose clocks are a little behind take a new certificate too.
constexpr std::chrono::hours kClockDifference{1};
constexpr std::string_view kKeyBegin = "-----BEGIN PRIVATE KEY-----";

std::string host() {
  char name[256] = "";
  if (::gethostname(name, sizeof(name) - 1) != 0) return "this machine";
  return std::string(name).substr(0, 32);
}

/// Puts `contents` at `path` unless there is a file already, which then stays.
Result<void> write_once(const fs::path& path, std::string_view contents) {
  SystemRandom random;
  const fs::path draft = path.string() + "." + random_text(random, kLowerAlnum, 12);
  STATOR_TRY_VOID(write_file_durably(draft, contents, 0600));
  const bool is_made = ::link(draft.c_str(), path.c_str()) == 0 || errno == EEXIST;
  Result<void> outcome;
  if (!is_made) outcome = errno_error("cannot make " + path.string());
  ::unlink(draft.c_str());
  return outcome;
}

Result<void> make_directory(const fs::path& path) {
  std::error_code error;
  fs::create_directories(path, error);
  if (error) return internal("cannot make " + path.string() + ": " + error.message());
  return {};
}

Error damaged(const fs::path& path, const std::string& what) {
  return invalid(path.string() + " " + what +
                 "; remove it and run 'stator tls init' to make a new authority, which clients "
                 "then have to trust");
}

Result<crypto::CertifiedKey> read_authority(const fs::path& path, WallTime now) {
  STATOR_TRY(const std::string text, read_file(path, kFileBytesMax));
  const auto certificates = crypto::split_certificates(text);
  const auto key = text.find(kKeyBegin);
  if (certificates.size() != 1 || !certificates[0].facts || key == text.npos) {
    return damaged(path, "is not a certificate and its key");
  }
  if (certificates[0].facts->not_after <= now) return damaged(path, "has expired");
  return crypto::CertifiedKey{certificates[0].pem, text.substr(key)};
}

}  // namespace

Result<LocalAuthority> LocalAuthority::open(const fs::path& data, WallTime now) {
  const fs::path secret = data / "tls" / "authority.pem", shown = data / "tls" / "ca.crt";
  std::error_code error;
  if (!fs::exists(secret, error)) {
    STATOR_TRY_VOID(make_directory(data / "tls"));
    const auto made = crypto::make_authority("stator on " + host(),
                                             {now - kClockDifference, now + kAuthorityValidity});
    STATOR_TRY_VOID(write_once(secret, made.certificate + made.private_key));
  }
  STATOR_TRY(auto key, read_authority(secret, now));
  const auto published = read_file(shown, kFileBytesMax);
  if (!published || *published != key.certificate) {
    STATOR_TRY_VOID(write_file_durably(shown, key.certificate, 0644));
  }
  LocalAuthority authority(std::move(key), shown);
  const auto tried = authority.issue({"localhost"}, now);
  if (!tried) return damaged(secret, "cannot sign: " + tried.error().message);
  return authority;
}

Result<crypto::CertifiedKey> LocalAuthority::issue(const std::vector<std::string>& names,
                                                   WallTime now) const {
  return crypto::issue_certificate(key_, names, {now - kClockDifference, now + kValidity});
}

}  // namespace stator::server
