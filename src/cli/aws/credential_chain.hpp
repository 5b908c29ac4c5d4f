#pragma once

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <string_view>

#include "base/clock.hpp"
#include "base/result.hpp"
#include "cli/aws/ini_file.hpp"
#include "cli/aws_client.hpp"
#include "http/message.hpp"

namespace stator::cli {

using Environment = std::map<std::string, std::string, std::less<>>;

/// This process's.
[[nodiscard]] Environment process_environment();

/// Finds out where AWS is and who asks, as AWS's own clients do.
///
/// Credentials: AWS_ACCESS_KEY_ID and its like, unless a profile is asked for; then of the profile
/// a role with source_profile or credential_source, a role by a web identity's token (also from the
/// environment), static keys of ~/.aws/credentials, then of ~/.aws/config; then the container's
/// endpoint. What is configured and not supported (sso, credential_process, login, MFA, EC2's
/// instance metadata, `services`) is refused by name and not passed over.
/// https://docs.aws.amazon.com/sdkref/latest/guide/standardized-credentials.html
class CredentialChain {
 public:
  struct Parts {
    Environment environment;
    std::string profile;  ///< asked for by a flag; "" for AWS_PROFILE or "default"
    std::string region;   ///< asked for by a flag; "" for what is configured
    const Clock& clock;
    /// An unsigned request to a URL's server.
    std::function<Result<http::Response>(const std::string& url, http::Request request)> fetch;
  };
  explicit CredentialChain(Parts parts);

  /// Reads the two files; first. kNotFound for a profile that was asked for and is in neither.
  [[nodiscard]] Result<void> read_files();
  /// Region, endpoints and credentials. kNotFound saying what was looked for.
  [[nodiscard]] Result<Connection> connect();

  /// The file of authorities that AWS_CA_BUNDLE or the profile's ca_bundle names; "" for none.
  [[nodiscard]] std::string authorities_file() const;

 private:
  using Keys = aws::sigv4::Credentials;
  [[nodiscard]] std::string variable(std::string_view name) const;
  [[nodiscard]] std::string setting(const std::string& profile, std::string_view key) const;
  [[nodiscard]] bool has_profile(const std::string& profile) const;
  [[nodiscard]] Result<std::string> find_region() const;
  [[nodiscard]] Result<void> find_endpoints(Connection& connection) const;
  [[nodiscard]] Result<Keys> find_keys();
  [[nodiscard]] std::optional<Keys> keys_of_environment() const;
  [[nodiscard]] std::optional<Keys> keys_of_profile(const std::string& profile) const;
  [[nodiscard]] Result<std::optional<Keys>> resolve_profile(const std::string& profile,
                                                            std::set<std::string> visited);
  [[nodiscard]] Result<Keys> resolve_source(const std::string& profile,
                                            std::set<std::string> visited);
  [[nodiscard]] Result<void> check_supported(const std::string& profile) const;
  [[nodiscard]] Result<Keys> assume_role(const std::string& profile, const Keys& source);
  [[nodiscard]] Result<Keys> assume_by_token(const std::string& role, const std::string& token_file,
                                             const std::string& session);
  [[nodiscard]] Result<std::optional<Keys>> keys_of_container();
  [[nodiscard]] std::string session_name(const std::string& configured) const;

  Parts parts_;
  std::string profile_;
  bool is_profile_asked_ = false;
  IniFile config_, credentials_;
  Connection place_;  ///< region and endpoints
};

}  // namespace stator::cli
