#include "apigateway/domains/truststore.hpp"

#include "apigateway/errors.hpp"
#include "base/time_format.hpp"
#include "crypto/certificates.hpp"

namespace stator::apigateway {
namespace {

constexpr std::size_t kCertificatesMax = 1'000, kBytesMax = 1u << 20;
constexpr std::string_view kScheme = "s3://";

}  // namespace

Result<S3Location> parse_s3_uri(std::string_view uri) {
  const auto slash = uri.find('/', kScheme.size());
  if (!uri.starts_with(kScheme) || slash == uri.npos || slash == kScheme.size() ||
      slash + 1 == uri.size()) {
    return bad_request("Invalid truststoreUri: " + std::string(uri) + " is not s3://BUCKET/KEY");
  }
  return S3Location{std::string(uri.substr(kScheme.size(), slash - kScheme.size())),
                    std::string(uri.substr(slash + 1))};
}

Result<Truststore> read_truststore(TruststoreReader& reader, std::string_view account,
                                   const S3Location& location, WallTime now) {
  const std::string uri = std::string(kScheme) + location.bucket + "/" + location.key;
  const auto text = reader.read(account, location.bucket, location.key);
  if (!text)
    return bad_request("The truststore " + uri + " cannot be read: " + text.error().message);
  if (text->size() > kBytesMax) return bad_request("The truststore " + uri + " is above 1 MB");
  const auto certificates = crypto::split_certificates(*text);
  if (certificates.size() > kCertificatesMax) {
    return bad_request("The truststore " + uri + " has more than 1,000 certificates");
  }
  Truststore truststore;
  for (std::size_t i = 0; i < certificates.size(); ++i) {
    const std::string which = "Certificate " + std::to_string(i + 1) + " of the truststore";
    const auto& facts = certificates[i].facts;
    if (!facts) {
      truststore.warnings.push_back(which + " cannot be read.");
      continue;
    }
    if (facts->not_after <= now) {
      truststore.warnings.push_back(which + " (" + facts->subject + ") expired at " +
                                    iso8601(facts->not_after) + ".");
    }
    truststore.authorities += certificates[i].pem;
  }
  if (truststore.authorities.empty()) {
    return bad_request("The truststore " + uri + " has no certificate that can be read");
  }
  return truststore;
}

}  // namespace stator::apigateway
