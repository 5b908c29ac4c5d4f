#include "server/tls/tls_door.hpp"

#include <gtest/gtest.h>
#include <sys/stat.h>

#include <fstream>
#include <thread>

#include "base/check.hpp"
#include "base/file.hpp"
#include "base/ids.hpp"

namespace stator::server {
namespace {

namespace fs = std::filesystem;
using std::chrono::hours;

class NoTruststores final : public apigateway::TruststoreReader {
 public:
  Result<std::string> read(std::string_view, std::string_view, std::string_view) override {
    return not_found("none");
  }
};

class TlsDoorTest : public testing::Test {
 protected:
  TlsDoorTest() { fs::create_directories(certificates_); }
  ~TlsDoorTest() override { fs::remove_all(directory_); }

  std::unique_ptr<TlsDoor> open(const fs::path& certificates = {}) {
    return std::make_unique<TlsDoor>(TlsOptions{"127.0.0.1", 0, certificates},
                                     TlsDoor::Parts{directory_, domains_, clock_, logger_});
  }
  LocalAuthority authority() {
    auto opened = LocalAuthority::open(directory_, clock_.wall());
    EXPECT_TRUE(opened) << opened.error().message;
    return *std::move(opened);
  }
  void make_domain(const std::string& name, const std::string& client_authorities = "") {
    aws::Call call{.account = "123", .region = "us-east-1", .now = clock_.wall()};
    EXPECT_TRUE(domains_.create(
        call, {{{"domainName", name}, {"domainNameConfigurations", json::Array{json::Object{}}}},
               client_authorities}));
  }
  void remove_domain(const std::string& name) {
    aws::Call call{.account = "123", .region = "us-east-1", .now = clock_.wall()};
    EXPECT_TRUE(domains_.remove(call, name));
  }
  void give(const std::string& name, const std::string& certificate, const std::string& key) {
    EXPECT_TRUE(write_file_durably(certificates_ / (name + ".crt"), certificate));
    EXPECT_TRUE(write_file_durably(certificates_ / (name + ".key"), key));
  }
  void give(const std::string& name, const std::vector<std::string>& names) {
    const auto issued = authority().issue(names, clock_.wall());
    give(name, issued->certificate, issued->private_key);
  }
  bool has_logged(const std::string& words) const { return log_.find(words) != std::string::npos; }

