#include "cli/connection.hpp"

#include <cstdlib>

#include "base/file.hpp"
#include "base/strings.hpp"
#include "cli/aws/credential_chain.hpp"

namespace stator::cli {
namespace {

std::string environment(const char* name) {
  const char* value = std::getenv(name);
  return value == nullptr ? std::string() : std::string(value);
}

Result<Connection> connect_to_aws(const Target& target) {
  const SystemClock clock;
  CredentialChain chain(
      {.environment = process_environment(),
       .profile = target.profile,
       .region = target.region,
       .clock = clock,
       .fetch = [](const std::string& url, http::Request request) -> Result<http::Response> {
         STATOR_TRY(const http::Endpoint endpoint, http::Endpoint::parse(url));
         return http::Client(endpoint).send(request);
       }});
  // OpenSSL reads this name in place of the system's authorities; nothing has used it yet.
  STATOR_TRY_VOID(chain.read_files());
  const std::string authorities = chain.authorities_file();
  if (!authorities.empty()) ::setenv("SSL_CERT_FILE", authorities.c_str(), 1);
  return chain.connect();
}

}  // namespace

Result<aws::sigv4::Credentials> read_root_credentials(const std::filesystem::path& data) {
  const auto contents = read_file(data / "credentials", 4096);
  if (!contents) {
    return not_found("no access key in " + (data / "credentials").string() +
                     ": start `stator serve --data " + data.string() +
                     "` first, or set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY");
  }
  aws::sigv4::Credentials credentials;
  for (const std::string_view line : split(*contents, '\n')) {
    const auto equals = line.find('=');
    if (equals == std::string_view::npos) continue;
    const std::string_view name = trim(line.substr(0, equals));
    const std::string value(trim(line.substr(equals + 1)));
    if (name == "aws_access_key_id") credentials.access_key_id.value = value;
    if (name == "aws_secret_access_key") credentials.secret.value = value;
  }
  if (credentials.access_key_id.value.empty() || credentials.secret.value.empty()) {
    return invalid((data / "credentials").string() + " holds no access key");
  }
  return credentials;
}

Result<Connection> connect(const Target& target) {
  if (target.is_aws()) return connect_to_aws(target);
  Connection connection{.endpoint = environment("AWS_ENDPOINT_URL"),
                        .credentials = {{environment("AWS_ACCESS_KEY_ID")},
                                        {environment("AWS_SECRET_ACCESS_KEY")},
                                        environment("AWS_SESSION_TOKEN")},
                        .region = environment("AWS_REGION")};
  if (connection.endpoint.empty()) connection.endpoint = "http://" + target.listen;
  if (connection.region.empty()) connection.region = environment("AWS_DEFAULT_REGION");
  if (connection.region.empty()) connection.region = kDefaultRegion;
  if (connection.credentials.access_key_id.value.empty() ||
      connection.credentials.secret.value.empty()) {
    STATOR_TRY(connection.credentials, read_root_credentials(target.data));
  }
  return connection;
}

}  // namespace stator::cli
