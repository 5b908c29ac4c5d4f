#pragma once

#include <string>
#include <string_view>
#include <vector>

#include "base/clock.hpp"
#include "base/result.hpp"

/// Whom mutual TLS lets in: a PEM file of certificate authorities, kept in S3.
namespace stator::apigateway {

/// The gateway's door to S3. May wait for the disk.
class TruststoreReader {
 public:
  virtual ~TruststoreReader() = default;
  [[nodiscard]] virtual Result<std::string> read(std::string_view account, std::string_view bucket,
                                                 std::string_view key) = 0;
};

struct S3Location {
  std::string bucket;
  std::string key;
};
/// BadRequestException unless it is "s3://BUCKET/KEY".
[[nodiscard]] Result<S3Location> parse_s3_uri(std::string_view uri);

struct Truststore {
  std::string authorities;            ///< PEM of the certificates that can be read
  std::vector<std::string> warnings;  ///< of those that cannot, or are past their time
};
/// Reads what `location` holds now. BadRequestException when there is nothing, no certificate in it
/// can be read, or it is above AWS's quotas (1,000 certificates, 1 MB).
[[nodiscard]] Result<Truststore> read_truststore(TruststoreReader& reader, std::string_view account,
                                                 const S3Location& location, WallTime now);

}  // namespace stator::apigateway
