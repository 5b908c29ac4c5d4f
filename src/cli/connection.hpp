#pragma once

#include <filesystem>
#include <string>

#include "base/result.hpp"
#include "cli/aws_client.hpp"

namespace stator::cli {

inline constexpr const char* kDefaultListen = "127.0.0.1:4566";
inline constexpr const char* kDefaultData = ".stator";
inline constexpr const char* kDefaultRegion = "us-east-1";

/// What `--listen` and `--data` say, and `--target`, `--profile` and `--region` of commands that
/// work on AWS as well.
struct Target {
  std::string listen = kDefaultListen;
  std::filesystem::path data = kDefaultData;
  std::string place = "local";  ///< or "aws"
  std::string profile;          ///< "": as the environment says
  std::string region;           ///< "": as the environment or the profile says

  [[nodiscard]] bool is_aws() const { return place == "aws"; }
};

/// The root access key in `data`/credentials. kNotFound, saying to start the server first, when
/// there is none yet.
[[nodiscard]] Result<aws::sigv4::Credentials> read_root_credentials(
    const std::filesystem::path& data);

/// AWS_ENDPOINT_URL, AWS_ACCESS_KEY_ID, AWS_SECRET_ACCESS_KEY, AWS_SESSION_TOKEN and AWS_REGION
/// where they are set; for what they leave open, the local server that `target` describes. The
/// environment's keys count only together. Where `target` is AWS: what the credential chain finds.
[[nodiscard]] Result<Connection> connect(const Target& target);

}  // namespace stator::cli
