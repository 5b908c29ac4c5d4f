#include "apigateway/domains/truststore.hpp"

#include <gtest/gtest.h>

#include "crypto/certificates.hpp"

namespace stator::apigateway {
namespace {

using std::chrono::hours;

constexpr const char* kUnreadable =
    "-----BEGIN CERTIFICATE-----\nbm90IGEgY2VydGlmaWNhdGU=\n-----END CERTIFICATE-----\n";
const WallTime kNow = from_epoch_ms(1'767'323'045'000);

class FakeReader final : public TruststoreReader {
 public:
  Result<std::string> read(std::string_view account, std::string_view bucket,
                           std::string_view key) override {
    asked = std::string(account) + " " + std::string(bucket) + " " + std::string(key);
    return answer;
  }
  std::string asked;
  Result<std::string> answer = std::string();
};

std::string authority(WallTime end = kNow + hours(1)) {
  return crypto::make_authority("clients", {kNow - hours(2), end}).certificate;
}

Result<Truststore> read(Result<std::string> contents) {
  FakeReader reader;
  reader.answer = std::move(contents);
  return read_truststore(reader, "123", {"b", "k.pem"}, kNow);
}

TEST(Truststore, IsNamedByBucketAndKey) {
  const auto location = parse_s3_uri("s3://bucket/a/b.pem");
  ASSERT_TRUE(location);
  EXPECT_EQ(location->bucket + " " + location->key, "bucket a/b.pem");
  for (const char* bad : {"", "s3://", "s3://b", "s3://b/", "s3:///k", "https://b/k", "b/k"}) {
    EXPECT_FALSE(parse_s3_uri(bad)) << bad;
  }
}

TEST(Truststore, KeepsWhatCanBeReadAndSaysWhatCannot) {
  const std::string good = authority(), old = authority(kNow - hours(1));
  const auto truststore = read("clients of ours\n" + good + kUnreadable + old);
  ASSERT_TRUE(truststore);
  EXPECT_EQ(truststore->authorities, good + old);
  EXPECT_EQ(truststore->warnings,
            (std::vector<std::string>{"Certificate 2 of the truststore cannot be read.",
                                      "Certificate 3 of the truststore (CN=clients,O=stator) "
                                      "expired at 2026-01-02T02:04:05Z."}));
}

TEST(Truststore, IsReadWithTheAccountOfItsCaller) {
  FakeReader reader;
  reader.answer = authority();
  EXPECT_TRUE(read_truststore(reader, "123", {"b", "k.pem"}, kNow));
  EXPECT_EQ(reader.asked, "123 b k.pem");
}

TEST(Truststore, WithoutOneGoodCertificateIsRefused) {
  std::string many;
  for (int i = 0; i < 1'001; ++i) many += kUnreadable;
  const std::vector<Result<std::string>> bad = {std::string(),
                                                std::string("no PEM"),
                                                std::string(kUnreadable),
                                                many,
                                                authority() + std::string(1u << 20, ' '),
                                                Error{ErrorCode::kNotFound, "no such key"}};
  for (const auto& contents : bad) {
    const auto outcome = read(contents);
    ASSERT_FALSE(outcome);
    EXPECT_EQ(outcome.error().aws_type, "BadRequestException") << outcome.error().message;
  }
}

}  // namespace
}  // namespace stator::apigateway