  SystemRandom random_;
  const fs::path directory_ =
      fs::temp_directory_path() / ("stator-tls-" + random_text(random_, kLowerAlnum, 12));
  const fs::path certificates_ = directory_ / "given";
  FakeClock clock_;
  std::string log_;
  log::Logger logger_{clock_, log::Level::kInfo, [this](std::string_view line) { log_ += line; }};
  std::unique_ptr<storage::Store> store_ = storage::make_memory_store();
  NoTruststores truststores_;
  apigateway::Apis apis_{*store_, random_, ".execute-api.localhost:4566"};
  apigateway::Domains domains_{*store_, random_, apis_, truststores_};
};

TEST_F(TlsDoorTest, TheAuthorityIsMadeOnceAndItsKeyIsTheOwnersAlone) {
  (void)authority();
  const auto first = read_file(directory_ / "tls" / "authority.pem");
  fs::remove(directory_ / "tls" / "ca.crt");
  const auto again = authority();
  EXPECT_EQ(*read_file(directory_ / "tls" / "authority.pem"), *first);
  EXPECT_TRUE(first->starts_with(*read_file(again.certificate_file())));
  EXPECT_EQ(read_file(again.certificate_file())->find("PRIVATE"), std::string::npos);
  struct stat facts {};
  ASSERT_EQ(::stat((directory_ / "tls" / "authority.pem").c_str(), &facts), 0);
  EXPECT_EQ(facts.st_mode & 0777, 0600u);
}

TEST_F(TlsDoorTest, OfTwoThatMakeAnAuthorityBothGetTheSame) {
  std::vector<std::thread> makers;
  for (int i = 0; i < 4; ++i) {
    makers.emplace_back([this] { EXPECT_TRUE(LocalAuthority::open(directory_, clock_.wall())); });
  }
  for (auto& maker : makers) maker.join();
  const auto kept = read_file(directory_ / "tls" / "authority.pem");
  EXPECT_TRUE(kept->starts_with(*read_file(directory_ / "tls" / "ca.crt")));
}

TEST_F(TlsDoorTest, AnAuthorityThatIsDamagedOrOldIsSaid) {
  (void)authority();
  const fs::path file = directory_ / "tls" / "authority.pem";
  const std::string good = *read_file(file);
  const auto message = [&](WallTime now) {
    const auto opened = LocalAuthority::open(directory_, now);
    return opened ? "fine" : opened.error().message;
  };
  EXPECT_NE(message(clock_.wall() + hours(24 * 3'651)).find("has expired"), std::string::npos);
  for (const std::string& bad : {std::string(), good.substr(0, good.size() / 2),
                                 good.substr(good.find("-----BEGIN PRIVATE")), good + good}) {
    EXPECT_TRUE(write_file_durably(file, bad, 0600));
    EXPECT_NE(message(clock_.wall()).find("stator tls init"), std::string::npos);
    EXPECT_THROW(open(), ConfigError);
  }
}

TEST_F(TlsDoorTest, NamesOfItsOwnAndOfDomainsAreServedAndNoOthers) {
  make_domain("api.example.com");
  make_domain("*.wild.example.com");
  const auto door = open();
  for (const char* name : {"", "localhost", "abc.execute-api.localhost", "127.0.0.1",
                           "u.lambda-url.us-east-1.localhost", "b.s3.localhost", "api.example.com",
                           "a.wild.example.com"}) {
    EXPECT_NE(door->choose(name), nullptr) << name;
  }
  for (const char* name : {"example.com", "x.api.example.com", "a.b.wild.example.com",
                           "wild.example.com", "a.localhost", "a.b.execute-api.localhost"}) {
    EXPECT_EQ(door->choose(name), nullptr) << name;
  }
  remove_domain("api.example.com");
  EXPECT_EQ(door->choose("api.example.com"), nullptr);
}

TEST_F(TlsDoorTest, ACertificateIsIssuedOnceAndAgainBeforeItsEnd) {
  make_domain("api.example.com");
  const auto door = open();
  const auto first = door->choose("api.example.com");
  clock_.advance(LocalAuthority::kValidity - LocalAuthority::kRenewal - hours(1));
  EXPECT_EQ(door->choose("api.example.com"), first);
  clock_.advance(hours(1));
  const auto second = door->choose("api.example.com");
  EXPECT_NE(second, first);
  EXPECT_EQ(door->choose("api.example.com"), second);
}

TEST_F(TlsDoorTest, WhoIsLetInChangesWithTheDomain) {
  const auto clients = *read_file(authority().certificate_file());
  make_domain("api.example.com");
  const auto door = open();
  const auto before = door->choose("api.example.com");
  remove_domain("api.example.com");
  make_domain("api.example.com", clients);
  const auto after = door->choose("api.example.com");
  ASSERT_NE(after, nullptr);
  EXPECT_NE(after, before);
  EXPECT_NE(door->choose("localhost"), after);
}

TEST_F(TlsDoorTest, AGivenCertificateServesItsFilesNameAndTheNamesItLists) {
  give("api.example.com", {"other.example.com", "10.0.0.1"});
  give("_wildcard.wild.example.com", {"x.example.com", "api.example.com"});
  const auto door = open(certificates_);
  const auto api = door->choose("api.example.com");
  EXPECT_EQ(door->choose("other.example.com"), api);
  const auto wild = door->choose("a.wild.example.com");
  EXPECT_NE(wild, nullptr);
  EXPECT_NE(wild, api);
  EXPECT_EQ(door->choose("x.example.com"), wild);
  EXPECT_EQ(door->choose("y.example.com"), nullptr);
}

TEST_F(TlsDoorTest, BelowAWildcardOneNameMayHaveAGivenCertificate) {
  make_domain("*.example.com");
  give("a.example.com", {"a.example.com"});
  const auto door = open(certificates_);
  const auto a = door->choose("a.example.com"), b = door->choose("b.example.com");
  EXPECT_NE(a, b);
  EXPECT_EQ(door->choose("a.example.com"), a);
  EXPECT_EQ(door->choose("b.example.com"), b);
}

TEST_F(TlsDoorTest, WhatCannotBeUsedAtTheStartStopsIt) {
  const auto one = authority().issue({"a.example.com"}, clock_.wall());
  const auto two = authority().issue({"a.example.com"}, clock_.wall());
  EXPECT_THROW(open(directory_ / "absent"), ConfigError);
  give("a.example.com", one->certificate, two->private_key);
  EXPECT_THROW(open(certificates_), ConfigError);
  give("a.example.com", "no PEM", one->private_key);
  EXPECT_THROW(open(certificates_), ConfigError);
  fs::remove(certificates_ / "a.example.com.key");
  EXPECT_THROW(open(certificates_), ConfigError);
}

TEST_F(TlsDoorTest, FilesThatChangeAreReadAgain) {
  give("a.example.com", {"a.example.com"});
  const auto door = open(certificates_);
  const auto first = door->choose("a.example.com");
  door->reload();
  EXPECT_EQ(door->choose("a.example.com"), first);
  give("a.example.com", {"a.example.com"});
  give("b.example.com", {"b.example.com"});
  EXPECT_EQ(door->choose("b.example.com"), nullptr);
  door->reload();
  EXPECT_NE(door->choose("a.example.com"), first);
  EXPECT_NE(door->choose("b.example.com"), nullptr);
  fs::remove(certificates_ / "b.example.com.crt");
  door->reload();
  EXPECT_EQ(door->choose("b.example.com"), nullptr);
}

TEST_F(TlsDoorTest, ABrokenNewFileLeavesTheOldInForceAndIsSaidOnce) {
  give("a.example.com", {"a.example.com"});
  const auto door = open(certificates_);
  const auto first = door->choose("a.example.com");
  const auto next = authority().issue({"a.example.com"}, clock_.wall());
  // Half of a renewal: the certificate is new, the key not yet.
  EXPECT_TRUE(write_file_durably(certificates_ / "a.example.com.crt", next->certificate));
  door->reload();
  EXPECT_EQ(door->choose("a.example.com"), first);
  EXPECT_TRUE(has_logged("the one before stays in force"));
  log_.clear();
  door->reload();
  EXPECT_EQ(log_, "");
  EXPECT_TRUE(write_file_durably(certificates_ / "a.example.com.key", next->private_key));
  door->reload();
  EXPECT_NE(door->choose("a.example.com"), first);
  EXPECT_NE(door->choose("a.example.com"), nullptr);
}

}  // namespace
}  // namespace stator::server
