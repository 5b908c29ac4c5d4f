#include "cli/aws/credential_chain.hpp"

#include <unistd.h>

#include <algorithm>
#include <array>

#include "base/bytes.hpp"
#include "base/file.hpp"
#include "base/strings.hpp"
#include "cli/xml.hpp"

namespace stator::cli {
namespace {

constexpr std::size_t kFileBytesMax = 1u << 20;
constexpr std::size_t kRolesMax = 5;
constexpr std::string_view kSts = "2011-06-15";
constexpr std::array<std::string_view, 4> kServices = {"cloudformation", "s3", "sts", "lambda"};

/// What a profile may say that leads to credentials in a way that is not supported.
struct Unsupported {
  std::string_view key, name;
};
constexpr std::array kUnsupported = {
    Unsupported{"sso_session", "IAM Identity Center (sso_session)"},
    Unsupported{"sso_start_url", "IAM Identity Center (sso_start_url)"},
    Unsupported{"login_session", "login sessions (login_session)"},
    Unsupported{"credential_process", "credential_process"},
    Unsupported{"mfa_serial", "roles that ask for MFA (mfa_serial)"},
    Unsupported{"services", "endpoints of single services in profiles (services)"},
};

std::optional<aws::sigv4::Credentials> keys_of_answer(const json::Object& answer,
                                                      const char* token_name) {
  const auto id = json::find_string(answer, "AccessKeyId");
  const auto secret = json::find_string(answer, "SecretAccessKey");
  if (!id || !secret) return std::nullopt;
  return aws::sigv4::Credentials{
      {*id}, {*secret}, json::find_string(answer, token_name).value_or("")};
}

Result<aws::sigv4::Credentials> keys_of_sts(const json::Object& result) {
  const json::Value* member = json::find(result, "Credentials");
  const auto keys = member != nullptr && member->is_object()
                        ? keys_of_answer(member->get_object(), "SessionToken")
                        : std::nullopt;
  if (!keys) return internal("STS answered without credentials");
  return *keys;
}

/// Credentials are asked of this machine alone without TLS.
bool is_safe(const http::Endpoint& endpoint) {
  if (endpoint.is_secure) return true;
  constexpr std::array<std::string_view, 6> kHosts = {
      "127.0.0.1", "localhost", "::1", "169.254.170.2", "169.254.170.23", "fd00:ec2::23"};
  return std::find(kHosts.begin(), kHosts.end(), endpoint.host) != kHosts.end();
}

}  // namespace

Environment process_environment() {
  Environment environment;
  for (char** entry = ::environ; entry != nullptr && *entry != nullptr; ++entry) {
    const std::string_view text(*entry);
    const auto equals = text.find('=');
    if (equals == std::string_view::npos) continue;
    environment.emplace(text.substr(0, equals), text.substr(equals + 1));
  }
  return environment;
}

CredentialChain::CredentialChain(Parts parts) : parts_(std::move(parts)) {
  profile_ = parts_.profile.empty() ? variable("AWS_PROFILE") : parts_.profile;
  is_profile_asked_ = !profile_.empty();
  if (profile_.empty()) profile_ = "default";
}

std::string CredentialChain::variable(std::string_view name) const {
  const auto found = parts_.environment.find(name);
  return found == parts_.environment.end() ? "" : found->second;
}

bool CredentialChain::has_profile(const std::string& profile) const {
  return config_.section(config_section(profile)) != nullptr ||
         credentials_.section(profile) != nullptr;
}

std::string CredentialChain::setting(const std::string& profile, std::string_view key) const {
  for (const IniFile::Section* section :
       {credentials_.section(profile), config_.section(config_section(profile))}) {
    if (section == nullptr) continue;
    const auto found = section->find(key);
    if (found != section->end() && !found->second.empty()) return found->second;
  }
  return "";
}

Result<void> CredentialChain::read_files() {
  const auto read = [this](const char* name, const char* fallback) -> Result<IniFile> {
    std::filesystem::path path = variable(name);
    if (path.empty() && variable("HOME").empty()) return IniFile();
    if (path.empty()) path = std::filesystem::path(variable("HOME")) / ".aws" / fallback;
    const auto text = read_file(path, kFileBytesMax);
    if (!text && text.error().code == ErrorCode::kNotFound) return IniFile();
    if (!text) return text.error();
    return IniFile::parse(*text);
  };
  STATOR_TRY(config_, read("AWS_CONFIG_FILE", "config"));
  STATOR_TRY(credentials_, read("AWS_SHARED_CREDENTIALS_FILE", "credentials"));
  if (is_profile_asked_ && !has_profile(profile_)) {
    return not_found("there is no profile " + profile_ + " in ~/.aws/config or ~/.aws/credentials");
  }
  return {};
}

Result<std::string> CredentialChain::find_region() const {
  for (const std::string& region : {parts_.region, variable("AWS_REGION"),
                                    variable("AWS_DEFAULT_REGION"), setting(profile_, "region")}) {
    if (!region.empty()) return region;
  }
  return not_found("no region: give --region, set AWS_REGION, or name one in the profile " +
                   profile_);
}

Result<void> CredentialChain::find_endpoints(Connection& connection) const {
  if (variable("AWS_IGNORE_CONFIGURED_ENDPOINT_URLS") == "true") return {};
  connection.endpoint = variable("AWS_ENDPOINT_URL");
  if (connection.endpoint.empty()) connection.endpoint = setting(profile_, "endpoint_url");
  for (const std::string_view service : kServices) {
    std::string name = "AWS_ENDPOINT_URL_";
    for (const char c : service) name += static_cast<char>(c >= 'a' && c <= 'z' ? c - 32 : c);
    const std::string own = variable(name);
    if (own.empty()) continue;
    STATOR_TRY_VOID(http::Endpoint::parse(own));
    connection.service_endpoints.emplace(service, own);
  }
  if (!connection.endpoint.empty()) STATOR_TRY_VOID(http::Endpoint::parse(connection.endpoint));
  return {};
}

Result<Connection> CredentialChain::connect() {
  place_ = Connection{.endpoint = {}, .credentials = {}, .region = {}, .is_aws = true};
  STATOR_TRY(place_.region, find_region());
  STATOR_TRY_VOID(find_endpoints(place_));
  Connection connection = place_;
  STATOR_TRY(connection.credentials, find_keys());
  return connection;
}

std::string CredentialChain::authorities_file() const {
  const std::string bundle = variable("AWS_CA_BUNDLE");
  return bundle.empty() ? setting(profile_, "ca_bundle") : bundle;
}

std::optional<CredentialChain::Keys> CredentialChain::keys_of_environment() const {
  const std::string id = variable("AWS_ACCESS_KEY_ID"), secret = variable("AWS_SECRET_ACCESS_KEY");
  if (id.empty() || secret.empty()) return std::nullopt;
  return Keys{{id}, {secret}, variable("AWS_SESSION_TOKEN")};
}

std::optional<CredentialChain::Keys> CredentialChain::keys_of_profile(
    const std::string& profile) const {
  // Both keys come from one file.
  for (const IniFile::Section* section :
       {credentials_.section(profile), config_.section(config_section(profile))}) {
    if (section == nullptr) continue;
    const auto at = [section](std::string_view key) {
      const auto found = section->find(key);
      return found == section->end() ? std::string() : found->second;
    };
    const std::string id = at("aws_access_key_id"), secret = at("aws_secret_access_key");
    if (!id.empty() && !secret.empty()) return Keys{{id}, {secret}, at("aws_session_token")};
  }
  return std::nullopt;
}

Result<CredentialChain::Keys> CredentialChain::find_keys() {
  // A profile that a flag names counts before the environment, one that a variable names does not.
  if (parts_.profile.empty()) {
    if (const auto keys = keys_of_environment()) return *keys;
  }
  const std::string token_file = variable("AWS_WEB_IDENTITY_TOKEN_FILE");
  const bool has_token = parts_.profile.empty() && !token_file.empty();
  if (has_token && setting(profile_, "role_arn").empty()) {
    return assume_by_token(variable("AWS_ROLE_ARN"), token_file,
                           session_name(variable("AWS_ROLE_SESSION_NAME")));
  }
  STATOR_TRY(const auto of_profile, resolve_profile(profile_, {}));
  if (of_profile) return *of_profile;
  STATOR_TRY(const auto of_container, keys_of_container());
  if (of_container) return *of_container;
  return not_found(
      "no AWS credentials: looked at AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY, the profile " +
      profile_ +
      " in ~/.aws/config and ~/.aws/credentials, AWS_WEB_IDENTITY_TOKEN_FILE and "
      "AWS_CONTAINER_CREDENTIALS_*_URI (EC2's instance metadata is not asked)");
}

Result<void> CredentialChain::check_supported(const std::string& profile) const {
  for (const Unsupported& each : kUnsupported) {
    if (setting(profile, each.key).empty()) continue;
    return unsupported("profile " + profile + ": stator does not support " +
                       std::string(each.name) +
                       "; `aws configure export-credentials` gives keys that it takes");
  }
  return {};
}

Result<std::optional<CredentialChain::Keys>> CredentialChain::resolve_profile(
    const std::string& profile, std::set<std::string> visited) {
  if (!has_profile(profile)) return std::optional<Keys>();
  STATOR_TRY_VOID(check_supported(profile));
  const std::string role = setting(profile, "role_arn");
  if (role.empty()) return keys_of_profile(profile);
  if (!visited.insert(profile).second || visited.size() > kRolesMax) {
    return invalid("profile " + profile + ": its source_profile leads in a circle or too far");
  }
  const std::string token_file = setting(profile, "web_identity_token_file");
  if (!token_file.empty()) {
    STATOR_TRY(
        const Keys keys,
        assume_by_token(role, token_file, session_name(setting(profile, "role_session_name"))));
    return std::optional(keys);
  }
  STATOR_TRY(const Keys source, resolve_source(profile, std::move(visited)));
  STATOR_TRY(const Keys keys, assume_role(profile, source));
  return std::optional(keys);
}

Result<CredentialChain::Keys> CredentialChain::resolve_source(const std::string& profile,
                                                              std::set<std::string> visited) {
  const std::string source = setting(profile, "source_profile");
  const std::string kind = setting(profile, "credential_source");
  if (!source.empty() && !kind.empty()) {
    return invalid("profile " + profile + ": source_profile and credential_source together");
  }
  if (!source.empty()) {
    // A profile may be its own source: then of its static keys.
    if (source == profile) {
      if (const auto keys = keys_of_profile(profile)) return *keys;
    } else {
      STATOR_TRY(const auto keys, resolve_profile(source, std::move(visited)));
      if (keys) return *keys;
    }
    return not_found("profile " + profile + ": its source_profile " + source +
                     " has no credentials");
  }
  if (kind == "Environment") {
    if (const auto keys = keys_of_environment()) return *keys;
    return not_found("profile " + profile +
                     ": credential_source is Environment, which has no credentials");
  }
  if (kind == "EcsContainer") {
    STATOR_TRY(const auto keys, keys_of_container());
    if (keys) return *keys;
    return not_found("profile " + profile +
                     ": credential_source is EcsContainer, and there is no container's endpoint");
  }
  if (!kind.empty()) {
    return unsupported("profile " + profile + ": stator does not support credential_source " +
                       kind);
  }
  return invalid("profile " + profile +
                 ": role_arn needs source_profile, credential_source or web_identity_token_file");
}

std::string CredentialChain::session_name(const std::string& configured) const {
  if (!configured.empty()) return configured;
  return "stator-" + std::to_string(epoch_ms(parts_.clock.wall()));
}

Result<CredentialChain::Keys> CredentialChain::assume_role(const std::string& profile,
                                                           const Keys& source) {
  Connection connection = place_;
  connection.credentials = source;
  AwsClient client(std::move(connection), parts_.clock);
  Parameters request = {{"RoleArn", setting(profile, "role_arn")},
                        {"RoleSessionName", session_name(setting(profile, "role_session_name"))}};
  const std::string external = setting(profile, "external_id");
  if (!external.empty()) request.emplace_back("ExternalId", external);
  const std::string duration = setting(profile, "duration_seconds");
  if (!duration.empty()) request.emplace_back("DurationSeconds", duration);
  auto answer = client.query("sts", kSts, "AssumeRole", request);
  if (!answer) {
    answer.error().message = "profile " + profile + ": " + answer.error().message;
    return answer.error();
  }
  return keys_of_sts(*answer);
}

Result<CredentialChain::Keys> CredentialChain::assume_by_token(const std::string& role,
                                                               const std::string& token_file,
                                                               const std::string& session) {
  if (role.empty()) return invalid("AWS_WEB_IDENTITY_TOKEN_FILE needs AWS_ROLE_ARN");
  STATOR_TRY(const std::string token, read_file(token_file, kFileBytesMax));
  http::Request request{.method = "POST", .target = "/"};
  request.headers.set("Content-Type", "application/x-www-form-urlencoded; charset=utf-8");
  request.body = "Action=AssumeRoleWithWebIdentity&Version=" + std::string(kSts) +
                 "&RoleArn=" + percent_encode(role) +
                 "&RoleSessionName=" + percent_encode(session) +
                 "&WebIdentityToken=" + percent_encode(trim(split(token, '\n').front()));
  // The token alone says who asks; the request is not signed.
  const AwsClient places(place_, parts_.clock);
  STATOR_TRY(const http::Response response,
             parts_.fetch(places.endpoint_of("sts"), std::move(request)));
  if (response.status >= 300) return error_of(response);
  STATOR_TRY(const json::Object answer, read_xml(response.body));
  const json::Value* result = json::find(answer, "AssumeRoleWithWebIdentityResult");
  if (result == nullptr || !result->is_object()) return internal("STS answered without a result");
  return keys_of_sts(result->get_object());
}

Result<std::optional<CredentialChain::Keys>> CredentialChain::keys_of_container() {
  const std::string relative = variable("AWS_CONTAINER_CREDENTIALS_RELATIVE_URI");
  std::string url = variable("AWS_CONTAINER_CREDENTIALS_FULL_URI");
  if (!relative.empty()) url = "http://169.254.170.2" + relative;
  if (url.empty()) return std::optional<Keys>();
  const auto scheme = url.find("://");
  const auto slash = scheme == std::string::npos ? std::string::npos : url.find('/', scheme + 3);
  const std::string server = url.substr(0, slash);
  STATOR_TRY(const http::Endpoint endpoint, http::Endpoint::parse(server));
  if (!is_safe(endpoint)) {
    return invalid("AWS_CONTAINER_CREDENTIALS_FULL_URI must be https or this machine, not " +
                   server);
  }
  http::Request request{.method = "GET",
                        .target = slash == std::string::npos ? "/" : url.substr(slash)};
  std::string token = variable("AWS_CONTAINER_AUTHORIZATION_TOKEN");
  const std::string token_file = variable("AWS_CONTAINER_AUTHORIZATION_TOKEN_FILE");
  if (!token_file.empty()) {
    STATOR_TRY(token, read_file(token_file, kFileBytesMax));
    token = std::string(trim(split(token, '\n').front()));
  }
  if (!token.empty()) request.headers.set("Authorization", token);
  STATOR_TRY(const http::Response response, parts_.fetch(server, std::move(request)));
  const auto answer = json::parse_object(response.body);
  const auto keys =
      response.status == 200 && answer ? keys_of_answer(*answer, "Token") : std::nullopt;
  if (!keys) {
    return unavailable("the container's credentials endpoint answered " +
                       std::to_string(response.status) + " and no keys");
  }
  return keys;
}

}  // namespace stator::cli
